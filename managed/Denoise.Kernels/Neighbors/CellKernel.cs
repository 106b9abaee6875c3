using Denoise.Devices.Arguments;
using ILGPU;

namespace Denoise.Kernels.Neighbors;

/// <summary>First pass of the counting sort: the cell of every atom, and the atoms of every cell. One thread per atom.</summary>
public static class CellKernel
{
    /// <param name="s">the grid</param>
    /// <param name="positions">[atoms, 3] Å</param>
    /// <param name="cells">[atoms] receives the cells; -1 where a coordinate is not finite</param>
    /// <param name="counts">
    /// [2 + cells], zero before; those of a cell are two behind its place, so that running sums leave its first atom one behind
    /// </param>
    public static void Run(GridArguments s, ArrayView<double> positions, ArrayView<int> cells, ArrayView<int> counts)
    {
        int atom = Grid.IdxX * Group.DimX + Group.IdxX;
        if (atom >= s.Atoms)
            return;
        double x = (positions[3L * atom] - s.OriginX) * s.StepsPerLength;
        double y = (positions[3L * atom + 1] - s.OriginY) * s.StepsPerLength;
        double z = (positions[3L * atom + 2] - s.OriginZ) * s.StepsPerLength;
        int cell = -1;
        if (IsFinite(x) && IsFinite(y) && IsFinite(z) && x >= 0 && y >= 0 && z >= 0 && x < 2e9 && y < 2e9 && z < 2e9)
        {
            int cx = IntrinsicMath.Min((int)x / s.CellSteps, s.CountX - 1), cy = IntrinsicMath.Min((int)y / s.CellSteps, s.CountY - 1);
            int cz = IntrinsicMath.Min((int)z / s.CellSteps, s.CountZ - 1);
            cell = (cz * s.CountY + cy) * s.CountX + cx;
            Atomic.Add(ref counts[cell + 2], 1);
        }

        cells[atom] = cell;
    }

    // By its bits: comparisons are compiled into others, which are true for what is not a number.
    private static bool IsFinite(double value) => ((Interop.FloatAsInt(value) >> 52) & 0x7FF) != 0x7FF;
}
