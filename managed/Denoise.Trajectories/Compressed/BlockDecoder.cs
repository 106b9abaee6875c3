using Denoise.Atoms.Memory;

namespace Denoise.Trajectories.Compressed;

/// <summary>Reads the chunks of one block; those that were not asked for wait until one that needs them is.</summary>
internal sealed unsafe class BlockDecoder : IDisposable
{
    private readonly ChunkState _state = new();
    private readonly ChunkModel _model = new();
    private readonly List<(long Frame, FrameHeader Header, byte[] Payload)> _waiting = [];
    private bool _isWhole;
    private bool _hasKey;

    public NativeBuffer<double> Positions { get; } = new();

    public long[] Ids => _state.Ids;

    public long[] Types { get; private set; } = [];

    public List<ColumnData> Columns { get; } = [];

    /// <summary>Å; null where the file has none.</summary>
    public float? Spread { get; private set; }

    public int Count => _state.Count;

    public void Add(long frame, FrameHeader header, byte[] payload)
    {
        ByteSource source = new(payload);
        var (_, flags) = ChunkFormat.ReadHead(ref source, ChunkState.MostAtoms);
        if (flags.HasFlag(ChunkFlags.Key))
            _waiting.Clear();
        _waiting.Add((frame, header, payload));
    }

    /// <summary>Decodes what was added last.</summary>
    /// <exception cref="DamagedChunkException">it cannot be, or needs one that is not there</exception>
    public void Decode(ChunkFormat format, PositionCoder coder)
    {
        try
        {
            for (int k = 0; k < _waiting.Count; k++)
            {
                try
                {
                    Decode(_waiting[k].Frame, _waiting[k].Header, _waiting[k].Payload, format, coder);
                }
                catch (DamagedChunkException) when (k < _waiting.Count - 1)
                {
                    // Whoever needs it says so.
                }
            }
        }
        finally
        {
            _waiting.Clear();
        }
    }

    public void Dispose()
    {
        _state.Dispose();
        Positions.Dispose();
    }

    private void Decode(long frame, FrameHeader header, byte[] payload, ChunkFormat format, PositionCoder coder)
    {
        ByteSource source = new(payload);
        var (count, flags) = ChunkFormat.ReadHead(ref source, ChunkState.MostAtoms);
        bool isKey = flags.HasFlag(ChunkFlags.Key);
        if (isKey != (header.Key == frame))
            throw new DamagedChunkException("frame and chunk do not agree on whether it begins anew");
        if (!isKey && (!_hasKey || _state.Begun != header.Key || count != _state.Count))
            throw new DamagedChunkException($"its chunk of frame {header.Key + 1}, which it needs, is missing");
        _isWhole = isKey || (_isWhole && _state.Last == frame - 1);
        if (flags.HasFlag(ChunkFlags.Past) && !_isWhole)
            throw new DamagedChunkException("a chunk of an earlier frame, which it needs, is missing");
        _hasKey &= !isKey;
        bool isDone = false;
        try
        {
            _model.Box = header.Box;
            header.Folds.CopyTo(_model.Folds, 0);
            ReadOnlySpan<long> residuals = format.Read(ref source, flags, count, _state, _model, coder, out long[] types);
            if (header.HasIds && _state.Ids.Length != count)
                throw new DamagedChunkException("it has no ids");
            Positions.Resize(4L * count);
            fixed (long* rest = residuals)
                coder.Decode(_state, _model, Positions.Pointer, rest);
            if (isKey && !flags.HasFlag(ChunkFlags.Lattice))
                _state.SitesFromPositions();
            Types = types;
            Spread = flags.HasFlag(ChunkFlags.Spread) ? source.FiniteSingle() : null;
            ReadColumns(ref source, header, format.Integers, count, isKey);
            if (source.Left != 0)
                throw new DamagedChunkException("it has more bytes than belong to it");
            if (isKey)
                (_state.Begun, _hasKey) = (frame, true);
            _state.Last = frame;
            isDone = true;
        }
        finally
        {
            // A half-read state serves nobody; the sites stay good.
            _isWhole &= isDone;
        }
    }

    private void ReadColumns(ref ByteSource source, FrameHeader header, IntegerCoder coder, int count, bool isKey)
    {
        Columns.Clear();
        for (int c = 0; c < header.Columns.Count; c++)
        {
            ColumnData column = new();
            long[]? before = !isKey && c < _state.Columns.Count ? _state.Columns[c] : null;
            column.Read(ref source, coder, header.Columns[c].Kind, count, before);
            Columns.Add(column);
        }

        _state.Columns.Clear();
        _state.Columns.AddRange(Columns.Select(column => column.Values));
    }
}
