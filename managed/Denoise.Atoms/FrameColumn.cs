using System.Globalization;
using System.Runtime.InteropServices;
using Denoise.Atoms.Memory;

namespace Denoise.Atoms;

/// <summary>
/// One named per-atom quantity of a <see cref="Frame"/>: integers, reals or words, eight bytes per atom whichever it is
/// (words as numbers into <see cref="Words"/>). Owned by its frame.
/// </summary>
public sealed class FrameColumn : IDisposable
{
    // Above this many distinct words a column is taken for free text, and its words are not kept for the next frame.
    private const int LargestKeptTable = 1024;

    private readonly NativeBuffer<long> _values = new();

    internal FrameColumn(string name) => Name = name;

    public string Name { get; }

    public ColumnKind Kind { get; private set; }

    /// <summary>OVITO's standard property, without blanks, by which it knows the column in a dump; null: the name is all there is.</summary>
    public string? OvitoName { get; set; }

    public int Count => (int)_values.Length;

    /// <summary>The distinct words of a <see cref="ColumnKind.Text"/> column.</summary>
    public TextTable Words { get; } = new();

    /// <summary>Values of an integer column.</summary>
    public Span<long> Integers => Kind == ColumnKind.Integer ? _values.Span : throw WrongKind(ColumnKind.Integer);

    /// <summary>Values of a real column.</summary>
    public Span<double> Reals =>
        Kind == ColumnKind.Real ? MemoryMarshal.Cast<long, double>(_values.Span) : throw WrongKind(ColumnKind.Real);

    /// <summary>Values of a text column: numbers into <see cref="Words"/>.</summary>
    public Span<long> WordCodes => Kind == ColumnKind.Text ? _values.Span : throw WrongKind(ColumnKind.Text);

    /// <summary>The eight bytes of every atom, read by <see cref="Kind"/>; valid until the frame is resized.</summary>
    public unsafe long* RawPointer => _values.Pointer;

    /// <summary>The value of an integer or real column as a real.</summary>
    public double RealAt(int atom) => Kind switch
    {
        ColumnKind.Integer => _values[atom],
        ColumnKind.Real => BitConverter.Int64BitsToDouble(_values[atom]),
        _ => throw WrongKind(ColumnKind.Real),
    };

    /// <summary>The value as text, numbers in their shortest form that reads back to the same number.</summary>
    public string TextAt(int atom) => Kind switch
    {
        ColumnKind.Integer => _values[atom].ToString(CultureInfo.InvariantCulture),
        ColumnKind.Real => RealAt(atom).ToString(CultureInfo.InvariantCulture),
        _ => Words[(int)_values[atom]],
    };

    /// <summary>Turns the first <paramref name="filled"/> values into a wider kind: integer to real to text.</summary>
    public void Widen(ColumnKind kind, int filled)
    {
        if (kind <= Kind)
            return;
        if (kind == ColumnKind.Real)
            for (int i = 0; i < filled; i++)
                _values[i] = BitConverter.DoubleToInt64Bits(_values[i]);
        else
            for (int i = 0; i < filled; i++)
                _values[i] = Words.Add(TextAt(i));
        Kind = kind;
    }

    /// <summary>Turns reals, all of them whole, into integers.</summary>
    public void Narrow()
    {
        foreach (ref long value in _values.Span)
            value = (long)BitConverter.Int64BitsToDouble(value);
        Kind = ColumnKind.Integer;
    }

    public void Dispose() => _values.Dispose();

    internal void Reset(ColumnKind kind, int count)
    {
        (Kind, OvitoName) = (kind, null);
        if (Words.Count > LargestKeptTable)
            Words.Clear();
        _values.Resize(count);
    }

    /// <summary>Keeps the values of some atoms, in their order.</summary>
    internal void Keep(ReadOnlySpan<int> atoms)
    {
        for (int i = 0; i < atoms.Length; i++)
            _values[i] = _values[atoms[i]];
        _values.Resize(atoms.Length);
    }

    internal void Resize(int count) => _values.Resize(count);

    internal void Grow(int count) => _values.Grow(count);

    private InvalidOperationException WrongKind(ColumnKind asked) => new($"column {Name} holds {Kind} values, not {asked}");
}
