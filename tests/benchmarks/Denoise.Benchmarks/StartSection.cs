using System.Diagnostics;

namespace Denoise.Benchmarks;

/// <summary>How long the program takes to start and end.</summary>
internal static class StartSection
{
    private const int Runs = 11;

    public static void Measure(Report report)
    {
        report.Begin("start", $"Start: denoise --version");
        string program = Path.Combine(ReferenceFolder.Build, "bin", "denoise");
        if (!File.Exists(program))
        {
            Report.Say($"  left out: there is no {program}; run ./build.sh build");
            return;
        }

        double[] seconds = new double[Runs];
        for (int run = 0; run < Runs; run++)
        {
            long start = Stopwatch.GetTimestamp();
            using var process = Process.Start(new ProcessStartInfo(program, ["--version"]) { RedirectStandardOutput = true })!;
            process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            seconds[run] = Stopwatch.GetElapsedTime(start).TotalSeconds;
        }

        Array.Sort(seconds);
        Report.Say($"  {1e3 * seconds[Runs / 2]:f1} ms (median of {Runs}), best {1e3 * seconds[0]:f1} ms");
        report.Add(("median_seconds", seconds[Runs / 2]), ("best_seconds", seconds[0]));
    }
}
