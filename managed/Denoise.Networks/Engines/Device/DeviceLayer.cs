using Denoise.Devices;
using Denoise.Devices.Arguments;
using Denoise.Networks.Engines.Simd.Layout;
using Denoise.Networks.Equivariance;
using Denoise.Networks.Models;

namespace Denoise.Networks.Engines.Device;

/// <summary>One interaction layer on a device, chunk by chunk: convolution, products with the species' matrices, gate.</summary>
internal sealed class DeviceLayer : IDisposable
{
    private readonly Denoise.Devices.Device _device;
    private readonly DeviceConvolution _convolution;
    private readonly DeviceProduct _node;
    private readonly DeviceMemory<float> _alpha;
    private readonly AtomArguments _alphaArguments;
    private readonly List<GateArguments> _gates = [];
    private readonly Kernel _factor;
    private readonly Kernel _gate;

    /// <param name="device">borrowed</param>
    /// <param name="model">the network</param>
    /// <param name="layer">the layer</param>
    /// <param name="isWanted">of an irrep of its output: whether anything reads it</param>
    public DeviceLayer(Denoise.Devices.Device device, NequipModel model, InteractionLayer layer, Func<Irrep, bool> isWanted)
    {
        _device = device;
        (_factor, _gate) = (device.Load("factor"), device.Load("gate"));
        var gate = new GatePlan(layer.Gate, isWanted);
        PreGate = gate.PreGate;
        Output = gate.Output;
        Input = LayerInput.Of(layer, PreGate);
        FoldedWeights Fold(FullyConnectedProduct product, ChannelLayout input, ChannelLayout output) =>
            new(product, model.AttributeTable, input, output);

        // Even scalars are summed in any case: alpha is made of them.
        _convolution = new(device, model.Config, layer, Input, irrep => irrep == Irrep.Scalar || PreGate.IndexOf(irrep) >= 0);
        ChannelLayout sums = _convolution.Sums;
        FoldedWeights lin1 = Fold(layer.Lin1, Input, Input), selfConnection = Fold(layer.SelfConnection, Input, PreGate);

        // alpha acts where the self connection contributes: m of the interaction is constant over an irrep.
        bool Mixes(IrrepGroup group) => layer.Input.Contains(group.Irrep);
        bool isFirst = layer == model.Layers[0];
        _node = new(device, Fold(layer.Lin2, sums, PreGate), isFirst ? null : selfConnection,
            isFirst ? LayerInput.OfEmbeddings(model, selfConnection) : null, Mixes, model.SpeciesCount);
        Lin1 = new(device, lin1, null, null, _ => false, model.SpeciesCount, isOfAtoms: true);
        IsScaled = PreGate.Groups.Any(Mixes);

        IrrepGroup scalars = sums.Groups[sums.IndexOf(Irrep.Scalar)];
        _alphaArguments = new()
        {
            RowLength = _convolution.SumLength,
            Input = scalars.Offset,
            Count = scalars.Channels,
            WeightsPerSpecies = scalars.Channels,
        };
        _alpha = new(device);
        FoldedWeights folded = Fold(layer.Alpha, sums, ChannelLayout.Of(layer.Alpha.Output, _ => true));
        float[] alpha = FoldAlpha(folded, scalars.Channels, model.SpeciesCount);
        _alpha.Resize(alpha.Length);
        _alpha.Write(alpha);
        AddGates(gate);
    }

    /// <summary>Layout of the rows x and h that come in.</summary>
    public ChannelLayout Input { get; }

    public ChannelLayout PreGate { get; }

    /// <summary>Layout of the rows that leave.</summary>
    public ChannelLayout Output { get; }

    /// <summary>h = lin1(x, z).</summary>
    public DeviceProduct Lin1 { get; }

    public int SumLength => _convolution.SumLength;

    /// <summary>a of the edges' u = r / (r + a).</summary>
    public float Offset => _convolution.Offset;

    public long MemoryBytes => _convolution.MemoryBytes + _node.MemoryBytes + Lin1.MemoryBytes + _alpha.CapacityBytes;

    private bool IsScaled { get; }

    /// <summary>x = gate( sc(x, z) + alpha * lin2(sums, z) ) for a chunk of atoms whose edges are in the scratch.</summary>
    /// <param name="first">of the evaluated atoms</param>
    /// <param name="atoms">number of them</param>
    /// <param name="edgeStride">of the edges</param>
    /// <param name="graph">of the atoms</param>
    /// <param name="sources">rows h that edges refer to</param>
    /// <param name="x">rows of the atoms' features, overwritten</param>
    /// <param name="scratch">of the chunk</param>
    public void Run(
        int first, int atoms, int edgeStride, DeviceGraph graph, DeviceView sources, in DeviceRows x, DeviceScratch scratch)
    {
        _convolution.Run(scratch, atoms, edgeStride, sources);
        if (IsScaled)
            _device.Launch(_factor, atoms, _alphaArguments with { First = first, Atoms = atoms },
                scratch.Sums.View, _alpha.View, graph.Species.View, graph.Active.View, scratch.Factors.View);
        _node.Run(first, atoms, graph, new(scratch.Sums, SumLength, 0), x, scratch.Factors.View, new(scratch.PreGate, PreGate.Length, 0));
        foreach (GateArguments pass in _gates)
        {
            GateArguments arguments = pass;
            (arguments.First, arguments.Atoms, arguments.OutputLength) = (first, atoms, x.Length);
            _device.Launch(_gate, (long)atoms * pass.Channels, arguments, scratch.PreGate.View, x.Memory.View);
        }
    }

    public void Dispose()
    {
        _convolution.Dispose();
        _node.Dispose();
        Lin1.Dispose();
        _alpha.Dispose();
    }

    private void AddGates(GatePlan plan)
    {
        ProductSection? gates = plan.Sections.FirstOrDefault(section => section.IsGate);
        foreach (ProductSection section in plan.Sections.Where(section => !section.IsGate))
            _gates.Add(new()
            {
                Channels = section.Channels,
                Components = section.Group.Components,
                InputLength = PreGate.Length,
                Input = section.Group.Offset + section.First,
                InputStride = section.Group.Channels,
                Gate = gates is null ? 0 : gates.Group.Offset + gates.First + Math.Max(section.Gate, 0),
                Output = section.Output,
                OutputStride = section.OutputStride,
                Kind = section.Group.L > 0 ? 0 : section.Group.Irrep == Irrep.Scalar ? 1 : 2,
                Factor = (float)(section.Group.L > 0 ? Activations.Sigmoid
                    : section.Group.Irrep == Irrep.Scalar ? Activations.SiLU : Activations.Tanh),
            });
    }

    /// <summary>[species, scalars] what alpha's one output makes of the even scalars.</summary>
    private static float[] FoldAlpha(FoldedWeights alpha, int scalars, int speciesCount)
    {
        int outputs = alpha.Output.Groups[0].Channels;
        float[] weights = new float[speciesCount * scalars];
        for (int s = 0; s < speciesCount; s++)
            for (int u = 0; u < scalars; u++)
                weights[s * scalars + u] = (float)alpha.Of(s)[0][u * outputs];
        return weights;
    }
}
