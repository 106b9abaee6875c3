using System.Globalization;
using Denoise.Atoms;
using Denoise.Cli.CommandLine;
using Denoise.Cli.Input;
using Denoise.Cli.Output;
using Denoise.Cli.Tables;
using Denoise.Parallel.Mpi;

namespace Denoise.Cli.Report;

/// <summary>Makes a report of tables and trajectories.</summary>
internal static class ReportRun
{
    /// <exception cref="InputException">an input or the output is wrong; then there is no output</exception>
    public static int Run(ReportOptions options)
    {
        if (MpiLauncher.Detect(Environment.GetEnvironmentVariable) is { } launcher)
            throw new InputException(
                $"{launcher.Name} starts several processes, and a report is made by one; leave it out, and set --threads.");
        OutputRules.CheckMarked(options.Output, options.Files.Concat(options.Analysis.Inputs), options.Force, ReportPage.Mark);
        ReportPage page = ReportPage.Load();
        ILookup<bool, string> files = options.Files.Distinct().ToLookup(CsvFile.IsOne);
        ReportData report = new() { Title = options.Title ?? Title(options.Files) };
        foreach (string file in files[true])
            AddTable(report, CsvFile.Read(file, report.Notes.Add));
        if (files[false].Any())
        {
            using TrajectoryPart part = new(options with { Files = [.. files[false]] }, report);
            AddTable(report, part.Run());
        }

        long bytes = ReportWriter.Write(options.Output, page, report);
        Tell(options.Output, report, bytes);
        return ExitCode.Success;
    }

    private static void AddTable(ReportData report, DataTable table)
    {
        foreach (TableColumn column in table.Columns)
            if (column.Role is ColumnRole.Structure or ColumnRole.RawStructure)
                report.Structures.Add(column.Of!);
        report.Tables.Add(table);
    }

    private static string Title(IReadOnlyList<string> files)
    {
        string first = files[0] == InputFiles.StandardInput ? "standard input" : Path.GetFileName(files[0]);
        return files.Count == 1 ? first : string.Create(CultureInfo.InvariantCulture, $"{first} and {files.Count - 1} more");
    }

    private static void Tell(string path, ReportData report, long bytes)
    {
        // Where the page takes standard output, the sentence shall not follow it.
        using TextWriter told = path == OptionParsers.StandardOutput ? TextWriter.Null : StandardStreams.CreateOutput();
        string atoms = report.Scenes.Count == 0 ? "" : string.Create(CultureInfo.InvariantCulture,
            $", {report.Scenes.Count} frames with up to {report.Scenes.Max(scene => scene.Ids.Length)} atoms");
        told.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{path}: {report.Tables.Count} tables{atoms}, {bytes / 1e6:F1} MB; open it with a browser"));
    }
}
