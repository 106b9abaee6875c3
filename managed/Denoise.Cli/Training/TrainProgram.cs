using System.Globalization;
using System.Runtime.InteropServices;
using Denoise.Atoms;
using Denoise.Atoms.Threading;
using Denoise.Cli.CommandLine;
using Denoise.Cli.Output;
using Denoise.Networks.Checkpoints;
using Denoise.Networks.Models;
using Denoise.Parallel.Mpi;
using Denoise.Training.Forces;
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
        using var pool = new WorkerPool(options.Threads ?? Environment.ProcessorCount);
        return options.Settings.Forces is null ? RunDenoising(options, pool) : RunForces(options, pool);
    }

    private static int RunDenoising(TrainOptions options, WorkerPool pool)
    {
        (IReadOnlyList<IdealStructure> structures, IReadOnlyList<string> elements) = StructureSource.Load(options);
        NequipConfig config = options.Settings.CreateConfig(structures, elements);
        KeyValuePair<string, string>[] settings = [.. options.Describe(), new("cells", Describe(structures))];
        TrainingState? state = options.Resume ? TrainingState.Load(options.Files.State, settings) : null;
        using var run = new TrainingRun(options.Settings, config, structures, pool, state, Start(options, state));
        return Run(options, settings, run, [], state, pool, output => Introduce(output, structures));
    }

    private static int RunForces(TrainOptions options, WorkerPool pool)
    {
        bool isMinima = options.Settings.Forces!.Task == ForceTask.Minima;
        bool needsForces = !isMinima || options.Settings.Forces.TellsForces;
        IReadOnlyList<string>? elements = null;
        List<ForceFrame> frames = ForceSource.Load(options.Data, isMinima, needsForces, ref elements);
        List<ForceFrame> heldOut = ForceSource.Load(options.HeldOut, isMinima, needsForces, ref elements);
        ForceData data = new(frames, elements!, options.Settings.Cutoff);
        if (needsForces && data.ForceScale == 0)
            throw new InputException("all forces of the data are 0, so there is nothing to learn; give structures that move.");
        KeyValuePair<string, string>[] settings = [.. options.Describe(), new("frames", Describe(data))];
        TrainingState? state = options.Resume ? TrainingState.Load(options.Files.State, settings) : null;
        using var run = new TrainingRun(options.Settings, options.Settings.CreateConfig(data), data, pool, state, Start(options, state));
        return Run(options, settings, run, heldOut, state, pool, output => Introduce(output, data, heldOut.Count));
    }

    private static NequipModel? Start(TrainOptions options, TrainingState? state) =>
        options.Start.Length > 0 && state is null ? Checkpoint.LoadModel(options.Start) : null;

    private static int Run(TrainOptions options, KeyValuePair<string, string>[] settings, TrainingRun run, IReadOnlyList<ForceFrame> heldOut,
        TrainingState? state, WorkerPool pool, Action<TextWriter> introduce)
    {
        using var job = new TrainingJob(run, options.Files, settings, pool, heldOut)
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
        Introduce(output, run);
        introduce(output);
        output.Flush();
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
        if (options.Settings.Forces is not null)
            CheckForces(options);
        else if (options.Data.Count + options.HeldOut.Count > 0)
            throw new InputException("--data and --validation are for trainings from structures with forces; add --task forces or " +
                "--task minima.");
        else if (options.Prototypes.Count + options.Structures.Count == 0)
            throw new InputException("nothing to learn from: give --prototypes or --structures.");
        if (options.Settings.Forces is null && (long)options.Settings.BatchCells * options.Settings.CellAtoms > MostAtoms)
            throw new InputException($"{options.Settings.BatchCells} cells of {options.Settings.CellAtoms} atoms are too many for an " +
                $"update; lower --batch or --atoms: up to {MostAtoms:N0} atoms are possible, and some thousand are enough.");
        if (MpiLauncher.Detect(Environment.GetEnvironmentVariable) is { } launcher)
            throw new InputException($"{launcher.Name} starts several processes, and training runs in one; leave it out, and set " +
                "--threads.");
        CheckFiles(options);
    }

    private static void CheckForces(TrainOptions options)
    {
        if (options.Data.Count == 0)
            throw new InputException("nothing to learn from: give --data.");
        if (options.Prototypes.Count + options.Structures.Count > 0)
            throw new InputException("--prototypes and --structures are for denoising of ideal crystals, and --task learns from --data; " +
                "train them apart.");
    }

    private static void CheckFiles(TrainOptions options)
    {
        if (options is { Resume: true, Force: true })
            throw new InputException("--resume goes on with a training, and --force starts it anew; give one of them.");
        string[] start = options.Start.Length > 0 ? [options.Start] : [];
        string[] inputs = [.. options.Structures, .. options.Data, .. options.HeldOut, .. start];
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

    private static string Describe(ForceData data) => string.Create(CultureInfo.InvariantCulture,
        $"{data.Frames.Count} of {data.Frames.Sum(frame => frame.Count)} atoms with {data.MeanNeighbors:F4} neighbors, {data.ForceScale:g9} " +
        $"eV/Å, {data.EnergyScale:g9} eV");

    private static void Introduce(TextWriter output, ForceData data, int heldOut)
    {
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{data.Frames.Count:N0} structures to learn from, {heldOut:N0} held out; {data.MeanNeighbors:F1} neighbors"));
        if (data.ForceScale > 0)
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"forces of {data.ForceScale:g4} eV/Å (rms of a component)") +
                (data.EnergyScale > 0 ? Spread(data) : ""));
    }

    private static string Spread(ForceData data)
    {
        IEnumerable<string> references = data.ReferenceEnergies.Select(e => e.ToString("F4", CultureInfo.InvariantCulture));
        return string.Create(CultureInfo.InvariantCulture,
            $", energies of {1000 * data.EnergyScale:g4} meV/atom (rms) about {string.Join(", ", references)} eV");
    }

    private static void Introduce(TextWriter output, TrainingRun run)
    {
        NequipConfig config = run.Model.Config;
        int weights = run.Model.Parameters.Sum(tensor => tensor.Values.Length);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"network {config.Hidden}, {config.LayerCount} layers, {weights:N0} weights, cutoff {config.Cutoff} Å, " +
            $"{config.NeighborCount} neighbors"));
    }

    private static void Introduce(TextWriter output, IReadOnlyList<IdealStructure> structures)
    {
        foreach (IdealStructure structure in structures)
            output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{structure.Name}: cells of {structure.Count} atoms, {structure.MeanNeighbors:F1} neighbors, shortest distance " +
                $"{structure.ShortestDistance:F3} Å"));
    }
}
