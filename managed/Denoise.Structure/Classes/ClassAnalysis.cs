using Denoise.Atoms;
using Denoise.Atoms.Threading;
using Denoise.Structure.Analyses;

namespace Denoise.Structure.Classes;

/// <summary>
/// What a network with logits l says of every atom (Kwon et al., arXiv 2512.11077): the class of the largest logit, its
/// probability <c>p = exp(l - logsumexp l)</c>, the margin to the second largest, the entropy <c>-sum p ln p</c> in nats, and logits
/// by name. They are of the positions before the last step of denoising.
/// </summary>
public sealed unsafe class ClassAnalysis : IAnalysis
{
    /// <summary>By which users name it.</summary>
    public static AnalysisKind Kind { get; } = new("classes", "classes[:logits=CLASS+CLASS...|all]",
        "the class that the model names, its probability, margin and entropy; models that 'denoise train --classes' made", Create);

    private const int Grain = 1 << 11;
    private const int FirstLogit = 4;
    private const string All = "all";

    private readonly WorkerPool _pool;
    private readonly int _classCount;
    private readonly int[] _labels;
    private readonly int[] _shown;
    private readonly LabelCounts _counts;
    private readonly SelectedMean _mean = new();
    private readonly Action _work;
    private readonly WorkerPool.Body _name;

    private AnalysisContext _context = null!;

    /// <param name="pool">threads, borrowed</param>
    /// <param name="classes">names of the logits, in order</param>
    /// <param name="shown">those of them that get a column of their own</param>
    /// <exception cref="InputException">a class is not known</exception>
    public ClassAnalysis(WorkerPool pool, IReadOnlyList<string> classes, IReadOnlyList<string> shown)
    {
        (_pool, _classCount, _work, _name) = (pool, classes.Count, Work, Name);
        string[] crystals = [.. classes.Where(name => name != NoClass.Name)];
        _labels = [.. classes.Select(name => 1 + Array.IndexOf(crystals, name))];
        _counts = new("class", [NoClass.Name, .. crystals.Select(Plain)]);
        _shown = [.. shown.Select(name => IndexOf(classes, name))];
        Columns =
        [
            new("class", ColumnKind.Integer), new("class_probability", ColumnKind.Real), new("class_margin", ColumnKind.Real),
            new("class_entropy", ColumnKind.Real), .. shown.Select(name => new AnalysisColumn($"logit_{Plain(name)}", ColumnKind.Real)),
        ];
        Globals = [.. _counts.Globals, new("class_probability_mean", ColumnKind.Real)];
    }

    public IReadOnlyList<AnalysisColumn> Columns { get; }

    public IReadOnlyList<AnalysisGlobal> Globals { get; }

    public double Cutoff => 0;

    public void Run(AnalysisContext context)
    {
        _context = context;
        context.Attempt(_work);
        Span<double> globals = context.Output.Globals;
        _counts.Count(context, context.Output.Integers(0), globals);
        globals[^1] = _mean.Of(context, context.Output.Reals(1));
    }

    public void Dispose() { }

    private static ClassAnalysis Create(AnalysisArguments arguments, AnalysisServices services)
    {
        string[] shown = arguments.Text("logits")?.Split('+') ?? [];
        return services.Classes is { } classes
            ? new(services.Pool, classes, shown is [All] ? classes : shown)
            : services.IsTrial
                ? new(services.Pool, shown, [])
                : throw new InputException("classes: needs a model that names, which 'denoise train --classes' makes; of positions, " +
                    "ptm and others name structures.");
    }

    private static int IndexOf(IReadOnlyList<string> classes, string name)
    {
        for (int c = 0; c < classes.Count; c++)
            if (classes[c] == name)
                return c;
        throw new InputException($"classes: the model has no class '{name}'; it has {string.Join(", ", classes)}.");
    }

    /// <summary>As part of a column's name.</summary>
    private static string Plain(string name) => name.Replace('-', '_').Replace('+', '_');

    private void Work()
    {
        if (_context.Logits == null && _context.Particles.LocalCount > 0)
            throw new InputException("classes: the network says them while it denoises; leave out on=raw.");
        _pool.Run(_context.Particles.LocalCount, Grain, _name);
    }

    private void Name(int begin, int end, int worker)
    {
        AnalysisOutput output = _context.Output;
        for (int i = begin; i < end; i++)
        {
            ReadOnlySpan<float> logits = new(_context.Logits + (nint)i * _classCount, _classCount);
            int best = Math.Max(0, LogitRow.Best(logits));
            double second = double.NegativeInfinity, sum = 0, weighted = 0;
            for (int c = 0; c < logits.Length; c++)
            {
                double below = (double)logits[c] - logits[best], weight = Math.Exp(below);
                sum += weight;
                weighted += weight * below;
                if (c != best)
                    second = Math.Max(second, logits[c]);
            }

            output.Integers(0)[i] = _labels[best];
            output.Reals(1)[i] = 1 / sum;
            output.Reals(2)[i] = _classCount > 1 ? logits[best] - second : 0;
            // ln sum - sum p below, which is 0 or more but for round-off.
            output.Reals(3)[i] = Math.Max(0, Math.Log(sum) - weighted / sum);
            for (int k = 0; k < _shown.Length; k++)
                output.Reals(FirstLogit + k)[i] = logits[_shown[k]];
        }
    }
}
