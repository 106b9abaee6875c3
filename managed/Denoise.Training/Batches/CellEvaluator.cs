using Denoise.Atoms;
using Denoise.Atoms.Memory;
using Denoise.Atoms.Threading;
using Denoise.Neighbors;
using Denoise.Networks.Engines;
using Denoise.Parallel;

namespace Denoise.Training.Batches;

/// <summary>Evaluates an engine, the one that users run, on the atoms of one box and their periodic images.</summary>
internal sealed unsafe class CellEvaluator : IDisposable
{
    private readonly GhostShell _shell = new();
    private readonly NeighborListBuilder _builder;
    private readonly NeighborList _list = new();
    private readonly ShellHalo _halo;
    private readonly NativeBuffer<int> _species = new();

    /// <param name="pool">threads, borrowed</param>
    public CellEvaluator(WorkerPool pool) => (_builder, _halo) = (new(pool), new(_shell));

    /// <param name="engine">of the network</param>
    /// <param name="positions">[atoms, 3] in Å</param>
    /// <param name="species">[atoms] the network's numbers of them</param>
    /// <param name="box">with what is periodic</param>
    /// <param name="outputs">by head of the engine: [atoms, its dimension], or null where it is not asked for</param>
    public void Evaluate(IEngine engine, double* positions, ReadOnlySpan<int> species, Box box, float** outputs)
    {
        double cutoff = engine.Model.Cutoff;
        _shell.Build(positions, species.Length, box, cutoff);
        _builder.Build(_shell.View, cutoff, _list);
        _species.Resize(_shell.View.Count);
        for (int i = 0; i < _shell.View.Count; i++)
            _species[i] = species[i < species.Length ? i : _shell.Owners[i - species.Length]];
        engine.Evaluate(_shell.View, _species.Pointer, _list, _halo, outputs);
    }

    public void Dispose()
    {
        _builder.Dispose();
        _list.Dispose();
        _shell.Dispose();
        _species.Dispose();
    }
}
