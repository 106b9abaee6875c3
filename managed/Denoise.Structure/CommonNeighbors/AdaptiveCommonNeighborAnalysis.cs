using System.Runtime.CompilerServices;
using Denoise.Atoms;
using Denoise.Atoms.Threading;
using Denoise.Neighbors;
using Denoise.Neighbors.Cells;
using Denoise.Structure.Analyses;

namespace Denoise.Structure;

/// <summary>
/// Adaptive common neighbor analysis: names fcc, hcp, icosahedral and bcc atoms without a parameter. The bond length that decides
/// which neighbors are bonded follows from each atom's own neighbor distances d_1 &lt;= d_2 ...:
/// <code>
/// fcc, hcp, icosahedral, from the 12 nearest: cutoff = (1 + √2)/2 * mean(d_1 .. d_12)
/// bcc, from the 14 nearest:                   cutoff = (1 + √2)/2 * (sum(d_1 .. d_8) * 2/√3 + sum(d_9 .. d_14)) / 14
/// </code>
/// Stukowski, Modelling Simul. Mater. Sci. Eng. 20, 045021 (2012), doi:10.1088/0965-0393/20/4/045021.
/// Where the shell does not end at the 12th (14th) neighbor because the next is exactly as far, which are "the nearest" would
/// depend on the order of the atoms; such an atom has no shell of 12 (14) and is not of its structures.
/// </summary>
/// <param name="pool">threads, borrowed</param>
/// <param name="grid">to sort atoms with, borrowed; null: one of its own</param>
public sealed unsafe class AdaptiveCommonNeighborAnalysis(WorkerPool pool, CellGrid? grid = null) : IStructureIdentifier
{
    /// <summary>Squared distances that differ by less than this, relatively, are equal: what is left after rounding.</summary>
    public const double TieTolerance = 1e-10;

    /// <summary>Neighbors that decide in any case: those of the largest shell and the next one.</summary>
    public const int NeighborsWanted = CommonNeighborSignature.BodyCentered + 1;

    /// <summary>By which users name it.</summary>
    public static AnalysisKind Kind { get; } = new("acna", "acna", "adaptive common neighbor analysis (Stukowski 2012)",
        (_, services) => new IdentifierAnalysis(
            "acna", new AdaptiveCommonNeighborAnalysis(services.Pool, services.Grid), 0, "other", "fcc", "hcp", "bcc", "ico"));

    private readonly NearestNeighborFinder<AdaptiveVisitor> _finder = new(pool, grid);

    public long MemoryBytes => _finder.MemoryBytes;

    public void Identify(ParticleView particles, double range, int* types) =>
        _finder.Run(particles, NeighborsWanted, CommonNeighborSignature.BodyCentered, range, new(types));

    public void Dispose() => _finder.Dispose();

    /// <summary>Names an atom from its nearest neighbors, in a search for at least <see cref="NeighborsWanted"/>.</summary>
    /// <param name="nearest">of the atom</param>
    /// <param name="type">its structure, as far as these neighbors tell</param>
    /// <returns>false where more neighbors could tell otherwise</returns>
    [SkipLocalsInit]
    public static bool TryIdentify(in NearestNeighbors nearest, out StructureType type)
    {
        float* narrow = stackalloc float[3 * BondMatrix.Capacity];
        double* distances = stackalloc double[BondMatrix.Capacity];
        BondMatrix.Narrow(nearest.X, nearest.Y, nearest.Z, narrow);
        AdaptiveCutoff.Distances(nearest.Squares, distances);

        type = StructureType.Other;
        bool isDecided = HasShell(nearest, CommonNeighborSignature.ClosePacked, out bool hasTwelve);
        if (hasTwelve)
            type = ClosePacked(nearest, narrow, AdaptiveCutoff.ClosePacked(distances));
        if (isDecided && type == StructureType.Other)
        {
            isDecided = HasShell(nearest, CommonNeighborSignature.BodyCentered, out bool hasFourteen);
            if (hasFourteen)
                type = BodyCentered(nearest, narrow, AdaptiveCutoff.BodyCentered(distances));
        }

        return isDecided;
    }

    /// <summary>Whether there are so many neighbors and the next is further; returns false where more neighbors must tell.</summary>
    internal static bool HasShell(in NearestNeighbors nearest, int count, out bool hasShell)
    {
        hasShell = false;
        if (nearest.Count < count)
            return nearest.IsFinal;
        double next = nearest.Count > count ? nearest.Squares[count] : nearest.Beyond;
        hasShell = next > nearest.Squares[count - 1] * (1 + TieTolerance);
        return hasShell || nearest.Count > count || nearest.IsFinal;
    }

    private static StructureType ClosePacked(in NearestNeighbors nearest, float* narrow, double cutoff)
    {
        const int Count = CommonNeighborSignature.ClosePacked;
        ushort* bonds = stackalloc ushort[BondMatrix.Capacity];
        return BondMatrix.Fill(narrow, nearest.X, nearest.Y, nearest.Z, Count, nearest.Squares[Count - 1], cutoff * cutoff,
            CommonNeighborSignature.BondsOfTwelve, bonds)
            ? CommonNeighborSignature.OfTwelve(bonds)
            : StructureType.Other;
    }

    private static StructureType BodyCentered(in NearestNeighbors nearest, float* narrow, double cutoff)
    {
        const int Count = CommonNeighborSignature.BodyCentered;
        ushort* bonds = stackalloc ushort[BondMatrix.Capacity];
        return BondMatrix.Fill(narrow, nearest.X, nearest.Y, nearest.Z, Count, nearest.Squares[Count - 1], cutoff * cutoff,
            CommonNeighborSignature.BondsOfFourteen, bonds)
            ? CommonNeighborSignature.OfFourteen(bonds)
            : StructureType.Other;
    }

    private readonly struct AdaptiveVisitor(int* types) : INearestVisitor
    {
        public bool Visit(int atom, in NearestNeighbors nearest, int worker)
        {
            bool isDecided = TryIdentify(nearest, out StructureType type);
            types[atom] = (int)type;
            return isDecided;
        }
    }
}
