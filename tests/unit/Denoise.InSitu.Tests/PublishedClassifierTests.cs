using Denoise.Atoms;

namespace Denoise.InSitu.Tests;

/// <summary>The published classifier, whose file names neither classes nor radial basis: what it says of lattices gave it both.</summary>
public sealed class PublishedClassifierTests
{
    private static readonly string Model = SharedReference.Path("DC3-classifier.pt");

    // Edges in nearest distances; atoms as fractions, the second half of rock salt chlorine.
    private static readonly double Third = Math.Sqrt(3), Close = Math.Sqrt(8.0 / 3), Quarter = 4 / Math.Sqrt(3);

    private static readonly double[][] Fcc = [[0, 0, 0], [0.5, 0.5, 0], [0.5, 0, 0.5], [0, 0.5, 0.5]];
    private static readonly double[][] Hcp = [[0, 0, 0], [0.5, 0.5, 0], [0.5, 5.0 / 6, 0.5], [0, 1.0 / 3, 0.5]];

    private static (double[] Edges, double[][] Atoms) Lattice(string name)
    {
        static double[][] Twice(double[][] atoms, double x, double y, double z) =>
            [.. atoms, .. atoms.Select(r => new[] { r[0] + x, r[1] + y, r[2] + z })];
        double root = Math.Sqrt(2), cube = 2 / Third;
        return name switch
        {
            "fcc" => ([root, root, root], Fcc),
            "bcc" => ([cube, cube, cube], [[0, 0, 0], [0.5, 0.5, 0.5]]),
            "hcp" => ([1, Third, Close], Hcp),
            "diamond" => ([Quarter, Quarter, Quarter], Twice(Fcc, 0.25, 0.25, 0.25)),
            "hexdiamond" => ([Close, Third * Close, Close * Close], Twice(Hcp, 0, 0, 0.375)),
            _ => ([2, 2, 2], Twice(Fcc, 0.5, 0, 0)),
        };
    }

    [SharedTheory]
    [InlineData("fcc", StructureType.Fcc)]
    [InlineData("bcc", StructureType.Bcc)]
    [InlineData("hcp", StructureType.Hcp)]
    [InlineData("diamond", StructureType.CubicDiamond)]
    [InlineData("hexdiamond", StructureType.HexagonalDiamond)]
    [InlineData("sc", StructureType.SimpleCubic)]
    public void Lattices_with_noise_are_named(string name, StructureType expected)
    {
        (double[] edges, double[][] atoms) = Lattice(name);
        using Session session = new(new() { ModelPath = Model, Classification = Classification.Automatic, Elements = ["Na", "Cl"] });
        Assert.Equal(
            [new("other", 0), new("fcc", 1), new("hcp", 2), new("bcc", 3), new("sc", 5), new("diamond", 6), new("hexdiamond", 7)],
            session.Structures);
        foreach (double nearest in (double[])[2.5, 2.6, 2.7])
        {
            Random random = new(1);
            int[] cells = [.. edges.Select(edge => (int)Math.Ceiling(6 / (edge * nearest)))];
            List<double> positions = [];
            List<int> types = [];
            for (int cell = 0; cell < cells[0] * cells[1] * cells[2]; cell++)
                for (int k = 0; k < atoms.Length; k++)
                {
                    int[] at = [cell % cells[0], cell / cells[0] % cells[1], cell / cells[0] / cells[1]];
                    for (int axis = 0; axis < 3; axis++)
                        positions.Add(nearest * ((at[axis] + atoms[k][axis] + 0.1) * edges[axis] + 0.1 * (random.NextDouble() - 0.5)));
                    types.Add(name == "sc" && k >= 4 ? 2 : 1);
                }

            double[] size = [.. edges.Zip(cells, (edge, count) => nearest * edge * count)];
            FrameResult result = session.Process(new()
            {
                LocalCount = types.Count,
                Positions = positions.ToArray(),
                Types = types.ToArray(),
                Box = Box.Orthogonal(size[0], size[1], size[2]),
            });
            Assert.All(result.StructureTypes.ToArray(), type => Assert.Equal((int)expected, type));
            // It moves nothing.
            Assert.Equal(positions, result.Positions.ToArray());
            Assert.Equal(0, result.Iterations);
        }
    }

    [SharedFact]
    public void Without_names_there_would_be_nothing_to_do() => Assert.Contains("nothing to do", Assert.Throws<SessionException>(
        () => new Session(new() { ModelPath = Model, Elements = ["Na"] })).Message, StringComparison.Ordinal);
}
