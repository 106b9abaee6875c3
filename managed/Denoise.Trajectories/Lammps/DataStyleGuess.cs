using System.Globalization;
using Denoise.Atoms;
using Denoise.Trajectories.Text;

namespace Denoise.Trajectories.Lammps;

/// <summary>
/// Finds the columns of an Atoms section whose first line does not name the style: those of every style are tried on the first
/// atoms. A style fits where whole numbers are whole, types exist, positions lie about the box and no two atoms in one place. Styles
/// that agree on where type and position stand are one answer; of two answers none is taken.
/// </summary>
/// <param name="atomTypes">how many there are; negative: not known</param>
/// <param name="labels">words for types; null: none</param>
/// <param name="box">of the file</param>
internal sealed class DataStyleGuess(long atomTypes, IReadOnlyDictionary<string, int>? labels, Box box)
{
    // Atoms that are compared with each other.
    private const int MostAtoms = 500;

    // How far outside of the box, in its edges, atoms may be that moved since they were wrapped.
    private const double Outside = 1;

    // Styles that other programs write without saying so; the rest is asked only where none of these fits.
    private const int Usual = 4;

    /// <param name="rows">the first atom lines, in words</param>
    /// <param name="scanner">stands at the first of them, for messages</param>
    /// <exception cref="InputException">no style fits, or several that disagree</exception>
    public string[] Columns(List<string[]> rows, LineScanner scanner)
    {
        const string Remedy = "write the atom style behind the section's name, as in";
        // A carriage return among the words, or 64 KiB of them.
        if (rows.Count == 0)
            throw scanner.Fault($"this is no line of an atom; correct it, or {Remedy} 'Atoms # atomic'");
        var usual = DataAtomStyle.All.Take(Usual);
        var fitting = Fitting(rows, usual, anywhere: false);
        if (fitting.Count != 1)
            fitting = Fitting(rows, DataAtomStyle.All, anywhere: false);
        // Atoms may really be outside, or in one place, of which others will have to say more.
        if (fitting.Count == 0)
            fitting = Fitting(rows, usual, anywhere: true);
        return fitting.Count switch
        {
            1 => fitting[0].Columns,
            0 => throw scanner.Fault($"the {rows[0].Length} columns of the atoms fit no atom style; {Remedy} 'Atoms # atomic'"),
            _ => throw scanner.Fault($"the atoms can be of style {string.Join(" or ", fitting.Select(style => style.Name))}; " +
                $"{Remedy} 'Atoms # {fitting[0].Name}'"),
        };
    }

    private List<(string Name, string[] Columns)> Fitting(List<string[]> rows, IEnumerable<DataAtomStyle> styles, bool anywhere)
    {
        List<(string Name, string[] Columns)> found = [];
        foreach (DataAtomStyle style in styles)
        {
            if (style.HasMore || style.Of(rows[0].Length) is not { } columns || !Fits(rows, columns, anywhere))
                continue;
            if (!found.Any(other => Places(other.Columns) == Places(columns)))
                found.Add((style.Name, columns));
        }

        return found;
    }

    private static (int, int) Places(string[] columns) => (Array.IndexOf(columns, "type"), Array.IndexOf(columns, "x"));

    private bool Fits(List<string[]> rows, string[] columns, bool anywhere)
    {
        int x = Array.IndexOf(columns, "x");
        HashSet<(double, double, double)> places = [];
        foreach (string[] row in rows)
        {
            if (row.Length != columns.Length)
                return false;
            for (int k = 0; k < row.Length; k++)
                if (columns[k] == "type" ? !IsType(row[k]) : DataAtomStyle.IsWhole(columns[k]) ? !IsWhole(row[k]) : !IsNumber(row[k]))
                    return false;
            Vec3 r = new(Number(row[x]), Number(row[x + 1]), Number(row[x + 2]));
            if (!anywhere && (!IsNear(r) || (places.Count < MostAtoms && !places.Add((r.X, r.Y, r.Z)))))
                return false;
        }

        return true;
    }

    private bool IsNear(Vec3 r)
    {
        Vec3 f = box.ToFractional(r);
        return Math.Abs(f.X - 0.5) <= 0.5 + Outside && Math.Abs(f.Y - 0.5) <= 0.5 + Outside && Math.Abs(f.Z - 0.5) <= 0.5 + Outside;
    }

    private bool IsType(string word) => labels?.ContainsKey(word) == true ||
        (long.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out long type) && type >= 1 &&
            (atomTypes < 0 || type <= atomTypes));

    private static bool IsWhole(string word) => long.TryParse(word, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _);

    private static bool IsNumber(string word) => double.IsFinite(Number(word));

    private static double Number(string word) =>
        double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) ? value : double.NaN;
}
