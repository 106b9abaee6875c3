using Denoise.Atoms;
using Denoise.Atoms.Threading;
using Denoise.Networks.Checkpoints;
using Denoise.Networks.Engines;
using Denoise.Networks.Models;
using Denoise.TestSupport;
using Denoise.Training.Forces;
using Denoise.Training.Runs;
using Denoise.Training.Tests.Runs;

namespace Denoise.Training.Tests.Forces;

/// <summary>Trainings of a second from chains and lattices whose forces are known in closed form.</summary>
public sealed class ForceTrainingTests : IDisposable
{
    private const double Stiffness = 2;
    private const double Bond = -1.5;

    private static readonly TrainingSettings Small = SmallTraining.Settings with
    {
        Hidden = "8x0e+6x1o",
        Cutoff = 3.4,
        Steps = 400,
        BatchCells = 2,
    };

    private readonly ScratchFolder _scratch = new();

    private TrainingFiles Files => new(_scratch["model.pt"]);

    [Fact]
    public void Reference_energies_and_units_are_those_of_the_data()
    {
        var box = Box.Orthogonal(20, 20, 20);
        ForceFrame Frame(int[] species, double energy) => new()
        {
            Origin = "test",
            Box = box,
            Positions = [.. species.SelectMany((_, i) => new double[] { 2 * i, 0, 0 })],
            Species = species,
            Forces = [.. species.SelectMany(_ => new double[] { 3, 0, 4 })],
            Energy = energy,
        };

        // E = 2 n_0 - 5 n_1, but for 0.3 and -0.3 per atom of two equal structures.
        ForceData data = new([Frame([0, 1], -3), Frame([0, 0, 1], -1), Frame([1, 1], -10 + 0.6), Frame([1, 1], -10 - 0.6)], ["H", "O"], 3);
        Tolerance.AssertClose([2, -5], [.. data.ReferenceEnergies], 1e-6, "reference energies");
        Assert.Equal(Math.Sqrt(25.0 / 3), data.ForceScale, Tolerance.ClosedForm);
        Assert.Equal(0.3 * Math.Sqrt(0.5), data.EnergyScale, 1e-6);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Energies_and_forces_are_learned_in_their_units(bool denoises)
    {
        TrainingSettings settings = Small with
        {
            Forces = new() { Denoising = denoises ? new(0.5, 0.05, 0.5, 0.2) : null },
        };
        ForceData data = new([.. Enumerable.Range(0, 20).Select(seed => Frame(seed))], [], settings.Cutoff);
        using var pool = new WorkerPool(2);
        using var run = new TrainingRun(settings, settings.CreateConfig(data), data, pool);
        var observer = new TrainingRecorder();
        using (var job = new TrainingJob(run, Files, settings.Describe(), pool, [Frame(100), Frame(101)]) { ValidationInterval = 400 })
            Assert.True(job.Run(observer, CancellationToken.None));
        ForceErrors errors = Assert.Single(observer.Forces);
        Assert.InRange(errors.Forces.MeanAbsolute, 0, 0.5 * errors.Forces.Magnitude);
        Assert.InRange(errors.Forces.Cosine, 0.85, 1);

        // The model says the same in eV and Å to who knows nothing of the training.
        NequipModel model = Checkpoint.LoadModel(Files.Model);
        Assert.Equal(denoises ? 3 : 2, model.Heads.Count);
        Assert.Equal(denoises, model.Forces is not null);
        using IEngine engine = EngineFactory.Create(model, pool);
        using var evaluator = new ForceEvaluator(pool);
        ForceErrors again = evaluator.Evaluate(engine, [Frame(100), Frame(101)]);
        Assert.Equal(errors.Forces.MeanAbsolute, again.Forces.MeanAbsolute);
        Assert.Equal(errors.EnergyError, again.EnergyError);
        Assert.InRange(again.EnergyError, 0, 2 * data.EnergyScale);
    }

    [Fact]
    public void Told_forces_lead_to_the_minimum()
    {
        // Every atom hangs on its site by a spring, and nothing else tells where that is: the force does.
        TrainingSettings settings = Small with { Forces = new() { Task = ForceTask.Minima }, LearningRate = 0.01 };
        ForceData data = new([.. Enumerable.Range(0, 20).Select(seed => Frame(seed, isTied: true))], [], settings.Cutoff);
        ForceFrame[] heldOut = [Frame(200, isTied: true)];
        using var pool = new WorkerPool(2);
        using var run = new TrainingRun(settings, settings.CreateConfig(data), data, pool);
        var observer = new TrainingRecorder();
        using (var job = new TrainingJob(run, Files, settings.Describe(), pool, heldOut) { ValidationInterval = 400 })
            Assert.True(job.Run(observer, CancellationToken.None));
        double[] distances = Assert.Single(observer.Forces).Distances;
        Assert.Equal(ForceEvaluator.Iterations + 1, distances.Length);
        Assert.InRange(distances[1], 0, 0.3 * distances[0]);
    }

    [Fact]
    public void Interrupted_and_resumed_on_other_threads_gives_the_same_bits()
    {
        foreach (ForceSettings forces in (ForceSettings[])[new() { Denoising = new(0.5, 0.05, 0.5, 0.2) }, new() { Task = ForceTask.Minima }])
        {
            TrainingSettings settings = Small with
            {
                Steps = 60,
                Forces = forces,
                Perturbation = new() { Iterated = forces.Denoising is null ? 0.5 : 0 },
            };
            byte[] whole = Train(settings, threads: 1, cancelAt: 0);
            File.Delete(Files.Model);
            Train(settings, threads: 3, cancelAt: 25);
            Assert.Equal(whole, Train(settings, threads: 2, cancelAt: 0));
            File.Delete(Files.Model);
        }
    }

    public void Dispose() => _scratch.Dispose();

    private byte[] Train(TrainingSettings settings, int threads, int cancelAt)
    {
        ForceData data = new([.. Enumerable.Range(0, 6).Select(seed => Frame(seed, isTied: true))], [], settings.Cutoff);
        TrainingState? state = File.Exists(Files.State) ? TrainingState.Load(Files.State, settings.Describe()) : null;
        using var pool = new WorkerPool(threads);
        using var run = new TrainingRun(settings, settings.CreateConfig(data), data, pool, state);
        using var cancellation = new CancellationTokenSource();
        using var job = new TrainingJob(run, Files, settings.Describe(), pool, [Frame(100, isTied: true)]) { ValidationInterval = 30 };
        Assert.Equal(cancelAt == 0, job.Run(new TrainingRecorder { CancelAt = cancelAt, Cancellation = cancellation }, cancellation.Token));
        return File.ReadAllBytes(Files.Model);
    }

    /// <summary>A shaken lattice with springs between nearest neighbors, or from every atom to its site.</summary>
    private static ForceFrame Frame(int seed, bool isTied = false)
    {
        const int n = 3;
        const double a = 2.5;
        var random = new Random(seed);
        double[] shifts = [.. Enumerable.Range(0, 3 * n * n * n).Select(_ => 0.4 * (random.NextDouble() - 0.5))];
        double[] positions = new double[shifts.Length], forces = new double[shifts.Length];
        double energy = Bond * n * n * n;
        int Index(int x, int y, int z) => (x + n) % n * n * n + (y + n) % n * n + (z + n) % n;
        for (int i = 0; i < n * n * n; i++)
        {
            int[] site = [i / (n * n), i / n % n, i % n];
            for (int axis = 0; axis < 3; axis++)
                positions[3 * i + axis] = a * site[axis] + shifts[3 * i + axis];
            if (isTied)
            {
                for (int k = 3 * i; k < 3 * i + 3; k++)
                    forces[k] = -Stiffness * shifts[k];
                continue;
            }

            for (int axis = 0; axis < 3; axis++)
                foreach (int step in (int[])[-1, 1])
                {
                    int[] other = [.. site];
                    other[axis] += step;
                    int j = Index(other[0], other[1], other[2]);
                    double[] d = [.. Enumerable.Range(0, 3).Select(k => shifts[3 * j + k] - shifts[3 * i + k] + (k == axis ? a * step : 0))];
                    double length = Math.Sqrt(d.Sum(v => v * v));
                    energy += 0.25 * Stiffness * (length - a) * (length - a);
                    for (int k = 0; k < 3; k++)
                        forces[3 * i + k] += Stiffness * (length - a) * d[k] / length;
                }
        }

        return new()
        {
            Origin = "test",
            Box = Box.Orthogonal(n * a, n * a, n * a),
            Positions = positions,
            Species = new int[n * n * n],
            Forces = forces,
            Energy = energy,
            Displacements = shifts,
        };
    }
}
