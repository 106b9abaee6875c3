using Denoise.Atoms;

namespace Denoise.InSitu.Native;

/// <summary>A session with what its C host gave it.</summary>
internal sealed unsafe class HostedSession(Session session, HostCommunicator? host) : IDisposable
{
    private Box? _box;

    public Session Session => session;

    public HostCommunicator? Host => host;

    /// <summary>The frame's box, null where nothing is periodic. Kept while it does not change: frames must not allocate.</summary>
    public Box? BoxOf(in DnFrame frame)
    {
        bool a = frame.Periodic[0] != 0, b = frame.Periodic[1] != 0, c = frame.Periodic[2] != 0;
        if (!a && !b && !c)
            return null;
        Vec3 edgeA = new(frame.Cell[0], frame.Cell[1], frame.Cell[2]);
        Vec3 edgeB = new(frame.Cell[3], frame.Cell[4], frame.Cell[5]);
        Vec3 edgeC = new(frame.Cell[6], frame.Cell[7], frame.Cell[8]);
        Vec3 origin = new(frame.Origin[0], frame.Origin[1], frame.Origin[2]);
        if (_box is not { } box || box.A != edgeA || box.B != edgeB || box.C != edgeC || box.Origin != origin
            || box.PeriodicA != a || box.PeriodicB != b || box.PeriodicC != c)
            _box = new(edgeA, edgeB, edgeC, origin, a, b, c);
        return _box;
    }

    public void Dispose() => session.Dispose();
}
