using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Denoise.Neighbors;
using Denoise.Networks.Engines.Simd.Kernels;
using Denoise.Networks.Engines.Simd.Lanes;
using Denoise.Networks.Engines.Simd.Layout;
using Denoise.Networks.Engines.Simd.Radial;
using Denoise.Networks.Engines.Simd.Tiles;
using Denoise.Networks.Equivariance;
using Denoise.Networks.Models;

namespace Denoise.Networks.Engines.Simd;

/// <summary>
/// One interaction layer, atom by atom: edges, radial weights, convolution summed over the edges, then at once the products with
/// the species' matrices and the gate. Between layers an atom keeps its features x and h = lin1(x, z); nothing is kept per edge.
/// </summary>
internal sealed unsafe class SimdLayer : IDisposable
{
    private readonly ConvolutionPlan _convolution;
    private readonly RadialTable _radial;
    private readonly GatePlan _gate;
    private readonly NodeProductPlan _node;
    private readonly NativeArray<float>? _alpha;
    private readonly int _alphaOffset;
    private readonly int _alphaLength;
    private readonly delegate*<float*, float**, nint, int, float*, void> _dotProduct;
    private readonly float _cutoffSquared;

    /// <param name="model">the network</param>
    /// <param name="layer">the layer</param>
    /// <param name="isWanted">of an irrep of its output: whether anything reads it</param>
    /// <param name="width">vectors to use</param>
    public SimdLayer(NequipModel model, InteractionLayer layer, Func<Irrep, bool> isWanted, SimdWidth width)
    {
        _cutoffSquared = (float)(model.Config.Cutoff * model.Config.Cutoff);
        _gate = new(layer.Gate, isWanted);

        ChannelLayout preGate = _gate.PreGate;
        Input = LayerInput.Of(layer, preGate);
        FoldedWeights Fold(FullyConnectedProduct product, ChannelLayout input, ChannelLayout output) =>
            new(product, model.AttributeTable, input, output);

        FoldedWeights lin1 = Fold(layer.Lin1, Input, Input), lin2;
        bool isFirst = layer == model.Layers[0];
        ReadsFeatures = !isFirst || model.SpeciesCount > 1;
        if (ReadsFeatures)
        {
            // Even scalars are summed in any case: alpha is made of them.
            _convolution = new(layer, Input, irrep => irrep == Irrep.Scalar || preGate.IndexOf(irrep) >= 0, width);
            lin2 = Fold(layer.Lin2, _convolution.Aggregate, preGate);
        }
        else
        {
            FoldedWeights whole = Fold(layer.Lin2, ChannelLayout.Of(layer.Convolution, _ => true), preGate);
            _convolution = HarmonicPlan.Create(layer, LayerInput.OfEmbeddings(model, lin1)[0][0], Input, whole, width);
            lin2 = HarmonicPlan.Remaining(Fold(layer.Lin2, _convolution.Aggregate, preGate));
        }

        ChannelLayout aggregate = _convolution.Aggregate;
        double normalization = 1 / Math.Sqrt(model.Config.NeighborCount);
        _radial = new(new(layer.Radial, model.Config.Cutoff, model.Config.Envelope), model.Config.Cutoff, (int)width / 32,
            [.. _convolution.Columns.Select(column => column.Times(normalization))]);

        Lin1 = NodeProductPlan.Of(lin1, model.SpeciesCount, width);

        // alpha acts where the self connection contributes: m of the interaction is constant over an irrep.
        bool Mixes(IrrepGroup group) => layer.Input.Contains(group.Irrep);
        ProductSection[] sections = [.. _gate.Sections.Select(section => section with { IsScaled = Mixes(section.Group) })];
        FoldedWeights selfConnection = Fold(layer.SelfConnection, Input, preGate);
        // The first layer's self connection depends on the species alone.
        _node = isFirst
            ? new(sections, lin2, null, LayerInput.OfEmbeddings(model, selfConnection), model.SpeciesCount, width)
            : new(sections, lin2, selfConnection, null, model.SpeciesCount, width);
        if (sections.Any(section => section.IsScaled))
        {
            IrrepGroup scalars = aggregate.Groups[aggregate.IndexOf(Irrep.Scalar)];
            (_alphaOffset, _alphaLength) = (scalars.Offset, (scalars.Channels + 15) & ~15);
            _alpha = FoldAlpha(Fold(layer.Alpha, aggregate, ChannelLayout.Of(layer.Alpha.Output, _ => true)), model.SpeciesCount);
        }

        _dotProduct = width == SimdWidth.Bits512
            ? &DotProduct.Run<Simd512, Vector512<float>>
            : &DotProduct.Run<Simd256, Vector256<float>>;
    }

    /// <summary>Layout of the rows x and h that come in.</summary>
    public ChannelLayout Input { get; }

    /// <summary>Layout of the rows that leave.</summary>
    public ChannelLayout Output => _gate.Output;

    public NodeProductPlan Lin1 { get; }

    /// <summary>Whether the sums over the neighbors read rows h: not in a first layer that knows them.</summary>
    public bool ReadsFeatures { get; }

    /// <summary>Floats of an atom's sums, with some behind them that vectors may touch.</summary>
    public int SumLength => _convolution.SumLength;

    /// <summary>Floats of an atom's gates.</summary>
    public int GateCount => _gate.GateCount;

    public long MemoryBytes => _radial.MemoryBytes + Lin1.MemoryBytes + _node.MemoryBytes + (_alpha?.Length ?? 0) * sizeof(float);

    /// <summary>Begins to find the edges of some atoms.</summary>
    /// <param name="edges">of the thread</param>
    /// <param name="positions">of atoms and ghosts</param>
    /// <param name="list">their neighbors</param>
    /// <param name="atoms">[count] in the order in which they are convolved</param>
    /// <param name="count">at least 1</param>
    /// <param name="features">rows h</param>
    public void BeginEdges(
        EdgeCollector edges, double* positions, NeighborList list, int* atoms, int count, in FeatureRows features) =>
        edges.Begin(positions, list, atoms, count, _cutoffSquared, _radial, _convolution.Couplings, in features);

    /// <summary>Sums the convolution over the edges of the next atom.</summary>
    /// <param name="edges">of the thread, at the atom's</param>
    /// <param name="sums">receives the aggregate</param>
    public void Convolve(EdgeCollector edges, float* sums)
    {
        NativeMemory.Clear(sums, (nuint)SumLength * sizeof(float));
        bool isLast;
        do
        {
            EdgeBatch* batch = edges.Next(out isLast);
            if (batch->Count > 0)
                _convolution.Accumulate(batch, sums);
        }
        while (!isLast);
    }

    /// <summary>gate( sc(x, z) + alpha * lin2(sums, z) ) of four atoms of one species, of which some may be spare.</summary>
    /// <param name="species">of the atoms</param>
    /// <param name="x">[4] their rows; not read in the first layer</param>
    /// <param name="scratch">of the thread: there are the sums, and there the rows of features go</param>
    public void Finish(int species, float** x, WorkerScratch scratch)
    {
        ProductRows rows = new()
        {
            First = scratch.Sums,
            Second = x,
            Factors = scratch.Factors,
            Gates = scratch.Gates,
            Outputs = scratch.Features,
        };
        if (_alpha is not null)
            _dotProduct(_alpha.Pointer + species * _alphaLength, scratch.Sums, _alphaOffset, _alphaLength, scratch.Factors);
        _node.Apply(species, &rows);
    }

    public void Dispose()
    {
        _convolution.Dispose();
        _radial.Dispose();
        Lin1.Dispose();
        _node.Dispose();
        _alpha?.Dispose();
    }

    /// <summary>[species, padded scalars] what alpha's one output makes of the even scalars.</summary>
    private NativeArray<float> FoldAlpha(FoldedWeights alpha, int speciesCount)
    {
        int outputs = alpha.Output.Groups[0].Channels;
        var weights = new NativeArray<float>((long)speciesCount * _alphaLength);
        for (int s = 0; s < speciesCount; s++)
        {
            double[] matrix = alpha.Of(s)[0];
            for (int u = 0; u < matrix.Length / outputs; u++)
                weights.Pointer[s * _alphaLength + u] = (float)matrix[u * outputs];
        }

        return weights;
    }
}
