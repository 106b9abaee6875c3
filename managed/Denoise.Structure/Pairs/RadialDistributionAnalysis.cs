using System.Globalization;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
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

    private const int Grain = 1 << 10;
    private const int MostBins = 100_000;
    private const int MostTypes = 32;

    // Counters of each bin, where there are few: those of a crystal are otherwise waited for again and again.
    private const int Copies = PairDistance.Lanes;
    private const int FewCounters = 4096;

    // Distances of a perfect crystal lie on the edges of bins: they all go one way, whatever the last bits of coordinates are.
    private const double EdgeTolerance = 1e-9;

    private readonly WorkerPool _pool;
    private readonly int _bins;
    private readonly int _typeCount;
    private readonly int _pairTypes;
    private readonly int _copyLength;
    private readonly NativeBuffer<long>[] _counts;
    private readonly NativeBuffer<int>[] _partners;
    private readonly long[] _sums;
    private readonly Action _work;
    private readonly WorkerPool.Body _count;

    private AnalysisContext _context = null!;
    private NeighborList _list = null!;

    /// <param name="pool">threads, borrowed</param>
    /// <param name="cutoff">Å</param>
    /// <param name="bins">of equal width</param>
    /// <param name="typeCount">types of which the partial functions are wanted, 1 to it; 0: the total only</param>
    public RadialDistributionAnalysis(WorkerPool pool, double cutoff, int bins, int typeCount)
    {
        (_pool, Cutoff, _bins, _typeCount, _work, _count) = (pool, cutoff, bins, typeCount, Work, Count);
        _pairTypes = 1 + typeCount * (typeCount + 1) / 2;
        _copyLength = _pairTypes * bins <= FewCounters ? _pairTypes * bins : 0;
        _counts = [.. Enumerable.Range(0, pool.Count).Select(_ => new NativeBuffer<long>())];
        _partners = [.. Enumerable.Range(0, pool.Count).Select(_ => new NativeBuffer<int>())];
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
        foreach (NativeBuffer<long> counts in _counts)
            counts.Dispose();
        foreach (NativeBuffer<int> partners in _partners)
            partners.Dispose();
    }

    private static RadialDistributionAnalysis Create(AnalysisArguments arguments, AnalysisServices services)
    {
        double cutoff = arguments.Length("cutoff");
        int bins = arguments.Integer("bins", 100, 1, MostBins), types = arguments.Integer("partial", 0, 1, MostTypes);
        if ((1 + types * (types + 1) / 2) * (long)bins > MostBins)
            throw arguments.Wrong($"bins={bins},partial={types}: all functions together have at most {MostBins} bins");
        return new(services.Pool, cutoff, bins, types);
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
        _list = _context.Neighbors(Cutoff);
        foreach (NativeBuffer<long> counts in _counts)
        {
            counts.Resize((long)_pairTypes * _bins + (Copies - 1) * _copyLength);
            counts.Clear();
        }

        foreach (NativeBuffer<int> partners in _partners)
            partners.Resize(_list.LargestRow + Vector256<int>.Count);
        _pool.Run(_context.Particles.LocalCount, Grain, _count);
        Array.Clear(_sums);
        foreach (NativeBuffer<long> counts in _counts)
            for (int k = 0; k < counts.Length; k++)
                _sums[k % (_pairTypes * _bins)] += counts[k];
        // Pairs of types count into their own function only: the total is the sum of all, with what no function takes.
        for (int k = _bins; k < _pairTypes * _bins; k++)
            _sums[k % _bins] += _sums[k];
        CountAtoms();
    }

    private void CountAtoms()
    {
        Span<long> selected = _sums.AsSpan(_pairTypes * _bins, _typeCount + 1), all = _sums.AsSpan(^(_typeCount + 1));
        for (int i = 0; i < _context.Particles.LocalCount; i++)
        {
            int type = _context.AtomTypes == null ? 1 : _context.AtomTypes[i];
            bool isCounted = type >= 1 && type <= _typeCount;
            all[0]++;
            if (isCounted)
                all[type]++;
            if (!_context.IsSelected(i))
                continue;
            selected[0]++;
            if (isCounted)
                selected[type]++;
        }
    }

    private void Count(int begin, int end, int worker)
    {
        PairCounter counter = new()
        {
            Counts = _counts[worker].Pointer,
            Positions = _context.Particles.Positions,
            Types = _typeCount > 0 ? _context.AtomTypes : null,
        };
        if (counter.Types == null && _typeCount > 0)
            counter.Counts += (long)PairType(1, 1) * _bins;
        if (_context.Selection == null)
            CountOnce(begin, end, counter, _partners[worker].Pointer);
        else
            for (int i = begin; i < end; i++)
                if (_context.IsSelected(i))
                    Count(i, _list[i].Indices, _list[i].Count, 1, counter);
    }

    /// <summary>
    /// Pairs of owned atoms are in the rows of both, with the same distance to the last bit: they are counted in one of them, as two.
    /// </summary>
    private void CountOnce(int begin, int end, PairCounter counter, int* partners)
    {
        int owned = _context.Particles.LocalCount;
        for (int i = begin; i < end; i++)
        {
            NeighborRow row = _list[i];
            int later = Choose(row, i, owned - 1, partners, out bool hasGhosts);
            Count(i, partners, later, 2, counter);
            if (hasGhosts)
                Count(i, partners, Choose(row, owned - 1, int.MaxValue, partners, out _), 1, counter);
        }
    }

    /// <summary>Which of a row are above one number, and not above another; whether any is above both.</summary>
    private static int Choose(NeighborRow row, int above, int last, int* chosen, out bool hasMore)
    {
        Vector256<int> low = Vector256.Create(above), high = Vector256.Create(last), more = default;
        int count = 0, k = 0;
        for (; k <= row.Count - Vector256<int>.Count; k += Vector256<int>.Count)
        {
            Vector256<int> some = Vector256.Load(row.Indices + k), beyond = Vector256.GreaterThan(some, high);
            more |= beyond;
            uint mask = Vector256.AndNot(Vector256.GreaterThan(some, low), beyond).ExtractMostSignificantBits();
            count += LaneCompaction.Store(some, mask, chosen + count);
        }

        int rest = 0;
        for (; k < row.Count; k++)
        {
            // Signs instead of comparisons, of which half would be guessed wrong.
            int j = row.Indices[k], isBeyond = (last - j) >>> 31;
            chosen[count] = j;
            count += ((above - j) >>> 31) - isBeyond;
            rest |= isBeyond;
        }

        hasMore = rest != 0 || more != Vector256<int>.Zero;
        return count;
    }

    /// <param name="atom">one of each pair</param>
    /// <param name="others">[count] the others</param>
    /// <param name="count">pairs</param>
    /// <param name="weight">of each</param>
    /// <param name="counter">where they go</param>
    private void Count(int atom, int* others, int count, int weight, in PairCounter counter)
    {
        if (counter.Types == null)
            Count(atom, others, count, weight, counter.Counts, counter.Positions);
        else
            for (int k = 0; k < count; k++)
            {
                int pairType = PairType(counter.Types[atom], counter.Types[others[k]]);
                counter.Counts[(long)pairType * _bins + Bin(counter.Positions, atom, others[k])] += weight;
            }
    }

    /// <summary>All into one function.</summary>
    private void Count(int atom, int* others, int count, int weight, long* counts, double* r)
    {
        Vector256<double> center = PairDistance.Load(r, atom), scale = Vector256.Create(_bins / Cutoff);
        Vector256<double> tolerance = Vector256.Create(EdgeTolerance);
        Vector128<int> last = Vector128.Create(_bins - 1);
        int* bins = stackalloc int[PairDistance.Lanes];
        int k = 0;
        long* second = counts + _copyLength, third = second + _copyLength, fourth = third + _copyLength;
        for (; k <= count - PairDistance.Lanes; k += PairDistance.Lanes)
        {
            Vector256<double> place = PairDistance.OfFour(center, r, others + k) * scale + tolerance;
            Vector128<int> four = Avx.IsSupported
                ? Avx.ConvertToVector128Int32WithTruncation(place)
                : Vector128.Create((int)place[0], (int)place[1], (int)place[2], (int)place[3]);
            Vector128.Min(four, last).Store(bins);
            counts[bins[0]] += weight;
            second[bins[1]] += weight;
            third[bins[2]] += weight;
            fourth[bins[3]] += weight;
        }

        for (; k < count; k++)
            counts[Bin(r, atom, others[k])] += weight;
    }

    private int Bin(double* r, int i, int j)
    {
        double dx = r[3L * j] - r[3L * i], dy = r[3L * j + 1] - r[3L * i + 1], dz = r[3L * j + 2] - r[3L * i + 2];
        return Math.Min((int)(Math.Sqrt(dx * dx + dy * dy + dz * dz) * (_bins / Cutoff) + EdgeTolerance), _bins - 1);
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

    /// <summary>Where a thread counts pairs, and what it knows of atoms.</summary>
    private struct PairCounter
    {
        public long* Counts;
        public double* Positions;

        /// <summary>Null: all pairs go to one function.</summary>
        public int* Types;
    }
}
