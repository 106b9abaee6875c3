using System.Text;
using Denoise.Atoms;
using Denoise.Trajectories.Tables;
using Denoise.Trajectories.Text;

namespace Denoise.Trajectories.Xyz;

/// <summary>
/// XYZ, plain and extended (https://github.com/libAtoms/extxyz), any number of frames. A frame without Lattice gets the bounding
/// box of its atoms, open on all sides.
/// </summary>
internal sealed unsafe class ExtendedXyzReader : TrajectoryReader
{
    private readonly AtomTableReader _table;
    private XyzProperties? _properties;
    private byte[] _propertiesText = [];
    private int _plainFields;
    private Box? _box;

    // What the comment line of the current frame says.
    private bool _hasLattice;
    private bool _hasProperties;

    public ExtendedXyzReader(LineScanner scanner)
        : base(scanner)
    {
        _table = new AtomTableReader(this, scanner) { Announced = "the first line or Properties announces" };
    }

    public override TrajectoryFormat Format => TrajectoryFormat.ExtendedXyz;

    private protected override bool ReadFrame(Frame frame)
    {
        if (!TryReadCount(out int count))
            return false;
        if (!Scanner.TryReadLine(out ReadOnlySpan<byte> comment) || (!Scanner.LineFeedSeen && count > 0))
            throw Truncated("its comment line is missing");
        ReadComment(comment, frame);
        if (!_hasProperties)
            UsePlainFields(count);

        // Files made by hand often lack the last line feed; in a trajectory it means that the last frame was being written.
        _table.LastLineNeedsLineFeed = FramesRead > 0;
        _table.Read(frame, _properties!.Fields, count);
        if (count > 0)
            WarnIfLastLineIsOpen();
        if (_properties.TypesAreAtomicNumbers)
            NameTypes(frame);
        if (!_hasLattice)
            _box = BoundingBox(frame);
        frame.Box = _box!;
        return true;
    }

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
        origin.Clear();
        (bool A, bool B, bool C) periodic = (true, true, true);
        _hasLattice = _hasProperties = false;
        XyzComment comment = new(line);
        while (comment.TryNext(out ReadOnlySpan<byte> key, out ReadOnlySpan<byte> value))
        {
            if (Is(key, "Lattice"u8))
                _hasLattice = XyzComment.TryParseNumbers(value, lattice)
                    ? true
                    : throw Scanner.Fault($"Lattice={Utf8.Quote(value)} is not nine numbers (three edge vectors)");
            else if (Is(key, "Origin"u8) || Is(key, "cell_origin"u8))
            {
                if (!XyzComment.TryParseNumbers(value, origin))
                    throw Scanner.Fault($"Origin={Utf8.Quote(value)} is not three numbers");
            }
            else if (Is(key, "pbc"u8))
            {
                if (!XyzComment.TryParseFlags(value, out periodic))
                    throw Scanner.Fault($"pbc={Utf8.Quote(value)} is not three flags such as \"T T F\"");
            }
            else if (Is(key, "Properties"u8))
                UseProperties(value);
            else if ((Is(key, "Timestep"u8) || Is(key, "Step"u8)) && XyzComment.TryParseNumbers(value, number))
                frame.Step = (long)number[0];
            else if (Is(key, "Time"u8) && XyzComment.TryParseNumbers(value, number))
                frame.Time = number[0];
            else if (Is(key, "Units"u8))
                frame.Units = frame.Units ?? Utf8.String(value);
        }

        if (!_hasLattice)
            return;
        Box box = new(
            new(lattice[0], lattice[1], lattice[2]), new(lattice[3], lattice[4], lattice[5]), new(lattice[6], lattice[7], lattice[8]),
            new(origin[0], origin[1], origin[2]), periodic.A, periodic.B, periodic.C);
        if (!(box.Volume > 0))
            throw Scanner.Fault("the three vectors of Lattice span no volume");
        if (box != _box)
            _box = box;
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

    private static Box BoundingBox(Frame frame)
    {
        double[] low = [0, 0, 0], high = [0, 0, 0];
        for (int i = 0; i < frame.Count; i++)
            for (int axis = 0; axis < 3; axis++)
            {
                double r = frame.Positions[3L * i + axis];
                low[axis] = i == 0 ? r : Math.Min(low[axis], r);
                high[axis] = i == 0 ? r : Math.Max(high[axis], r);
            }

        // Atoms in one plane span no volume, but a box must: one unit of length then.
        double Edge(int axis) => high[axis] > low[axis] ? high[axis] - low[axis] : 1;
        return Box.Orthogonal(Edge(0), Edge(1), Edge(2), periodic: false) with { Origin = new(low[0], low[1], low[2]) };
    }

    private static bool Is(ReadOnlySpan<byte> key, ReadOnlySpan<byte> name) => Ascii.EqualsIgnoreCase(key, name);
}
