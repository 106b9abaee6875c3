using Denoise.Atoms;

namespace Denoise.Benchmarks;

/// <summary>A rattled crystal in a periodic box: the input of the structural benchmarks.</summary>
/// <param name="name">of the lattice</param>
/// <param name="lattice">edge of the cubic cell, Å</param>
/// <param name="basis">fractional coordinates of its atoms</param>
internal sealed class Crystal(string name, double lattice, Vec3[] basis)
{
    public static Crystal Fcc { get; } = new("fcc", 3.615, [new(0, 0, 0), new(0, .5, .5), new(.5, 0, .5), new(.5, .5, 0)]);

    public static Crystal Bcc { get; } = new("bcc", 2.87, [new(0, 0, 0), new(.5, .5, .5)]);

    private readonly Vec3[] _basis = basis;

    public string Name => name;

    /// <summary>Å</summary>
    public double Lattice => lattice;

    /// <summary>Atoms per Å^3.</summary>
    public double Density => _basis.Length / Math.Pow(lattice, 3);

    /// <summary>
    /// Crystal fcc in which the geometric mean of the distances to the nearest <paramref name="neighbors"/> atoms (12 to 18, hence of
    /// two shells) is so long: what scale auto makes of any fcc metal.
    /// </summary>
    public static Crystal FccOf(double length, int neighbors) => neighbors is >= 12 and <= 18
        ? new("fcc", Math.Sqrt(2) * length / Math.Pow(2, 0.5 * (neighbors - 12) / neighbors), Fcc._basis)
        : throw new ArgumentOutOfRangeException(nameof(neighbors), neighbors, "the mean must be over 12 to 18 neighbors");

    /// <summary>Å; halfway between the shells that end the neighbors of common neighbor analysis.</summary>
    public double CnaCutoff => 0.5 * lattice * (_basis.Length == 4 ? Math.Sqrt(0.5) + 1 : 1 + Math.Sqrt(2));

    /// <summary>Pairs among an atom's 12 (fcc) or 14 (bcc) neighbors.</summary>
    public int Bonds => _basis.Length == 4 ? 66 : 91;

    /// <summary>About <paramref name="atoms"/> atoms, cell after cell, coordinates off by normal deviates of 0.03 cell edges.</summary>
    public (double[] Positions, Box Box) Rattled(int atoms)
    {
        int cells = Math.Max(1, (int)Math.Round(Math.Cbrt((double)atoms / _basis.Length)));
        double[] positions = new double[3 * _basis.Length * cells * cells * cells];
        var random = new Random(12345);
        int next = 0;
        for (int z = 0; z < cells; z++)
        {
            for (int y = 0; y < cells; y++)
            {
                for (int x = 0; x < cells; x++)
                {
                    foreach (Vec3 atom in _basis)
                    {
                        positions[next++] = lattice * (x + atom.X + 0.03 * Normal(random));
                        positions[next++] = lattice * (y + atom.Y + 0.03 * Normal(random));
                        positions[next++] = lattice * (z + atom.Z + 0.03 * Normal(random));
                    }
                }
            }
        }

        double edge = cells * lattice;
        return (positions, Box.Orthogonal(edge, edge, edge));
    }

    private static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
