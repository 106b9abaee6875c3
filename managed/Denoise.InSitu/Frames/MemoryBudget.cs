using Denoise.Atoms.Memory;

namespace Denoise.InSitu.Frames;

/// <summary>
/// What frames may take, looked at before a buffer grows: the arithmetic of CONTRIBUTING's "Memory of a frame" against the limit of
/// the options, or what the machine has when a frame needs more than any before it.
/// </summary>
internal sealed class MemoryBudget
{
    // Results, positions, rows, species, displacements and steps, whether it rests, types; a sorted atom with its cell; a row of the list
    // without neighbors.
    private const double BytesPerAtom = 40 + 24 + 8 + 40 + 5 + 4 + 60 + 12;

    // Position, species, owner, sorted with its cell.
    private const double BytesPerGhost = 24 + 8 + 60;

    // Displacements of the ghosts of a host.
    private const double BytesPerHostGhost = 40;
    private const double BytesPerNeighbor = 4;

    // Of the atoms' rows of features, those that are kept at a time where ghosts are images made here.
    private const double FeatureShare = 0.4;

    // Buffers are made a tenth larger than they have to be, and threads have their own.
    private const double Margin = 1.15;
    private const double BytesPerThread = 4 << 20;

    private readonly long _limit;
    private readonly MachineMemory _machine;
    private readonly double _neighbors;
    private readonly double _featureBytes;
    private readonly double _analysisBytes;
    private readonly double _fixed;

    // What this session has been let have; it holds about as much.
    private double _granted;

    /// <param name="settings">of the session</param>
    /// <param name="featureBytes">of an atom's row of features; 0 without a network</param>
    /// <param name="analysisBytes">that analyses hold of an atom or ghost</param>
    /// <param name="machine">asked where the options name no limit</param>
    public MemoryBudget(SessionSettings settings, int featureBytes, int analysisBytes, MachineMemory machine)
    {
        (_limit, _machine, _featureBytes, _analysisBytes) = (settings.Options.MemoryLimit, machine, featureBytes, analysisBytes);
        _neighbors = settings.Model?.NeighborCount ?? 0;
        _fixed = settings.Options.Threads * BytesPerThread;
    }

    /// <summary>Bytes that the lists of neighbors may take, of what is left beside a frame that was let in.</summary>
    public long ForLists { get; private set; } = long.MaxValue;

    /// <summary>Lets a frame in, or says what it needs, what there is, and what can be done.</summary>
    /// <param name="step">for the message</param>
    /// <param name="atoms">of this rank</param>
    /// <param name="ghosts">of the host, or images to be made here</param>
    /// <param name="areImages">the latter</param>
    /// <exception cref="SessionException">there is not enough memory</exception>
    public void Require(long step, long atoms, long ghosts, bool areImages)
    {
        double needed = Bytes(atoms, ghosts, areImages);
        if (needed <= _granted)
            return;
        double limit = Limit;
        if (needed > limit)
        {
            string remedy = areImages && ghosts > 8 * atoms
                ? "is the box right, or the cutoff too large for it?"
                : _limit > 0 ? "allow more, or use more ranks." : "use a machine with more, or more ranks on several.";
            throw new SessionException(SessionError.Memory,
                $"step {step}: {atoms} atoms and {ghosts} {(areImages ? "periodic images" : "ghosts")} need about " +
                $"{MemorySize.Format(needed)} of memory, and {Source(limit)}: {remedy}");
        }

        _granted = needed;
        ForLists = (long)Math.Min(limit - needed + _fixed + BytesPerNeighbor * _neighbors * atoms, long.MaxValue / 2);
    }

    /// <summary>Ghosts that a rank may have beside its atoms.</summary>
    public long MostGhosts(long atoms) =>
        (long)Math.Clamp((Limit - Bytes(atoms, 0, areImages: false)) / (Bytes(0, 1, areImages: false) - _fixed), 0, int.MaxValue);

    private double Limit => _limit > 0 ? _limit : _granted + _machine.Available();

    private string Source(double limit) => _limit > 0
        ? $"no more than {MemorySize.Format(limit)} may be used"
        : $"{MemorySize.Format(limit)} are left on this machine for this process";

    private double Bytes(long atoms, long ghosts, bool areImages)
    {
        double features = areImages ? FeatureShare * _featureBytes * atoms : _featureBytes * (2.0 * atoms + ghosts);
        double host = areImages ? 0 : BytesPerHostGhost * ghosts;
        double analyses = _analysisBytes * ((double)atoms + ghosts);
        return _fixed
            + Margin * ((BytesPerAtom + BytesPerNeighbor * _neighbors) * atoms + BytesPerGhost * ghosts + host + features + analyses);
    }
}
