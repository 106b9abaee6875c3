using Denoise.Atoms;
using Denoise.Atoms.Memory;
using Denoise.Atoms.Threading;
using Denoise.Neighbors;
using Denoise.Structure.Analyses;

namespace Denoise.Structure.PlanarFaults;

/// <summary>
/// Names the planar faults of fcc that hcp atoms are in, after OVITO's "identify fcc planar faults", but on the structures of adaptive
/// CNA. An hcp atom has six neighbors in its layer and three on either side (<see cref="HcpShell"/>). First, with those on a side that are
/// hcp and whose layers are parallel to its own: on one side only, intrinsic; on both, multilayer; on none, but with an hcp neighbor
/// in its layer and fcc on both sides, twin; else indeterminate. Then, from these: a twin or indeterminate atom with intrinsic
/// neighbors in its layer, and none of a twin, is intrinsic, and the other way round a twin; an intrinsic one next to a multilayer
/// one on its hcp side is multilayer. Last, a twin with a fcc neighbor on a side that lies between two hcp layers is extrinsic.
/// All decisions of a step are made from the same former ones: the order of the atoms makes no difference.
/// </summary>
public sealed unsafe class PlanarFaultAnalysis : IAnalysis
{
    /// <summary>By which users name it.</summary>
    public static AnalysisKind Kind { get; } = new("faults", "faults",
        "planar faults of fcc: intrinsic and extrinsic stacking faults, coherent twin boundaries (as OVITO's identify fcc planar faults)",
        (_, services) => new PlanarFaultAnalysis(services));

    private const int Grain = 1 << 12;

    private readonly WorkerPool _pool;
    private readonly NearestNeighborFinder<PlaneVisitor> _finder;
    private readonly NearestNeighborFinder<BetweenVisitor> _between;
    private readonly LabelCounts _counts = new(
        "faults", "none", "indeterminate", "intrinsic", "twin", "multilayer", "extrinsic");

    private readonly NativeBuffer<CrystalPlane> _planes = new();
    private readonly NativeBuffer<int> _shells = new();
    private readonly NativeBuffer<float> _first = new();
    private readonly Action _find;
    private readonly Action _classify;
    private readonly Action _findBetween;
    private readonly Action _reconsider;
    private readonly WorkerPool.Body _classifySome;
    private readonly WorkerPool.Body _reconsiderSome;

    private AnalysisContext _context = null!;
    private long* _column;

    private PlanarFaultAnalysis(AnalysisServices services)
    {
        _pool = services.Pool;
        (_finder, _between) = (new(services.Pool, services.Grid), new(services.Pool, services.Grid));
        (_find, _classify, _findBetween, _reconsider) = (Find, Classify, FindBetween, Reconsider);
        (_classifySome, _reconsiderSome) = (ClassifySome, ReconsiderSome);
    }

    public IReadOnlyList<AnalysisColumn> Columns { get; } = [new("planar_fault", ColumnKind.Integer, "PlanarFaultType")];

    public IReadOnlyList<AnalysisGlobal> Globals => _counts.Globals;

    public double Cutoff => 0;

    public int ExchangeWidth => CrystalPlane.Width;

    public void Run(AnalysisContext context)
    {
        _context = context;
        _column = context.Output.Integers(0);
        context.Attempt(_find);
        context.Halo.Forward((double*)_planes.Pointer, CrystalPlane.Width);
        context.Attempt(_classify);
        context.Halo.Forward(_first.Pointer, 1);
        context.Attempt(_findBetween);
        context.Halo.Forward((double*)_planes.Pointer, CrystalPlane.Width);
        context.Attempt(_reconsider);
        _counts.Count(context, _column, context.Output.Globals);
    }

    public void Dispose()
    {
        _finder.Dispose();
        _between.Dispose();
        _planes.Dispose();
        _shells.Dispose();
        _first.Dispose();
    }

    private void Find()
    {
        ParticleView particles = _context.Particles;
        _planes.Resize(particles.Count);
        // Written, and so in memory, only where there are hcp atoms.
        _shells.Resize((long)HcpShell.Count * particles.LocalCount);
        _first.Resize(particles.Count);
        _finder.Run(particles, AdaptiveCommonNeighborAnalysis.NeighborsWanted, CommonNeighborSignature.BodyCentered, _context.NearestRange,
            new(_planes.Pointer, _shells.Pointer));
    }

    private void Classify() => _pool.Run(_context.Particles.LocalCount, Grain, _classifySome);

    private void ClassifySome(int begin, int end, int worker)
    {
        for (int i = begin; i < end; i++)
            _first[i] = (float)FirstType(i);
    }

    private PlanarFaultType FirstType(int atom)
    {
        ref readonly CrystalPlane own = ref _planes[atom];
        if (!own.IsHcp)
            return PlanarFaultType.None;
        if (own.Normal == default)
            return PlanarFaultType.Indeterminate;
        int* shell = _shells.Pointer + (long)HcpShell.Count * atom;
        int inLayer = 0;
        for (int k = 0; k < HcpShell.Basal; k++)
            inLayer += _planes[shell[k]].IsHcp ? 1 : 0;
        (bool hcpAbove, bool fccAbove) = Side(own, shell + HcpShell.Basal);
        (bool hcpBelow, bool fccBelow) = Side(own, shell + HcpShell.Basal + HcpShell.Above);
        if (hcpAbove && hcpBelow)
            return PlanarFaultType.Multilayer;
        if (hcpAbove || hcpBelow)
            return PlanarFaultType.Intrinsic;
        return inLayer > 0 && fccAbove && fccBelow ? PlanarFaultType.Twin : PlanarFaultType.Indeterminate;
    }

    /// <summary>Whether there are hcp atoms in a parallel layer, and fcc atoms, on a side.</summary>
    private (bool HasHcp, bool HasFcc) Side(in CrystalPlane own, int* side)
    {
        bool hasHcp = false, hasFcc = false;
        for (int k = 0; k < HcpShell.Above; k++)
        {
            ref readonly CrystalPlane other = ref _planes[side[k]];
            hasHcp |= other.IsHcp && other.IsParallelTo(own);
            hasFcc |= other.IsFcc;
        }

        return (hasHcp, hasFcc);
    }

    /// <summary>Where there are twins, they may be extrinsic faults.</summary>
    private void FindBetween()
    {
        ParticleView particles = _context.Particles;
        for (int i = 0; i < particles.Count; i++)
        {
            if (_first[i] != (float)PlanarFaultType.Twin)
                continue;
            _between.Run(particles, HcpShell.Count, HcpShell.Count, _context.NearestRange, new(_planes.Pointer));
            return;
        }
    }

    private void Reconsider() => _pool.Run(_context.Particles.LocalCount, Grain, _reconsiderSome);

    private void ReconsiderSome(int begin, int end, int worker)
    {
        for (int i = begin; i < end; i++)
        {
            PlanarFaultType type = (PlanarFaultType)_first[i];
            ref readonly CrystalPlane own = ref _planes[i];
            if (own.IsHcp && own.Normal != default)
                type = Reconsidered(type, own, _shells.Pointer + (long)HcpShell.Count * i);
            _column[i] = (long)type;
        }
    }

    private PlanarFaultType Reconsidered(PlanarFaultType type, in CrystalPlane own, int* shell)
    {
        if (type == PlanarFaultType.Intrinsic)
            return HasNext(own, shell, PlanarFaultType.Multilayer) ? PlanarFaultType.Multilayer : type;
        if (type == PlanarFaultType.Multilayer)
            return type;
        bool hasIntrinsic = false, hasTwin = false;
        for (int k = 0; k < HcpShell.Basal; k++)
        {
            hasIntrinsic |= _first[shell[k]] == (float)PlanarFaultType.Intrinsic;
            hasTwin |= _first[shell[k]] == (float)PlanarFaultType.Twin;
        }

        if (hasIntrinsic && !hasTwin)
            return PlanarFaultType.Intrinsic;
        if (hasTwin && !hasIntrinsic)
            type = PlanarFaultType.Twin;
        return type == PlanarFaultType.Twin && HasNext(own, shell, PlanarFaultType.None) ? PlanarFaultType.Extrinsic : type;
    }

    /// <summary>Whether there is an atom of a type, with parallel layers, above or below; of no type: one between two layers.</summary>
    private bool HasNext(in CrystalPlane own, int* shell, PlanarFaultType type)
    {
        for (int k = HcpShell.Basal; k < HcpShell.Count; k++)
            if (_first[shell[k]] == (float)type && _planes[shell[k]].IsParallelTo(own))
                return true;
        return false;
    }
}
