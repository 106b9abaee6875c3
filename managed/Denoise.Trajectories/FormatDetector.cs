using Denoise.Atoms;
using Denoise.Trajectories.Text;

namespace Denoise.Trajectories;

/// <summary>Recognizes a format by what the file begins with; the name decides only where the content fits two formats.</summary>
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
        throw new InputException($"{path}: the format is not recognized; known are {Known}");
    }
}
