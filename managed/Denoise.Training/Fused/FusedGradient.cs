using System.Diagnostics.CodeAnalysis;
using System.Runtime.Intrinsics;
using Denoise.Atoms;
using Denoise.Atoms.Threading;
using Denoise.Networks.Engines.Simd;
using Denoise.Networks.Equivariance;
using Denoise.Networks.Models;
using Denoise.Training.Batches;
using Denoise.Training.Fused.Kernels;

namespace Denoise.Training.Fused;

/// <summary>
/// Loss and gradients of a batch in single precision, for networks of degrees 0 to 2. Channels fill the lanes; the radial networks
/// are evaluated and differentiated at the knots of a grid only; the backward convolution gathers over the symmetric list of edges.
/// Nothing is stored per edge but its vector. Sums have the same bits for any number of threads; after the first batch of a size
/// nothing is allocated. The weights are read anew by every evaluation.
/// </summary>
public sealed unsafe class FusedGradient : IDisposable
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
    private readonly double[] _losses = new double[ChunkSums.Chunks];
    private readonly double[] _entropies = new double[ChunkSums.Chunks];
    private readonly int _displacement;
    private readonly int _logits;
    private readonly double _classWeight;
    private readonly int _nodeTable;

    private readonly WorkerPool.Body _knotsForward;
    private readonly WorkerPool.Body _embed;
    private readonly WorkerPool.Body _forward;
    private readonly WorkerPool.Body _backward;
    private readonly WorkerPool.Body _knotsBackward;

    private TrainingBatch? _batch;
    private int _layer;
    private int _firstKnot;

    /// <param name="model">the network; <see cref="Supports"/> tells which ones</param>
    /// <param name="pool">threads, borrowed</param>
    /// <param name="width">vectors to use; by default those that the channels fill best</param>
    /// <param name="classWeight">of the cross entropy beside the squared error, Å^2; where the network has logits</param>
    public FusedGradient(NequipModel model, WorkerPool pool, SimdWidth? width = null, double classWeight = 1)
    {
        if (!Supports(model, out string? reason))
            throw new NotSupportedException(reason);
        (Model, _pool, _classWeight) = (model, pool, classWeight);
        (_displacement, _logits) = (model.IndexOfHead(Head.Displacement), model.IndexOfHead(Head.Logits));
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
        _sums.Allocate();
        (_features, _featuresAdj) = (new(model.Readout.Input, kernels, IsReadOut), new(model.Readout.Input, kernels, IsReadOut));
        _outputs = [.. Enumerable.Range(0, pool.Count).Select(_ => new BlockPlanes(model.Output, kernels))];
        foreach (BlockPlanes output in _outputs)
            output.Resize(TileScratch.Atoms);
        _edges = [.. Enumerable.Range(0, pool.Count).Select(_ =>
            new EdgeScratch(_grid, model.Edge.LMax, _layers.Max(layer => layer.SlotCount), _layers.Max(layer => layer.Radial.Width)))];
        (_knotsForward, _embed, _forward, _backward, _knotsBackward) = (KnotsForward, Embed, Forward, Backward, KnotsBackward);
    }

    public NequipModel Model { get; }

    public SimdWidth Width { get; }

    /// <summary>Of the last <see cref="Evaluate"/>.</summary>
    public ParameterGradients Gradients { get; }

    /// <summary>Mean squared error of the last <see cref="Evaluate"/>, Å^2.</summary>
    public double SquaredError { get; private set; }

    /// <summary>Mean cross entropy of the last <see cref="Evaluate"/>, nats.</summary>
    public double Entropy { get; private set; }

    public long MemoryBytes => _layers.Sum(layer => layer.MemoryBytes) + _features.MemoryBytes + _featuresAdj.MemoryBytes +
        _sums.MemoryBytes;

    /// <summary>Whether this engine can differentiate the model, and if not why.</summary>
    public static bool Supports(NequipModel model, [NotNullWhen(false)] out string? reason)
    {
        int lMax = Math.Max(Math.Max(model.Hidden.LMax(), model.Edge.LMax), Math.Max(model.NodeEmbedding.LMax, model.Output.LMax));
        if (lMax > EdgeHarmonics.LMax)
            reason = $"training computes degrees up to {EdgeHarmonics.LMax}, and the network has {lMax}";
        else if (model.IndexOfHead(Head.Displacement) < 0 || model.Heads.Any(head => head.Name is not (Head.Displacement or Head.Logits)))
            reason = $"training fits displacements, one vector per atom, and logits beside them, and the network predicts '{model.Output}'";
        else if (model.Edge.Select(block => block.L).Distinct().Count() < model.Edge.Count)
            reason = $"training expects every spherical harmonic once, not '{model.Edge}'";
        else
            reason = null;
        return reason is null;
    }

    /// <summary>
    /// Mean squared error of the predicted displacements over all atoms and components, Å^2, and, where the network has logits, the
    /// weighted mean cross entropy of the atoms that have a class; replaces the gradients and the batch's residuals.
    /// </summary>
    /// <exception cref="InputException">an atom has a species or a class that the network does not know</exception>
    public double Evaluate(TrainingBatch batch)
    {
        Check(batch);
        _batch = batch;
        _features.Resize(batch.AtomCount);
        _featuresAdj.Resize(batch.AtomCount);
        foreach (FusedLayer layer in _layers)
            layer.Begin(batch.AtomCount);
        _readout.Fold();
        _firstKnot = _grid.FirstKnot(batch.ShortestEdge);

        const int chunks = ChunkSums.Chunks;
        _pool.Run(chunks, 1, _knotsForward);
        _pool.Run(chunks, 1, _embed);
        for (_layer = 0; _layer < _layers.Length; _layer++)
            _pool.Run(chunks, 1, _forward);
        for (_layer = _layers.Length - 1; _layer >= 0; _layer--)
            _pool.Run(chunks, 1, _backward);
        _pool.Run(chunks, 1, _knotsBackward);

        _sums.Reduce();
        Unfold();
        _batch = null;
        SquaredError = batch.AtomCount == 0 ? 0 : _losses.Sum() / (3.0 * batch.AtomCount);
        Entropy = batch.LabelledCount == 0 ? 0 : _entropies.Sum() / batch.LabelledCount;
        return SquaredError + _classWeight * Entropy;
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
        _sums.Dispose();
    }

    private static SimdWidth BestWidth(NequipModel model)
    {
        int Vectors(int lanes) =>
            model.Hidden.Sum(hidden => hidden.Sum(block => (block.Multiplicity + lanes - 1) / lanes * block.Irrep.Dimension));
        return Vector512.IsHardwareAccelerated && Vectors(16) < Vectors(8) ? SimdWidth.Bits512 : SimdWidth.Bits256;
    }

    private void Check(TrainingBatch batch)
    {
        for (int i = 0; i < batch.AtomCount; i++)
            if ((uint)batch.Species[i] >= (uint)Model.SpeciesCount)
                throw new InputException($"Atom {i} of the batch has species {batch.Species[i]}, but the network knows " +
                    $"{Model.SpeciesCount} species (counted from 0).");
        if (_logits < 0)
            return;
        int classes = Model.Heads[_logits].Dimension;
        for (int i = 0; i < batch.AtomCount; i++)
            if (batch.Classes[i] < TrainingCell.Unlabelled || batch.Classes[i] >= classes)
                throw new InputException($"Atom {i} of the batch is of class {batch.Classes[i]}, but the network knows {classes} " +
                    "(counted from 0).");
    }

    private void KnotsForward(int chunk, int chunkEnd, int worker)
    {
        _sums.Clear(chunk);
        _losses[chunk] = _entropies[chunk] = 0;
        (int begin, int end) = ChunkSums.Range(chunk, _grid.Count - _firstKnot);
        foreach (FusedLayer layer in _layers)
        {
            layer.Radial.ClearAdjoint(chunk, _firstKnot);
            layer.Radial.Forward(_firstKnot + begin, _firstKnot + end);
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
        (int begin, int end) = ChunkSums.Range(chunk, _batch!.AtomCount);
        BlockPlanes x = _layers[0].Input;
        x.Clear(begin, end - begin);
        int width = Model.NodeEmbedding.Dimension;
        for (int atom = begin; atom < end; atom++)
            foreach (int slot in x.Slots)
            {
                IrrepBlock block = x[slot].Block;
                Model.NodeTable.AsSpan(_batch.Species[atom] * width + block.Offset, block.Multiplicity)
                    .CopyTo(new Span<float>(x[slot].Row(atom), block.Multiplicity));
            }

        for (int first = begin; first < end; first += TileScratch.Atoms)
            _layers[0].MixForward(_batch, first, Math.Min(TileScratch.Atoms, end - first));
    }

    private void Forward(int chunk, int chunkEnd, int worker)
    {
        (int begin, int end) = ChunkSums.Range(chunk, _batch!.AtomCount);
        FusedLayer layer = _layers[_layer];
        FusedLayer? next = _layer + 1 < _layers.Length ? _layers[_layer + 1] : null;
        for (int first = begin; first < end; first += TileScratch.Atoms)
        {
            int count = Math.Min(TileScratch.Atoms, end - first);
            layer.Forward(_batch, first, count, next?.Input ?? _features, _edges[worker], worker);
            if (next is not null)
            {
                next.MixForward(_batch, first, count);
            }
            else
            {
                ReadOut(first, count, chunk, worker);
                layer.Backward(_batch, first, count, _featuresAdj, worker, _sums.Of(chunk));
            }
        }
    }

    private void Backward(int chunk, int chunkEnd, int worker)
    {
        (int begin, int end) = ChunkSums.Range(chunk, _batch!.AtomCount);
        FusedLayer layer = _layers[_layer];
        float* gradients = _sums.Of(chunk);
        for (int first = begin; first < end; first += TileScratch.Atoms)
        {
            int count = Math.Min(TileScratch.Atoms, end - first);
            layer.MixBackward(_batch, first, count, _edges[worker], worker, chunk, gradients);
            if (_layer > 0)
                _layers[_layer - 1].Backward(_batch, first, count, layer.InputAdj, worker, gradients);
            else
                EmbedBackward(first, count, gradients);
        }
    }

    /// <summary>Prediction, its error, and the way back to the features.</summary>
    private void ReadOut(int first, int count, int chunk, int worker)
    {
        int* species = _batch!.Species.Pointer + first;
        BlockPlanes output = _outputs[worker];
        output.Clear(0, count);
        _readout.Forward(_features, first, output, 0, species, count);
        _losses[chunk] += HeadLosses.SquaredError(output[_displacement], _batch, first, count);
        if (_logits >= 0)
            _entropies[chunk] += HeadLosses.CrossEntropy(output[_logits], _batch, first, count, _classWeight);
        _featuresAdj.Clear(first, count);
        _readout.BackwardInput(output, 0, _featuresAdj, first, species, count);
        _readout.BackwardWeights(_features, first, output, 0, species, count, _sums.Of(chunk));
    }

    private void EmbedBackward(int first, int count, float* gradients)
    {
        BlockPlanes adjoint = _layers[0].InputAdj;
        int width = Model.NodeEmbedding.Dimension;
        for (int atom = first; atom < first + count; atom++)
        {
            float* table = gradients + _nodeTable + _batch!.Species[atom] * width;
            foreach (int slot in adjoint.Slots)
            {
                IrrepBlock block = adjoint[slot].Block;
                float* row = adjoint[slot].Row(atom);
                for (int c = 0; c < block.Multiplicity; c++)
                    table[block.Offset + c] += row[c];
            }
        }
    }

    private void Unfold()
    {
        Gradients.Clear();
        float* total = _sums.Of(0);
        foreach (FusedLayer layer in _layers)
            layer.Unfold(total);
        _readout.Unfold(total);
        double[] table = Gradients[NequipModel.NodeTableName];
        for (int c = 0; c < table.Length; c++)
            table[c] += total[_nodeTable + c];
    }
}
