using Denoise.Atoms.Memory;
using Denoise.Atoms.Threading;
using Denoise.Neighbors;
using Denoise.Structure;

namespace Denoise.InSitu;

/// <summary>Structure types of a frame's owned atoms before and after denoising.</summary>
internal sealed unsafe class Identification : IDisposable
{
    private readonly IStructureIdentifier? _identifier;
    private readonly NativeBuffer<int> _before = new();
    private readonly NativeBuffer<int> _after = new();

    public Identification(SessionOptions options, WorkerPool pool) => _identifier = options.Classification switch
    {
        Classification.AdaptiveCommonNeighbors => new AdaptiveCommonNeighborAnalysis(pool),
        Classification.CommonNeighbors => new CommonNeighborAnalysis(pool, options.CnaCutoff * options.LengthUnit),
        _ => null,
    };

    /// <summary>[nLocal]</summary>
    public NativeBuffer<int> TypesBefore => _before;

    /// <summary>[nLocal]</summary>
    public NativeBuffer<int> TypesAfter => _after;

    /// <param name="particles">in Å</param>
    /// <param name="range">Å</param>
    public void Before(Particles particles, double range) => Identify(particles.View, range, _before);

    /// <summary>Leaves the field's positions in Å.</summary>
    /// <param name="particles">of the frame</param>
    /// <param name="field">where they have moved to</param>
    /// <param name="range">Å</param>
    public void After(Particles particles, DisplacementField field, double range)
    {
        if (_identifier is not null)
            field.ToAngstrom();
        Identify(new(field.Positions, particles.LocalCount, particles.GhostCount), range, _after);
    }

    public void Dispose()
    {
        _identifier?.Dispose();
        _before.Dispose();
        _after.Dispose();
    }

    private void Identify(ParticleView view, double range, NativeBuffer<int> types)
    {
        types.Resize(view.LocalCount);
        if (_identifier is null || view.LocalCount == 0)
            types.Clear();
        else
            _identifier.Identify(view, range, types.Pointer);
    }
}
