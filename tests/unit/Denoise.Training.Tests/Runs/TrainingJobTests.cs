using System.Globalization;
using Denoise.Atoms;
using Denoise.Atoms.Threading;
using Denoise.Networks.Checkpoints;
using Denoise.Networks.Models;
using Denoise.Networks.Tests.Checkpoints;
using Denoise.TestSupport;
using Denoise.Training.Runs;

namespace Denoise.Training.Tests.Runs;

/// <summary>What goes to disk along a training, and what an interruption or a failure leaves there.</summary>
public sealed class TrainingJobTests : IDisposable
{
    private static readonly TrainingSettings Settings = SmallTraining.Settings;

    private readonly ScratchFolder _scratch = new();

    private TrainingFiles Files => new(_scratch["model.pt"]);

    [Fact]
    public void Training_lowers_the_error_and_writes_a_model_that_loads()
    {
        using var pool = new WorkerPool(2);
        using TrainingRun run = SmallTraining.Create(pool);
        var observer = new TrainingRecorder();
        using (var job = new TrainingJob(run, Files, Settings.Describe(), pool) { ValidationInterval = 80 })
            Assert.True(job.Run(observer, CancellationToken.None));

        Assert.Equal(200, observer.Losses.Count);
        // Predicting nothing leaves the mean of sigma^2, sigma being uniform up to 0.13 shortest distances.
        double nothing = Math.Pow(0.13 * run.Structures[0].ShortestDistance, 2) / 3;
        Assert.InRange(observer.Losses[^1], 0, 0.5 * nothing);
        Assert.Equal(3, observer.Validations.Count);
        // fcc and bcc at three noise levels; the untrained network makes it worse, the trained one better.
        Assert.Equal(6, observer.Validations[^1].Count);
        Assert.All(observer.Validations[^1], row => Assert.True(row.AfterOne < row.Before, row.ToString()));
        double noise = 0.13 * run.Structures[0].ShortestDistance * Math.Sqrt(3);
        Assert.InRange(observer.Validations[^1][2].Before, 0.8 * noise, 1.2 * noise);

        Checkpoint file = Checkpoint.Load(Files.Model);
        Assert.Equal("200", file.Metadata["training step"]);
        Assert.Equal(CutoffEnvelope.Polynomial, file.Config.Envelope);
        Assert.Equal(SmallTraining.Weights(run.AverageModel), SmallTraining.Weights(file.CreateModel()));
        Assert.False(File.Exists(Files.State));
        Assert.Equal(1 + 4, File.ReadAllLines(Files.Log).Length);
        Assert.Equal(1 + 3 * 6, File.ReadAllLines(Files.Validation).Length);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.7)]
    [InlineData(0.7, true)]
    public void Interrupted_and_resumed_on_other_threads_gives_the_same_bits(double iterated, bool hasClasses = false)
    {
        TrainingSettings settings = Settings with
        {
            Perturbation = new() { Iterated = iterated, Missing = 0.1, Molten = 0.2 },
            HasClasses = hasClasses,
        };
        byte[] uninterrupted = Train(threads: 1, cancelAt: 0, settings: settings);
        string[] steps = Steps(Files.Log), validations = File.ReadAllLines(Files.Validation);
        File.Delete(Files.Model);
        Assert.NotEmpty(Train(threads: 3, cancelAt: 70, settings: settings));
        // What a run that was killed wrote after its last save is written again.
        File.AppendAllText(Files.Log, "100,1000.0,0.1,0.1,0.1\n150,10");
        Assert.Equal(uninterrupted, Train(threads: 2, cancelAt: 0, elapsedBefore: TimeSpan.FromSeconds(5000), settings: settings));
        Assert.Equal(steps, Steps(Files.Log));
        Assert.Equal(validations, File.ReadAllLines(Files.Validation));

        double[] seconds = [.. Column(Files.Log, 1).Skip(1).Select(text => double.Parse(text, CultureInfo.InvariantCulture))];
        Assert.InRange(seconds[0], 0, 1000);
        Assert.All(seconds[1..], second => Assert.InRange(second, 5000, 6000));
    }

    [Fact]
    public void Stopped_before_the_first_step_is_resumed_too()
    {
        TrainingSettings settings = Settings with { Steps = 20, Perturbation = new() { Iterated = 0.7 } };
        byte[] uninterrupted = Train(threads: 1, cancelAt: 0, settings: settings);
        File.Delete(Files.Model);
        using (var pool = new WorkerPool(1))
        using (TrainingRun run = SmallTraining.Create(pool, settings))
        using (var job = new TrainingJob(run, Files, settings.Describe(), pool))
            Assert.False(job.Run(new TrainingRecorder(), new CancellationToken(canceled: true)));
        Assert.Equal(uninterrupted, Train(threads: 1, cancelAt: 0, settings: settings));
    }

    [Fact]
    public void A_state_without_its_samples_is_not_resumed()
    {
        TrainingSettings settings = Settings with { Perturbation = new() { Iterated = 0.7 } };
        Train(threads: 1, cancelAt: 5, settings: settings);
        Checkpoint file = Checkpoint.Load(Files.State);
        StateDict rest = new("rest", file.Tensors.Tensors.Where(tensor => tensor.Name != "cell.2.atoms"));
        CheckpointWriter.Save(Files.State, rest, file.Config, file.Metadata);
        Assert.Contains("cell.2.atoms", Refused(() => Train(threads: 1, cancelAt: 0, settings: settings)), StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_crash_costs_is_the_time_since_the_last_save_a_minute_at_most()
    {
        using var pool = new WorkerPool(1);
        TrainingSettings brief = Settings with { Steps = 20 };
        using TrainingRun run = SmallTraining.Create(pool, brief);
        var saved = new List<long>();
        var observer = new TrainingRecorder { Watch = _ => saved.Add(TrainingState.Load(Files.State, brief.Describe()).Step) };
        using (var job = new TrainingJob(run, Files, brief.Describe(), pool) { SaveInterval = TimeSpan.Zero })
            job.Run(observer, CancellationToken.None);
        Assert.Equal(Enumerable.Range(0, 20).Select(step => (long)step), saved);

        using var usual = new TrainingJob(run, Files, brief.Describe(), pool);
        Assert.InRange(usual.SaveInterval, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1));
    }

    [Fact]
    public void The_state_holds_the_time_spent()
    {
        Train(threads: 1, cancelAt: 3, elapsedBefore: TimeSpan.FromSeconds(5000));
        Assert.InRange(TrainingState.Load(Files.State, Settings.Describe()).Elapsed.TotalSeconds, 5000, 6000);
    }

    [TorchFact]
    public void PyTorch_opens_model_and_state_with_weights_only()
    {
        Train(threads: 1, cancelAt: 5);
        string output = Python.Run("""
            import sys, torch
            model, state = (torch.load(path, weights_only=True) for path in sys.argv[1:])
            assert model["metadata"]["training step"] == "5" and model["config"]["envelope"] == "polynomial", model["config"]
            name = "interactions.0.first.lin1.weight"
            assert torch.equal(state["state_dict"]["average." + name], model["state_dict"][name])
            assert all(torch.isfinite(t).all() for t in state["state_dict"].values())
            print(len(state["state_dict"]))
            """, Files.Model, Files.State);
        using var pool = new WorkerPool(1);
        using TrainingRun run = SmallTraining.Create(pool);
        Assert.Equal(4 * run.Model.Parameters.Count, int.Parse(output, CultureInfo.InvariantCulture));
    }

    [Fact]
    public void Other_settings_or_another_file_are_not_resumed()
    {
        Train(threads: 1, cancelAt: 10);
        Assert.Contains("seed", Refused(() => TrainingState.Load(Files.State, (Settings with { Seed = 2 }).Describe())),
            StringComparison.Ordinal);
        Assert.Contains("not the state", Refused(() => TrainingState.Load(Files.Model, Settings.Describe())), StringComparison.Ordinal);
    }

    [Fact]
    public void Divergence_stops_says_what_to_lower_and_keeps_the_last_good_weights()
    {
        TrainingSettings wild = Settings with { LearningRate = 3, WarmUp = 100 };
        var observer = new TrainingRecorder();
        string message = Refused(() => Run(wild, observer));
        Assert.Contains("--learning-rate (now 3)", message, StringComparison.Ordinal);
        Assert.False(File.Exists(Files.State));

        Checkpoint kept = Checkpoint.Load(Files.Model);
        int step = int.Parse(kept.Metadata["training step"], CultureInfo.InvariantCulture);
        Assert.Contains($"{Files.Model} holds the weights of step {step}.", message, StringComparison.Ordinal);
        Assert.InRange(step, 2, observer.Losses.Count - 1);
        Assert.InRange(observer.Losses[step - 1], 0, 4 * observer.Losses.Take(step).Min());
        Assert.True(observer.Losses[^1] > 4 * observer.Losses.Min(), "The run was still good when it stopped.");
        Assert.All(SmallTraining.Weights(kept.CreateModel()), value => Assert.True(float.IsFinite(value)));
    }

    [Fact]
    public void A_run_that_ends_badly_says_so_and_keeps_the_last_good_weights()
    {
        // The warm-up outlasts both runs, so that they go the same way; the second ends where the first is about to diverge.
        TrainingSettings wild = Settings with { LearningRate = 30, WarmUp = 1000 };
        var diverging = new TrainingRecorder();
        Assert.Contains("diverges", Refused(() => Run(wild, diverging)), StringComparison.Ordinal);
        int end = Enumerable.Range(1, diverging.Losses.Count).First(n => diverging.Losses[n - 1] > 4 * diverging.Losses.Take(n).Min());
        File.Delete(Files.Model);

        var observer = new TrainingRecorder();
        string message = Refused(() => Run(wild with { Steps = end }, observer));
        Assert.Equal(diverging.Losses.Take(end), observer.Losses);
        Assert.Contains("ends badly", message, StringComparison.Ordinal);
        Assert.Contains("--learning-rate", message, StringComparison.Ordinal);
        string step = Checkpoint.Load(Files.Model).Metadata["training step"];
        Assert.Equal(end - 1, int.Parse(step, CultureInfo.InvariantCulture));
        Assert.Contains($"holds the weights of step {step}.", message, StringComparison.Ordinal);
        Assert.False(File.Exists(Files.State));
    }

    [Fact]
    public void A_model_says_where_it_comes_from()
    {
        using var pool = new WorkerPool(1);
        TrainingSettings brief = Settings with { Steps = 2 };
        using TrainingRun run = SmallTraining.Create(pool, brief);
        KeyValuePair<string, string>[] settings = [new("prototypes", "fcc,bcc"), new("structures", ""), .. brief.Describe()];
        using (var job = new TrainingJob(run, Files, settings, pool) { Origin = new Dictionary<string, string> { ["program"] = "test 1" } })
            job.Run(new TrainingRecorder(), CancellationToken.None);
        string text = string.Join('\n', new CheckpointSummary(Checkpoint.Load(Files.Model)).Lines());
        foreach (string line in new[] { "program +test 1", "prototypes +fcc,bcc", "seed +1", "learning-rate +0.02", "step +2" })
            Assert.Matches($"(?m)^training {line}$", text);
        Assert.DoesNotContain("training structures", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_cannot_be_written_stops_the_run_at_once()
    {
        using var pool = new WorkerPool(1);
        using TrainingRun run = SmallTraining.Create(pool);
        using var job = new TrainingJob(run, new(_scratch["missing/model.pt"]), Settings.Describe(), pool);
        string message = Refused(() => job.Run(new TrainingRecorder(), CancellationToken.None));
        Assert.Contains("create it first", message, StringComparison.Ordinal);
        Assert.Equal(0, run.Step);
    }

    public void Dispose() => _scratch.Dispose();

    private static string Refused(Action action) => Assert.Throws<InputException>(action).Message;

    private static string[] Column(string csv, int column) => [.. File.ReadLines(csv).Select(line => line.Split(',')[column])];

    private static string[] Steps(string csv) => Column(csv, 0);

    /// <summary>A run that saves after every step, which must not mean: weights as bad as they come.</summary>
    private void Run(TrainingSettings settings, TrainingRecorder observer)
    {
        using var pool = new WorkerPool(1);
        using TrainingRun run = SmallTraining.Create(pool, settings);
        using var job = new TrainingJob(run, Files, settings.Describe(), pool) { SaveInterval = TimeSpan.Zero };
        job.Run(observer, CancellationToken.None);
    }

    /// <summary>Starts, or resumes where there is something to resume; returns the model's bytes.</summary>
    private byte[] Train(int threads, int cancelAt, TimeSpan elapsedBefore = default, TrainingSettings? settings = null)
    {
        using var pool = new WorkerPool(threads);
        settings ??= Settings;
        TrainingState? state = File.Exists(Files.State) ? TrainingState.Load(Files.State, settings.Describe()) : null;
        using TrainingRun run = SmallTraining.Create(pool, settings, state);
        using var job = new TrainingJob(run, Files, settings.Describe(), pool) { ElapsedBefore = elapsedBefore };
        using var cancellation = new CancellationTokenSource();
        Assert.Equal(cancelAt == 0, job.Run(new TrainingRecorder { CancelAt = cancelAt, Cancellation = cancellation }, cancellation.Token));
        return File.ReadAllBytes(Files.Model);
    }
}
