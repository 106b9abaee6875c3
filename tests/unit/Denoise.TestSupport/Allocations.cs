namespace Denoise.TestSupport;

/// <summary>What the frames after the first allocate on the garbage-collected heap.</summary>
public static class Allocations
{
    private const int Rounds = 5;

    /// <summary>
    /// Bytes that this thread allocates in so many frames after a first one. The least of several rounds, until one is zero: the
    /// runtime itself allocates at times, once, as when it compiles a loop again; what frames allocate is in every round.
    /// </summary>
    public static long AfterTheFirst(Action frame, int frames = 4)
    {
        frame();
        long least = long.MaxValue;
        for (int round = 0; round < Rounds && least > 0; round++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int k = 0; k < frames; k++)
                frame();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }
}
