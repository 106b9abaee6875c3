using System.Runtime.ExceptionServices;
using System.Runtime.Intrinsics;
using Denoise.Atoms;
using Denoise.Parallel;

namespace Denoise.Trajectories.Compressed;

/// <summary>Turns frames, one after the other, into the records of a .dnz file, which processes may share.</summary>
internal sealed class FrameCompressor : IDisposable
{
    // Where fewer are in the box, files do not fold positions into it.
    private const double LeastInside = 0.99;

    // The same for denoised positions, of which half of those at a face are at its other side.
    private const double LeastInsideMoved = 0.95;

    private readonly DnzOptions _options;
    private readonly IExchange _communicator;
    private readonly Action<Exception?> _agree;
    private readonly IRecordTarget _target;
    private readonly AtomHomes _homes;
    private readonly EncoderTools _tools = new();
    private readonly ByteSink _sink = new();
    private readonly List<ChunkEncoder> _blocks = [];
    private readonly List<(long Offset, long Step, long Key)> _index = [];
    private string _schema = "";
    private long _key;
    private bool _isBroken;

    /// <param name="options">equal on all processes</param>
    /// <param name="communicator">the processes</param>
    /// <param name="target">takes the records, borrowed</param>
    /// <param name="agree">fails on all of them where one has failed; may be null for one process</param>
    /// <exception cref="InputException">a bound that is no length, or a number out of range</exception>
    public FrameCompressor(DnzOptions options, IExchange communicator, IRecordTarget target, Action<Exception?>? agree = null)
    {
        if (options.Mode != DnzMode.Lossless && !(options.Bound > 0 && double.IsFinite(options.Bound)))
            throw new InputException($"bound {options.Bound} is no length above 0; give one such as 0.01");
        if (options.KeyEvery < 1 || options.ChunkAtoms is < 0 or > ChunkState.MostAtoms)
            throw new InputException($"{options.KeyEvery} frames to a key and {options.ChunkAtoms} atoms to a chunk are impossible");
        _options = options.ChunkAtoms > 0 ? options : options with
        {
            // A smooth field of few terms describes a small block.
            ChunkAtoms = options.Mode == DnzMode.Structure ? 4096 : 16384,
        };
        (_communicator, _agree, _target) = (communicator, agree ?? Rethrow, target);
        _homes = new(communicator, _options.ChunkAtoms);
    }

    public long Frames => _index.Count;

    /// <summary>Bytes so far, of all processes.</summary>
    public long Written { get; private set; }

    /// <summary>
    /// Largest distance of a coordinate that this process coded from the original in any frame so far, as the encoder found it; Å.
    /// </summary>
    public double LargestError { get; private set; }

    /// <summary>Collective.</summary>
    public void Begin()
    {
        Span<byte> head = stackalloc byte[Records.FileHeadLength];
        Records.FileHead(head);
        if (_communicator.Rank == 0)
            _target.Add(head);
        Written = _target.Flush();
    }

    /// <summary>Writes what the processes have of a frame. Collective.</summary>
    /// <exception cref="InputException">a position that cannot be kept: the file is then as before</exception>
    public void Write(Frame frame)
    {
        _agree(Failure(() => Check(frame)));
        long[] total = [frame.Count];
        _communicator.AllReduceSum(total);
        long number = Frames;
        List<ColumnHeader> columns = Columns(frame);
        string schema = string.Join('\n', columns.Select(column => $"{column.Name} {column.Kind}"));
        bool isKey = number == 0 || number - _key >= _options.KeyEvery || schema != _schema || !_homes.TryFollow(frame, total[0]);
        if (isKey)
            _homes.Begin(frame, total[0]);

        FrameHeader header = new()
        {
            Mode = _options.Mode,
            Bound = _options.Mode == DnzMode.Lossless ? 0 : _options.Bound,
            HasIds = _options.KeepsIds,
            Step = frame.Step,
            Time = frame.Time,
            Units = frame.Units,
            Box = frame.Box,
            Unwrapped = frame.Unwrapped,
            Folds = Folds(frame, total[0]),
            Count = total[0],
            Blocks = _homes.Blocks,
            Key = isKey ? number : _key,
            Elements = [.. frame.Elements],
            Columns = columns,
        };
        // What fails from here on leaves chunks that are not in step with the file.
        _isBroken = true;
        _agree(Failure(() => Encode(header, number, isKey)));
        _index.Add((Written, frame.Step, header.Key));
        try
        {
            Written += _target.Flush();
        }
        catch (Exception)
        {
            _index.RemoveAt(_index.Count - 1);
            throw;
        }

        (_isBroken, _schema, _key) = (false, schema, header.Key);
    }

    /// <summary>Writes the index, behind which nothing follows. Collective.</summary>
    public void End()
    {
        if (_communicator.Rank == 0)
        {
            _sink.Clear();
            _sink.Whole((ulong)_index.Count);
            (long Offset, long Step, long Key) last = default;
            foreach (var entry in _index)
            {
                _sink.Whole((ulong)(entry.Offset - last.Offset));
                _sink.Signed(entry.Step - last.Step);
                _sink.Whole((ulong)entry.Key);
                last = entry;
            }

            Records.Write(_target, Records.Index, Frames, 0, _sink.Written);
            _sink.Clear();
            _sink.UInt64((ulong)Written);
            _sink.Bytes(Records.End);
            _target.Add(_sink.Written);
        }

        Written += _target.Flush();
    }

    public void Dispose()
    {
        foreach (ChunkEncoder block in _blocks)
            block.Dispose();
        _tools.Dispose();
        _homes.Dispose();
    }

    private static void Rethrow(Exception? failure)
    {
        if (failure is not null)
            ExceptionDispatchInfo.Throw(failure);
    }

    private static Exception? Failure(Action step)
    {
        try
        {
            step();
            return null;
        }
        catch (Exception failure)
        {
            return failure;
        }
    }

    /// <summary>Adds the records of the blocks of this process.</summary>
    private void Encode(FrameHeader header, long number, bool isKey)
    {
        if (_communicator.Rank == 0)
        {
            _sink.Clear();
            header.Write(_sink);
            Records.Write(_target, Records.Frame, number, 0, _sink.Written);
        }

        int[][] rows = _homes.Rows;
        // Where each frame begins anew, one block after the other forgets all.
        int kept = _options.KeyEvery == 1 ? Math.Min(rows.Length, 1) : rows.Length;
        while (_blocks.Count < kept)
            _blocks.Add(new(_tools));
        while (_blocks.Count > kept)
        {
            _blocks[^1].Dispose();
            _blocks.RemoveAt(_blocks.Count - 1);
        }

        for (int b = 0; b < rows.Length; b++)
        {
            _sink.Clear();
            ChunkEncoder block = _blocks[Math.Min(b, kept - 1)];
            if (isKey)
                block.WriteKey(_homes.Home, rows[b], header, _sink);
            else
                block.WriteNext(_homes.Home, rows[b], header, _sink);
            LargestError = Math.Max(LargestError, block.LargestError);
            Records.Write(_target, Records.Chunk, number, _homes.FirstBlock + b, _sink.Written);
        }
    }

    private void Check(Frame frame)
    {
        if (_isBroken)
            throw new InputException("an earlier frame could not be written, and no frame can follow it; end the file and begin another");
        if (_communicator.Size > 1 && frame.Columns.FirstOrDefault(column => column.Kind == ColumnKind.Text) is { } text)
            throw new InputException($"column {text.Name} has words, and several processes can only share numbers; leave it out");
        ReadOnlySpan<double> positions = frame.Positions.Span;
        double largest = 0;
        Vector256<double> most = Vector256<double>.Zero, finite = most;
        int k = 0;
        for (; k + 4 <= positions.Length; k += 4)
        {
            Vector256<double> x = Vector256.Create(positions[k..]);
            most = Vector256.Max(most, Vector256.Abs(x));
            finite += x - x;
        }

        for (int lane = 0; lane < 4; lane++)
            largest = Math.Max(largest, most[lane]);
        for (int rest = Vector256.EqualsAll(finite, Vector256<double>.Zero) ? k : 0; rest < positions.Length; rest++)
        {
            if (!double.IsFinite(positions[rest]))
                throw new InputException(FormattableString.Invariant(
                    $"atom {frame.Ids[rest / 3]} of the frame of step {frame.Step} is at {positions[rest]} along {"xyz"[rest % 3]}, ") +
                    "which is no place; leave the frame out, or find out what went wrong in the simulation");
            largest = Math.Max(largest, Math.Abs(positions[rest]));
        }

        if (_options.Mode != DnzMode.Lossless && largest / _options.Bound >= Grid.Largest)
            throw new InputException(FormattableString.Invariant(
                $"an atom of the frame of step {frame.Step} is at {largest}, where a double is not exact to {_options.Bound}; ") +
                "choose a larger bound, or keep all bit for bit");
    }

    private List<ColumnHeader> Columns(Frame frame)
    {
        List<ColumnHeader> columns = [];
        foreach (FrameColumn column in frame.Columns)
            if (_options.Mode != DnzMode.Structure || column.Name == ColumnNames.StructureType)
                columns.Add(new(column.Name, column.Kind, column.OvitoName, _options.ColumnBounds.GetValueOrDefault(column.Name)));
        return columns;
    }

    private bool[] Folds(Frame frame, long total)
    {
        double least = _options.Mode == DnzMode.Structure ? LeastInsideMoved : LeastInside;
        bool[] folds = new bool[3];
        long[] inside = new long[3];
        if (!frame.Unwrapped)
            CountInside(frame, inside);
        _communicator.AllReduceSum(inside);
        for (int axis = 0; axis < 3; axis++)
            folds[axis] = !frame.Unwrapped && frame.Box.IsPeriodic(axis) && inside[axis] >= least * total;
        return folds;
    }

    /// <summary>How many atoms are between the faces of each pair, up to round-off.</summary>
    private static unsafe void CountInside(Frame frame, long[] inside)
    {
        const double Tolerance = 1e-6;
        var (a, b, c) = frame.Box.Reciprocal;
        Vec3 origin = frame.Box.Origin;
        double* r = frame.Positions.Pointer;
        long x = 0, y = 0, z = 0;
        for (int i = 0; i < frame.Count; i++, r += 3)
        {
            Vec3 d = new(r[0] - origin.X, r[1] - origin.Y, r[2] - origin.Z);
            x += Math.Abs(Vec3.Dot(a, d) - 0.5) < 0.5 + Tolerance ? 1 : 0;
            y += Math.Abs(Vec3.Dot(b, d) - 0.5) < 0.5 + Tolerance ? 1 : 0;
            z += Math.Abs(Vec3.Dot(c, d) - 0.5) < 0.5 + Tolerance ? 1 : 0;
        }

        (inside[0], inside[1], inside[2]) = (x, y, z);
    }
}
