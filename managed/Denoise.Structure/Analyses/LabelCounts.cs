using Denoise.Atoms;

namespace Denoise.Structure.Analyses;

/// <summary>How many selected atoms have each label: the globals of an analysis that names atoms.</summary>
/// <param name="prefix">of the globals' names</param>
/// <param name="names">of label 0, 1, ...</param>
public sealed unsafe class LabelCounts(string prefix, params string[] names)
{
    private readonly long[] _counts = new long[names.Length];

    public IReadOnlyList<AnalysisGlobal> Globals { get; } =
        [.. names.Select(name => new AnalysisGlobal($"{prefix}_{name}", ColumnKind.Integer))];

    /// <summary>Counts on all ranks. Collective.</summary>
    /// <param name="context">of the frame</param>
    /// <param name="labels">[nLocal] of which those that have no name are not counted</param>
    /// <param name="globals">[names] receives the counts</param>
    public void Count(AnalysisContext context, long* labels, Span<double> globals)
    {
        Array.Clear(_counts);
        for (int i = 0; i < context.Particles.LocalCount; i++)
            if ((ulong)labels[i] < (ulong)_counts.Length && context.IsSelected(i))
                _counts[labels[i]]++;
        context.Sum(_counts);
        for (int k = 0; k < _counts.Length; k++)
            globals[k] = _counts[k];
    }
}
