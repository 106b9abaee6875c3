using Denoise.Training.Runs;

namespace Denoise.Training.Tests.Runs;

/// <summary>One wild batch is no divergence; many in a row are.</summary>
public sealed class SmoothedLossTests
{
    [Theory]
    [InlineData(1e3)]
    [InlineData(1e12)]
    public void One_batch_counts_for_little_and_is_forgotten(double wild)
    {
        double loss = SmoothedLoss.Next(0, 1);
        loss = SmoothedLoss.Next(loss, wild);
        Assert.InRange(loss, 1, 2);
        for (int batch = 0; batch < 200; batch++)
            loss = SmoothedLoss.Next(loss, 1);
        Assert.InRange(loss, 1, 1.01);
    }

    [Fact]
    public void Ten_in_a_row_are_twenty_times_the_loss()
    {
        double loss = SmoothedLoss.Next(0, 1);
        for (int batch = 0; batch < 10; batch++)
            loss = SmoothedLoss.Next(loss, 1e6);
        Assert.True(loss > 20, $"{loss}");
    }

    [Fact]
    public void Ordinary_batches_are_averaged()
    {
        double loss = SmoothedLoss.Next(0.5, 1.5);
        Assert.Equal(0.98 * 0.5 + 0.02 * 1.5, loss, 12);
    }
}
