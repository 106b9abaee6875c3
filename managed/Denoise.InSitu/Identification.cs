using Denoise.Atoms.Memory;
using Denoise.Atoms.Threading;
using Denoise.Neighbors.Cells;
using Denoise.Structure;

namespace Denoise.InSitu;

/// <summary>Names the structures of a frame's owned atoms, where they are.</summary>
internal sealed unsafe class Identification : IDisposable
{
    private readonly IStructureIdentifier? _identifier;

    /// <param name="options">the method</param>
    /// <param name="pool">threads, borrowed</param>
    /// <param name="grid">to sort atoms with, borrowed</param>
    public Identification(SessionOptions options, WorkerPool pool, CellGrid grid) => _identifier = options.Classification switch
    {
        Classification.AdaptiveCommonNeighbors => new AdaptiveCommonNeighborAnalysis(pool, grid),
        Classification.CommonNeighbors => new CommonNeighborAnalysis(pool, options.CnaCutoff * options.LengthUnit, grid),
        _ => null,
    };

    /// <summary>[nLocal] of the last <see cref="Run"/>.</summary>
    public NativeBuffer<int> Types { get; } = new();

    /// <param name="particles">in Å</param>
    /// <param name="range">Å</param>
    public void Run(Particles particles, double range)
    {
        Types.Resize(particles.LocalCount);
        if (_identifier is null || particles.LocalCount == 0)
            Types.Clear();
        else
            _identifier.Identify(particles.View, range, Types.Pointer);
    }

    public void Dispose()
    {
        _identifier?.Dispose();
        Types.Dispose();
    }
}
