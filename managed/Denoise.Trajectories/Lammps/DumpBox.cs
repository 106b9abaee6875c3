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

        ReadOnlySpan<bool> periodic = [pa, pb, pc];
        Box? box = form == Form.General
            ? General(new(v[0], v[1], v[2]), new(v[4], v[5], v[6]), new(v[8], v[9], v[10]), new(v[3], v[7], v[11]), periodic)
            : Restricted((v[0], v[1]), (v[4], v[5]), (v[8], v[9]), form == Form.Tilted ? (v[2], v[6], v[10]) : default, periodic);
        if (box is null)
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

    /// <summary>From bounds, those of the bounding box where there are tilt factors; null where it has no volume.</summary>
    public static Box? Restricted(
        (double Low, double High) x, (double Low, double High) y, (double Low, double High) z, (double Xy, double Xz, double Yz) tilt,
        ReadOnlySpan<bool> periodic)
    {
        var (xy, xz, yz) = tilt;
        double xlo = x.Low - Math.Min(Math.Min(0, xy), Math.Min(xz, xy + xz));
        double xhi = x.High - Math.Max(Math.Max(0, xy), Math.Max(xz, xy + xz));
        double ylo = y.Low - Math.Min(0, yz), yhi = y.High - Math.Max(0, yz);
        bool ordered = xhi > xlo && yhi > ylo && z.High > z.Low;
        return !ordered ? null : Valid(new Box(
            new(xhi - xlo, 0, 0), new(xy, yhi - ylo, 0), new(xz, yz, z.High - z.Low), new(xlo, ylo, z.Low),
            periodic[0], periodic[1], periodic[2]));
    }

    /// <summary>From edge vectors; null where they span no volume.</summary>
    public static Box? General(Vec3 a, Vec3 b, Vec3 c, Vec3 origin, ReadOnlySpan<bool> periodic) =>
        Valid(new Box(a, b, c, origin, periodic[0], periodic[1], periodic[2]));

    private static Box? Valid(Box box) =>
        box.Volume > 0 && double.IsFinite(box.Volume) && double.IsFinite(box.Origin.X + box.Origin.Y + box.Origin.Z) ? box : null;

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
