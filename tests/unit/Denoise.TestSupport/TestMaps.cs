using Denoise.Networks.Maps;

namespace Denoise.TestSupport;

/// <summary>Neighbors Maps with random weights.</summary>
public static class TestMaps
{
    /// <param name="classes">names</param>
    /// <param name="seed">of the weights</param>
    /// <param name="settings">null: one channel</param>
    public static MapNetwork Create(string[] classes, int seed, MapSettings? settings = null)
    {
        settings ??= MapSettings.Geometric;
        Random random = new(seed);
        Dictionary<string, float[]> tensors = new(StringComparer.Ordinal);
        foreach ((string name, int[] shape) in MapNetwork.ShapesOf(settings.Channels, classes.Length))
        {
            float[] values = new float[shape.Aggregate(1, (product, n) => product * n)];
            double limit = shape.Length > 1 ? Math.Sqrt(6.0 * shape[^1] / values.Length) : 0.1;
            for (int i = 0; i < values.Length; i++)
                values[i] = (float)(limit * (2 * random.NextDouble() - 1)) + (name is "norm.weight" or "norm.running_var" ? 1 : 0);
            tensors.Add(name, values);
        }

        return new(settings, classes, tensors);
    }
}
