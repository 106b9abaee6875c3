using System.Globalization;
using Denoise.Fuzz.Targets;

namespace Denoise.Fuzz.Running;

/// <summary>What the command line asks for.</summary>
internal sealed record FuzzOptions
{
    private const string Help = """
        usage: fuzz [MINUTES] [--executions N] [--target NAME,...] [--jobs J] [--seed S]
               fuzz replay TARGET FILE
               fuzz minimize TARGET FILE

        Feeds damaged and hostile inputs to every reader, to checkpoints, to option texts and to the C interface, in worker processes
        on all cores. Inputs that crash, hang, take more than 1 s or 1 GiB, or end in an exception that is no sentence for people
        are kept in build/fuzz/findings, each with the command that shows it again.

          MINUTES          go on so long [default: 60]; inputs that reach new code are kept in build/fuzz/corpus for the next time
          --executions N   instead: N per target, the same in every run; what is in build/fuzz/corpus is left out
          --target NAME    only these targets
          --jobs J         worker processes at a time [default: the number of cores]
          --seed S         [default: 1]
        """;

    public TimeSpan Duration { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Per target; null: as many as the time allows.</summary>
    public long? Executions { get; init; }

    public IReadOnlyList<string> Targets { get; init; } = TargetList.Names;

    public int Jobs { get; init; } = Environment.ProcessorCount;

    public ulong Seed { get; init; } = 1;

    public static int ShowHelp()
    {
        Console.WriteLine(Help);
        Console.WriteLine($"\ntargets: {string.Join(", ", TargetList.Names)}");
        return 0;
    }

    public static FuzzOptions Parse(string[] arguments)
    {
        FuzzOptions options = new();
        for (int i = 0; i < arguments.Length; i++)
            options = arguments[i] switch
            {
                "--executions" => options with { Executions = Number(arguments, ++i) },
                "--jobs" => options with { Jobs = (int)Number(arguments, ++i) },
                "--seed" => options with { Seed = (ulong)Number(arguments, ++i) },
                "--target" => options with { Targets = Names(arguments, ++i) },
                _ => options with { Duration = TimeSpan.FromMinutes(Number(arguments, i)) },
            };
        return options;
    }

    private static long Number(string[] arguments, int i) =>
        i < arguments.Length && long.TryParse(arguments[i], NumberStyles.None, CultureInfo.InvariantCulture, out long value)
            && value is > 0 and <= int.MaxValue
            ? value
            : throw new ArgumentException($"fuzz: a whole number from 1 is expected, not '{arguments.ElementAtOrDefault(i)}'; see --help");

    private static string[] Names(string[] arguments, int i)
    {
        string[] names = arguments.ElementAtOrDefault(i)?.Split(',') ?? [];
        foreach (string name in names)
            TargetList.Require(name);
        return names;
    }
}
