namespace Denoise.Kernels.Numbers;

/// <summary>Four floats that are loaded and stored as one.</summary>
public struct Float4
{
    public float X;
    public float Y;
    public float Z;
    public float W;

    /// <summary>Sum of the products of the components.</summary>
    public static float Dot(Float4 a, Float4 b) => a.X * b.X + a.Y * b.Y + a.Z * b.Z + a.W * b.W;
}
