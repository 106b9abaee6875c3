using Denoise.Cli.Analysis;
using Denoise.Cli.Output;
using Denoise.Parallel;
using Denoise.Parallel.Mpi;

namespace Denoise.Cli.CommandLine;

/// <summary>What <c>apply</c> and <c>classify</c> share: the processes, the reports and how both end.</summary>
internal static class AnalysisCommand
{
    public static int Run(AnalysisOptions options)
    {
        using IMessagePassing communicator = MpiCommunicator.Start();
        Ranks ranks = new(communicator);
        IFrameReport report = CreateReport(options);
        try
        {
            using AnalysisRun run = new(options, ranks, report, ProgressBar.ForConsole(ranks.IsRoot));
            run.Run();
            return ExitCode.Success;
        }
        catch (Exception failure) when (ranks.AreSeveral && !ranks.FailedTogether)
        {
            // The others know nothing of this and may be waiting: end them too.
            DenoiseCommand.Fail(Sentences.OfFailure(failure));
            communicator.Abort(ExitCode.Failed);
            return ExitCode.Failed;
        }
        catch
        {
            if (ranks.IsRoot)
                report.End();
            throw;
        }
    }

    private static IFrameReport CreateReport(AnalysisOptions options) => options.Json
        ? new JsonReport(Console.OpenStandardOutput())
        : new TableReport(
            Console.Out, denoises: options.Model is not null, identifies: options.Method.Kind != InSitu.Classification.None);
}
