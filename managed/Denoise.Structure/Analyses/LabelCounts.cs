using Denoise.Atoms;

namespace Denoise.Structure.Analyses;

/// <summary>How many selected atoms have each label: the globals of an analysis that names atoms.</summary>
public sealed unsafe class LabelCounts
{
    private readonly long[] _counts;

    // Index of every label; null: labels are indices.
    private readonly Dictionary<long, int>? _indexOf;

    /// <param name="prefix">of the globals' names</param>
    /// <param name="names">of label 0, 1, ...</param>
    public LabelCounts(string prefix, params string[] names)
    {
        _counts = new long[names.Length];
        Globals = [.. names.Select(name => new AnalysisGlobal($"{prefix}_{name}", ColumnKind.Integer))];
    }

    /// <summary>Of structures, whose numbers are the labels.</summary>
    /// <param name="prefix">of the globals' names</param>
    /// <param name="structures">in the order of the globals</param>
    public LabelCounts(string prefix, IReadOnlyList<NamedStructure> structures)
        : this(prefix, [.. structures.Select(structure => structure.Name.Replace('-', '_'))])
    {
        _indexOf = [];
        for (int k = 0; k < structures.Count; k++)
            _indexOf.TryAdd(structures[k].Number, k);
    }

    public IReadOnlyList<AnalysisGlobal> Globals { get; }

    /// <summary>Counts on all ranks. Collective.</summary>
    /// <param name="context">of the frame</param>
    /// <param name="labels">[nLocal] of which those that have no name are not counted</param>
    /// <param name="globals">[names] receives the counts</param>
    public void Count(AnalysisContext context, long* labels, Span<double> globals)
    {
        Array.Clear(_counts);
        for (int i = 0; i < context.Particles.LocalCount; i++)
            if (context.IsSelected(i) && (ulong)IndexOf(labels[i]) is var index && index < (ulong)_counts.Length)
                _counts[index]++;
        context.Sum(_counts);
        for (int k = 0; k < _counts.Length; k++)
            globals[k] = _counts[k];
    }

    private long IndexOf(long label) => _indexOf is null ? label : _indexOf.GetValueOrDefault(label, -1);
}
