using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Denoise.Atoms;
using Denoise.Trajectories.Binary;
using Denoise.Trajectories.Text;

namespace Denoise.Trajectories.Molecular;

/// <summary>
/// GROMACS GRO files, any number of frames: columns of fixed width, nm (https://manual.gromacs.org/current/reference-manual/file-formats.html#gro).
/// Velocities are passed over.
/// </summary>
internal sealed partial class GroReader(LineScanner scanner) : TrajectoryReader(scanner)
{
    private const double Angstroms = 10;

    // Residue number and name, atom name and number, of five columns each.
    private const int Head = 20;
    private const int LongestLine = 4096;

    // So many atoms are believed before they are there.
    private const int Trusted = 1 << 16;

    private readonly MoleculeRows _rows = new();

    public override TrajectoryFormat Format => TrajectoryFormats.Gro;

    public static bool Recognizes(FileHead head) =>
        head.Lines.Length > 2 && int.TryParse(head.Lines[1].Trim(), out _) && AtomLine().IsMatch(head.Lines[2]);

    [GeneratedRegex(@"^[ \d]{4}\d.{10}[ \d]{4}\d *-?\d+\.\d+ *-?\d+\.\d+ *-?\d+\.\d+")]
    private static partial Regex AtomLine();

    [GeneratedRegex(@"\bt= *(-?\d+(\.\d+)?)")]
    private static partial Regex TimePattern();

    [GeneratedRegex(@"\bstep= *(\d{1,18})\b")]
    private static partial Regex StepPattern();

    private protected override bool ReadFrame(Frame frame)
    {
        if (!TryReadText(out string title) || (title.Length == 0 && !TryReadText(out title)))
            return false;
        if (TimePattern().Match(title) is { Success: true } time)
            frame.Time = double.Parse(time.Groups[1].ValueSpan, CultureInfo.InvariantCulture);
        if (StepPattern().Match(title) is { Success: true } step)
            frame.Step = long.Parse(step.Groups[1].ValueSpan, CultureInfo.InvariantCulture);
        if (!TryReadText(out string line))
            throw Truncated("the number of atoms is missing");
        if (!int.TryParse(line.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out int count))
            throw Scanner.Fault($"{Quote.Of(line)} is no number of atoms, which the second line of a GRO frame is");
        _rows.Begin();
        frame.Resize(Math.Min(count, Trusted));
        for (int i = 0; i < count; i++)
        {
            if (!TryReadText(out line))
                throw Truncated($"{i} of {count} atoms are there");
            if (i == frame.Count)
                frame.Grow((int)Math.Min(count, 2L * frame.Count));
            ReadAtom(frame, i, line);
        }

        if (!TryReadText(out line))
            throw Truncated("the line with its box is missing");
        frame.NumberAtoms();
        _rows.Store(frame);
        SetBox(frame, line);
        // Whole molecules reach across the faces of their box.
        frame.Unwrapped = false;
        return true;
    }

    private void ReadAtom(Frame frame, int i, string line)
    {
        if (line.Length < Head)
            throw Scanner.Fault($"{Quote.Of(line)} is no atom of a GRO file; is the number of atoms in its second line right?");
        ReadOnlySpan<char> text = line.AsSpan(Head);
        // The distance between decimal points is the width of a column.
        int first = text.IndexOf('.'), second = first < 0 ? -1 : text[(first + 1)..].IndexOf('.');
        int width = second + 1;
        for (int k = 0; k < 3; k++)
            if (width < 3 || text.Length < (k + 1) * width || !double.TryParse(text.Slice(k * width, width), NumberStyles.Float,
                CultureInfo.InvariantCulture, out double x) || !double.IsFinite(x))
                throw Scanner.Fault($"{Quote.Of(line)} has no three coordinates in columns of one width behind column {Head}");
            else
                frame.Positions[3L * i + k] = x * Angstroms;
        _rows.Add(frame, line[..10], AtomNames.Element(line.AsSpan(10, 5), line.AsSpan(5, 5)));
    }

    private void SetBox(Frame frame, string line)
    {
        string[] words = FileHead.Words(line);
        double[] v = new double[9];
        bool isBox = words.Length is 3 or 9;
        for (int k = 0; k < words.Length && isBox; k++)
            isBox = double.TryParse(words[k], NumberStyles.Float, CultureInfo.InvariantCulture, out v[k]) && double.IsFinite(v[k]);
        if (!isBox)
            throw Scanner.Fault($"{Quote.Of(line)} is no box of a GRO file: three numbers, or nine");
        // v1x v2y v3z v1y v1z v2x v2z v3x v3y
        Box box = new(new Vec3(v[0], v[3], v[4]) * Angstroms, new Vec3(v[5], v[1], v[6]) * Angstroms,
            new Vec3(v[7], v[8], v[2]) * Angstroms, default, true, true, true);
        frame.Box = box.Volume > 0 && double.IsFinite(1 / box.Volume) && double.IsFinite(box.Volume) ? box : OpenBox.Around(frame);
    }

    private bool TryReadText(out string text)
    {
        text = "";
        if (!Scanner.TryReadLine(out ReadOnlySpan<byte> line))
            return false;
        if (line.Length > LongestLine)
            throw Scanner.Fault($"this line has {line.Length} bytes, which none of a GRO file has");
        text = Encoding.UTF8.GetString(line).TrimEnd('\r');
        return true;
    }
}
