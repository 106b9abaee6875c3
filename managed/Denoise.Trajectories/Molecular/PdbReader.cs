using System.Globalization;
using System.Text;
using Denoise.Atoms;
using Denoise.Trajectories.Binary;
using Denoise.Trajectories.Text;

namespace Denoise.Trajectories.Molecular;

/// <summary>
/// PDB files (https://www.wwpdb.org/documentation/file-format, version 3.3): ATOM and HETATM of every MODEL, CRYST1 as a periodic box; all
/// else is passed over. A file without MODEL is one frame.
/// </summary>
internal sealed class PdbReader(LineScanner scanner) : TrajectoryReader(scanner)
{
    private const int LeastLine = 54;
    private const int LongestLine = 4096;

    // What GROMACS, VMD and others write, and what may come before the atoms.
    private static readonly string[] Starts =
        ["HEADER", "TITLE ", "REMARK", "CRYST1", "ATOM  ", "HETATM", "MODEL ", "COMPND", "AUTHOR", "EXPDTA"];

    private readonly MoleculeRows _rows = new();
    private Box? _box;

    public override TrajectoryFormat Format => TrajectoryFormats.Pdb;

    public static bool Recognizes(FileHead head) =>
        Starts.Any(start => head.Lines[0].StartsWith(start, StringComparison.Ordinal)) && head.Lines.Any(IsAtom);

    private protected override bool ReadFrame(Frame frame)
    {
        int count = 0;
        _rows.Begin();
        while (Scanner.TryReadLine(out ReadOnlySpan<byte> bytes))
        {
            if (bytes.Length > LongestLine)
                throw Scanner.Fault($"this line has {bytes.Length} bytes, which none of a PDB file has");
            string line = Encoding.UTF8.GetString(bytes).TrimEnd('\r');
            if (line.StartsWith("CRYST1", StringComparison.Ordinal))
                _box = ReadBox(line);
            else if (line.StartsWith("ENDMDL", StringComparison.Ordinal) && count > 0)
                break;
            if (!IsAtom(line))
                continue;
            if (count == frame.Count)
                frame.Grow(Math.Max(1024, 2 * count));
            ReadAtom(frame, count++, line);
        }

        if (count == 0)
            return false;
        frame.Grow(count);
        frame.NumberAtoms();
        _rows.Store(frame);
        frame.Box = _box ?? OpenBox.Around(frame);
        frame.Unwrapped = false;
        return true;
    }

    private static bool IsAtom(string line) =>
        line.StartsWith("ATOM  ", StringComparison.Ordinal) || line.StartsWith("HETATM", StringComparison.Ordinal);

    private void ReadAtom(Frame frame, int i, string line)
    {
        if (line.Length < LeastLine)
            throw Scanner.Fault($"this atom ends before its coordinates, which end with column {LeastLine}");
        for (int k = 0; k < 3; k++)
            frame.Positions[3L * i + k] = Number(line, 30 + 8 * k, 8);
        string element = line.Length >= 78 ? line.Substring(76, 2).Trim() : "";
        _rows.Add(frame, line.Substring(17, 10), ElementTable.AtomicNumber(element) is > 0 and int z ? ElementTable.Symbol(z)
            : AtomNames.Element(line.AsSpan(12, 4), line.AsSpan(17, 4)));
    }

    private Box? ReadBox(string line)
    {
        if (line.Length < LeastLine)
            throw Scanner.Fault($"CRYST1 ends before its angles, which end with column {LeastLine}");
        double a = Number(line, 6, 9), b = Number(line, 15, 9), c = Number(line, 24, 9);
        (double cosA, double cosB, double cosC) = (Cosine(line, 33), Cosine(line, 40), Cosine(line, 47));
        // Programs without a cell write 1 1 1.
        if (a <= 1 && b <= 1 && c <= 1)
            return null;
        double sinC = Math.Sqrt(1 - cosC * cosC), y = (cosA - cosB * cosC) / sinC, z = 1 - cosB * cosB - y * y;
        if (!(a > 0 && b > 0 && c > 0 && z > 0 && sinC > 0))
            throw Scanner.Fault("the lengths and angles of CRYST1 make no cell");
        return new(new Vec3(a, 0, 0), new Vec3(b * cosC, b * sinC, 0), new Vec3(c * cosB, c * y, c * Math.Sqrt(z)), default, true, true, true);
    }

    private double Cosine(string line, int at) => Number(line, at, 7) is not 90 and double degrees ? Math.Cos(degrees * Math.PI / 180) : 0;

    private double Number(string line, int at, int width) =>
        double.TryParse(line.AsSpan(at, width), NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value)
            ? value : throw Scanner.Fault($"columns {at + 1} to {at + width} hold {Quote.Of(line.Substring(at, width))}, which is no number");
}
