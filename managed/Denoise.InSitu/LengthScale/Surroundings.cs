using Denoise.Atoms.Threading;
using Denoise.InSitu.Frames;
using Denoise.InSitu.Timing;
using Denoise.Neighbors;
using Denoise.Neighbors.Cells;
using Denoise.Parallel;

namespace Denoise.InSitu.LengthScale;

/// <summary>
/// How far a frame's atoms see: the reach of the ghosts that all ranks have, the typical distance between neighbors, the length
/// scale that follows from it, and whether the ghosts reach as far as the network looks. Lengths in Å.
/// </summary>
internal sealed class Surroundings : IDisposable
{
    /// <summary>
    /// Structures are identified within this many typical distances (means over the 13 nearest), although ghosts may reach further:
    /// about 34 atoms in a crystal, 17 at a surface, and the same however the atoms are shared out.
    /// </summary>
    private const double IdentificationReach = 1.75;

    /// <summary>By so many typical distances atoms may move, and images of a periodic box still reach as far for identification.</summary>
    private const double AllowedMove = 0.4;

    /// <summary>The 14 nearest atoms of nearly every atom of a crystal or a melt lie within this many typical distances.</summary>
    private const double LeastReach = 1.6;

    /// <summary>
    /// First guess for the ghosts of a periodic box, in spacings (V/N)^(1/3) of the atoms where most of them are: in a crystal 2.6
    /// typical distances, so that the guess is usually enough.
    /// </summary>
    private const double FirstReach = 3;

    /// <summary>Every further guess is larger by this factor.</summary>
    private const double ReachGrowth = 1.5;

    private const int MostGuesses = 6;

    /// <summary>Images that reach further than needed by this factor, because a vacuum misled the guess, are dropped.</summary>
    private const double Excess = 1.5;

    /// <summary>
    /// What images of a periodic box are made beyond the cutoff, in model Å: pairs that approach each other while they are moved
    /// by up to half of it each are all there.
    /// </summary>
    private const double ShellMargin = 1.5;

    private readonly SessionSettings _settings;
    private readonly ICommunicator _communicator;
    private readonly StageTimes _times;
    private readonly TypicalLength _typicalLength;
    private readonly double _analysisCutoff;
    private readonly double[] _reduced = new double[2];

    // Within this distance of every owned atom all others are there: as the host says, or as images were made.
    private double _reach;
    private double _scale;
    private bool _makesImages;
    private bool _areIdentified;

    /// <param name="settings">of the session</param>
    /// <param name="pool">threads, borrowed</param>
    /// <param name="grid">to sort atoms with, borrowed</param>
    /// <param name="communicator">the ranks</param>
    /// <param name="result">its times; its rows of displacements, written last, are worked in</param>
    /// <param name="analysisCutoff">Å that analyses look</param>
    public Surroundings(SessionSettings settings, WorkerPool pool, CellGrid grid, ICommunicator communicator, FrameResult result,
        double analysisCutoff)
    {
        (_settings, _communicator, _times, _analysisCutoff) = (settings, communicator, result.Times, analysisCutoff);
        _typicalLength = new(pool, grid, communicator, result.DisplacementRows);
    }

    /// <summary>Distance in Å that the ghosts of the last frame had to reach; 0 before the first.</summary>
    public double GhostCutoffNeeded { get; private set; }

    /// <summary>
    /// Distance in Å that ghosts should reach for the last frame, where they are made for it: room for the network's atoms to move,
    /// and as far as structures are identified. The frame before has no part in it.
    /// </summary>
    public double GhostCutoffWanted { get; private set; }

    /// <summary>Mean distance to the 13 nearest in Å; NaN where it was not needed or there are too few atoms.</summary>
    public double Typical { get; private set; }

    /// <summary>Meets the other ranks after the frame was taken: all are well, and know the least reach of their ghosts.</summary>
    public void Agree(in FrameInput frame, Particles particles, Exception? failure)
    {
        double given = frame.GhostCutoff * _settings.Options.LengthUnit;
        Reduce(failure is null ? 0 : _communicator.Size - _communicator.Rank, given > 0 ? given : double.PositiveInfinity);
        Agreement.Conclude(_communicator, _reduced[0], failure);
        _reach = -_reduced[1];
        _makesImages = particles.OwnsGhosts;
        if (!MakesGhosts(particles))
            return;
        double range = given > 0 ? given : FirstReach * particles.FindSpacing();
        if (!(range > 0))
            throw new SessionException(SessionError.Input,
                $"step {frame.Step}: no distance between atoms can be told in a box of this size; check its edges.");
        MakeGhosts(particles, range);
    }

    /// <summary>The same for a rank without a frame.</summary>
    public void Abstain()
    {
        if (_communicator.Size > 1)
            Reduce(_communicator.Size - _communicator.Rank, double.PositiveInfinity);
    }

    /// <summary>
    /// The length scale. Then the ghosts reach as far as the network and the identifier look, or the call fails on all ranks.
    /// </summary>
    /// <param name="frame">for messages</param>
    /// <param name="particles">of the frame</param>
    /// <param name="types">[nLocal] receives structures where the same search finds them; null: not wanted</param>
    public unsafe double FindScale(in FrameInput frame, Particles particles, int* types)
    {
        _areIdentified = false;
        Stage before = _times.Enter(Stage.Scale);
        double scaleLength = _settings.Model?.ScaleLength ?? 0;
        _scale = _settings.Options.Scale > 0 ? _settings.Options.Scale : 1;
        bool known = scaleLength > 0 && !_settings.FindsScale;
        bool growing = MakesGhosts(particles) && frame.GhostCutoff == 0;
        Typical = known ? scaleLength / _scale : Measure(frame, particles, growing, types);
        if (_settings.FindsScale)
            _scale = Typical > 0 ? scaleLength / Typical : WithoutScale(frame);

        GhostCutoffNeeded = known || IsComplete ? LeastCutoff : NeededForNearest(frame, particles);
        double forNetwork = LeastCutoff + (_settings.Model is null ? 0 : ShellMargin / _scale);
        double forIdentification = Typical > 0 ? (IdentificationReach + 2 * AllowedMove) * Typical : 0;
        GhostCutoffWanted = Math.Max(forNetwork, forIdentification);
        // Where no distance is known they stay as they are.
        bool isExcessive = GhostCutoffWanted > 0 && IsComplete && _reach > Excess * GhostCutoffWanted;
        if (growing && (_reach < GhostCutoffWanted || isExcessive))
            MakeGhosts(particles, GhostCutoffWanted);
        RequireReach(frame);
        _times.Enter(before);
        return _scale;
    }

    /// <summary>
    /// Range in Å for identification, before and after: one atom that flies off must not shorten the sight of all.
    /// </summary>
    public double IdentificationRange =>
        Typical > 0 ? Math.Min(_reach, Math.Max(IdentificationReach * Typical, LeastCutoff)) : _reach;

    /// <summary>Å within which all neighbors of owned atoms are there.</summary>
    public double Reach => _reach;

    /// <summary>Whether <see cref="FindScale"/> has found the structures within that range.</summary>
    public bool AreIdentified => _areIdentified && _typicalLength.Decisive < IdentificationRange;

    /// <summary>
    /// Whether atoms that moved so far, in Å, may have met some that are no ghosts. If so, <see cref="GhostCutoffNeeded"/> grows to
    /// where they cannot.
    /// </summary>
    public bool FallsShort(double moved)
    {
        double needed = LeastCutoff + 2 * moved;
        if (_reach >= needed)
            return false;
        GhostCutoffNeeded = Math.Max(GhostCutoffNeeded, needed);
        return true;
    }

    public void Dispose() => _typicalLength.Dispose();

    /// <summary>Model Å. Images that are made here share the features of their owners, whatever evaluates the network.</summary>
    private double NetworkReach => (_makesImages ? _settings.Model?.Cutoff : _settings.Model?.Reach) ?? 0;

    /// <summary>What the network and analyses with a cutoff look at, Å.</summary>
    private double LeastCutoff => Math.Max(NetworkReach / _scale, Math.Max(_analysisCutoff, IdentifierCutoff));

    private double IdentifierCutoff => _settings.Classification switch
    {
        Classification.CommonNeighbors => _settings.Options.CnaCutoff * _settings.Options.LengthUnit,
        Classification.References => _settings.References!.Soap.Reach,
        _ => 0,
    };

    /// <summary>Whether the nearest neighbors that were sought are those that there are.</summary>
    private bool IsComplete =>
        double.IsPositiveInfinity(_reach) || _typicalLength.Complete == _typicalLength.Population || _reach >= LeastReach * Typical;

    /// <summary>
    /// Where not even one atom has its nearest neighbors within reach, the typical distance among the atoms that are there, near and
    /// far, tells what the ghosts must reach, for the scale and then for the network. Missing neighbors make it longer, never shorter.
    /// </summary>
    private unsafe double NeededForNearest(in FrameInput frame, Particles particles)
    {
        if (Typical > 0)
            return Math.Max(LeastCutoff, LeastReach * Typical);
        Exception? failure = null;
        double length = _typicalLength.Find(frame, particles, ScaleNeighbors, double.PositiveInfinity, null, ref failure, out _);
        Agreement.Reach(_communicator, failure);
        if (!(length > 0))
            return ReachGrowth * _reach;
        if (_settings.FindsScale && _settings.Model is { } model)
            return length * Math.Max(LeastReach, NetworkReach / model.ScaleLength);
        return Math.Max(LeastCutoff, LeastReach * length);
    }

    private int ScaleNeighbors => _settings.Model?.ScaleNeighbors ?? 13;

    private unsafe double Measure(in FrameInput frame, Particles particles, bool growing, int* types)
    {
        for (int guess = 1; ; guess++)
        {
            Exception? failure = null;
            double length = _typicalLength.Find(frame, particles, ScaleNeighbors, _reach, types, ref failure, out AtomPair closest);
            if (failure is null && AreInOnePlace(particles, closest, length))
                failure = new CoincidentAtomsException(closest);
            failure = FrameCheck.Explain(frame, particles, failure);
            Agreement.Reach(_communicator, failure);
            Typical = length;
            _areIdentified = true;
            if (!growing || IsComplete || guess == MostGuesses)
                return length;
            MakeGhosts(particles, ReachGrowth * _reach);
        }
    }

    /// <summary>Where most atoms are in pairs in one place, it is their spacing that tells, not the distances to the nearest.</summary>
    private static bool AreInOnePlace(Particles particles, AtomPair pair, double length)
    {
        if (!(pair.Distance < Coincidence.LargestDistance))
            return false;
        double spacing = particles.FindSpacing(), known = length > spacing ? length : spacing;
        return pair.Distance < Coincidence.Distance(known > 0 ? known : double.PositiveInfinity);
    }

    private double WithoutScale(in FrameInput frame)
    {
        if (_typicalLength.Population == 0 || !double.IsPositiveInfinity(_reach))
            return 1;
        throw new SessionException(SessionError.Input,
            $"step {frame.Step}: no scale can be found from {_typicalLength.Population} atoms without periodic images; give a scale.");
    }

    private void RequireReach(in FrameInput frame)
    {
        // Half a millionth: what is lost where a host's lengths are converted twice.
        if (_reach >= GhostCutoffNeeded * (1 - 5e-7))
            return;
        double unit = _settings.Options.LengthUnit;
        throw new SessionException(SessionError.Communication,
            $"step {frame.Step}: ghost atoms reach {_reach / unit:g6} and must reach {GhostCutoffNeeded / unit:g6} ({Purpose}).");
    }

    private string Purpose => GhostCutoffNeeded != LeastCutoff ? "the nearest neighbors from which the scale is found"
        : GhostCutoffNeeded == _analysisCutoff ? "the largest cutoff of the analyses"
        : GhostCutoffNeeded == IdentifierCutoff && _settings.References is not null ? "the reach of the references' descriptors"
        : _settings.Model is null ? "the cutoff of the common neighbor analysis"
        : NetworkReach > _settings.Model.Cutoff
            ? $"{NetworkReach / _settings.Model.Cutoff:g3} layers of the network's cutoff of {_settings.Model.Cutoff:g6} over the scale " +
                $"{_scale:g6}, for its features are not exchanged"
        : $"the network's cutoff of {_settings.Model.Cutoff:g6} over the scale {_scale:g6}";

    /// <summary>Nothing has no images.</summary>
    private static bool MakesGhosts(Particles particles) => particles is { OwnsGhosts: true, LocalCount: > 0 };

    private void MakeGhosts(Particles particles, double range)
    {
        Stage before = _times.Enter(Stage.Graph);
        particles.MakeGhosts(range);
        _times.Enter(before);
        _reach = range;
    }

    private void Reduce(double code, double ghostCutoff)
    {
        (_reduced[0], _reduced[1]) = (code, -ghostCutoff);
        _communicator.AllReduceMax(_reduced);
    }
}
