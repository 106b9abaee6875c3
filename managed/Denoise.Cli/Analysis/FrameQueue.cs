namespace Denoise.Cli.Analysis;

/// <summary>
/// On the first process: which frames are dealt out, and which are done but wait for one before them. Its own thread works beside the
/// one that speaks with the others.
/// </summary>
/// <param name="first">wanted frame to begin with</param>
/// <param name="mostAhead">frames that may be dealt out before the oldest of them is delivered</param>
internal sealed class FrameQueue(long first, long mostAhead) : IDisposable
{
    /// <summary>The answer to who asks when there is nothing left to do.</summary>
    public const long Nothing = -1;

    // Those that are done early may be many, where one takes long.
    private const long MostHeld = 1L << 30;

    private readonly object _gate = new();
    private readonly Dictionary<long, FrameMessage> _done = [];
    private readonly Stack<FrameMessage> _free = [];
    private long _next = first;
    private long _delivering = first;
    private long _end = long.MaxValue;
    private long _held;

    /// <summary>The number of a frame to work on, or <see cref="Nothing"/>; null: later.</summary>
    public long? TryDeal()
    {
        lock (_gate)
        {
            if (_next >= _end)
                return Nothing;
            bool isEarly = _next > _delivering && (_next - _delivering >= mostAhead || _held > MostHeld);
            return isEarly ? null : _next++;
        }
    }

    /// <summary>The same, waiting until it is told.</summary>
    public long Deal()
    {
        lock (_gate)
        {
            while (true)
            {
                if (TryDeal() is { } k)
                    return k;
                Monitor.Wait(_gate);
            }
        }
    }

    /// <summary>Whether there is room for a frame that another process holds.</summary>
    public bool HasRoomFor(in MessageHeader header)
    {
        lock (_gate)
            return header.Number <= _delivering || _held + header.NoteBytes + header.FrameBytes <= MostHeld;
    }

    /// <summary>A message to fill.</summary>
    public FrameMessage Rent()
    {
        lock (_gate)
            return _free.TryPop(out FrameMessage? message) ? message : new();
    }

    public void Add(FrameMessage message)
    {
        lock (_gate)
        {
            _done.Add(message.Header.Number, message);
            _held += message.Bytes;
            if (!message.GoesOn)
                _end = Math.Min(_end, message.Header.Number);
        }
    }

    /// <summary>The next one to be delivered; null: it is not done yet.</summary>
    public FrameMessage? TryTake()
    {
        lock (_gate)
            return _done.Remove(_delivering, out FrameMessage? message) ? message : null;
    }

    /// <summary>What was taken is delivered.</summary>
    public void Return(FrameMessage message)
    {
        lock (_gate)
        {
            _delivering++;
            _held -= message.Bytes;
            _free.Push(message);
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>What is not to be delivered.</summary>
    public void Discard(FrameMessage message)
    {
        lock (_gate)
            _free.Push(message);
    }

    /// <summary>Nothing more is dealt out.</summary>
    public void End()
    {
        lock (_gate)
        {
            _end = long.MinValue;
            Monitor.PulseAll(_gate);
        }
    }

    public void Dispose()
    {
        foreach (FrameMessage message in _done.Values.Concat(_free))
            message.Dispose();
    }
}
