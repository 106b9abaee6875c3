namespace Denoise.Kernels.Neighbors;

/// <summary>A sorted atom: where it is, in steps of the grid, and which one it is. Loaded as one.</summary>
public struct Site
{
    public int X;
    public int Y;
    public int Z;
    public int Atom;
}
