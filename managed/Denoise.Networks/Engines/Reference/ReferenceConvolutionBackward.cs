using Denoise.Atoms;
using Denoise.Networks.Equivariance;
using Denoise.Networks.Models;

namespace Denoise.Networks.Engines.Reference;

/// <summary>
/// The adjoint of <see cref="ReferenceConvolution"/>. Per edge i -> j, with messageAdj = aggregatedAdj_j / sqrt(Z):
/// <code>
/// wAdj[u]      += factor C[m1, m2, m3] x_i[u, m1] Y[m2] messageAdj[u, m3]
/// xAdj_i[u,m1] += factor C[m1, m2, m3] w[u] Y[m2] messageAdj[u, m3]
/// YAdj[m2]     += factor C[m1, m2, m3] w[u] x_i[u, m1] messageAdj[u, m3]
/// </code>
/// and from wAdj, times the envelope, into the radial network. What comes out of it, of the envelope and of the harmonics is the adjoint
/// of the edge's vector. Radial weights are computed again, not kept.
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
    private readonly double[] _harmonicsAdj;
    private readonly double[] _sphericalAdj = new double[(Irrep.LMax + 1) * (Irrep.LMax + 1)];
    private readonly double[] _basisAdj;
    private readonly double[] _basisSlopes;

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
        _harmonicsAdj = new double[layer.Edge.Dimension];
        (_basisAdj, _basisSlopes) = (new double[config.Radial[0]], new double[config.Radial[0]]);
    }

    /// <param name="edges">as in the forward pass</param>
    /// <param name="x">[owned and ghost, Input.Dimension] as in the forward pass</param>
    /// <param name="aggregatedAdj">[owned, Convolution.Dimension]</param>
    /// <param name="xAdj">shape of x, added to; ghosts' rows too</param>
    /// <param name="vectorsAdj">[edges, 3] added to</param>
    public void Backward(ReferenceEdges edges, FeatureTable x, FeatureTable aggregatedAdj, FeatureTable xAdj, FeatureTable vectorsAdj)
    {
        ReferenceGraph graph = edges.Graph;
        double normalization = 1 / Math.Sqrt(_config.NeighborCount);
        for (long edge = 0; edge < graph.EdgeCount; edge++)
        {
            Vec3 vector = graph.Vector(edge);
            double length = vector.Length, envelope = ReferenceRadialBasis.Envelope(_config.Envelope, length, _config.Cutoff);
            ReadOnlySpan<double> basis = edges.RadialBasis.Row(edge), sumAdj = aggregatedAdj.Row(graph.Target(edge));
            _radial.Forward(basis, _weights);
            for (int w = 0; w < _weights.Length; w++)
                _weights[w] *= envelope;
            for (int c = 0; c < sumAdj.Length; c++)
                _messageAdj[c] = normalization * sumAdj[c];

            MessageBackward(x.Row(graph.Source(edge)), edges.Harmonics.Row(edge), xAdj.Row(graph.Source(edge)));

            double slope = ReferenceRadialBasis.EnvelopeSlope(_config.Envelope, length, _config.Cutoff), radialAdj = 0;
            for (int w = 0; w < _weights.Length; w++)
            {
                // The weights hold the envelope, which is 0 at the cutoff with its slope.
                radialAdj += envelope > 0 ? _weightsAdj[w] * _weights[w] / envelope * slope : 0;
                _weightsAdj[w] *= envelope;
            }

            _radialBackward.Backward(basis, _radial, _weightsAdj, _basisAdj);
            ReferenceRadialBasis.EvaluateSlopes(_config.Basis, length, _config.Cutoff, _basisSlopes);
            for (int n = 0; n < _basisAdj.Length; n++)
                radialAdj += _basisAdj[n] * _basisSlopes[n];
            Vec3 adjoint = VectorAdj(vector, length, radialAdj);
            Span<double> vectorAdj = vectorsAdj.Row(edge);
            for (int axis = 0; axis < 3; axis++)
                vectorAdj[axis] += adjoint[axis];
        }
    }

    private Vec3 VectorAdj(Vec3 vector, double length, double radialAdj)
    {
        Array.Clear(_sphericalAdj);
        foreach (IrrepBlock block in _layer.Edge)
            _harmonicsAdj.AsSpan(block.Offset, block.Dimension).CopyTo(_sphericalAdj.AsSpan(SphericalHarmonics.Index(block.L, -block.L)));
        // Two atoms in one place have no direction.
        Vec3 radial = length > 0 ? vector * (radialAdj / length) : default;
        return radial + SphericalHarmonics.Backward(_layer.Edge.LMax, vector, _sphericalAdj);
    }

    private void MessageBackward(ReadOnlySpan<double> x, ReadOnlySpan<double> harmonics, Span<double> xAdj)
    {
        Array.Clear(_weightsAdj);
        Array.Clear(_harmonicsAdj);
        foreach ((ConvolutionPath path, Wigner3j tensor) in _paths)
        {
            IrrepBlock input = _layer.Input[path.InputSlot];
            IrrepBlock output = _layer.Convolution[path.OutputSlot];
            int first = _layer.Edge[path.HarmonicSlot].Offset;
            ReadOnlySpan<double> y = harmonics[first..];
            foreach (Wigner3j.Entry entry in tensor.Entries)
            {
                double factor = path.Factor * entry.Value, coupling = factor * y[entry.M2], sum = 0;
                for (int u = 0; u < path.Multiplicity; u++)
                {
                    int from = input.Offset + u * input.Irrep.Dimension + entry.M1;
                    double messageAdj = _messageAdj[output.Offset + u * output.Irrep.Dimension + entry.M3], adj = coupling * messageAdj;
                    sum += _weights[path.WeightOffset + u] * x[from] * messageAdj;
                    _weightsAdj[path.WeightOffset + u] += adj * x[from];
                    xAdj[from] += adj * _weights[path.WeightOffset + u];
                }

                _harmonicsAdj[first + entry.M2] += factor * sum;
            }
        }
    }
}
