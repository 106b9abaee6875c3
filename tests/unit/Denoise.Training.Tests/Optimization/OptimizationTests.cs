using Denoise.Networks.Models;
using Denoise.TestSupport;
using Denoise.Training.Optimization;

namespace Denoise.Training.Tests.Optimization;

public class OptimizationTests
{
    [Fact]
    public void The_first_step_of_AdamW_is_the_sign_of_the_gradient_and_the_decay()
    {
        NequipModel model = NequipModel.CreateRandom(TestNetwork.Small, seed: 1);
        var optimizer = new AdamW(model.Parameters, weightDecay: 0.5);
        var gradients = new ParameterGradients(model);
        Tensor parameter = model.Parameters[0];
        (float before0, float before1) = (parameter.Values[0], parameter.Values[1]);
        (gradients[parameter.Name][0], gradients[parameter.Name][1]) = (3, -0.2);
        optimizer.Update(gradients, scale: 1, rate: 0.01, step: 1);
        Assert.Equal(before0 - 0.01 * (1 + 0.5 * before0), parameter.Values[0], 1e-6);
        Assert.Equal(before1 - 0.01 * (-1 + 0.5 * before1), parameter.Values[1], 1e-6);
    }

    [Fact]
    public void AdamW_follows_its_recursion()
    {
        NequipModel model = NequipModel.CreateRandom(TestNetwork.Small, seed: 2);
        var optimizer = new AdamW(model.Parameters, weightDecay: 0);
        var gradients = new ParameterGradients(model);
        Tensor parameter = model.Parameters[^1];
        double w = parameter.Values[0], m = 0, v = 0;
        for (int t = 1; t <= 20; t++)
        {
            double g = Math.Cos(t) * 2;
            gradients[parameter.Name][0] = 2 * g;
            optimizer.Update(gradients, scale: 0.5, rate: 0.003, step: t);
            m = 0.9 * m + 0.1 * g;
            v = 0.999 * v + 0.001 * g * g;
            w -= 0.003 * (m / (1 - Math.Pow(0.9, t))) / (Math.Sqrt(v / (1 - Math.Pow(0.999, t))) + 1e-8);
        }

        Assert.Equal(w, parameter.Values[0], Tolerance.Single);
    }

    [Fact]
    public void The_rate_rises_and_falls()
    {
        var schedule = new LearningRateSchedule(0.01, WarmUp: 10, Total: 110);
        Assert.Equal(0.001, schedule.At(1), Tolerance.ClosedForm);
        Assert.Equal(0.01, schedule.At(10), Tolerance.ClosedForm);
        Assert.Equal(0.01 * 0.505, schedule.At(60), Tolerance.ClosedForm);
        Assert.Equal(0.0001, schedule.At(110), Tolerance.ClosedForm);
        Assert.Equal(0.0001, schedule.At(500), Tolerance.ClosedForm);
    }

    [Fact]
    public void The_average_forgets_its_start_and_follows_the_weights()
    {
        float[] values = [0];
        var average = new WeightAverage([new("w", [1], values)], decay: 0.99);
        values[0] = 1;
        for (int step = 1; step <= 2000; step++)
            average.Update(step);
        Assert.Equal(1, average.Tensors[0].Values[0], Tolerance.Single);
        values[0] = 2;
        average.Update(2001);
        Assert.Equal(1.01, average.Tensors[0].Values[0], Tolerance.Single);
    }
}
