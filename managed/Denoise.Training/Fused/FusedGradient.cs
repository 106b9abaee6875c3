using System.Diagnostics.CodeAnalysis;
using Denoise.Atoms.Threading;
using Denoise.Networks.Engines.Fused;
using Denoise.Networks.Engines.Simd;
using Denoise.Networks.Models;
using Denoise.Training.Batches;

namespace Denoise.Training.Fused;

/// <summary>
/// Loss and gradients of a batch in single precision, see <see cref="FusedNetwork"/>. The weights are read anew by every evaluation.
/// </summary>
public sealed unsafe class FusedGradient : IBatchGradient
{
    private readonly FusedNetwork _network;
    private readonly BatchGraph _graph = new();
    private readonly FusedNetwork.TileAdjoint _loss;
    private readonly double[] _losses = new double[ChunkSums.Chunks];
    private readonly double[] _entropies = new double[ChunkSums.Chunks];
    private readonly int _displacement;
    private readonly int _logits;
    private readonly double _classWeight;

    /// <param name="model">the network; <see cref="Supports"/> tells which ones</param>
    /// <param name="pool">threads, borrowed</param>
    /// <param name="width">vectors to use; by default those that the channels fill best</param>
    /// <param name="classWeight">of the cross entropy beside the squared error, Å^2; where the network has logits</param>
    public FusedGradient(NequipModel model, WorkerPool pool, SimdWidth? width = null, double classWeight = 1)
    {
        if (!Supports(model, out string? reason))
            throw new NotSupportedException(reason);
        (_displacement, _logits) = (model.IndexOfHead(Head.Displacement), model.IndexOfHead(Head.Logits));
        (_network, _loss, _classWeight) = (new(model, pool, width), Loss, classWeight);
    }

    public NequipModel Model => _network.Model;

    public SimdWidth Width => _network.Width;

    public ParameterGradients Gradients => _network.Gradients;

    /// <summary>Mean squared error of the last <see cref="Evaluate"/>, Å^2.</summary>
    public double SquaredError { get; private set; }

    /// <summary>Mean cross entropy of the last <see cref="Evaluate"/>, nats.</summary>
    public double Entropy { get; private set; }

    public long MemoryBytes => _network.MemoryBytes;

    /// <summary>Whether this engine can differentiate the model, and if not why.</summary>
    public static bool Supports(NequipModel model, [NotNullWhen(false)] out string? reason)
    {
        if (!FusedNetwork.Supports(model, out reason))
            reason = $"training: {reason}";
        else if (model.IndexOfHead(Head.Displacement) < 0 || model.Heads.Any(head => head.Name is not (Head.Displacement or Head.Logits)))
            reason = $"training fits displacements, one vector per atom, and logits beside them, and the network predicts '{model.Output}'";
        return reason is null;
    }

    public double Evaluate(TrainingBatch batch)
    {
        batch.Check(Model);
        _graph.Batch = batch;
        Array.Clear(_losses);
        Array.Clear(_entropies);
        Gradients.Clear();
        _network.Fold(batch.ShortestEdge, forPositions: false);
        _network.Run(_graph, _loss);
        SquaredError = batch.AtomCount == 0 ? 0 : _losses.Sum() / (3.0 * batch.AtomCount);
        Entropy = batch.LabelledCount == 0 ? 0 : _entropies.Sum() / batch.LabelledCount;
        return SquaredError + _classWeight * Entropy;
    }

    public void Dispose() => _network.Dispose();

    private void Loss(BlockPlanes output, int first, int count, int chunk)
    {
        _losses[chunk] += HeadLosses.SquaredError(output[_displacement], _graph.Batch, first, count);
        if (_logits >= 0)
            _entropies[chunk] += HeadLosses.CrossEntropy(output[_logits], _graph.Batch, first, count, _classWeight);
    }
}
