using Denoise.Atoms;
using Denoise.Atoms.Memory;
using Denoise.Atoms.Threading;
using Denoise.Neighbors;
using Denoise.Structure.Analyses;

namespace Denoise.Structure.Clusters;

/// <summary>
/// Clusters of chosen atoms: two that are closer than a cutoff are in the same one, across the edges of a periodic box and from rank
/// to rank, as in LAMMPS's compute cluster/atom and OVITO's cluster analysis. Clusters are numbered by size, the largest is 1; of
/// equal ones that with the least atom id comes first. Every rank joins what it sees; what reaches over its border is then told
/// apart by the least id, exchanged until nothing changes. The radius of gyration of the largest, all masses equal, is that of its
/// atoms put together along their bonds; a cluster that meets its own image has none, and 0 is shown. Besides its atoms' rows, a rank
/// holds 20 bytes per cluster of all ranks.
/// </summary>
public sealed unsafe class ClusterAnalysis : IAnalysis
{
    /// <summary>By which users name it.</summary>
    public static AnalysisKind Kind { get; } = new("clusters", $"clusters:{AtomChoice.Usage},cutoff=RC",
        "connected clusters of atoms of a structure or type: numbers by size, sizes, radius of gyration of the largest", Create);

    private const int Grain = 1 << 12;
    private const int RowWidth = 4;

    private static readonly FixedSum Lengths = new(1.0 / (1 << 20)), Squares = new(1.0 / (1 << 20));

    private readonly WorkerPool _pool;
    private readonly IClusterRule _rule;
    private readonly long _smallest;
    private readonly DisjointSets _sets = new();
    private readonly NativeBuffer<bool> _members = new();
    private readonly NativeBuffer<double> _rows = new();
    private readonly NativeBuffer<ImageShift> _ghostShifts = new();

    // Per set, at the place of its root: the least id that is known, and how the set is shifted against the atom of that id.
    private readonly NativeBuffer<long> _labels = new();
    private readonly NativeBuffer<ImageShift> _shifts = new();

    // Of all ranks: ids, numbers and sizes of the clusters, by id.
    private readonly NativeBuffer<long> _clusterIds = new();
    private readonly NativeBuffer<long> _clusterSizes = new();
    private readonly NativeBuffer<int> _clusterNumbers = new();
    private readonly NativeBuffer<RankedCluster> _ranked = new();

    private readonly long[] _flag = new long[1];
    private readonly long[] _sums = new long[3 * FixedSum.Length + 1];
    private readonly Action _choose;
    private readonly Action _join;
    private readonly WorkerPool.Body _separateSome;
    private readonly WorkerPool.Body _joinSome;
    private readonly WorkerPool.Body _flattenSome;

    private long[] _rankCounts = [];
    private AnalysisContext _context = null!;
    private NeighborList _list = null!;
    private int* _owners;
    private bool _isAlone;
    private long _firstNumber;
    private int _localCount;

    /// <param name="pool">threads, borrowed</param>
    /// <param name="name">of columns and globals</param>
    /// <param name="rule">which atoms, and which of their bonds</param>
    /// <param name="cutoff">Å</param>
    /// <param name="smallest">atoms of the smallest cluster that is numbered and counted</param>
    internal ClusterAnalysis(WorkerPool pool, string name, IClusterRule rule, double cutoff, long smallest = 1)
    {
        (_pool, _rule, Cutoff, _smallest, _choose, _join) = (pool, rule, cutoff, smallest, Choose, Join);
        (_separateSome, _joinSome, _flattenSome) = (Separate, Join, Flatten);
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

    public int ExchangeWidth => RowWidth;

    public void Run(AnalysisContext context)
    {
        (_context, _localCount) = (context, context.Particles.LocalCount);
        // One rank whose ghosts' owners are known exchanges nothing, and needs no rows.
        _isAlone = context.Halo.TryGetOwners(out _owners) && context.Communicator.Size == 1;
        context.Attempt(_choose);
        // Where the host knows no ids, atoms are numbered from 1, rank after rank.
        _firstNumber = 1 + CountBefore(_localCount, out _);
        ShowMembersToGhosts();
        context.Attempt(_join);
        SpreadLabels();
        NumberClusters();
        MeasureLargest();
    }

    public void Dispose()
    {
        _sets.Dispose();
        _members.Dispose();
        _rows.Dispose();
        _ghostShifts.Dispose();
        _labels.Dispose();
        _shifts.Dispose();
        _clusterIds.Dispose();
        _clusterSizes.Dispose();
        _clusterNumbers.Dispose();
        _ranked.Dispose();
    }

    private static ClusterAnalysis Create(AnalysisArguments arguments, AnalysisServices services)
    {
        AtomChoice choice = new(arguments, "clusters");
        return new(services.Pool, "cluster", choice, arguments.Length("cutoff"));
    }

    private void Choose()
    {
        _rule.Check(_context);
        int count = _context.Particles.Count;
        _sets.Resize(count);
        _members.Resize(count);
        _ghostShifts.Resize(_context.Particles.GhostCount);
        _labels.Resize(_localCount);
        _shifts.Resize(_localCount);
        _rows.Resize(_isAlone ? 0 : (long)RowWidth * count);
        for (int i = 0; i < _localCount; i++)
            _members[i] = _rule.Contains(_context, i);
    }

    private long Id(int atom) => _context.Ids == null ? _firstNumber + atom : _context.Ids[atom];

    /// <summary>What the ranks before this one have of something. Collective.</summary>
    private long CountBefore(long count, out long all)
    {
        if (_rankCounts.Length != _context.Communicator.Size)
            _rankCounts = new long[_context.Communicator.Size];
        Array.Clear(_rankCounts);
        _rankCounts[_context.Communicator.Rank] = count;
        _context.Sum(_rankCounts);
        (all, long before) = (0, 0);
        for (int rank = 0; rank < _rankCounts.Length; rank++)
        {
            before += rank < _context.Communicator.Rank ? _rankCounts[rank] : 0;
            all += _rankCounts[rank];
        }

        return before;
    }

    /// <summary>Ghosts learn whether they are members, and by what they are shifted against their atoms. Collective.</summary>
    private void ShowMembersToGhosts()
    {
        double* r = _context.Particles.Positions, rows = _rows.Pointer;
        for (int i = 0; !_isAlone && i < _localCount; i++)
        {
            double* row = rows + RowWidth * (long)i;
            (row[0], row[1], row[2], row[3]) = (_members[i] ? 1 : 0, r[3L * i], r[3L * i + 1], r[3L * i + 2]);
        }

        if (!_isAlone)
            _context.Halo.Forward(rows, RowWidth);
        Box? box = _context.Box;
        var reciprocal = box is null ? default : box.Reciprocal;
        for (int g = 0; g < _context.Particles.GhostCount; g++)
        {
            int ghost = _localCount + g;
            double* owner = _isAlone ? r + 3L * _owners[g] : rows + RowWidth * (long)ghost + 1, image = r + 3L * ghost;
            _members[ghost] = _isAlone ? _members[_owners[g]] : owner[-1] != 0;
            _ghostShifts[g] = box is null
                ? default
                : ImageShift.Of(box, reciprocal, new(image[0] - owner[0], image[1] - owner[1], image[2] - owner[2]));
        }
    }

    private void Join()
    {
        _list = _context.Neighbors(Cutoff);
        _pool.Run(_context.Particles.Count, Grain, _separateSome);
        _pool.Run(_localCount, Grain, _joinSome);
        _pool.Run(_context.Particles.Count, Grain, _flattenSome);
        new Span<long>(_labels.Pointer, _localCount).Fill(long.MaxValue);
        _shifts.Clear();
        for (int i = 0; i < _localCount; i++)
            if (_members[i])
                _labels[_sets.FlatRoot(i)] = Math.Min(_labels[_sets.FlatRoot(i)], Id(i));
    }

    private void Separate(int begin, int end, int worker)
    {
        for (int i = begin; i < end; i++)
            _sets.Separate(i);
    }

    private void Join(int begin, int end, int worker)
    {
        bool* members = _members.Pointer;
        for (int i = begin; i < end; i++)
        {
            if (!members[i])
                continue;
            NeighborRow row = _list[i];
            for (int k = 0; k < row.Count; k++)
                if (row[k] > i && members[row[k]] && _rule.AreBonded(i, row[k]))
                    _sets.Join(i, row[k]);
        }
    }

    private void Flatten(int begin, int end, int worker)
    {
        for (int i = begin; i < end; i++)
            _sets.Flatten(i);
    }

    /// <summary>
    /// Every set takes the least id of what its ghosts are images of, until none changes. All members of a set are shifted alike:
    /// they were joined as they lie. Collective.
    /// </summary>
    private void SpreadLabels()
    {
        do
        {
            SendLabels();
            _flag[0] = TakeLabels() ? 1 : 0;
            _context.Sum(_flag);
        }
        while (_flag[0] > 0);
    }

    private void SendLabels()
    {
        if (_isAlone)
            return;
        for (int i = 0; i < _localCount; i++)
        {
            if (!_members[i])
                continue;
            double* row = _rows.Pointer + RowWidth * (long)i;
            int root = _sets.FlatRoot(i);
            (row[0], row[1], row[2], row[3]) = (_labels[root], _shifts[root].A, _shifts[root].B, _shifts[root].C);
        }

        _context.Halo.Forward(_rows.Pointer, RowWidth);
    }

    private bool TakeLabels()
    {
        bool isChanged = false;
        for (int g = 0; g < _context.Particles.GhostCount; g++)
        {
            int ghost = _localCount + g, root = _sets.FlatRoot(ghost);
            // The root of a ghost that no owned atom is bonded to is a ghost.
            if (!_members[ghost] || root >= _localCount)
                continue;
            (long label, ImageShift shift) = OfOwner(g);
            if (label >= _labels[root])
                continue;
            (_labels[root], _shifts[root], isChanged) = (label, shift - _ghostShifts[g], true);
        }

        return isChanged;
    }

    private (long Label, ImageShift Shift) OfOwner(int g)
    {
        if (_isAlone)
        {
            int owner = _sets.FlatRoot(_owners[g]);
            return (_labels[owner], _shifts[owner]);
        }

        double* row = _rows.Pointer + RowWidth * (long)(_localCount + g);
        return ((long)row[0], new((int)row[1], (int)row[2], (int)row[3]));
    }

    /// <summary>Numbers by size. The least id of a cluster is that of one owned atom on one rank. Collective.</summary>
    private void NumberClusters()
    {
        long first = 0;
        for (int i = 0; i < _localCount; i++)
            first += IsFirst(i) ? 1 : 0;
        long place = CountBefore(first, out long count);
        Span<long> ids = Cleared(_clusterIds, count), sizes = Cleared(_clusterSizes, count);
        for (int i = 0; i < _localCount; i++)
            if (IsFirst(i))
                ids[(int)place++] = Id(i);
        _context.Sum(ids);
        ids.Sort();
        long* columns = _context.Output.Integers(0);
        for (int i = 0; i < _localCount; i++)
        {
            columns[i] = -1;
            if (!_members[i])
                continue;
            // Roots come before the others of their sets.
            int root = _sets.FlatRoot(i);
            columns[i] = root == i ? MemoryExtensions.BinarySearch<long, long>(ids, _labels[i]) : columns[root];
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

    private bool IsFirst(int atom) => _members[atom] && Id(atom) == _labels[_sets.FlatRoot(atom)];

    /// <summary>Radius of gyration of the largest cluster, in two passes: about its center. Collective.</summary>
    private void MeasureLargest()
    {
        SendLabels();
        Span<double> globals = _context.Output.Globals;
        double size = globals[1];
        Array.Clear(_sums);
        for (int i = 0; i < _localCount; i++)
        {
            if (_context.Output.Integers(0)[i] != 1)
                continue;
            Vec3 r = Unwrapped(i);
            for (int axis = 0; axis < 3; axis++)
                Lengths.Add(_sums.AsSpan(FixedSum.Length * axis), r[axis]);
        }

        _sums[^1] = _context.Box is null || MeetsItself() ? 1 : 0;
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
            Vec3 d = Unwrapped(i) - center;
            Squares.Add(_sums, Vec3.Dot(d, d));
        }

        _context.Sum(_sums.AsSpan(0, FixedSum.Length));
        globals[2] = isMeasured ? Math.Sqrt(Squares.Value(_sums) / size) * _context.HostPerAngstrom : 0;
    }

    private Vec3 Unwrapped(int atom)
    {
        double* r = _context.Particles.Positions + 3L * atom;
        Vec3 position = new(r[0], r[1], r[2]);
        return _context.Box is { } box ? position + _shifts[_sets.FlatRoot(atom)].In(box) : position;
    }

    /// <summary>Whether an image of an atom of the largest cluster is bonded where another image of it belongs.</summary>
    private bool MeetsItself()
    {
        for (int g = 0; g < _context.Particles.GhostCount; g++)
        {
            int ghost = _localCount + g, root = _sets.FlatRoot(ghost);
            if (!_members[ghost] || root >= _localCount || _context.Output.Integers(0)[root] != 1)
                continue;
            if (OfOwner(g).Shift - _ghostShifts[g] != _shifts[root])
                return true;
        }

        return false;
    }

    /// <summary>Larger ones first, then those of the lower id.</summary>
    private readonly record struct RankedCluster(long Size, int Index) : IComparable<RankedCluster>
    {
        public int CompareTo(RankedCluster other) => Size != other.Size ? other.Size.CompareTo(Size) : Index.CompareTo(other.Index);
    }
}
