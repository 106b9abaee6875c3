using System.Diagnostics.CodeAnalysis;
using Denoise.Atoms.Memory;
using Denoise.Atoms.Threading;
using Denoise.Networks.Engines.Fused;
using Denoise.Networks.Engines.Simd;
using Denoise.Networks.Models;
using Denoise.Training.Batches;

namespace Denoise.Training.Fused;

/// <summary>
/// Loss and gradients of a batch where displacements are p = -s^2 dlogP/dr of the logits' log-density (<see cref="LogDensity"/>), without
/// differentiating twice: with the errors e = p - target held fast, over the 3N components
/// <code>
/// dL/dtheta = 2/(3N) sum e dp/dtheta = -2 s^2/(3N) d/dtheta (e . dlogP/dr)
///           = -2 s^2/(3N) [dlogP/dtheta (r + h e) - dlogP/dtheta (r - h e)] / 2h  + O(h^2)
/// </code>
/// so that an update takes one pass for the positions and two for the weights. The cross entropy goes with these two, half of it in each.
/// </summary>
public sealed unsafe class ConservativeGradient : IBatchGradient
{
    // Å, rms of what a component is moved by. The error of the difference grows like its square; rounding is 1e-4 of the gradient where
    // it is 0.0005, and less than the error from 0.001 on, which is then 0.1% at most (measured on random networks).
    private const double TypicalMove = 0.001;
    private const double LongestMove = 0.02;

    private readonly FusedNetwork _network;
    private readonly BatchGraph _graph = new();
    private readonly FusedNetwork.TileAdjoint _density;
    private readonly FusedNetwork.TileAdjoint _difference;
    private readonly NativeBuffer<float> _errors = new();
    private readonly double[] _entropies = new double[ChunkSums.Chunks];
    private readonly int _logits;
    private readonly double _classWeight;
    private double _factor;

    /// <param name="model">the network; <see cref="Supports"/> tells which ones</param>
    /// <param name="pool">threads, borrowed</param>
    /// <param name="width">vectors to use; by default those that the channels fill best</param>
    /// <param name="classWeight">of the cross entropy beside the squared error, Å^2</param>
    public ConservativeGradient(NequipModel model, WorkerPool pool, SimdWidth? width = null, double classWeight = 1)
    {
        if (!Supports(model, out string? reason))
            throw new NotSupportedException(reason);
        (_network, _logits, _classWeight) = (new(model, pool, width), model.IndexOfHead(Head.Logits), classWeight);
        (_density, _difference) = (Density, Difference);
    }

    public NequipModel Model => _network.Model;

    public ParameterGradients Gradients => _network.Gradients;

    /// <summary>Mean squared error of the last <see cref="Evaluate"/>, Å^2.</summary>
    public double SquaredError { get; private set; }

    /// <summary>Mean cross entropy of the last <see cref="Evaluate"/>, nats.</summary>
    public double Entropy { get; private set; }

    public long MemoryBytes => _network.MemoryBytes + _errors.CapacityBytes;

    /// <summary>Whether this engine can differentiate the model, and if not why.</summary>
    public static bool Supports(NequipModel model, [NotNullWhen(false)] out string? reason)
    {
        if (!FusedNetwork.SupportsPositions(model, out reason))
            reason = $"training: {reason}";
        else if (model.Heads is not [{ Name: Head.Logits }] || model.Config.ScoreScale == 0)
            reason = $"a conservative score is trained on logits alone, with a score_scale, and the network predicts '{model.Output}'";
        return reason is null;
    }

    public double Evaluate(TrainingBatch batch)
    {
        batch.Check(Model);
        _graph.Batch = batch;
        _graph.Move(null, 0);
        Array.Clear(_entropies);
        Gradients.Clear();
        // One more, so that there is a pointer where there are no atoms.
        _errors.Resize(3L * batch.AtomCount + 1);
        _network.Fold(Math.Max(0, batch.ShortestEdge - 2 * LongestMove), forPositions: true);
        _network.Run(_graph, _density, _errors.Pointer);
        (double squares, double longest) = Compare(batch);
        SquaredError = batch.AtomCount == 0 ? 0 : squares / (3.0 * batch.AtomCount);
        Entropy = batch.LabelledCount == 0 ? 0 : _entropies.Sum() / batch.LabelledCount;

        double rms = Math.Sqrt(SquaredError), scale = Model.Config.ScoreScale;
        double step = rms > 0 ? Math.Min(TypicalMove / rms, LongestMove / longest) : 1;
        _graph.Move(_errors.Pointer, longest);
        for (int sign = 1; sign >= -1; sign -= 2)
        {
            _graph.Step = sign * step;
            _factor = -sign * scale * scale / (3.0 * Math.Max(1, batch.AtomCount) * step);
            _network.Run(_graph, _difference);
        }

        return SquaredError + _classWeight * Entropy;
    }

    public void Dispose()
    {
        _network.Dispose();
        _errors.Dispose();
    }

    /// <summary>Turns derivatives of the log-density into errors; their squares, and the longest of an atom.</summary>
    private (double Squares, double Longest) Compare(TrainingBatch batch)
    {
        double scale2 = Model.Config.ScoreScale * Model.Config.ScoreScale, squares = 0, longest2 = 0;
        for (int i = 0; i < batch.AtomCount; i++)
        {
            double length2 = 0;
            for (int k = 3 * i; k < 3 * i + 3; k++)
            {
                double error = -scale2 * _errors[k] - batch.Targets[k];
                (_errors[k], batch.Residuals[k]) = ((float)error, (float)-error);
                length2 += error * error;
            }

            squares += length2;
            longest2 = Math.Max(longest2, length2);
        }

        return (squares, Math.Sqrt(longest2));
    }

    private void Density(BlockPlanes output, int first, int count, int chunk)
    {
        Span<double> logits = stackalloc double[output[_logits].Multiplicity];
        for (int i = 0; i < count; i++)
        {
            var row = new Span<float>(output[_logits].Row(i), logits.Length);
            Read(row, logits);
            if (_graph.Batch.Classes[first + i] is int wanted and not TrainingCell.Unlabelled)
            {
                _entropies[chunk] += CrossEntropy.Backward(logits, wanted);
                Read(row, logits);
            }

            LogDensity.Backward(logits);
            Write(logits, row, 1);
        }
    }

    private void Difference(BlockPlanes output, int first, int count, int chunk)
    {
        Span<double> logits = stackalloc double[output[_logits].Multiplicity];
        double entropySlope = _classWeight / (2.0 * Math.Max(1, _graph.Batch.LabelledCount));
        for (int i = 0; i < count; i++)
        {
            var row = new Span<float>(output[_logits].Row(i), logits.Length);
            Read(row, logits);
            LogDensity.Backward(logits);
            // What the cross entropy pulls at is softmax as well, but for the wanted class.
            int wanted = _graph.Batch.Classes[first + i];
            double factor = _factor + (wanted == TrainingCell.Unlabelled ? 0 : entropySlope);
            Write(logits, row, factor);
            if (wanted != TrainingCell.Unlabelled)
                row[wanted] -= (float)entropySlope;
        }
    }

    private static void Read(ReadOnlySpan<float> row, Span<double> logits)
    {
        for (int c = 0; c < logits.Length; c++)
            logits[c] = row[c];
    }

    private static void Write(ReadOnlySpan<double> values, Span<float> row, double factor)
    {
        for (int c = 0; c < values.Length; c++)
            row[c] = (float)(factor * values[c]);
    }
}
