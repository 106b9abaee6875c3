using Denoise.Atoms;

namespace Denoise.DeviceBenchmarks;

/// <summary>A periodic crystal of which every atom is displaced at random, cell after cell in memory.</summary>
internal static class Crystal
{
    /// <param name="structure">fcc or bcc</param>
    /// <param name="lattice">Å</param>
    /// <param name="atoms">about so many</param>
    /// <param name="noise">standard deviation of every coordinate, Å</param>
    public static (Box Box, double[] Positions) Create(string structure, double lattice, int atoms, double noise)
    {
        Vec3[] basis = structure == "fcc"
            ? [new(0, 0, 0), new(0.5, 0.5, 0), new(0.5, 0, 0.5), new(0, 0.5, 0.5)]
            : [new(0, 0, 0), new(0.5, 0.5, 0.5)];
        int n = Math.Max(3, (int)Math.Round(Math.Cbrt(atoms / (double)basis.Length)));
        var random = new Random(7);
        double[] positions = new double[3L * n * n * n * basis.Length];
        long k = 0;
        for (int z = 0; z < n; z++)
            for (int y = 0; y < n; y++)
                for (int x = 0; x < n; x++)
                    foreach (Vec3 site in basis)
                    {
                        positions[k++] = (x + site.X) * lattice + noise * Normal(random);
                        positions[k++] = (y + site.Y) * lattice + noise * Normal(random);
                        positions[k++] = (z + site.Z) * lattice + noise * Normal(random);
                    }

        return (Box.Orthogonal(n * lattice, n * lattice, n * lattice), positions);
    }

    private static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
