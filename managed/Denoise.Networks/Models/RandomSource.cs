namespace Denoise.Networks.Models;

/// <summary>
/// Fresh parameters for training: unit normals throughout, as e3nn draws them (its normalization factors are in the layers),
/// and zero for <c>alpha</c>, so that every layer starts as its self connection (SkipInit, arXiv 2002.10444).
/// </summary>
internal sealed class RandomSource(Random random) : IParameterSource
{
    public float[] Take(string name, params int[] shape)
    {
        float[] values = new float[shape.Aggregate(1, (product, size) => product * size)];
        if (!name.EndsWith(".alpha.weight", StringComparison.Ordinal))
            for (int i = 0; i < values.Length; i++)
                values[i] = (float)Normal();
        return values;
    }

    public void CheckMask(string name, float[] expected) { }

    // Box and Muller: one of the pair is enough here.
    private double Normal() =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
