using Denoise.Networks.Models;

namespace Denoise.Networks.Engines.Reference;

/// <summary>One interaction backwards: the stages of its forward pass in reverse order.</summary>
internal sealed unsafe class ReferenceLayerBackward : IDisposable
{
    private readonly InteractionLayer _layer;
    private readonly bool _followsFromSpecies;
    private readonly ReferenceProductBackward _selfConnection;
    private readonly ReferenceProductBackward _lin1;
    private readonly ReferenceProductBackward _lin2;
    private readonly ReferenceProductBackward _alpha;
    private readonly ReferenceConvolutionBackward _convolution;

    private readonly FeatureTable _preGateAdj = new();
    private readonly FeatureTable _lin2Adj = new();
    private readonly FeatureTable _alphaAdj = new();
    private readonly FeatureTable _aggregatedAdj = new();
    private readonly FeatureTable _lin1Adj = new();

    public ReferenceLayerBackward(NequipModel model, int index, ParameterGradients gradients)
    {
        _layer = model.Layers[index];
        _followsFromSpecies = index == 0 && model.Forces is null;
        ReferenceProductBackward Product(FullyConnectedProduct product) => new(product, gradients[product.WeightName]);
        _selfConnection = Product(_layer.SelfConnection);
        _lin1 = Product(_layer.Lin1);
        _lin2 = Product(_layer.Lin2);
        _alpha = Product(_layer.Alpha);
        _convolution = new(_layer, model.Config, [.. _layer.Radial.WeightNames.Select(name => gradients[name])]);
    }

    /// <param name="x">features that entered the layer</param>
    /// <param name="z">node attributes</param>
    /// <param name="edges">embedded edges</param>
    /// <param name="halo">brings the adjoints of ghosts to their owners</param>
    /// <param name="trace">the layer's forward pass</param>
    /// <param name="gateAdj">[owned, Output.Dimension] adjoint of the layer's output</param>
    /// <param name="xAdj">shape of x, overwritten</param>
    /// <param name="zAdj">shape of z, added to</param>
    /// <param name="vectorsAdj">[edges, 3] of the edges' vectors, added to</param>
    public void Backward(FeatureTable x, FeatureTable z, ReferenceEdges edges, IReverseHalo halo, LayerTrace trace,
        FeatureTable gateAdj, FeatureTable xAdj, FeatureTable zAdj, FeatureTable vectorsAdj)
    {
        int owned = edges.Graph.LocalCount, all = edges.Graph.AtomCount;
        xAdj.Resize(x.RowCount, x.Width);
        xAdj.Clear();

        _preGateAdj.Resize(owned, _layer.PreGate.Dimension);
        ReferenceGateBackward.Backward(_layer.Gate, trace.PreGate, gateAdj, _preGateAdj);

        _lin2Adj.Resize(owned, _layer.PreGate.Dimension);
        _alphaAdj.Resize(owned, 1);
        CombineBackward(trace);

        _aggregatedAdj.Resize(owned, _layer.Convolution.Dimension);
        _aggregatedAdj.Clear();
        _alpha.Backward(trace.Aggregated, z, owned, _alphaAdj, _aggregatedAdj, zAdj);
        _lin2.Backward(trace.Aggregated, z, owned, _lin2Adj, _aggregatedAdj, zAdj);

        _lin1Adj.Resize(all, _layer.Input.Dimension);
        _lin1Adj.Clear();
        _convolution.Backward(edges, trace.Lin1, _aggregatedAdj, _lin1Adj, vectorsAdj);

        if (!_followsFromSpecies)
            halo.Reverse(_lin1Adj.Pointer, _lin1Adj.Width);
        _lin1.Backward(x, z, _followsFromSpecies ? all : owned, _lin1Adj, xAdj, zAdj);

        _selfConnection.Backward(x, z, owned, _preGateAdj, xAdj, zAdj);
    }

    public void Dispose()
    {
        foreach (FeatureTable table in (FeatureTable[])[_preGateAdj, _lin2Adj, _alphaAdj, _aggregatedAdj, _lin1Adj])
            table.Dispose();
    }

    /// <summary>Of preGate = sc + ((1 - m) + alpha m) lin2; the adjoint of sc is that of preGate.</summary>
    private void CombineBackward(LayerTrace trace)
    {
        float[] mask = _layer.SelfConnection.OutputMask;
        for (long atom = 0; atom < _preGateAdj.RowCount; atom++)
        {
            ReadOnlySpan<double> preGateAdj = _preGateAdj.Row(atom), lin2 = trace.Lin2.Row(atom);
            Span<double> lin2Adj = _lin2Adj.Row(atom);
            double alpha = trace.Alpha.Row(atom)[0], alphaAdj = 0;
            for (int c = 0; c < preGateAdj.Length; c++)
            {
                lin2Adj[c] = (1 - mask[c] + alpha * mask[c]) * preGateAdj[c];
                alphaAdj += mask[c] * lin2[c] * preGateAdj[c];
            }

            _alphaAdj.Row(atom)[0] = alphaAdj;
        }
    }
}
