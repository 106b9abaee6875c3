using Denoise.Atoms;
using Denoise.Networks.Checkpoints;
using Denoise.Networks.Models;

namespace Denoise.InSitu.Tests;

/// <summary>What is said of frames that a model knows, and of others; with the model that the project ships.</summary>
public sealed class OutsideTests
{
    private static readonly NequipModel Metals =
        Checkpoint.LoadModel(Path.Combine(SharedReference.RepositoryRoot, "models", "metals.pt"));

    [Theory]
    [InlineData(StructureType.Fcc)]
    [InlineData(StructureType.Bcc)]
    [InlineData(StructureType.Hcp)]
    public void Hot_crystals_are_known(StructureType structure)
    {
        TestCrystal crystal = TestCrystal.Create(structure, 2.8, 18).Rattled(0.09 * 2.8, 5);
        using Session session = new(new() { Model = Metals });
        FrameResult result = session.Process(Frame(crystal.Positions, crystal.Box));
        Assert.Equal(FrameWarnings.None, result.Warnings);
        Assert.Equal(crystal.Count, result.Outside.Seen);
        Assert.Equal(crystal.Count, result.Counts[(int)structure]);
        Assert.Equal((0, 0, 0), (result.Outside.Held, result.Outside.BeyondNoise, result.Outside.OddDensity));
    }

    /// <summary>
    /// Omega titanium: 2% of a bond of noise, and the network makes bcc of most of it, which is told, be it that all atoms go all the way
    /// or that those which have arrived rest.
    /// </summary>
    [Fact]
    public void Omega_is_told()
    {
        double a = 4.58, b = a * Math.Sqrt(3), c = 2.82;
        double[][] sites =
            [[0, 0, 0], [0.5, 0.5, 0], [0.5, 1.0 / 6, 0.5], [0, 2.0 / 3, 0.5], [0, 1.0 / 3, 0.5], [0.5, 5.0 / 6, 0.5]];
        FrameResult result = Process(sites, [a, b, c], [5, 3, 8], noise: 0.09, out Session session, tolerance: -1);
        using (session)
            Assert.True(result.Warnings.HasFlag(FrameWarnings.Astray), $"{result.Outside}");
        result = Process(sites, [a, b, c], [5, 3, 8], noise: 0.09, out Session resting);
        using (resting)
            Assert.True(result.Warnings.HasFlag(FrameWarnings.Astray), $"{result.Outside} {result.Counts[0]} {result.Counts[3]}");
    }

    [Fact]
    public void Diamond_is_told()
    {
        double[][] sites =
        [
            [0, 0, 0], [0.5, 0.5, 0], [0.5, 0, 0.5], [0, 0.5, 0.5],
            [0.25, 0.25, 0.25], [0.75, 0.75, 0.25], [0.75, 0.25, 0.75], [0.25, 0.75, 0.75],
        ];
        FrameResult result = Process(sites, [5.431, 5.431, 5.431], [4, 4, 4], noise: 0.08, out Session session);
        using (session)
        {
            Assert.True(result.Warnings.HasFlag(FrameWarnings.Astray), $"{result.Outside}");
            Assert.True(result.Warnings.HasFlag(FrameWarnings.OddDensity), $"{result.Outside}");
        }
    }

    [Fact]
    public void Nothing_is_thrown_far_where_atoms_nearly_overlap()
    {
        TestCrystal crystal = TestCrystal.Create(StructureType.Fcc, 2.556, 18).Rattled(0.2, 5);
        double[] positions = [.. crystal.Positions];
        for (int k = 0; k < 30; k += 3)
            (positions[k], positions[k + 1], positions[k + 2]) = (positions[k + 30] + 0.02, positions[k + 31], positions[k + 32]);
        using Session session = new(new() { Model = Metals });
        FrameResult result = session.Process(Frame(positions, crystal.Box));
        Assert.InRange(result.LargestMove, 2, 5);
        Assert.All(result.Displacements.ToArray(), d => Assert.InRange(d, 0, result.LargestMove * (1 + 1e-6)));
        Assert.NotEqual(FrameWarnings.None, result.Warnings);
    }

    [Fact]
    public void Frame_without_a_selected_atom_is_told()
    {
        TestCrystal crystal = TestCrystal.Create(StructureType.Fcc, 2.556, 14);
        using Session session = new(new() { Model = Metals });
        FrameResult result = session.Process(new()
        {
            LocalCount = crystal.Count,
            Positions = crystal.Positions,
            Box = crystal.Box,
            Selection = new int[crystal.Count],
        });
        Assert.Equal(FrameWarnings.NothingSeen, result.Warnings);
        Assert.Equal(FrameWarnings.None, session.Process(new() { LocalCount = 0 }).Warnings);
    }

    [Theory]
    [InlineData("NULL", "every atom type is NULL")]
    [InlineData("Xx", "'Xx' is no chemical element")]
    public void Elements_that_cannot_be_meant_are_refused(string symbol, string expected)
    {
        var failure = Assert.Throws<SessionException>(() => new Session(new() { Model = Metals, Elements = [symbol] }));
        Assert.Equal(SessionError.Argument, failure.Error);
        Assert.Contains(expected, failure.Message, StringComparison.Ordinal);
    }

    private static FrameResult Process(
        double[][] sites, double[] edges, int[] cells, double noise, out Session session, double tolerance = 0)
    {
        Random random = new(3);
        List<double> positions = [];
        for (int x = 0; x < cells[0]; x++)
            for (int y = 0; y < cells[1]; y++)
                for (int z = 0; z < cells[2]; z++)
                    foreach (double[] site in sites)
                        positions.AddRange([(x + site[0]) * edges[0], (y + site[1]) * edges[1], (z + site[2]) * edges[2]]);
        for (int k = 0; k < positions.Count; k++)
            positions[k] += noise * Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
        session = new(new() { Model = Metals, Tolerance = tolerance });
        return session.Process(Frame(
            [.. positions], Box.Orthogonal(cells[0] * edges[0], cells[1] * edges[1], cells[2] * edges[2])));
    }

    private static FrameInput Frame(double[] positions, Box box) =>
        new() { LocalCount = positions.Length / 3, Positions = positions, Box = box };
}
