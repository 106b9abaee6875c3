using Denoise.Atoms.Memory;
using Denoise.Atoms.Threading;
using Denoise.Devices;
using Denoise.InSitu.Frames;
using Denoise.Neighbors.Cells;
using Denoise.Structure;
using Denoise.Structure.Device;

namespace Denoise.InSitu.Results;

/// <summary>Names the structures of a frame's owned atoms, where they are.</summary>
internal sealed unsafe class Identification : IDisposable
{
    private readonly IStructureIdentifier? _identifier;
    private readonly bool _mustBeOnDevice;
    private IStructureIdentifier? _onDevice;
    private readonly ModelNaming? _naming;
    private readonly ReferenceNaming? _references;

    /// <param name="settings">the method</param>
    /// <param name="pool">threads, borrowed</param>
    /// <param name="grid">to sort atoms with, borrowed</param>
    /// <param name="device">to name atoms with by common neighbors, borrowed; null: the processor does</param>
    public Identification(SessionSettings settings, WorkerPool pool, CellGrid grid, Device? device)
    {
        SessionOptions options = settings.Options;
        double cutoff = options.CnaCutoff * options.LengthUnit;
        _identifier = settings.Classification switch
        {
            Classification.AdaptiveCommonNeighbors => new AdaptiveCommonNeighborAnalysis(pool, grid),
            Classification.CommonNeighbors => new CommonNeighborAnalysis(pool, cutoff, grid),
            _ => null,
        };
        _mustBeOnDevice = options.Device.Kind is not null;
        if (device is not null && _identifier is not null)
            _onDevice = new DeviceIdentifier(device, _identifier is CommonNeighborAnalysis ? cutoff : null);
        _references = settings.Classification == Classification.References ? new(settings, pool, grid) : null;
        _naming = settings.Classification == Classification.Model ? new(pool, settings.Classes!) : null;
    }

    /// <summary>[nLocal], for the caller to resize when there is a new frame.</summary>
    public NativeBuffer<int> Types { get; } = new();

    /// <summary>
    /// Where a search for the nearest neighbors of owned atoms can leave their structures on its way: <see cref="Types"/>, if the
    /// method is adaptive common neighbor analysis, or null.
    /// </summary>
    public int* TypesOnTheWay => _identifier is AdaptiveCommonNeighborAnalysis ? Types.Pointer : null;

    /// <summary>By where atoms are, where the method goes by that; else all are "other".</summary>
    /// <param name="particles">in Å</param>
    /// <param name="range">Å</param>
    public void Run(Particles particles, double range)
    {
        if (_references is not null)
            _references.Run(particles, Types.Pointer);
        else if (_identifier is null || particles.LocalCount == 0)
            Types.Clear();
        else if (!TryOnDevice(particles, range))
            _identifier.Identify(particles.View, range, Types.Pointer);
    }

    /// <summary>By what the network says, where that is the method.</summary>
    /// <param name="atoms">owned</param>
    /// <param name="logits">[atoms, classes]</param>
    public void Name(int atoms, float* logits) => _naming?.Run(logits, atoms, Types.Pointer);

    /// <summary>The same labels by the device. Where it fails and need not be used, the processor has named all from then on.</summary>
    private bool TryOnDevice(Particles particles, double range)
    {
        try
        {
            _onDevice?.Identify(particles.View, range, Types.Pointer);
        }
        catch (DeviceException) when (!_mustBeOnDevice)
        {
            _onDevice!.Dispose();
            _onDevice = null;
        }

        return _onDevice is not null;
    }

    public void Dispose()
    {
        _onDevice?.Dispose();
        _identifier?.Dispose();
        _references?.Dispose();
        Types.Dispose();
    }
}
