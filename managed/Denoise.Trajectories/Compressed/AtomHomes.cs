using Denoise.Atoms;
using Denoise.Parallel;

namespace Denoise.Trajectories.Compressed;

/// <summary>
/// Brings atoms to the process that writes their block, their home, which stays the same from one key frame to the next while a
/// simulation hands them from process to process. Who writes which block has no influence on what is written.
/// </summary>
internal sealed unsafe class AtomHomes(IExchange communicator, int chunkAtoms) : IDisposable
{
    private const int FixedWords = 5;

    private readonly RowExchange _exchange = new(communicator);
    private readonly RowExchange _answers = new(communicator);
    private readonly Frame _home = new();
    private Frame? _current;

    // Of the atoms that are here at home: place of each id in the blocks of this process, one after the other.
    private readonly Dictionary<long, int> _slots = [];

    // Of ids that are asked for here, which is decided by the id alone: their homes.
    private readonly Dictionary<long, int> _directory = [];

    // Of atoms that this process brought last.
    private readonly Dictionary<long, int> _known = [];
    private long[] _broughtIds = [];
    private int[] _targets = [];
    private long[] _homeIds = [];
    private int[] _blockSizes = [];
    private int[] _byId = [];
    private long _total;
    private bool _idsAreUnique;

    /// <summary>Atoms of the blocks of this process, and others where it is the only one; valid until the next call.</summary>
    public Frame Home => _current ?? _home;

    /// <summary>Of each block of this process, rows of <see cref="Home"/>; an encoder may reorder those of a key frame.</summary>
    public int[][] Rows { get; private set; } = [];

    /// <summary>Number of the first block of this process.</summary>
    public int FirstBlock { get; private set; }

    /// <summary>Of all processes.</summary>
    public int Blocks { get; private set; }

    private bool IsAlone => communicator.Size == 1;

    /// <summary>Begins anew: cuts the atoms into blocks. Collective.</summary>
    /// <param name="frame">what this process has of it</param>
    /// <param name="total">atoms of all processes</param>
    public void Begin(Frame frame, long total)
    {
        BlockTree tree = BlockTree.Cut(frame, chunkAtoms, communicator);
        (_total, Blocks) = (total, tree.Counts.Count);
        FirstBlock = FirstOf(communicator.Rank);
        _blockSizes = [.. tree.Counts.Skip(FirstBlock).Take(FirstOf(communicator.Rank + 1) - FirstBlock).Select(count => (int)count)];
        int[] blocks = tree.Blocks;
        if (IsAlone)
        {
            _current = frame;
        }
        else
        {
            _targets = [.. blocks.Select(HomeOf)];
            Bring(frame, blocks);
            blocks = new int[_home.Count];
            for (int i = 0; i < blocks.Length; i++)
                blocks[i] = (int)_exchange.Incoming(i)[FixedWords + _home.Columns.Count];
        }

        Group(blocks);
        _homeIds = Home.Ids.Span.ToArray();
        _slots.Clear();
        Register(frame);
    }

    /// <summary>Finds the atoms of the last frame again; false, on all processes: they are others. Collective.</summary>
    public bool TryFollow(Frame frame, long total)
    {
        if (!_idsAreUnique || total != _total)
            return false;
        if (IsAlone)
            _current = frame;
        else if (Any(!TryFindHomes(frame)))
            return false;
        else
            Bring(frame, null);
        bool isSame = Home.Ids.Span.SequenceEqual(_homeIds);
        return !Any(!(isSame || TryFindSlots()));
    }

    public void Dispose()
    {
        _exchange.Dispose();
        _answers.Dispose();
        _home.Dispose();
    }

    private int FirstOf(int rank) => (int)(((long)rank * Blocks + communicator.Size - 1) / communicator.Size);

    private int HomeOf(int block) => (int)((long)block * communicator.Size / Blocks);

    private int DirectoryOf(long id) => (int)((ulong)id % (ulong)communicator.Size);

    private bool Any(bool here)
    {
        Span<double> flag = [here ? 1 : 0];
        communicator.AllReduceMax(flag);
        return flag[0] > 0;
    }

    /// <summary>Sends all atoms home, into <see cref="_home"/>.</summary>
    private void Bring(Frame frame, int[]? blocks)
    {
        IReadOnlyList<FrameColumn> columns = frame.Columns;
        int width = FixedWords + columns.Count + (blocks is null ? 0 : 1);
        _exchange.Prepare(_targets, width);
        for (int i = 0; i < frame.Count; i++)
        {
            long* row = _exchange.Outgoing(i);
            (row[0], row[1]) = (frame.Ids[i], frame.Types[i]);
            for (int a = 0; a < 3; a++)
                row[2 + a] = BitConverter.DoubleToInt64Bits(frame.Positions[3L * i + a]);
            for (int c = 0; c < columns.Count; c++)
                row[FixedWords + c] = columns[c].RawPointer[i];
            if (blocks is not null)
                row[width - 1] = blocks[i];
        }

        _exchange.Complete();
        _home.Clear();
        (_home.Step, _home.Box) = (frame.Step, frame.Box);
        _home.Resize(_exchange.Count);
        FrameColumn[] own = [.. columns.Select(column => _home.SetColumn(column.Name, column.Kind))];
        for (int i = 0; i < _home.Count; i++)
        {
            long* row = _exchange.Incoming(i);
            (_home.Ids[i], _home.Types[i]) = (row[0], (int)row[1]);
            for (int a = 0; a < 3; a++)
                _home.Positions[3L * i + a] = BitConverter.Int64BitsToDouble(row[2 + a]);
            for (int c = 0; c < own.Length; c++)
                own[c].RawPointer[i] = row[FixedWords + c];
        }

        _current = _home;
    }

    /// <summary>Rows of each block, by their ids: no result depends on the order in which atoms came.</summary>
    private void Group(int[] blocks)
    {
        Rows = [.. _blockSizes.Select(size => new int[size])];
        int[] filled = new int[Rows.Length];
        _byId = IdOrder.Of(Home.Ids.Span[..Home.Count]);
        foreach (int row in _byId)
        {
            int block = blocks[row] - FirstBlock;
            Rows[block][filled[block]++] = row;
        }
    }

    /// <summary>Notes where atoms are at home, and whether each id is there once.</summary>
    private void Register(Frame frame)
    {
        _directory.Clear();
        _known.Clear();
        bool isUnique = true;
        if (IsAlone)
        {
            for (int i = 1; i < _byId.Length; i++)
                isUnique &= _homeIds[_byId[i]] != _homeIds[_byId[i - 1]];
        }
        else
        {
            _broughtIds = frame.Ids.Span[..frame.Count].ToArray();
            int[] directories = [.. _broughtIds.Select(DirectoryOf)];
            _answers.Prepare(directories, 2);
            for (int i = 0; i < directories.Length; i++)
            {
                long* row = _answers.Outgoing(i);
                (row[0], row[1]) = (_broughtIds[i], _targets[i]);
            }

            _answers.Complete();
            for (int i = 0; i < _answers.Count; i++)
                isUnique &= _directory.TryAdd(_answers.Incoming(i)[0], (int)_answers.Incoming(i)[1]);
        }

        _idsAreUnique = !Any(!isUnique);
    }

    /// <summary>Where this process must send its atoms; false: nobody knows some of them. Collective.</summary>
    private bool TryFindHomes(Frame frame)
    {
        ReadOnlySpan<long> ids = frame.Ids.Span[..frame.Count];
        bool isSame = ids.SequenceEqual(_broughtIds);
        if (!Any(!isSame))
            return true;
        List<int> unknown = [];
        if (!isSame)
        {
            _known.Clear();
            for (int i = 0; i < _broughtIds.Length; i++)
                _known[_broughtIds[i]] = _targets[i];
            _targets = new int[ids.Length];
            for (int i = 0; i < ids.Length; i++)
                if (!_known.TryGetValue(ids[i], out _targets[i]))
                    unknown.Add(i);
            _broughtIds = ids.ToArray();
        }

        // Their ids go to those who know, and come back with the home; -1: there is none.
        int[] directories = new int[unknown.Count];
        for (int k = 0; k < directories.Length; k++)
            directories[k] = DirectoryOf(ids[unknown[k]]);
        _exchange.Prepare(directories, 1);
        for (int k = 0; k < directories.Length; k++)
            _exchange.Outgoing(k)[0] = ids[unknown[k]];
        _exchange.Complete();
        _answers.Prepare(_exchange.Sources(), 1);
        for (int k = 0; k < _exchange.Count; k++)
            _answers.Outgoing(k)[0] = _directory.GetValueOrDefault(_exchange.Incoming(k)[0], -1);
        _answers.Complete();
        bool areKnown = true;
        for (int k = 0; k < directories.Length; k++)
        {
            int home = (int)_answers.Incoming(_exchange.PlaceOf(k))[0];
            areKnown &= home >= 0;
            _targets[unknown[k]] = Math.Max(home, 0);
        }

        return areKnown;
    }

    /// <summary>Puts the rows at home into the order of the last frame; false: they are other atoms.</summary>
    private bool TryFindSlots()
    {
        if (Home.Count != _homeIds.Length)
            return false;
        int slot = 0;
        if (_slots.Count == 0)
            foreach (int[] rows in Rows)
                foreach (int row in rows)
                    _slots.Add(_homeIds[row], slot++);
        int[] rowOf = new int[Home.Count];
        Array.Fill(rowOf, -1);
        for (int row = 0; row < rowOf.Length; row++)
        {
            if (!_slots.TryGetValue(Home.Ids[row], out slot) || rowOf[slot] >= 0)
                return false;
            rowOf[slot] = row;
        }

        slot = 0;
        foreach (int[] rows in Rows)
        {
            rowOf.AsSpan(slot, rows.Length).CopyTo(rows);
            slot += rows.Length;
        }

        _homeIds = Home.Ids.Span[..Home.Count].ToArray();
        return true;
    }
}
