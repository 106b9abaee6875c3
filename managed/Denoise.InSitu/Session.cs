using Denoise.Atoms.Threading;
using Denoise.Networks.Engines;
using Denoise.Networks.Engines.Reference;
using Denoise.Parallel;

namespace Denoise.InSitu;

/// <summary>
/// Denoises frames and identifies their structures: scale, graph, denoise, identify, reduce. Owns the model, the threads and every
/// buffer that is kept between frames. Construction and <see cref="Process"/> are collective: every rank succeeds or every rank
/// gets a <see cref="SessionException"/>. One call at a time.
/// </summary>
public sealed unsafe class Session : IDisposable
{
    private readonly SessionSettings _settings = null!;
    private readonly ICommunicator _communicator;
    private readonly WorkerPool _pool = null!;
    private readonly Particles _particles = new();
    private readonly Surroundings _surroundings = null!;
    private readonly Identification _identification = null!;
    private readonly Denoiser? _denoiser;
    private readonly Reduction _reduction = new();
    private readonly FrameResult _result = new();

    /// <summary>Loads the model and decides everything that does not depend on a frame. Collective.</summary>
    /// <exception cref="SessionException">an option is wrong, a file cannot be read, or the ranks disagree</exception>
    public Session(SessionOptions options, ICommunicator? communicator = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        _communicator = new TimedCommunicator(communicator ?? SerialCommunicator.Instance, _result.Times);
        Exception? failure = null;
        try
        {
            _settings = new(options);
            _pool = new(options.Threads);
            _surroundings = new(_settings, _pool, _communicator, _result.Times);
            _identification = new(options, _pool);
            if (_settings.Model is { } model)
            {
                IEngine engine = options.Engine == EngineKind.Reference ? new ReferenceEngine(model) : EngineFactory.Create(model, _pool);
                _denoiser = new(engine, _pool, _communicator, _result.Times);
            }
        }
        catch (Exception e)
        {
            failure = e;
        }

        try
        {
            Agreement.Reach(_communicator, failure);
            Agreement.RequireEqual(_communicator, _settings.Fingerprint(_denoiser));
        }
        catch (Exception)
        {
            Dispose();
            throw;
        }
    }

    public SessionInfo Info => new(
        _settings.Model?.Config.Cutoff ?? 0,
        _denoiser?.SingleHaloWidth ?? 0,
        _denoiser?.DoubleHaloWidth ?? 0,
        _settings.Model?.SpeciesCount ?? 0,
        _surroundings.GhostCutoffNeeded / _settings.Options.LengthUnit);

    /// <summary>Denoises and identifies one frame. Collective.</summary>
    /// <returns>the session's own result, valid until the next call</returns>
    /// <exception cref="SessionException">
    /// on all ranks if on one: the cause there, <see cref="SessionError.OtherRank"/> elsewhere
    /// </exception>
    public FrameResult Process(in FrameInput frame)
    {
        _result.Times.Start();
        _result.Warnings = FrameWarnings.None;
        (_result.Iterations, _result.LargestPrediction, _result.Scale) = (0, 0, 1);

        Exception? failure = Take(frame);
        _surroundings.Agree(frame, _particles, failure);
        _result.Scale = _surroundings.FindScale(frame, _particles);
        failure = Identify(before: true);
        if (_denoiser is not null)
        {
            _denoiser.Run(frame, _particles, _result.Scale, _settings.Options, failure, _result);
            failure = Identify(before: false);
        }

        Reduce(frame, failure);
        return _result;
    }

    /// <summary>
    /// For a caller whose frame is so wrong that it cannot be handed to <see cref="Process"/>: tells the other ranks, who are
    /// there, that this one has failed. Collective with their Process.
    /// </summary>
    public void Abstain() => _surroundings.Abstain();

    public void Dispose()
    {
        _denoiser?.Dispose();
        _identification?.Dispose();
        _surroundings?.Dispose();
        _particles.Dispose();
        _result.Dispose();
        _pool?.Dispose();
    }

    private Exception? Take(in FrameInput frame)
    {
        try
        {
            FrameCheck.Check(frame, _communicator.Size, _settings.Species);
            _particles.Take(frame, _settings.Options.LengthUnit, _settings.Species);
            _result.Resize(frame.LocalCount);
            return null;
        }
        catch (Exception e)
        {
            return e;
        }
    }

    private Exception? Identify(bool before)
    {
        Stage left = _result.Times.Enter(Stage.Identify);
        try
        {
            if (before)
                _identification.Before(_particles, _surroundings.IdentificationRange);
            else
                _identification.After(_particles, _denoiser!.Field, _surroundings.IdentificationRange);
            return null;
        }
        catch (Exception e)
        {
            return e;
        }
        finally
        {
            _result.Times.Enter(left);
        }
    }

    /// <summary>Fills the rows of the frame and sums over the ranks.</summary>
    private void Reduce(in FrameInput frame, Exception? failure)
    {
        Agreement.Reach(_communicator, failure);
        _result.Times.Enter(Stage.Output);
        double unit = _settings.Options.LengthUnit, toHost = 1 / (_result.Scale * unit);
        _reduction.Clear();
        _result.Reset(frame.Positions);
        for (int i = 0; i < _particles.LocalCount; i++)
        {
            int row = _particles.Rows[i];
            if (frame.Selection.Length != 0 && frame.Selection[row] == 0)
                continue;
            int rawType = _identification.TypesBefore[i], type = rawType;
            double length2 = 0;
            if (_denoiser is not null)
            {
                type = _identification.TypesAfter[i];
                double* d = _denoiser.Field.Displacements + 3L * i;
                length2 = d[0] * d[0] + d[1] * d[1] + d[2] * d[2];
                _result.Move(row, d, toHost, length2);
            }

            (_result.TypeRows[row], _result.RawTypeRows[row]) = (type, rawType);
            _reduction.Add(type, rawType, length2);
        }

        _reduction.Sum(_communicator);
        _result.SetCounts(_reduction.Counts, _reduction.RawCounts);
        _result.RmsDisplacement = _reduction.RootMeanSquare * toHost;
        if (_denoiser is not null && _surroundings.FallsShort(_denoiser.LargestDisplacement / _result.Scale))
            _result.Warnings |= FrameWarnings.GhostsShort;
        _result.Times.Enter(Stage.Other);
    }
}
