using Denoise.Networks.Engines.Reference;
using Denoise.Networks.Equivariance;
using Denoise.Networks.Models;

namespace Denoise.Training.Reference;

/// <summary>
/// The adjoint of <see cref="ReferenceConvolution"/>. Per edge i -> j, with messageAdj = aggregatedAdj_j / sqrt(Z):
/// <code>
/// wAdj[u]      += factor C[m1, m2, m3] x_i[u, m1] Y[m2] messageAdj[u, m3]
/// xAdj_i[u,m1] += factor C[m1, m2, m3] w[u] Y[m2] messageAdj[u, m3]
/// </code>
/// and from wAdj, times the envelope, into the radial network. Radial weights are computed again, not kept.
/// </summary>
public sealed class ReferenceConvolutionBackward
{
    private readonly InteractionLayer _layer;
    private readonly NequipConfig _config;
    private readonly ReferenceRadialNetwork _radial;
    private readonly ReferenceRadialNetworkBackward _radialBackward;
    private readonly (ConvolutionPath Path, Wigner3j Tensor)[] _paths;
    private readonly double[] _weights;
    private readonly double[] _weightsAdj;
    private readonly double[] _messageAdj;

    /// <param name="layer">the layer</param>
    /// <param name="config">of its model</param>
    /// <param name="radialAdj">one sum per matrix of the radial network, added to</param>
    public ReferenceConvolutionBackward(InteractionLayer layer, NequipConfig config, double[][] radialAdj)
    {
        (_layer, _config, _radial, _radialBackward) = (layer, config, new(layer.Radial), new(layer.Radial, radialAdj));
        _paths = [.. layer.ConvolutionPaths.Select(path => (path, Wigner3j.Get(path.L1, path.L2, path.L3)))];
        _weights = new double[layer.Radial.OutputCount];
        _weightsAdj = new double[layer.Radial.OutputCount];
        _messageAdj = new double[layer.Convolution.Dimension];
    }

    /// <param name="edges">as in the forward pass</param>
    /// <param name="x">[owned and ghost, Input.Dimension] as in the forward pass</param>
    /// <param name="aggregatedAdj">[owned, Convolution.Dimension]</param>
    /// <param name="xAdj">shape of x, added to; ghosts' rows too</param>
    public void Backward(ReferenceEdges edges, FeatureTable x, FeatureTable aggregatedAdj, FeatureTable xAdj)
    {
        ReferenceGraph graph = edges.Graph;
        double normalization = 1 / Math.Sqrt(_config.NeighborCount);
        for (long edge = 0; edge < graph.EdgeCount; edge++)
        {
            double envelope = ReferenceRadialBasis.Envelope(_config.Envelope, graph.Vector(edge).Length, _config.Cutoff);
            ReadOnlySpan<double> basis = edges.RadialBasis.Row(edge), sumAdj = aggregatedAdj.Row(graph.Target(edge));
            _radial.Forward(basis, _weights);
            for (int w = 0; w < _weights.Length; w++)
                _weights[w] *= envelope;
            for (int c = 0; c < sumAdj.Length; c++)
                _messageAdj[c] = normalization * sumAdj[c];

            MessageBackward(x.Row(graph.Source(edge)), edges.Harmonics.Row(edge), xAdj.Row(graph.Source(edge)));

            for (int w = 0; w < _weights.Length; w++)
                _weightsAdj[w] *= envelope;
            _radialBackward.Backward(basis, _radial, _weightsAdj);
        }
    }

    private void MessageBackward(ReadOnlySpan<double> x, ReadOnlySpan<double> harmonics, Span<double> xAdj)
    {
        Array.Clear(_weightsAdj);
        foreach ((ConvolutionPath path, Wigner3j tensor) in _paths)
        {
            IrrepBlock input = _layer.Input[path.InputSlot];
            IrrepBlock output = _layer.Convolution[path.OutputSlot];
            ReadOnlySpan<double> y = harmonics[_layer.Edge[path.HarmonicSlot].Offset..];
            foreach (Wigner3j.Entry entry in tensor.Entries)
            {
                double coupling = path.Factor * entry.Value * y[entry.M2];
                for (int u = 0; u < path.Multiplicity; u++)
                {
                    int from = input.Offset + u * input.Irrep.Dimension + entry.M1;
                    double adj = coupling * _messageAdj[output.Offset + u * output.Irrep.Dimension + entry.M3];
                    _weightsAdj[path.WeightOffset + u] += adj * x[from];
                    xAdj[from] += adj * _weights[path.WeightOffset + u];
                }
            }
        }
    }
}
