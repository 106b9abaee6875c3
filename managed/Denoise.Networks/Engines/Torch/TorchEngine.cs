using Denoise.Atoms.Memory;
using Denoise.Atoms.Threading;
using Denoise.Neighbors;
using Denoise.Neighbors.Cells;
using Denoise.Networks.Models;
using Denoise.Parallel;

namespace Denoise.Networks.Engines.Torch;

/// <summary>
/// A TorchScript module as an engine, evaluated by libtorch. It exchanges nothing between layers, so ghosts of a host must reach
/// <see cref="IModel.Reach"/>; all atoms are evaluated every time.
/// </summary>
public sealed unsafe class TorchEngine : IEngine
{
    private const string RanksCard = "cuda";

    private readonly TorchScriptModel _model;
    private readonly TorchLibrary _library;
    private readonly TorchGraph _graph;
    private readonly NativeBuffer<int> _widths = new();
    private nint _module;

    /// <param name="model">of a file that is still there</param>
    /// <param name="device">cpu, cuda (the one of this rank: they are dealt out on a machine) or cuda:N</param>
    /// <param name="place">of this process among those of its machine, from 0</param>
    /// <param name="threads">of libtorch</param>
    /// <param name="pool">threads, borrowed</param>
    /// <param name="grid">to sort atoms with, borrowed</param>
    /// <exception cref="Atoms.InputException">no libtorch, one that does not fit, or a module that it cannot load: one sentence</exception>
    public TorchEngine(TorchScriptModel model, string device, int place, int threads, WorkerPool pool, CellGrid grid)
    {
        _model = model;
        _library = TorchLibrary.Instance;
        _module = _library.Open(model.Origin, device == RanksCard ? $"{RanksCard}#{place}" : device, threads);
        _graph = new(model.Cutoff, model.Layers, model.TakesShifts, pool, grid);
        _widths.Resize(model.Heads.Count);
        for (int h = 0; h < model.Heads.Count; h++)
            _widths[h] = model.Heads[h].Dimension;
    }

    public IModel Model => _model;

    public int HaloWidth => 0;

    public int BytesPerAtom => _model.BytesPerAtom;

    public long MemoryBytes => _graph.MemoryBytes;

    public void Evaluate(ParticleView particles, int* species, NeighborList neighbors, IHalo halo, float** outputs, byte* active = null)
    {
        if (particles.LocalCount == 0)
            return;
        _graph.Build(particles, species, neighbors, halo);
        TorchCall call = new()
        {
            AtomCount = _graph.AtomCount,
            OwnedCount = particles.LocalCount,
            EdgeCount = _graph.EdgeCount,
            Positions = _graph.Positions.Pointer,
            Species = _graph.Species.Pointer,
            Edges = _graph.Edges.Pointer,
            Vectors = _graph.Vectors.Pointer,
            Widths = _widths.Pointer,
            Outputs = outputs,
            HeadCount = _model.Heads.Count,
            IsDouble = _model.IsDouble ? 1 : 0,
            NeedsGradients = _model.NeedsGradients ? 1 : 0,
        };
        _library.Forward(_module, &call, _model.Origin);
    }

    public void Dispose()
    {
        if (_module != 0)
            _library.Close(_module);
        _module = 0;
        _graph.Dispose();
        _widths.Dispose();
    }
}
