using System.CommandLine;
using Denoise.Atoms.Files;
using Denoise.Cli.Output;
using Denoise.Networks.Checkpoints;

namespace Denoise.Cli.CommandLine;

/// <summary><c>denoise info FILE</c></summary>
internal static class InfoCommand
{
    private const string Description = """
        Prints what a file holds: of a model its architecture, species and training scale; of a trajectory its frames, atoms,
        elements, box and columns.
        """;

    private const string Examples = """
        Examples:
          denoise info Cu.pt
          denoise info run.dump.gz
          denoise info Cu.pt --json
        """;

    public static Command Create()
    {
        Argument<string> file = new("FILE") { Description = "A PyTorch checkpoint (.pt), or any file that 'denoise apply' reads." };
        Option<bool> json = SharedOptions.Json();
        json.Description = "Print JSON instead of text.";
        Command command = new("info", Description) { file, json };
        ModelOptions modelOptions = new();
        modelOptions.AddTo(command);
        HelpWithExamples.Set(command, Examples);
        command.SetAction(parsed => Run(parsed.GetRequiredValue(file), modelOptions.Of(parsed), parsed.GetValue(json)));
        return command;
    }

    private static int Run(string path, CheckpointOptions options, bool json)
    {
        if (LooksLikeCheckpoint(path))
        {
            Checkpoint checkpoint = Checkpoint.Load(path, options);
            foreach (string overridden in checkpoint.Overridden)
                DenoiseCommand.Warn($"{path}: {overridden}.");
            CheckpointSummary model = new(checkpoint);
            Print(json ? [model.ToJson()] : model.Lines());
        }
        else
        {
            TrajectorySummary trajectory = TrajectorySummary.Of(path, ProgressBar.ForConsole(isRoot: true));
            foreach (string warning in trajectory.Warnings)
                DenoiseCommand.Warn(warning);
            Print(json ? [trajectory.ToJson()] : trajectory.Lines());
        }

        return ExitCode.Success;

        void Print(IEnumerable<string> lines)
        {
            TextWriter output = StandardStreams.CreateOutput();
            foreach (string line in lines)
                output.WriteLine(line);
            output.Flush();
        }
    }

    /// <summary>By name, or by content: a zip archive, or a pickle as old versions of PyTorch wrote it.</summary>
    private static bool LooksLikeCheckpoint(string path)
    {
        if (Path.GetExtension(path).ToLowerInvariant() is ".pt" or ".pth" or ".ckpt")
            return true;
        try
        {
            // A pipe gives its bytes once.
            if (FileStatus.Of(path) is not { IsRegular: true })
                return false;
            using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, 0);
            Span<byte> head = stackalloc byte[2];
            int length = file.ReadAtLeast(head, 2, throwOnEndOfStream: false);
            return head[..length] is [(byte)'P', (byte)'K'] or [0x80, _];
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // The reader of trajectories says what is wrong.
            return false;
        }
    }
}
