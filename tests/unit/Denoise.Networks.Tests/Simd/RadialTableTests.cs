using Denoise.Networks.Engines.Reference;
using Denoise.Networks.Engines.Simd.Layout;
using Denoise.Networks.Engines.Simd.Radial;
using Denoise.Networks.Models;
using Denoise.Networks.Tests.Support;
using Denoise.TestSupport;

namespace Denoise.Networks.Tests.Simd;

public sealed class RadialTableTests
{
    [SharedTheory]
    [InlineData("Cu-denoiser.pt")]
    [InlineData("SiO2-denoiser.pt")]
    [InlineData("nequip-paper.pt")]
    [InlineData("nequip-parity.pt")]
    [InlineData("ice-denoiser-ckt.pt", 5.0, 16.0)]
    public void Published_radial_networks_are_reproduced(string file, double? cutoff = null, double? neighborCount = null)
    {
        NequipModel model = TestModels.Load(file, cutoff, neighborCount);
        foreach (InteractionLayer layer in model.Layers)
            AssertReproduced(layer.Radial, model.Config.Cutoff, CutoffEnvelope.None);
    }

    [Theory]
    [InlineData(CutoffEnvelope.None)]
    [InlineData(CutoffEnvelope.Polynomial)]
    public void Random_radial_networks_are_reproduced(CutoffEnvelope envelope)
    {
        for (int seed = 1; seed <= 10; seed++)
        {
            NequipModel model = NequipModel.CreateRandom(TestNetwork.Small with { Radial = seed % 2 == 0 ? [8, 16] : [12, 32, 24] }, seed);
            AssertReproduced(model.Layers[^1].Radial, model.Config.Cutoff, envelope);
        }
    }

    /// <summary>From the table's rows and formula, at distances that are not those where it was fitted.</summary>
    private static unsafe void AssertReproduced(RadialNetwork network, double cutoff, CutoffEnvelope envelope)
    {
        // Columns in reverse, each with a factor of its own, and one of all outputs.
        int outputs = network.OutputCount;
        double Factor(int k) => k % 2 == 0 ? -1 : 0.5;
        RadialColumn[] columns =
        [
            .. Enumerable.Range(0, outputs).Reverse().Select(k => new RadialColumn((k, Factor(k)))),
            new([.. Enumerable.Range(0, outputs).Select(k => (k, 0.1))]),
        ];
        using var table = new RadialTable(new(network, cutoff, envelope), cutoff, lanes: 8, columns);
        Assert.Equal(0, table.Width % 8);
        Assert.InRange(table.LargestError, 0, RadialTable.ErrorTarget);

        var reference = new ReferenceRadialNetwork(network);
        double[] basis = new double[network.Sizes[0]], expected = new double[outputs], actual = new double[outputs + 1];
        var random = new Random(7);
        for (int k = 0; k < 1000; k++)
        {
            double r = k switch { 0 => 0, 1 => cutoff * (1 - 1e-7), _ => cutoff * random.NextDouble() };
            ReferenceRadialBasis.Evaluate(RadialBasis.Bessel, r, cutoff, basis);
            reference.Forward(basis, expected);
            float place = table.IntervalsPerUnit * (float)r / ((float)r + table.Offset);
            int interval = Math.Min((int)place, table.Intervals - 1);
            float t = place - interval;
            double[] spline = [(1 - t) * (1 - t), 1 + 2 * t - 2 * t * t, t * t];
            for (int c = 0; c < columns.Length; c++)
            {
                double weight = 0;
                for (int j = 0; j < 3; j++)
                    weight += spline[j] / 2 * table.Rows[(interval + j) * table.Width + c];
                actual[c == outputs ? outputs : outputs - 1 - c] = c == outputs ? weight : weight / Factor(outputs - 1 - c);
            }

            double scale = ReferenceRadialBasis.Envelope(envelope, r, cutoff);
            Tolerance.AssertClose([.. expected.Select(e => e * scale), 0.1 * expected.Sum() * scale], actual, Tolerance.Single, $"radial weights at {r:g4} Å");
        }
    }
}
