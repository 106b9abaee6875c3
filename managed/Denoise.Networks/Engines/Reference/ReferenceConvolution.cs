using Denoise.Networks.Equivariance;
using Denoise.Networks.Models;

namespace Denoise.Networks.Engines.Reference;

/// <summary>
/// The messages of a layer and their aggregate:
/// <code>
/// message_ij[path, u, m3] = factor * w_ij[path, u] * sum_m1,m2 C[m1, m2, m3] * x_i[u, m1] * Y_ij[m2]
/// aggregate_j = sum_i message_ij / sqrt(Z),   w_ij = envelope(|r_ij|) * radial(basis_ij)
/// </code>
/// </summary>
public sealed class ReferenceConvolution
{
    private readonly InteractionLayer _layer;
    private readonly NequipConfig _config;
    private readonly ReferenceRadialNetwork _radial;
    private readonly (ConvolutionPath Path, Wigner3j Tensor)[] _paths;
    private readonly double[] _weights;
    private readonly double[] _message;

    public ReferenceConvolution(InteractionLayer layer, NequipConfig config)
    {
        (_layer, _config, _radial) = (layer, config, new(layer.Radial));
        _paths = [.. layer.ConvolutionPaths.Select(path => (path, Wigner3j.Get(path.L1, path.L2, path.L3)))];
        _weights = new double[layer.Radial.OutputCount];
        _message = new double[layer.Convolution.Dimension];
    }

    /// <param name="edges">graph, radial basis and harmonics of every edge</param>
    /// <param name="x">[atoms, Input.Dimension] features of owned and ghost atoms</param>
    /// <param name="aggregated">[owned atoms, Convolution.Dimension], overwritten</param>
    /// <param name="trace">receives radial weights and messages, or null</param>
    public void Forward(ReferenceEdges edges, FeatureTable x, FeatureTable aggregated, LayerTrace? trace)
    {
        ReferenceGraph graph = edges.Graph;
        aggregated.Resize(graph.LocalCount, _layer.Convolution.Dimension);
        aggregated.Clear();
        trace?.RadialWeights.Resize(graph.EdgeCount, _weights.Length);
        trace?.Messages.Resize(graph.EdgeCount, _message.Length);
        double normalization = 1 / Math.Sqrt(_config.NeighborCount);
        for (long edge = 0; edge < graph.EdgeCount; edge++)
        {
            RadialWeights(edges, edge);
            Message(x.Row(graph.Source(edge)), edges.Harmonics.Row(edge));
            Span<double> sum = aggregated.Row(graph.Target(edge));
            for (int c = 0; c < sum.Length; c++)
                sum[c] += normalization * _message[c];
            if (trace is not null)
            {
                _weights.CopyTo(trace.RadialWeights.Row(edge));
                _message.CopyTo(trace.Messages.Row(edge));
            }
        }
    }

    private void RadialWeights(ReferenceEdges edges, long edge)
    {
        _radial.Forward(edges.RadialBasis.Row(edge), _weights);
        double envelope = ReferenceRadialBasis.Envelope(_config.Envelope, edges.Graph.Vector(edge).Length, _config.Cutoff);
        for (int w = 0; w < _weights.Length; w++)
            _weights[w] *= envelope;
    }

    private void Message(ReadOnlySpan<double> x, ReadOnlySpan<double> harmonics)
    {
        Array.Clear(_message);
        foreach ((ConvolutionPath path, Wigner3j tensor) in _paths)
        {
            IrrepBlock input = _layer.Input[path.InputSlot];
            IrrepBlock output = _layer.Convolution[path.OutputSlot];
            ReadOnlySpan<double> y = harmonics[_layer.Edge[path.HarmonicSlot].Offset..];
            foreach (Wigner3j.Entry entry in tensor.Entries)
            {
                double coupling = path.Factor * entry.Value * y[entry.M2];
                for (int u = 0; u < path.Multiplicity; u++)
                    _message[output.Offset + u * output.Irrep.Dimension + entry.M3] +=
                        coupling * _weights[path.WeightOffset + u] * x[input.Offset + u * input.Irrep.Dimension + entry.M1];
            }
        }
    }
}
