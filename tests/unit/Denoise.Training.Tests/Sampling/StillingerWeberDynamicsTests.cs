using Denoise.Training.Batches;
using Denoise.Training.Sampling;
using Denoise.Training.Structures;

namespace Denoise.Training.Tests.Sampling;

public sealed class StillingerWeberDynamicsTests : IDisposable
{
    private const double Silicon = 21;

    private readonly StillingerWeberDynamics _dynamics = new();
    private readonly SoftSphereDynamics _spheres = new();
    private readonly EdgeFinder _finder = new();
    private readonly TrainingCell _cell = new();

    public void Dispose()
    {
        _dynamics.Dispose();
        _spheres.Dispose();
        _finder.Dispose();
        _cell.Dispose();
    }

    [Fact]
    public void Diamond_has_the_energy_of_its_bonds_and_no_forces()
    {
        // The shortest distance is 2^(1/6) σ, where a bond has the energy -ε; no angle costs any.
        IdealStructure diamond = IdealStructure.Of(PrototypeLibrary.Get("diamond"), volumePerAtom: 20, atoms: 60);
        diamond.Measure(3.4);
        var random = new RandomStream(1, 0, 0);
        SampleGenerator.Draw(diamond, 0, ref random, _cell);
        double sigma = diamond.ShortestDistance / Math.Pow(2, 1.0 / 6);
        Assert.Equal(-2.0 * _cell.Count, _dynamics.Energy(_cell, sigma, Silicon, isIonic: false), 1e-5 * _cell.Count);
        Assert.All(_dynamics.Forces(_cell, sigma).ToArray(), f => Assert.Equal(0, f, 1e-4));
    }

    [Theory]
    [InlineData(Silicon, false)]
    [InlineData(3, true)]
    public void Forces_are_the_gradient_of_the_energy(double tetrahedrality, bool isIonic)
    {
        const double step = 1e-3;
        double sigma = Start(0.55, 5);
        _dynamics.Energy(_cell, sigma, tetrahedrality, isIonic);
        double[] forces = [.. _dynamics.Forces(_cell, sigma)];
        for (int c = 0; c < 30; c++)
        {
            double at = _cell.Positions[c];
            _cell.Positions[c] = at + step * sigma;
            double above = _dynamics.Energy(_cell, sigma, tetrahedrality, isIonic);
            _cell.Positions[c] = at - step * sigma;
            double below = _dynamics.Energy(_cell, sigma, tetrahedrality, isIonic);
            _cell.Positions[c] = at;
            // Edges are in single precision.
            Assert.Equal((below - above) / (2 * step), forces[c], 1e-3 * Math.Max(1, Math.Abs(forces[c])));
        }
    }

    [Theory]
    // Silicon's melt has 5 to 6 neighbors within 1.5 σ (3.1 Å), a simple liquid about 12.
    [InlineData(Silicon, 0.484, 0.064, 4.4, 6.8)]
    [InlineData(0, 0.82, 0.064, 9.5, 13)]
    public void A_melt_has_the_coordination_of_its_kind(double tetrahedrality, double density, double temperature, double least, double most)
    {
        double sum = 0;
        for (int k = 0; k < 6; k++)
        {
            double sigma = Start(density, k);
            var random = new RandomStream(6, 1, k);
            _dynamics.Melt(_cell, density, temperature, tetrahedrality, isIonic: false, ref random);
            _finder.Find(_cell, 1.5 * sigma);
            sum += (double)_cell.EdgeCount / _cell.Count / 6;
            Assert.True(_cell.ShortestEdge > 0.8 * sigma);
        }

        Assert.InRange(sum, least, most);
    }

    [Fact]
    public void The_nearest_neighbors_of_an_ion_are_of_the_other_sign()
    {
        (int like, int unlike) = (0, 0);
        for (int k = 0; k < 4; k++)
        {
            double sigma = Start(0.45, k);
            var random = new RandomStream(7, 1, k);
            _dynamics.Melt(_cell, 0.45, 0.08, 1, isIonic: true, ref random);
            _finder.Find(_cell, 1.3 * sigma);
            for (int i = 0; i < _cell.Count; i++)
                for (int e = _cell.Starts[i]; e < _cell.Starts[i + 1]; e++)
                    (like, unlike) = ((i ^ _cell.Neighbors[e]) & 1) == 0 ? (like + 1, unlike) : (like, unlike + 1);
        }

        Assert.True(unlike > 10 * like, $"{unlike} bonds between unlike ions, {like} between like ones");
    }

    /// <summary>A soft liquid.</summary>
    /// <returns>σ in Å at that density</returns>
    private double Start(double density, int index)
    {
        IdealStructure fcc = IdealStructure.Of(PrototypeLibrary.Get("fcc"), volumePerAtom: 9.9, atoms: 100);
        fcc.Measure(3.4);
        var random = new RandomStream(5, 0, index);
        SampleGenerator.DrawLiquid(fcc, new(), _spheres, 0.7, ref random, _cell);
        return Math.Cbrt(density * _cell.Box.Volume / _cell.Count);
    }
}
