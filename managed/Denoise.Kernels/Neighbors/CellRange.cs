using Denoise.Devices.Arguments;
using ILGPU;

namespace Denoise.Kernels.Neighbors;

/// <summary>The 27 cells around an atom, or more: lines of cells along x, whose atoms lie one behind the other.</summary>
public struct CellRange
{
    public int X0;
    public int X1;
    public int Y0;
    public int Y1;
    public int Z0;
    public int Z1;

    /// <param name="s">the grid</param>
    /// <param name="site">of the atom</param>
    /// <param name="rings">cells to look at in each direction</param>
    public static CellRange Around(GridArguments s, Site site, int rings)
    {
        int x = IntrinsicMath.Min(site.X / s.CellSteps, s.CountX - 1), y = IntrinsicMath.Min(site.Y / s.CellSteps, s.CountY - 1);
        int z = IntrinsicMath.Min(site.Z / s.CellSteps, s.CountZ - 1);
        return new()
        {
            X0 = IntrinsicMath.Max(x - rings, 0),
            X1 = IntrinsicMath.Min(x + rings, s.CountX - 1),
            Y0 = IntrinsicMath.Max(y - rings, 0),
            Y1 = IntrinsicMath.Min(y + rings, s.CountY - 1),
            Z0 = IntrinsicMath.Max(z - rings, 0),
            Z1 = IntrinsicMath.Min(z + rings, s.CountZ - 1),
        };
    }
}
