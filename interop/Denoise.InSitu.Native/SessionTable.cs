namespace Denoise.InSitu.Native;

/// <summary>
/// Handles of sessions: a slot's index plus one in the low half, the slot's generation in the high half. A slot's generation grows
/// with every use, so a handle that was destroyed finds nothing instead of another's session, and a junk handle is only an error.
/// </summary>
internal static class SessionTable
{
    private static readonly Lock Gate = new();
    private static readonly List<Slot> Slots = [];

    public static ulong Add(HostedSession session)
    {
        lock (Gate)
        {
            int index = Slots.FindIndex(s => s.Session is null);
            if (index < 0)
            {
                index = Slots.Count;
                Slots.Add(new Slot());
            }

            Slot slot = Slots[index];
            slot.Session = session;
            slot.Generation++;
            return ((ulong)slot.Generation << 32) | (uint)(index + 1);
        }
    }

    /// <summary>Takes a session into use; every success is followed by <see cref="Leave"/>: see <see cref="SessionUse"/>.</summary>
    public static HostedSession Enter(ulong handle)
    {
        lock (Gate)
        {
            Slot slot = Find(handle);
            slot.InCall = true;
            return slot.Session!;
        }
    }

    public static void Leave(ulong handle)
    {
        lock (Gate)
            Slots[(int)(uint)handle - 1].InCall = false;
    }

    public static void Remove(ulong handle)
    {
        HostedSession session;
        lock (Gate)
        {
            Slot slot = Find(handle);
            session = slot.Session!;
            slot.Session = null;
        }

        session.Dispose();
    }

    /// <summary>Removes every session that is not in a call; returns how many are.</summary>
    public static int RemoveAll()
    {
        List<HostedSession> idle = [];
        int busy = 0;
        lock (Gate)
            foreach (Slot slot in Slots)
            {
                if (slot.Session is not { } session)
                    continue;
                if (slot.InCall)
                {
                    busy++;
                    continue;
                }

                idle.Add(session);
                slot.Session = null;
            }

        foreach (HostedSession session in idle)
            session.Dispose();
        return busy;
    }

    private static Slot Find(ulong handle)
    {
        uint index = (uint)handle - 1;
        if (index >= (uint)Slots.Count || Slots[(int)index] is not { Session: not null } slot || slot.Generation != handle >> 32)
            throw new SessionException(
                SessionError.Handle, $"session: {handle:x} is not a session; it was never created, or was destroyed.");
        if (slot.InCall)
            throw new SessionException(
                SessionError.Handle, $"session: {handle:x} is in another call; give each thread a session of its own.");
        return slot;
    }

    private sealed class Slot
    {
        public HostedSession? Session;
        public uint Generation;
        public bool InCall;
    }
}
