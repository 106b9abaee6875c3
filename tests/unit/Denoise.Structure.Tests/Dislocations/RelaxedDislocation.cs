using System.Globalization;
using System.IO.Compression;
using Denoise.Atoms;

namespace Denoise.Structure.Tests.Dislocations;

/// <summary>Reads what make.py has made, from beside this assembly.</summary>
internal static class RelaxedDislocation
{
    public static Lattice Read(string name)
    {
        string path = Path.Combine(AppContext.BaseDirectory, "Dislocations", name + ".xyz.gz");
        using StreamReader reader = new(new GZipStream(File.OpenRead(path), CompressionMode.Decompress));
        int count = int.Parse(reader.ReadLine()!, CultureInfo.InvariantCulture);
        double[] head = Numbers(reader.ReadLine()!);
        Box box = new(new(head[0], 0, 0), new(0, head[1], 0), new(0, 0, head[2]), default, head[3] != 0, head[4] != 0, head[5] != 0);
        Vec3[] positions = new Vec3[count];
        for (int k = 0; k < count; k++)
        {
            double[] r = Numbers(reader.ReadLine()!);
            positions[k] = new(r[0], r[1], r[2]);
        }

        return new(name, box, positions);
    }

    private static double[] Numbers(string line) => [.. line.Split(' ').Select(word => double.Parse(word, CultureInfo.InvariantCulture))];
}
