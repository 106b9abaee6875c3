using System.Globalization;
using System.Text;
using Denoise.Atoms;
using Denoise.Trajectories.Text;

namespace Denoise.Trajectories;

/// <summary>Recognizes a format by what the file begins with; the name decides only where the content leaves it open.</summary>
internal static class FormatDetector
{
    private const string Known = "LAMMPS dump, LAMMPS data, extended XYZ, POSCAR and CIF, each also compressed with gzip";

    /// <param name="head">the first bytes of the file, decompressed</param>
    /// <param name="path">its name</param>
    public static TrajectoryFormat Detect(ReadOnlySpan<byte> head, string path)
    {
        if (Utf8.Trim(head).IsEmpty)
            throw new InputException($"{path}: the file is empty; was the program that writes it stopped before its first frame?");
        if (head.Contains((byte)0))
            throw new InputException($"{path}: this is a binary file; known formats are text: {Known}");
        if (head.TrimStart(" \t\r\n"u8).StartsWith("ITEM:"u8))
            return TrajectoryFormat.LammpsDump;

        string[] lines = Encoding.UTF8.GetString(head).Split('\n');
        string name = Path.GetFileName(path);
        if (lines.Any(IsCifLine))
            return TrajectoryFormat.Cif;
        // Before XYZ, because its comment line may be a number; and nothing else has three lines of three numbers there.
        if (IsPoscar(lines))
            return TrajectoryFormat.Poscar;
        if (long.TryParse(lines[0].Trim(), out _))
            return TrajectoryFormat.ExtendedXyz;
        if (lines.Skip(1).Any(IsDataLine))
            return TrajectoryFormat.LammpsData;

        // A file that was cut in its header, or damaged: the reader that its name asks for says what is missing.
        return ByName(name) ?? throw new InputException($"{path}: the format is not recognized; known are {Known}");
    }

    private static TrajectoryFormat? ByName(string name)
    {
        if (name.EndsWith(".gz", StringComparison.OrdinalIgnoreCase))
            name = name[..^3];
        if (name.StartsWith("POSCAR", StringComparison.OrdinalIgnoreCase) || name.StartsWith("CONTCAR", StringComparison.OrdinalIgnoreCase))
            return TrajectoryFormat.Poscar;
        if (name.StartsWith("data.", StringComparison.OrdinalIgnoreCase))
            return TrajectoryFormat.LammpsData;
        return Path.GetExtension(name).ToLowerInvariant() switch
        {
            ".dump" or ".lammpstrj" or ".lammpsdump" => TrajectoryFormat.LammpsDump,
            ".xyz" or ".extxyz" => TrajectoryFormat.ExtendedXyz,
            ".data" or ".lmp" => TrajectoryFormat.LammpsData,
            ".vasp" or ".poscar" => TrajectoryFormat.Poscar,
            ".cif" => TrajectoryFormat.Cif,
            _ => null,
        };
    }

    private static bool IsCifLine(string line) =>
        line.StartsWith("data_", StringComparison.OrdinalIgnoreCase) || line.StartsWith("_cell", StringComparison.OrdinalIgnoreCase);

    private static bool IsDataLine(string line)
    {
        string[] words = Words(line.Split('#')[0]);
        return words is [_, "atoms"] && long.TryParse(words[0], out _);
    }

    private static bool IsPoscar(string[] lines)
    {
        if (lines.Length < 6 || Words(lines[1]).Length is not (1 or 3) || !AreNumbers(Words(lines[1])))
            return false;
        for (int k = 2; k < 5; k++)
            if (Words(lines[k]) is not { Length: 3 } words || !AreNumbers(words))
                return false;
        return true;
    }

    private static bool AreNumbers(string[] words) =>
        words.All(word => double.TryParse(word, CultureInfo.InvariantCulture, out _));

    private static string[] Words(string line) => line.Split([' ', '\t', '\r'], StringSplitOptions.RemoveEmptyEntries);
}
