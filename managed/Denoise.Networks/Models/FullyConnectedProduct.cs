using Denoise.Atoms;
using Denoise.Networks.Equivariance;

namespace Denoise.Networks.Models;

/// <summary>
/// Fully connected tensor product of node features x with the constant node attributes z (e3nn's
/// FullyConnectedTensorProduct, component and element normalization). The attributes are scalars, so that a path mixes channels
/// and leaves components alone:
/// <code>out[w, m] += factor * sum_uv W[u, v, w] * x[u, m] * z[v]</code>
/// Paths and their weights are in loop order input, attribute, output over the blocks as written.
/// </summary>
public sealed class FullyConnectedProduct
{
    internal FullyConnectedProduct(string name, Irreps input, Irreps attributes, Irreps output, IParameterSource source)
    {
        (Name, Input, Attributes, Output) = (name, input, attributes, output);

        int[] fanIn = new int[output.Count];
        foreach ((int i, int a, int o) in Connections())
            fanIn[o] += input[i].Multiplicity * attributes[a].Multiplicity;

        NequipLimits.CheckWeights(Connections()
            .Sum(c => (long)input[c.Input].Multiplicity * attributes[c.Attribute].Multiplicity * output[c.Output].Multiplicity));
        var paths = new List<FullyConnectedPath>();
        int weightCount = 0;
        foreach ((int i, int a, int o) in Connections())
        {
            paths.Add(new(i, a, o, weightCount, 1 / Math.Sqrt(Math.Max(1, fanIn[o]))));
            weightCount += input[i].Multiplicity * attributes[a].Multiplicity * output[o].Multiplicity;
        }

        Paths = paths;
        OutputMask = new float[output.Dimension];
        for (int o = 0; o < output.Count; o++)
            if (fanIn[o] > 0)
                OutputMask.AsSpan(output[o].Offset, output[o].Dimension).Fill(1);

        Weights = source.Take(WeightName, weightCount);
        source.CheckMask($"{name}.output_mask", OutputMask);
    }

    /// <summary>Prefix of its tensors in the state dict, e.g. <c>interactions.0.first.lin1</c>.</summary>
    public string Name { get; }

    /// <summary>Its parameter's name in the state dict.</summary>
    public string WeightName => $"{Name}.weight";

    public Irreps Input { get; }

    /// <summary>Even scalars.</summary>
    public Irreps Attributes { get; }

    public Irreps Output { get; }

    public IReadOnlyList<FullyConnectedPath> Paths { get; }

    /// <summary>All paths' weights, concatenated.</summary>
    public float[] Weights { get; }

    /// <summary>[Output.Dimension] 1 where some path ends, 0 where the output is always zero.</summary>
    public float[] OutputMask { get; }

    private IEnumerable<(int Input, int Attribute, int Output)> Connections()
    {
        for (int i = 0; i < Input.Count; i++)
            for (int a = 0; a < Attributes.Count; a++)
                for (int o = 0; o < Output.Count; o++)
                    if (Input[i].Irrep == Output[o].Irrep)
                        yield return (i, a, o);
    }

    internal static void RequireScalars(Irreps irreps, string setting)
    {
        if (irreps.Dimension == 0 || irreps.Any(block => block.Irrep != Irrep.Scalar))
            throw new InputException($"{setting} '{irreps}' must be even scalars, such as 8x0e.");
    }
}
