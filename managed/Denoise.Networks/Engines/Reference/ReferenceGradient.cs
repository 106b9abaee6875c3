using Denoise.Networks.Equivariance;
using Denoise.Networks.Models;

namespace Denoise.Networks.Engines.Reference;

/// <summary>
/// Backpropagation through a network in double precision, stage by stage: the oracle of faster gradients. Starts from the
/// intermediates that a <see cref="ReferenceEngine"/> keeps.
/// </summary>
public sealed class ReferenceGradient : IDisposable
{
    private readonly NequipModel _model;
    private readonly ReferenceLayerBackward[] _layers;
    private readonly ReferenceProductBackward _readout;

    private readonly FeatureTable _predictionAdj = new();
    private readonly FeatureTable _zAdj = new();
    private readonly FeatureTable _vectorsAdj = new();
    private FeatureTable _outputAdj = new();
    private FeatureTable _inputAdj = new();

    public ReferenceGradient(NequipModel model)
    {
        _model = model;
        Gradients = new(model);
        _layers = [.. Enumerable.Range(0, model.Layers.Count).Select(k => new ReferenceLayerBackward(model, k, Gradients))];
        _readout = new(model.Readout, Gradients[model.Readout.WeightName]);
    }

    /// <summary>Sums over all calls of <see cref="Accumulate"/> since they were cleared.</summary>
    public ParameterGradients Gradients { get; }

    /// <summary>[owned and ghost, 3] dL/dposition of the last <see cref="Accumulate"/>, per model Å; valid for owned atoms.</summary>
    public FeatureTable Positions { get; } = new();

    /// <summary>Adds the gradients of one evaluation, and replaces that by the positions.</summary>
    /// <param name="trace">an engine's intermediates of it</param>
    /// <param name="species">[owned and ghost] as it was given</param>
    /// <param name="halo">brings the adjoints of ghosts to their owners</param>
    /// <param name="predictionAdj">[owned, output dimension] dL/dprediction</param>
    public void Accumulate(ReferenceTrace trace, ReadOnlySpan<int> species, IReverseHalo halo, ReadOnlySpan<double> predictionAdj)
    {
        int owned = trace.Edges.Graph.LocalCount;
        _predictionAdj.Resize(owned, _model.Output.Dimension);
        for (int atom = 0; atom < owned; atom++)
            predictionAdj.Slice(atom * _predictionAdj.Width, _predictionAdj.Width).CopyTo(_predictionAdj.Row(atom));
        _zAdj.Resize(trace.EmbedZ.RowCount, trace.EmbedZ.Width);
        _zAdj.Clear();

        _vectorsAdj.Resize(trace.Edges.Graph.EdgeCount, 3);
        _vectorsAdj.Clear();
        FeatureTable features = trace.Features(_layers.Length);
        _inputAdj.Resize(features.RowCount, features.Width);
        _inputAdj.Clear();
        _readout.Backward(features, trace.EmbedZ, owned, _predictionAdj, _inputAdj, _zAdj);
        for (int k = _layers.Length - 1; k >= 0; k--)
        {
            (_outputAdj, _inputAdj) = (_inputAdj, _outputAdj);
            _layers[k].Backward(
                trace.Features(k), trace.EmbedZ, trace.Edges, halo, trace.Layers[k], _outputAdj, _inputAdj, _zAdj, _vectorsAdj);
        }

        PositionsBackward(trace.Edges.Graph, halo);

        EmbedSpeciesBackward(species);
        if (_model.Forces is { } encoding)
            EmbedForcesBackward(encoding, trace.ForceHarmonics);
    }

    public void Dispose()
    {
        foreach (ReferenceLayerBackward layer in _layers)
            layer.Dispose();
        _predictionAdj.Dispose();
        _zAdj.Dispose();
        _vectorsAdj.Dispose();
        Positions.Dispose();
        _outputAdj.Dispose();
        _inputAdj.Dispose();
    }

    /// <summary>A vector is r_target - r_source.</summary>
    private void PositionsBackward(ReferenceGraph graph, IReverseHalo halo)
    {
        Positions.Resize(graph.AtomCount, 3);
        Positions.Clear();
        for (long edge = 0; edge < graph.EdgeCount; edge++)
            for (int axis = 0; axis < 3; axis++)
            {
                Positions.Row(graph.Target(edge))[axis] += _vectorsAdj.Row(edge)[axis];
                Positions.Row(graph.Source(edge))[axis] -= _vectorsAdj.Row(edge)[axis];
            }

        unsafe
        {
            halo.Reverse(Positions.Pointer, 3);
        }
    }

    /// <summary>Every atom's rows came out of its species' rows of the tables.</summary>
    private void EmbedSpeciesBackward(ReadOnlySpan<int> species)
    {
        double[] xTable = Gradients[NequipModel.NodeTableName], zTable = Gradients[NequipModel.AttributeTableName];
        for (int atom = 0; atom < species.Length; atom++)
        {
            for (int c = 0; c < _model.NodeEmbedding.Dimension; c++)
                xTable[species[atom] * _model.NodeEmbedding.Dimension + c] += _inputAdj.Row(atom)[c];
            for (int c = 0; c < _zAdj.Width; c++)
                zTable[species[atom] * _zAdj.Width + c] += _zAdj.Row(atom)[c];
        }
    }

    private void EmbedForcesBackward(ForceEncoding encoding, FeatureTable harmonics)
    {
        double[] weights = Gradients[ForceEncoding.WeightName];
        for (long atom = 0; atom < harmonics.RowCount; atom++)
        {
            int channel = 0;
            foreach (IrrepBlock block in encoding.Features)
                for (int c = 0; c < block.Multiplicity; c++, channel++)
                    for (int m = 0; m < block.Irrep.Dimension; m++)
                        weights[channel] += harmonics.Row(atom)[block.L * block.L + m] *
                            _inputAdj.Row(atom)[block.Offset + c * block.Irrep.Dimension + m];
        }
    }
}
