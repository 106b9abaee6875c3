namespace Denoise.Networks.Engines.Simd.Layout;

/// <summary>A column of the radial table: a sum of outputs of the radial network; without terms it is padding.</summary>
/// <param name="Terms">index among the network's outputs, and a factor</param>
internal readonly record struct RadialColumn(params (int Output, double Factor)[] Terms)
{
    /// <summary>The same times a factor.</summary>
    public RadialColumn Times(double factor) => new([.. (Terms ?? []).Select(term => (term.Output, factor * term.Factor))]);

    /// <summary>Its value where the network has these outputs.</summary>
    public double Evaluate(ReadOnlySpan<double> outputs)
    {
        double sum = 0;
        foreach ((int output, double factor) in Terms ?? [])
            sum += factor * outputs[output];
        return sum;
    }
}
