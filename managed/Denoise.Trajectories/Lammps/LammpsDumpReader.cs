using Denoise.Atoms;
using Denoise.Trajectories.Tables;
using Denoise.Trajectories.Text;

namespace Denoise.Trajectories.Lammps;

/// <summary>
/// LAMMPS text dumps, styles atom and custom (https://docs.lammps.org/dump.html): any columns in any order, any number of frames,
/// the number of atoms changing between them. Positions become Cartesian in the file's unit of length.
/// </summary>
internal sealed unsafe class LammpsDumpReader : TrajectoryReader
{
    private readonly AtomTableReader _table;
    private DumpColumns? _columns;
    private byte[] _columnLine = [];
    private Box? _box;
    private string? _units;

    public LammpsDumpReader(LineScanner scanner)
        : base(scanner)
    {
        _table = new AtomTableReader(this, scanner) { Announced = "its header announces" };
    }

    public override TrajectoryFormat Format => TrajectoryFormats.LammpsDump;

    public static bool Recognizes(FileHead head) => Utf8.Trim(head.Bytes).StartsWith("ITEM:"u8);

    private protected override bool ReadFrame(Frame frame)
    {
        if (!TryReadHeader(frame, out int count, out ReadOnlySpan<byte> names))
            return false;
        ReadAtoms(frame, names, count);
        return true;
    }

    private protected override bool SkipFrame(Frame scratch)
    {
        if (!TryReadHeader(scratch, out int count, out _))
            return false;
        for (long row = 0; row < count; row++)
        {
            row += Scanner.PassLines(count - row, (byte)'I', (byte)'I');
            if (row == count)
                break;
            if (!Scanner.TryReadLine(out byte* start, out byte* end))
                throw Truncated($"{row} of {count} atoms are there");
            if (*start == 'I' && new ReadOnlySpan<byte>(start, (int)(end - start)).StartsWith("ITEM:"u8))
                throw Scanner.Fault(
                    $"a new section starts, but only {row} of {count} atoms are there; the frame is damaged, leave it out");
        }

        return true;
    }

    private protected override bool Resynchronize()
    {
        // What could not be read may be the next frame's first line; but not at the end of the file, where it would fail again.
        if (!IsTruncated)
            Scanner.TryUnread();
        while (Scanner.TryReadLine(out ReadOnlySpan<byte> line))
        {
            if (!line.StartsWith("ITEM:"u8) || !IsFirstItem(Utf8.Trim(line["ITEM:".Length..])))
                continue;
            Scanner.Unread();
            break;
        }

        return true;
    }

    private static bool IsFirstItem(ReadOnlySpan<byte> item) =>
        item.SequenceEqual("TIMESTEP"u8) || item.SequenceEqual("UNITS"u8) || item.SequenceEqual("TIME"u8);

    /// <summary>Reads all that is before the atoms; false at the end of the file.</summary>
    private bool TryReadHeader(Frame frame, out int atoms, out ReadOnlySpan<byte> names)
    {
        atoms = 0;
        names = default;
        if (!SkipToFirstItem())
            return false;

        bool hasStep = false, hasBox = false;
        long count = -1;
        while (true)
        {
            if (!Scanner.TryReadLine(out ReadOnlySpan<byte> line) || !Scanner.LineFeedSeen)
                throw Truncated("its header is not complete");
            if (!line.StartsWith("ITEM:"u8))
                throw Scanner.Fault(
                    $"a line 'ITEM: ...' is expected, not {Utf8.Quote(line)}; is the number of atoms in the frame before right?");
            ReadOnlySpan<byte> item = Utf8.Trim(line["ITEM:".Length..]);

            if (item.SequenceEqual("TIMESTEP"u8))
            {
                if (hasStep)
                    throw Scanner.Fault("a new frame starts, but the one before has no 'ITEM: ATOMS'; the frame is damaged, leave it out");
                frame.Step = ReadInteger("time step");
                hasStep = true;
            }
            else if (item.SequenceEqual("UNITS"u8))
            {
                _units = Utf8.String(Utf8.Trim(ReadHeaderLine("unit style")));
            }
            else if (item.SequenceEqual("TIME"u8))
            {
                frame.Time = ReadTime();
            }
            else if (item.SequenceEqual("NUMBER OF ATOMS"u8))
            {
                count = ReadInteger("number of atoms");
                if (count is < 0 or > int.MaxValue)
                    throw Scanner.Fault($"{count} atoms are not possible; a frame holds from 0 to {int.MaxValue}");
            }
            else if (item.StartsWith("BOX BOUNDS"u8))
            {
                _box = DumpBox.Read(Utf8.Trim(item["BOX BOUNDS".Length..]), this, Scanner, _box);
                hasBox = true;
            }
            else if (Utf8.StartsWithWord(item, "ATOMS"u8))
            {
                string? missing = !hasStep ? "TIMESTEP" : count < 0 ? "NUMBER OF ATOMS" : !hasBox ? "BOX BOUNDS" : null;
                if (missing is not null)
                    throw Scanner.Fault($"'ITEM: {missing}' is missing before the atoms of this frame; the frame is damaged, leave it out");
                atoms = (int)count;
                names = Utf8.Trim(item["ATOMS".Length..]);
                return true;
            }
            else if (Utf8.StartsWithWord(item, "ENTRIES"u8))
            {
                throw Scanner.Fault("this dump holds no atoms ('ITEM: ENTRIES', dump style local); use dump style custom");
            }
            else
            {
                SkipItem();
            }
        }
    }

    private bool SkipToFirstItem()
    {
        while (Scanner.TryReadLine(out ReadOnlySpan<byte> line))
        {
            if (Utf8.Trim(line).IsEmpty)
                continue;
            Scanner.Unread();
            return true;
        }

        return false;
    }

    private void ReadAtoms(Frame frame, ReadOnlySpan<byte> names, int count)
    {
        if (_columns is null || !names.SequenceEqual(_columnLine))
        {
            _columnLine = names.ToArray();
            _columns = DumpColumns.Parse(Utf8.String(names), Scanner);
        }

        frame.Box = _box!;
        frame.Units = _units;
        _table.Read(frame, _columns.Fields, count);
        if (count > 0)
            WarnIfLastLineIsOpen();
        frame.Unwrapped = _columns.Unwrapped;
        if (_columns.Scaled)
            DumpColumns.ToCartesian(frame);
    }

    private ReadOnlySpan<byte> ReadHeaderLine(string what) =>
        Scanner.TryReadLine(out ReadOnlySpan<byte> line) && Scanner.LineFeedSeen ? line : throw Truncated($"its {what} is missing");

    private long ReadInteger(string what)
    {
        if (!Scanner.TryReadLine(out byte* start, out byte* end) || !Scanner.LineFeedSeen)
            throw Truncated($"its {what} is missing");
        Fields fields = new(start, end);
        return fields.TryNextInteger(out long value) && fields.AtEnd
            ? value
            : throw Scanner.Fault($"{Utf8.Quote(start, end)} is not a {what} (a whole number)");
    }

    private double ReadTime()
    {
        if (!Scanner.TryReadLine(out byte* start, out byte* end) || !Scanner.LineFeedSeen)
            throw Truncated("its time is missing");
        Fields fields = new(start, end);
        return fields.TryNextDouble(out double value)
            ? value
            : throw Scanner.Fault($"{Utf8.Quote(start, end)} is not a time");
    }

    /// <summary>A section that is not known, up to the next.</summary>
    private void SkipItem()
    {
        while (Scanner.TryReadLine(out ReadOnlySpan<byte> line))
        {
            if (!line.StartsWith("ITEM:"u8))
                continue;
            Scanner.Unread();
            return;
        }
    }
}
