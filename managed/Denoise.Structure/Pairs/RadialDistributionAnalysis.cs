using System.Globalization;
using Denoise.Atoms;
using Denoise.Atoms.Memory;
using Denoise.Atoms.Threading;
using Denoise.Neighbors;
using Denoise.Neighbors.Cells;
using Denoise.Structure.Analyses;

namespace Denoise.Structure.Pairs;

/// <summary>
/// The radial distribution function: pairs by distance, relative to those of as many atoms spread evenly in the box,
/// g(r) = V n(r) / (Na Nb 4π/3 (r1^3 - r0^3)) for n(r) pairs, counted from each of Na selected atoms to each of Nb atoms, in the bin
/// from r0 to r1; partial: g of each pair of types. Bin k of N lies at (k - 1/2) RC / N. Allen and Tildesley, Computer Simulation of
/// Liquids (1987), section 2.6. OVITO normalises in this way; LAMMPS takes Nb - 1 where both types are the same.
/// </summary>
public sealed unsafe class RadialDistributionAnalysis : IAnalysis
{
    /// <summary>By which users name it.</summary>
    public static AnalysisKind Kind { get; } = new("rdf", "rdf:cutoff=RC[,bins=N][,partial=NUMBER OF TYPES]",
        "radial distribution function in N bins (100); partial=2: that of the pairs of types 1-1, 1-2 and 2-2, too", Create);

    private const int MostBins = 100_000;
    private const int MostTypes = 32;

    private readonly int _bins;
    private readonly int _typeCount;
    private readonly int _pairTypes;
    private readonly int _labels;
    private readonly PairHistogram _histogram;
    private readonly NativeBuffer<int> _labelOf = new();
    private readonly long[] _sums;
    private readonly Action _work;

    private AnalysisContext _context = null!;

    /// <param name="pool">threads, borrowed</param>
    /// <param name="grid">to sort atoms with, borrowed</param>
    /// <param name="cutoff">Å</param>
    /// <param name="bins">of equal width</param>
    /// <param name="typeCount">types of which the partial functions are wanted, 1 to it; 0: the total only</param>
    public RadialDistributionAnalysis(WorkerPool pool, CellGrid grid, double cutoff, int bins, int typeCount)
    {
        (Cutoff, _bins, _typeCount, _work) = (cutoff, bins, typeCount, Work);
        _histogram = new(pool, grid);
        _pairTypes = 1 + typeCount * (typeCount + 1) / 2;
        _labels = 2 * (typeCount + 1);
        // Pairs per kind and bin, then atoms of all types and of each: those selected, and all.
        _sums = new long[_pairTypes * bins + 2 * (typeCount + 1)];
        IEnumerable<string> names = (string[])["rdf", .. from a in Enumerable.Range(1, typeCount)
                                                         from b in Enumerable.Range(a, typeCount - a + 1)
                                                         select string.Create(CultureInfo.InvariantCulture, $"rdf_{a}-{b}")];
        Globals = [.. from name in names
                      from bin in Enumerable.Range(1, bins)
                      select new AnalysisGlobal(string.Create(CultureInfo.InvariantCulture, $"{name}[{bin}]"), ColumnKind.Real)];
    }

    public IReadOnlyList<AnalysisColumn> Columns => [];

    public IReadOnlyList<AnalysisGlobal> Globals { get; }

    public double Cutoff { get; }

    public void Run(AnalysisContext context)
    {
        _context = context;
        context.Attempt(_work);
        context.Sum(_sums);
        Normalize(context.Box!.Volume, context.Output.Globals);
    }

    public void Dispose()
    {
        _histogram.Dispose();
        _labelOf.Dispose();
    }

    private static RadialDistributionAnalysis Create(AnalysisArguments arguments, AnalysisServices services)
    {
        double cutoff = arguments.Length("cutoff");
        int bins = arguments.Integer("bins", 100, 1, MostBins), types = arguments.Integer("partial", 0, 1, MostTypes);
        if ((1 + types * (types + 1) / 2) * (long)bins > MostBins)
            throw arguments.Wrong($"bins={bins},partial={types}: all functions together have at most {MostBins} bins");
        return new(services.Pool, services.Grid, cutoff, bins, types);
    }

    /// <summary>Which partial function the pairs of two types, from 1, belong to; 0: none.</summary>
    private int PairType(int a, int b)
    {
        if (a > b)
            (a, b) = (b, a);
        return a < 1 || b > _typeCount ? 0 : 1 + (a - 1) * _typeCount - (a - 1) * (a - 2) / 2 + b - a;
    }

    private void Work()
    {
        if (_context.Box is null)
            throw new InputException("rdf needs the box, for its volume, and this program does not tell it.");
        _context.RequireRange(Cutoff);
        Label();
        _histogram.Count(_context.Particles, Cutoff, _bins, _labelOf.Pointer, _labels);
        CountPairs(_histogram.Counts);
        CountAtoms();
    }

    /// <summary>Labels atoms and ghosts by their type, and by whether pairs are counted from them.</summary>
    private void Label()
    {
        ParticleView particles = _context.Particles;
        _labelOf.Resize(particles.Count);
        for (int i = 0; i < particles.Count; i++)
            _labelOf[i] = 2 * TypeOf(i) + (i < particles.LocalCount && _context.IsSelected(i) ? 1 : 0);
    }

    /// <summary>The type of an atom, where it has functions of its own; otherwise 0.</summary>
    private int TypeOf(int atom)
    {
        int type = _context.AtomTypes == null ? 1 : _context.AtomTypes[atom];
        return (uint)type <= (uint)_typeCount ? type : 0;
    }

    /// <summary>From pairs by labels to those by types: a pair is counted from each of its atoms that are counted from.</summary>
    private void CountPairs(ReadOnlySpan<long> pairs)
    {
        Array.Clear(_sums);
        for (int row = 0; row < _labels * _labels; row++)
        {
            int a = row / _labels, b = row % _labels, weight = (a & 1) + (b & 1), pairType = PairType(a >> 1, b >> 1);
            for (int bin = 0; bin < _bins && weight > 0; bin++)
            {
                long count = weight * pairs[row * _bins + bin];
                _sums[bin] += count;
                if (pairType > 0)
                    _sums[pairType * _bins + bin] += count;
            }
        }
    }

    private void CountAtoms()
    {
        Span<long> selected = _sums.AsSpan(_pairTypes * _bins, _typeCount + 1), all = _sums.AsSpan(^(_typeCount + 1));
        for (int i = 0; i < _context.Particles.LocalCount; i++)
        {
            int type = TypeOf(i), counts = _context.IsSelected(i) ? 1 : 0;
            all[0]++;
            selected[0] += counts;
            if (type > 0)
                (all[type], selected[type]) = (all[type] + 1, selected[type] + counts);
        }
    }

    private void Normalize(double volume, Span<double> globals)
    {
        ReadOnlySpan<long> selected = _sums.AsSpan(_pairTypes * _bins, _typeCount + 1), all = _sums.AsSpan(^(_typeCount + 1));
        double width = Cutoff / _bins;
        Write(0, (double)selected[0] * all[0], globals);
        for (int a = 1; a <= _typeCount; a++)
        {
            for (int b = a; b <= _typeCount; b++)
            {
                double pairs = (double)selected[a] * all[b];
                Write(PairType(a, b), a == b ? pairs : pairs + (double)selected[b] * all[a], globals);
            }
        }

        void Write(int pairType, double pairs, Span<double> values)
        {
            for (int bin = 0; bin < _bins; bin++)
            {
                double inner = bin * width, outer = (bin + 1) * width;
                double expected = pairs / volume * (4 * Math.PI / 3) * (outer * outer * outer - inner * inner * inner);
                long found = _sums[pairType * _bins + bin];
                values[pairType * _bins + bin] = expected > 0 ? found / expected : 0;
            }
        }
    }
}
