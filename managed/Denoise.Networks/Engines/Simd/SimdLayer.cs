using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Denoise.Networks.Engines.Simd.Kernels;
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
    private readonly FoldedProduct _lin2;
    private readonly FoldedProduct _selfConnection;
    private readonly FoldedProduct? _alpha;
    private readonly float _cutoffSquared;

    /// <param name="model">the network</param>
    /// <param name="layer">the layer</param>
    /// <param name="isWanted">of an irrep of its output: whether anything reads it</param>
    /// <param name="width">vectors to use</param>
    public SimdLayer(NequipModel model, InteractionLayer layer, Func<Irrep, bool> isWanted, SimdWidth width)
    {
        _cutoffSquared = (float)(model.Config.Cutoff * model.Config.Cutoff);
        _gate = new(layer.Gate, isWanted, width);

        ChannelLayout preGate = _gate.PreGate;
        Input = ChannelLayout.Of(layer.Input, irrep => IsRead(layer, irrep, preGate));
        // Even scalars are summed in any case: alpha is made of them.
        _convolution = new(layer, Input, irrep => irrep == Irrep.Scalar || preGate.IndexOf(irrep) >= 0, width);

        SumLength = _convolution.SumLength;

        double normalization = 1 / Math.Sqrt(model.Config.NeighborCount);
        _radial = new(new(layer.Radial, model.Config.Cutoff, model.Config.Envelope), model.Config.Cutoff, (int)width / 32,
            [.. _convolution.Columns.Select(column => column with { Factor = column.Factor * normalization })]);

        FoldedProduct Fold(FullyConnectedProduct product, ChannelLayout input, ChannelLayout output, Func<IrrepGroup, bool>? scaled) =>
            new(product, model.AttributeTable, model.SpeciesCount, input, output, scaled ?? (_ => false), width);

        // alpha acts where the self connection contributes: m of the interaction is constant over an irrep.
        bool Mixes(IrrepGroup group) => layer.Input.Contains(group.Irrep);
        Lin1 = Fold(layer.Lin1, Input, Input, null);
        _lin2 = Fold(layer.Lin2, _convolution.Aggregate, preGate, Mixes);
        _selfConnection = Fold(layer.SelfConnection, Input, preGate, null);
        if (preGate.Groups.Any(Mixes))
            _alpha = Fold(layer.Alpha, _convolution.Aggregate, ChannelLayout.Of(layer.Alpha.Output, _ => true), null);
    }

    /// <summary>Layout of the rows x and h that come in.</summary>
    public ChannelLayout Input { get; }

    /// <summary>Layout of the rows that leave.</summary>
    public ChannelLayout Output => _gate.Output;

    public ChannelLayout PreGate => _gate.PreGate;

    public FoldedProduct Lin1 { get; }

    /// <summary>Floats of an atom's sums.</summary>
    public int SumLength { get; }

    public int ActivationLength => _gate.ActivationLength;

    public long MemoryBytes => _radial.MemoryBytes + Lin1.MemoryBytes + _lin2.MemoryBytes + _selfConnection.MemoryBytes +
        (_alpha?.MemoryBytes ?? 0);

    /// <summary>Adds the self connections of four rows x to four pre-gate rows.</summary>
    public void AddSelfConnection(int species, float** x, float** preGate) => _selfConnection.Apply(species, x, preGate, null);

    /// <summary>Finds the edges of an atom and sums the convolution over them.</summary>
    /// <param name="edges">of the thread, at the atom's</param>
    /// <param name="features">rows h</param>
    /// <param name="sums">receives the aggregate</param>
    public void Convolve(EdgeCollector edges, in FeatureRows features, float* sums)
    {
        NativeMemory.Clear(sums, (nuint)SumLength * sizeof(float));
        EdgeBatch batch;
        while (edges.Next(&batch, _cutoffSquared, _radial, in features))
            _convolution.Accumulate(&batch, sums);
    }

    /// <summary>
    /// gate( pre-gate + alpha * lin2(sums, z) ) of up to four atoms of one species, in the scratch, where the pre-gate rows hold
    /// the self connections.
    /// </summary>
    /// <param name="species">of the atoms</param>
    /// <param name="count">atoms</param>
    /// <param name="scratch">of the thread</param>
    /// <param name="output">[count] rows of features</param>
    public void Finish(int species, int count, WorkerScratch scratch, float** output)
    {
        float* factors = stackalloc float[NodeProduct.Atoms];
        if (_alpha is not null)
        {
            for (int a = 0; a < NodeProduct.Atoms; a++)
                Vector128<float>.Zero.Store(scratch.Alpha[a]);
            _alpha.Apply(species, scratch.Sums, scratch.Alpha, null);
            for (int a = 0; a < NodeProduct.Atoms; a++)
                factors[a] = *scratch.Alpha[a];
        }

        _lin2.Apply(species, scratch.Sums, scratch.PreGate, _alpha is null ? null : factors);
        for (int a = 0; a < count; a++)
            _gate.Apply(scratch.PreGate[a], scratch.Activations, output[a]);
    }

    public void Dispose()
    {
        _convolution.Dispose();
        _radial.Dispose();
        _gate.Dispose();
        Lin1.Dispose();
        _lin2.Dispose();
        _selfConnection.Dispose();
        _alpha?.Dispose();
    }

    /// <summary>Whether a wanted output depends on that irrep of the input, through an edge or through the self connection.</summary>
    private static bool IsRead(InteractionLayer layer, Irrep irrep, ChannelLayout preGate) =>
        irrep == Irrep.Scalar || preGate.IndexOf(irrep) >= 0 || layer.ConvolutionPaths.Any(path =>
            layer.Input[path.InputSlot].Irrep == irrep && layer.Convolution[path.OutputSlot].Irrep is var sum &&
            (sum == Irrep.Scalar || preGate.IndexOf(sum) >= 0));
}
