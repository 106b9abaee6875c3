using Denoise.Training.Batches;
using Denoise.Training.Sampling;
using Denoise.Training.Structures;

namespace Denoise.Training.Tests.Sampling;

public sealed class UnlikeSamplesTests : IDisposable
{
    private const int None = 5;

    private static readonly Perturbation Unlike = new() { Unlike = 1, NoClass = None };

    private readonly IdealStructure _structure = IdealStructure.Of(PrototypeLibrary.Get("fcc"), volumePerAtom: 9.9, atoms: 100);
    private readonly SampleGenerator _generator = new();
    private readonly EdgeFinder _finder = new();
    private readonly TrainingCell _cell = new();

    public UnlikeSamplesTests() => _structure.Measure(3.4);

    public void Dispose()
    {
        _generator.Dispose();
        _finder.Dispose();
        _cell.Dispose();
    }

    [Fact]
    public void They_are_none_stay_where_they_are_and_have_the_spacing_of_frames()
    {
        for (int k = 0; k < 100; k++)
        {
            var random = new RandomStream(3, 0, k);
            _generator.Draw(_structure, Unlike, ref random, _cell);
            Assert.InRange(_cell.Count, IdealStructure.NearestCount, 4 * _structure.Count);
            Assert.All(_cell.Classes.Span.ToArray(), c => Assert.Equal(None, c));
            Assert.All(_cell.Targets.Span.ToArray(), d => Assert.Equal(0, d));
            Assert.All(_cell.Positions.Span.ToArray(), x => Assert.True(double.IsFinite(x)));
            double spacing = _finder.MeanDistance(_cell, IdealStructure.NearestCount);
            Assert.InRange(spacing / _structure.Spacing, 0.959, 1.041);
        }
    }

    [Fact]
    public void They_are_of_every_density_of_the_first_shell()
    {
        // From gases, where the closest atoms nearly touch, to packings that are as even as a liquid.
        double least = double.PositiveInfinity, most = 0;
        for (int k = 0; k < 100; k++)
        {
            var random = new RandomStream(4, 0, k);
            _generator.Draw(_structure, Unlike, ref random, _cell);
            _finder.Find(_cell, 1.2 * _structure.Spacing);
            least = Math.Min(least, _cell.ShortestEdge / _structure.Spacing);
            most = Math.Max(most, _cell.ShortestEdge / _structure.Spacing);
        }

        Assert.InRange(least, 0.01, 0.3);
        Assert.InRange(most, 0.6, 1);
    }
}
