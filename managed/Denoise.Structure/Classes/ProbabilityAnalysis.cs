using Denoise.Atoms;
using Denoise.Atoms.Threading;
using Denoise.Structure.Analyses;

namespace Denoise.Structure.Classes;

/// <summary>
/// How sure a network is of what it names, <c>exp(l - logsumexp l)</c> of the largest logit l: what a session adds by itself where the
/// network is its identification. <see cref="ClassAnalysis"/> says more.
/// </summary>
public sealed unsafe class ProbabilityAnalysis : IAnalysis
{
    private const int Grain = 1 << 11;

    private readonly WorkerPool _pool;
    private readonly int _classCount;
    private readonly SelectedMean _mean = new();
    private readonly WorkerPool.Body _measure;

    private AnalysisContext _context = null!;

    /// <param name="pool">threads, borrowed</param>
    /// <param name="classCount">logits per atom</param>
    public ProbabilityAnalysis(WorkerPool pool, int classCount) => (_pool, _classCount, _measure) = (pool, classCount, Measure);

    public IReadOnlyList<AnalysisColumn> Columns { get; } = [new("probability", ColumnKind.Real)];

    public IReadOnlyList<AnalysisGlobal> Globals { get; } = [new("probability_mean", ColumnKind.Real)];

    public double Cutoff => 0;

    public void Run(AnalysisContext context)
    {
        _context = context;
        _pool.Run(context.Particles.LocalCount, Grain, _measure);
        context.Output.Globals[0] = _mean.Of(context, context.Output.Reals(0));
    }

    public void Dispose() { }

    private void Measure(int begin, int end, int worker)
    {
        for (int i = begin; i < end; i++)
        {
            ReadOnlySpan<float> logits = new(_context.Logits + (nint)i * _classCount, _classCount);
            _context.Output.Reals(0)[i] = LogitRow.Probability(logits, Math.Max(0, LogitRow.Best(logits)));
        }
    }
}
