using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Denoise.Atoms;
using Denoise.Atoms.Memory;
using Denoise.Atoms.Threading;
using Denoise.Neighbors;
using Denoise.Structure.Analyses;

namespace Denoise.Structure.BondOrder;

/// <summary>
/// Bond-orientational order: q_l and ŵ_l of Steinhardt, Nelson and Ronchetti, doi:10.1103/PhysRevB.28.784; averaged over an atom and its
/// neighbors after Lechner and Dellago, doi:10.1063/1.2977970; and bonds with neighbors of like surroundings, many of which make an atom
/// solid, after ten Wolde, Ruiz-Montero and Frenkel, doi:10.1063/1.471721. Bonds go to the neighbors within a cutoff or to the nearest;
/// of these, all that are as far as the last one are taken, so that none is chosen by chance (six instead of four second neighbors in a
/// perfect bcc crystal, of twelve that were asked for). Sums over the bonds of an atom are in the order of its neighbors: their last
/// bits may differ with the number of ranks.
/// </summary>
public sealed unsafe class SteinhardtAnalysis : IAnalysis
{
    private const string Form =
        "steinhardt[:l=4+6][,w][,averaged][,cutoff=RC|,neighbors=N][,solid=BONDS[,threshold=D][,solid_l=L]]";

    /// <summary>By which users name it.</summary>
    public static AnalysisKind Kind { get; } = new("steinhardt", Form,
        "bond-orientational order (Steinhardt 1983, Lechner & Dellago 2008), bonds of solid atoms (ten Wolde 1996)", Create);

    private const int Grain = 1 << 9;
    private const int MostNeighbors = 32;

    // So many may be as far as the last of the neighbors.
    private const int MostTies = 12;

    private static readonly FixedSum Mean = new(1.0 / (1L << 40));

    private readonly WorkerPool _pool;
    private readonly SteinhardtOptions _options;
    private readonly BondHarmonics _harmonics;

    // Whole vectors: the harmonics, and where bonds are compared 1 / |q_l| behind them.
    private readonly int _rowWidth;

    private readonly CubicInvariant[] _invariants;
    private readonly NearestNeighborFinder<Visitor>? _finder;
    private readonly NativeBuffer<double> _rows = new();
    private readonly NativeBuffer<double>[] _scratch;
    private readonly int _realColumns;
    private readonly long[] _sums;
    private readonly Action _measure;
    private readonly Action _compare;
    private readonly WorkerPool.Body _measureSome;
    private readonly WorkerPool.Body _compareSome;

    private AnalysisContext _context = null!;
    private NeighborList? _list;
    private int* _owners;
    private int _localCount;

    public SteinhardtAnalysis(SteinhardtOptions options, AnalysisServices services)
    {
        (_options, _pool, _harmonics) = (options, services.Pool, new(options.Degrees));
        _rowWidth = (_harmonics.Width + 1 + Vector256<double>.Count - 1) / Vector256<double>.Count * Vector256<double>.Count;
        _invariants = options.Invariants ? [.. options.Degrees.Select(degree => new CubicInvariant(degree))] : [];
        _finder = options.Cutoff > 0 ? null : new(services.Pool, services.Grid);
        _scratch = [.. Enumerable.Range(0, services.Pool.Count).Select(_ => new NativeBuffer<double>())];
        (_measure, _compare, _measureSome, _compareSome) = (MeasureAll, CompareAll, MeasureSome, CompareSome);
        List<string> names = [];
        foreach (string suffix in (string[])(options.Averaged ? ["", "_averaged"] : [""]))
        {
            foreach (string letter in (string[])(options.Invariants ? ["q", "w"] : ["q"]))
                names.AddRange(options.Degrees.Select(l => string.Create(CultureInfo.InvariantCulture, $"{letter}{l}{suffix}")));
        }

        _realColumns = names.Count;
        List<AnalysisColumn> columns = [.. names.Select(name => new AnalysisColumn(name, ColumnKind.Real))];
        List<AnalysisGlobal> globals = [.. names.Select(name => new AnalysisGlobal(name + "_mean", ColumnKind.Real))];
        if (options.SolidBonds > 0)
        {
            columns.AddRange([new("solid_bonds", ColumnKind.Integer), new("solid", ColumnKind.Integer)]);
            globals.Add(new("solid_count", ColumnKind.Integer));
        }

        (Columns, Globals) = (columns, globals);
        // Reals, then solid atoms and atoms.
        _sums = new long[FixedSum.Length * _realColumns + 2];
    }

    public IReadOnlyList<AnalysisColumn> Columns { get; }

    public IReadOnlyList<AnalysisGlobal> Globals { get; }

    public double Cutoff => _options.Cutoff;

    public int ExchangeWidth => NeedsRows ? _rowWidth : 0;

    private bool NeedsRows => _options.Averaged || _options.SolidBonds > 0;

    public void Run(AnalysisContext context)
    {
        (_context, _localCount) = (context, context.Particles.LocalCount);
        bool hasOwners = context.Halo.TryGetOwners(out _owners);
        context.Attempt(_measure);
        if (NeedsRows)
        {
            // One rank reads a ghost's row where its owner's is; ranks must agree on that.
            if (!hasOwners || context.Communicator.Size > 1)
            {
                _owners = null;
                context.Halo.Forward(_rows.Pointer, _rowWidth);
            }

            context.Attempt(_compare);
        }

        Reduce();
    }

    public void Dispose()
    {
        _finder?.Dispose();
        _rows.Dispose();
        foreach (NativeBuffer<double> scratch in _scratch)
            scratch.Dispose();
    }

    private static SteinhardtAnalysis Create(AnalysisArguments arguments, AnalysisServices services)
    {
        IReadOnlyList<int> degrees = arguments.Integers("l", [4, 6], 1, WignerThreeJ.LargestDegree);
        if (degrees.Distinct().Count() < degrees.Count)
            throw arguments.Wrong("a degree l is given twice");
        bool invariants = arguments.Flag("w"), averaged = arguments.Flag("averaged");
        double cutoff = arguments.Length("cutoff", 0);
        int neighbors = arguments.Integer("neighbors", 0, 1, MostNeighbors);
        if (cutoff > 0 && neighbors > 0)
            throw arguments.Wrong("either a cutoff or a number of neighbors can be given");
        int solid = arguments.Integer("solid", 0, 1, 1000);
        int solidDegree = arguments.Integer("solid_l", degrees.Contains(6) ? 6 : degrees.Max(), 1, WignerThreeJ.LargestDegree);
        double threshold = arguments.Number("threshold", 0.5, -1, 1);
        if (!degrees.Contains(solidDegree))
            throw arguments.Wrong("solid_l is none of the degrees l");
        return new(new(degrees, cutoff, neighbors > 0 ? neighbors : 12, invariants, averaged, solid, solidDegree, threshold), services);
    }

    private void MeasureAll()
    {
        bool isAlone = _owners != null && _context.Communicator.Size == 1;
        _rows.Resize(NeedsRows ? (long)_rowWidth * (isAlone ? _localCount : _context.Particles.Count) : 0);
        Search(_measureSome, isSecond: false);
    }

    private void CompareAll() => Search(_compareSome, isSecond: true);

    private void Search(WorkerPool.Body body, bool isSecond)
    {
        if (_finder is not null)
        {
            _finder.Run(_context.Particles, _options.Neighbors + MostTies, _options.Neighbors, _context.NearestRange, new(this, isSecond));
            return;
        }

        _list = _context.Neighbors(Cutoff, forSums: true);
        foreach (NativeBuffer<double> scratch in _scratch)
            scratch.Resize(3L * (_list.LargestRow + 8));
        _pool.Run(_localCount, Grain, body);
    }

    private void MeasureSome(int begin, int end, int worker)
    {
        int stride = _list!.LargestRow + 8;
        double* x = _scratch[worker].Pointer, y = x + stride, z = y + stride, positions = _context.Particles.Positions;
        for (int i = begin; i < end; i++)
        {
            double* center = positions + 3L * i;
            NeighborRow row = _list[i];
            for (int k = 0; k < row.Count; k++)
            {
                double* other = positions + 3L * row[k];
                (x[k], y[k], z[k]) = (other[0] - center[0], other[1] - center[1], other[2] - center[2]);
            }

            Measure(i, x, y, z, row.Count);
        }
    }

    [SkipLocalsInit]
    private void Measure(int atom, double* x, double* y, double* z, int count)
    {
        double* local = stackalloc double[_rowWidth];
        double* row = NeedsRows ? _rows.Pointer + (long)_rowWidth * atom : local;
        _harmonics.Mean(x, y, z, count, row);
        new Span<double>(row + _harmonics.Width, _rowWidth - _harmonics.Width).Clear();
        if (_options.SolidBonds > 0)
        {
            double square = Product(row, row, _options.SolidDegree);
            row[_harmonics.Width] = square > 0 ? 1 / Math.Sqrt(square) : 0;
        }

        Write(atom, row, 0);
    }

    /// <summary>The columns of a row, from the given one on.</summary>
    private void Write(int atom, double* row, int column)
    {
        for (int d = 0; d < _options.Degrees.Count; d++)
            _context.Output.Reals(column++)[atom] = Math.Sqrt(Product(row, row, _options.Degrees[d]));
        for (int d = 0; d < _invariants.Length; d++)
            _context.Output.Reals(column++)[atom] = _invariants[d].Of(row + _harmonics.Start(_options.Degrees[d]));
    }

    private double Product(double* a, double* b, int degree)
    {
        int start = _harmonics.Start(degree), end = start + 2 * degree + 1, k = start;
        Vector256<double> sums = default;
        for (; k + Vector256<double>.Count <= end; k += Vector256<double>.Count)
            sums = Vector256.MultiplyAddEstimate(Vector256.Load(a + k), Vector256.Load(b + k), sums);
        double sum = Vector256.Sum(sums);
        for (; k < end; k++)
            sum += a[k] * b[k];
        return sum;
    }

    private void CompareSome(int begin, int end, int worker)
    {
        for (int i = begin; i < end; i++)
        {
            NeighborRow row = _list![i];
            Compare(i, new ListedNeighbors(row));
        }
    }

    [SkipLocalsInit]
    private void Compare<T>(int atom, T neighbors)
        where T : struct, INeighborIndices, allows ref struct
    {
        int width = _rowWidth, inverse = _harmonics.Width, bonds = 0;
        double* own = _rows.Pointer + (long)width * atom, mean = stackalloc double[width];
        new ReadOnlySpan<double>(own, width).CopyTo(new(mean, width));
        int count = neighbors.Count;
        for (int k = 0; k < count; k++)
        {
            int j = neighbors[k];
            double* other = _rows.Pointer + (long)width * (j >= _localCount && _owners != null ? _owners[j - _localCount] : j);
            if (_options.Averaged)
                for (int e = 0; e < width; e += Vector256<double>.Count)
                    (Vector256.Load(mean + e) + Vector256.Load(other + e)).Store(mean + e);
            // An atom without order is like no other.
            double scale = own[inverse] * other[inverse];
            if (scale > 0 && Product(own, other, _options.SolidDegree) * scale > _options.Threshold)
                bonds++;
        }

        if (_options.Averaged)
        {
            for (int e = 0; e < width; e++)
                mean[e] /= count + 1;
            Write(atom, mean, _realColumns / 2);
        }

        if (_options.SolidBonds > 0)
        {
            _context.Output.Integers(_realColumns)[atom] = bonds;
            _context.Output.Integers(_realColumns + 1)[atom] = bonds >= _options.SolidBonds ? 1 : 0;
        }
    }

    /// <summary>Nearest neighbors that are taken; returns false where more must be looked for.</summary>
    private bool Take(in NearestNeighbors nearest, out int count)
    {
        int wanted = _options.Neighbors;
        count = Math.Min(wanted, nearest.Count);
        if (nearest.Count < wanted)
            return nearest.IsFinal;
        double last = nearest.Squares[wanted - 1] * (1 + AdaptiveCommonNeighborAnalysis.TieTolerance);
        while (count < nearest.Count && nearest.Squares[count] <= last)
            count++;
        return count < nearest.Count || nearest.IsFinal || nearest.Beyond > last;
    }

    private void Reduce()
    {
        Array.Clear(_sums);
        for (int i = 0; i < _localCount; i++)
        {
            if (!_context.IsSelected(i))
                continue;
            for (int column = 0; column < _realColumns; column++)
                Mean.Add(_sums.AsSpan(FixedSum.Length * column), _context.Output.Reals(column)[i]);
            if (_options.SolidBonds > 0)
                _sums[^2] += _context.Output.Integers(_realColumns + 1)[i];
            _sums[^1]++;
        }

        _context.Sum(_sums);
        Span<double> globals = _context.Output.Globals;
        for (int column = 0; column < _realColumns; column++)
            globals[column] = _sums[^1] > 0 ? Mean.Value(_sums.AsSpan(FixedSum.Length * column)) / _sums[^1] : 0;
        if (_options.SolidBonds > 0)
            globals[_realColumns] = _sums[^2];
    }

    private readonly struct Visitor(SteinhardtAnalysis analysis, bool isSecond) : INearestVisitor
    {
        public bool Visit(int atom, in NearestNeighbors nearest, int worker)
        {
            if (!analysis.Take(nearest, out int count) && !nearest.IsFinal)
                return false;
            if (isSecond)
                analysis.Compare(atom, new TakenNeighbors(nearest, count));
            else
                analysis.Measure(atom, nearest.X, nearest.Y, nearest.Z, count);
            return true;
        }
    }
}
