using Denoise.Atoms.Memory;
using Denoise.Devices;
using Denoise.Neighbors;
using Denoise.Networks.Equivariance;
using Denoise.Networks.Models;
using Denoise.Parallel;

namespace Denoise.Networks.Engines.Device;

/// <summary>
/// A <see cref="DeviceNetwork"/> behind the interface of all engines: atoms go to the device, neighbors when their list is new, and
/// predictions come back.
/// </summary>
public sealed unsafe class DeviceEngine : IEngine
{
    // Arrays are made a tenth larger than they have to be; of a card some is the driver's.
    private const double Margin = 1.15;

    private readonly Denoise.Devices.Device _device;
    private readonly DeviceNetwork _network;
    private readonly DeviceGraph _graph;
    private readonly DeviceMemory<float> _output;
    private readonly NativeBuffer<int> _list = new();
    private readonly NativeBuffer<long> _starts = new();
    private readonly NativeBuffer<int> _lengths = new();
    private readonly NativeBuffer<float> _rows = new();
    private readonly NativeBuffer<int> _active = new();
    private long _stamp;
    private double _granted;

    /// <param name="device">borrowed, for one thread at a time</param>
    /// <param name="model">the network; <see cref="DeviceNetwork.Supports"/> tells which ones</param>
    /// <exception cref="DeviceException">the device has too little memory, or does not take the kernels; one sentence</exception>
    public DeviceEngine(Denoise.Devices.Device device, NequipModel model)
    {
        using DeviceScope scope = device.Enter();
        _device = device;
        (_network, _graph, _output) = (new(device, model), new(device), new(device));
    }

    public NequipModel Model => _network.Model;

    IModel IEngine.Model => Model;

    public int HaloWidth => _network.HaloWidth;

    /// <summary>The copy of the neighbor list, and the rows of features where the device's memory is the machine's.</summary>
    public int BytesPerAtom
    {
        get
        {
            int list = (int)(sizeof(int) * Model.Config.NeighborCount) + sizeof(long) + sizeof(int);
            return _device.Info.IsProcessor ? 2 * (list + sizeof(float) * HaloWidth) : list;
        }
    }

    public bool KeepsRows
    {
        get => _network.KeepsRows;
        set => _network.KeepsRows = value;
    }

    /// <summary>Of the machine's memory.</summary>
    public int KeptBytesPerAtom => _device.Info.IsProcessor ? (Model.Layers.Count - 2) * HaloWidth * sizeof(float) : 0;

    /// <summary>Native memory of the host; <see cref="DeviceBytes"/> is the device's.</summary>
    public long MemoryBytes => _list.CapacityBytes + _starts.CapacityBytes + _lengths.CapacityBytes + _rows.CapacityBytes +
        _active.CapacityBytes;

    /// <summary>Bytes held in the device's memory.</summary>
    public long DeviceBytes => _network.MemoryBytes + _graph.MemoryBytes + _output.CapacityBytes;

    /// <exception cref="DeviceException">the device fails, or its memory is too small: how many atoms would fit</exception>
    public void Evaluate(ParticleView particles, int* species, NeighborList neighbors, IHalo halo, float** outputs, byte* active = null)
    {
        using DeviceScope scope = _device.Enter();
        SpeciesCheck.Require(Model, species, particles.Count);
        (_graph.LocalCount, _graph.Count) = (particles.LocalCount, particles.Count);
        _graph.HasOwners = halo.TryGetOwners(out int* owners);
        Choose(active);
        RequireMemory(neighbors);
        _graph.Positions.Resize(3L * particles.Count);
        _graph.Positions.Write(particles.Positions, 3L * particles.Count);
        _graph.Species.Resize(particles.Count);
        _graph.Species.Write(species, particles.Count);
        if (_graph.HasOwners)
        {
            _graph.Owners.Resize(particles.GhostCount);
            _graph.Owners.Write(owners, particles.GhostCount);
        }

        if (neighbors.Stamp == 0 || neighbors.Stamp != _stamp)
            WriteList(neighbors);
        _stamp = neighbors.Stamp;
        _network.Evaluate(_graph, halo, _output);
        if (Model.Heads.Count == 1 && outputs[0] is not null && _graph.ActiveCount is null)
            _output.Read(outputs[0], _output.Length);
        else
            Distribute(outputs);
    }

    public void Dispose()
    {
        using DeviceScope scope = _device.Enter();
        _network.Dispose();
        _graph.Dispose();
        _output.Dispose();
        _list.Dispose();
        _starts.Dispose();
        _lengths.Dispose();
        _rows.Dispose();
        _active.Dispose();
    }

    /// <summary>Lists the atoms that are evaluated, where not all are.</summary>
    private void Choose(byte* active)
    {
        if (active is not null && !KeepsRows)
            throw new InvalidOperationException("Rows were not kept: all atoms must be evaluated.");
        _graph.ActiveCount = null;
        _graph.Active.Resize(0);
        if (active is null)
            return;
        _active.Resize(_graph.LocalCount);
        int count = 0;
        for (int i = 0; i < _graph.LocalCount; i++)
            if (active[i] != 0)
                _active[count++] = i;
        _graph.ActiveCount = count;
        _graph.Active.Resize(count);
        _graph.Active.Write(_active.Pointer, count);
    }

    /// <summary>Looks at what the device has before its arrays grow: some drivers lend more than there is, and fail later.</summary>
    private void RequireMemory(NeighborList neighbors)
    {
        DeviceInfo info = _device.Info;
        long list = sizeof(int) * neighbors.PairCount;
        (long rows, long largest) = _network.RowBytes(_graph);
        largest = Math.Max(largest, list);
        // Positions, species and owners; where rows of the list begin, and how long they are.
        double needed = Margin * (rows + list + 32.0 * _graph.Count + 12.0 * _graph.LocalCount);
        if (needed <= _granted && largest <= info.LargestArray)
            return;
        long free = _device.FreeBytes;
        double there = free < 0 ? info.MemoryBytes : free + DeviceBytes;
        if (needed > there || largest > info.LargestArray)
        {
            double fit = _graph.LocalCount * Math.Min(there / needed, info.LargestArray / (Margin * largest));
            throw new DeviceMemoryException($"{_graph.LocalCount} atoms and {_graph.Count - _graph.LocalCount} ghosts need " +
                $"{MemorySize.Format(needed)} of memory on {info.Id} ({info.Name}), which has {MemorySize.Format(there)}" +
                (largest > info.LargestArray ? $" and arrays of at most {MemorySize.Format(info.LargestArray)}" : "") +
                $": about {fit:f0} atoms would fit, so use more ranks with devices, or the processor.", (long)needed, free);
        }

        _granted = needed;
    }

    /// <summary>From rows of all heads, of the atoms that were evaluated, to those of each.</summary>
    private void Distribute(float** outputs)
    {
        int width = Model.Output.Dimension;
        _rows.Resize(_output.Length);
        _output.Read(_rows.Pointer, _output.Length);
        for (int h = 0; h < Model.Heads.Count; h++)
        {
            IrrepBlock block = Model.Heads[h].Block;
            for (int k = 0; outputs[h] is not null && k < _graph.Evaluated; k++)
            {
                int i = _graph.ActiveCount is null ? k : _active[k];
                new ReadOnlySpan<float>(_rows.Pointer + (nint)k * width + block.Offset, block.Dimension).CopyTo(
                    new Span<float>(outputs[h] + (nint)i * block.Dimension, block.Dimension));
            }
        }
    }

    private void WriteList(NeighborList neighbors)
    {
        (_graph.ListStride, _graph.LargestRow) = (0, neighbors.LargestRow);
        _list.Resize(neighbors.PairCount);
        _starts.Resize(neighbors.AtomCount);
        _lengths.Resize(neighbors.AtomCount);
        long start = 0;
        for (int i = 0; i < neighbors.AtomCount; i++)
        {
            NeighborRow row = neighbors[i];
            new ReadOnlySpan<int>(row.Indices, row.Count).CopyTo(new Span<int>(_list.Pointer + start, row.Count));
            (_starts[i], _lengths[i], start) = (start, row.Count, start + row.Count);
        }

        _graph.List.Resize(_list.Length);
        _graph.List.Write(_list.Pointer, _list.Length);
        _graph.Starts.Resize(_starts.Length);
        _graph.Starts.Write(_starts.Pointer, _starts.Length);
        _graph.Lengths.Resize(_lengths.Length);
        _graph.Lengths.Write(_lengths.Pointer, _lengths.Length);
    }
}
