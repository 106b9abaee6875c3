using Denoise.Atoms;

namespace Denoise.InSitu.Native;

/// <summary>A session with what its C host gave it.</summary>
internal sealed unsafe class HostedSession(Session session, HostCommunicator? host) : IHandled
{
    public static string Noun => "session";

    private Box? _box;
    private Box? _cell;

    /// <summary>As long as the session.</summary>
    public NativeTexts Names { get; } = new();

    // Of one frame: sentences with numbers in them would otherwise become more and more.
    private readonly NativeTexts _warnings = new();
    private FrameResult? _last;

    /// <summary>What was made of the last frame; null: there was none, or it failed.</summary>
    public FrameResult? Last
    {
        get => _last;
        set
        {
            _warnings.Dispose();
            _last = value;
        }
    }

    /// <summary>What there is to be said of the last frame, valid until the next; null: no more.</summary>
    public byte* Warning(int index) => _last?.Notices is { } said && index < said.Count ? _warnings.Of(said[index]) : null;

    public Session Session => session;

    public HostCommunicator? Host => host;

    /// <summary>The frame's box, null where nothing is periodic. Kept while it does not change: frames must not allocate.</summary>
    public Box? BoxOf(in DnFrame frame)
    {
        bool a = frame.Periodic[0] != 0, b = frame.Periodic[1] != 0, c = frame.Periodic[2] != 0;
        return a || b || c ? Keep(ref _box, frame, a, b, c) : null;
    }

    /// <summary>The cell of the whole system, for analyses; null where the host does not tell.</summary>
    public Box? CellOf(in DnFrame frame) => frame.HasCell == 0 ? null
        : Keep(ref _cell, frame, frame.CellPeriodic[0] != 0, frame.CellPeriodic[1] != 0, frame.CellPeriodic[2] != 0);

    public void Dispose()
    {
        session.Dispose();
        Names.Dispose();
        _warnings.Dispose();
    }

    private static Box Keep(ref Box? kept, in DnFrame frame, bool a, bool b, bool c)
    {
        Vec3 edgeA = new(frame.Cell[0], frame.Cell[1], frame.Cell[2]);
        Vec3 edgeB = new(frame.Cell[3], frame.Cell[4], frame.Cell[5]);
        Vec3 edgeC = new(frame.Cell[6], frame.Cell[7], frame.Cell[8]);
        Vec3 origin = new(frame.Origin[0], frame.Origin[1], frame.Origin[2]);
        if (kept is not { } box || box.A != edgeA || box.B != edgeB || box.C != edgeC || box.Origin != origin
            || box.PeriodicA != a || box.PeriodicB != b || box.PeriodicC != c)
            kept = new(edgeA, edgeB, edgeC, origin, a, b, c);
        return kept;
    }
}
