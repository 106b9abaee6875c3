using Denoise.Networks.Models;
using Denoise.TestSupport;
using Denoise.Training.Calibration;

namespace Denoise.Training.Tests.Calibration;

public sealed class TemperatureScalingTests
{
    private const int Atoms = 20_000;

    [Theory]
    [InlineData(0.25)]
    [InlineData(1)]
    [InlineData(7)]
    public void Logits_that_claim_too_much_or_too_little_are_divided_by_what_they_were_multiplied_with(double factor)
    {
        TemperatureScaling scaling = Draw(factor);
        // The likelihood of 20,000 draws knows T to 2%.
        Assert.InRange(scaling.Best() / factor, 0.95, 1.05);
        Assert.InRange(scaling.Error(scaling.Best()), 0, 0.02);
        Assert.True(scaling.Entropy(scaling.Best()) <= scaling.Entropy(1));
        if (factor != 1)
            Assert.InRange(scaling.Error(1), 0.05, 1);
    }

    [Fact]
    public void Error_is_that_of_a_closed_form()
    {
        // Sure of the first class by 3/4, and right in one of four.
        var scaling = new TemperatureScaling(2, long.MaxValue - 1);
        for (int i = 0; i < 4; i++)
            scaling.Add([MathF.Log(3), 0], i == 0 ? 0 : 1);
        Assert.Equal(0.5, scaling.Error(1), 1e-6);
        Assert.Equal(-(0.25 * Math.Log(0.75) + 0.75 * Math.Log(0.25)), scaling.Entropy(1), 1e-6);
    }

    [Fact]
    public void Where_all_are_right_probabilities_claim_no_more_than_the_samples_show()
    {
        // Nine cells and no error: a tenth of doubt over two classes leaves p = 0.95, which a margin of 1 is at T = 1 / ln(0.95 / 0.05).
        var scaling = new TemperatureScaling(2, samples: 9);
        for (int i = 0; i < 9; i++)
            scaling.Add([1, 0], 0);
        Assert.Equal(1 / Math.Log(19), scaling.Best(), 1e-4);
    }

    [Fact]
    public void A_readout_of_logits_is_divided_and_of_displacements_is_not()
    {
        NequipModel model = NequipModel.CreateRandom(TestNetwork.Small with { Hidden = "4x0e+3x1o", Output = "1x1o+5x0e" }, 3);
        var divided = new NequipModel(model.Config, ScaledReadout.Of(model, (Head.Logits, 0.5)));
        for (int w = 0; w < model.Readout.Weights.Length; w++)
        {
            FullyConnectedPath path = model.Readout.Paths.Last(path => path.WeightOffset <= w);
            float expected = model.Readout.Output[path.OutputSlot].L == 0 ? model.Readout.Weights[w] / 2 : model.Readout.Weights[w];
            Assert.Equal(expected, divided.Readout.Weights[w]);
        }
    }

    /// <summary>Atoms whose classes have the probabilities of the logits, which are then multiplied.</summary>
    private static TemperatureScaling Draw(double factor)
    {
        var random = new Random(4);
        var scaling = new TemperatureScaling(4, Atoms);
        Span<float> logits = stackalloc float[4];
        for (int i = 0; i < Atoms; i++)
        {
            double sum = 0;
            foreach (ref float logit in logits)
            {
                logit = (float)(4 * random.NextDouble());
                sum += Math.Exp(logit);
            }

            double draw = sum * random.NextDouble();
            int c = 0;
            while (c < 3 && (draw -= Math.Exp(logits[c])) > 0)
                c++;
            foreach (ref float logit in logits)
                logit *= (float)factor;
            scaling.Add(logits, c);
        }

        return scaling;
    }
}
