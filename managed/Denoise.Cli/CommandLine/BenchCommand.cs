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
        Measures how fast this machine is, in a few seconds: neighbor list, adaptive CNA and one iteration of a network, with one
        thread and with all.
        """;

    private const string Examples = """
        A frame of N atoms and 8 iterations takes about 8 N over the rate of an iteration. A core that reaches half of the reference
        or more is normal; much less, with other programs at work or in a container with a share of a core, is explained by them.

        Examples:
          denoise bench
          denoise bench --model my.pt
          denoise bench --threads 4 --json
        """;

    public static Command Create()
    {
        Option<string> model = new("--model", "-m")
        {
            HelpName = "FILE",
            Description = "Measure the network in this file as well.",
        };
        ModelOptions modelOptions = new();
        Option<int> threads = SharedOptions.Threads();
        threads.Description = "Threads to measure beside a single one [default: all processors].";
        Option<bool> json = SharedOptions.Json();
        Command command = new("bench", Description) { model, threads, json };
        modelOptions.AddTo(command);
        HelpWithExamples.Set(command, Examples);
        command.SetAction(parsed =>
        {
            int all = parsed.GetValue(threads);
            Run(SpeedPart.List(parsed.GetValue(model), modelOptions.Of(parsed)), all > 0 ? all : Environment.ProcessorCount,
                parsed.GetValue(json));
            return ExitCode.Success;
        });
        return command;
    }

    private static void Run(IReadOnlyList<SpeedPart> parts, int threads, bool json)
    {
        double[] one = Measure(parts, 1), all = threads > 1 ? Measure(parts, threads) : one;
        if (json)
            WriteJson(parts, one, all, threads);
        else
            WriteTable(parts, one, all, threads);
    }

    private static double[] Measure(IReadOnlyList<SpeedPart> parts, int threads)
    {
        using var check = new SpeedCheck(threads);
        return [.. parts.Select(part => part.Measure(check))];
    }

    private static void WriteTable(IReadOnlyList<SpeedPart> parts, double[] one, double[] all, int threads)
    {
        TextWriter output = StandardStreams.CreateOutput();
        string last = $"{threads} threads";
        output.WriteLine($"{"atoms per second",-26} {"1 thread",12} {"of " + SpeedPart.ReferenceCore,20} {last,13} {"speedup",8}");
        for (int p = 0; p < parts.Count; p++)
            output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{parts[p].Name,-26} {one[p],12:n0} {one[p] / parts[p].Reference,20:p0} {all[p],13:n0} {all[p] / one[p],8:f2}"));
        output.Flush();
    }

    private static void WriteJson(IReadOnlyList<SpeedPart> parts, double[] one, double[] all, int threads)
    {
        using Stream stream = StandardStreams.OpenOutput();
        using Utf8JsonWriter writer = new(stream);
        writer.WriteStartObject();
        writer.WriteNumber("threads", threads);
        writer.WriteStartArray("parts");
        for (int p = 0; p < parts.Count; p++)
        {
            writer.WriteStartObject();
            writer.WriteString("part", parts[p].Name);
            writer.WriteNumber("atoms_per_second_one_thread", Math.Round(one[p]));
            writer.WriteNumber("atoms_per_second", Math.Round(all[p]));
            if (parts[p].Reference is { } reference)
                writer.WriteNumber("of_reference_core", Math.Round(one[p] / reference, 3));
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
        writer.Flush();
        stream.WriteByte((byte)'\n');
    }
}
