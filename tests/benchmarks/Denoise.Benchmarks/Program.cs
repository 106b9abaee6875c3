using System.Globalization;
using Denoise.Benchmarks;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
BenchmarkOptions options;
try
{
    if (args.Contains("--help") || args.Contains("-h"))
    {
        Console.WriteLine(BenchmarkOptions.Help);
        return 0;
    }

    options = BenchmarkOptions.Parse(args);
}
catch (ArgumentException wrong)
{
    Console.Error.WriteLine(wrong.Message);
    return 2;
}

var report = new Report();
CorePeaks peaks = CorePeaks.Measure(report);
var parts = new PartSections(report, peaks, options);
bool isRight = true;
foreach (string section in options.Sections)
    switch (section)
    {
        case "parts": parts.MeasureParts(); break;
        case "threads": parts.MeasureThreads(); break;
        case "sizes": new SizeSection(report, options).Measure(); break;
        case "peers": new PeerSection(report).Measure(); break;
        case "analyses": new AnalysisSection(report, options).Measure(); break;
        case "in-situ": new InSituSection(report).Measure(); break;
        case "ranks": new RanksSection(report).Measure(); break;
        case "communication": isRight = new CommunicationSection(report).Measure(); break;
        case "compression": new CompressionSection(report, options).Measure(); break;
        case "start": StartSection.Measure(report); break;
    }

Report.Say();
Report.Say($"load at the end {MachineInfo.Load}; above {Environment.ProcessorCount}, read the column per CPU-s");
if (options.JsonPath is { } path)
    report.Write(path);
return isRight ? 0 : 1;
