using Denoise.Atoms;
using Denoise.Trajectories.Text;

namespace Denoise.Trajectories.Lammps;

/// <summary>
/// LAMMPS binary dumps, styles atom and custom (https://docs.lammps.org/dump.html), of either byte order and size of bigint, gathered
/// from one process or several. All values are doubles; columns of whole numbers become integers, as in text dumps.
/// </summary>
internal sealed class LammpsBinaryDumpReader : TrajectoryReader
{
    private const string Old = "a binary dump as LAMMPS wrote it before October 2020";
    private const int MostColumns = 10_000;

    // DumpAtom's columns, which the old form does not name.
    private static readonly string[] OldColumns = ["id", "type", "x", "y", "z", "ix", "iy", "iz"];

    private readonly BinaryLayout _layout;
    private readonly BinaryFields _fields;
    private double[] _row = [];
    private string _columnText = "";
    private DumpColumns? _columns;
    private Box? _box;
    private string? _units;
    private bool _guessTold;

    public LammpsBinaryDumpReader(LineScanner scanner)
        : base(scanner)
    {
        _layout = BinaryLayout.Of(scanner.Head(FileHead.Length)) ?? throw scanner.Fault("this is no binary dump of LAMMPS");
        _fields = new BinaryFields(scanner, _layout, () => Truncated("its numbers are not all there"));
    }

    public override TrajectoryFormat Format => TrajectoryFormats.LammpsBinaryDump;

    public static bool Recognizes(FileHead head) => BinaryLayout.Of(head.Bytes) is not null;

    private protected override bool ReadFrame(Frame frame)
    {
        if (!TryReadHeader(frame, out int count, out int width, out string? names))
            return false;
        DumpColumns columns = Columns(names, width);
        frame.Box = _box!;
        frame.Units = _units;
        ReadChunks(frame, columns, count, width);
        bool scaled = names is null ? AreScaled(frame) : columns.Scaled;
        frame.Unwrapped = columns.Unwrapped;
        if (scaled)
            DumpColumns.ToCartesian(frame);
        return true;
    }

    private protected override bool SkipFrame(Frame scratch)
    {
        if (!TryReadHeader(scratch, out _, out int width, out _))
            return false;
        for (int chunk = ReadChunkCount(); chunk > 0; chunk--)
        {
            long bytes = (long)ReadChunkLength(width) * sizeof(double);
            if (Scanner.SkipBytes(bytes) < bytes)
                throw Truncated("its numbers are not all there");
        }

        return true;
    }

    /// <summary>Reads all that is before the parts with atoms; false at the end of the file.</summary>
    private bool TryReadHeader(Frame frame, out int atoms, out int width, out string? names)
    {
        (atoms, width, names) = (0, 0, null);
        if (Scanner.Head(1).IsEmpty)
            return false;
        int revision = ReadMagic();
        frame.Step = _fields.Big();
        long count = _fields.Big();
        if (frame.Step < 0 || count is < 0 or > int.MaxValue)
            throw Damaged($"time step {frame.Step} and {count} atoms are not possible");
        ReadBox();
        width = _fields.Int();
        if (width is < 1 or > MostColumns)
            throw Damaged($"{width} numbers per atom are not possible");
        atoms = (int)count;
        if (revision > 1)
        {
            string units = _fields.Text() ?? throw Damaged("its units are no text");
            _units = units.Length > 0 ? units : _units;
            if (_fields.Byte() != 0)
                frame.Time = _fields.Double();
            names = _fields.Text() ?? throw Damaged("the names of its columns are no text");
        }

        return true;
    }

    /// <summary>The revision; 0 in the old form.</summary>
    private int ReadMagic()
    {
        if (_layout.Magic.Length == 0)
            return 0;
        long marker = _fields.Big();
        if (marker != -_layout.Magic.Length || _fields.Characters(_layout.Magic.Length) != _layout.Magic)
            throw Damaged("it does not begin as the one before");
        // The same number in every byte order that it was recognized by.
        _ = _fields.Int();
        return _fields.Int();
    }

    private void ReadBox()
    {
        const int General = 2;
        int form = _fields.Int();
        if (form is not (0 or 1 or General))
            throw Damaged($"{form} is no form of box");
        Span<bool> periodic = stackalloc bool[3];
        for (int axis = 0; axis < 3; axis++)
        {
            int low = _fields.Int(), high = _fields.Int();
            periodic[axis] = low == 0 && high == 0;
        }

        Span<double> v = stackalloc double[12];
        v.Clear();
        _fields.Doubles(v[..(form == General ? 12 : form == 1 ? 9 : 6)]);
        Box? box = form == General
            ? DumpBox.General(new(v[0], v[1], v[2]), new(v[3], v[4], v[5]), new(v[6], v[7], v[8]), new(v[9], v[10], v[11]), periodic)
            : DumpBox.Restricted((v[0], v[1]), (v[2], v[3]), (v[4], v[5]), (v[6], v[7], v[8]), periodic);
        if (box is null)
            throw Damaged("its box has no volume");
        _box = box == _box ? _box : box;
    }

    private DumpColumns Columns(string? names, int width)
    {
        names ??= width is 5 or 8 ? string.Join(' ', OldColumns[..width]) : throw new InputException(
            $"{Path}: {Old} does not say what the {width} numbers per atom are; write it again " +
            "as text or with a newer LAMMPS (of its columns only those of dump style atom are known)");
        if (_columns is null || names != _columnText)
        {
            _columns = DumpColumns.Parse(names, Scanner);
            _columnText = names;
        }

        return _columns.Fields.Length == width
            ? _columns
            : throw Damaged($"it has {width} numbers per atom and names {_columns.Fields.Length} columns");
    }

    private void ReadChunks(Frame frame, DumpColumns columns, int count, int width)
    {
        BinaryAtomTable table = new(frame, columns.Fields, count);
        int chunks = ReadChunkCount();
        if (_row.Length < width)
            _row = new double[width];
        for (int chunk = 0; chunk < chunks; chunk++)
        {
            int numbers = ReadChunkLength(width);
            for (int k = 0; k < numbers / width; k++)
            {
                _fields.Doubles(_row.AsSpan(0, width));
                if (table.Rows == count)
                    throw Damaged($"it has more than the {count} atoms that its header announces");
                if (table.Add(_row) is { } problem)
                    throw Damaged($"atom {table.Rows + 1} of {count} has {problem}");
            }
        }

        if (table.Rows != count)
            throw Damaged($"it has {table.Rows} of the {count} atoms that its header announces; if the file is one of several that the " +
                "processes wrote each for itself, dump without % in the name");
        table.Complete();
    }

    private int ReadChunkCount()
    {
        int chunks = _fields.Int();
        return chunks >= 1 ? chunks : throw Damaged($"{chunks} parts are not possible");
    }

    private int ReadChunkLength(int width)
    {
        int numbers = _fields.Int();
        return numbers >= 0 && numbers % width == 0 ? numbers : throw Damaged($"a part of {numbers} numbers is no multiple of {width}");
    }

    /// <summary>
    /// Dump style atom scales positions unless it is told not to. Scaled they are about 0 to 1; a crystal that wide in Å would be in
    /// one corner of its box.
    /// </summary>
    private bool AreScaled(Frame frame)
    {
        double low = double.PositiveInfinity, high = double.NegativeInfinity;
        foreach (double x in frame.Positions.Span)
            (low, high) = (Math.Min(low, x), Math.Max(high, x));
        bool scaled = low >= -0.5 && high <= 1.5;
        Vec3 widths = frame.Box.FaceDistances;
        if (scaled && frame.Count > 0 && Math.Min(widths.X, Math.Min(widths.Y, widths.Z)) < 2)
            throw new InputException($"{Path}: {Old} does not say whether positions are scaled, and " +
                "in so small a box it cannot be seen; write it again as text or with a newer LAMMPS");
        WarnOnce(ref _guessTold, $"{Path}: {Old} names no columns; its {_columns!.Fields.Length} are " +
            $"taken for those of dump style atom, positions {(scaled ? "scaled" : "not scaled")}");
        return scaled;
    }

    private InputException Damaged(string problem) =>
        new($"{Path}: frame {FramesRead + 1} of this binary dump is damaged: {problem}; leave it out");
}
