using Denoise.Structure.Soap;

namespace Denoise.Structure.Tests.Soap;

public sealed class DistanceGapTests
{
    [Fact]
    public void The_far_end_of_an_empty_gap_is_taken_whatever_the_shares()
    {
        double end = 8 * Math.Exp(-DistanceGap.Window);
        Assert.InRange(DistanceGap.Find([.. Even(0.5, 2, 1000), .. Even(8, 32, 1000)]), 0.99 * end, 1.01 * end);
        Assert.InRange(DistanceGap.Find([.. Even(0.5, 2, 50), .. Even(8, 32, 1000)]), 0.99 * end, 1.01 * end);
        Assert.InRange(DistanceGap.Find([.. Even(8, 32, 100), .. Even(0.5, 2, 4000)]), 0.99 * end, 1.02 * end);
    }

    [Fact]
    public void Stragglers_move_it_to_where_there_are_fewest()
    {
        // One in a hundred of the crystal's atoms is between 2 and 6.
        double gap = DistanceGap.Find([.. Even(0.5, 2, 2000), .. Even(2, 6, 20), .. Even(8, 32, 2000)]);
        Assert.InRange(gap, 6 * Math.Exp(DistanceGap.Window) - 0.05, 8 * Math.Exp(-DistanceGap.Window) + 0.05);
    }

    [Fact]
    public void The_order_and_the_unit_do_not_matter()
    {
        double[] distances = [.. Even(0.7, 1.9, 500), .. Even(5, 20, 700)];
        double gap = DistanceGap.Find(distances);
        double[] shuffled = [.. distances];
        new Random(1).Shuffle(shuffled);
        Assert.Equal(gap, DistanceGap.Find(shuffled));
        Assert.Equal(3 * gap, DistanceGap.Find([.. distances.Select(distance => 3 * distance)]), 1e-9);
    }

    [Fact]
    public void One_group_has_none()
    {
        Assert.Equal(double.NaN, DistanceGap.Find(Even(0.5, 2, 1000)));
        Assert.Equal(double.NaN, DistanceGap.Find([.. Even(0.5, 2, 1000), 20]));
        Assert.Equal(double.NaN, DistanceGap.Find([]));
        Assert.Equal(double.NaN, DistanceGap.Find([1]));
        Assert.Equal(double.NaN, DistanceGap.Find([1, 1, 1, 1]));
    }

    /// <summary>Even in the logarithm.</summary>
    private static double[] Even(double from, double to, int count) =>
        [.. Enumerable.Range(0, count).Select(k => from * Math.Pow(to / from, (k + 0.5) / count))];
}
