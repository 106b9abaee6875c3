using System.Diagnostics.CodeAnalysis;
using Denoise.Atoms.Memory;
using Denoise.Devices;
using Denoise.Devices.Arguments;
using Denoise.Networks.Engines.Simd.Layout;
using Denoise.Networks.Equivariance;
using Denoise.Networks.Models;
using Denoise.Parallel;

namespace Denoise.Networks.Engines.Device;

/// <summary>
/// A network in a device's memory, single precision, the same scheme as the SIMD engine: nothing is kept per edge but its direction, and
/// that only of a chunk of atoms at a time. Between layers an atom keeps its features x and h = lin1(x, z); x is overwritten in place.
/// Sums run in the order of the neighbor list, so that a device gives the same bits whatever else it does.
/// </summary>
public sealed unsafe class DeviceNetwork : IDisposable
{
    private readonly Denoise.Devices.Device _device;
    private readonly DeviceLayer[] _layers;
    private readonly DeviceProduct _readout;
    private readonly ChannelLayout _outputLayout;
    private readonly DeviceMemory<int> _outputOrder;
    private readonly DeviceMemory<float> _speciesRows;
    private readonly DeviceMemory<float> _features;
    private const int LMax = 2;

    // By layer: the rows that it reads of neighbors. One array for all, where rows are not kept.
    private readonly DeviceMemory<float>[] _sources;
    private readonly DeviceScratch _scratch;
    private readonly NativeBuffer<float> _exchanged = new();
    private readonly Kernel _edges;
    private readonly Kernel _output;
    private readonly int _featureLength;
    private readonly int _largestSums;
    private readonly int _largestPreGate;
    private readonly float _cutoffSquared;

    /// <param name="device">borrowed</param>
    /// <param name="model">the network; <see cref="Supports"/> tells which ones</param>
    public DeviceNetwork(Denoise.Devices.Device device, NequipModel model)
    {
        if (!Supports(model, out string? reason))
            throw new NotSupportedException(reason);
        (_device, Model, _cutoffSquared) = (device, model, (float)(model.Config.Cutoff * model.Config.Cutoff));
        (_edges, _output) = (device.Load("edges"), device.Load("output"));

        // From the last layer back: each computes only what the next one reads.
        _layers = new DeviceLayer[model.Layers.Count];
        HashSet<Irrep> wanted = [.. model.Readout.Paths.Select(path => model.Readout.Input[path.InputSlot].Irrep)];
        for (int k = _layers.Length - 1; k >= 0; k--)
        {
            HashSet<Irrep> read = wanted;
            _layers[k] = new(device, model, model.Layers[k], read.Contains);
            wanted = [.. _layers[k].Input.Groups.Select(group => group.Irrep)];
        }

        _outputLayout = ChannelLayout.Of(model.Output, _ => true);
        _readout = new(device, new FoldedWeights(model.Readout, model.AttributeTable, _layers[^1].Output, _outputLayout), null, null,
            _ => false, model.SpeciesCount);
        _featureLength = _layers.Max(layer => layer.Output.Length);
        _largestSums = _layers.Max(layer => layer.SumLength);
        _largestPreGate = Math.Max(_layers.Max(layer => layer.PreGate.Length), _outputLayout.Length);
        (_outputOrder, _speciesRows, _features, _scratch) = (new(device), new(device), new(device), new(device));
        _sources = [.. _layers.Select(_ => new DeviceMemory<float>(device))];
        int[] order = [.. OutputOrder(model.Output, _outputLayout)];
        _outputOrder.Resize(order.Length);
        _outputOrder.Write(order);
        float[] rows = EmbeddedRows();
        _speciesRows.Resize(rows.Length);
        _speciesRows.Write(rows);
    }

    public NequipModel Model { get; }

    /// <summary>Largest row, in floats, that is exchanged between layers.</summary>
    public int HaloWidth => _layers.Skip(1).Select(layer => layer.Input.Length).DefaultIfEmpty(0).Max();

    /// <summary>Whether every layer keeps the rows that it reads, so that the next evaluation may leave atoms out.</summary>
    public bool KeepsRows { get; set; }

    /// <summary>Most atoms of a chunk; 0: what suits the device.</summary>
    public int LongestChunk { get; set; }

    /// <summary>Bytes held in the device's memory.</summary>
    public long MemoryBytes => _outputOrder.CapacityBytes + _speciesRows.CapacityBytes + _features.CapacityBytes + _sources.Sum(rows => rows.CapacityBytes) +
        _scratch.MemoryBytes + _readout.MemoryBytes + _layers.Sum(layer => layer.MemoryBytes);

    /// <summary>Whether there are kernels for the model, and if not why.</summary>
    public static bool Supports(NequipModel model, [NotNullWhen(false)] out string? reason)
    {
        int lMax = Math.Max(model.Hidden.LMax(), Math.Max(model.Edge.LMax, model.Output.LMax));
        if (lMax <= LMax)
            return Simd.SimdEngine.Supports(model, out reason);
        reason = $"the kernels for devices compute degrees up to {LMax}, and the network has {lMax}";
        return false;
    }

    /// <summary>Bytes of the device's memory that rows of atoms take, and the largest array of them.</summary>
    /// <param name="graph">of the atoms</param>
    public (long All, long Largest) RowBytes(DeviceGraph graph)
    {
        long features = sizeof(float) * (long)_featureLength * graph.LocalCount;
        long sources = sizeof(float) * (long)HaloWidth * SourceRows(graph);
        long output = sizeof(float) * (long)Model.Output.Dimension * graph.LocalCount;
        return (features + sources * (KeepsRows ? _layers.Length - 1 : 1) + output, Math.Max(features, sources));
    }

    /// <summary>The output for every atom that is evaluated; returns when the kernels are started.</summary>
    /// <param name="graph">atoms and neighbors</param>
    /// <param name="halo">brings rows to ghosts between layers, on the host; not used where all ghosts are images</param>
    /// <param name="output">[Evaluated, output dimension], resized</param>
    public void Evaluate(DeviceGraph graph, IHalo halo, DeviceMemory<float> output)
    {
        int local = graph.LocalCount, evaluated = graph.Evaluated, edgeStride = Math.Max(1, graph.LargestRow);
        output.Resize((long)evaluated * Model.Output.Dimension);
        int chunk = ChunkLength(evaluated, edgeStride);
        _scratch.Resize(chunk, edgeStride, _largestSums, _largestPreGate);
        for (int k = 1; k < _layers.Length; k++)
            if (graph.ActiveCount is null)
                Sources(k).Resize((long)SourceRows(graph) * HaloWidth);
            else
                Sources(k).Grow((long)SourceRows(graph) * HaloWidth);
        _features.Resize((long)local * _featureLength);

        for (int k = 0; k < _layers.Length; k++)
        {
            DeviceLayer layer = _layers[k];
            if (k > 0)
            {
                DeviceRows x = new(_features, _featureLength, 0), h = new(Sources(k), layer.Input.Length, 0);
                for (int first = 0; first < evaluated; first += chunk)
                {
                    x = x with { First = first };
                    layer.Lin1.Run(first, Math.Min(chunk, evaluated - first), graph, x, x, _scratch.Factors.View, h);
                }

                if (!graph.HasOwners)
                    Exchange(Sources(k), local, graph.Count, layer.Input.Length, halo);
            }

            for (int first = 0; first < evaluated; first += chunk)
                Run(graph, k, first, Math.Min(chunk, evaluated - first), edgeStride, output);
        }
    }

    public void Dispose()
    {
        foreach (DeviceLayer layer in _layers)
            layer.Dispose();
        _readout.Dispose();
        _outputOrder.Dispose();
        _speciesRows.Dispose();
        _features.Dispose();
        foreach (DeviceMemory<float> rows in _sources)
            rows.Dispose();
        _scratch.Dispose();
        _exchanged.Dispose();
    }

    /// <summary>The rows that a layer above the first reads of neighbors.</summary>
    private DeviceMemory<float> Sources(int layer) => _sources[KeepsRows ? layer : 0];

    /// <summary>Rows on their way between layers: of owned atoms, and of ghosts that are not images of them.</summary>
    private static int SourceRows(DeviceGraph graph) => graph.HasOwners ? graph.LocalCount : graph.Count;

    private void Run(DeviceGraph graph, int k, int first, int atoms, int edgeStride, DeviceMemory<float> output)
    {
        DeviceLayer layer = _layers[k];
        EdgeArguments edges = new()
        {
            First = first,
            Atoms = atoms,
            Local = graph.LocalCount,
            EdgeStride = edgeStride,
            ListStride = graph.ListStride,
            SourceKind = k == 0 ? 2 : graph.HasOwners ? 1 : 0,
            CutoffSquared = _cutoffSquared,
            Offset = layer.Offset,
        };
        _device.Launch(_edges, atoms, edges, graph.Positions.View, graph.List.View, graph.Starts.View, graph.Lengths.View,
            graph.Owners.View, graph.Species.View, graph.Active.View, _scratch.Edges.View, _scratch.Sources.View, _scratch.Counts.View);
        DeviceRows x = new(_features, _featureLength, first);
        layer.Run(first, atoms, edgeStride, graph, (k == 0 ? _speciesRows : Sources(k)).View, x, _scratch);
        if (k < _layers.Length - 1)
            return;
        _readout.Run(first, atoms, graph, x, x, _scratch.Factors.View, new(_scratch.PreGate, _outputLayout.Length, 0));
        AtomArguments arguments = new() { First = first, Atoms = atoms, RowLength = _outputLayout.Length, Count = Model.Output.Dimension };
        _device.Launch(_output, (long)atoms * arguments.Count, arguments, _scratch.PreGate.View, _outputOrder.View, output.View);
    }

    /// <summary>Brings rows of owned atoms to their ghosts, through the host.</summary>
    private void Exchange(DeviceMemory<float> rows, int local, int count, int width, IHalo halo)
    {
        _exchanged.Resize((long)count * width);
        rows.Read(_exchanged.Pointer, (long)local * width);
        halo.Forward(_exchanged.Pointer, width);
        rows.Write(_exchanged.Pointer + (long)local * width, (long)(count - local) * width, (long)local * width);
    }

    /// <summary>Atoms of a chunk: enough to fill the device in every kernel, few enough for its cache.</summary>
    private int ChunkLength(int local, int edgeStride)
    {
        const long MostBytes = 1 << 30;
        long wanted = LongestChunk > 0 ? LongestChunk : Math.Max(1024, _device.ThreadsWanted / 2);
        long bytes = 4L * (_largestSums + _largestPreGate) + 20L * edgeStride;
        return (int)Math.Max(1, Math.Min(local, Math.Min(wanted, MostBytes / bytes)));
    }

    /// <summary>[species, Input.Length] h of the first layer, which depends on the species alone.</summary>
    private float[] EmbeddedRows()
    {
        ChannelLayout input = _layers[0].Input;
        FoldedWeights lin1 = new(Model.Layers[0].Lin1, Model.AttributeTable, input, input);
        double[][][] embedded = LayerInput.OfEmbeddings(Model, lin1);
        float[] rows = new float[Model.SpeciesCount * input.Length];
        for (int s = 0; s < Model.SpeciesCount; s++)
            for (int g = 0; g < input.Groups.Count; g++)
                for (int u = 0; u < embedded[s][g].Length; u++)
                    rows[s * input.Length + input.Groups[g].Offset + u] = (float)embedded[s][g][u];
        return rows;
    }

    /// <summary>[output dimension] where in a row of the readout every number lies.</summary>
    private static IEnumerable<int> OutputOrder(Irreps output, ChannelLayout layout)
    {
        foreach (IrrepBlock block in output)
            for (int u = 0; u < block.Multiplicity; u++)
            {
                layout.TryFind(block.Offset + u * block.Irrep.Dimension, out int group, out int channel);
                for (int m = 0; m < block.Irrep.Dimension; m++)
                    yield return layout.Groups[group].Offset + m * layout.Groups[group].Channels + channel;
            }
    }
}
