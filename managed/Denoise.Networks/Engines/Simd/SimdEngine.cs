using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using Denoise.Atoms.Memory;
using Denoise.Atoms.Threading;
using Denoise.Neighbors;
using Denoise.Networks.Engines.Simd.Kernels;
using Denoise.Networks.Engines.Simd.Layout;
using Denoise.Networks.Engines.Simd.Tiles;
using Denoise.Networks.Equivariance;
using Denoise.Networks.Models;
using Denoise.Parallel;

namespace Denoise.Networks.Engines.Simd;

/// <summary>
/// Single-precision engine for networks of degrees 0 to 2 (any multiplicities and parities). Channels fill the lanes of vectors;
/// radial functions come from tables made at load; the species' attributes are multiplied into the weights; convolution, sum
/// over neighbors, node-wise products and gate of an atom run as one, in scratch that stays in the first-level cache. Where all
/// ghosts are images of owned atoms, tiles of atoms go through the layers one behind the other, and only the rows between these
/// fronts are kept (<see cref="TilePlan"/>); where rows are exchanged, a row x of owned atoms and a row h = lin1(x, z) of owned and
/// ghost atoms. Sums run in the order of the neighbor list and never over threads, so that results depend neither on the number of
/// threads nor on the tiles.
/// </summary>
public sealed unsafe class SimdEngine : IEngine
{
    private const int AtomsPerChunk = 64;

    // A vector may be read behind the end of the last row.
    private const int Slack = 16;

    private readonly WorkerPool _pool;
    private readonly SimdLayer[] _layers;
    private readonly HeadReadout[] _readouts;
    private readonly WorkerScratch[] _scratch;
    private readonly WorkerPool.Body _convolve;
    private readonly WorkerPool.Body _mixChannels;
    private readonly WorkerPool.Body _convolveAndMix;

    private readonly FeatureStore _store;
    private readonly ActiveList _active = new();
    private readonly NativeBuffer<nint> _speciesRows = new(1);
    private readonly NativeArray<float> _speciesSources;

    private readonly int _rowLength;
    private readonly double[] _layerSeconds;

    private int _layer;
    private int _first;
    private int* _listed;
    private FeatureRows _sources;
    private ParticleView _particles;
    private int* _species;
    private NeighborList _neighbors = null!;
    private float** _outputs;

    /// <param name="model">the network; <see cref="Supports"/> tells which ones</param>
    /// <param name="pool">threads, borrowed</param>
    /// <param name="width">vectors to use; by default what <see cref="SimdWidths.For"/> says</param>
    /// <param name="tile">atoms of the smallest tile, a power of two and at least 64; 0: what suits the threads</param>
    /// <param name="idle">memory to use during an evaluation, before any of its own; borrowed</param>
    public SimdEngine(NequipModel model, WorkerPool pool, SimdWidth? width = null, int tile = 0, IIdleMemory? idle = null)
    {
        if (!Supports(model, out string? reason))
            throw new NotSupportedException(reason);
        (Model, _pool, Width) = (model, pool, width ?? SimdWidths.For(model));

        // From the last layer back: each computes only what the next one reads.
        _layers = new SimdLayer[model.Layers.Count];
        _layerSeconds = new double[_layers.Length];
        HashSet<Irrep> wanted = [.. model.Readout.Paths.Select(path => model.Readout.Input[path.InputSlot].Irrep)];
        for (int k = _layers.Length - 1; k >= 0; k--)
        {
            HashSet<Irrep> read = wanted;
            _layers[k] = new(model, model.Layers[k], read.Contains, Width);
            wanted = [.. _layers[k].Input.Groups.Select(group => group.Irrep)];
        }

        _rowLength = _layers.Skip(1).Select(layer => layer.Input.Length).DefaultIfEmpty(0).Max();
        _readouts = [.. model.Heads.Select(head => new HeadReadout(model, head, _layers[^1].Output, Width))];

        _scratch = new WorkerScratch[pool.Count];
        for (int w = 0; w < _scratch.Length; w++)
            _scratch[w] = new(
                sums: _layers.Max(layer => layer.SumLength),
                gates: _layers.Max(layer => layer.GateCount),
                features: Math.Max(_layers.Max(layer => Math.Max(layer.Input.Length, layer.Output.Length)),
                    _readouts.Max(readout => readout.Length)),
                AtomsPerChunk,
                model.SpeciesCount);
        _speciesSources = EvaluateEmbeddings();
        _speciesRows[0] = (nint)_speciesSources.Pointer;
        _store = new(pool, _layers.Length, _rowLength, tile, idle);
        (_convolve, _mixChannels, _convolveAndMix) = (Convolve, MixChannels, ConvolveAndMix);
    }

    public NequipModel Model { get; }

    IModel IEngine.Model => Model;

    public SimdWidth Width { get; }

    public int HaloWidth => _rowLength;

    public bool KeepsRows { get; set; }

    public int KeptBytesPerAtom => (_layers.Length - 1) * _rowLength * sizeof(float);

    /// <summary>Wall time of each layer in the last evaluation, exchanges left out; the last one's includes the readout.</summary>
    public ReadOnlySpan<double> LayerSeconds => _layerSeconds;

    public long MemoryBytes => _store.MemoryBytes + _active.MemoryBytes + _layers.Sum(layer => layer.MemoryBytes) +
        _scratch.Sum(scratch => scratch.MemoryBytes);

    /// <summary>Whether this engine can evaluate the model, and if not why.</summary>
    public static bool Supports(NequipModel model, [NotNullWhen(false)] out string? reason)
    {
        int lMax = Math.Max(Math.Max(model.Hidden.LMax(), model.Edge.LMax), Math.Max(model.NodeEmbedding.LMax, model.Output.LMax));
        if (lMax > EdgeHarmonics.LMax)
            reason = $"the single-precision engine computes degrees up to {EdgeHarmonics.LMax}, and the network has {lMax}";
        else if (model.Forces is not null)
            reason = "the single-precision engine starts from the species, and the network is told forces";
        else if (model.Edge.Select(block => block.L).Distinct().Count() < model.Edge.Count)
            reason = $"the single-precision engine expects every spherical harmonic once, not '{model.Edge}'";
        else if (model.Config.Basis != RadialBasis.Bessel)
            reason = "the single-precision engine tabulates Bessel functions of the distance, and the network has another radial basis";
        else
            reason = null;
        return reason is null;
    }

    public void Evaluate(ParticleView particles, int* species, NeighborList neighbors, IHalo halo, float** outputs, byte* active = null)
    {
        SpeciesCheck.Require(Model, species, particles.Count);
        _particles = particles;
        _species = species;
        _neighbors = neighbors;
        _outputs = outputs;
        Array.Clear(_layerSeconds);
        if (active is not null && !KeepsRows)
            throw new InvalidOperationException("Rows were not kept: all atoms must be evaluated.");
        _active.Fill(active, particles.LocalCount);
        if (halo.TryGetOwners(out int* owners))
            EvaluateTiles(neighbors, owners);
        else
            EvaluateLayers(halo);
    }

    public void Dispose()
    {
        foreach (SimdLayer layer in _layers)
            layer.Dispose();
        foreach (WorkerScratch scratch in _scratch)
            scratch.Dispose();
        foreach (HeadReadout readout in _readouts)
            readout.Dispose();
        _store.Dispose();
        _active.Dispose();
        _speciesRows.Dispose();
        _speciesSources.Dispose();
    }

    private void EvaluateLayers(IHalo halo)
    {
        _store.PrepareLayers(_particles.LocalCount, _particles.Count, KeepsRows);
        for (int layer = 0; layer < _layers.Length; layer++)
        {
            if (layer > 0)
            {
                Run(_mixChannels, layer, 0, _particles.LocalCount);
                halo.Forward(_store.Source(layer, 0, 0), _layers[layer].Input.Length);
            }

            Run(_convolve, layer, 0, _particles.LocalCount);
        }
    }

    private void EvaluateTiles(NeighborList neighbors, int* owners)
    {
        _store.PrepareTiles(neighbors, owners, KeepsRows);
        foreach ((int layer, int tile) in _store.Steps)
        {
            (int first, int count) = _store.Atoms(tile);
            Run(layer + 1 < _layers.Length ? _convolveAndMix : _convolve, layer, first, count);
        }
    }

    /// <summary>Part of a layer for those of some atoms that are active.</summary>
    private void Run(WorkerPool.Body body, int layer, int first, int count)
    {
        long start = Stopwatch.GetTimestamp();
        _listed = _active.Within(ref first, ref count);
        (_layer, _first) = (layer, first);
        _sources = !_layers[layer].ReadsFeatures ? default
            : layer == 0 ? FeatureRows.OfSpecies((float**)_speciesRows.Pointer, _layers[0].Input.Length, _species)
            : _store.Sources(layer, _layers[layer].Input.Length);
        _pool.Run(count, AtomsPerChunk, body);
        _layerSeconds[layer] += Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private void Convolve(int begin, int end, int worker) => Convolve(begin, end, worker, mixes: false);

    private void ConvolveAndMix(int begin, int end, int worker) => Convolve(begin, end, worker, mixes: true);

    /// <summary>h = lin1(x, z), for this layer to read.</summary>
    private void MixChannels(int begin, int end, int worker)
    {
        WorkerScratch scratch = _scratch[worker];
        float** x = stackalloc float*[NodeProduct.Atoms], h = stackalloc float*[NodeProduct.Atoms];
        (begin, end) = (_first + begin, _first + end);
        scratch.SortBySpecies(_species, _listed, begin, end);
        for (int first = 0, count; first < end - begin; first += count)
        {
            int* atoms = scratch.Order + first;
            count = WorkerScratch.CountOfOneSpecies(_species, atoms, end - begin - first);
            for (int a = 0; a < NodeProduct.Atoms; a++)
                x[a] = a < count ? _store.Own(atoms[a]) : scratch.SpareFeatures[a];
            MixChannels(_layer, atoms, count, x, h, scratch);
        }
    }

    /// <summary>The same of up to four atoms of one species, for the layer <paramref name="reader"/> to read.</summary>
    private void MixChannels(int reader, int* atoms, int count, float** x, float** h, WorkerScratch scratch)
    {
        int length = _layers[reader].Input.Length;
        for (int a = 0; a < NodeProduct.Atoms; a++)
            h[a] = a < count ? _store.Source(reader, atoms[a], length) : scratch.SpareFeatures[a];
        ProductRows rows = new() { First = x, Outputs = h };
        _layers[reader].Lin1.Apply(_species[*atoms], &rows);
    }

    /// <summary>The rest of the layer; after the last one the readout, after others h for the next one if wanted.</summary>
    private void Convolve(int begin, int end, int worker, bool mixes)
    {
        SimdLayer layer = _layers[_layer];
        bool isLast = _layer == _layers.Length - 1;
        WorkerScratch scratch = _scratch[worker];
        float** x = stackalloc float*[NodeProduct.Atoms], h = stackalloc float*[NodeProduct.Atoms];
        nuint bytes = (nuint)layer.Output.Length * sizeof(float);
        (begin, end) = (_first + begin, _first + end);
        scratch.SortBySpecies(_species, _listed, begin, end);
        layer.BeginEdges(scratch.Edges, _particles.Positions, _neighbors, scratch.Order, end - begin, in _sources);
        for (int first = 0, count; first < end - begin; first += count)
        {
            int* atoms = scratch.Order + first;
            count = WorkerScratch.CountOfOneSpecies(_species, atoms, end - begin - first);
            int species = _species[*atoms];
            for (int a = 0; a < NodeProduct.Atoms; a++)
                x[a] = a < count && _layers.Length > 1 ? _store.Own(atoms[a]) : scratch.SpareFeatures[a];
            for (int a = 0; a < count; a++)
            {
                CacheLines.Fetch(x[a], _rowLength);
                layer.Convolve(scratch.Edges, scratch.Sums[a]);
            }

            layer.Finish(species, x, scratch);
            if (isLast)
            {
                ReadOut(atoms, count, species, scratch);
                continue;
            }

            for (int a = 0; a < count; a++)
                NativeMemory.Copy(scratch.Features[a], x[a], bytes);
            if (mixes)
                MixChannels(_layer + 1, atoms, count, scratch.Features, h, scratch);
        }
    }

    private void ReadOut(int* atoms, int count, int species, WorkerScratch scratch)
    {
        for (int h = 0; h < _readouts.Length; h++)
            if (_outputs[h] is not null)
                _readouts[h].Apply(species, scratch.Features, scratch.SpareFeatures, atoms, count, _outputs[h]);
    }

    /// <summary>h of the first layer, which depends on the species alone.</summary>
    private NativeArray<float> EvaluateEmbeddings()
    {
        SimdLayer first = _layers[0];
        int length = first.Input.Length;
        var sources = new NativeArray<float>((long)Model.SpeciesCount * length + Slack);
        using var x = new NativeArray<float>(length + Slack);
        float** inputs = stackalloc float*[NodeProduct.Atoms] { x.Pointer, x.Pointer, x.Pointer, x.Pointer };
        float** outputs = stackalloc float*[NodeProduct.Atoms];
        for (int s = 0; s < Model.SpeciesCount; s++)
        {
            ReadOnlySpan<float> embedding = Model.NodeTable.AsSpan(s * Model.NodeEmbedding.Dimension, Model.NodeEmbedding.Dimension);
            for (int c = 0; c < embedding.Length; c++)
                if (first.Input.TryFind(c, out int group, out int channel))
                    x.Pointer[first.Input.Groups[group].Offset + channel] = embedding[c];

            for (int a = 0; a < NodeProduct.Atoms; a++)
                outputs[a] = sources.Pointer + (nint)s * length;
            ProductRows rows = new() { First = inputs, Outputs = outputs };
            first.Lin1.Apply(s, &rows);
        }

        return sources;
    }
}
