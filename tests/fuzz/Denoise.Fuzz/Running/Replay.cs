using Denoise.Fuzz.Targets;

namespace Denoise.Fuzz.Running;

/// <summary>One input, as a worker runs it, with what can be said about it.</summary>
internal static class Replay
{
    public static int Run(string target, string file)
    {
        byte[] input = File.ReadAllBytes(file);
        Trial trial = new(TargetList.Create(target));
        Usage.LimitGrowth(Limits.AllBytes);
        Verdict verdict = trial.Run(input);
        if (verdict.Kind is "slow" or "memory")
            verdict = trial.Run(input);
        Console.WriteLine($"{target}, {input.Length} bytes: {trial.Seconds:f3} s, {trial.Growth >> 20} MiB");
        Console.WriteLine($"{(verdict.IsFinding ? $"FINDING ({verdict.Kind}) {verdict.Cause}" : "good")}\n{verdict.Text}");
        return verdict.IsFinding ? 1 : 0;
    }
}
