namespace Denoise.Parallel;

/// <summary>A single process: every reduction is already done.</summary>
public sealed class SerialCommunicator : ICommunicator
{
    public static SerialCommunicator Instance { get; } = new();

    public int Rank => 0;

    public int Size => 1;

    public void AllReduceSum(Span<long> values) { }

    public void AllReduceMax(Span<double> values) { }

    public void AllReduceMin(Span<double> values) { }
}
