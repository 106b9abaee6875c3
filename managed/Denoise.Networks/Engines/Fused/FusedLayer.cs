using Denoise.Atoms.Memory;
using Denoise.Networks.Engines.Fused.Kernels;
using Denoise.Networks.Equivariance;
using Denoise.Networks.Models;

namespace Denoise.Networks.Engines.Fused;

/// <summary>
/// One interaction, tile by tile. Forwards an atom's sums over neighbors need h of all atoms, backwards the adjoint of h needs the
/// adjoints of all sums: between these steps every thread must have finished, and everything else runs in one go.
/// </summary>
internal sealed unsafe class FusedLayer : IDisposable
{
    private readonly AttributeProduct _selfConnection;
    private readonly AttributeProduct _lin1;
    private readonly AttributeProduct _lin2;
    private readonly AttributeProduct _alpha;
    private readonly FusedConvolution _convolution;
    private readonly FusedGate _gate;
    private readonly bool[] _isScaled;
    private readonly bool[] _sumIsScaled;

    private readonly BlockPlanes _sums;
    private readonly BlockPlanes _preGate;
    private readonly NativeBuffer<float> _alphas = new();
    private readonly TileScratch[] _tiles;

    /// <param name="model">the network</param>
    /// <param name="layer">the layer</param>
    /// <param name="isRead">of an irrep of its output: whether anything reads it; the readout takes vectors only</param>
    /// <param name="grid">of the radial networks</param>
    /// <param name="kernels">vector width</param>
    /// <param name="sums">partial sums of the gradients, where every part takes its room</param>
    /// <param name="gradients">receives the gradients</param>
    /// <param name="workers">threads</param>
    public FusedLayer(NequipModel model, InteractionLayer layer, Func<Irrep, bool> isRead, KnotGrid grid, FusedKernels kernels,
        ChunkSums sums, ParameterGradients gradients, int workers)
    {
        // Even scalars are there in any case: gates and alpha are made of them.
        bool IsWanted(Irrep irrep) => irrep == Irrep.Scalar || isRead(irrep);
        AttributeProduct Product(FullyConnectedProduct product, Func<Irrep, bool>? isWanted = null) =>
            new(product, model, kernels, sums, gradients, isWanted);
        (_selfConnection, _lin1) = (Product(layer.SelfConnection, IsWanted), Product(layer.Lin1));
        (_lin2, _alpha) = (Product(layer.Lin2, IsWanted), Product(layer.Alpha));
        Radial = new(layer, model.Config, grid, kernels, sums, gradients, IsWanted);
        _convolution = new(layer, Radial, kernels, workers);
        _gate = new(layer.Gate, kernels, isRead);
        // alpha acts where the self connection contributes, which depends on the irrep alone.
        _isScaled = [.. Enumerable.Range(0, layer.PreGate.Count).Select(_selfConnection.Reaches)];
        _sumIsScaled = [.. layer.Convolution.Select(block => layer.Input.Contains(block.Irrep) && layer.PreGate.Contains(block.Irrep))];

        Sources = new(layer.Input, kernels);
        (_sums, SumsAdj) = (new(layer.Convolution, kernels, IsWanted), new(layer.Convolution, kernels, IsWanted));
        _preGate = new(layer.PreGate, kernels, IsWanted);
        (Input, InputAdj) = (new(layer.Input, kernels), new(layer.Input, kernels));
        _tiles = [.. Enumerable.Range(0, workers).Select(_ => new TileScratch(layer, kernels, IsWanted))];
    }

    /// <summary>Features x that come in, and their adjoint.</summary>
    public BlockPlanes Input { get; }

    public BlockPlanes InputAdj { get; }

    public RadialKnots Radial { get; }

    public int SlotCount => _convolution.SlotCount;

    public long MemoryBytes => Planes.Sum(planes => planes.MemoryBytes) + Radial.MemoryBytes;

    public int BytesPerAtom => Planes.Sum(planes => planes.BytesPerAtom) + sizeof(float);

    private BlockPlanes[] Planes => [Sources, _sums, SumsAdj, _preGate, Input, InputAdj];

    /// <summary>h of all rows: what ghosts need before <see cref="Forward"/>.</summary>
    public BlockPlanes Sources { get; }

    /// <summary>Adjoints of the sums over neighbors of all rows: what ghosts need before <see cref="MixBackward"/>.</summary>
    public BlockPlanes SumsAdj { get; }

    /// <summary>Takes over the weights.</summary>
    public void Fold()
    {
        _selfConnection.Fold();
        _lin1.Fold();
        _lin2.Fold();
        _alpha.Fold();
        Radial.Fold();
    }

    /// <summary>Makes room for atoms, and behind them for ghosts.</summary>
    public void Resize(int atoms, int rows)
    {
        Sources.Resize(rows);
        _sums.Resize(atoms);
        SumsAdj.Resize(rows);
        _preGate.Resize(atoms);
        Input.Resize(rows);
        InputAdj.Resize(atoms);
        _alphas.Resize(atoms);
        for (int worker = 0; worker < _tiles.Length; worker++)
            _convolution.Bind(worker, Sources, _sums, SumsAdj, _tiles[worker].SourcesAdj);
    }

    /// <summary>h = lin1(x, z), where x is there.</summary>
    public void MixForward(FusedGraph graph, int first, int count)
    {
        Sources.Clear(first, count);
        _lin1.Forward(Input, first, Sources, first, graph.Species + first, count);
    }

    /// <summary>The rest of the layer, where h of all atoms is there.</summary>
    public void Forward(FusedGraph graph, int first, int count, BlockPlanes output, EdgeScratch edges, int worker)
    {
        TileScratch tile = _tiles[worker];
        int* species = graph.Species + first;
        for (int atom = first; atom < first + count; atom++)
            _convolution.Forward(graph, atom, edges, worker);

        tile.Lin2.Clear(0, count);
        _lin2.Forward(_sums, first, tile.Lin2, 0, species, count);
        tile.Alpha.Clear(0, count);
        _alpha.Forward(_sums, first, tile.Alpha, 0, species, count);
        _preGate.Clear(first, count);
        _selfConnection.Forward(Input, first, _preGate, first, species, count);
        for (int k = 0; k < count; k++)
        {
            float alpha = _alphas[first + k] = tile.Alpha[0].Row(k)[0];
            foreach (int slot in _preGate.Slots)
                RowMath.AddScaled(tile.Lin2[slot].Row(k), _isScaled[slot] ? alpha : 1, _preGate[slot].Row(first + k),
                    _preGate[slot].Stride);
        }

        _gate.Sigmoids(_preGate, first, tile.Sigmoids, count);
        _gate.Forward(_preGate, tile.Sigmoids, output, first, count);
    }

    /// <summary>
    /// From the adjoint of the output to those of the sums, and what the self connection gives to that of x. No gradients: null.
    /// </summary>
    public void Backward(FusedGraph graph, int first, int count, BlockPlanes outputAdj, int worker, float* gradients)
    {
        TileScratch tile = _tiles[worker];
        int* species = graph.Species + first;
        _gate.Sigmoids(_preGate, first, tile.Sigmoids, count);
        _gate.Backward(_preGate, tile.Sigmoids, outputAdj, tile.PreGateAdj, first, count);

        InputAdj.Clear(first, count);
        _selfConnection.BackwardInput(tile.PreGateAdj, 0, InputAdj, first, species, count);
        if (gradients != null)
            _selfConnection.BackwardWeights(Input, first, tile.PreGateAdj, 0, species, count, gradients);

        SumsAdj.Clear(first, count);
        _lin2.BackwardInput(tile.PreGateAdj, 0, SumsAdj, first, species, count);
        tile.Alpha.Clear(0, count);
        for (int k = 0; k < count; k++)
            ScaleBackward(tile, first, k);
        if (gradients != null)
            _lin2.BackwardWeights(_sums, first, tile.PreGateAdj, 0, species, count, gradients);
        _alpha.BackwardInput(tile.Alpha, 0, SumsAdj, first, species, count);
        if (gradients != null)
            _alpha.BackwardWeights(_sums, first, tile.Alpha, 0, species, count, gradients);
    }

    /// <summary>
    /// The rest of the way to the adjoint of x, where the adjoints of all sums are there; towards the weights as well, or towards the
    /// positions.
    /// </summary>
    /// <param name="graph">atoms and edges</param>
    /// <param name="first">first atom</param>
    /// <param name="count">atoms</param>
    /// <param name="edges">of the thread</param>
    /// <param name="worker">the thread</param>
    /// <param name="knotsAdj">receives the adjoints of the knots; null: not asked for, as the gradients</param>
    /// <param name="gradients">receive those of the weights</param>
    /// <param name="positions">[atoms, 3] added to; null: not asked for</param>
    public void MixBackward(FusedGraph graph, int first, int count, EdgeScratch edges, int worker, float* knotsAdj, float* gradients,
        float* positions)
    {
        TileScratch tile = _tiles[worker];
        int* species = graph.Species + first;
        tile.SourcesAdj.Clear(0, count);
        for (int k = 0; k < count; k++)
        {
            if (positions != null)
                _convolution.Positions(graph, first + k, k, edges, worker, positions + 3L * (first + k));
            else
                _convolution.Backward(graph, first + k, k, edges, worker, knotsAdj);
        }

        _lin1.BackwardInput(tile.SourcesAdj, 0, InputAdj, first, species, count);
        if (gradients != null)
            _lin1.BackwardWeights(Input, first, tile.SourcesAdj, 0, species, count, gradients);
    }

    /// <summary>From the total of the partial sums to the gradients of the parameters.</summary>
    public void Unfold(float* sums)
    {
        _selfConnection.Unfold(sums);
        _lin1.Unfold(sums);
        _lin2.Unfold(sums);
        _alpha.Unfold(sums);
        Radial.Unfold(sums);
    }

    public void Dispose()
    {
        foreach (AttributeProduct product in (AttributeProduct[])[_selfConnection, _lin1, _lin2, _alpha])
            product.Dispose();
        foreach (BlockPlanes planes in Planes)
            planes.Dispose();
        foreach (TileScratch tile in _tiles)
            tile.Dispose();
        _alphas.Dispose();
        _convolution.Dispose();
        Radial.Dispose();
    }

    /// <summary>
    /// Of preGate = sc + alpha lin2(sums): with b the transposed lin2 of preGateAdj, alphaAdj = sums . b and sumsAdj = alpha b,
    /// which leaves alpha preGateAdj for the gradient of lin2.
    /// </summary>
    private void ScaleBackward(TileScratch tile, int first, int k)
    {
        float alpha = _alphas[first + k], alphaAdj = 0;
        foreach (int slot in _sums.Slots)
            if (_sumIsScaled[slot])
                alphaAdj += RowMath.DotAndScale(_sums[slot].Row(first + k), SumsAdj[slot].Row(first + k), alpha, _sums[slot].Stride);
        foreach (int slot in _preGate.Slots)
            if (_isScaled[slot])
                RowMath.Scale(tile.PreGateAdj[slot].Row(k), alpha, tile.PreGateAdj[slot].Stride);
        tile.Alpha[0].Row(k)[0] = alphaAdj;
    }
}
