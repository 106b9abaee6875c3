using Denoise.Atoms;
using Denoise.Trajectories.Tables;

namespace Denoise.Trajectories.Lammps;

/// <summary>The atoms of a frame of a binary dump while they come in.</summary>
internal sealed class BinaryAtomTable
{
    // A count in a header is only believed this far before the numbers are seen to be there.
    private const int TrustedRows = 4096;
    private const double LargestWhole = 9007199254740992;

    private readonly Frame _frame;
    private readonly AtomField[] _fields;
    private readonly FrameColumn?[] _columns;
    private readonly int _count;
    private readonly bool[] _isWhole;
    private readonly bool _hasIds, _hasTypes;

    public BinaryAtomTable(Frame frame, AtomField[] fields, int count)
    {
        (_frame, _fields, _count) = (frame, fields, count);
        frame.Resize(0);
        _hasIds = fields.Any(field => field.Role == FieldRole.Id);
        _hasTypes = fields.Any(field => field.Role is FieldRole.Type or FieldRole.Element);
        _columns = [.. fields.Select(field => field.Role == FieldRole.Column ? frame.SetColumn(field.Name, ColumnKind.Real) : null)];
        _isWhole = new bool[fields.Length];
        Array.Fill(_isWhole, true);
    }

    public int Rows { get; private set; }

    /// <summary>Null, or what is wrong with the atom.</summary>
    public string? Add(ReadOnlySpan<double> values)
    {
        if (Rows == _frame.Count)
            _frame.Grow((int)Math.Min(_count, Math.Max(TrustedRows, 2L * Rows)));
        for (int f = 0; f < _fields.Length; f++)
        {
            double value = values[f];
            bool isWhole = value == Math.Floor(value) && Math.Abs(value) <= LargestWhole;
            _isWhole[f] &= isWhole;
            switch (_fields[f].Role)
            {
                case FieldRole.Column:
                    _columns[f]!.Reals[Rows] = value;
                    break;
                case FieldRole.Id when isWhole:
                    _frame.Ids[Rows] = (long)value;
                    break;
                // Elements are written as the numbers of their types.
                case FieldRole.Type or FieldRole.Element when isWhole && value is >= 1 and <= TypeNames.MaxType:
                    _frame.Types[Rows] = (int)value;
                    break;
                case FieldRole.X or FieldRole.Y or FieldRole.Z when double.IsFinite(value):
                    _frame.Positions[3L * Rows + (_fields[f].Role - FieldRole.X)] = value;
                    break;
                case FieldRole.Ignored:
                    break;
                default:
                    return FormattableString.Invariant($"{value} in column {Quote.Short(_fields[f].Name)}");
            }
        }

        Rows++;
        return null;
    }

    public void Complete()
    {
        _frame.Grow(Rows);
        if (!_hasIds)
            _frame.NumberAtoms();
        if (!_hasTypes)
            _frame.Types.Span.Fill(1);
        for (int f = 0; f < _fields.Length; f++)
            if (_columns[f] is { } column && _isWhole[f])
                column.Narrow();
    }
}
