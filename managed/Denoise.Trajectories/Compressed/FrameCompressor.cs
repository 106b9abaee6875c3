using System.Runtime.Intrinsics;
using Denoise.Atoms;

namespace Denoise.Trajectories.Compressed;

/// <summary>Turns frames, one after the other, into the records of a .dnz file.</summary>
public sealed class FrameCompressor : IDisposable
{
    // Where fewer are in the box, files do not fold positions into it.
    private const double LeastInside = 0.99;

    private readonly DnzOptions _options;
    private readonly EncoderTools _tools = new();
    private readonly ByteSink _sink = new();
    private readonly List<ChunkEncoder> _blocks = [];
    private readonly List<(long Offset, long Step, long Key)> _index = [];
    private long[] _lastIds = [];
    private int[][] _rows = [];
    private string _schema = "";
    private bool _idsAreUnique;
    private long _key;

    /// <exception cref="InputException">a bound that is no length, or a number out of range</exception>
    public FrameCompressor(DnzOptions options)
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
    }

    public long Frames => _index.Count;

    /// <summary>Bytes so far.</summary>
    public long Written { get; private set; }

    /// <summary>Largest distance of a decoded coordinate from the original in any frame so far, as the encoder found it; Å.</summary>
    public double LargestError { get; private set; }

    public void Begin(Stream stream)
    {
        Records.WriteFileHead(stream);
        Written = Records.FileHeadLength;
    }

    /// <exception cref="InputException">a position that cannot be kept: the stream is then as before</exception>
    public void Write(Frame frame, Stream stream)
    {
        Check(frame);
        long number = Frames;
        List<ColumnHeader> columns = Columns(frame);
        string schema = string.Join('\n', columns.Select(column => $"{column.Name} {column.Kind}"));
        bool isKey = number == 0 || number - _key >= _options.KeyEvery || schema != _schema || !TryFollow(frame);
        if (isKey)
        {
            _schema = schema;
            _key = number;
            Cut(frame);
        }

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
            Folds = Folds(frame),
            Count = frame.Count,
            Blocks = _rows.Length,
            Key = _key,
            Elements = [.. frame.Elements],
            Columns = columns,
        };
        _index.Add((Written, frame.Step, _key));
        _sink.Clear();
        header.Write(_sink);
        Written += Records.Write(stream, Records.Frame, number, 0, _sink.Written);
        for (int b = 0; b < _rows.Length; b++)
        {
            _sink.Clear();
            if (isKey)
                _blocks[b].WriteKey(frame, _rows[b], header, _sink);
            else
                _blocks[b].WriteNext(frame, _rows[b], header, _sink);
            LargestError = Math.Max(LargestError, _blocks[b].LargestError);
            Written += Records.Write(stream, Records.Chunk, number, b, _sink.Written);
        }
    }

    /// <summary>Writes the index, behind which nothing follows.</summary>
    public void End(Stream stream)
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

        long begin = Written;
        Written += Records.Write(stream, Records.Index, Frames, 0, _sink.Written);
        _sink.Clear();
        _sink.UInt64((ulong)begin);
        _sink.Bytes(Records.End);
        stream.Write(_sink.Written);
        Written += _sink.Length;
    }

    public void Dispose()
    {
        foreach (ChunkEncoder block in _blocks)
            block.Dispose();
    }

    private void Check(Frame frame)
    {
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

    private static bool[] Folds(Frame frame)
    {
        bool[] folds = new bool[3];
        var (a, b, c) = frame.Box.Reciprocal;
        Vec3[] reciprocal = [a, b, c];
        for (int axis = 0; axis < 3; axis++)
        {
            if (frame.Unwrapped || !frame.Box.IsPeriodic(axis))
                continue;
            Vec3 r = reciprocal[axis];
            double low = Vec3.Dot(r, frame.Box.Origin);
            int inside = 0;
            for (int i = 0; i < frame.Count; i++)
            {
                double part = r.X * frame.Positions[3L * i] + r.Y * frame.Positions[3L * i + 1] + r.Z * frame.Positions[3L * i + 2] - low;
                inside += part is > -1e-6 and < 1 + 1e-6 ? 1 : 0;
            }

            folds[axis] = inside >= LeastInside * frame.Count;
        }

        return folds;
    }

    private void Cut(Frame frame)
    {
        int[] rows = [.. Enumerable.Range(0, frame.Count)];
        List<(int Begin, int Count)> blocks = Blocks.Cut(frame, rows, _options.ChunkAtoms);
        _rows = [.. blocks.Select(block => rows.AsSpan(block.Begin, block.Count).ToArray())];
        while (_blocks.Count < _rows.Length)
            _blocks.Add(new(_tools));
        while (_blocks.Count > _rows.Length)
        {
            _blocks[^1].Dispose();
            _blocks.RemoveAt(_blocks.Count - 1);
        }

        _lastIds = frame.Ids.Span.ToArray();
        long[] sorted = [.. _lastIds];
        Array.Sort(sorted);
        _idsAreUnique = true;
        for (int i = 1; i < sorted.Length; i++)
            _idsAreUnique &= sorted[i] != sorted[i - 1];
    }

    /// <summary>Finds the atoms of the last frame again; false: they are others.</summary>
    private bool TryFollow(Frame frame)
    {
        if (!_idsAreUnique || frame.Count != _lastIds.Length)
            return false;
        if (frame.Ids.Span.SequenceEqual(_lastIds))
            return true;
        Dictionary<long, int> rowOf = new(frame.Count);
        for (int i = 0; i < frame.Count; i++)
            if (!rowOf.TryAdd(frame.Ids[i], i))
                return false;
        int[][] rows = new int[_rows.Length][];
        for (int b = 0; b < rows.Length; b++)
        {
            ReadOnlySpan<long> ids = _blocks[b].Ids;
            rows[b] = new int[ids.Length];
            for (int i = 0; i < ids.Length; i++)
                if (!rowOf.TryGetValue(ids[i], out rows[b][i]))
                    return false;
        }

        _rows = rows;
        _lastIds = frame.Ids.Span.ToArray();
        return true;
    }
}
