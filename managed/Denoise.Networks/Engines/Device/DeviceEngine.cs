using Denoise.Atoms.Memory;
using Denoise.Devices;
using Denoise.Neighbors;
using Denoise.Networks.Equivariance;
using Denoise.Networks.Models;
using Denoise.Parallel;

namespace Denoise.Networks.Engines.Device;

/// <summary>
/// A <see cref="DeviceNetwork"/> behind the interface of all engines: atoms and their neighbors go to the device, predictions come back.
/// </summary>
public sealed unsafe class DeviceEngine : IEngine
{
    private readonly DeviceNetwork _network;
    private readonly DeviceGraph _graph;
    private readonly DeviceMemory<float> _output;
    private readonly NativeBuffer<int> _list = new();
    private readonly NativeBuffer<long> _starts = new();
    private readonly NativeBuffer<int> _lengths = new();
    private readonly NativeBuffer<float> _rows = new();
    private long _stamp;

    /// <param name="device">borrowed</param>
    /// <param name="model">of degrees 0 to 2</param>
    public DeviceEngine(Denoise.Devices.Device device, NequipModel model) =>
        (_network, _graph, _output) = (new(device, model), new(device), new(device));

    public NequipModel Model => _network.Model;

    IModel IEngine.Model => Model;

    public int HaloWidth => _network.HaloWidth;

    /// <summary>Native memory of the host; <see cref="DeviceBytes"/> is the device's.</summary>
    public long MemoryBytes => _list.CapacityBytes + _starts.CapacityBytes + _lengths.CapacityBytes + _rows.CapacityBytes;

    /// <summary>Bytes held in the device's memory.</summary>
    public long DeviceBytes => _network.MemoryBytes + _graph.MemoryBytes + _output.CapacityBytes;

    public void Evaluate(ParticleView particles, int* species, NeighborList neighbors, IHalo halo, float** outputs, byte* active = null)
    {
        SpeciesCheck.Require(Model, species, particles.Count);
        (_graph.LocalCount, _graph.Count) = (particles.LocalCount, particles.Count);
        _graph.HasOwners = halo.TryGetOwners(out int* owners);
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
        if (Model.Heads.Count == 1 && outputs[0] is not null)
            _output.Read(outputs[0], _output.Length);
        else
            Distribute(outputs, particles.LocalCount);
    }

    public void Dispose()
    {
        _network.Dispose();
        _graph.Dispose();
        _output.Dispose();
        _list.Dispose();
        _starts.Dispose();
        _lengths.Dispose();
        _rows.Dispose();
    }

    /// <summary>From rows of all heads to those of each.</summary>
    private void Distribute(float** outputs, int atoms)
    {
        int width = Model.Output.Dimension;
        _rows.Resize(_output.Length);
        _output.Read(_rows.Pointer, _output.Length);
        for (int h = 0; h < Model.Heads.Count; h++)
        {
            IrrepBlock block = Model.Heads[h].Block;
            for (int i = 0; outputs[h] is not null && i < atoms; i++)
                new ReadOnlySpan<float>(_rows.Pointer + (nint)i * width + block.Offset, block.Dimension).CopyTo(
                    new Span<float>(outputs[h] + (nint)i * block.Dimension, block.Dimension));
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
