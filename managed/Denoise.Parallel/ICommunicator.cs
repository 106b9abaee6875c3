namespace Denoise.Parallel;

/// <summary>
/// The processes that share a simulation. Every method is collective: all ranks call it in the same order, on their main
/// thread. Sums are over 64-bit integers only, so that no result depends on the number of ranks or on the order of a sum.
/// </summary>
public interface ICommunicator
{
    int Rank { get; }

    int Size { get; }

    void AllReduceSum(Span<long> values);

    void AllReduceMax(Span<double> values);

    void AllReduceMin(Span<double> values);
}
