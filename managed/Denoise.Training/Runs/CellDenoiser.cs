using Denoise.Atoms.Memory;
using Denoise.Atoms.Threading;
using Denoise.Networks.Engines;
using Denoise.Networks.Models;
using Denoise.Training.Batches;

namespace Denoise.Training.Runs;

/// <summary>Denoises training cells with the engine that users will run.</summary>
internal sealed unsafe class CellDenoiser : IDisposable
{
    private readonly CellEvaluator _evaluator;
    private readonly NativeBuffer<float> _prediction = new();
    private readonly NativeBuffer<float> _logits = new();

    /// <param name="pool">threads, borrowed</param>
    public CellDenoiser(WorkerPool pool) => _evaluator = new(pool);

    /// <summary>[atoms, classes] of the last iteration, before its move; of a network that has none, nothing.</summary>
    public ReadOnlySpan<float> Logits => _logits.Span;

    /// <summary>One iteration: positions and targets of the cell move by what is predicted.</summary>
    public void Iterate(IEngine engine, TrainingCell cell)
    {
        _prediction.Resize(3L * cell.Count);
        float** outputs = stackalloc float*[engine.Heads.Count];
        new Span<nint>(outputs, engine.Heads.Count).Clear();
        outputs[Head.IndexOf(engine.Heads, Head.Displacement)] = _prediction.Pointer;
        if (Head.IndexOf(engine.Heads, Head.Logits) is int head and >= 0)
        {
            _logits.Resize((long)engine.Heads[head].Dimension * cell.Count);
            outputs[head] = _logits.Pointer;
        }

        _evaluator.Evaluate(engine, cell.Positions.Pointer, cell.Species.Span[..cell.Count], cell.Box, outputs);
        for (int c = 0; c < 3 * cell.Count; c++)
        {
            cell.Positions[c] -= _prediction[c];
            cell.Targets[c] -= _prediction[c];
        }
    }

    public void Dispose()
    {
        _evaluator.Dispose();
        _prediction.Dispose();
        _logits.Dispose();
    }
}
