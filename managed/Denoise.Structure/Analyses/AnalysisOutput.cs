using Denoise.Atoms;
using Denoise.Atoms.Memory;

namespace Denoise.Structure.Analyses;

/// <summary>Where an analysis leaves its values: eight bytes per owned atom and column, in the order of the particles, and the globals.</summary>
public sealed unsafe class AnalysisOutput : IDisposable
{
    private readonly NativeBuffer<long>[] _columns;
    private readonly double[] _globals;
    private readonly IAnalysis _analysis;

    public AnalysisOutput(IAnalysis analysis)
    {
        _analysis = analysis;
        _columns = [.. analysis.Columns.Select(_ => new NativeBuffer<long>())];
        _globals = new double[analysis.Globals.Count];
    }

    /// <summary>Of the frame; integers too, which are exact to 2^53.</summary>
    public Span<double> Globals => _globals;

    /// <summary>[nLocal] of an integer column; valid until the next frame.</summary>
    public long* Integers(int column) =>
        _analysis.Columns[column].Kind == ColumnKind.Integer ? _columns[column].Pointer : throw WrongKind(column);

    /// <summary>[nLocal] of a real column; valid until the next frame.</summary>
    public double* Reals(int column) =>
        _analysis.Columns[column].Kind == ColumnKind.Real ? (double*)_columns[column].Pointer : throw WrongKind(column);

    /// <summary>[nLocal] either, as they are stored.</summary>
    public ReadOnlySpan<long> Raw(int column) => _columns[column].Span;

    /// <summary>Values as reals, for tests and for analyses that read others.</summary>
    public double RealAt(int column, int atom) => _analysis.Columns[column].Kind == ColumnKind.Integer
        ? _columns[column][atom]
        : BitConverter.Int64BitsToDouble(_columns[column][atom]);

    /// <summary>Makes room for a frame; every value is 0.</summary>
    public void Resize(int localCount)
    {
        foreach (NativeBuffer<long> column in _columns)
        {
            column.Resize(localCount);
            column.Clear();
        }

        _globals.AsSpan().Clear();
    }

    public void Dispose()
    {
        foreach (NativeBuffer<long> column in _columns)
            column.Dispose();
    }

    private InvalidOperationException WrongKind(int column) => new($"column {_analysis.Columns[column].Name} is asked for as what it is not");
}
