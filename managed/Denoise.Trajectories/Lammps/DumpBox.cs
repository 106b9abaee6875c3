using Denoise.Atoms;
using Denoise.Trajectories.Text;

namespace Denoise.Trajectories.Lammps;

/// <summary>
/// The box of a dump, in its three forms (https://docs.lammps.org/Howto_triclinic.html): bounds; bounds of the triclinic box's
/// bounding box with tilt factors xy, xz, yz; three edge vectors, each with one component of the origin.
/// </summary>
internal static unsafe class DumpBox
{
    private enum Form
    {
        Orthogonal,
        Tilted,
        General,
    }

    /// <param name="header">what follows "ITEM: BOX BOUNDS"</param>
    /// <param name="reader">for messages</param>
    /// <param name="scanner">stands behind the header line</param>
    /// <param name="previous">returned where nothing changed, so that a constant box costs no allocation</param>
    public static Box Read(ReadOnlySpan<byte> header, TrajectoryReader reader, LineScanner scanner, Box? previous)
    {
        Form form = Form.Orthogonal;
        if (Strip(ref header, "xy xz yz"u8))
            form = Form.Tilted;
        else if (Strip(ref header, "abc origin"u8))
            form = Form.General;
        var (pa, pb, pc) = Periodicity(header, scanner);

        double* v = stackalloc double[12];
        int columns = 0;
        for (int row = 0; row < 3; row++)
        {
            if (!scanner.TryReadLine(out byte* start, out byte* end) || !scanner.LineFeedSeen)
                throw reader.Truncated("the box is not complete");
            Fields fields = new(start, end);
            int n = 0;
            while (n < 4 && fields.TryNextDouble(out double value))
                v[4 * row + n++] = value;
            // LAMMPS of before 2010 did not announce the tilt factors.
            if (row == 0 && form == Form.Orthogonal && n == 3)
                form = Form.Tilted;
            columns = form switch { Form.Orthogonal => 2, Form.Tilted => 3, _ => 4 };
            if (n != columns || !fields.AtEnd)
                throw scanner.Fault($"a box line is {columns} numbers, not {Utf8.Quote(start, end)}");
        }

        Box box = form == Form.General ? General(v, pa, pb, pc) : Restricted(v, form == Form.Tilted, pa, pb, pc);
        if (!(box.Volume > 0) || !double.IsFinite(box.Volume) || !double.IsFinite(box.Origin.X + box.Origin.Y + box.Origin.Z))
            throw scanner.Fault("the box has no volume; each upper bound must lie above its lower bound");
        return box == previous ? previous : box;
    }

    /// <summary>Bounds of the box with these edges that contain the whole of it, as dumps give them.</summary>
    public static (Vec3 Low, Vec3 High) BoundingBox(Box box)
    {
        double xy = box.B.X, xz = box.C.X, yz = box.C.Y;
        Vec3 low = box.Origin;
        Vec3 high = low + new Vec3(box.A.X, box.B.Y, box.C.Z);
        return (
            low + new Vec3(Math.Min(Math.Min(0, xy), Math.Min(xz, xy + xz)), Math.Min(0, yz), 0),
            high + new Vec3(Math.Max(Math.Max(0, xy), Math.Max(xz, xy + xz)), Math.Max(0, yz), 0));
    }

    private static Box Restricted(double* v, bool tilted, bool pa, bool pb, bool pc)
    {
        double xy = tilted ? v[2] : 0, xz = tilted ? v[6] : 0, yz = tilted ? v[10] : 0;
        double xlo = v[0] - Math.Min(Math.Min(0, xy), Math.Min(xz, xy + xz));
        double xhi = v[1] - Math.Max(Math.Max(0, xy), Math.Max(xz, xy + xz));
        double ylo = v[4] - Math.Min(0, yz), yhi = v[5] - Math.Max(0, yz);
        double zlo = v[8], zhi = v[9];
        bool ordered = xhi > xlo && yhi > ylo && zhi > zlo;
        return new Box(
            new(ordered ? xhi - xlo : 0, 0, 0), new(xy, yhi - ylo, 0), new(xz, yz, zhi - zlo), new(xlo, ylo, zlo), pa, pb, pc);
    }

    private static Box General(double* v, bool pa, bool pb, bool pc) => new(
        new(v[0], v[1], v[2]), new(v[4], v[5], v[6]), new(v[8], v[9], v[10]), new(v[3], v[7], v[11]), pa, pb, pc);

    private static bool Strip(ref ReadOnlySpan<byte> header, ReadOnlySpan<byte> words)
    {
        if (!header.StartsWith(words))
            return false;
        header = Utf8.Trim(header[words.Length..]);
        return true;
    }

    /// <summary>Two letters per direction: p periodic; f, s, m open. None at all (old files): periodic.</summary>
    private static (bool A, bool B, bool C) Periodicity(ReadOnlySpan<byte> flags, LineScanner scanner)
    {
        if (flags.IsEmpty)
            return (true, true, true);
        if (flags.Length == 8 && flags[2] == ' ' && flags[5] == ' ' && flags.IndexOfAnyExcept("pfsm "u8) < 0)
            return (flags[0] == 'p', flags[3] == 'p', flags[6] == 'p');
        throw scanner.Fault($"boundary flags {Utf8.Quote(flags)} are not understood; they look like 'pp pp ff'");
    }
}
