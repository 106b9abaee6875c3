using Denoise.Networks.Models;

namespace Denoise.Networks.Engines.Reference;

/// <summary>Evaluates a <see cref="RadialNetwork"/> on one edge at a time.</summary>
public sealed class ReferenceRadialNetwork
{
    private readonly RadialNetwork _network;
    private readonly double[][] _preActivations;
    private readonly double[][] _hidden;

    public ReferenceRadialNetwork(RadialNetwork network)
    {
        _network = network;
        int hiddenLayers = network.Weights.Count - 1;
        _preActivations = [.. Enumerable.Range(1, hiddenLayers).Select(k => new double[network.Sizes[k]])];
        _hidden = [.. Enumerable.Range(1, hiddenLayers).Select(k => new double[network.Sizes[k]])];
    }

    /// <summary>Of the last edge: h_k W_k / sqrt(rows) before its activation, for every hidden layer.</summary>
    public IReadOnlyList<double[]> PreActivations => _preActivations;

    /// <summary>Of the last edge: the hidden layers' values c * silu(pre-activation).</summary>
    public IReadOnlyList<double[]> Hidden => _hidden;

    /// <param name="basis">[Sizes[0]] radial basis of the edge</param>
    /// <param name="weights">[OutputCount] weights of the convolution's paths, without envelope</param>
    public void Forward(ReadOnlySpan<double> basis, Span<double> weights)
    {
        ReadOnlySpan<double> h = basis;
        for (int k = 0; k < _hidden.Length; k++)
        {
            Multiply(h, _network.Weights[k], _preActivations[k]);
            for (int i = 0; i < _hidden[k].Length; i++)
                _hidden[k][i] = ReferenceActivations.SiLU(_preActivations[k][i]);
            h = _hidden[k];
        }

        Multiply(h, _network.Weights[^1], weights);
    }

    /// <summary>y = x W / sqrt(rows of W), W [x.Length, y.Length].</summary>
    private static void Multiply(ReadOnlySpan<double> x, ReadOnlySpan<float> w, Span<double> y)
    {
        y.Clear();
        double scale = 1 / Math.Sqrt(x.Length);
        for (int i = 0; i < x.Length; i++)
            RowMath.MultiplyAdd(scale * x[i], w.Slice(i * y.Length, y.Length), y);
    }
}
