using Denoise.Atoms;
using Denoise.Trajectories.Text;

namespace Denoise.Trajectories.Vasp;

/// <summary>
/// POSCAR and CONTCAR of VASP 4 and 5 (https://www.vasp.at/wiki/index.php/POSCAR): one frame, periodic in all directions. The
/// scaling factor multiplies lattice and Cartesian positions; a negative one is the cell's volume in Å^3; three scale x, y, z.
/// </summary>
internal sealed unsafe class PoscarReader(LineScanner scanner) : TrajectoryReader(scanner)
{
    private const int MostSpecies = 1000;
    private const int FirstRows = 4096;

    public override TrajectoryFormat Format => TrajectoryFormat.Poscar;

    private protected override bool ReadFrame(Frame frame)
    {
        if (FramesRead > 0)
            return false;

        string comment = Utf8.String(NextLine("its comment line").Rest);
        Vec3 scale = ReadScale(out double volume);
        Vec3 a = ReadVector("first lattice vector"), b = ReadVector("second lattice vector"), c = ReadVector("third lattice vector");
        double unscaled = Math.Abs(Vec3.Dot(a, Vec3.Cross(b, c)));
        if (!(unscaled > 0))
            throw Scanner.Fault("the three lattice vectors span no volume");
        if (volume > 0)
        {
            double factor = Math.Cbrt(volume / unscaled);
            scale = new Vec3(factor, factor, factor);
        }

        frame.Box = new Box(Scaled(a, scale), Scaled(b, scale), Scaled(c, scale), default, true, true, true);
        long[] counts = ReadSpecies(frame, comment);
        bool direct = ReadIsDirect();
        int row = 0;
        for (int species = 0; species < counts.Length; species++)
            for (long k = 0; k < counts[species]; k++, row++)
                ReadPosition(frame, row, counts.Sum(), species + 1, direct, scale);
        frame.Grow(row);
        frame.NumberAtoms();
        WarnIfLastLineIsOpen();
        return true;
    }

    private static Vec3 Scaled(Vec3 r, Vec3 scale) => new(r.X * scale.X, r.Y * scale.Y, r.Z * scale.Z);

    private Fields NextLine(string what)
    {
        if (!Scanner.TryReadLine(out byte* start, out byte* end))
            throw Truncated($"{what} is missing");
        return new Fields(start, end);
    }

    private Vec3 ReadScale(out double volume)
    {
        Fields line = NextLine("the scaling factor");
        volume = 0;
        if (!line.TryNextDouble(out double x) || x == 0 || !double.IsFinite(x))
            throw Scanner.Fault("the scaling factor is not a number other than zero");
        if (line.TryNextDouble(out double y) && line.TryNextDouble(out double z))
            return x > 0 && y > 0 && z > 0 ? new Vec3(x, y, z) : throw Scanner.Fault("of three scaling factors each must be positive");
        volume = x < 0 ? -x : 0;
        return new Vec3(x, x, x);
    }

    private Vec3 ReadVector(string what)
    {
        Fields line = NextLine($"the {what}");
        return TryReadVector(ref line, out Vec3 v) ? v : throw Scanner.Fault($"the {what} is not three numbers");
    }

    private static bool TryReadVector(ref Fields line, out Vec3 v)
    {
        v = default;
        if (!line.TryNextDouble(out double x) || !line.TryNextDouble(out double y) || !line.TryNextDouble(out double z))
            return false;
        v = new Vec3(x, y, z);
        return double.IsFinite(x + y + z);
    }

    /// <summary>Symbols (VASP 5) and the number of atoms of each; without symbols, those in the comment line if they fit.</summary>
    private long[] ReadSpecies(Frame frame, string comment)
    {
        List<string> symbols = [];
        Fields line = NextLine("the number of atoms per species");
        if (!line.TryNextInteger(out long first))
        {
            while (!line.AtEnd)
                symbols.Add(line.NextString());
            line = NextLine("the number of atoms per species");
            if (!line.TryNextInteger(out first))
                throw Scanner.Fault("the number of atoms per species is expected here");
        }

        List<long> counts = [first];
        while (line.TryNextInteger(out long count) && counts.Count < MostSpecies)
            counts.Add(count);
        if (symbols.Count > 0 && symbols.Count != counts.Count)
            throw Scanner.Fault($"{counts.Count} numbers of atoms for {symbols.Count} species; each species needs one");
        if (counts.Any(count => count < 0) || counts.Sum() > int.MaxValue)
            throw Scanner.Fault("a number of atoms is negative or too large");

        if (symbols.Count == 0)
            symbols = SymbolsFromComment(comment, counts.Count);
        for (int t = 0; t < symbols.Count; t++)
            frame.SetElement(t + 1, ElementTable.SymbolFromLabel(symbols[t]) ?? symbols[t]);
        return [.. counts];
    }

    private static List<string> SymbolsFromComment(string comment, int species)
    {
        string[] words = comment.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
        bool areSymbols = words.Length >= species && words.Take(species).All(word => ElementTable.AtomicNumber(word) > 0);
        return areSymbols ? [.. words.Take(species)] : [];
    }

    /// <summary>Only the first letter counts: S for selective dynamics, then C or K for Cartesian, anything else is direct.</summary>
    private bool ReadIsDirect()
    {
        char mode = FirstLetter();
        if (mode == 'S')
            mode = FirstLetter();
        return mode is not ('C' or 'K');
    }

    private char FirstLetter()
    {
        ReadOnlySpan<byte> word = NextLine("the line Direct or Cartesian").Next();
        return word.IsEmpty ? ' ' : char.ToUpperInvariant((char)word[0]);
    }

    private void ReadPosition(Frame frame, int row, long count, int type, bool direct, Vec3 scale)
    {
        if (row == frame.Count)
            frame.Grow((int)Math.Min(count, Math.Max(FirstRows, 2L * row)));
        if (!Scanner.TryReadLine(out byte* start, out byte* end))
            throw Truncated($"{row} of {count} atoms are there");
        Fields line = new(start, end);
        if (!TryReadVector(ref line, out Vec3 r))
            throw Scanner.LineFeedSeen
                ? Scanner.Fault($"{Utf8.Quote(start, end)} is not a position ({row} of {count} atoms read)")
                : Truncated($"{row} of {count} atoms are there");
        r = direct ? frame.Box.ToCartesian(r) : Scaled(r, scale);
        (frame.Positions[3L * row], frame.Positions[3L * row + 1], frame.Positions[3L * row + 2]) = r;
        frame.Types[row] = type;
    }
}
