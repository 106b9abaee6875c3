using Denoise.Atoms.Memory;
using Denoise.Atoms.Threading;
using Denoise.Devices;
using Denoise.InSitu.Frames;
using Denoise.InSitu.Timing;
using Denoise.Neighbors;
using Denoise.Neighbors.Cells;
using Denoise.Networks.Engines;
using Denoise.Networks.Models;
using Denoise.Parallel;

namespace Denoise.InSitu.Denoising;

/// <summary>
/// Repeats r &lt;- r - prediction(r) (doi 10.1038/s41524-024-01337-z) for the atoms that still move, until none does on any rank
/// (<see cref="ActiveAtoms"/>) or the iterations are used up. Every rank makes the same exchanges in every iteration, a failing one too,
/// and one reduction at its end tells all whether to go on.
/// </summary>
internal sealed unsafe class Denoiser : IDisposable
{
    private IEngine _engine;
    private IEngine? _reserve;
    private readonly ICommunicator _communicator;
    private readonly VerletList _neighbors;
    private readonly FrameResult _result;
    private readonly StageTimes _times;
    private readonly HaloProtocol _protocol;
    private readonly double[] _reduced = new double[5];
    private readonly OutsideTally _tally;
    private readonly ActiveAtoms _active;
    private readonly SessionSettings _settings;
    private readonly NativeBuffer<float> _logitRows = new();
    private readonly NativeBuffer<double> _forces = new();
    private readonly bool _tellsForces;
    private readonly Action _nameRaw;
    private readonly int _displacement;
    private readonly int _logits;
    private int _oddDensity;

    /// <param name="engine">owned from now on</param>
    /// <param name="reserve">owned from now on: what goes on where the device of the other fails; null: the frame fails</param>
    /// <param name="settings">whether atoms are moved, how often and until when; else the network is evaluated once</param>
    /// <param name="asksForLogits">whether logits are kept; the network has them then</param>
    /// <param name="nameRaw">called when <see cref="Logits"/> are those of the positions as they came</param>
    /// <param name="pool">threads, borrowed</param>
    /// <param name="grid">to sort atoms with, borrowed</param>
    /// <param name="communicator">the ranks</param>
    /// <param name="result">receives what is known here; its rows of positions, written last, hold the predictions until then</param>
    public Denoiser(IEngine engine, IEngine? reserve, SessionSettings settings, bool asksForLogits, Action nameRaw, WorkerPool pool,
        CellGrid grid, ICommunicator communicator, FrameResult result)
    {
        (_settings, _nameRaw) = (settings, nameRaw);
        (_engine, _reserve, _communicator, _result, _times) = (engine, reserve, communicator, result, result.Times);
        Field = new(pool, isExact: grid.OrdersRows);
        _neighbors = new(pool, grid, engine.Model.Cutoff);
        Limits = new(engine.Model);
        _displacement = Head.IndexOf(engine.Heads, Head.Displacement);
        _logits = asksForLogits ? Head.IndexOf(engine.Heads, Head.Logits) : -1;
        _tellsForces = engine.Model is NequipModel { Forces: not null };
        _tally = new(pool, Limits);
        _active = new(pool);
        bool atomsRest = settings.Moves && settings.Tolerance >= 0 && settings.Options.MaxIterations > 1;
        _protocol = new(_times);
        // The engine in use last: its exchanges are those that are made.
        foreach (IEngine one in (IEngine[])(reserve is null ? [engine] : [reserve, engine]))
        {
            one.KeepsRows = atomsRest;
            _protocol.Record(one);
            BytesPerAtom = Math.Max(BytesPerAtom, one.BytesPerAtom + (one.KeepsRows ? one.KeptBytesPerAtom : 0));
        }

        BytesPerAtom += (_logits < 0 ? 0 : sizeof(float) * engine.Heads[_logits].Dimension) + (_tellsForces ? 3 * sizeof(double) : 0);
    }

    /// <summary>Why the processor computes although a device was asked for, beginning with "device:"; null: it does not.</summary>
    public string? Notice { get; private set; }

    /// <summary>Largest width, in floats, of an exchange.</summary>
    public int SingleHaloWidth => _protocol.LargestSingleWidth;

    /// <summary>Largest width, in doubles, of an exchange.</summary>
    public int DoubleHaloWidth => _protocol.LargestDoubleWidth;

    /// <summary>Where the atoms are after <see cref="Run"/>.</summary>
    public DisplacementField Field { get; }

    /// <summary>Largest |D| of any atom on any rank after <see cref="Run"/>, model Å.</summary>
    public double LargestDisplacement { get; private set; }

    /// <summary>[nLocal, classes] of the last iteration of <see cref="Run"/>; null: there was none, or nobody asks for them.</summary>
    public float* Logits => _logitRows.Length > 0 ? _logitRows.Pointer : null;

    /// <summary>Of logits, forces, and of what the engine holds between its passes.</summary>
    public int BytesPerAtom { get; }

    /// <summary>What the network can be trusted with.</summary>
    public ModelLimits Limits { get; }

    /// <summary>Atoms of this rank after <see cref="Run"/> that are outside of what the model knows.</summary>
    public OutsideCounts Outside { get; private set; }

    /// <summary>Denoises; fills the iterations and the largest prediction of the _result. Collective.</summary>
    /// <param name="frame">for messages</param>
    /// <param name="particles">with ghosts complete within the cutoff; their positions become model Å</param>
    /// <param name="scale">model Å per Å</param>
    /// <param name="failure">what already went wrong on this rank since the last agreement</param>
    public void Run(in FrameInput frame, Particles particles, double scale, Exception? failure)
    {
        Stage before = _times.Enter(Stage.Network);
        Begin(particles, scale, ref failure);
        bool goesOn = true;
        while (goesOn)
        {
            double largest = 0, moved = 0;
            Iterate(frame, particles, ref failure, ref largest, ref moved);
            (_reduced[0], _reduced[1]) = (Code(failure), largest);
            (_reduced[2], _reduced[3], _reduced[4]) = (moved, Field.LargestMove, _active.Count);
            _communicator.AllReduceMax(_reduced);
            if (Agreement.IsLack(_reduced[0]))
            {
                Retreat(failure);
                failure = null;
                Begin(particles, scale, ref failure);
                continue;
            }

            Agreement.Conclude(_communicator, _reduced[0], failure);

            _result.Iterations += _settings.Moves ? 1 : 0;
            (_result.LargestPrediction, LargestDisplacement, Field.LargestMove) = (_reduced[1], _reduced[2], _reduced[3]);
            goesOn = _settings.Moves && _result.Iterations < _settings.Options.MaxIterations && _reduced[4] > 0;
        }

        OutsideCounts counts = _settings.Moves
            ? _tally.Count(particles.LocalCount, Field.Displacements, FirstPrediction(particles), Prediction(particles),
                _settings.Tolerance)
            : new() { Seen = particles.LocalCount };
        Outside = counts with { OddDensity = _oddDensity };
        _times.Enter(before);
    }

    public void Dispose()
    {
        _engine.Dispose();
        _reserve?.Dispose();
        _neighbors.Dispose();
        _protocol.Dispose();
        Field.Dispose();
        _active.Dispose();
        _logitRows.Dispose();
        _forces.Dispose();
    }

    /// <summary>Nothing has moved.</summary>
    private void Begin(Particles particles, double scale, ref Exception? failure)
    {
        _protocol.Attach(particles.Halo);
        _neighbors.Invalidate();
        (Outside, _oddDensity) = (default, 0);
        _logitRows.Resize(0);
        (_result.Iterations, LargestDisplacement) = (0, 0);
        try
        {
            Field.Begin(particles, scale, _settings.Options.LengthUnit);
            _active.Begin(particles.LocalCount, _settings.Tolerance);
        }
        catch (Exception e)
        {
            failure ??= e;
        }
    }

    /// <summary>What a rank says of its failure: a device that is not needed is none of the frame's.</summary>
    private double Code(Exception? failure) =>
        failure is null ? 0
        : failure is DeviceException && _reserve is not null ? Agreement.Lack(_communicator)
        : _communicator.Size - _communicator.Rank;

    /// <summary>From here on the reserve evaluates, on all ranks; the positions are those that came, in Å.</summary>
    private void Retreat(Exception? failure)
    {
        Field.Undo();
        Field.ToAngstrom();
        _engine.Dispose();
        (_engine, _reserve) = (_reserve!, null);
        _protocol.Record(_engine);
        string reason = failure?.Message.TrimEnd('.') ?? $"that of rank {Agreement.WithLack(_communicator, _reduced[0])} failed";
        Notice = $"device: {reason}; the processor computes from here on.";
    }

    /// <summary>[nLocal, 3] the network's. The memory of the result's positions is lent to it until these are written.</summary>
    private float* Prediction(Particles particles) => _result.PositionRows.Block.As<float>(0, 3L * particles.LocalCount);

    /// <summary>[nLocal, 3] that of the first iteration, in the other half of that memory.</summary>
    private float* FirstPrediction(Particles particles) =>
        _result.PositionRows.Block.As<float>(3L * particles.LocalCount, 3L * particles.LocalCount);

    private void Iterate(in FrameInput frame, Particles particles, ref Exception? failure, ref double largest, ref double moved)
    {
        float* prediction = Prediction(particles);
        float** outputs = stackalloc float*[_engine.Heads.Count];
        new Span<nint>(outputs, _engine.Heads.Count).Clear();
        if (_settings.Moves)
            outputs[_displacement] = prediction;
        _protocol.Begin();
        try
        {
            if (failure is null)
            {
                _times.Enter(Stage.Graph);
                bool isFirst = _result.Iterations == 0;
                if (_neighbors.Prepare(particles, Field) && isFirst)
                {
                    RequireApart(frame, particles);
                    _oddDensity = _neighbors.CountOutside(Limits.FewestNeighbors, Limits.MostNeighbors);
                }

                if (_logits >= 0)
                {
                    // One more than needed, so that there is a pointer where there are no atoms.
                    _logitRows.Resize((long)_engine.Heads[_logits].Dimension * particles.LocalCount + 1);
                    outputs[_logits] = _logitRows.Pointer;
                }

                _times.Enter(Stage.Network);
                _engine.Forces = isFirst && _tellsForces && frame.Forces.Length > 0 ? Forces(frame, particles) : null;
                _engine.Evaluate(particles.View, particles.Species, _neighbors.List, _protocol, outputs, _active.Flags);
                if (_settings.Moves)
                    (largest, moved) = Move(frame, particles, prediction, isFirst);
                else
                    RequireFinite(frame, particles);
                if (isFirst && _logits >= 0)
                    _nameRaw();
            }
        }
        catch (Exception e)
        {
            failure = FrameCheck.Explain(frame, particles, e);
        }

        if (failure is not null)
            _protocol.Finish(particles.Count);
        if (!_settings.Moves)
            return;
        try
        {
            if (failure is null)
            {
                _protocol.ExchangeDisplacements(Field.Displacements);
                Field.Update(frame);
                _active.Update(particles, _neighbors.List, Field.Steps);
            }
            else
                _protocol.FinishDisplacements(particles.Count);
        }
        catch (Exception e)
        {
            failure ??= e;
        }
    }

    /// <summary>[nLocal, 3] those of the frame in the order of the particles.</summary>
    private double* Forces(in FrameInput frame, Particles particles)
    {
        // One more, so that there is a pointer where there are no atoms.
        _forces.Resize(3L * particles.LocalCount + 1);
        for (int i = 0; i < particles.LocalCount; i++)
            frame.Forces.Slice(3 * particles.FrameRow(i), 3).CopyTo(_forces.Span.Slice(3 * i, 3));
        return _forces.Pointer;
    }

    private (double Largest, double Moved) Move(in FrameInput frame, Particles particles, float* prediction, bool isFirst)
    {
        if (isFirst)
            new ReadOnlySpan<float>(prediction, 3 * particles.LocalCount).CopyTo(
                new(FirstPrediction(particles), 3 * particles.LocalCount));
        FieldMove move = Field.Subtract(prediction, Limits.LargestMove, _active.Flags);
        return move.FirstWrong < 0
            ? (move.LargestPrediction, move.LargestDisplacement)
            : throw NotFinite(frame, particles, move.FirstWrong);
    }

    /// <summary>Where predictions are not looked at, that the logits are numbers.</summary>
    private void RequireFinite(in FrameInput frame, Particles particles)
    {
        int classes = _engine.Heads[_logits].Dimension;
        for (long k = 0; k < (long)classes * particles.LocalCount; k++)
            if (!float.IsFinite(_logitRows[k]))
                throw NotFinite(frame, particles, (int)(k / classes));
    }

    private void RequireApart(in FrameInput frame, Particles particles)
    {
        var pair = _neighbors.List.ClosestPair;
        double scaleLength = _engine.Model.ScaleLength;
        if (pair.Distance < Coincidence.Distance(scaleLength > 0 ? scaleLength : double.PositiveInfinity))
            throw FrameCheck.InOnePlace(frame, particles.FrameRow(pair.I), particles.FrameRow(pair.J));
    }

    private static SessionException NotFinite(in FrameInput frame, Particles particles, int atom) =>
        new(SessionError.Input,
            $"step {frame.Step}: what the network predicts for atom {FrameCheck.Id(frame, particles.FrameRow(atom))} is not finite: " +
            "either atoms nearly overlap or the checkpoint's weights are damaged.");
}
