using Denoise.Atoms;
using Denoise.Atoms.Memory;
using Denoise.Atoms.Threading;
using Denoise.Neighbors;
using Denoise.Structure.Analyses;

namespace Denoise.Structure.Water;

/// <summary>
/// CHILL+: names water molecules, by their oxygens, as hexagonal or cubic ice, clathrate hydrate or what lies between these and the
/// liquid. With q_m(i) the sum of the spherical harmonics Y_3m of the directions to all neighbors within the cutoff, a pair is
/// <code>
/// c(i,j) = Re sum_m q_m(i) q_m(j)* / (|q(i)| |q(j)|);   staggered: c &lt; -0.8;   eclipsed: -0.35 &lt; c &lt; 0.25
/// </code>
/// and <see cref="WaterType"/> follows from how many of four pairs are which; an atom with more or fewer neighbors is of no structure.
/// Nguyen and Molinero, J. Phys. Chem. B 119, 9369 (2015), doi:10.1021/jp510289t, with the decisions of OVITO.
/// </summary>
public sealed unsafe class ChillPlusAnalysis : IAnalysis
{
    /// <summary>By which users name it.</summary>
    public static AnalysisKind Kind { get; } = new("chill+", "chill+[:cutoff=3.5,type=T]",
        "ice and clathrate hydrate by CHILL+, cutoff 3.5 Å, of the oxygens, atoms of type T (Nguyen & Molinero 2015)",
        (arguments, services) => new ChillPlusAnalysis(arguments, services));

    private const int Coordination = 4;
    private const int Grain = 1 << 9;

    private readonly WorkerPool _pool;
    private readonly int _type;
    private readonly LabelCounts _counts = new(
        "chill_plus", "other", "hexagonal_ice", "cubic_ice", "interfacial_ice", "hydrate", "interfacial_hydrate");

    private readonly NativeBuffer<double> _harmonics = new();
    private readonly Action _sum;
    private readonly Action _name;
    private readonly WorkerPool.Body _sumSome;
    private readonly WorkerPool.Body _nameSome;

    private AnalysisContext _context = null!;
    private NeighborList _neighbors = null!;
    private long* _column;

    private ChillPlusAnalysis(AnalysisArguments arguments, AnalysisServices services)
    {
        (_pool, _type) = (services.Pool, arguments.Integer("type", 0, 1, int.MaxValue));
        Cutoff = arguments.Length("cutoff", 3.5);
        (_sum, _name, _sumSome, _nameSome) = (Sum, Name, SumSome, NameSome);
    }

    public IReadOnlyList<AnalysisColumn> Columns { get; } = [new("chill_plus", ColumnKind.Integer)];

    public IReadOnlyList<AnalysisGlobal> Globals => _counts.Globals;

    public double Cutoff { get; }

    public int ExchangeWidth => CubicHarmonics.Count;

    public void Run(AnalysisContext context)
    {
        _context = context;
        _column = context.Output.Integers(0);
        context.Attempt(_sum);
        context.Halo.Forward(_harmonics.Pointer, CubicHarmonics.Count);
        context.Attempt(_name);
        _counts.Count(context, _column, context.Output.Globals);
    }

    public void Dispose() => _harmonics.Dispose();

    private void Sum()
    {
        _harmonics.Resize((long)CubicHarmonics.Count * _context.Particles.Count);
        _neighbors = _context.Neighbors(Cutoff, forSums: true);
        _pool.Run(_context.Particles.LocalCount, Grain, _sumSome);
    }

    /// <summary>Harmonics of owned atoms, normalized; no numbers where an atom has no neighbors.</summary>
    private void SumSome(int begin, int end, int worker)
    {
        double* positions = _context.Particles.Positions;
        for (int i = begin; i < end; i++)
        {
            CubicHarmonics sum = default;
            NeighborRow row = _neighbors[i];
            for (int k = 0; k < row.Count && IsOxygen(i); k++)
            {
                double* from = positions + 3L * i, to = positions + 3L * row[k];
                if (IsOxygen(row[k]))
                    sum.Add(to[0] - from[0], to[1] - from[1], to[2] - from[2]);
            }

            sum.StoreNormalized(_harmonics.Pointer + (long)CubicHarmonics.Count * i);
        }
    }

    private void Name() => _pool.Run(_context.Particles.LocalCount, Grain, _nameSome);

    private void NameSome(int begin, int end, int worker)
    {
        for (int i = begin; i < end; i++)
            _column[i] = IsOxygen(i) ? (long)TypeOf(i) : (long)WaterType.Other;
    }

    private WaterType TypeOf(int atom)
    {
        NeighborRow row = _neighbors[atom];
        int coordination = 0, staggered = 0, eclipsed = 0;
        for (int k = 0; k < row.Count; k++)
        {
            if (!IsOxygen(row[k]))
                continue;
            if (++coordination > Coordination)
                return WaterType.Other;
            double* a = _harmonics.Pointer + (long)CubicHarmonics.Count * atom;
            double* b = _harmonics.Pointer + (long)CubicHarmonics.Count * row[k];
            double correlation = 0;
            for (int m = 0; m < CubicHarmonics.Count; m++)
                correlation += a[m] * b[m];
            if (correlation < -0.8)
                staggered++;
            else if (correlation is > -0.35 and < 0.25)
                eclipsed++;
        }

        if (coordination != Coordination)
            return WaterType.Other;
        return (staggered, eclipsed) switch
        {
            (_, 4) => WaterType.Hydrate,
            (_, 3) => WaterType.InterfacialHydrate,
            (4, _) => WaterType.CubicIce,
            (3, 1) => WaterType.HexagonalIce,
            (3, _) or (2, _) => WaterType.InterfacialIce,
            _ => WaterType.Other,
        };
    }

    private bool IsOxygen(int atom) => _type == 0 || (_context.AtomTypes == null ? 1 : _context.AtomTypes[atom]) == _type;
}
