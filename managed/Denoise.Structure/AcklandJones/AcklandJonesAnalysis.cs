using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Denoise.Atoms;
using Denoise.Atoms.Threading;
using Denoise.Neighbors;
using Denoise.Neighbors.Cells;
using Denoise.Structure.Analyses;

namespace Denoise.Structure.AcklandJones;

/// <summary>
/// Names fcc, hcp, bcc and icosahedral atoms by the angles between their neighbors. With r_0^2 the mean square distance of the six
/// nearest, N_0 are the neighbors with r^2 &lt; 1.45 r_0^2 and N_1 those with r^2 &lt; 1.55 r_0^2. Of the angles between pairs of N_0,
/// chi_k counts those whose cosine is in the k-th of eight intervals; what decides is at <see cref="AngleCounts"/>.
/// Ackland and Jones, Phys. Rev. B 73, 054104 (2006), doi:10.1103/PhysRevB.73.054104, as OVITO and LAMMPS compute it.
/// An atom with fewer than six neighbors, or with more than 32 among N_1, is of no structure.
/// </summary>
/// <param name="pool">threads, borrowed</param>
/// <param name="grid">to sort atoms with, borrowed; null: one of its own</param>
public sealed unsafe class AcklandJonesAnalysis(WorkerPool pool, CellGrid? grid = null) : IStructureIdentifier
{
    /// <summary>By which users name it.</summary>
    public static AnalysisKind Kind { get; } = new("ackland", "ackland", "bond-angle analysis (Ackland & Jones 2006)",
        (_, services) => new IdentifierAnalysis(
            "ackland", new AcklandJonesAnalysis(services.Pool, services.Grid), 0, "other", "fcc", "hcp", "bcc", "ico"));

    /// <summary>Most neighbors of an atom that can have a structure.</summary>
    internal const int Capacity = 32;

    // One more than bcc has in two shells: the search then looks beyond N_1 of an undistorted crystal.
    private const int Usual = 15;

    private const int Nearest = 6;

    private readonly NearestNeighborFinder<Visitor> _finder = new(pool, grid);

    public long MemoryBytes => _finder.MemoryBytes;

    public void Identify(ParticleView particles, double range, int* types) =>
        _finder.Run(particles, Capacity + 1, Usual, range, new(types));

    public void Dispose() => _finder.Dispose();

    /// <summary>Names an atom from its nearest neighbors, in a search for one more than <see cref="Capacity"/>.</summary>
    /// <returns>false where more neighbors could tell otherwise</returns>
    private static bool TryIdentify(in NearestNeighbors nearest, out StructureType type)
    {
        type = StructureType.Other;
        if (nearest.Count < Nearest)
            return nearest.IsFinal;
        double sum = 0;
        for (int k = 0; k < Nearest; k++)
            sum += nearest.Squares[k];
        double inner = 1.45 * sum / Nearest, outer = 1.55 * sum / Nearest;
        int most = Math.Min(nearest.Count, Capacity + 1), n1 = Nearest;
        while (n1 < most && nearest.Squares[n1] < outer)
            n1++;
        // The farthest of the six may itself lie beyond.
        while (n1 > 0 && !(nearest.Squares[n1 - 1] < outer))
            n1--;
        if (n1 == nearest.Count && nearest.Beyond < outer && !nearest.IsFinal)
            return false;
        if (n1 is >= AngleCounts.FewestNeighbors and <= Capacity)
        {
            int n0 = n1;
            while (!(nearest.Squares[n0 - 1] < inner))
                n0--;
            type = Angles(nearest, n0).Name(n1);
        }

        return true;
    }

    /// <summary>The angles between the nearest.</summary>
    [SkipLocalsInit]
    private static AngleCounts Angles(in NearestNeighbors nearest, int count)
    {
        // Unit vectors; what is past the end has cosines that no interval holds.
        double* x = stackalloc double[3 * (Capacity + 8)], y = x + Capacity + 8, z = y + Capacity + 8;
        int* below = stackalloc int[AngleCounts.Intervals - 1];
        for (int k = 0; k < AngleCounts.Intervals - 1; k++)
            below[k] = 0;
        for (int k = 0; k < count; k++)
        {
            double inverse = 1 / Math.Sqrt(nearest.Squares[k]);
            (x[k], y[k], z[k]) = (inverse * nearest.X[k], inverse * nearest.Y[k], inverse * nearest.Z[k]);
        }

        for (int k = count; k < count + 4; k++)
            x[k] = y[k] = z[k] = double.NaN;
        for (int i = 0; i < count - 1; i++)
        {
            Vector256<double> xi = Vector256.Create(x[i]), yi = Vector256.Create(y[i]), zi = Vector256.Create(z[i]);
            for (int j = i + 1; j < count; j += 4)
            {
                Vector256<double> cosine = xi * Vector256.Load(x + j) + yi * Vector256.Load(y + j) + zi * Vector256.Load(z + j);
                for (int k = 0; k < AngleCounts.Intervals - 1; k++)
                {
                    Vector256<double> edge = Vector256.Create(AngleCounts.Edges[k]);
                    below[k] += System.Numerics.BitOperations.PopCount(Vector256.LessThan(cosine, edge).ExtractMostSignificantBits());
                }
            }
        }

        return AngleCounts.FromCumulative(new(below, AngleCounts.Intervals - 1), count * (count - 1) / 2);
    }

    private readonly struct Visitor(int* types) : INearestVisitor
    {
        public bool Visit(int atom, in NearestNeighbors nearest, int worker)
        {
            bool isDecided = TryIdentify(nearest, out StructureType type);
            types[atom] = (int)type;
            return isDecided;
        }
    }
}
