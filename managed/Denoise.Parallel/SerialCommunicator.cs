namespace Denoise.Parallel;

/// <summary>A single process: every reduction is already done, and there is nobody to write to.</summary>
public sealed unsafe class SerialCommunicator : IMessagePassing
{
    public static SerialCommunicator Instance { get; } = new();

    public int Rank => 0;

    public int Size => 1;

    public void AllReduceSum(Span<long> values) { }

    public void AllReduceMax(Span<double> values) { }

    public void AllReduceMin(Span<double> values) { }

    public void Broadcast(void* data, long bytes, int root) { }

    public void Send(void* data, long bytes, int target) => throw NobodyElse();

    public void Receive(void* data, long bytes, int source) => throw NobodyElse();

    public bool HasArrived(int source) => false;

    public void AllToAll(ReadOnlySpan<long> outgoing, Span<long> incoming) => outgoing.CopyTo(incoming);

    public void Exchange(ReadOnlySpan<Message> outgoing, ReadOnlySpan<Message> incoming)
    {
        if (outgoing.Length > 0 || incoming.Length > 0)
            throw NobodyElse();
    }

    public void Barrier() { }

    public void Abort(int exitCode) => Environment.Exit(exitCode);

    public void Dispose() { }

    private static InvalidOperationException NobodyElse() => new("a message to another process, but there is only one");
}
