using Denoise.Networks.Engines.Simd.Kernels;

namespace Denoise.Networks.Engines.Simd.Layout;

/// <summary>Products of four atoms' rows with the matrices of their species, cut into tiles for <see cref="NodeProduct"/>.</summary>
internal sealed unsafe class NodeProductPlan : IDisposable
{
    private readonly NativeArray<ProductTile> _tiles;
    private readonly NativeArray<float> _weights;
    private readonly int _weightsPerSpecies;

    /// <param name="sections">what to compute, in that order</param>
    /// <param name="first">of the first row; null: nothing</param>
    /// <param name="second">of the second row, with the same outputs; null: nothing</param>
    /// <param name="constants">[species][group][channel] what is added to activated scalars; null: nothing</param>
    /// <param name="speciesCount">of the model</param>
    /// <param name="width">vectors to use</param>
    public NodeProductPlan(IReadOnlyList<ProductSection> sections, FoldedWeights? first, FoldedWeights? second,
        double[][][]? constants, int speciesCount, SimdWidth width)
    {
        int lanes = (int)width / 32;
        var tiles = new List<(ProductTile Tile, ProductSection Section, int Channel, int Channels)>();
        foreach (ProductSection section in sections)
            for (int done = 0; done < section.Channels;)
            {
                int channels = LaneSplit.Take(section.Channels - done, width);
                ProductTile tile = new()
                {
                    Kernel = KernelTable.Product(section.Group.L, section.Activation is not null || section.Gate >= 0, channels, width),
                    First = Input(first, section.Group),
                    Second = Input(second, section.Group),
                    Weights = _weightsPerSpecies,
                    Output = section.Output + done,
                    OutputStride = section.OutputStride,
                    Gate = section.Gate + done,
                    IsGate = section.IsGate ? 1 : 0,
                    IsScaled = section.IsScaled ? 1 : 0,
                    Slope = (float)(section.Activation?.Slope ?? 0),
                    Shift = (float)(section.Activation?.Shift ?? 0),
                };
                tiles.Add((tile, section, section.First + done, channels));
                _weightsPerSpecies += (tile.First.Channels + tile.Second.Channels) * channels + (section.Activation is null ? 0 : 3 * lanes);
                done += channels;
            }

        _tiles = new([.. tiles.Select(tile => tile.Tile)]);
        _weights = new((long)speciesCount * _weightsPerSpecies);
        for (int s = 0; s < speciesCount; s++)
        {
            double[][]? firsts = first?.Of(s), seconds = second?.Of(s);
            foreach (var (tile, section, channel, channels) in tiles)
            {
                int groups = lanes / channels, g = (first ?? second)!.Output.IndexOf(section.Group.Irrep);
                float* weights = _weights.Pointer + (nint)s * _weightsPerSpecies + tile.Weights;
                weights = StoreMatrix(weights, firsts?[g], tile.First.Channels, section.Group.Channels, channel, channels, groups);
                weights = StoreMatrix(weights, seconds?[g], tile.Second.Channels, section.Group.Channels, channel, channels, groups);
                if (section.Activation is { } activation)
                    for (int lane = 0; lane < lanes; lane++)
                    {
                        weights[lane] = (float)(constants?[s][g][channel + lane / groups] ?? 0);
                        weights[lanes + lane] = (float)activation.Linear;
                        weights[2 * lanes + lane] = (float)activation.Constant;
                    }
            }
        }
    }

    public long MemoryBytes => _weights.Length * sizeof(float);

    /// <summary>A product alone: every group of its outputs goes where the layout has it.</summary>
    public static NodeProductPlan Of(FoldedWeights product, int speciesCount, SimdWidth width) => new(
        [.. product.Output.Groups.Select(group => new ProductSection(group, 0, group.Channels, group.Offset, group.Channels))],
        product, null, null, speciesCount, width);

    /// <summary>Computes all sections for four atoms of one species.</summary>
    public void Apply(int species, ProductRows* rows)
    {
        float* weights = _weights.Pointer + (nint)species * _weightsPerSpecies;
        ProductTile* end = _tiles.Pointer + _tiles.Length;
        for (ProductTile* tile = _tiles.Pointer; tile < end; tile++)
            tile->Kernel(tile, weights, rows);
    }

    public void Dispose()
    {
        _tiles.Dispose();
        _weights.Dispose();
    }

    private static ProductInput Input(FoldedWeights? product, IrrepGroup group)
    {
        if (product is null || product.Input.IndexOf(group.Irrep) is var from && from < 0)
            return default;
        IrrepGroup input = product.Input.Groups[from];
        return new() { Channels = input.Channels, Offset = input.Offset, Stride = input.Channels };
    }

    /// <summary>Some columns of a matrix in the order in which the kernel's steps read them; returns where the next ones go.</summary>
    private static float* StoreMatrix(
        float* weights, double[]? matrix, int inputs, int outputs, int firstOutput, int channels, int groups)
    {
        for (int u = 0; u < inputs; u++)
            for (int v = 0; v < channels; v++)
                weights[u / groups * channels * groups + v * groups + u % groups] = (float)matrix![u * outputs + firstOutput + v];
        return weights + inputs * channels;
    }
}
