namespace Denoise.Networks.Models;

/// <summary>
/// Weights of the network from the radial basis of an edge to the weights of the convolution's paths:
/// <code>h_0 = basis;  h_{k+1} = c * silu(h_k W_k / sqrt(rows of W_k));  output = h_last W_last / sqrt(rows of W_last)</code>
/// with c from <see cref="Activations.SiLU"/>.
/// </summary>
public sealed class RadialNetwork
{
    internal RadialNetwork(string name, IReadOnlyList<int> sizes, IParameterSource source)
    {
        Sizes = sizes;
        WeightNames = [.. Enumerable.Range(0, sizes.Count - 1).Select(k => $"{name}.layer{k}.weight")];
        Weights = [.. WeightNames.Select((weightName, k) => source.Take(weightName, sizes[k], sizes[k + 1]))];
    }

    /// <summary>Widths from the number of Bessel functions to the number of path weights, e.g. 16, 64, 24.</summary>
    public IReadOnlyList<int> Sizes { get; }

    /// <summary>Matrix k is [Sizes[k], Sizes[k + 1]], row-major: W[in, out].</summary>
    public IReadOnlyList<float[]> Weights { get; }

    /// <summary>The matrices' names in the state dict.</summary>
    public IReadOnlyList<string> WeightNames { get; }

    public int OutputCount => Sizes[^1];
}
