using Denoise.Atoms.Files;
using Denoise.Cli.Analysis;
using Denoise.Cli.Output;
using Denoise.Parallel;
using Denoise.Parallel.Mpi;

namespace Denoise.Cli.CommandLine;

/// <summary>What <c>analyze</c>, <c>apply</c> and <c>classify</c> share: the processes, the reports and how they end.</summary>
internal static class AnalysisCommand
{
    /// <param name="read">finds what was asked for; on every process the same</param>
    public static int Run(Func<AnalysisOptions> read)
    {
        using IMessagePassing communicator = MpiCommunicator.Start();
        Ranks ranks = new(communicator);
        IFrameReport? report = null;
        try
        {
            AnalysisOptions options = ranks.Together(read);
            report = CreateReport(options);
            using AnalysisRun run = new(options, ranks, report, ProgressBar.ForConsole(ranks.IsRoot));
            run.Run();
            return ExitCode.Success;
        }
        catch (Exception failure)
        {
            if (failure is not (OtherRankException or ClosedPipeException))
                DenoiseCommand.Fail(Sentences.OfFailure(failure));
            // The others may know nothing of this and be waiting: then end them too.
            if (ranks.AreSeveral && !ranks.FailedTogether)
                communicator.Abort(ExitCode.Failed);
            // mpirun ends all as soon as one process has failed: not before the reason is told.
            communicator.Barrier();
            if (ranks.IsRoot && report is not null)
                End(report);
            return ExitCode.Failed;
        }
    }

    /// <summary>Closes a report after a failure, which may have been that it cannot be written.</summary>
    private static void End(IFrameReport report)
    {
        try
        {
            report.End();
        }
        catch (IOException)
        {
            // Told already.
        }
    }

    private static IFrameReport CreateReport(AnalysisOptions options) => options.Json
        ? new JsonReport(StandardStreams.OpenOutput(), options.SkipBad)
        : new TableReport(
            // Where the frames take standard output, the table shall not stand between them.
            options.Output == OptionParsers.StandardOutput ? StandardStreams.Error : StandardStreams.CreateOutput(),
            denoises: options.Model is not null && options.MaxIterations > 0,
            identifies: options.Method.Kind != InSitu.Classification.None);
}
