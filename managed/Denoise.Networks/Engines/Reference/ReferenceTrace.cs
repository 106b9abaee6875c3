using Denoise.Networks.Models;

namespace Denoise.Networks.Engines.Reference;

/// <summary>Every intermediate of the last evaluation: what tests compare and what a backward pass starts from.</summary>
public sealed class ReferenceTrace : IDisposable
{
    internal ReferenceTrace(NequipModel model) => Layers = [.. model.Layers.Select(_ => new LayerTrace())];

    /// <summary>Graph, radial basis and spherical harmonics.</summary>
    public ReferenceEdges Edges { get; } = new();

    /// <summary>[owned and ghost, Features.Dimension] first node features.</summary>
    public FeatureTable EmbedX { get; } = new();

    /// <summary>[owned, ForceEncoding.HarmonicCount] of the forces that were given; empty where the network is told none.</summary>
    public FeatureTable ForceHarmonics { get; } = new();

    /// <summary>[owned and ghost, AttributeEmbedding.Dimension] node attributes z.</summary>
    public FeatureTable EmbedZ { get; } = new();

    public IReadOnlyList<LayerTrace> Layers { get; }

    /// <summary>[owned, Output.Dimension]</summary>
    public FeatureTable Prediction { get; } = new();

    public long MemoryBytes => Edges.MemoryBytes + EmbedX.MemoryBytes + ForceHarmonics.MemoryBytes +
        EmbedZ.MemoryBytes + Layers.Sum(layer => layer.MemoryBytes) + Prediction.MemoryBytes;

    /// <summary>Node features that enter a layer, or the readout at <c>Layers.Count</c>.</summary>
    public FeatureTable Features(int layer) => layer == 0 ? EmbedX : Layers[layer - 1].Gate;

    public void Dispose()
    {
        Edges.Dispose();
        EmbedX.Dispose();
        ForceHarmonics.Dispose();
        EmbedZ.Dispose();
        Prediction.Dispose();
        foreach (LayerTrace layer in Layers)
            layer.Dispose();
    }
}
