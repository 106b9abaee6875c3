using System.Globalization;
using System.Runtime.InteropServices;
using Denoise.Atoms;
using Denoise.Atoms.Threading;
using Denoise.Cli.CommandLine;
using Denoise.Cli.Output;
using Denoise.Networks.Checkpoints;
using Denoise.Networks.Models;
using Denoise.Parallel.Mpi;
using Denoise.Training.Runs;
using Denoise.Training.Structures;

namespace Denoise.Cli.Training;

/// <summary>Trains, and stops at the first Ctrl-C (or SIGTERM, SIGHUP) after saving what <c>--resume</c> needs.</summary>
internal static class TrainProgram
{
    private const long MostAtoms = 10_000_000;

    /// <exception cref="InputException">whatever stands in the way</exception>
    public static int Run(TrainOptions options)
    {
        Check(options);
        (IReadOnlyList<IdealStructure> structures, IReadOnlyList<string> elements) = StructureSource.Load(options);
        NequipConfig config = options.Settings.CreateConfig(structures, elements);
        KeyValuePair<string, string>[] settings = [.. options.Describe(), new("cells", Describe(structures))];
        TrainingState? state = options.Resume ? TrainingState.Load(options.Files.State, settings) : null;

        using var pool = new WorkerPool(options.Threads ?? Environment.ProcessorCount);
        NequipModel? start = options.Start.Length > 0 && state is null ? Checkpoint.LoadModel(options.Start) : null;
        using var run = new TrainingRun(options.Settings, config, structures, pool, state, start);
        using var job = new TrainingJob(run, options.Files, settings, pool)
        {
            ValidationInterval = options.ValidationInterval,
            ElapsedBefore = state?.Elapsed ?? TimeSpan.Zero,
            Origin = new Dictionary<string, string> { ["command"] = options.Command, ["program"] = VersionAction.Text },
        };
        using var cancellation = new CancellationTokenSource();
        void Stop(PosixSignalContext context)
        {
            context.Cancel = true;
            cancellation.Cancel();
        }

        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var termination = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using var hangup = PosixSignalRegistration.Create(PosixSignal.SIGHUP, Stop);

        TextWriter output = StandardStreams.CreateOutput();
        Introduce(output, run, structures);
        ProgressBar progress = ProgressBar.ForConsole(isRoot: true);
        try
        {
            if (job.Run(new TrainReport(progress, output, run.Step), cancellation.Token))
                return ExitCode.Success;
        }
        finally
        {
            progress.Clear();
            output.Flush();
        }

        throw new InputException($"stopped after step {run.Step} of {run.Settings.Steps}; the same command with --resume goes on from " +
            $"there ({options.Files.State}).");
    }

    private static void Check(TrainOptions options)
    {
        if (options.Files.Model.Length == 0)
            throw new InputException("--output: is empty; give the name of the model to write.");
        if (options.Prototypes.Count + options.Structures.Count == 0)
            throw new InputException("nothing to learn from: give --prototypes or --structures.");
        if ((long)options.Settings.BatchCells * options.Settings.CellAtoms > MostAtoms)
            throw new InputException($"{options.Settings.BatchCells} cells of {options.Settings.CellAtoms} atoms are too many for an " +
                $"update; lower --batch or --atoms: up to {MostAtoms:N0} atoms are possible, and some thousand are enough.");
        if (MpiLauncher.Detect(Environment.GetEnvironmentVariable) is { } launcher)
            throw new InputException($"{launcher.Name} starts several processes, and training runs in one; leave it out, and set " +
                "--threads.");
        CheckFiles(options);
    }

    private static void CheckFiles(TrainOptions options)
    {
        if (options is { Resume: true, Force: true })
            throw new InputException("--resume goes on with a training, and --force starts it anew; give one of them.");
        string[] inputs = options.Start.Length > 0 ? [.. options.Structures, options.Start] : [.. options.Structures];
        string[] taken = [.. options.Files.All.Where(file => OutputRules.Existing(file, inputs) is not null)];
        (bool hasModel, bool hasState) = (taken.Contains(options.Files.Model), taken.Contains(options.Files.State));
        if (options.Resume && !hasState)
            throw new InputException($"{options.Files.State}: does not exist, so there is no training to resume" +
                (hasModel ? $"; {options.Files.Model} is complete." : "; leave out --resume to start one."));
        if (!options.Resume && !options.Force && taken.Length > 0)
            throw new InputException($"{taken[0]}: exists already, and training would replace it; choose another name, remove it, " +
                $"{(hasState ? "give --resume to go on with it, " : "")}or give --force.");
    }

    /// <summary>What was in the files, which a resumed run must find there again.</summary>
    private static string Describe(IReadOnlyList<IdealStructure> structures) => string.Join(", ", structures.Select(structure =>
        string.Create(CultureInfo.InvariantCulture,
            $"{structure.Count} of {structure.Box.Volume / structure.Count:F6} Å^3 with {structure.MeanNeighbors:F3} neighbors from " +
            $"{structure.ShortestDistance:F6} Å")));

    private static void Introduce(TextWriter output, TrainingRun run, IReadOnlyList<IdealStructure> structures)
    {
        NequipConfig config = run.Model.Config;
        int weights = run.Model.Parameters.Sum(tensor => tensor.Values.Length);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"network {config.Hidden}, {config.LayerCount} layers, {weights:N0} weights, cutoff {config.Cutoff} Å, " +
            $"{config.NeighborCount} neighbors"));
        foreach (IdealStructure structure in structures)
            output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{structure.Name}: cells of {structure.Count} atoms, {structure.MeanNeighbors:F1} neighbors, shortest distance " +
                $"{structure.ShortestDistance:F3} Å"));
        output.Flush();
    }
}
