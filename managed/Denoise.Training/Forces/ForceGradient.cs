using System.Diagnostics.CodeAnalysis;
using Denoise.Atoms.Memory;
using Denoise.Atoms.Threading;
using Denoise.Networks.Engines.Fused;
using Denoise.Networks.Engines.Simd;
using Denoise.Networks.Models;
using Denoise.Training.Batches;
using Denoise.Training.Fused;

namespace Denoise.Training.Forces;

/// <summary>
/// Loss and gradients of a batch whose energies, forces and noise are fitted, all in the units of <see cref="ForceData"/>:
/// <code>
/// L = mean over atoms that were not moved |f - F| + w_E mean over samples |sum e / N - E / N| + w_n mean over moved atoms |n - noise|
/// </code>
/// with lengths of vectors, not their squares: a few atoms that are hit hard do not rule the rest (DeNS, arXiv 2403.09549).
/// </summary>
public sealed unsafe class ForceGradient : IBatchGradient
{
    // Below this length, in units of the data, an error's direction is noise: there the loss is a parabola.
    private const double Rounding = 1e-6;

    private readonly FusedNetwork _network;
    private readonly BatchGraph _graph = new();
    private readonly FusedNetwork.TileAdjoint _seen;
    private readonly FusedNetwork.TileAdjoint _adjoint;
    private readonly NativeBuffer<double> _energies = new();
    private readonly NativeBuffer<double> _energySlopes = new();
    private readonly double[] _forceErrors = new double[ChunkSums.Chunks];
    private readonly double[] _noiseErrors = new double[ChunkSums.Chunks];
    private readonly int _energy;
    private readonly int _forces;
    private readonly int _noise;
    private readonly double _energyWeight;
    private double _forceSlope;
    private double _noiseSlope;

    /// <param name="model">the network; <see cref="Supports"/> tells which ones</param>
    /// <param name="pool">threads, borrowed</param>
    /// <param name="width">vectors to use; by default those that the channels fill best</param>
    /// <param name="energyWeight">of the energies beside the forces</param>
    public ForceGradient(NequipModel model, WorkerPool pool, SimdWidth? width = null, double energyWeight = 0.1)
    {
        if (!Supports(model, out string? reason))
            throw new NotSupportedException(reason);
        (_network, _energyWeight) = (new(model, pool, width), energyWeight);
        (_energy, _forces) = (model.IndexOfHead(Head.Energy), model.IndexOfHead(Head.Forces));
        (_noise, _seen, _adjoint) = (model.IndexOfHead(Head.Displacement), See, Adjoint);
    }

    public NequipModel Model => _network.Model;

    public ParameterGradients Gradients => _network.Gradients;

    /// <summary>Whether this engine can differentiate the model, and if not why.</summary>
    public static bool Supports(NequipModel model, [NotNullWhen(false)] out string? reason)
    {
        if (!FusedNetwork.Supports(model, out reason))
            reason = $"training: {reason}";
        else if (model.IndexOfHead(Head.Energy) < 0 || model.IndexOfHead(Head.Forces) < 0 || model.IndexOfHead(Head.Logits) >= 0)
            reason = $"this training fits energies and forces, and the network predicts '{model.Output}'";
        return reason is null;
    }

    public double Evaluate(TrainingBatch batch)
    {
        batch.Check(Model);
        ForceLabels labels = batch.Labels ?? throw new ArgumentException("the batch has no forces", nameof(batch));
        _graph.Batch = batch;
        Gradients.Clear();
        Array.Clear(_forceErrors);
        Array.Clear(_noiseErrors);
        // One more, so that there is a pointer where there are no atoms.
        _energies.Resize(batch.AtomCount + 1L);
        _energySlopes.Resize(batch.AtomCount + 1L);
        int moved = labels.IsMoved.Span.Count((byte)1);
        (int still, double noiseWeight) = (batch.AtomCount - moved, _noise < 0 ? 0 : labels.NoiseWeight);
        (_forceSlope, _noiseSlope) = (1.0 / Math.Max(1, still), noiseWeight / Math.Max(1, moved));
        _network.Fold(batch.ShortestEdge, forPositions: false);
        _network.Evaluate(_graph, _seen, forGradients: true);
        double energyError = CompareEnergies(labels);
        _network.Differentiate(_adjoint);
        return _forceSlope * _forceErrors.Sum() + _energyWeight * energyError + _noiseSlope * _noiseErrors.Sum();
    }

    public void Dispose()
    {
        _network.Dispose();
        _energies.Dispose();
        _energySlopes.Dispose();
    }

    private void See(BlockPlanes output, int first, int count, int chunk)
    {
        for (int i = 0; i < count; i++)
            _energies[first + i] = *output[_energy].Row(i);
    }

    /// <summary>Mean error of the samples whose energy is known, and its slopes by the atoms' energies.</summary>
    private double CompareEnergies(ForceLabels labels)
    {
        int known = labels.Energies.Count(energy => !double.IsNaN(energy)), first = 0;
        double sum = 0;
        for (int k = 0; k < labels.Counts.Count; first += labels.Counts[k++])
        {
            int count = labels.Counts[k];
            double predicted = 0;
            for (int i = first; i < first + count; i++)
                predicted += _energies[i];
            double error = double.IsNaN(labels.Energies[k]) ? 0 : predicted / count - labels.Energies[k];
            double slope = _energyWeight * Math.Clamp(error / Rounding, -1, 1) / (Math.Max(1, known) * (double)count);
            _energySlopes.Span.Slice(first, count).Fill(slope);
            sum += Math.Abs(error);
        }

        return sum / Math.Max(1, known);
    }

    private void Adjoint(BlockPlanes output, int first, int count, int chunk)
    {
        ForceLabels labels = _graph.Batch.Labels!;
        for (int i = 0; i < count; i++)
        {
            int atom = first + i;
            *output[_energy].Row(i) = (float)_energySlopes[atom];
            bool isMoved = labels.IsMoved[atom] != 0;
            _forceErrors[chunk] += Compare(output[_forces], i, labels.Forces.Pointer + 3L * atom, isMoved ? 0 : _forceSlope);
            if (_noise >= 0)
                _noiseErrors[chunk] += Compare(output[_noise], i, _graph.Batch.Targets.Pointer + 3L * atom, isMoved ? _noiseSlope : 0);
        }
    }

    /// <summary>Length of an error, 0 where it does not count; the prediction becomes its slope.</summary>
    private static double Compare(BlockPlane plane, int row, float* target, double slope)
    {
        float* x = plane.Row(row), y = x + plane.Channels, z = y + plane.Channels;
        if (slope == 0)
        {
            *x = *y = *z = 0;
            return 0;
        }

        double dx = (double)*x - target[0], dy = (double)*y - target[1], dz = (double)*z - target[2];
        double length = Math.Sqrt(dx * dx + dy * dy + dz * dz), factor = slope / Math.Max(length, Rounding);
        (*x, *y, *z) = ((float)(factor * dx), (float)(factor * dy), (float)(factor * dz));
        return length;
    }
}
