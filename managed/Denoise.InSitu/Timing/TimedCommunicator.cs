using Denoise.Parallel;

namespace Denoise.InSitu.Timing;

/// <summary>Reductions whose time counts as <see cref="Stage.Communication"/>.</summary>
internal sealed class TimedCommunicator(ICommunicator inner, StageTimes times) : ICommunicator
{
    public int Rank => inner.Rank;

    public int Size => inner.Size;

    public void AllReduceSum(Span<long> values)
    {
        Stage before = times.Enter(Stage.Communication);
        inner.AllReduceSum(values);
        times.Enter(before);
    }

    public void AllReduceMax(Span<double> values)
    {
        Stage before = times.Enter(Stage.Communication);
        inner.AllReduceMax(values);
        times.Enter(before);
    }

    public void AllReduceMin(Span<double> values)
    {
        Stage before = times.Enter(Stage.Communication);
        inner.AllReduceMin(values);
        times.Enter(before);
    }
}
