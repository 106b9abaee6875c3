using System.Runtime.InteropServices;
using Denoise.Atoms.Memory;

namespace Denoise.Atoms.Threading;

/// <summary>
/// A counting semaphore on Linux's futex. Those of .NET allocate on the garbage-collected heap when a thread first has to sleep,
/// which may be in any frame; this one never does. A thread that waits spins for some microseconds, since the loops of a frame
/// follow one another closely, and then sleeps.
/// </summary>
internal sealed unsafe partial class NativeSemaphore : IDisposable
{
    // linux/futex.h: FUTEX_WAIT and FUTEX_WAKE among the threads of one process (FUTEX_PRIVATE_FLAG).
    private const int WaitPrivate = 128;
    private const int WakePrivate = 129;

    private const int Spins = 64;
    private const int PausesPerSpin = 8;

    // asm/unistd_64.h and asm-generic/unistd.h.
    private static readonly nint FutexCall = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 98 : 202;

    // [0] what is left to take, [1] threads that sleep or are about to; a cache line of their own.
    private readonly NativeBuffer<int> _state = new(2);

    public NativeSemaphore()
    {
        _state.Clear();
        // The first call of a native function allocates its stub: here, not in some frame.
        Call(FutexCall, Available, WakePrivate, 0, 0, 0, 0);
        Release(1);
        Wait();
    }

    private int* Available => _state.Pointer;

    private int* Sleepers => _state.Pointer + 1;

    /// <summary>Lets <paramref name="count"/> threads pass.</summary>
    public void Release(int count)
    {
        Interlocked.Add(ref *Available, count);
        if (Volatile.Read(ref *Sleepers) > 0)
            Call(FutexCall, Available, WakePrivate, count, 0, 0, 0);
    }

    /// <summary>Waits until a release is left, and takes it.</summary>
    public void Wait()
    {
        for (int spin = 0; spin < Spins; spin++)
        {
            if (TryTake())
                return;
            Thread.SpinWait(PausesPerSpin);
        }

        Interlocked.Increment(ref *Sleepers);
        // The kernel lets a thread sleep only while nothing is available, so that no release in between is missed.
        while (!TryTake())
            Call(FutexCall, Available, WaitPrivate, 0, 0, 0, 0);
        Interlocked.Decrement(ref *Sleepers);
    }

    public void Dispose() => _state.Dispose();

    private bool TryTake()
    {
        int available = Volatile.Read(ref *Available);
        return available > 0 && Interlocked.CompareExchange(ref *Available, available - 1, available) == available;
    }

    [LibraryImport("libc", EntryPoint = "syscall")]
    private static partial nint Call(nint number, int* word, nint operation, nint value, nint timeout, nint word2, nint value3);
}
