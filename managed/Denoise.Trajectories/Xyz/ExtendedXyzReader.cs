using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Denoise.Atoms;
using Denoise.Trajectories.Tables;
using Denoise.Trajectories.Text;

namespace Denoise.Trajectories.Xyz;

/// <summary>
/// XYZ, plain and extended (https://github.com/libAtoms/extxyz), any number of frames. A frame without Lattice gets the bounding
/// box of its atoms, open on all sides.
/// </summary>
internal sealed unsafe partial class ExtendedXyzReader : TrajectoryReader
{
    private const int LongestTitle = 200;
    private const int LongestCount = 40;

    private readonly AtomTableReader _table;
    private XyzProperties? _properties;
    private byte[] _propertiesText = [];
    private int _plainFields;
    private Box? _box;
    private bool _cellTold;
    private bool _unitsTold;

    // What the comment line of the current frame says.
    private XyzCell _cell;
    private bool _hasProperties;

    public ExtendedXyzReader(LineScanner scanner)
        : base(scanner)
    {
        _table = new AtomTableReader(this, scanner) { Announced = "the first line or Properties announces" };
    }

    public override TrajectoryFormat Format => TrajectoryFormats.ExtendedXyz;

    private protected override bool ReadFrame(Frame frame)
    {
        if (!TryReadCount(out int count))
            return false;
        if (!Scanner.TryReadLine(out ReadOnlySpan<byte> comment) || (!Scanner.LineFeedSeen && count > 0))
            throw Truncated("its comment line is missing");
        // Valid until the next line is read.
        string title = Utf8.String(comment[..Math.Min(comment.Length, LongestTitle)]);
        ReadComment(comment, frame);
        if (!_hasProperties)
            UsePlainFields(count);
        if (!_cell.IsGiven && LammpsStep().Match(title) is { Success: true } step)
            frame.Step = long.Parse(step.Groups[1].ValueSpan, CultureInfo.InvariantCulture);

        _table.Read(frame, _properties!.Fields, count);
        if (count > 0)
            WarnIfLastLineIsOpen();
        if (_properties.TypesAreAtomicNumbers)
            NameTypes(frame);
        SetBox(frame);
        return true;
    }

    private protected override bool SkipFrame(Frame scratch)
    {
        if (!TryReadCount(out int count))
            return false;
        if (!Scanner.TryReadLine(out ReadOnlySpan<byte> _) || (!Scanner.LineFeedSeen && count > 0))
            throw Truncated("its comment line is missing");
        for (long row = 0; row < count; row++)
        {
            // No count begins with a letter.
            row += Scanner.PassLines(count - row, 0, (byte)'9');
            if (row == count)
                break;
            if (!Scanner.TryReadLine(out byte* start, out byte* end))
                throw Truncated($"{row} of {count} atoms are there");
            if (IsCount(start, end))
                throw Scanner.Fault($"a new frame starts, but only {row} of {count} atoms are there; the frame is damaged, leave it out");
        }

        return true;
    }

    private protected override bool Resynchronize()
    {
        // What could not be read may be the next frame's first line; but not at the end of the file, where it would fail again.
        if (!IsTruncated)
            Scanner.TryUnread();
        while (Scanner.TryReadLine(out byte* start, out byte* end))
        {
            if (!IsCount(start, end))
                continue;
            Scanner.Unread();
            break;
        }

        return true;
    }

    /// <summary>Whether a line is one number alone: no line of an atom is.</summary>
    private static bool IsCount(byte* start, byte* end)
    {
        if (end - start > LongestCount || start == end || *start > '9')
            return false;
        Fields fields = new(start, end);
        return fields.TryNextInteger(out long value) && value >= 0 && fields.AtEnd;
    }

    /// <summary>Plain or extended XYZ begins with the number of atoms.</summary>
    public static bool Recognizes(FileHead head) => long.TryParse(head.Lines[0].Trim(), out _);

    /// <summary>What LAMMPS's own plain XYZ has in its second line.</summary>
    [GeneratedRegex(@"^\s*Atoms\. Timestep: (\d{1,18})\b")]
    private static partial Regex LammpsStep();

    private bool TryReadCount(out int count)
    {
        count = 0;
        while (Scanner.TryReadLine(out byte* start, out byte* end))
        {
            Fields fields = new(start, end);
            if (fields.AtEnd)
                continue;
            if (!Scanner.LineFeedSeen)
                throw Truncated("only its first line is there");
            if (!fields.TryNextInteger(out long value) || !fields.AtEnd)
                throw Scanner.Fault($"a number of atoms is expected, not {Utf8.Quote(start, end)}; " +
                    "is the number in the first line of the frame right?");
            if (value is < 0 or > int.MaxValue)
                throw Scanner.Fault($"{value} atoms are not possible; a frame holds from 0 to {int.MaxValue}");
            count = (int)value;
            return true;
        }

        return false;
    }

    private void ReadComment(ReadOnlySpan<byte> line, Frame frame)
    {
        Span<double> lattice = stackalloc double[9];
        Span<double> origin = stackalloc double[3];
        Span<double> number = stackalloc double[1];
        _cell = default;
        _hasProperties = false;
        XyzComment comment = new(line);
        while (comment.TryNext(out ReadOnlySpan<byte> key, out ReadOnlySpan<byte> value))
        {
            if (Is(key, "Lattice"u8))
                ReadLattice(value, lattice);
            else if (Is(key, "Origin"u8) || Is(key, "cell_origin"u8))
            {
                if (!XyzComment.TryParseNumbers(value, origin))
                    throw Scanner.Fault($"Origin={Utf8.Quote(value)} is not three numbers");
                _cell.Origin = new(origin[0], origin[1], origin[2]);
            }
            else if (Is(key, "pbc"u8))
            {
                _cell.Periodic = XyzComment.TryParseFlags(value, out var periodic)
                    ? periodic
                    : throw Scanner.Fault($"pbc={Utf8.Quote(value)} is not three flags such as \"T T F\"");
            }
            else if (Is(key, "Properties"u8))
                UseProperties(value);
            else if ((Is(key, "Timestep"u8) || Is(key, "Step"u8)) && XyzComment.TryParseNumbers(value, number))
                frame.Step = (long)number[0];
            else if (Is(key, "Time"u8) && XyzComment.TryParseNumbers(value, number))
                frame.Time = number[0];
            else if (Is(key, "energy"u8) && XyzComment.TryParseNumbers(value, number))
                frame.Energy = number[0];
            else if (Is(key, "Units"u8))
                ReadUnits(Utf8.String(value), frame);
        }
    }

    private void ReadLattice(ReadOnlySpan<byte> value, Span<double> v)
    {
        int n = XyzComment.ParseNumbers(value, v);
        if (n is not (3 or 9))
            throw Scanner.Fault($"Lattice={Utf8.Quote(value)} is not nine numbers (three edge vectors)");
        _cell.IsGiven = true;
        (_cell.A, _cell.B, _cell.C) = n == 9
            ? (new(v[0], v[1], v[2]), new(v[3], v[4], v[5]), new(v[6], v[7], v[8]))
            : (new Vec3(v[0], 0, 0), new Vec3(0, v[1], 0), new Vec3(0, 0, v[2]));
        if (!_cell.IsPartial && !(Math.Abs(Vec3.Dot(_cell.A, Vec3.Cross(_cell.B, _cell.C))) > 0))
            throw Scanner.Fault("the three vectors of Lattice span no volume; they must be three independent directions");
    }

    /// <summary>Other programs describe their units here in words; only LAMMPS's styles say how long a unit is.</summary>
    private void ReadUnits(string text, Frame frame)
    {
        if (LammpsUnits.IsStyle(text))
            frame.Units = text;
        else if (!text.Contains("ang", StringComparison.OrdinalIgnoreCase) && !text.Contains('Å'))
            WarnOnce(ref _unitsTold, $"{Path}:{Scanner.LineNumber}: units={Quote.Of(text)} is no unit style of LAMMPS; " +
                "lengths are taken for Å");
    }

    private void SetBox(Frame frame)
    {
        if (!_cell.IsGiven)
            WarnOnce(ref _cellTold, $"{Path}: frame {FramesRead + 1} has no cell: boundaries are open all around; " +
                "add Lattice=\"ax ay az bx by bz cx cy cz\" to its second line if the atoms are periodic");
        else if (_cell.LacksPeriodicEdge)
            throw new InputException($"{Path}: the vectors of Lattice span no volume: frame {FramesRead + 1} is periodic along one " +
                "that is zero; give it, or make that direction open (pbc=\"F F F\")");
        else if (_cell.IsPartial && _cell.Periodic is null)
            WarnOnce(ref _cellTold, $"{Path}: frame {FramesRead + 1} has zero vectors in its Lattice: these directions are open");
        Box box = _cell.ToBox(frame) ?? throw new InputException(
            $"{Path}: the vectors of Lattice in frame {FramesRead + 1} span no volume; they must be independent directions");
        if (box != _box)
            _box = box;
        frame.Box = _box;
    }

    private void UseProperties(ReadOnlySpan<byte> value)
    {
        _hasProperties = true;
        _plainFields = 0;
        if (_properties is not null && value.SequenceEqual(_propertiesText))
            return;
        _properties = XyzProperties.Parse(value, Scanner);
        _propertiesText = value.ToArray();
    }

    /// <summary>Plain XYZ announces nothing: the first atom says how many fields there are.</summary>
    private void UsePlainFields(int count)
    {
        int n = 4;
        if (count > 0 && Scanner.TryReadLine(out byte* start, out byte* end))
        {
            Fields fields = new(start, end);
            for (n = 0; !fields.Next().IsEmpty; n++)
            {
            }

            Scanner.Unread();
        }

        n = Math.Max(n, 4);
        if (n == _plainFields)
            return;
        _plainFields = n;
        _propertiesText = [];
        _properties = XyzProperties.Plain(n);
    }

    private void NameTypes(Frame frame)
    {
        foreach (int z in frame.Types.Span)
        {
            if (z > ElementTable.Count)
                throw Scanner.Fault($"frame {FramesRead + 1} has an atom of atomic number {z}; elements end at {ElementTable.Count}");
            if (frame.ElementOf(z) is null)
                frame.SetElement(z, ElementTable.Symbol(z));
        }
    }

    private static bool Is(ReadOnlySpan<byte> key, ReadOnlySpan<byte> name) => Ascii.EqualsIgnoreCase(key, name);
}
