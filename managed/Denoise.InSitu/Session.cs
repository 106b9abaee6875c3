using Denoise.Atoms;
using Denoise.Atoms.Memory;
using Denoise.Atoms.Threading;
using Denoise.Devices;
using Denoise.InSitu.Analyses;
using Denoise.InSitu.Denoising;
using Denoise.InSitu.Frames;
using Denoise.InSitu.LengthScale;
using Denoise.InSitu.Results;
using Denoise.InSitu.Timing;
using Denoise.Neighbors.Cells;
using Denoise.Parallel;

namespace Denoise.InSitu;

/// <summary>
/// Denoises frames and identifies their structures: scale, graph, denoise, identify, reduce. Owns the model, the threads and every
/// buffer that is kept between frames. Construction and <see cref="Process"/> are collective: every rank succeeds or every rank
/// gets a <see cref="SessionException"/>. One call at a time.
/// </summary>
public sealed unsafe class Session : IDisposable
{
    private readonly SessionSettings _settings;
    private readonly ICommunicator _communicator;
    private readonly WorkerPool _pool;
    private readonly CellGrid _grid;
    private readonly MemoryBudget _budget;
    private readonly Particles _particles;
    private readonly Surroundings _surroundings;
    private readonly Identification _identification;
    private readonly Denoiser? _denoiser;
    private readonly SessionAnalyses _analyses;
    private readonly Reduction _reduction;
    private readonly FrameResult _result = new();
    private readonly ResultWriter _writer;
    private readonly string? _notice;
    private readonly Device? _device;
    private readonly FrameStep _take;
    private readonly FrameStep _identify;
    private readonly FrameStep _identifyDenoised;

    /// <summary>Loads the model and decides everything that does not depend on a frame. Collective.</summary>
    /// <exception cref="SessionException">an option is wrong, a file cannot be read, or the ranks disagree</exception>
    public Session(SessionOptions options, ICommunicator? communicator = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        (_take, _identify, _identifyDenoised) = (Take, Identify, IdentifyDenoised);
        _communicator = new TimedCommunicator(communicator ?? SerialCommunicator.Instance, _result.Times);
        bool isMade = false;
        try
        {
            _settings = new(options);
            _pool = new(options.Threads);
            _grid = new(_pool) { OrdersRows = options.HasFixedOrder };
            _analyses = new(_settings, _pool, _grid, _communicator, _result.Times);
            _result.Name(Structures);
            _reduction = new(Structures.Count);
            bool asksForLogits = _analyses.AskForLogits || _settings.Classification == Classification.Model;
            if (_settings.Model is { Origin: var origin } && !_settings.Moves && !asksForLogits)
                throw new SessionException(SessionError.Argument, $"max_iterations, classify: {origin} has nothing to do where it moves " +
                    "no atom and names none; let it name them, or leave it out.");
            EngineSelection engines = EngineSelection.Create(_settings, _pool, _grid, _communicator);
            (_notice, _device) = (engines.Notice, engines.Device);
            if (engines.Engine is { } engine)
                _denoiser = new(engine, engines.Reserve, _settings, asksForLogits, NameRaw, _pool, _grid, _communicator, _result);

            (_result.Columns, _result.Globals) = (_analyses.Columns, _analyses.Globals);
            _budget = new(_settings, sizeof(float) * _denoiser?.SingleHaloWidth ?? 0,
                _analyses.BytesPerAtom + (_denoiser?.BytesPerAtom ?? 0), new MachineMemory());
            _particles = new(_pool, _grid, _budget);
            _surroundings = new(_settings, _pool, _grid, _communicator, _result, _analyses.Cutoff);
            _identification = new(_settings, _pool, _grid, _device);
            _writer = new(_pool, _result, options.ReturnsMoves);
            isMade = true;
            Agreement.Reach(_communicator, null);
            Agreement.RequireEqual(_communicator, _settings.Fingerprint(_denoiser));
        }
        catch (Exception failure)
        {
            // What another rank has told all has met this one in an agreement.
            if (!isMade && failure is not SessionException { Error: SessionError.OtherRank })
                Agreement.Fail(_communicator);
            Dispose();
            throw SessionException.From(failure);
        }
    }

    public SessionInfo Info => new(
        _settings.Model?.Cutoff ?? 0,
        _denoiser?.SingleHaloWidth ?? 0,
        Math.Max(_denoiser?.DoubleHaloWidth ?? 0, _analyses.ExchangeWidth),
        _settings.Model?.SpeciesCount ?? 0,
        _surroundings.GhostCutoffNeeded / _settings.Options.LengthUnit,
        _surroundings.GhostCutoffWanted / _settings.Options.LengthUnit);

    /// <summary>Whether atoms are moved: there is a model that does, and it may.</summary>
    public bool Moves => _settings.Moves;

    /// <summary>How structures are identified: never <see cref="Classification.Automatic"/>.</summary>
    public Classification Classification => _settings.Classification;

    /// <summary>That atoms may be named; <see cref="FrameResult.Counts"/> are of these.</summary>
    public IReadOnlyList<NamedStructure> Structures => _analyses.Naming?.Structures ?? _settings.Structures;

    /// <summary>What the analyses compute for every atom; the rows are those of the last frame.</summary>
    public IReadOnlyList<ResultColumn> Columns => _analyses.Columns;

    /// <summary>What the analyses compute of a frame; the values are those of the last.</summary>
    public IReadOnlyList<ResultGlobal> Globals => _analyses.Globals;

    /// <summary>Denoises and identifies one frame. Collective.</summary>
    /// <returns>the session's own result, valid until the next call</returns>
    /// <exception cref="SessionException">
    /// on all ranks if on one: the cause there, <see cref="SessionError.OtherRank"/> elsewhere
    /// </exception>
    public FrameResult Process(in FrameInput frame)
    {
        _result.Times.Start();
        _result.Warnings = FrameWarnings.None;
        _result.NoticeList.Clear();
        (_result.Outside, _result.LargestMove) = (default, 0);
        (_result.Iterations, _result.LargestPrediction, _result.Scale) = (0, 0, 1);

        Exception? failure = Guard(Stage.Other, frame, _take);
        _surroundings.Agree(frame, _particles, failure);
        _result.Scale = _surroundings.FindScale(frame, _particles, _identification.TypesOnTheWay);
        _result.TypicalDistance = _surroundings.Typical > 0 ? _surroundings.Typical : 0;
        failure = Guard(Stage.Identify, frame, _identify);
        Analyze(ref failure, ofRaw: true);
        if (_denoiser is not null)
        {
            _denoiser.Run(frame, _particles, _result.Scale, failure);
            failure = Guard(Stage.Identify, frame, _identifyDenoised);
        }

        Analyze(ref failure, ofRaw: false);
        Report(frame, failure);
        return _result;
    }

    /// <summary>
    /// For a caller whose frame is so wrong that it cannot be handed to <see cref="Process"/>: tells the other ranks, who are
    /// there, that this one has failed. Collective with their Process.
    /// </summary>
    public void Abstain() => _surroundings.Abstain();

    /// <summary>Ghosts that this rank may have beside so many atoms of its own, before memory is short.</summary>
    public long MostGhosts(int atoms) => _budget.MostGhosts(atoms);

    public void Dispose()
    {
        _denoiser?.Dispose();
        _analyses?.Dispose();
        _identification?.Dispose();
        _surroundings?.Dispose();
        _particles?.Dispose();
        _grid?.Dispose();
        _result.Dispose();
        _device?.Dispose();
        _pool?.Dispose();
    }

    private delegate void FrameStep(in FrameInput frame);

    /// <summary>Runs a step that is not collective; returns what went wrong, for the next agreement between the ranks.</summary>
    private Exception? Guard(Stage stage, in FrameInput frame, FrameStep step)
    {
        Stage before = _result.Times.Enter(stage);
        try
        {
            step(frame);
            return null;
        }
        catch (Exception failure)
        {
            return FrameCheck.Explain(frame, _particles, failure);
        }
        finally
        {
            _result.Times.Enter(before);
        }
    }

    private void Take(in FrameInput frame)
    {
        FrameCheck.Check(frame, _communicator.Size, _settings.Options.LengthUnit, _settings.Species);
        _particles.Take(frame, _settings.Options.LengthUnit, _settings.Species);
        _result.Resize(frame.LocalCount);
        _identification.Types.Resize(_particles.LocalCount);
    }

    private void Identify(in FrameInput frame)
    {
        if (!_surroundings.AreIdentified)
            _identification.Run(_particles, _surroundings.IdentificationRange);
        _writer.KeepRawTypes(_particles, _identification.Types);
        // Images are there only now.
        _analyses.Take(frame, _particles);
    }

    private void IdentifyDenoised(in FrameInput frame)
    {
        _denoiser!.Field.ToAngstrom();
        if (_settings.Classification == Classification.Model)
            _identification.Name(_particles.LocalCount, _denoiser.Logits);
        else
            _identification.Run(_particles, _surroundings.IdentificationRange);
    }

    /// <summary>What the network says of the positions as they came, while it has been asked no more.</summary>
    private void NameRaw()
    {
        if (_settings.Classification != Classification.Model)
            return;
        _identification.Name(_particles.LocalCount, _denoiser!.Logits);
        _writer.KeepRawTypes(_particles, _identification.Types);
    }

    /// <summary>Collective, where there are such analyses; a failure so far then fails here, on all ranks.</summary>
    private void Analyze(ref Exception? failure, bool ofRaw)
    {
        bool isNaming = _settings.Classification == Classification.Analysis, keepsRaw = isNaming && ofRaw == _denoiser is not null;
        if (!_analyses.Any(ofRaw) && !keepsRaw)
            return;
        Stage before = _result.Times.Enter(Stage.Identify);
        Agreement.Reach(_communicator, failure);
        _analyses.Show(_particles, _surroundings.Reach, _surroundings.IdentificationRange, _result.TypicalDistance);
        // A network names while it denoises: there are no names before.
        bool isIdentified = _settings.Classification != Classification.None && !(ofRaw && _settings.Classification == Classification.Model);
        if (isNaming && (keepsRaw || !ofRaw))
            _analyses.Name(_particles, _identification.Types);
        if (keepsRaw)
            _writer.KeepRawTypes(_particles, _identification.Types);
        _analyses.Run(_particles, ofRaw, _identification.Types, isIdentified, _denoiser is null ? null : _denoiser.Logits);
        failure = null;
        _result.Times.Enter(before);
    }

    /// <summary>Fills the rows of the result and sums over the ranks.</summary>
    private void Report(in FrameInput frame, Exception? failure)
    {
        Agreement.Reach(_communicator, failure);
        _result.Times.Enter(Stage.Output);
        double toHost = 1 / (_result.Scale * _settings.Options.LengthUnit);
        double* displacements = _denoiser is null ? null : _denoiser.Field.Displacements;
        _writer.Write(frame, _identification.Types, displacements, toHost, _reduction);
        if ((_denoiser?.Notice ?? _notice) is { } notice)
            _result.NoticeList.Add(notice);
        _analyses.File(frame, _particles, _result.NoticeList);
        (_reduction.Outside, _reduction.AtomsPresent) = (_denoiser?.Outside ?? default, frame.LocalCount);
        _reduction.Sum(_communicator);
        _result.SetCounts(_reduction.Counts, _reduction.RawCounts);
        _result.RmsDisplacement = _reduction.RootMeanSquare * toHost;
        if (_denoiser is not null)
        {
            _result.Outside = _reduction.Outside;
            _result.LargestMove = _denoiser.Limits.LargestMove * toHost;
            _result.Warnings = _result.Outside.Warnings;
            if (_surroundings.FallsShort(_denoiser.LargestDisplacement / _result.Scale))
                _result.Warnings |= FrameWarnings.GhostsShort;
        }

        if (_reduction.AtomsCounted == 0 && _reduction.AtomsPresent > 0)
            _result.Warnings |= FrameWarnings.NothingSeen;
        _result.Times.Enter(Stage.Other);
    }
}
