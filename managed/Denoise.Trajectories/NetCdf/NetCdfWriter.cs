using System.Buffers.Binary;
using System.Text;
using Denoise.Atoms;
using Denoise.Trajectories.Binary;

namespace Denoise.Trajectories.NetCdf;

/// <summary>
/// Writes NetCDF trajectories (CDF-2) by AMBER's conventions, with LAMMPS's variables for ids, types and the corner of the cell, and the
/// step: positions in single precision, and no columns. A box that does not stand as cells do is turned, with its atoms.
/// </summary>
internal sealed class NetCdfWriter : FrameFormatter
{
    private const int Frames = 0, Spatial = 1, Atoms = 2, CellSpatial = 3, CellAngular = 4, Label = 5;
    private const int LabelLength = 5;
    private const string Axes = "xyz", Edges = "abc", Angles = "alphabeta gamma";

    // Of every frame, in this order: numbers of 8 bytes, then those of the atoms, of 4.
    private static readonly (string Name, NetCdfType Type, int[] Dimensions, string? Units)[] Records =
    [
        ("time", NetCdfType.Double, [Frames], "picosecond"),
        ("step", NetCdfType.Double, [Frames], null),
        ("cell_origin", NetCdfType.Double, [Frames, CellSpatial], "angstrom"),
        ("cell_lengths", NetCdfType.Double, [Frames, CellSpatial], "angstrom"),
        ("cell_angles", NetCdfType.Double, [Frames, CellAngular], "degree"),
        ("id", NetCdfType.Int, [Frames, Atoms], null),
        ("type", NetCdfType.Int, [Frames, Atoms], null),
        ("coordinates", NetCdfType.Float, [Frames, Atoms, Spatial], "angstrom"),
    ];

    public override int HeadBytes { get; } = HeadOf(0, 0).Length;

    public override byte[] Head(FramePiece all, long frames) => frames <= int.MaxValue ? HeadOf(all.Atoms, (int)frames)
        : throw new InputException($"{frames} frames are more than a NetCDF file can hold; choose another format");

    private protected override void WriteFrame(Frame frame)
    {
        if (frame.Count > int.MaxValue / (3 * sizeof(float)))
            throw new InputException($"{frame.Count} atoms are more than a NetCDF file can hold; choose another format");
        Box box = frame.Box;
        TurnedPositions positions = new(frame);
        (double alpha, double beta, double gamma) = CellShape.Cosines(box);
        Double(frame.Time ?? 0);
        Double(frame.Step);
        foreach (Vec3 triple in (ReadOnlySpan<Vec3>)[positions.Origin, new(box.A.Length, box.B.Length, box.C.Length),
            new(CellShape.Degrees(alpha), CellShape.Degrees(beta), CellShape.Degrees(gamma))])
        {
            Double(triple.X);
            Double(triple.Y);
            Double(triple.Z);
        }

        foreach (long id in frame.Ids.Span)
            Int(id is >= int.MinValue and <= int.MaxValue ? (int)id
                : throw new InputException($"atom {id} has a larger id than a NetCDF file can hold; choose another format"));
        foreach (int type in frame.Types.Span)
            Int(type);
        for (int i = 0; i < frame.Count; i++)
            for (int axis = 0; axis < 3; axis++)
                Int(BitConverter.SingleToInt32Bits(positions.Single(i, axis)));
    }

    private static byte[] HeadOf(int atoms, int frames)
    {
        using MemoryStream head = new();
        head.Write("CDF\u0002"u8);
        Put(head, frames, 10, 6);
        foreach ((string name, int length) in
            ((string, int)[])[("frame", 0), ("spatial", 3), ("atom", atoms), ("cell_spatial", 3), ("cell_angular", 3), ("label", LabelLength)])
        {
            Text(head, name);
            Put(head, length);
        }

        string version = typeof(NetCdfWriter).Assembly.GetName().Version?.ToString(3) ?? "";
        Attributes(head, ("title", ""), ("application", "Denoise.InSitu"), ("program", "denoise"), ("programVersion", version),
            ("Conventions", "AMBER"), ("ConventionVersion", "1.0"));
        // Three fixed arrays of words, which say what the axes are.
        (string Name, int[] Dimensions, string Content)[] words =
            [("spatial", [Spatial], Axes), ("cell_spatial", [CellSpatial], Edges), ("cell_angular", [CellAngular, Label], Angles)];
        Put(head, 11, words.Length + Records.Length);
        long begin = head.Length + words.Sum(word => EntryBytes(word.Name, word.Dimensions.Length, null)) +
            Records.Sum(record => EntryBytes(record.Name, record.Dimensions.Length, record.Units));
        foreach ((string name, int[] dimensions, string content) in words)
            Variable(head, name, NetCdfType.Char, dimensions, null, Padded(content.Length), ref begin);
        foreach ((string name, NetCdfType type, int[] dimensions, string? units) in Records)
        {
            long bytes = (long)(type == NetCdfType.Double ? sizeof(double) : sizeof(float)) *
                (dimensions.Contains(Atoms) ? atoms : 1) * (dimensions.Length == 3 || dimensions[^1] is CellSpatial or CellAngular ? 3 : 1);
            Variable(head, name, type, dimensions, units, bytes, ref begin);
        }

        foreach ((_, _, string content) in words)
            head.Write(Encoding.ASCII.GetBytes(content.PadRight(Padded(content.Length), '\0')));
        return head.ToArray();
    }

    private static void Variable(
        MemoryStream head, string name, NetCdfType type, int[] dimensions, string? units, long bytes, ref long begin)
    {
        Text(head, name);
        Put(head, dimensions.Length);
        Put(head, dimensions);
        Attributes(head, units is null ? [] : [("units", units)]);
        Put(head, (int)type, (int)bytes);
        Span<byte> place = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(place, begin);
        head.Write(place);
        begin += bytes;
    }

    private static long EntryBytes(string name, int dimensions, string? units) =>
        4 + Padded(name.Length) + 4 + 4 * dimensions + 8 + (units is null ? 0 : 4 + Padded(5) + 8 + Padded(units.Length)) + 8 + 8;

    private static void Attributes(MemoryStream head, params ReadOnlySpan<(string Name, string Value)> attributes)
    {
        Put(head, attributes.Length == 0 ? 0 : 12, attributes.Length);
        foreach ((string name, string value) in attributes)
        {
            Text(head, name);
            Put(head, (int)NetCdfType.Char);
            Text(head, value);
        }
    }

    private static void Text(MemoryStream head, string text)
    {
        Put(head, text.Length);
        head.Write(Encoding.ASCII.GetBytes(text.PadRight(Padded(text.Length), '\0')));
    }

    private static void Put(MemoryStream head, params ReadOnlySpan<int> values)
    {
        Span<byte> bytes = stackalloc byte[4];
        foreach (int value in values)
        {
            BinaryPrimitives.WriteInt32BigEndian(bytes, value);
            head.Write(bytes);
        }
    }

    private static int Padded(int length) => (length + 3) / 4 * 4;

    private void Int(int value)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        Output.Bytes(bytes);
    }

    private void Double(double value)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteDoubleBigEndian(bytes, value);
        Output.Bytes(bytes);
    }
}
