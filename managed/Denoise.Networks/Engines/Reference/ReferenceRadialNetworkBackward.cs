using Denoise.Networks.Models;

namespace Denoise.Networks.Engines.Reference;

/// <summary>
/// The adjoint of <see cref="ReferenceRadialNetwork"/> with respect to its matrices and its basis, edge by edge, from the last to the
/// first:
/// <code>WAdj += h^T yAdj / sqrt(rows);   hAdj = yAdj W^T / sqrt(rows);   pre-activation Adj = hAdj * (c silu)'</code>
/// </summary>
public sealed class ReferenceRadialNetworkBackward
{
    private readonly RadialNetwork _network;
    private readonly double[][] _weightsAdj;
    private readonly double[][] _hiddenAdj;

    /// <param name="network">the network</param>
    /// <param name="weightsAdj">one sum per matrix, added to</param>
    public ReferenceRadialNetworkBackward(RadialNetwork network, double[][] weightsAdj)
    {
        (_network, _weightsAdj) = (network, weightsAdj);
        _hiddenAdj = [.. Enumerable.Range(1, network.Weights.Count - 1).Select(k => new double[network.Sizes[k]])];
    }

    /// <param name="basis">[Sizes[0]] of the edge</param>
    /// <param name="forward">as its forward pass on this edge left it</param>
    /// <param name="outputAdj">[OutputCount]</param>
    /// <param name="basisAdj">[Sizes[0]] overwritten</param>
    public void Backward(ReadOnlySpan<double> basis, ReferenceRadialNetwork forward, ReadOnlySpan<double> outputAdj, Span<double> basisAdj)
    {
        ReadOnlySpan<double> yAdj = outputAdj;
        for (int k = _network.Weights.Count - 1; k > 0; k--)
        {
            Span<double> hAdj = _hiddenAdj[k - 1];
            MultiplyBackward(forward.Hidden[k - 1], _network.Weights[k], yAdj, hAdj, _weightsAdj[k]);
            for (int i = 0; i < hAdj.Length; i++)
                hAdj[i] *= ReferenceActivationsBackward.SiLU(forward.PreActivations[k - 1][i]);
            yAdj = hAdj;
        }

        MultiplyBackward(basis, _network.Weights[0], yAdj, basisAdj, _weightsAdj[0]);
    }

    /// <summary>Of y = x W / sqrt(rows of W).</summary>
    private static void MultiplyBackward(
        ReadOnlySpan<double> x, ReadOnlySpan<float> w, ReadOnlySpan<double> yAdj, Span<double> xAdj, Span<double> wAdj)
    {
        double scale = 1 / Math.Sqrt(x.Length);
        for (int i = 0; i < x.Length; i++)
        {
            double sum = 0;
            for (int o = 0; o < yAdj.Length; o++)
            {
                wAdj[i * yAdj.Length + o] += scale * x[i] * yAdj[o];
                sum += w[i * yAdj.Length + o] * yAdj[o];
            }

            xAdj[i] = scale * sum;
        }
    }
}
