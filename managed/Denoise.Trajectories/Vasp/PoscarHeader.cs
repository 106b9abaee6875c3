using System.Globalization;
using Denoise.Atoms;
using Denoise.Trajectories.Text;

namespace Denoise.Trajectories.Vasp;

/// <summary>
/// The lines with which POSCAR and XDATCAR begin (https://www.vasp.at/wiki/index.php/POSCAR): comment, scaling factor, lattice
/// vectors, species and the number of atoms of each. The factor multiplies lattice and Cartesian positions; a negative one is
/// the cell's volume in Å^3; three scale x, y, z.
/// </summary>
internal sealed unsafe class PoscarHeader
{
    private const int MostSpecies = 1000;

    private readonly List<string> _symbols = [];
    private readonly List<int> _types = [];
    private readonly List<int> _counts = [];
    private readonly TrajectoryReader _reader;
    private readonly LineScanner _scanner;

    /// <summary>Reads it.</summary>
    public PoscarHeader(TrajectoryReader reader, LineScanner scanner)
    {
        (_reader, _scanner) = (reader, scanner);
        string comment = Utf8.String(NextLine("its comment line").Rest);
        Scale = ReadScale(out double volume);
        Vec3 a = ReadVector("first lattice vector"), b = ReadVector("second lattice vector"), c = ReadVector("third lattice vector");
        double unscaled = Math.Abs(Vec3.Dot(a, Vec3.Cross(b, c)));
        if (!(unscaled > 0) || !double.IsFinite(unscaled))
            throw scanner.Fault("the three lattice vectors span no volume; they must be three independent directions");
        if (volume > 0)
        {
            double factor = Math.Cbrt(volume / unscaled);
            Scale = new Vec3(factor, factor, factor);
        }

        Box = new Box(ToCartesian(a), ToCartesian(b), ToCartesian(c), default, true, true, true);
        if (!(Box.Volume > 0) || !double.IsFinite(Box.Volume))
            throw scanner.Fault("the scaling factor leaves the cell no finite volume; correct it");
        ReadSpecies(comment);
    }

    public Box Box { get; }

    public int Atoms { get; private set; }

    private Vec3 Scale { get; }

    /// <summary>Whether a file has a scaling factor and three lattice vectors in their places.</summary>
    public static bool IsIn(FileHead head)
    {
        if (head.Lines.Length < 6 || Numbers(head.Lines[1]) is not (1 or 3))
            return false;
        for (int k = 2; k < 5; k++)
            if (Numbers(head.Lines[k]) != 3)
                return false;
        return true;
    }

    /// <summary>Names the types of a frame; species of one element are one type, wherever they stand.</summary>
    public void NameTypes(Frame frame)
    {
        for (int t = 0; t < _symbols.Count; t++)
            frame.SetElement(t + 1, _symbols[t]);
    }

    /// <summary>The types of all atoms in order.</summary>
    public IEnumerable<int> TypesOfAtoms()
    {
        for (int s = 0; s < _counts.Count; s++)
            for (int k = 0; k < _counts[s]; k++)
                yield return _types[s];
    }

    /// <summary>A Cartesian position as the file writes it in Å.</summary>
    public Vec3 ToCartesian(Vec3 r) => new(r.X * Scale.X, r.Y * Scale.Y, r.Z * Scale.Z);

    public Fields NextLine(string what)
    {
        if (!_scanner.TryReadLine(out byte* start, out byte* end))
            throw _reader.Truncated($"{what} is missing");
        return new Fields(start, end);
    }

    public static bool TryReadVector(ref Fields line, out Vec3 v)
    {
        v = default;
        if (!line.TryNextDouble(out double x) || !line.TryNextDouble(out double y) || !line.TryNextDouble(out double z))
            return false;
        v = new Vec3(x, y, z);
        return double.IsFinite(x + y + z);
    }

    /// <summary>How many numbers a line begins with.</summary>
    private static int Numbers(string line) =>
        FileHead.Words(line).TakeWhile(word => double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out _)).Count();

    private Vec3 ReadScale(out double volume)
    {
        Fields line = NextLine("the scaling factor");
        volume = 0;
        if (!line.TryNextDouble(out double x) || x == 0 || !double.IsFinite(x))
            throw _scanner.Fault("the scaling factor is not a number other than zero; 1.0 leaves lengths as they are");
        if (line.TryNextDouble(out double y) && line.TryNextDouble(out double z))
            return x > 0 && y > 0 && z > 0 ? new Vec3(x, y, z) : throw _scanner.Fault("of three scaling factors each must be positive");
        volume = x < 0 ? -x : 0;
        return new Vec3(x, x, x);
    }

    private Vec3 ReadVector(string what)
    {
        Fields line = NextLine($"the {what}");
        return TryReadVector(ref line, out Vec3 v) ? v : throw _scanner.Fault($"the {what} is not three numbers; correct the line");
    }

    /// <summary>Symbols (VASP 5) and the number of atoms of each; without symbols, those in the comment line if they fit.</summary>
    private void ReadSpecies(string comment)
    {
        List<string> words = [];
        Fields line = NextLine("the number of atoms per species");
        if (!line.TryNextInteger(out long first))
        {
            while (!line.AtEnd && words.Count <= MostSpecies)
                words.Add(line.NextString());
            line = NextLine("the number of atoms per species");
            if (!line.TryNextInteger(out first))
                throw _scanner.Fault("the number of atoms per species is expected here");
        }

        List<long> counts = [first];
        while (line.TryNextInteger(out long count) && counts.Count < MostSpecies)
            counts.Add(count);
        if (words.Count > 0 && words.Count != counts.Count)
            throw _scanner.Fault($"{counts.Count} numbers of atoms for {words.Count} species; each species needs one");
        if (counts.Any(count => count is < 0 or > int.MaxValue) || counts.Sum() > int.MaxValue)
            throw _scanner.Fault("a number of atoms is negative or too large; correct the line");

        Atoms = (int)counts.Sum();
        _counts.AddRange(counts.Select(count => (int)count));
        if (words.Count == 0)
            words = SymbolsFromComment(comment, counts.Count);
        for (int s = 0; s < counts.Count; s++)
            _types.Add(s < words.Count ? TypeOf(ElementTable.SymbolFromLabel(words[s]) ?? words[s]) : s + 1);
    }

    private int TypeOf(string symbol)
    {
        int known = _symbols.IndexOf(symbol);
        if (known < 0)
            _symbols.Add(symbol);
        return known < 0 ? _symbols.Count : known + 1;
    }

    private static List<string> SymbolsFromComment(string comment, int species)
    {
        string[] words = FileHead.Words(comment);
        bool areSymbols = words.Length >= species && words.Take(species).All(word => ElementTable.AtomicNumber(word) > 0);
        return areSymbols ? [.. words.Take(species)] : [];
    }
}
