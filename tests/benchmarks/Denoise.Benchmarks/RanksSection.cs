using System.Globalization;
using System.Text.RegularExpressions;

namespace Denoise.Benchmarks;

/// <summary>How much less time <c>denoise analyze</c> takes on two processes: tests/benchmarks/analyze.py, line by line.</summary>
internal sealed partial class RanksSection(Report report)
{
    private const string Frames = "100";
    private const string Turns = "2";

    public void Measure()
    {
        report.Begin("ranks", "denoise analyze on one process of one thread and on two: seconds, and what the second takes of them.");
        string program = Path.Combine(ReferenceFolder.Build, "bin", "denoise");
        if (!File.Exists(program) || ExternalProgram.Find("python3") is not { } python || ExternalProgram.Find("mpirun") is null)
        {
            Report.Say($"  left out: it needs {program} (./build.sh build), python3 and mpirun");
            return;
        }

        string script = Path.Combine(ReferenceFolder.Repository, "tests", "benchmarks", "analyze.py");
        foreach (string line in ExternalProgram.Run(python, "-B", script, program, Frames, Turns).TrimEnd().Split('\n'))
        {
            Report.Say($"  {line}");
            if (Ratios().Match(line) is { Success: true } ratios)
                report.Add(("case", ratios.Groups[1].Value), ("clock_ratio", Number(ratios.Groups[2])),
                    ("processor_ratio", Number(ratios.Groups[3])));
        }
    }

    private static double Number(Group text) => double.Parse(text.ValueSpan, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^(.*?)  +clock .*?s: (-?[0-9.]+); processor .*s: (-?[0-9.]+) ")]
    private static partial Regex Ratios();
}
