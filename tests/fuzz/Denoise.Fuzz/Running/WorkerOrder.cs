using System.Globalization;

namespace Denoise.Fuzz.Running;

/// <summary>What a worker process is started with.</summary>
/// <param name="Target">its name</param>
/// <param name="StateFile">see <see cref="SharedState"/></param>
/// <param name="Seed">of everything random</param>
/// <param name="Executions">it ends after so many; 0: any number</param>
/// <param name="Seconds">it ends after so much processor time</param>
/// <param name="KeepsCorpus">whether inputs are read from and kept in build/fuzz/corpus</param>
internal sealed record WorkerOrder(string Target, string StateFile, ulong Seed, long Executions, double Seconds, bool KeepsCorpus)
{
    public string[] ToArguments() =>
    [
        Worker.Command, Target, StateFile, Seed.ToString(CultureInfo.InvariantCulture),
        Executions.ToString(CultureInfo.InvariantCulture), Seconds.ToString(CultureInfo.InvariantCulture), KeepsCorpus.ToString(),
    ];

    public static WorkerOrder Parse(string[] words) => new(
        words[0], words[1], ulong.Parse(words[2], CultureInfo.InvariantCulture), long.Parse(words[3], CultureInfo.InvariantCulture),
        double.Parse(words[4], CultureInfo.InvariantCulture), bool.Parse(words[5]));
}
