using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using Denoise.Atoms;
using Denoise.Atoms.Memory;
using Denoise.Atoms.Threading;
using Denoise.Neighbors;
using Denoise.Networks.Engines.Simd.Layout;
using Denoise.Networks.Equivariance;
using Denoise.Networks.Models;
using Denoise.Parallel;

namespace Denoise.Networks.Engines.Simd;

/// <summary>
/// Single-precision engine for networks of degrees 0 to 2 (any multiplicities and parities). Channels fill the lanes of vectors;
/// radial functions come from tables made at load; the species' attributes are multiplied into the weights; convolution, sum
/// over neighbors, node-wise products and gate of an atom run as one, in scratch that stays in the first-level cache. Memory per
/// atom: one row x of owned atoms, one row h = lin1(x, z) of owned and ghost atoms. Sums run in the order of the neighbor list and
/// never over threads, so that results do not depend on the number of threads.
/// </summary>
public sealed unsafe class SimdEngine : IEngine
{
    private const int AtomsPerChunk = 64;

    private readonly WorkerPool _pool;
    private readonly SimdLayer[] _layers;
    private readonly FoldedProduct _readout;
    private readonly ChannelLayout _readoutLayout;
    private readonly (int From, int To)[] _outputOrder;
    private readonly WorkerScratch[] _scratch;
    private readonly WorkerPool.Body _convolve;
    private readonly WorkerPool.Body _mixChannels;

    private readonly NativeBuffer<float> _features = new();
    private readonly NativeBuffer<float> _sources = new();
    private readonly NativeArray<float> _speciesSources;
    private readonly NativeArray<float> _speciesConnections;

    private readonly int _rowLength;

    private int _layer;
    private ParticleView _particles;
    private int* _species;
    private long* _starts;
    private int* _indices;
    private float* _output;

    /// <param name="model">the network; <see cref="Supports"/> tells which ones</param>
    /// <param name="pool">threads, borrowed</param>
    /// <param name="width">vectors to use; by default the widest that the processor has</param>
    public SimdEngine(NequipModel model, WorkerPool pool, SimdWidth? width = null)
    {
        if (!Supports(model, out string? reason))
            throw new NotSupportedException(reason);
        (Model, _pool, Width) = (model, pool, width ?? SimdWidths.Best);

        // From the last layer back: each computes only what the next one reads.
        _layers = new SimdLayer[model.Layers.Count];
        HashSet<Irrep> wanted = [.. model.Readout.Paths.Select(path => model.Readout.Input[path.InputSlot].Irrep)];
        for (int k = _layers.Length - 1; k >= 0; k--)
        {
            HashSet<Irrep> read = wanted;
            _layers[k] = new(model, model.Layers[k], read.Contains, Width);
            wanted = [.. _layers[k].Input.Groups.Select(group => group.Irrep)];
        }

        _rowLength = _layers.Skip(1).Select(layer => layer.Input.Length).DefaultIfEmpty(0).Max();
        _readoutLayout = ChannelLayout.Of(model.Output, _ => true);
        _readout = new(model.Readout, model.AttributeTable, model.SpeciesCount, _layers[^1].Output, _readoutLayout, _ => false, Width);
        _outputOrder = [.. OutputOrder(model.Output, _readoutLayout)];
        (_speciesSources, _speciesConnections) = EvaluateEmbeddings();

        _scratch = new WorkerScratch[pool.Count];
        for (int w = 0; w < _scratch.Length; w++)
            _scratch[w] = new(_layers.Max(layer => layer.WeightCount), _layers.Max(layer => layer.SumLength),
                Math.Max(_layers.Max(layer => layer.PreGate.Length), _readoutLayout.Length),
                _layers.Max(layer => layer.ActivationLength), _layers[^1].Output.Length);
        (_convolve, _mixChannels) = (Convolve, MixChannels);
    }

    public NequipModel Model { get; }

    public SimdWidth Width { get; }

    public int HaloWidth => _rowLength;

    public long MemoryBytes => _features.CapacityBytes + _sources.CapacityBytes + _layers.Sum(layer => layer.MemoryBytes) +
        _scratch.Sum(scratch => scratch.MemoryBytes);

    /// <summary>Whether this engine can evaluate the model, and if not why.</summary>
    public static bool Supports(NequipModel model, [NotNullWhen(false)] out string? reason)
    {
        int lMax = Math.Max(Math.Max(model.Hidden.LMax, model.Edge.LMax), Math.Max(model.NodeEmbedding.LMax, model.Output.LMax));
        if (lMax > 2)
            reason = $"the single-precision engine computes degrees up to 2, and the network has {lMax}";
        else if (model.Edge.Select(block => block.L).Distinct().Count() < model.Edge.Count)
            reason = $"the single-precision engine expects every spherical harmonic once, not '{model.Edge}'";
        else
            reason = null;
        return reason is null;
    }

    public void Evaluate(ParticleView particles, int* species, NeighborList neighbors, IHalo halo, float* output)
    {
        CheckSpecies(species, particles.Count);
        _particles = particles;
        _species = species;
        _starts = neighbors.Starts.Pointer;
        _indices = neighbors.Indices.Pointer;
        _output = output;
        foreach (WorkerScratch scratch in _scratch)
            scratch.Geometry.Resize(neighbors.LargestRow);
        // Vectors may be read past the end of the last row.
        _features.Resize((long)particles.LocalCount * _rowLength + 16);
        _sources.Resize((long)particles.Count * _rowLength + 16);

        for (_layer = 0; _layer < _layers.Length; _layer++)
        {
            if (_layer > 0)
            {
                _pool.Run(particles.LocalCount, AtomsPerChunk, _mixChannels);
                halo.Forward(_sources.Pointer, _layers[_layer].Input.Length);
            }

            _pool.Run(particles.LocalCount, AtomsPerChunk, _convolve);
        }
    }

    public void Dispose()
    {
        foreach (SimdLayer layer in _layers)
            layer.Dispose();
        foreach (WorkerScratch scratch in _scratch)
            scratch.Dispose();
        _readout.Dispose();
        _features.Dispose();
        _sources.Dispose();
        _speciesSources.Dispose();
        _speciesConnections.Dispose();
    }

    private void CheckSpecies(int* species, int count)
    {
        for (int i = 0; i < count; i++)
            if ((uint)species[i] >= (uint)Model.SpeciesCount)
                throw new InputException($"Atom {i} has species {species[i]}, but the model {Model.Origin} knows {Model.SpeciesCount} " +
                    "species (counted from 0): map every atom type to one of them.");
    }

    /// <summary>Row x of an owned atom: of one length in all layers, because a layer writes it where it read it.</summary>
    private float* Features(int i) => _features.Pointer + i * (nint)_rowLength;

    /// <summary>h = lin1(x, z)</summary>
    private void MixChannels(int begin, int end, int worker)
    {
        SimdLayer layer = _layers[_layer];
        nint length = layer.Input.Length;
        float* h = _sources.Pointer + begin * length;
        NativeMemory.Clear(h, (nuint)((end - begin) * length) * sizeof(float));
        for (int i = begin; i < end; i++, h += length)
            layer.Lin1.Apply(_species[i], Features(i), h, 1);
    }

    /// <summary>The rest of the layer; after the last one the readout.</summary>
    private void Convolve(int begin, int end, int worker)
    {
        SimdLayer layer = _layers[_layer];
        bool isFirst = _layer == 0, isLast = _layer == _layers.Length - 1;
        WorkerScratch scratch = _scratch[worker];
        int preGateLength = layer.PreGate.Length;
        for (int i = begin; i < end; i++)
        {
            int candidates = (int)(_starts[i + 1] - _starts[i]), species = _species[i];
            layer.Convolve(_particles.Positions, i, _indices + _starts[i], candidates,
                isFirst ? _speciesSources.Pointer : _sources.Pointer, isFirst ? _species : null, scratch);

            var preGate = new Span<float>(scratch.PreGate, preGateLength);
            if (isFirst)
            {
                new ReadOnlySpan<float>(_speciesConnections.Pointer + species * preGateLength, preGateLength).CopyTo(preGate);
            }
            else
            {
                preGate.Clear();
                layer.AddSelfConnection(species, Features(i), scratch.PreGate);
            }

            layer.Finish(species, scratch, isLast ? scratch.Output : Features(i));
            if (isLast)
                ReadOut(i, scratch);
        }
    }

    private void ReadOut(int i, WorkerScratch scratch)
    {
        float* row = scratch.PreGate, output = _output + i * (nint)Model.Output.Dimension;
        new Span<float>(row, _readoutLayout.Length).Clear();
        _readout.Apply(_species[i], scratch.Output, row, 1);
        foreach ((int from, int to) in _outputOrder)
            output[to] = row[from];
    }

    /// <summary>What the first layer makes of the embeddings depends on the species alone: h and the self connection.</summary>
    private (NativeArray<float> Sources, NativeArray<float> Connections) EvaluateEmbeddings()
    {
        SimdLayer first = _layers[0];
        int length = first.Input.Length, preGateLength = first.PreGate.Length;
        var sources = new NativeArray<float>(Model.SpeciesCount * (long)length + 16);
        var connections = new NativeArray<float>(Model.SpeciesCount * (long)preGateLength);
        using var x = new NativeArray<float>(length + 16);
        for (int s = 0; s < Model.SpeciesCount; s++)
        {
            ReadOnlySpan<float> embedding = Model.NodeTable.AsSpan(s * Model.NodeEmbedding.Dimension, Model.NodeEmbedding.Dimension);
            for (int c = 0; c < embedding.Length; c++)
                if (first.Input.TryFind(c, out int group, out int channel))
                    x.Pointer[first.Input.Groups[group].Offset + channel] = embedding[c];
            first.Lin1.Apply(s, x.Pointer, sources.Pointer + s * length, 1);
            first.AddSelfConnection(s, x.Pointer, connections.Pointer + s * preGateLength);
        }

        return (sources, connections);
    }

    private static IEnumerable<(int From, int To)> OutputOrder(Irreps output, ChannelLayout layout)
    {
        foreach (IrrepBlock block in output)
            for (int u = 0; u < block.Multiplicity; u++)
            {
                int first = block.Offset + u * block.Irrep.Dimension;
                layout.TryFind(first, out int group, out int channel);
                for (int m = 0; m < block.Irrep.Dimension; m++)
                    yield return (layout.Groups[group].Offset + m * layout.Groups[group].Channels + channel, first + m);
            }
    }
}
