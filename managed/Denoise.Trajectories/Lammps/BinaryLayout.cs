using System.Buffers.Binary;
using System.Text;

namespace Denoise.Trajectories.Lammps;

/// <summary>
/// How the numbers of a binary dump are laid out, told by its first bytes. Since October 2020 LAMMPS begins every frame with minus
/// the length of a name, DUMPATOM or DUMPCUSTOM, and a number that shows the byte order; before, a frame began with its time step,
/// and only what is plausible tells.
/// </summary>
/// <param name="BigEndian">the byte order</param>
/// <param name="BigintBytes">8, or 4 where LAMMPS was built with LAMMPS_SMALLSMALL</param>
/// <param name="Magic">the name; empty in the old form, which has neither it nor the names of the columns</param>
internal sealed record BinaryLayout(bool BigEndian, int BigintBytes, string Magic)
{
    private const int MostColumns = 10_000;

    private static readonly string[] Names = ["DUMPATOM", "DUMPCUSTOM"];

    /// <param name="head">the first bytes of the file</param>
    /// <returns>null where it is no binary dump</returns>
    public static BinaryLayout? Of(ReadOnlySpan<byte> head)
    {
        foreach (bool bigEndian in (ReadOnlySpan<bool>)[false, true])
            foreach (int bytes in (ReadOnlySpan<int>)[8, 4])
            {
                foreach (string name in Names)
                    if (Big(head, 0, bigEndian, bytes) == -name.Length && head[bytes..].StartsWith(Encoding.ASCII.GetBytes(name)))
                        return new(bigEndian, bytes, name);
                if (IsOldHeader(head, bigEndian, bytes))
                    return new(bigEndian, bytes, "");
            }

        return null;
    }

    /// <summary>Step, atoms, 0 or 1 for the tilt, six boundary kinds, ordered bounds, numbers per atom, processes.</summary>
    private static bool IsOldHeader(ReadOnlySpan<byte> head, bool bigEndian, int bytes)
    {
        int at = 2 * bytes;
        int triclinic = Int(head, at, bigEndian);
        if (Big(head, 0, bigEndian, bytes) < 0 || Big(head, bytes, bigEndian, bytes) is < 0 or > int.MaxValue || triclinic is not (0 or 1))
            return false;
        for (int k = 1; k <= 6; k++)
            if (Int(head, at + 4 * k, bigEndian) is not (>= 0 and <= 3))
                return false;
        at += 28;
        for (int axis = 0; axis < 3; axis++, at += 16)
        {
            double low = Double(head, at, bigEndian), high = Double(head, at + 8, bigEndian);
            if (!(high > low) || !double.IsFinite(high - low))
                return false;
        }

        at += triclinic == 1 ? 24 : 0;
        return Int(head, at, bigEndian) is >= 1 and <= MostColumns && Int(head, at + 4, bigEndian) >= 1;
    }

    private static int Int(ReadOnlySpan<byte> head, int at, bool bigEndian) => head.Length < at + 4 ? -1
        : bigEndian ? BinaryPrimitives.ReadInt32BigEndian(head[at..]) : BinaryPrimitives.ReadInt32LittleEndian(head[at..]);

    private static long Big(ReadOnlySpan<byte> head, int at, bool bigEndian, int bytes) => bytes == 4 ? Int(head, at, bigEndian)
        : head.Length < at + 8 ? -1
        : bigEndian ? BinaryPrimitives.ReadInt64BigEndian(head[at..]) : BinaryPrimitives.ReadInt64LittleEndian(head[at..]);

    private static double Double(ReadOnlySpan<byte> head, int at, bool bigEndian) => head.Length < at + 8 ? double.NaN
        : bigEndian ? BinaryPrimitives.ReadDoubleBigEndian(head[at..]) : BinaryPrimitives.ReadDoubleLittleEndian(head[at..]);
}
