using Denoise.Atoms;
using Denoise.Atoms.Memory;
using Denoise.InSitu.Analyses;
using Denoise.Structure.Analyses;

namespace Denoise.InSitu;

/// <summary>What an analysis found for every atom of this rank, in the rows of the frame; 0 where an atom is not seen or not selected.</summary>
public sealed unsafe class ResultColumn
{
    /// <param name="column">of an analysis</param>
    /// <param name="suffix">of its name</param>
    /// <param name="ovitoNames">of OVITO's properties, those that are taken already</param>
    internal ResultColumn(AnalysisColumn column, string suffix, HashSet<string> ovitoNames)
    {
        (Name, Kind) = (AnalysisNames.WithSuffix(column.Name, suffix), column.Kind);
        OvitoName = suffix.Length == 0 && column.OvitoName is { } property && ovitoNames.Add(property) ? property : null;
    }

    /// <summary>Unique among the columns of a session.</summary>
    public string Name { get; }

    /// <summary>OVITO's standard property, where there is one and no column before has it.</summary>
    public string? OvitoName { get; }

    /// <summary>Integer or real.</summary>
    public ColumnKind Kind { get; }

    /// <summary>[nLocal] of an integer column.</summary>
    public ReadOnlySpan<long> Integers => Kind == ColumnKind.Integer ? Rows.Span : throw WrongKind();

    /// <summary>[nLocal] of a real column.</summary>
    public ReadOnlySpan<double> Reals => Kind == ColumnKind.Real ? new(Rows.Pointer, (int)Rows.Length) : throw WrongKind();

    /// <summary>[nLocal] eight bytes each, whatever they are; valid until the next frame.</summary>
    public long* Pointer => Rows.Pointer;

    internal NativeBuffer<long> Rows { get; } = new();

    private InvalidOperationException WrongKind() => new($"column {Name} holds {Kind} values");
}
