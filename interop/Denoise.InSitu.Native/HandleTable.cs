namespace Denoise.InSitu.Native;

/// <summary>
/// Handles of sessions, writers and readers: a slot's index plus one in the low half, the slot's generation in the high half. A slot's
/// generation grows with every use, so a handle that was destroyed finds nothing instead of another's object, and a
/// junk handle is only an error.
/// </summary>
internal static class HandleTable
{
    private static readonly Lock Gate = new();
    private static readonly List<Slot> Slots = [];

    public static ulong Add(IDisposable owner)
    {
        lock (Gate)
        {
            int index = Slots.FindIndex(s => s.Owner is null);
            if (index < 0)
            {
                index = Slots.Count;
                Slots.Add(new Slot());
            }

            Slot slot = Slots[index];
            slot.Owner = owner;
            slot.Generation++;
            return ((ulong)slot.Generation << 32) | (uint)(index + 1);
        }
    }

    /// <summary>Takes one into use; every success is followed by <see cref="Leave"/>: see <see cref="HandleUse{T}"/>.</summary>
    public static T Enter<T>(ulong handle)
        where T : class, IHandled
    {
        lock (Gate)
        {
            Slot slot = Find<T>(handle);
            slot.InCall = true;
            return (T)slot.Owner!;
        }
    }

    public static void Leave(ulong handle)
    {
        lock (Gate)
            Slots[(int)(uint)handle - 1].InCall = false;
    }

    /// <summary>Forgets one, which is the caller's from here on.</summary>
    public static T Remove<T>(ulong handle)
        where T : class, IHandled
    {
        lock (Gate)
        {
            Slot slot = Find<T>(handle);
            T owner = (T)slot.Owner!;
            slot.Owner = null;
            return owner;
        }
    }

    /// <summary>Removes and disposes all that are not in a call; returns how many are.</summary>
    public static int RemoveAll()
    {
        List<IDisposable> idle = [];
        int busy = 0;
        lock (Gate)
            foreach (Slot slot in Slots)
            {
                if (slot.Owner is not { } owner)
                    continue;
                if (slot.InCall)
                {
                    busy++;
                    continue;
                }

                idle.Add(owner);
                slot.Owner = null;
            }

        foreach (IDisposable owner in idle)
            owner.Dispose();
        return busy;
    }

    private static Slot Find<T>(ulong handle)
        where T : class, IHandled
    {
        uint index = (uint)handle - 1;
        if (index >= (uint)Slots.Count || Slots[(int)index] is not { Owner: T } slot || slot.Generation != handle >> 32)
            throw new SessionException(
                SessionError.Handle, $"{T.Noun}: {handle:x} is not a {T.Noun}; it was never made, or is gone.");
        if (slot.InCall)
            throw new SessionException(
                SessionError.Handle, $"{T.Noun}: {handle:x} is in another call; give each thread a {T.Noun} of its own.");
        return slot;
    }

    private sealed class Slot
    {
        public IDisposable? Owner;
        public uint Generation;
        public bool InCall;
    }
}
