using Denoise.TestSupport;

namespace Denoise.Training.Tests;

public class CrossEntropyTests
{
    [Fact]
    public void Equal_logits_cost_the_logarithm_of_the_classes()
    {
        double[] logits = [7, 7, 7, 7];
        Assert.Equal(Math.Log(4), CrossEntropy.Backward(logits, 2), Tolerance.ClosedForm);
        Assert.Equal([0.25, 0.25, -0.75, 0.25], logits.Select(l => Math.Round(l, 12)));
    }

    [Fact]
    public void Derivatives_equal_central_differences()
    {
        double[] logits = [0.3, -1.7, 2.1];
        const double h = 1e-5;
        double At(int c, double step)
        {
            double[] moved = [.. logits];
            moved[c] += step;
            return CrossEntropy.Backward(moved, 0);
        }

        double[] derivatives = [.. logits];
        CrossEntropy.Backward(derivatives, 0);
        for (int c = 0; c < logits.Length; c++)
            Assert.Equal((At(c, h) - At(c, -h)) / (2 * h), derivatives[c], 1e-9);
    }

    [Fact]
    public void Large_logits_do_not_overflow()
    {
        double[] logits = [1e4, -1e4];
        Assert.Equal(2e4, CrossEntropy.Backward(logits, 1), 1e-6);
        Assert.Equal([1, -1], logits);
    }
}
