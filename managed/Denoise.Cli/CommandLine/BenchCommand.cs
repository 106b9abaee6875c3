using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Denoise.Cli.Benchmarks;
using Denoise.Cli.Output;

namespace Denoise.Cli.CommandLine;

/// <summary><c>denoise bench</c></summary>
internal static class BenchCommand
{
    private const string Description = """
        Measures how fast this machine is, in a few seconds: neighbor list, adaptive CNA and one iteration of the published copper
        network, with one thread and with all.
        """;

    private const string Examples = """
        A frame of N atoms and 8 iterations takes about 8 N over the last figure. A core that reaches half of the reference or more
        is normal; much less, with other programs at work or in a container with a share of a core, is explained by them.

        Examples:
          denoise bench
          denoise bench --threads 4 --json
        """;

    /// <summary>One core at 3.7 GHz, in a virtual machine; figures from tests/benchmarks/README.md.</summary>
    private const string ReferenceCore = "AMD EPYC (Zen 4)";

    private static readonly double[] ReferenceRates = [9.0e6, 4.4e6, 0.65e6];

    public static Command Create()
    {
        Option<int> threads = SharedOptions.Threads();
        threads.Description = "Threads to measure beside a single one [default: all processors].";
        Option<bool> json = SharedOptions.Json();
        Command command = new("bench", Description) { threads, json };
        HelpWithExamples.Set(command, Examples);
        command.SetAction(parsed =>
        {
            int all = parsed.GetValue(threads);
            Run(all > 0 ? all : Environment.ProcessorCount, parsed.GetValue(json));
            return ExitCode.Success;
        });
        return command;
    }

    private static void Run(int threads, bool json)
    {
        (string Part, double Rate)[] one = Measure(1), all = threads > 1 ? Measure(threads) : one;
        if (json)
            WriteJson(one, all, threads);
        else
            WriteTable(one, all, threads);
    }

    private static (string Part, double Rate)[] Measure(int threads)
    {
        using var check = new SpeedCheck(threads);
        return [.. check.Measure()];
    }

    private static void WriteTable((string Part, double Rate)[] one, (string Part, double Rate)[] all, int threads)
    {
        TextWriter output = StandardStreams.CreateOutput();
        string last = $"{threads} threads";
        output.WriteLine($"{"atoms per second",-18} {"1 thread",12} {"of " + ReferenceCore,20} {last,13} {"speedup",8}");
        for (int p = 0; p < one.Length; p++)
        {
            var (part, rate) = one[p];
            output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{part,-18} {rate,12:n0} {rate / ReferenceRates[p],20:p0} {all[p].Rate,13:n0} {all[p].Rate / rate,8:f2}"));
        }

        output.Flush();
    }

    private static void WriteJson((string Part, double Rate)[] one, (string Part, double Rate)[] all, int threads)
    {
        using Stream stream = StandardStreams.OpenOutput();
        using Utf8JsonWriter writer = new(stream);
        writer.WriteStartObject();
        writer.WriteNumber("threads", threads);
        writer.WriteStartArray("parts");
        for (int p = 0; p < one.Length; p++)
        {
            writer.WriteStartObject();
            writer.WriteString("part", one[p].Part);
            writer.WriteNumber("atoms_per_second_one_thread", Math.Round(one[p].Rate));
            writer.WriteNumber("atoms_per_second", Math.Round(all[p].Rate));
            writer.WriteNumber("of_reference_core", Math.Round(one[p].Rate / ReferenceRates[p], 3));
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
        writer.Flush();
        stream.WriteByte((byte)'\n');
    }
}
