using System.Numerics;
using Denoise.Devices;
using Denoise.Devices.Arguments;
using Denoise.Networks.Engines.Simd.Layout;
using Denoise.Networks.Engines.Simd.Radial;
using Denoise.Networks.Equivariance;
using Denoise.Networks.Models;

namespace Denoise.Networks.Engines.Device;

/// <summary>
/// The convolution of a layer: one kernel per irrep of its input, for all channels and paths of that irrep, and the radial table that
/// they read. A path that a kernel computes but the network does not have gets weights of zero and a spare place.
/// </summary>
internal sealed class DeviceConvolution : IDisposable
{
    // By l1: (l2, l3) of a kernel's paths in the order of its outputs; those of odd l1 + l2 + l3, of l3 = 2 and of both are optional.
    private static readonly (int L2, int L3)[][] Paths =
    [
        [(0, 0), (1, 1), (2, 2)],
        [(0, 1), (1, 0), (2, 1), (1, 1), (1, 2), (2, 2)],
        [(1, 1), (2, 0), (2, 1), (0, 2), (2, 2), (1, 2)],
    ];

    private static readonly string[] Names = ["scalar-convolution", "vector-convolution", "tensor-convolution"];

    private readonly Denoise.Devices.Device _device;
    private readonly List<(Kernel Kernel, ConvolutionArguments Arguments)> _passes = [];
    private readonly DeviceMemory<float> _table;

    /// <param name="device">borrowed</param>
    /// <param name="config">of the network</param>
    /// <param name="layer">the layer</param>
    /// <param name="input">layout of the rows h</param>
    /// <param name="isWanted">of an irrep of the sums: whether anything reads it</param>
    public unsafe DeviceConvolution(
        Denoise.Devices.Device device, NequipConfig config, InteractionLayer layer, ChannelLayout input, Func<Irrep, bool> isWanted)
    {
        _device = device;
        var places = new Dictionary<(int Group, int L2, int L3), (int Section, int Channel, int[] Outputs)>();
        for (int g = 0; g < input.Groups.Count; g++)
            foreach (var path in layer.ConvolutionPaths
                .Where(path => layer.Input[path.InputSlot].Irrep == input.Groups[g].Irrep)
                .Where(path => isWanted(layer.Convolution[path.OutputSlot].Irrep))
                .GroupBy(path => (path.L2, path.L3)))
                places.Add((g, path.Key.L2, path.Key.L3), Place(layer, [.. path]));
        Sums.Complete();

        var columns = new List<RadialColumn>();
        for (int g = 0; g < input.Groups.Count; g++)
            if (places.Keys.Any(key => key.Group == g))
                AddPass(g, input, places, columns);

        double normalization = 1 / Math.Sqrt(config.NeighborCount);
        using RadialTable table = new(new(layer.Radial, config.Cutoff, config.Envelope), config.Cutoff, 2,
            [.. columns.Select(column => column.Times(normalization))]);
        Offset = table.Offset;
        for (int p = 0; p < _passes.Count; p++)
        {
            ConvolutionArguments arguments = _passes[p].Arguments;
            (arguments.TableWidth, arguments.Intervals) = (table.Width / 2, table.Intervals);
            (arguments.IntervalsPerUnit, arguments.RowLength, arguments.SumLength) = (table.IntervalsPerUnit, input.Length, SumLength);
            _passes[p] = (_passes[p].Kernel, arguments);
        }

        _table = new(device);
        _table.Resize((table.Intervals + 2L) * table.Width);
        _table.Write(table.Rows, _table.Length);
    }

    /// <summary>Layout of the sums.</summary>
    public ChannelLayout Sums { get; } = new();

    /// <summary>Floats of a row of sums, spare places included.</summary>
    public int SumLength { get; private set; }

    /// <summary>a of the tables' u = r / (r + a).</summary>
    public float Offset { get; }

    public long MemoryBytes => _table.CapacityBytes;

    /// <summary>Sums the messages to the atoms of a chunk.</summary>
    public void Run(DeviceScratch scratch, int atoms, int edgeStride, DeviceView rows)
    {
        foreach ((Kernel kernel, ConvolutionArguments pass) in _passes)
        {
            ConvolutionArguments arguments = pass;
            (arguments.Atoms, arguments.EdgeStride) = (atoms, edgeStride);
            _device.Launch(kernel, (long)atoms * pass.Channels, arguments,
                scratch.Edges.View, scratch.Sources.View, scratch.Counts.View, rows, _table.As<Vector2>(), scratch.Sums.View);
        }
    }

    public void Dispose() => _table.Dispose();

    /// <summary>Gives the sums of a path a place; blocks of one irrep side by side, as in the input.</summary>
    private (int Section, int Channel, int[] Outputs) Place(InteractionLayer layer, ConvolutionPath[] blocks)
    {
        var outputs = new List<int>();
        int start = 0, section = 0;
        for (int b = 0; b < blocks.Length; b++)
        {
            IrrepBlock block = layer.Convolution[blocks[b].OutputSlot];
            int channel = Sums.Append(
                block.Irrep, block.Multiplicity, block.Offset, block.Irrep.Dimension, padAfter: b == blocks.Length - 1);
            if (b == 0)
                (start, _) = (channel, Sums.TryFind(block.Offset, out section, out _));
            outputs.AddRange(Enumerable.Range(blocks[b].WeightOffset, block.Multiplicity));
        }

        return (section, start, [.. outputs]);
    }

    private unsafe void AddPass(int g, ChannelLayout input,
        Dictionary<(int Group, int L2, int L3), (int Section, int Channel, int[] Outputs)> places, List<RadialColumn> columns)
    {
        IrrepGroup group = input.Groups[g];
        (int L2, int L3)[] paths = Paths[group.L];
        bool Has(Func<int, int, bool> which) => paths.Any(path => which(path.L2, path.L3) && places.ContainsKey((g, path.L2, path.L3)));
        bool hasRank2 = Has((_, l3) => l3 == 2), hasOdd = Has((l2, l3) => ((group.L + l2 + l3) & 1) == 1);
        string name = Names[group.L] + (hasOdd ? "-odd" : "") + (hasRank2 ? "-rank2" : "");

        ConvolutionArguments arguments = new()
        {
            Channels = group.Channels,
            Input = group.Offset,
            InputStride = group.Channels,
            TableOffset = columns.Count / 2,
        };
        int* outputs = &arguments.Output0;
        for (int p = 0; p < paths.Length; p++)
        {
            bool isThere = places.TryGetValue((g, paths[p].L2, paths[p].L3), out var place);
            outputs[2 * p] = isThere ? Sums.Groups[place.Section].Offset + place.Channel : Sums.Length;
            outputs[2 * p + 1] = isThere ? Sums.Groups[place.Section].Channels : group.Channels;
        }

        SumLength = Math.Max(SumLength, Sums.Length + 5 * group.Channels);
        for (int u = 0; u < group.Channels; u++)
        {
            foreach ((int l2, int l3) in paths)
                columns.Add(places.TryGetValue((g, l2, l3), out var place) && u < place.Outputs.Length
                    ? new RadialColumn((place.Outputs[u], CouplingFactors.Get(group.L, l2, l3)))
                    : default);
            if (paths.Length % 2 == 1)
                columns.Add(default);
        }

        _passes.Add((_device.Load(name), arguments));
    }
}
