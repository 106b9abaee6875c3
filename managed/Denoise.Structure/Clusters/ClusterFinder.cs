using Denoise.Atoms;
using Denoise.Atoms.Memory;
using Denoise.Atoms.Threading;
using Denoise.Neighbors;
using Denoise.Structure.Analyses;

namespace Denoise.Structure.Clusters;

/// <summary>
/// Finds which members are connected. Every rank joins what it sees; what reaches over its border is then told apart by the least id,
/// exchanged until nothing changes. On the way it is found by how many edges of the box an atom is shifted against the atom of that id, if
/// the cluster is put together along its bonds.
/// </summary>
internal sealed unsafe class ClusterFinder : IDisposable
{
    /// <summary>Values per atom that are exchanged.</summary>
    public const int RowWidth = 4;

    private const int Grain = 1 << 12;

    private readonly WorkerPool _pool;
    private readonly IClusterRule _rule;
    private readonly double _cutoff;
    private readonly DisjointSets _sets = new();
    private readonly NativeBuffer<bool> _members = new();
    private readonly NativeBuffer<double> _rows = new();
    private readonly NativeBuffer<ImageShift> _ghostShifts = new();

    // Per set, at the place of its root: the least id that is known, and how the set is shifted against the atom of that id.
    private readonly NativeBuffer<long> _labels = new();
    private readonly NativeBuffer<ImageShift> _shifts = new();

    private readonly long[] _flag = new long[1];
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
    /// <param name="rule">which atoms, and which of their bonds</param>
    /// <param name="cutoff">Å</param>
    public ClusterFinder(WorkerPool pool, IClusterRule rule, double cutoff)
    {
        (_pool, _rule, _cutoff, _choose, _join) = (pool, rule, cutoff, Choose, Join);
        (_separateSome, _joinSome, _flattenSome) = (Separate, Join, Flatten);
    }

    /// <summary>Collective.</summary>
    public void Find(AnalysisContext context)
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
    }

    /// <summary>Whether an atom, owned or ghost, is in a cluster.</summary>
    public bool IsMember(int atom) => _members[atom];

    /// <summary>The first owned atom of what this rank has joined with an owned member.</summary>
    public int RootOf(int atom) => _sets.FlatRoot(atom);

    /// <summary>The least id of the cluster of a root.</summary>
    public long LabelOf(int root) => _labels[root];

    /// <summary>Whether an owned atom is the one of the least id of a cluster.</summary>
    public bool IsFirst(int atom) => _members[atom] && Id(atom) == _labels[_sets.FlatRoot(atom)];

    /// <summary>The number of an owned atom.</summary>
    public long Id(int atom) => _context.Ids == null ? _firstNumber + atom : _context.Ids[atom];

    /// <summary>What the ranks before this one have of something. Collective.</summary>
    public long CountBefore(long count, out long all)
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

    /// <summary>An owned member in the image in which its cluster is put together along its bonds; without a box, as it is.</summary>
    public Vec3 Unwrapped(int atom)
    {
        double* r = _context.Particles.Positions + 3L * atom;
        Vec3 position = new(r[0], r[1], r[2]);
        return _context.Box is { } box ? position + _shifts[_sets.FlatRoot(atom)].In(box) : position;
    }

    /// <summary>
    /// Whether an image of an atom of a cluster is bonded where another image of it belongs, as far as this rank sees. Shifts must have
    /// been shown (<see cref="SendLabels"/>) since the labels were found.
    /// </summary>
    /// <param name="numbers">[owned] of the clusters</param>
    /// <param name="number">of this one</param>
    public bool MeetsItself(long* numbers, long number)
    {
        for (int g = 0; g < _context.Particles.GhostCount; g++)
        {
            int ghost = _localCount + g, root = _sets.FlatRoot(ghost);
            if (!_members[ghost] || root >= _localCount || numbers[root] != number)
                continue;
            if (OfOwner(g).Shift - _ghostShifts[g] != _shifts[root])
                return true;
        }

        return false;
    }

    /// <summary>Shows labels and shifts of the owned atoms to their ghosts. Collective.</summary>
    public void SendLabels()
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

    public void Dispose()
    {
        _sets.Dispose();
        _members.Dispose();
        _rows.Dispose();
        _ghostShifts.Dispose();
        _labels.Dispose();
        _shifts.Dispose();
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
        _list = _context.Neighbors(_cutoff);
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
}
