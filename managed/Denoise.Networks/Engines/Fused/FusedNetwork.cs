using System.Diagnostics.CodeAnalysis;
using System.Runtime.Intrinsics;
using Denoise.Atoms.Threading;
using Denoise.Networks.Engines.Fused.Kernels;
using Denoise.Networks.Engines.Simd;
using Denoise.Networks.Equivariance;
using Denoise.Networks.Models;
using Denoise.Parallel;

namespace Denoise.Networks.Engines.Fused;

/// <summary>
/// A network of degrees 0 to 3 forwards and backwards in single precision: from adjoints of what it says of every atom to those of its
/// weights, or (degrees 0 to 2) of the positions. Channels fill the lanes; the radial networks are evaluated and differentiated at the knots of a grid
/// only; the backward convolution gathers over the symmetric list of edges, so that ghosts need what their owners have, forwards and
/// backwards alike, and no sum goes back to them. Nothing is stored per edge. Sums have the same bits for any number of threads; after
/// the first graph of a size nothing is allocated.
/// </summary>
internal sealed unsafe class FusedNetwork : IDisposable
{
    private readonly WorkerPool _pool;
    private readonly KnotGrid _grid;
    private readonly FusedLayer[] _layers;
    private readonly AttributeProduct _readout;
    private readonly BlockPlanes _features;
    private readonly BlockPlanes _featuresAdj;
    private readonly BlockPlanes[] _outputs;
    private readonly EdgeScratch[] _edges;
    private readonly ChunkSums _sums = new();
    private readonly PlaneExchange _exchange;
    private readonly int _nodeTable;
    private readonly FusedForces? _forces;

    private readonly WorkerPool.Body _knotsForward;
    private readonly WorkerPool.Body _embed;
    private readonly WorkerPool.Body _forward;
    private readonly WorkerPool.Body _readOutAll;
    private readonly WorkerPool.Body _backward;
    private readonly WorkerPool.Body _knotsBackward;

    private FusedGraph _graph = null!;
    private TileAdjoint? _seen;
    private TileAdjoint? _adjoint;
    private float* _positions;
    private bool _hasGradients;
    private bool _hasSlopes;
    private int _layer;
    private int _firstKnot;

    /// <param name="model">the network; <see cref="Supports"/> tells which ones</param>
    /// <param name="pool">threads, borrowed</param>
    /// <param name="width">vectors to use; by default those that the channels fill best</param>
    public FusedNetwork(NequipModel model, WorkerPool pool, SimdWidth? width = null)
    {
        if (!Supports(model, out string? reason))
            throw new NotSupportedException(reason);
        (Model, _pool) = (model, pool);
        var kernels = FusedKernels.Of(width ?? BestWidth(model));
        Width = kernels.Width;
        _grid = new(model.Config);
        Gradients = new(model);
        // What only goes into irreps that the readout ignores has no gradient, and is not computed.
        bool IsReadOut(Irrep irrep) => model.Readout.Paths.Any(path => model.Readout.Input[path.InputSlot].Irrep == irrep);
        _layers = [.. model.Layers.Select((layer, k) => new FusedLayer(model, layer, k < model.Layers.Count - 1 ? _ => true : IsReadOut,
            _grid, kernels, _sums, Gradients, pool.Count))];
        _readout = new(model.Readout, model, kernels, _sums, Gradients);
        _nodeTable = _sums.Reserve(model.NodeTable.Length);
        _forces = model.Forces is { } encoding ? new(encoding, _sums, Gradients) : null;
        _sums.Allocate();
        (_features, _featuresAdj) = (new(model.Readout.Input, kernels, IsReadOut), new(model.Readout.Input, kernels, IsReadOut));
        _outputs = [.. Enumerable.Range(0, pool.Count).Select(_ => new BlockPlanes(model.Output, kernels))];
        foreach (BlockPlanes output in _outputs)
            output.Resize(TileScratch.Atoms);
        _edges = [.. Enumerable.Range(0, pool.Count).Select(_ =>
            new EdgeScratch(_grid, model.Edge.LMax, _layers.Max(layer => layer.SlotCount), _layers.Max(layer => layer.Radial.Width)))];
        _exchange = new(pool);
        (_knotsForward, _embed, _forward, _readOutAll) = (KnotsForward, Embed, Forward, ReadOutAll);
        (_backward, _knotsBackward) = (Backward, KnotsBackward);
    }

    /// <summary>Turns what the network says of some atoms, one plane per head, into adjoints of it. Called by any thread.</summary>
    /// <param name="output">rows from 0 on: read, then overwritten</param>
    /// <param name="first">atom of the first row</param>
    /// <param name="count">rows</param>
    /// <param name="chunk">below <see cref="ChunkSums.Chunks"/>: where sums of the atoms belong</param>
    public delegate void TileAdjoint(BlockPlanes output, int first, int count, int chunk);

    public NequipModel Model { get; }

    public SimdWidth Width { get; }

    /// <summary>Of the weights, added up over all runs that asked for them.</summary>
    public ParameterGradients Gradients { get; }

    public int HaloWidth => _layers.Max(layer => Math.Max(PlaneExchange.Width(layer.Sources), PlaneExchange.Width(layer.SumsAdj)));

    /// <summary>Of features and adjoints, between the passes.</summary>
    public int BytesPerAtom => _layers.Sum(layer => layer.BytesPerAtom) + _features.BytesPerAtom + _featuresAdj.BytesPerAtom;

    public long MemoryBytes => _layers.Sum(layer => layer.MemoryBytes) + _features.MemoryBytes + _featuresAdj.MemoryBytes +
        _sums.MemoryBytes + _exchange.MemoryBytes;

    /// <summary>Whether the network can be differentiated, and if not why.</summary>
    public static bool Supports(NequipModel model, [NotNullWhen(false)] out string? reason)
    {
        if (LMax(model) > EdgeHarmonics.LMax)
            reason = $"degrees up to {EdgeHarmonics.LMax} are differentiated, and the network has {LMax(model)}";
        else if (model.Edge.Select(block => block.L).Distinct().Count() < model.Edge.Count)
            reason = $"every spherical harmonic is expected once, not '{model.Edge}'";
        else if (model.Config.Basis != RadialBasis.Bessel)
            reason = "Bessel functions of the distance are differentiated, and the network has another radial basis";
        else
            reason = null;
        return reason is null;
    }

    /// <summary>Whether positions can be asked for as well, and if not why.</summary>
    public static bool SupportsPositions(NequipModel model, [NotNullWhen(false)] out string? reason)
    {
        if (Supports(model, out reason) && LMax(model) > PositionKernels.LMax)
            reason = $"degrees up to {PositionKernels.LMax} are differentiated by positions, and the network has {LMax(model)}";
        return reason is null;
    }

    private static int LMax(NequipModel model) =>
        Math.Max(Math.Max(model.Hidden.LMax(), model.Edge.LMax), Math.Max(model.Features.LMax, model.Output.LMax));

    /// <summary>Takes over the weights; after every change of them.</summary>
    /// <param name="shortestEdge">no edge will be shorter, Å</param>
    /// <param name="forPositions">whether positions will be differentiated</param>
    public void Fold(double shortestEdge, bool forPositions)
    {
        foreach (FusedLayer layer in _layers)
            layer.Fold();
        _readout.Fold();
        (_firstKnot, _hasSlopes) = (_grid.FirstKnot(shortestEdge), forPositions);
        _pool.Run(ChunkSums.Chunks, 1, _knotsForward);
    }

    /// <summary>Forwards and backwards once.</summary>
    /// <param name="graph">atoms and edges, none shorter than what <see cref="Fold"/> was told</param>
    /// <param name="adjoint">of what the network says</param>
    /// <param name="positions">[atoms, 3] receives the adjoints of the positions; null: the gradients of the weights are added up</param>
    /// <param name="halo">brings rows to the ghosts; null: there are none</param>
    public void Run(FusedGraph graph, TileAdjoint adjoint, float* positions = null, IHalo? halo = null)
    {
        (_adjoint, _hasGradients) = (adjoint, positions == null);
        _positions = positions;
        RunForward(graph, null, halo);
        RunBackward(halo);
    }

    /// <summary>Forwards only; <see cref="Differentiate"/> may follow.</summary>
    /// <param name="graph">atoms and edges, none shorter than what <see cref="Fold"/> was told</param>
    /// <param name="seen">receives what the network says; what it leaves in the rows is not read</param>
    /// <param name="halo">brings rows to the ghosts; null: there are none</param>
    /// <param name="forGradients">whether <see cref="Differentiate"/> follows</param>
    public void Evaluate(FusedGraph graph, TileAdjoint seen, IHalo? halo = null, bool forGradients = false)
    {
        (_adjoint, _hasGradients) = (null, forGradients);
        _positions = null;
        RunForward(graph, seen, halo);
    }

    /// <summary>
    /// Adds up the gradients of the weights behind an <see cref="Evaluate"/> of the same graph without ghosts: for adjoints that depend on
    /// what the network says of all atoms.
    /// </summary>
    public void Differentiate(TileAdjoint adjoint)
    {
        (_adjoint, _seen) = (adjoint, null);
        _pool.Run(ChunkSums.Chunks, 1, _readOutAll);
        RunBackward(null);
    }

    private void RunForward(FusedGraph graph, TileAdjoint? seen, IHalo? halo)
    {
        (_graph, _seen) = (graph, seen);
        _features.Resize(graph.AtomCount);
        _featuresAdj.Resize(graph.AtomCount);
        foreach (FusedLayer layer in _layers)
            layer.Resize(graph.AtomCount, graph.RowCount);

        const int chunks = ChunkSums.Chunks;
        _pool.Run(chunks, 1, _embed);
        for (_layer = 0; _layer < _layers.Length; _layer++)
        {
            // What enters the first layer follows from the species, which are known of ghosts, unless the owners' forces do, too.
            if ((_layer > 0 || _forces is not null) && halo is not null)
                _exchange.Run(_layers[_layer].Sources, graph.AtomCount, graph.RowCount, halo);
            _pool.Run(chunks, 1, _forward);
        }
    }

    private void RunBackward(IHalo? halo)
    {
        const int chunks = ChunkSums.Chunks;
        for (_layer = _layers.Length - 1; _layer >= 0; _layer--)
        {
            if (halo is not null)
                _exchange.Run(_layers[_layer].SumsAdj, _graph.AtomCount, _graph.RowCount, halo);
            _pool.Run(chunks, 1, _backward);
        }

        if (_hasGradients)
        {
            _pool.Run(chunks, 1, _knotsBackward);
            _sums.Reduce();
            Unfold();
        }

        (_graph, _adjoint) = (null!, null);
    }

    public void Dispose()
    {
        foreach (FusedLayer layer in _layers)
            layer.Dispose();
        foreach (EdgeScratch edges in _edges)
            edges.Dispose();
        foreach (BlockPlanes output in _outputs)
            output.Dispose();
        _readout.Dispose();
        _features.Dispose();
        _featuresAdj.Dispose();
        _exchange.Dispose();
        _sums.Dispose();
    }

    private static SimdWidth BestWidth(NequipModel model)
    {
        int Vectors(int lanes) =>
            model.Hidden.Sum(hidden => hidden.Sum(block => (block.Multiplicity + lanes - 1) / lanes * block.Irrep.Dimension));
        return Vector512.IsHardwareAccelerated && Vectors(16) < Vectors(8) ? SimdWidth.Bits512 : SimdWidth.Bits256;
    }

    private void KnotsForward(int chunk, int chunkEnd, int worker)
    {
        (int begin, int end) = ChunkSums.Range(chunk, _grid.Count - _firstKnot);
        foreach (FusedLayer layer in _layers)
        {
            layer.Radial.Forward(_firstKnot + begin, _firstKnot + end);
            if (_hasSlopes)
                layer.Radial.ForwardSlopes(_firstKnot + begin, _firstKnot + end);
        }
    }

    private void KnotsBackward(int chunk, int chunkEnd, int worker)
    {
        (int begin, int end) = ChunkSums.Range(chunk, _grid.Count - _firstKnot);
        foreach (FusedLayer layer in _layers)
            layer.Radial.Backward(_firstKnot + begin, _firstKnot + end, _sums.Of(chunk));
    }

    private void Embed(int chunk, int chunkEnd, int worker)
    {
        if (_hasGradients)
        {
            _sums.Clear(chunk);
            foreach (FusedLayer layer in _layers)
                layer.Radial.ClearAdjoint(chunk, _firstKnot);
        }
        else if (_positions != null)
        {
            (int from, int to) = ChunkSums.Range(chunk, _graph.AtomCount);
            new Span<float>(_positions + 3L * from, 3 * (to - from)).Clear();
        }

        (int begin, int end) = ChunkSums.Range(chunk, _graph.RowCount);
        BlockPlanes x = _layers[0].Input;
        x.Clear(begin, end - begin);
        int width = Model.NodeEmbedding.Dimension;
        for (int atom = begin; atom < end; atom++)
            for (int slot = 0; slot < Model.NodeEmbedding.Count; slot++)
            {
                IrrepBlock block = x[slot].Block;
                Model.NodeTable.AsSpan(_graph.Species[atom] * width + block.Offset, block.Multiplicity)
                    .CopyTo(new Span<float>(x[slot].Row(atom), block.Multiplicity));
            }

        if (_forces is not null && _graph.Forces != null)
            _forces.Forward(_graph.Forces, x, begin, Math.Min(end, _graph.AtomCount));

        for (int first = begin; first < end; first += TileScratch.Atoms)
            _layers[0].MixForward(_graph, first, Math.Min(TileScratch.Atoms, end - first));
    }

    private void Forward(int chunk, int chunkEnd, int worker)
    {
        (int begin, int end) = ChunkSums.Range(chunk, _graph.AtomCount);
        FusedLayer layer = _layers[_layer];
        FusedLayer? next = _layer + 1 < _layers.Length ? _layers[_layer + 1] : null;
        for (int first = begin; first < end; first += TileScratch.Atoms)
        {
            int count = Math.Min(TileScratch.Atoms, end - first);
            layer.Forward(_graph, first, count, next?.Input ?? _features, _edges[worker], worker);
            if (next is not null)
            {
                next.MixForward(_graph, first, count);
            }
            else
            {
                ReadOut(first, count, chunk, worker);
            }
        }
    }

    /// <summary>Where adjoints depend on what the network says of all atoms, these are there now.</summary>
    private void ReadOutAll(int chunk, int chunkEnd, int worker)
    {
        (int begin, int end) = ChunkSums.Range(chunk, _graph.AtomCount);
        for (int first = begin; first < end; first += TileScratch.Atoms)
            ReadOutAdjoint(first, Math.Min(TileScratch.Atoms, end - first), chunk, worker);
    }

    private void Backward(int chunk, int chunkEnd, int worker)
    {
        (int begin, int end) = ChunkSums.Range(chunk, _graph.AtomCount);
        FusedLayer layer = _layers[_layer];
        float* gradients = GradientsOf(chunk);
        for (int first = begin; first < end; first += TileScratch.Atoms)
        {
            int count = Math.Min(TileScratch.Atoms, end - first);
            layer.MixBackward(_graph, first, count, _edges[worker], worker, layer.Radial.ValuesAdj(chunk), gradients, _positions);
            if (_layer > 0)
                _layers[_layer - 1].Backward(_graph, first, count, layer.InputAdj, worker, gradients);
            else if (gradients != null)
                EmbedBackward(first, count, gradients);
        }
    }

    private float* GradientsOf(int chunk) => _hasGradients ? _sums.Of(chunk) : null;

    private void ReadOut(int first, int count, int chunk, int worker)
    {
        if (_seen is null)
            ReadOutAdjoint(first, count, chunk, worker);
        else
            _seen(ReadOutForward(first, count, worker), first, count, chunk);
    }

    private BlockPlanes ReadOutForward(int first, int count, int worker)
    {
        BlockPlanes output = _outputs[worker];
        output.Clear(0, count);
        _readout.Forward(_features, first, output, 0, _graph.Species + first, count);
        return output;
    }

    /// <summary>What the network says, its adjoint, and the way back through the last layer.</summary>
    private void ReadOutAdjoint(int first, int count, int chunk, int worker)
    {
        int* species = _graph.Species + first;
        BlockPlanes output = ReadOutForward(first, count, worker);
        _adjoint!(output, first, count, chunk);
        _featuresAdj.Clear(first, count);
        _readout.BackwardInput(output, 0, _featuresAdj, first, species, count);
        if (_hasGradients)
            _readout.BackwardWeights(_features, first, output, 0, species, count, _sums.Of(chunk));
        _layers[^1].Backward(_graph, first, count, _featuresAdj, worker, GradientsOf(chunk));
    }

    private void EmbedBackward(int first, int count, float* gradients)
    {
        BlockPlanes adjoint = _layers[0].InputAdj;
        int width = Model.NodeEmbedding.Dimension;
        for (int atom = first; atom < first + count; atom++)
        {
            float* table = gradients + _nodeTable + _graph.Species[atom] * width;
            for (int slot = 0; slot < Model.NodeEmbedding.Count; slot++)
            {
                IrrepBlock block = adjoint[slot].Block;
                float* row = adjoint[slot].Row(atom);
                for (int c = 0; c < block.Multiplicity; c++)
                    table[block.Offset + c] += row[c];
            }
        }

        if (_forces is not null && _graph.Forces != null)
            _forces.Backward(_graph.Forces, adjoint, first, count, gradients);
    }

    private void Unfold()
    {
        float* total = _sums.Of(0);
        foreach (FusedLayer layer in _layers)
            layer.Unfold(total);
        _readout.Unfold(total);
        double[] table = Gradients[NequipModel.NodeTableName];
        for (int c = 0; c < table.Length; c++)
            table[c] += total[_nodeTable + c];
        _forces?.Unfold(total);
    }
}
