using Denoise.Atoms.Memory;
using Denoise.Atoms.Threading;
using Denoise.Networks.Engines;
using Denoise.Parallel;

namespace Denoise.InSitu;

/// <summary>
/// Repeats r &lt;- r - prediction(r) (doi 10.1038/s41524-024-01337-z) until the largest prediction on any rank is below a tolerance
/// or the iterations are used up. Every rank makes the same exchanges in every iteration, a failing one too, and one reduction at
/// its end tells all whether to go on.
/// </summary>
internal sealed unsafe class Denoiser : IDisposable
{
    private readonly IEngine _engine;
    private readonly ICommunicator _communicator;
    private readonly Graph _graph;
    private readonly StageTimes _times;
    private readonly HaloProtocol _protocol;
    private readonly NativeBuffer<float> _prediction = new();
    private readonly double[] _reduced = new double[3];

    public Denoiser(IEngine engine, WorkerPool pool, ICommunicator communicator, StageTimes times)
    {
        (_engine, _communicator, _times) = (engine, communicator, times);
        _graph = new(pool, engine.Model.Config.Cutoff);
        _protocol = new(times);
        _protocol.Record(engine);
    }

    /// <summary>Largest width, in floats, of an exchange.</summary>
    public int SingleHaloWidth => _protocol.LargestSingleWidth;

    /// <summary>Largest width, in doubles, of an exchange.</summary>
    public int DoubleHaloWidth => _protocol.LargestDoubleWidth;

    /// <summary>Where the atoms are after <see cref="Run"/>.</summary>
    public DisplacementField Field { get; } = new();

    /// <summary>Largest |D| of any atom on any rank after <see cref="Run"/>, model Å.</summary>
    public double LargestDisplacement { get; private set; }

    /// <summary>Denoises; fills the iterations and the largest prediction of the result. Collective.</summary>
    /// <param name="frame">for messages</param>
    /// <param name="particles">with ghosts complete within the cutoff</param>
    /// <param name="scale">model Å per Å</param>
    /// <param name="options">iterations and tolerance</param>
    /// <param name="failure">what already went wrong on this rank since the last agreement</param>
    /// <param name="result">receives what is known here</param>
    public void Run(
        in FrameInput frame, Particles particles, double scale, SessionOptions options, Exception? failure, FrameResult result)
    {
        Stage before = _times.Enter(Stage.Network);
        _protocol.Attach(particles.Halo);
        _graph.Invalidate();
        try
        {
            Field.Begin(particles, scale);
            _prediction.Resize(3L * particles.LocalCount);
        }
        catch (Exception e)
        {
            failure ??= e;
        }

        result.Iterations = 0;
        while (result.Iterations < options.MaxIterations)
        {
            double largest = 0, moved = 0;
            Iterate(frame, particles, result, ref failure, ref largest, ref moved);
            (_reduced[0], _reduced[1], _reduced[2]) = (failure is null ? 0 : _communicator.Size - _communicator.Rank, largest, moved);
            _communicator.AllReduceMax(_reduced);
            Agreement.Conclude(_communicator, _reduced[0], failure);

            result.Iterations++;
            (result.LargestPrediction, LargestDisplacement) = (_reduced[1], _reduced[2]);
            if (result.LargestPrediction < options.Tolerance)
                break;
        }

        _times.Enter(before);
    }

    public void Dispose()
    {
        _engine.Dispose();
        _graph.Dispose();
        _protocol.Dispose();
        _prediction.Dispose();
        Field.Dispose();
    }

    private void Iterate(
        in FrameInput frame, Particles particles, FrameResult result, ref Exception? failure, ref double largest, ref double moved)
    {
        _protocol.Begin();
        try
        {
            if (failure is null)
            {
                _times.Enter(Stage.Graph);
                if (_graph.Prepare(Field.View) && result.Iterations == 0)
                    RequireApart(frame, particles);
                _times.Enter(Stage.Network);
                _engine.Evaluate(Field.View, particles.Species, _graph.List, _protocol, _prediction.Pointer);
                int wrong = Field.Subtract(_prediction.Pointer, out largest, out moved);
                if (wrong >= 0)
                    throw NotFinite(frame, particles, wrong);
            }
        }
        catch (Exception e)
        {
            failure = e;
        }

        if (failure is not null)
            _protocol.Finish(particles.Count);
        try
        {
            if (failure is null)
            {
                _protocol.ExchangeDisplacements(Field.Displacements);
                Field.Update();
            }
            else
                _protocol.FinishDisplacements(particles.Count);
        }
        catch (Exception e)
        {
            failure ??= e;
        }
    }

    private void RequireApart(in FrameInput frame, Particles particles)
    {
        var pair = _graph.List.ClosestPair;
        double typical = _engine.Model.Config.ScaleLength > 0 ? _engine.Model.Config.ScaleLength : _graph.Cutoff;
        if (pair.Distance < Surroundings.Coincidence * typical)
            throw FrameCheck.InOnePlace(frame, particles.FrameRow(pair.I), particles.FrameRow(pair.J));
    }

    private static SessionException NotFinite(in FrameInput frame, Particles particles, int atom) =>
        new(SessionError.Input,
            $"step {frame.Step}: what the network predicts for atom {FrameCheck.Id(frame, particles.FrameRow(atom))} is not finite: " +
            "either atoms nearly overlap or the checkpoint's weights are damaged.");
}
