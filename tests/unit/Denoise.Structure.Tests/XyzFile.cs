using System.Globalization;
using Denoise.Atoms;
using Denoise.TestSupport;

namespace Denoise.Structure.Tests;

/// <summary>Reads the extended XYZ files beside the published labels: periodic along all edges.</summary>
internal static class XyzFile
{
    /// <param name="file">in ovito/ of the shared reference</param>
    /// <param name="elements">of type 1, 2, ...</param>
    /// <returns>atoms, and types in their order</returns>
    public static (Lattice Lattice, int[] Types) Read(string file, params string[] elements)
    {
        string[] lines = File.ReadAllLines(SharedReference.Path("ovito/" + file));
        int count = int.Parse(lines[0], CultureInfo.InvariantCulture);
        double[] e = [.. lines[1].Split('"')[1].Split(' ').Select(Number)];
        Box box = new(new(e[0], e[1], e[2]), new(e[3], e[4], e[5]), new(e[6], e[7], e[8]), default, true, true, true);
        bool speciesFirst = lines[1].Contains("Properties=species", StringComparison.Ordinal);
        string[][] words = [.. lines.Skip(2).Take(count).Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))];
        int first = speciesFirst ? 1 : 0, name = speciesFirst ? 0 : 3;
        Vec3[] positions = [.. words.Select(w => new Vec3(Number(w[first]), Number(w[first + 1]), Number(w[first + 2])))];
        int[] types = [.. words.Select(w => 1 + Array.IndexOf(elements, w[name]))];
        Assert.DoesNotContain(0, types);
        return (new(file, box, positions), types);
    }

    private static double Number(string word) => double.Parse(word, CultureInfo.InvariantCulture);
}
