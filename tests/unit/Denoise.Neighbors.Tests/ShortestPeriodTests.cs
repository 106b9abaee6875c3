using Denoise.Atoms;

namespace Denoise.Neighbors.Tests;

public sealed class ShortestPeriodTests
{
    [Fact]
    public void Of_an_orthogonal_box_it_is_the_shortest_periodic_edge()
    {
        Assert.Equal(2, ShortestPeriod.Of(Box.Orthogonal(3, 2, 5)));
        Assert.Equal(3, ShortestPeriod.Of(Box.Orthogonal(3, 2, 5) with { PeriodicB = false }));
        Assert.Equal(double.PositiveInfinity, ShortestPeriod.Of(Box.Orthogonal(3, 2, 5, periodic: false)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void It_does_not_depend_on_the_choice_of_the_edges(int seed)
    {
        Random random = new(seed);
        Vec3 a = new(3, 0, 0), b = new(0.7, 2.5, 0), c = new(-0.4, 1.1, 0.001 + random.NextDouble());
        Box box = new(a, b, c, default, true, true, true);
        double expected = double.PositiveInfinity;
        for (int i = -4; i <= 4; i++)
            for (int j = -4; j <= 4; j++)
                for (int k = -4; k <= 4; k++)
                    if ((i, j, k) != (0, 0, 0))
                        expected = Math.Min(expected, (a * i + b * j + c * k).Length);
        Assert.Equal(expected, ShortestPeriod.Of(box), 12);
        Box skewed = box with { B = b + a * random.Next(-50, 50), C = c + a * random.Next(-50, 50) + b * random.Next(-50, 50) };
        Assert.Equal(expected, ShortestPeriod.Of(skewed), 9);
    }
}
