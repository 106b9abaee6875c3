using Denoise.Atoms;
using Denoise.Atoms.Memory;
using Denoise.InSitu.Analyses;
using Denoise.Structure.Analyses;

namespace Denoise.InSitu;

/// <summary>What an analysis found for every atom of this rank, in the rows of the frame; 0 where an atom is not seen or not selected.</summary>
public sealed unsafe class ResultColumn
{
    internal ResultColumn(AnalysisColumn column, string suffix) =>
        (Name, OvitoName, Kind) = (AnalysisNames.WithSuffix(column.Name, suffix), suffix.Length == 0 ? column.OvitoName : null, column.Kind);

    /// <summary>Unique among the columns of a session.</summary>
    public string Name { get; }

    /// <summary>OVITO's standard property, where there is one.</summary>
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
