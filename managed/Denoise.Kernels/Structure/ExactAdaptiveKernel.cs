using Denoise.Devices.Arguments;
using Denoise.Kernels.Neighbors;
using ILGPU;
using ILGPU.Algorithms;

namespace Denoise.Kernels.Structure;

/// <summary>
/// Adaptive common neighbor analysis in double precision, of the atoms that <see cref="AdaptiveKernel"/> leaves over: looks in ever more
/// cells until nothing nearer can come. Every thread takes every so-manieth of them.
/// </summary>
public static class ExactAdaptiveKernel
{
    private const int Wanted = 15;
    private const double TieTolerance = 1e-10;
    private const double Halfway = 1.2071067811865475244;
    private const double ShellRatio = 1.1547005383792515290;

    /// <param name="s">grid and range</param>
    /// <param name="positions">[atoms, 3] Å</param>
    /// <param name="starts">[1 + cells]</param>
    /// <param name="sites">[atoms] sorted</param>
    /// <param name="undecided">their number, and their places</param>
    /// <param name="types">[owned] receives the structures</param>
    public static void Run(SearchArguments s, ArrayView<double> positions, ArrayView<int> starts, ArrayView<Site> sites,
        ArrayView<int> undecided, ArrayView<int> types)
    {
        int threads = Grid.DimX * Group.DimX;
        ArrayView<double> squares = LocalMemory.Allocate<double>(16);
        ArrayView<int> atoms = LocalMemory.Allocate<int>(16);
        ArrayView<int> rows = LocalMemory.Allocate<int>(16);
        for (int k = Grid.IdxX * Group.DimX + Group.IdxX; k < undecided[0]; k += threads)
        {
            int place = undecided[1 + k];
            int count = FindNearest(s, positions, starts, sites, place, squares, atoms);
            types[sites[place].Atom] = Identify(positions, sites[place].Atom, squares, atoms, rows, count);
        }
    }

    /// <summary>The nearest atoms in ascending order of their distances; returns how many there are within the range.</summary>
    private static int FindNearest(SearchArguments s, ArrayView<double> positions, ArrayView<int> starts, ArrayView<Site> sites, int place,
        ArrayView<double> squares, ArrayView<int> atoms)
    {
        Site site = sites[place];
        double edge = s.Grid.CellSteps / s.Grid.StepsPerLength;
        int most = IntrinsicMath.Max(s.Grid.CountX, IntrinsicMath.Max(s.Grid.CountY, s.Grid.CountZ));
        int count = 0;
        for (int rings = 1; ; rings *= 2)
        {
            count = 0;
            CellRange range = CellRange.Around(s.Grid, site, rings);
            for (int z = range.Z0; z <= range.Z1; z++)
                for (int y = range.Y0; y <= range.Y1; y++)
                {
                    int line = (z * s.Grid.CountY + y) * s.Grid.CountX;
                    int end = starts[line + range.X1 + 1];
                    for (int k = starts[line + range.X0]; k < end; k++)
                    {
                        if (k == place)
                            continue;
                        int atom = sites[k].Atom;
                        double square = Distance.Exact(positions, site.Atom, atom);
                        if (square < s.CutoffSquared && (count < Wanted || square < squares[Wanted - 1]))
                        {
                            int p = IntrinsicMath.Min(count, Wanted - 1);
                            for (; p > 0 && squares[p - 1] > square; p--)
                            {
                                squares[p] = squares[p - 1];
                                atoms[p] = atoms[p - 1];
                            }

                            squares[p] = square;
                            atoms[p] = atom;
                            count = IntrinsicMath.Min(count + 1, Wanted);
                        }
                    }
                }

            // A step is lost where coordinates are rounded.
            double seen = edge * rings - 2 / s.Grid.StepsPerLength;
            if (rings >= most || seen * seen >= s.CutoffSquared || (count == Wanted && squares[Wanted - 1] <= seen * seen))
                return count;
        }
    }

    private static int Identify(
        ArrayView<double> positions, int center, ArrayView<double> squares, ArrayView<int> atoms, ArrayView<int> rows, int count)
    {
        int type = 0;
        if (EndsAt(squares, 12, count))
        {
            double sum = 0;
            for (int k = 0; k < 12; k++)
                sum += XMath.Sqrt(squares[k]);
            double cutoff = Halfway / 12 * sum;
            FillRows(positions, center, atoms, 12, cutoff * cutoff, rows);
            type = Signatures.OfTwelve(rows);
        }

        if (type == 0 && EndsAt(squares, 14, count))
        {
            double sum = 0;
            for (int k = 0; k < 14; k++)
                sum += (k < 8 ? ShellRatio : 1.0) * XMath.Sqrt(squares[k]);
            double cutoff = Halfway / 14 * sum;
            FillRows(positions, center, atoms, 14, cutoff * cutoff, rows);
            type = Signatures.OfFourteen(rows);
        }

        return type;
    }

    private static bool EndsAt(ArrayView<double> squares, int size, int count) =>
        count == size || (count > size && squares[size] > squares[size - 1] * (1 + TieTolerance));

    private static void FillRows(
        ArrayView<double> positions, int center, ArrayView<int> atoms, int size, double cutoffSquared, ArrayView<int> rows)
    {
        double cx = positions[3L * center], cy = positions[3L * center + 1], cz = positions[3L * center + 2];
        for (int a = 0; a < size; a++)
        {
            double ax = positions[3L * atoms[a]] - cx, ay = positions[3L * atoms[a] + 1] - cy, az = positions[3L * atoms[a] + 2] - cz;
            int row = 0;
            for (int b = 0; b < size; b++)
            {
                double x = positions[3L * atoms[b]] - cx - ax, y = positions[3L * atoms[b] + 1] - cy - ay;
                double z = positions[3L * atoms[b] + 2] - cz - az;
                if (b != a && x * x + y * y + z * z < cutoffSquared)
                    row |= 1 << b;
            }

            rows[a] = row;
        }
    }
}
