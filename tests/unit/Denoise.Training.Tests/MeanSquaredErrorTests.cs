using Denoise.TestSupport;

namespace Denoise.Training.Tests;

public class MeanSquaredErrorTests
{
    [Fact]
    public void Loss_and_adjoint()
    {
        double[] prediction = [1, 2, -3], target = [0.5, 2, 1], adjoint = new double[3];
        Assert.Equal((0.25 + 0 + 16) / 3, MeanSquaredError.Forward(prediction, target), Tolerance.ClosedForm);
        MeanSquaredError.Backward(prediction, target, adjoint);
        for (int i = 0; i < 3; i++)
        {
            double original = prediction[i];
            prediction[i] = original + Tolerance.DifferenceStep;
            double above = MeanSquaredError.Forward(prediction, target);
            prediction[i] = original - Tolerance.DifferenceStep;
            double below = MeanSquaredError.Forward(prediction, target);
            prediction[i] = original;
            Tolerance.AssertDerivative((above - below) / (2 * Tolerance.DifferenceStep), adjoint[i], $"component {i}");
        }
    }

    [Fact]
    public void Nothing_to_predict_is_no_error() => Assert.Equal(0, MeanSquaredError.Forward([], []));

    [Fact]
    public void Different_lengths_are_refused() => Assert.Throws<ArgumentException>(() => MeanSquaredError.Forward([1, 2], [1]));
}
