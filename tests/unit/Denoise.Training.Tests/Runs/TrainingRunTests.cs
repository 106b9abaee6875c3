using Denoise.Atoms;
using Denoise.Atoms.Threading;
using Denoise.Networks.Checkpoints;
using Denoise.Networks.Models;
using Denoise.TestSupport;
using Denoise.Training.Runs;

namespace Denoise.Training.Tests.Runs;

/// <summary>What an update does.</summary>
public sealed class TrainingRunTests : IDisposable
{
    private static readonly TrainingSettings Settings = SmallTraining.Settings;

    private readonly ScratchFolder _scratch = new();

    [Theory]
    [InlineData(1e-5)]
    [InlineData(1e3)]
    public void Gradients_are_clipped_by_their_norm(double clip)
    {
        using var pool = new WorkerPool(1);
        TrainingSettings clipped = Settings with { ClipNorm = clip };
        using TrainingRun run = SmallTraining.Create(pool, clipped);
        run.Advance();
        run.State(default).Save(_scratch["state"], clipped.Describe());
        // After one step the first moment is a tenth of the gradient that was used.
        double squares = Checkpoint.Load(_scratch["state"]).Tensors.Tensors
            .Where(tensor => tensor.Name.StartsWith("moment1.", StringComparison.Ordinal))
            .Sum(tensor => tensor.Values.Sum(value => (double)value * value));
        double expected = Math.Min(clip, run.GradientNorm);
        Assert.InRange(run.GradientNorm, 2e-5, 500);
        Assert.InRange(10 * Math.Sqrt(squares) / expected, 1 - 1e-5, 1 + 1e-5);
    }

    [Fact]
    public void Another_seed_gives_other_weights()
    {
        using var pool = new WorkerPool(1);
        using TrainingRun one = SmallTraining.Create(pool), two = SmallTraining.Create(pool, Settings with { Seed = 2 });
        one.Advance();
        two.Advance();
        Assert.NotEqual(SmallTraining.Weights(one.Model), SmallTraining.Weights(two.Model));
    }

    [Fact]
    public void A_run_starts_from_the_weights_of_another_with_the_same_layers()
    {
        using var pool = new WorkerPool(1);
        using TrainingRun one = SmallTraining.Create(pool, Settings with { Seed = 2 });
        TrainingSettings naming = Settings with { HasClasses = true };
        var structures = SmallTraining.Structures();
        using var two = new TrainingRun(naming, naming.CreateConfig(structures, []), structures, pool, start: one.Model);
        // But for the readout, which has another head.
        foreach (Tensor parameter in two.Model.Parameters.Where(parameter => parameter.Name != two.Model.Readout.WeightName))
            Assert.Equal(one.Model.Parameters.Single(other => other.Name == parameter.Name).Values, parameter.Values);

        TrainingSettings wider = Settings with { Hidden = "5x0e+4x1o" };
        Assert.Contains("no start for", Assert.Throws<InputException>(() => new TrainingRun(
            wider, wider.CreateConfig(structures, []), structures, pool, start: one.Model)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_step_allocates_the_boxes_of_its_cells_only()
    {
        using var pool = new WorkerPool(1);
        using TrainingRun run = SmallTraining.Create(pool);
        for (int k = 0; k < 30; k++)
            run.Advance();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int k = 0; k < 10; k++)
            run.Advance();
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 10 * Settings.BatchCells * 300);
    }

    [Fact]
    public void A_conservative_score_learns_on_any_number_of_threads()
    {
        TrainingSettings settings = Settings with
        {
            Hidden = "8x0e+4x1o+4x2e",
            LearningRate = 0.005,
            HasClasses = true,
            ScoreScale = 0.2,
            ClassWeight = 0.002,
        };
        var weights = new List<float[]>();
        foreach (int threads in (int[])[1, 3])
        {
            using var pool = new WorkerPool(threads);
            using TrainingRun run = SmallTraining.Create(pool, settings);
            run.Advance();
            double first = run.Loss;
            for (int k = 1; k < 200; k++)
                run.Advance();
            Assert.InRange(run.Loss, 0, 0.9 * first);
            weights.Add(SmallTraining.Weights(run.Model));
        }

        Assert.Equal(weights[0], weights[1]);
    }

    [Theory]
    [InlineData("4x0e+2x4e", "degree 4")]
    [InlineData("4x0e", "no vectors")]
    public void Impossible_networks_are_refused(string hidden, string reason)
    {
        TrainingSettings settings = Settings with { Hidden = hidden };
        Assert.Contains(reason, Refused(() => settings.CreateConfig(SmallTraining.Structures(), [])), StringComparison.Ordinal);
    }

    [Fact]
    public void A_bond_is_the_scale_of_compounds_alone()
    {
        TrainingSettings settings = Settings with { Bond = 1.6 };
        NequipConfig config = settings.CreateConfig(SmallTraining.Structures(), ["O", "Si"]);
        Assert.Equal((1.6, NequipConfig.BondNeighbors), (config.ScaleLength, config.ScaleNeighbors));
        Assert.Equal(0, Settings.CreateConfig(SmallTraining.Structures(), ["O", "Si"]).ScaleLength);
        Assert.Contains("--bond", Refused(() => settings.CreateConfig(SmallTraining.Structures(), [])), StringComparison.Ordinal);
    }

    public void Dispose() => _scratch.Dispose();

    private static string Refused(Action action) => Assert.Throws<InputException>(action).Message;
}
