using Denoise.Atoms;
using Denoise.Neighbors;
using Denoise.Structure.Analyses;

namespace Denoise.Structure.Centrosymmetry;

/// <summary>
/// Centrosymmetry parameter: how far the neighbors of an atom are from lying in opposite pairs, from N nearest neighbors at r_k:
/// <code>
/// greedy:   sum of the N/2 smallest |r_i + r_j|^2 of all pairs i, j; a neighbor may be in none of these pairs, or in several
/// matching: smallest sum of |r_i + r_j|^2 that pairs every neighbor with one other
/// </code>
/// Kelchner, Plimpton and Hamilton, Phys. Rev. B 58, 11085 (1998), doi:10.1103/PhysRevB.58.11085, as OVITO and LAMMPS compute it;
/// matching after Larsen, arXiv:2003.08879 (2020).
/// Where neighbors beyond the N-th are exactly as far as it, those count that make the value smallest: it depends neither on the order
/// of the atoms nor on their images. An atom with n &lt; N neighbors has n/2 pairs, rounded down.
/// </summary>
public sealed unsafe class CentrosymmetryAnalysis : IAnalysis
{
    /// <summary>Most neighbors that can be asked for.</summary>
    public const int MostNeighbors = 16;

    /// <summary>By which users name it.</summary>
    public static AnalysisKind Kind { get; } = new("centro", "centro[:neighbors=12,method=greedy|matching]",
        "centrosymmetry parameter (Kelchner et al. 1998), also by minimum-weight matching (Larsen 2020)",
        (arguments, services) => new CentrosymmetryAnalysis(arguments, services));

    private readonly NearestNeighborFinder<CentrosymmetryVisitor> _finder;
    private readonly int _neighbors;
    private readonly bool _isMatching;
    private readonly Action _compute;

    private AnalysisContext _context = null!;

    private CentrosymmetryAnalysis(AnalysisArguments arguments, AnalysisServices services)
    {
        _neighbors = arguments.Integer("neighbors", 12, 2, MostNeighbors);
        if (_neighbors % 2 != 0)
            throw arguments.Wrong($"neighbors={_neighbors}: an even number is expected");
        _isMatching = arguments.Choice("method", "greedy", "greedy", "matching") == "matching";
        (_finder, _compute) = (new(services.Pool, services.Grid), Compute);
    }

    public IReadOnlyList<AnalysisColumn> Columns { get; } = [new("centrosymmetry", ColumnKind.Real, "Centrosymmetry")];

    public IReadOnlyList<AnalysisGlobal> Globals => [];

    public double Cutoff => 0;

    public void Run(AnalysisContext context)
    {
        _context = context;
        context.Attempt(_compute);
    }

    public void Dispose() => _finder.Dispose();

    private void Compute()
    {
        double square = _context.HostPerAngstrom * _context.HostPerAngstrom;
        _finder.Run(_context.Particles, NeighborPairs.Capacity, _neighbors, _context.NearestRange,
            new(_context.Output.Reals(0), _neighbors, _isMatching, square));
    }
}
