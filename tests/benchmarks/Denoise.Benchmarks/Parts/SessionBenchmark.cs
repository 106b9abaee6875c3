using System.Globalization;
using Denoise.Atoms;
using Denoise.InSitu;
using Denoise.InSitu.Timing;

namespace Denoise.Benchmarks;

/// <summary>
/// A whole frame as fix denoise and the command line process it, one call of a session: scale, ghosts, graph, iterations of a
/// network, adaptive common neighbor analysis before and after, reductions. Without a network: the analysis alone.
/// </summary>
/// <param name="modelPath">null: no network</param>
/// <param name="atoms">about</param>
/// <param name="threads">of the session</param>
/// <param name="iterations">of all atoms; 0: as many as the defaults take, of those that move</param>
internal sealed class SessionBenchmark(string? modelPath, int atoms, int threads, int iterations = 0) : Benchmark
{
    private double[] _positions = [];
    private Box _box = null!;
    private Session? _session;
    private FrameResult? _result;
    private long _workingSet;

    public override string Name => iterations == 0 ? "frame" : $"frame of {iterations} iterations";

    public override long Atoms => _positions.Length / 3;

    /// <summary>Growth of the process: the session's buffers, the result's arrays included.</summary>
    public override long MemoryBytes => Math.Max(0, Environment.WorkingSet - _workingSet);

    public override string Result
    {
        get
        {
            StageTimes times = _result!.Times;
            string Share(string name, Stage stage) =>
                string.Create(CultureInfo.InvariantCulture, $"{name} {times[stage] / times.Total:p0}");
            return string.Join(", ", Share("scale", Stage.Scale), Share("graph", Stage.Graph), Share("network", Stage.Network),
                Share("halo", Stage.Communication), Share("identify", Stage.Identify), Share("output", Stage.Output),
                string.Create(CultureInfo.InvariantCulture, $"{_result.Iterations} iterations, fcc {(double)_result.Counts[(int)StructureType.Fcc] / Atoms:p1}"));
        }
    }

    public override void Prepare()
    {
        (_positions, _box) = Crystal.Fcc.Rattled(atoms);
        _workingSet = Environment.WorkingSet;
        _session = new(iterations == 0 ? new() { ModelPath = modelPath, Threads = threads }
            : new SessionOptions { ModelPath = modelPath, Threads = threads, MaxIterations = iterations, Tolerance = -1 });
    }

    public override void Run() =>
        _result = _session!.Process(new FrameInput { LocalCount = _positions.Length / 3, Positions = _positions, Box = _box });

    public override void Dispose() => _session?.Dispose();
}
