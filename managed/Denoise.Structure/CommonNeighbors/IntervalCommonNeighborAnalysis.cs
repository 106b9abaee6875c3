using System.Runtime.CompilerServices;
using Denoise.Atoms;
using Denoise.Atoms.Threading;
using Denoise.Neighbors;
using Denoise.Neighbors.Cells;
using Denoise.Structure.Analyses;

namespace Denoise.Structure;

/// <summary>
/// Interval common neighbor analysis: every bond length is tried, and the structure that holds over the widest interval of lengths is
/// the atom's. Between two successive distances among an atom's 12 (14) nearest neighbors nothing changes, so these intervals are all
/// there are; they begin at a distance below
/// <code>
/// fcc, hcp, icosahedral, from the 12 nearest: f * mean(d_1 .. d_12)
/// bcc, from the 14 nearest:                   f * (sum(d_1 .. d_8) * 2/√3 + sum(d_9 .. d_14)) / 14
/// </code>
/// with f = 1/3 + 2/3 √2, two thirds of the way from the first to the second shell.
/// Larsen, arXiv:2003.08879 (2020), and its author's implementation in OVITO; there, the interval that lies across the limit ends at
/// a distance beyond the limits of both shells, here at the next distance of its own.
/// Only three intervals can hold a structure: where every one of twelve neighbors has 4 bonds, where every one has 5, and where of
/// fourteen 8 have 6 bonds and 6 have 4. With s_k(a) the k-th smallest distance of neighbor a from the others, the first is
/// [max_a s_4(a), min_a s_5(a)), and so on: no list of distances need be sorted.
/// Where the 13th (15th) neighbor is exactly as far as the 12th (14th), an atom has no such shell.
/// </summary>
/// <param name="pool">threads, borrowed</param>
/// <param name="grid">to sort atoms with, borrowed; null: one of its own</param>
public sealed unsafe class IntervalCommonNeighborAnalysis(WorkerPool pool, CellGrid? grid = null) : IStructureIdentifier
{
    /// <summary>By which users name it.</summary>
    public static AnalysisKind Kind { get; } = new("icna", "icna", "interval common neighbor analysis (Larsen 2020)",
        (_, services) => new IdentifierAnalysis(
            "icna", new IntervalCommonNeighborAnalysis(services.Pool, services.Grid), 0, "other", "fcc", "hcp", "bcc", "ico"));

    private readonly NearestNeighborFinder<Visitor> _finder = new(pool, grid);

    public long MemoryBytes => _finder.MemoryBytes;

    public void Identify(ParticleView particles, double range, int* types) =>
        _finder.Run(particles, CommonNeighborSignature.BodyCentered + 1, CommonNeighborSignature.BodyCentered, range, new(types));

    public void Dispose() => _finder.Dispose();

    /// <summary>Names an atom from its nearest neighbors.</summary>
    /// <returns>false where more neighbors could tell otherwise</returns>
    [SkipLocalsInit]
    private static bool TryIdentify(in NearestNeighbors nearest, out StructureType type)
    {
        type = StructureType.Other;
        if (!AdaptiveCommonNeighborAnalysis.HasShell(nearest, CommonNeighborSignature.ClosePacked, out bool hasTwelve)
            || !AdaptiveCommonNeighborAnalysis.HasShell(nearest, CommonNeighborSignature.BodyCentered, out bool hasFourteen))
            return false;
        if (!hasTwelve && !hasFourteen)
            return true;

        double* distances = stackalloc double[BondMatrix.Capacity];
        double* memory = stackalloc double[PairDistances.Length];
        ushort* bonds = stackalloc ushort[BondMatrix.Capacity];
        AdaptiveCutoff.Distances(nearest.Squares, distances);
        double width = 0;
        PairDistances pairs = new(memory);
        if (hasTwelve)
        {
            pairs.Fill(nearest, CommonNeighborSignature.ClosePacked);
            double limit = AdaptiveCutoff.LimitOfTwelve(distances);
            for (int coordination = 4; coordination <= 5; coordination++)
            {
                (double from, double to) = pairs.IntervalOf(coordination);
                if (Exceeds(from, to, limit, width, out double found) && pairs.Name(from, bonds) is var name and not StructureType.Other)
                    (type, width) = (name, found);
            }
        }

        if (hasFourteen)
        {
            pairs.Fill(nearest, CommonNeighborSignature.BodyCentered);
            (double from, double to) = pairs.IntervalOfBodyCentered();
            if (Exceeds(from, to, AdaptiveCutoff.LimitOfFourteen(distances), width, out _)
                && pairs.Name(from, bonds) is var name and not StructureType.Other)
                type = name;
        }

        return true;
    }

    /// <summary>Whether an interval, given by squares, begins below the limit and is wider than another.</summary>
    private static bool Exceeds(double from, double to, double limit, double than, out double width)
    {
        double begin = Math.Sqrt(from);
        width = Math.Sqrt(to) - begin;
        return from < to && begin < limit && width > than;
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
