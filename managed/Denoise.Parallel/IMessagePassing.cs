namespace Denoise.Parallel;

/// <summary>
/// A communicator that also moves data: what a program needs that reads a frame on one process and works on it on all.
/// Buffers are raw bytes in native or pinned memory. Calls follow the rules of <see cref="ICommunicator"/>.
/// </summary>
public unsafe interface IMessagePassing : IExchange, IDisposable
{
    /// <summary>Copies <paramref name="bytes"/> bytes of <paramref name="root"/> to every process.</summary>
    void Broadcast(void* data, long bytes, int root);

    /// <summary>Sends to <paramref name="target"/>, which must call <see cref="Receive"/> with the same length.</summary>
    void Send(void* data, long bytes, int target);

    /// <summary>
    /// The same without waiting: the bytes must stay as they are until <see cref="CompletePosted"/>. Messages between two processes
    /// arrive in the order in which they were sent or posted.
    /// </summary>
    void Post(void* data, long bytes, int target) => Send(data, bytes, target);

    /// <summary>Waits until all that was posted is on its way, and its memory free.</summary>
    void CompletePosted() { }

    void Receive(void* data, long bytes, int source);

    /// <summary>Whether <paramref name="source"/> has sent something that is not received yet.</summary>
    bool HasArrived(int source);

    void Barrier();

    /// <summary>Ends every process now, whatever the others are doing, so that none waits for ever for one that failed.</summary>
    void Abort(int exitCode);
}
