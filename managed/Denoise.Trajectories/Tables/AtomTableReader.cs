using Denoise.Atoms;
using Denoise.Trajectories.Text;

namespace Denoise.Trajectories.Tables;

/// <summary>
/// Reads lines of blank-separated fields, one atom each, into a frame: the inner loop of every format with such a table. Columns
/// start as integers (or as the format says) and widen to reals and to text where a value asks for it.
/// </summary>
internal sealed unsafe class AtomTableReader(TrajectoryReader owner, LineScanner scanner)
{
    // A count in a header is only believed for rows of so many bytes before the lines are seen to be there.
    private const long TrustedBytes = 1 << 28;
    private const int RowBytes = 3 * sizeof(double) + sizeof(long) + sizeof(int);

    private readonly TypeNames _typeNames = new();
    private FrameColumn?[] _columns = [];

    /// <summary>Comments start here and reach to the end of the line; zero for none.</summary>
    public byte CommentStart { get; init; }

    /// <summary>Where the number of fields comes from, for messages: "the header announces".</summary>
    public required string Announced { get; init; }

    /// <summary>Words that stand for type numbers, where a file defines them; null: numbers only.</summary>
    public IReadOnlyDictionary<string, int>? TypeLabels { get; set; }

    public void Read(Frame frame, ReadOnlySpan<AtomField> fields, int count)
    {
        frame.Resize(0);
        if (_columns.Length < fields.Length)
            _columns = new FrameColumn?[fields.Length];
        long rowBytes = RowBytes;
        bool hasIds = false, hasTypes = false, hasElements = false, areLabels = false;
        for (int f = 0; f < fields.Length; f++)
        {
            hasIds |= fields[f].Role == FieldRole.Id;
            hasTypes |= fields[f].Role == FieldRole.Type;
            hasElements |= fields[f].Role == FieldRole.Element;
            areLabels |= fields[f].Role == FieldRole.Element && fields[f].Name == Lammps.DumpColumns.TypeLabel;
            _columns[f] = fields[f].Role == FieldRole.Column ? frame.SetColumn(fields[f].Name, fields[f].Kind) : null;
            rowBytes += _columns[f] is null ? 0 : sizeof(long);
        }

        frame.Resize((int)Math.Min(count, TrustedBytes / rowBytes + 1));
        _typeNames.BeginFrame(hasTypes);
        for (int row = 0; row < count; row++)
        {
            if (row == frame.Count)
                frame.Grow((int)Math.Min(count, 2L * row));
            ReadRow(frame, fields, row, count);
        }

        if (!hasIds)
            frame.NumberAtoms();
        if (hasElements)
            _typeNames.Store(frame, areLabels);
        else if (!hasTypes)
            frame.Types.Span.Fill(1);
        for (int f = 0; f < fields.Length; f++)
            if (_columns[f] is { } column)
                fields[f].Kind = column.Kind;
    }

    private void ReadRow(Frame frame, ReadOnlySpan<AtomField> fields, int row, int count)
    {
        if (!scanner.TryReadLine(out byte* p, out byte* end))
            throw owner.Truncated($"{row} of {count} atoms are there");
        byte* start = p;
        if (CommentStart != 0)
        {
            int comment = new ReadOnlySpan<byte>(p, (int)(end - p)).IndexOf(CommentStart);
            if (comment >= 0)
                end = p + comment;
        }

        int word = -1;
        for (int f = 0; f < fields.Length; f++)
        {
            while (*p == ' ' || *p == '\t')
                p++;
            byte* field = p;
            bool good = p < end;
            switch (fields[f].Role)
            {
                case FieldRole.Column:
                    ReadColumn(_columns[f]!, row, ref p, end);
                    break;
                case FieldRole.Id:
                    good &= NumberParser.TryParseInteger(ref p, out long id);
                    frame.Ids[row] = id;
                    break;
                case FieldRole.Type:
                    long type = 0;
                    good &= (NumberParser.TryParseInteger(ref p, out type) || TryTypeLabel(ref p, end, out type)) &&
                        type is >= 1 and <= TypeNames.MaxType;
                    frame.Types[row] = (int)type;
                    break;
                case FieldRole.Element:
                    p = WordEnd(p, end);
                    word = _typeNames.Add(new ReadOnlySpan<byte>(field, (int)(p - field)));
                    break;
                case FieldRole.Ignored:
                    p = WordEnd(p, end);
                    break;
                default:
                    good &= NumberParser.TryParseDouble(ref p, out double r);
                    good &= r - r == 0;
                    frame.Positions[3L * row + (fields[f].Role - FieldRole.X)] = r;
                    break;
            }

            if (!good || (p < end && !Fields.IsBlank(*p)))
                throw BadField(fields, f, start, field, end, row, count);
        }

        while (p < end && Fields.IsBlank(*p))
            p++;
        if (p < end)
            throw BadRow(fields, start, end, row, count);
        if (word >= 0 && !_typeNames.Assign(word, ref frame.Types[row]))
            throw scanner.Fault(_typeNames.Conflict(word, frame.Types[row]));
    }

    private bool TryTypeLabel(ref byte* p, byte* end, out long type)
    {
        byte* word = WordEnd(p, end);
        type = 0;
        if (TypeLabels is null || !TypeLabels.TryGetValue(Utf8.String(new ReadOnlySpan<byte>(p, (int)(word - p))), out int known))
            return false;
        p = word;
        type = known;
        return true;
    }

    private static byte* WordEnd(byte* p, byte* end)
    {
        while (p < end && !Fields.IsBlank(*p))
            p++;
        return p;
    }

    private static void ReadColumn(FrameColumn column, int row, ref byte* p, byte* end)
    {
        byte* start = p;
        if (column.Kind == ColumnKind.Integer)
        {
            if (NumberParser.TryParseInteger(ref p, out long integer))
            {
                column.RawPointer[row] = integer;
                return;
            }

            column.Widen(ColumnKind.Real, row);
        }

        if (column.Kind == ColumnKind.Real)
        {
            if (NumberParser.TryParseDouble(ref p, out double real) && (p >= end || Fields.IsBlank(*p)))
            {
                column.RawPointer[row] = BitConverter.DoubleToInt64Bits(real);
                return;
            }

            column.Widen(ColumnKind.Text, row);
        }

        p = WordEnd(start, end);
        column.RawPointer[row] = column.Words.Add(new ReadOnlySpan<byte>(start, (int)(p - start)));
    }

    private InputException BadField(
        ReadOnlySpan<AtomField> fields, int f, byte* start, byte* field, byte* end, int row, int count)
    {
        int have = CountFields(start, end);
        if (!scanner.LineFeedSeen || have != fields.Length)
            return BadRow(fields, start, end, row, count);

        ReadOnlySpan<byte> word = new(field, (int)(WordEnd(field, end) - field));
        string what = fields[f].Role switch
        {
            FieldRole.Id => "not an atom id (a whole number)",
            FieldRole.Type => $"not an atom type (a whole number from 1 to {TypeNames.MaxType}" +
                (TypeLabels is null ? ")" : ", or one of the section Atom Type Labels)"),
            _ => NumberParser.TryParseDouble(ref field, out double r) && !double.IsFinite(r) && (field >= end || Fields.IsBlank(*field))
                ? "not a finite coordinate; the simulation was unstable before this frame, so leave the frame out"
                : "not a number",
        };
        return scanner.Fault($"{Utf8.Quote(word)} in column {fields[f].Name} is {what}");
    }

    private InputException BadRow(ReadOnlySpan<AtomField> fields, byte* start, byte* end, int row, int count)
    {
        ReadOnlySpan<byte> line = new(start, (int)(end - start));
        if (!scanner.LineFeedSeen)
            return owner.Truncated($"{row} of {count} atoms are there, the line of the next is not complete");
        if (line.StartsWith("ITEM:"u8))
            return scanner.Fault($"a new section starts, but only {row} of {count} atoms are there; the frame is damaged, leave it out");
        int have = CountFields(start, end);
        return scanner.Fault(
            $"the line {Utf8.Quote(line)} has {have} columns, {Announced} {fields.Length} ({row} of {count} atoms read); correct the line");
    }

    private static int CountFields(byte* start, byte* end)
    {
        Fields line = new(start, end);
        int n = 0;
        while (!line.Next().IsEmpty)
            n++;
        return n;
    }
}
