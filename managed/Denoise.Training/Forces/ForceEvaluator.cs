using Denoise.Atoms.Memory;
using Denoise.Atoms.Threading;
using Denoise.Networks.Engines;
using Denoise.Networks.Models;
using Denoise.Training.Batches;

namespace Denoise.Training.Forces;

/// <summary>Compares what a network says of structures with what is known of them, by the engine that users run.</summary>
public sealed unsafe class ForceEvaluator : IDisposable
{
    /// <summary>Of denoising, as users have it by default.</summary>
    public const int Iterations = 8;

    private readonly CellEvaluator _evaluator;
    private readonly NativeBuffer<double> _positions = new();
    private readonly NativeBuffer<double> _told = new();
    private readonly NativeBuffer<float> _energies = new();
    private readonly NativeBuffer<float> _vectors = new();

    /// <param name="pool">threads, borrowed</param>
    public ForceEvaluator(WorkerPool pool) => _evaluator = new(pool);

    /// <summary>
    /// Energies and forces where the network predicts these; distances to the minimum where it predicts displacements alone, and the
    /// structures' minima are known: in the first iteration of denoising the network is told the forces, in the others nobody knows them.
    /// </summary>
    /// <param name="engine">of the network</param>
    /// <param name="frames">with the network's species</param>
    /// <param name="tellForces">whether the network is told the forces</param>
    /// <param name="seen">called with every structure and the forces predicted for it; null: nobody asks</param>
    /// <param name="moved">called with every structure and where its atoms are after the last iteration; null: nobody asks</param>
    public ForceErrors Evaluate(IEngine engine, IEnumerable<ForceFrame> frames, bool tellForces = true,
        Action<ForceFrame, ReadOnlyMemory<float>>? seen = null, Action<ForceFrame, double[]>? moved = null)
    {
        var errors = new ForceErrors();
        bool hasForces = Head.IndexOf(engine.Heads, Head.Forces) >= 0;
        foreach (ForceFrame frame in frames)
        {
            errors.AddFrame();
            frame.Positions.CopyTo(Resized(_positions, 3 * frame.Count).Span);
            if (hasForces)
                Compare(engine, frame, errors, seen);
            else
                Descend(engine, frame, tellForces, errors, moved);
        }

        return errors;
    }

    public void Dispose()
    {
        _evaluator.Dispose();
        foreach (IDisposable buffer in (IDisposable[])[_positions, _told, _energies, _vectors])
            buffer.Dispose();
    }

    private void Compare(IEngine engine, ForceFrame frame, ForceErrors errors, Action<ForceFrame, ReadOnlyMemory<float>>? seen)
    {
        Run(engine, frame, Head.Forces, null);
        if (frame.Energy is { } energy)
        {
            double predicted = 0;
            IReadOnlyList<double> references = (engine.Model as NequipModel)?.Config.ReferenceEnergies ?? [];
            for (int i = 0; i < frame.Count; i++)
                predicted += _energies[i] + (references.Count > 0 ? references[frame.Species[i]] : 0);
            errors.AddEnergy((predicted - energy) / frame.Count);
        }

        for (int i = 0; frame.Forces is not null && i < frame.Count; i++)
            errors.AddForce(frame.Species[i], _vectors.Span.Slice(3 * i, 3), frame.Forces.AsSpan(3 * i, 3));
        seen?.Invoke(frame, _vectors.Span[..(3 * frame.Count)].ToArray());
    }

    private void Descend(IEngine engine, ForceFrame frame, bool tellForces, ForceErrors errors, Action<ForceFrame, double[]>? moved)
    {
        double[]? left = frame.Displacements is null ? null : [.. frame.Displacements];
        double[] squares = new double[Iterations + 1];
        squares[0] = left is null ? 0 : Spread(left);
        for (int k = 1; k <= Iterations; k++)
        {
            Run(engine, frame, Head.Displacement, k == 1 && tellForces ? frame.Forces : null);
            for (int c = 0; c < 3 * frame.Count; c++)
            {
                _positions[c] -= _vectors[c];
                if (left is not null)
                    left[c] -= _vectors[c];
            }

            squares[k] = left is null ? 0 : Spread(left);
        }

        if (left is not null)
            errors.AddDistances(squares, frame.Count);
        moved?.Invoke(frame, _positions.Span[..(3 * frame.Count)].ToArray());
    }

    /// <summary>Sum of the squares, the mean taken off.</summary>
    private static double Spread(double[] vectors)
    {
        double sum = 0;
        int count = vectors.Length / 3;
        for (int axis = 0; axis < 3; axis++)
        {
            double mean = 0, squares = 0;
            for (int k = axis; k < vectors.Length; k += 3)
                (mean, squares) = (mean + vectors[k] / count, squares + vectors[k] * vectors[k]);
            sum += Math.Max(0, squares - count * mean * mean);
        }

        return sum;
    }

    private void Run(IEngine engine, ForceFrame frame, string vectors, double[]? told)
    {
        // One more, so that there are pointers where there are no atoms.
        _energies.Resize(frame.Count + 1L);
        _vectors.Resize(3L * frame.Count + 1);
        told?.CopyTo(Resized(_told, 3 * frame.Count).Span);
        float** outputs = stackalloc float*[engine.Heads.Count];
        new Span<nint>(outputs, engine.Heads.Count).Clear();
        outputs[Head.IndexOf(engine.Heads, vectors)] = _vectors.Pointer;
        if (Head.IndexOf(engine.Heads, Head.Energy) is int energy and >= 0)
            outputs[energy] = _energies.Pointer;
        engine.Forces = told is null ? null : _told.Pointer;
        _evaluator.Evaluate(engine, _positions.Pointer, frame.Species, frame.Box, outputs);
        engine.Forces = null;
    }

    private static NativeBuffer<double> Resized(NativeBuffer<double> buffer, int length)
    {
        buffer.Resize(length + 1L);
        return buffer;
    }
}
