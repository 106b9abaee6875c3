using Denoise.Networks.Engines.Reference;
using Denoise.Networks.Tests.Support;

namespace Denoise.Training.Tests;

internal static class RandomTables
{
    public static FeatureTable Create(int seed, int rows, int width)
    {
        var random = new Random(seed);
        FeatureTable table = Zero(rows, width);
        for (int row = 0; row < rows; row++)
            foreach (ref double value in table.Row(row))
                value = Rotations.Normal(random);
        return table;
    }

    public static FeatureTable Zero(long rows, int width)
    {
        var table = new FeatureTable();
        table.Resize(rows, width);
        table.Clear();
        return table;
    }

    /// <summary>Sum of the products of all values.</summary>
    public static double Dot(FeatureTable a, FeatureTable b) => a.ToArray().Zip(b.ToArray(), (x, y) => x * y).Sum();
}
