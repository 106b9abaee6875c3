using Denoise.Atoms;

namespace Denoise.InSitu.Tests;

/// <summary>Perfect, rattled and damaged crystals in an orthogonal box. Lengths in Å.</summary>
internal sealed class TestCrystal
{
    private static readonly double[][] FccBasis = [[0, 0, 0], [0.5, 0.5, 0], [0.5, 0, 0.5], [0, 0.5, 0.5]];
    private static readonly double[][] BccBasis = [[0, 0, 0], [0.5, 0.5, 0.5]];
    private static readonly double[][] HcpBasis = [[0, 0, 0], [0.5, 0.5, 0], [0.5, 5.0 / 6, 0.5], [0, 1.0 / 3, 0.5]];

    public required double[] Positions { get; init; }

    public required Box Box { get; init; }

    /// <summary>From 1.</summary>
    public required int[] Types { get; init; }

    public int Count => Positions.Length / 3;

    /// <summary>The structure that every atom of the perfect crystal has.</summary>
    public required StructureType Structure { get; init; }

    /// <summary>Shortest distance of the perfect crystal.</summary>
    public required double NearestDistance { get; init; }

    /// <summary>A periodic crystal of that structure and shortest distance, in every direction at least that wide.</summary>
    public static TestCrystal Create(StructureType structure, double nearestDistance, double width)
    {
        double d = nearestDistance;
        double a = d * Math.Sqrt(2), b = 2 * d / Math.Sqrt(3);
        (double[][] basis, double[] edges) = structure switch
        {
            StructureType.Fcc => (FccBasis, new[] { a, a, a }),
            StructureType.Bcc => (BccBasis, [b, b, b]),
            StructureType.Hcp => (HcpBasis, [d, d * Math.Sqrt(3), d * Math.Sqrt(8.0 / 3)]),
            _ => throw new ArgumentOutOfRangeException(nameof(structure)),
        };
        int[] cells = [.. edges.Select(edge => (int)Math.Ceiling(width / edge))];
        List<double> positions = [];
        for (int x = 0; x < cells[0]; x++)
            for (int y = 0; y < cells[1]; y++)
                for (int z = 0; z < cells[2]; z++)
                    foreach (double[] f in basis)
                        positions.AddRange([(x + f[0] + 0.1) * edges[0], (y + f[1] + 0.1) * edges[1], (z + f[2] + 0.1) * edges[2]]);
        return new()
        {
            Positions = [.. positions],
            Box = Box.Orthogonal(cells[0] * edges[0], cells[1] * edges[1], cells[2] * edges[2]),
            Types = [.. Enumerable.Repeat(1, positions.Count / 3)],
            Structure = structure,
            NearestDistance = d,
        };
    }

    /// <summary>Mean distance to the 13 nearest in the perfect crystal.</summary>
    public double MeanOfThirteen => Structure == StructureType.Bcc
        ? (8 + 5 * 2 / Math.Sqrt(3)) / 13 * NearestDistance
        : (12 + Math.Sqrt(2)) / 13 * NearestDistance;

    /// <summary>Every coordinate moved by a normal random number of standard deviation <paramref name="noise"/> Å.</summary>
    public TestCrystal Rattled(double noise, int seed)
    {
        Random random = new(seed);
        return With([.. Positions.Select(r => r + noise * Normal(random))], Types, Box);
    }

    public TestCrystal WithoutFraction(double fraction, int seed)
    {
        Random random = new(seed);
        return Keep(Box, _ => random.NextDouble() >= fraction);
    }

    /// <summary>Open along z, with surfaces where the box was cut.</summary>
    public TestCrystal AsSlab() => With(Positions, Types, Box with { PeriodicC = false });

    /// <summary>Types by atom index.</summary>
    public TestCrystal Typed(Func<int, int> type) => With(Positions, [.. Enumerable.Range(0, Count).Select(type)], Box);

    private TestCrystal Keep(Box box, Func<int, bool> keep)
    {
        int[] kept = [.. Enumerable.Range(0, Count).Where(keep)];
        return With([.. kept.SelectMany(i => Positions[(3 * i)..(3 * i + 3)])], [.. kept.Select(i => Types[i])], box);
    }

    private TestCrystal With(double[] positions, int[] types, Box box) =>
        new() { Positions = positions, Types = types, Box = box, Structure = Structure, NearestDistance = NearestDistance };

    private static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
