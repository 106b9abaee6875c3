namespace Denoise.Parallel;

/// <summary>
/// A communicator that also moves data between any processes at once. Calls follow the rules of <see cref="ICommunicator"/>.
/// </summary>
public interface IExchange : ICommunicator
{
    /// <summary>Each process gives one number to, and gets one from, every process: [Size] each.</summary>
    void AllToAll(ReadOnlySpan<long> outgoing, Span<long> incoming);

    /// <summary>
    /// All messages at once, in no order, between any processes but not to oneself; returns when all are complete. Of two
    /// processes at most one message may go each way.
    /// </summary>
    void Exchange(ReadOnlySpan<Message> outgoing, ReadOnlySpan<Message> incoming);
}
