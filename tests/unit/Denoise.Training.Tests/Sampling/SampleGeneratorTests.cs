using Denoise.Atoms;
using Denoise.Atoms.Threading;
using Denoise.Networks.Models;
using Denoise.Training.Batches;
using Denoise.Training.Sampling;
using Denoise.Training.Structures;

namespace Denoise.Training.Tests.Sampling;

public unsafe class SampleGeneratorTests
{
    private static readonly IdealStructure Fcc = Create();

    [Fact]
    public void Targets_are_the_noise_and_amounts_stay_within_their_limits()
    {
        var perturbation = new Perturbation { Noise = 0.1, VolumeStrain = 0.2, ShearStrain = 0.05 };
        using var cell = new TrainingCell();
        using var generator = new SampleGenerator();
        double smallest = double.PositiveInfinity, largest = 0, least = double.PositiveInfinity, most = 0;
        for (int k = 0; k < 300; k++)
        {
            var random = new RandomStream(7, 0, k);
            generator.Draw(Fcc, perturbation, ref random, cell);
            Assert.Equal(Fcc.Count, cell.Count);
            double volume = cell.Box.Volume / Fcc.Box.Volume, squares = 0;
            for (int i = 0; i < cell.Count; i++)
            {
                // r - d is the strained ideal site: of the same fractional coordinates.
                Vec3 site = new(cell.Positions[3 * i] - cell.Targets[3 * i], cell.Positions[3 * i + 1] - cell.Targets[3 * i + 1],
                    cell.Positions[3 * i + 2] - cell.Targets[3 * i + 2]);
                Assert.True((cell.Box.ToFractional(site) - Fcc.Box.ToFractional(Fcc.Positions[i])).Length < 1e-6);
                for (int axis = 0; axis < 3; axis++)
                    squares += (double)cell.Targets[3 * i + axis] * cell.Targets[3 * i + axis];
            }

            double sigma = Math.Sqrt(squares / (3 * cell.Count)) / Fcc.ShortestDistance;
            (smallest, largest, least, most) =
                (Math.Min(smallest, sigma), Math.Max(largest, sigma), Math.Min(least, volume), Math.Max(most, volume));
        }

        Assert.InRange(smallest, 0, 0.003);
        // The spread of a sample of 3 x 108 numbers is known to 4%.
        Assert.InRange(largest, 0.09, 0.115);
        // Shear takes off a little more than second order in 5%.
        Assert.InRange(least, 0.78, 0.83);
        Assert.InRange(most, 1.17, 1.21);
    }

    [Fact]
    public void Atoms_go_missing_up_to_the_given_part()
    {
        var perturbation = new Perturbation { Missing = 0.3 };
        using var cell = new TrainingCell();
        using var generator = new SampleGenerator();
        double mean = 0;
        for (int k = 0; k < 200; k++)
        {
            var random = new RandomStream(8, 0, k);
            generator.Draw(Fcc, perturbation, ref random, cell);
            Assert.InRange(cell.Count, 1, Fcc.Count);
            Assert.Equal(3 * cell.Count, cell.Positions.Length);
            mean += (1 - (double)cell.Count / Fcc.Count) / 200;
        }

        Assert.InRange(mean, 0.13, 0.17);
    }

    [Fact]
    public void A_batch_is_the_same_whenever_and_however_it_is_drawn()
    {
        static (float[] Targets, int[] Neighbors) Draw(int threads, params long[] indices)
        {
            using var pool = new WorkerPool(threads);
            using var source = new BatchSource([Fcc], new() { Missing = 0.1, Relaxed = 0.5, Molten = 0.4 }, seed: 9, cellCount: 5, cutoff: 3.2, pool);
            foreach (long index in indices)
                source.Draw(index);
            return (source.Batch.Targets.Span.ToArray(), source.Batch.Neighbors.Span[..source.Batch.EdgeCount].ToArray());
        }

        var third = Draw(1, 3);
        Assert.Equal(third.Targets, Draw(3, 1, 2, 3).Targets);
        Assert.Equal(third.Neighbors, Draw(3, 1, 2, 3).Neighbors);
        Assert.NotEqual(third.Targets, Draw(1, 4).Targets);
    }

    [Fact]
    public void Samples_go_on_from_what_was_predicted_for_them()
    {
        const int cells = 60;
        using var pool = new WorkerPool(2);
        using var source = new BatchSource([Fcc], new() { Iterated = 0.5 }, seed: 9, cells, cutoff: 3.2, pool);
        source.Draw(0);
        float[] targets = source.Batch.Targets.Span.ToArray();
        float[] edges = new Span<float>(source.Batch.X, source.Batch.EdgeCount).ToArray();
        // As if half of every displacement had been found.
        for (int k = 0; k < targets.Length; k++)
            source.Batch.Residuals[k] = targets[k] / 2;
        source.Iterate();
        source.Draw(1);
        int kept = 0, stride = 3 * Fcc.Count;
        for (int c = 0; c < cells; c++)
        {
            ReadOnlySpan<float> now = source.Batch.Targets.Span.Slice(c * stride, stride), before = targets.AsSpan(c * stride, stride);
            bool goesOn = true;
            for (int k = 0; k < stride; k++)
                goesOn &= now[k] == before[k] / 2;
            kept += goesOn ? 1 : 0;
        }

        // Binomial, 60 of a half: within four standard deviations.
        Assert.InRange(kept, 15, 45);
        Assert.NotEqual(edges, new Span<float>(source.Batch.X, source.Batch.EdgeCount).ToArray());
    }

    [Fact]
    public void An_iterated_crystal_keeps_its_sites_and_a_melt_its_targets()
    {
        using var cell = new TrainingCell();
        using var generator = new SampleGenerator();
        var random = new RandomStream(3, 0, 0);
        generator.Draw(Fcc, new() { VolumeStrain = 0.1 }, ref random, cell);
        // The last atom as of a melt.
        cell.Targets.Span[^3..].Clear();
        double[] positions = cell.Positions.Span.ToArray();
        float[] targets = cell.Targets.Span.ToArray();
        float[] residuals = [.. targets.Select((target, k) => target - 0.01f * (k % 7))];
        cell.Iterate(residuals);

        for (int k = 0; k < positions.Length; k++)
        {
            double predicted = (double)targets[k] - residuals[k];
            Assert.Equal(positions[k] - predicted, cell.Positions[k], 5e-6);
            Assert.Equal(k < positions.Length - 3 ? residuals[k] : 0, cell.Targets[k]);
        }

        // What a file holds is the cell, exactly.
        using var read = new TrainingCell();
        CellTensors.Read(new StateDict("test", CellTensors.Of(cell, 4)), 4, read);
        Assert.Equal(cell.Box, read.Box);
        Assert.Equal(cell.Positions.Span.ToArray(), read.Positions.Span.ToArray());
        Assert.Equal(cell.Targets.Span.ToArray(), read.Targets.Span.ToArray());
        Assert.Equal(cell.Species.Span.ToArray(), read.Species.Span.ToArray());
    }

    [Fact]
    public void Normal_numbers_have_their_moments()
    {
        var random = new RandomStream(1, 2, 3);
        double[] values = [.. Enumerable.Range(0, 100_000).Select(_ => random.Normal())];
        // Standard errors of mean, variance and fourth moment: 0.003, 0.0045, 0.03.
        Assert.InRange(values.Average(), -0.015, 0.015);
        Assert.InRange(values.Average(v => v * v), 0.98, 1.02);
        Assert.InRange(values.Average(v => v * v * v * v), 2.85, 3.15);
    }

    private static IdealStructure Create()
    {
        var structure = IdealStructure.Of(PrototypeLibrary.Get("fcc"), volumePerAtom: 9.9, atoms: 100);
        structure.Measure(3.2);
        return structure;
    }
}
