using Denoise.Atoms;
using Denoise.Atoms.Memory;

namespace Denoise.Structure.Analyses;

/// <summary>A structure identifier as an analysis: the type of every atom, and how many have each.</summary>
public sealed unsafe class IdentifierAnalysis : IAnalysis
{
    private readonly IStructureIdentifier _identifier;
    private readonly LabelCounts _counts;
    private readonly NativeBuffer<int> _types = new();
    private readonly Action _identify;

    private AnalysisContext _context = null!;

    /// <param name="name">of the column and of what is counted</param>
    /// <param name="identifier">owned from here on</param>
    /// <param name="cutoff">Å; 0: nearest neighbors</param>
    /// <param name="names">of its types 0, 1, ...</param>
    public IdentifierAnalysis(string name, IStructureIdentifier identifier, double cutoff, params string[] names)
    {
        (_identifier, Cutoff, _counts, _identify) = (identifier, cutoff, new(name, names), Identify);
        Columns = [new(name, ColumnKind.Integer)];
    }

    public IReadOnlyList<AnalysisColumn> Columns { get; }

    public IReadOnlyList<AnalysisGlobal> Globals => _counts.Globals;

    public double Cutoff { get; }

    public void Run(AnalysisContext context)
    {
        _context = context;
        context.Attempt(_identify);
        _counts.Count(context, context.Output.Integers(0), context.Output.Globals);
    }

    public void Dispose()
    {
        _identifier.Dispose();
        _types.Dispose();
    }

    private void Identify()
    {
        int count = _context.Particles.LocalCount;
        _types.Resize(count);
        _identifier.Identify(_context.Particles, Cutoff > 0 ? _context.Range : _context.NearestRange, _types.Pointer);
        long* column = _context.Output.Integers(0);
        for (int i = 0; i < count; i++)
            column[i] = _types[i];
    }
}
