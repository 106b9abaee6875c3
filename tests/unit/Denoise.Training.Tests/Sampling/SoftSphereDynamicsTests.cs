using Denoise.Training.Batches;
using Denoise.Training.Sampling;
using Denoise.Training.Structures;

namespace Denoise.Training.Tests.Sampling;

public sealed class SoftSphereDynamicsTests : IDisposable
{
    private const double Freezing = 1.15;
    private const double VolumePerAtom = 9.9;

    private static readonly IdealStructure Fcc = Create();

    private readonly SoftSphereDynamics _dynamics = new();
    private readonly TrainingCell _cell = new();
    private readonly EdgeFinder _finder = new();

    [Fact]
    public void A_molten_cell_has_the_pair_distribution_of_a_dynamics_at_freezing()
    {
        const int samples = 12;
        double a = Math.Cbrt(VolumePerAtom), cutoff = 2.4 * a;
        const double width = 0.05;
        double[] g = new double[48];
        for (int k = 0; k < samples; k++)
        {
            var random = new RandomStream(11, 0, k);
            SampleGenerator.Draw(Fcc, 0.2, ref random, _cell);
            _dynamics.Melt(_cell, Freezing, k % 3, 1, moltenClass: 0, ref random);
            _finder.Find(_cell, cutoff);
            for (int e = 0; e < _cell.EdgeCount; e++)
            {
                int bin = Math.Min(47, (int)(_cell.Length(e) / (a * width)));
                double shell = 4 * Math.PI / 3 * (Math.Pow((bin + 1) * width, 3) - Math.Pow(bin * width, 3));
                g[bin] += 1 / (shell * _cell.Count * samples);
            }
        }

        // No two atoms overlap; a first peak of 2.5 to 3, where the liquid metals of tests/validation have theirs, 1.05 to 1.1 a;
        // a valley instead of the crystal's second shell at sqrt(2) 1.12 a = 1.59 a, and the second peak of a liquid.
        Assert.True(g.Take(15).Max() < 0.01, $"g = {g.Take(15).Max():g3} below 0.75 a");
        int peak = Array.IndexOf(g, g.Max());
        Assert.InRange((peak + 0.5) * width, 1.0, 1.15);
        Assert.InRange(g[peak], 2.4, 3.1);
        Assert.InRange(g[30..33].Min(), 0.5, 0.75);
        Assert.InRange(g[36..44].Max(), 1.1, 1.4);
    }

    [Fact]
    public void Relaxed_atoms_part_and_their_targets_still_lead_to_the_sites()
    {
        var random = new RandomStream(14, 0, 0);
        SampleGenerator.Draw(Fcc, 0.3, ref random, _cell);
        double before = Closest(), noise = Spread();
        _dynamics.Relax(_cell, Freezing, 10, ref random);

        Assert.True(before < 1.3, $"the noise leaves {before:F2} Å: nothing to relax");
        Assert.True(Closest() > 1.5, $"two atoms are {Closest():F2} Å apart");
        // Less than a vibration: about as far from the sites as before.
        Assert.InRange(Spread(), 0.8 * noise, 1.2 * noise);
        for (int i = 0; i < _cell.Count; i++)
            for (int axis = 0; axis < 3; axis++)
                Assert.Equal(Fcc.Positions[i][axis], _cell.Positions[3 * i + axis] - _cell.Targets[3 * i + axis], 1e-5);
    }

    [Theory]
    [InlineData(0, 0.3)]
    [InlineData(1, 0.5)]
    [InlineData(2, 0.7)]
    public void A_slab_melts_and_the_crystal_beside_it_keeps_still(int axis, double fraction)
    {
        for (int k = 0; k < 2; k++)
        {
            var random = new RandomStream(12, axis, k);
            SampleGenerator.Draw(Fcc, 0.1, ref random, _cell);
            double[] positions = _cell.Positions.Span.ToArray();
            float[] targets = _cell.Targets.Span.ToArray();
            _dynamics.Melt(_cell, Freezing, axis, fraction, moltenClass: 7, ref random);

            int melted = 0;
            for (int i = 0; i < _cell.Count; i++)
            {
                bool isSame = positions.AsSpan(3 * i, 3).SequenceEqual(_cell.Positions.Span.Slice(3 * i, 3));
                melted += isSame ? 0 : 1;
                Assert.Equal(isSame ? Fcc.Classes[i] : 7, _cell.Classes[i]);
                // A crystal's atom has its noise to learn, a melt's atom nothing.
                for (int c = 3 * i; c < 3 * i + 3; c++)
                    Assert.Equal(isSame ? targets[c] : 0, _cell.Targets[c]);
            }

            // One layer of the 4 x 4 x 4 cells more or less: an eighth.
            Assert.InRange((double)melted / _cell.Count, fraction - 0.13, fraction + 0.13);
            _finder.Find(_cell, 3.6);
            Assert.True(_cell.ShortestEdge > 1.3, $"two atoms are {_cell.ShortestEdge:F2} Å apart");
        }
    }

    [Fact]
    public void The_given_part_of_the_samples_is_molten_and_half_of_that_wholly()
    {
        const int samples = 150;
        int whole = 0, partly = 0;
        using var generator = new SampleGenerator();
        for (int k = 0; k < samples; k++)
        {
            var random = new RandomStream(13, 0, k);
            generator.Draw(Fcc, new() { Molten = 0.4 }, ref random, _cell);
            int still = Enumerable.Range(0, _cell.Count).Count(i => _cell.Targets.Span.Slice(3 * i, 3).IndexOfAnyExcept(0f) < 0);
            whole += still == _cell.Count ? 1 : 0;
            partly += still > 0 && still < _cell.Count ? 1 : 0;
        }

        // Four standard deviations of a binomial distribution.
        Assert.InRange(whole, 30 - 20, 30 + 20);
        Assert.InRange(partly, 30 - 20, 30 + 20);
    }

    private double Closest()
    {
        _finder.Find(_cell, 3);
        return _cell.ShortestEdge;
    }

    private double Spread() => Math.Sqrt(_cell.Targets.Span.ToArray().Average(d => d * (double)d));

    private static IdealStructure Create()
    {
        var structure = IdealStructure.Of(PrototypeLibrary.Get("fcc"), VolumePerAtom, atoms: 200);
        structure.Measure(3.6);
        return structure;
    }

    public void Dispose()
    {
        _dynamics.Dispose();
        _cell.Dispose();
        _finder.Dispose();
    }
}
