using System.Numerics;
using Denoise.Networks.Engines.Reference;
using Denoise.Networks.Models;

namespace Denoise.Networks.Engines.Simd.Radial;

/// <summary>
/// The radial network of a layer as the reference engine defines it, envelope included, vectorized in double precision: filling a
/// table takes thousands of evaluations.
/// </summary>
internal sealed class RadialFunction
{
    private readonly RadialNetwork _network;
    private readonly double _cutoff;
    private readonly CutoffEnvelope _envelope;
    private readonly double[][] _matrices;
    private readonly double[][] _activations;

    public RadialFunction(RadialNetwork network, double cutoff, CutoffEnvelope envelope)
    {
        (_network, _cutoff, _envelope) = (network, cutoff, envelope);
        _matrices = new double[network.Weights.Count][];
        for (int k = 0; k < _matrices.Length; k++)
        {
            double scale = 1 / Math.Sqrt(network.Sizes[k]);
            _matrices[k] = Array.ConvertAll(network.Weights[k], weight => weight * scale);
        }

        _activations = [.. network.Sizes.Select(size => new double[size])];
    }

    public int OutputCount => _network.OutputCount;

    /// <summary>Weights of all paths at distance <paramref name="r"/> (Å); valid until the next call.</summary>
    public ReadOnlySpan<double> Evaluate(double r)
    {
        ReferenceRadialBasis.Evaluate(RadialBasis.Bessel, r, _cutoff, _activations[0]);
        for (int k = 0; k < _matrices.Length; k++)
        {
            double[] output = _activations[k + 1];
            Multiply(_activations[k], _matrices[k], output);
            if (k < _matrices.Length - 1)
                for (int i = 0; i < output.Length; i++)
                    output[i] *= Activations.SiLU / (1 + Math.Exp(-output[i]));
        }

        double[] weights = _activations[^1];
        if (_envelope != CutoffEnvelope.None)
        {
            double envelope = ReferenceRadialBasis.Envelope(_envelope, r, _cutoff);
            for (int i = 0; i < weights.Length; i++)
                weights[i] *= envelope;
        }

        return weights;
    }

    /// <summary>output = input * matrix [input, output]; row by row, so that it vectorizes.</summary>
    private static void Multiply(double[] input, double[] matrix, double[] output)
    {
        Array.Clear(output);
        int lanes = Vector<double>.Count;
        for (int i = 0; i < input.Length; i++)
        {
            ReadOnlySpan<double> row = matrix.AsSpan(i * output.Length, output.Length);
            int o = 0;
            var factor = new Vector<double>(input[i]);
            for (; o + lanes <= output.Length; o += lanes)
                (new Vector<double>(output, o) + factor * new Vector<double>(row[o..])).CopyTo(output, o);
            for (; o < output.Length; o++)
                output[o] += input[i] * row[o];
        }
    }
}
