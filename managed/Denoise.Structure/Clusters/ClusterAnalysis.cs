using Denoise.Atoms;
using Denoise.Atoms.Memory;
using Denoise.Atoms.Threading;
using Denoise.Structure.Analyses;

namespace Denoise.Structure.Clusters;

/// <summary>
/// Clusters of chosen atoms: two that are closer than a cutoff are in the same one, across the edges of a periodic box and from rank
/// to rank, as in LAMMPS's compute cluster/atom and OVITO's cluster analysis. Clusters are numbered by size, the largest is 1; of
/// equal ones that with the least atom id comes first (<see cref="ClusterFinder"/> tells them apart). The radius of gyration of the
/// largest, all masses equal, is that of its atoms put together along their bonds; a cluster that meets its own image has none, and 0
/// is shown. Besides its atoms' rows, a rank holds 20 bytes per cluster of all ranks.
/// </summary>
public sealed unsafe class ClusterAnalysis : IAnalysis
{
    /// <summary>By which users name it.</summary>
    public static AnalysisKind Kind { get; } = new("clusters", $"clusters:{AtomChoice.Usage},cutoff=RC",
        "connected clusters of atoms of a structure or type: numbers by size, sizes, radius of gyration of the largest", Create);

    private static readonly FixedSum Lengths = new(1.0 / (1 << 20)), Squares = new(1.0 / (1 << 20));

    private readonly ClusterFinder _finder;
    private readonly long _smallest;

    // Of all ranks: ids, numbers and sizes of the clusters, by id.
    private readonly NativeBuffer<long> _clusterIds = new();
    private readonly NativeBuffer<long> _clusterSizes = new();
    private readonly NativeBuffer<int> _clusterNumbers = new();
    private readonly NativeBuffer<RankedCluster> _ranked = new();

    private readonly long[] _sums = new long[3 * FixedSum.Length + 1];

    private AnalysisContext _context = null!;
    private int _localCount;

    /// <param name="pool">threads, borrowed</param>
    /// <param name="name">of columns and globals</param>
    /// <param name="rule">which atoms, and which of their bonds</param>
    /// <param name="cutoff">Å</param>
    /// <param name="smallest">atoms of the smallest cluster that is numbered and counted</param>
    internal ClusterAnalysis(WorkerPool pool, string name, IClusterRule rule, double cutoff, long smallest = 1)
    {
        (_finder, Cutoff, _smallest) = (new(pool, rule, cutoff), cutoff, smallest);
        Columns = [new(name, ColumnKind.Integer, "Cluster"), new($"{name}_size", ColumnKind.Integer)];
        Globals =
        [
            new($"{name}_count", ColumnKind.Integer), new($"{name}_largest", ColumnKind.Integer),
            new($"{name}_largest_gyration", ColumnKind.Real), new($"{name}_largest_endless", ColumnKind.Integer),
        ];
    }

    public IReadOnlyList<AnalysisColumn> Columns { get; }

    public IReadOnlyList<AnalysisGlobal> Globals { get; }

    public double Cutoff { get; }

    public int ExchangeWidth => ClusterFinder.RowWidth;

    public void Run(AnalysisContext context)
    {
        (_context, _localCount) = (context, context.Particles.LocalCount);
        _finder.Find(context);
        NumberClusters();
        MeasureLargest();
    }

    public void Dispose()
    {
        _finder.Dispose();
        _clusterIds.Dispose();
        _clusterSizes.Dispose();
        _clusterNumbers.Dispose();
        _ranked.Dispose();
    }

    private static ClusterAnalysis Create(AnalysisArguments arguments, AnalysisServices services)
    {
        AtomChoice choice = new(arguments, services, "clusters");
        return new(services.Pool, "cluster", choice, arguments.Length("cutoff"));
    }

    /// <summary>Numbers by size. The least id of a cluster is that of one owned atom on one rank. Collective.</summary>
    private void NumberClusters()
    {
        long first = 0;
        for (int i = 0; i < _localCount; i++)
            first += _finder.IsFirst(i) ? 1 : 0;
        long place = _finder.CountBefore(first, out long count);
        Span<long> ids = Cleared(_clusterIds, count), sizes = Cleared(_clusterSizes, count);
        for (int i = 0; i < _localCount; i++)
            if (_finder.IsFirst(i))
                ids[(int)place++] = _finder.Id(i);
        _context.Sum(ids);
        ids.Sort();
        long* columns = _context.Output.Integers(0);
        for (int i = 0; i < _localCount; i++)
        {
            columns[i] = -1;
            if (!_finder.IsMember(i))
                continue;
            // Roots come before the others of their sets.
            int root = _finder.RootOf(i);
            columns[i] = root == i ? MemoryExtensions.BinarySearch<long, long>(ids, _finder.LabelOf(i)) : columns[root];
            sizes[(int)columns[i]]++;
        }

        _context.Sum(sizes);
        _ranked.Resize(count);
        _clusterNumbers.Resize(count);
        for (int k = 0; k < count; k++)
            _ranked[k] = new(sizes[k], k);
        _ranked.Span.Sort();
        long counted = 0;
        for (int k = 0; k < count; k++)
        {
            bool isCounted = _ranked[k].Size >= _smallest;
            counted += isCounted ? 1 : 0;
            _clusterNumbers[_ranked[k].Index] = isCounted ? k + 1 : 0;
        }

        long* sizeColumn = _context.Output.Integers(1);
        for (int i = 0; i < _localCount; i++)
            (sizeColumn[i], columns[i]) = columns[i] < 0 ? (0, 0) : (sizes[(int)columns[i]], _clusterNumbers[columns[i]]);
        Span<double> globals = _context.Output.Globals;
        (globals[0], globals[1]) = (counted, count > 0 ? _ranked[0].Size : 0);

        static Span<long> Cleared(NativeBuffer<long> buffer, long length)
        {
            buffer.Resize(length);
            buffer.Clear();
            return buffer.Span;
        }
    }

    /// <summary>Radius of gyration of the largest cluster, in two passes: about its center. Collective.</summary>
    private void MeasureLargest()
    {
        _finder.SendLabels();
        Span<double> globals = _context.Output.Globals;
        double size = globals[1];
        Array.Clear(_sums);
        for (int i = 0; i < _localCount; i++)
        {
            if (_context.Output.Integers(0)[i] != 1)
                continue;
            Vec3 r = _finder.Unwrapped(i);
            for (int axis = 0; axis < 3; axis++)
                Lengths.Add(_sums.AsSpan(FixedSum.Length * axis), r[axis]);
        }

        _sums[^1] = _context.Box is null || _finder.MeetsItself(_context.Output.Integers(0), 1) ? 1 : 0;
        _context.Sum(_sums);
        globals[3] = _context.Box is not null && _sums[^1] > 0 ? 1 : 0;
        bool isMeasured = _sums[^1] == 0 && size > 0;
        Vec3 center = default;
        if (isMeasured)
            center = new Vec3(Lengths.Value(_sums), Lengths.Value(_sums.AsSpan(2)), Lengths.Value(_sums.AsSpan(4))) * (1 / size);
        Array.Clear(_sums);
        for (int i = 0; isMeasured && i < _localCount; i++)
        {
            if (_context.Output.Integers(0)[i] != 1)
                continue;
            Vec3 d = _finder.Unwrapped(i) - center;
            Squares.Add(_sums, Vec3.Dot(d, d));
        }

        _context.Sum(_sums.AsSpan(0, FixedSum.Length));
        globals[2] = isMeasured ? Math.Sqrt(Squares.Value(_sums) / size) * _context.HostPerAngstrom : 0;
    }

    /// <summary>Larger ones first, then those of the lower id.</summary>
    private readonly record struct RankedCluster(long Size, int Index) : IComparable<RankedCluster>
    {
        public int CompareTo(RankedCluster other) => Size != other.Size ? other.Size.CompareTo(Size) : Index.CompareTo(other.Index);
    }
}
