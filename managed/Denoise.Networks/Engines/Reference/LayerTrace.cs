namespace Denoise.Networks.Engines.Reference;

/// <summary>Every intermediate of one layer, by atom (or edge), named as in the layer's formula.</summary>
public sealed class LayerTrace : IDisposable
{
    /// <summary>[owned, PreGate.Dimension] sc(x, z)</summary>
    public FeatureTable SelfConnection { get; } = new();

    /// <summary>[owned and ghost, Input.Dimension] lin1(x, z)</summary>
    public FeatureTable Lin1 { get; } = new();

    /// <summary>[edges, path weights] only where edges are traced</summary>
    public FeatureTable RadialWeights { get; } = new();

    /// <summary>[edges, Convolution.Dimension] only where edges are traced</summary>
    public FeatureTable Messages { get; } = new();

    /// <summary>[owned, Convolution.Dimension] sum of the messages over sqrt(Z)</summary>
    public FeatureTable Aggregated { get; } = new();

    /// <summary>[owned, PreGate.Dimension]</summary>
    public FeatureTable Lin2 { get; } = new();

    /// <summary>[owned, 1] before the mask</summary>
    public FeatureTable Alpha { get; } = new();

    /// <summary>[owned, PreGate.Dimension] sc + ((1 - m) + alpha m) lin2</summary>
    public FeatureTable PreGate { get; } = new();

    /// <summary>[owned, Output.Dimension] features that leave the layer</summary>
    public FeatureTable Gate { get; } = new();

    public long MemoryBytes => Tables.Sum(table => table.MemoryBytes);

    private FeatureTable[] Tables => [SelfConnection, Lin1, RadialWeights, Messages, Aggregated, Lin2, Alpha, PreGate, Gate];

    public void Dispose()
    {
        foreach (FeatureTable table in Tables)
            table.Dispose();
    }
}
