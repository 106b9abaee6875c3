namespace Denoise.Kernels.Numbers;

/// <summary>Two floats that are loaded as one.</summary>
public struct Float2
{
    public float X;
    public float Y;
}
