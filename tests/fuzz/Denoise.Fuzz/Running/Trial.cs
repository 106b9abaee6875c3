using Denoise.Fuzz.Targets;

namespace Denoise.Fuzz.Running;

/// <summary>Runs a target on inputs and judges how it ended, how long it took, and how much memory.</summary>
internal sealed class Trial(Target target)
{
    /// <summary>Processor time of the last run.</summary>
    public double Seconds { get; private set; }

    /// <summary>By how much the last run raised the most memory that was ever resident.</summary>
    public long Growth { get; private set; }

    public Verdict Run(ReadOnlySpan<byte> input)
    {
        (double start, long peakBefore) = Usage.Now();
        Verdict verdict = Execute(input);
        (double end, long peak) = Usage.Now();
        (Seconds, Growth) = (end - start, peak - peakBefore);
        if (verdict.IsFinding)
            return verdict;
        if (Growth > Limits.Bytes)
            return new("memory", "", $"took {Growth >> 20} MiB; then: {verdict.Text}");
        return Seconds > Limits.Seconds ? new("slow", "", $"took {Seconds:f1} s; then: {verdict.Text}") : verdict;
    }

    private Verdict Execute(ReadOnlySpan<byte> input)
    {
        try
        {
            target.Execute(input);
            return Verdict.Good;
        }
        catch (Exception failure)
        {
            return Verdict.Of(failure);
        }
    }
}
