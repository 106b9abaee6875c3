using Denoise.Atoms.Memory;
using Denoise.Atoms.Threading;
using Denoise.Neighbors;
using Denoise.Networks.Engines;
using Denoise.Networks.Models;
using Denoise.Parallel;
using Denoise.Training.Batches;

namespace Denoise.Training.Runs;

/// <summary>Denoises training cells with the engine that users will run.</summary>
internal sealed unsafe class CellDenoiser : IDisposable
{
    private readonly GhostShell _shell = new();
    private readonly NeighborListBuilder _builder;
    private readonly NeighborList _list = new();
    private readonly ShellHalo _halo;
    private readonly NativeBuffer<int> _species = new();
    private readonly NativeBuffer<float> _prediction = new();
    private readonly NativeBuffer<float> _logits = new();

    public CellDenoiser(WorkerPool pool) => (_builder, _halo) = (new(pool), new(_shell));

    /// <summary>[atoms, classes] of the last iteration, before its move; of a network that has none, nothing.</summary>
    public ReadOnlySpan<float> Logits => _logits.Span;

    /// <summary>One iteration: positions and targets of the cell move by what is predicted.</summary>
    public void Iterate(IEngine engine, TrainingCell cell)
    {
        double cutoff = engine.Model.Cutoff;
        _shell.Build(cell.Positions.Pointer, cell.Count, cell.Box, cutoff);
        _builder.Build(_shell.View, cutoff, _list);
        _species.Resize(_shell.View.Count);
        for (int i = 0; i < _shell.View.Count; i++)
            _species[i] = cell.Species[i < cell.Count ? i : _shell.Owners[i - cell.Count]];
        _prediction.Resize(3L * cell.Count);
        float** outputs = stackalloc float*[engine.Heads.Count];
        new Span<nint>(outputs, engine.Heads.Count).Clear();
        outputs[Head.IndexOf(engine.Heads, Head.Displacement)] = _prediction.Pointer;
        if (Head.IndexOf(engine.Heads, Head.Logits) is int head and >= 0)
        {
            _logits.Resize((long)engine.Heads[head].Dimension * cell.Count);
            outputs[head] = _logits.Pointer;
        }

        engine.Evaluate(_shell.View, _species.Pointer, _list, _halo, outputs);
        for (int c = 0; c < 3 * cell.Count; c++)
        {
            cell.Positions[c] -= _prediction[c];
            cell.Targets[c] -= _prediction[c];
        }
    }

    public void Dispose()
    {
        _builder.Dispose();
        _list.Dispose();
        _shell.Dispose();
        _species.Dispose();
        _prediction.Dispose();
        _logits.Dispose();
    }
}
