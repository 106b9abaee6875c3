using System.Text.Json;
using Denoise.Atoms;

namespace Denoise.InSitu.Tests;

/// <summary>Frames of one process with the published denoiser.</summary>
public sealed class DenoisingTests
{
    [SharedTheory]
    [InlineData(StructureType.Fcc, 2.556)]
    [InlineData(StructureType.Bcc, 2.8)]
    [InlineData(StructureType.Hcp, 3.2)]
    public void Rattled_crystals_are_identified_completely(StructureType structure, double nearestDistance)
    {
        TestCrystal crystal = TestCrystal.Create(structure, nearestDistance, 15).Rattled(0.08 * nearestDistance, 12);
        FrameResult result = Process(crystal, new() { Model = CuDenoiser.Model }, out Session session);
        using (session)
        {
            Assert.Equal(crystal.Count, result.Counts[(int)structure]);
            Assert.True(result.RawCounts[(int)structure] < 0.9 * crystal.Count, "the noise is too small to show anything");
            Assert.InRange(result.Iterations, 2, 8);
            Assert.InRange(result.RmsDisplacement, 0.1 * nearestDistance, 0.2 * nearestDistance);
            Assert.Equal(FrameWarnings.None, result.Warnings);
        }
    }

    [SharedFact]
    public void Positions_after_eight_iterations_are_the_published_ones()
    {
        using JsonDocument file = JsonDocument.Parse(File.ReadAllText(SharedReference.Path("Cu-denoiser.json")));
        foreach (EngineKind engine in (EngineKind[])[EngineKind.Simd, EngineKind.Reference])
        {
            using Session session = new(new() { Model = CuDenoiser.Model, Engine = engine, Scale = 1, MaxIterations = 8, Tolerance = -1 });
            foreach (JsonElement item in file.RootElement.GetProperty("cases").EnumerateArray())
            {
                double[] cell = Numbers(item.GetProperty("cell")), positions = Numbers(item.GetProperty("positions"));
                double[] expected = Numbers(item.GetProperty("denoised_positions"));
                Box box = new(new(cell[0], cell[1], cell[2]), new(cell[3], cell[4], cell[5]), new(cell[6], cell[7], cell[8]),
                    default, true, true, true);
                FrameResult result = session.Process(new() { LocalCount = positions.Length / 3, Positions = positions, Box = box });
                // Eight iterations in single precision on both sides; a difference of a lattice vector is none.
                double largest = Enumerable.Range(0, result.Displacements.Length)
                    .Max(i => Distance(box, result.Positions[(3 * i)..(3 * i + 3)], expected.AsSpan(3 * i, 3)));
                Assert.True(largest < 1e-4, $"{item.GetProperty("name")}, {engine}: {largest:g3} Å");
            }
        }
    }

    [Fact]
    public void A_conservative_score_moves_atoms_as_the_reference_does()
    {
        TestCrystal crystal = TestCrystal.Create(StructureType.Fcc, 2.8, 12).Rattled(0.2, 4);
        SessionOptions options = new() { Model = Metals.ConservativeModel, MaxIterations = 3, Tolerance = -1 };
        FrameResult expected = Process(crystal, options with { Engine = EngineKind.Reference }, out Session reference);
        using (reference)
        {
            FrameResult result = Process(crystal, options, out Session session);
            using (session)
            {
                Tolerance.AssertClose(expected.Positions, result.Positions, Tolerance.Single, "positions");
                Assert.InRange(expected.RmsDisplacement, 1e-3, 1);
            }
        }
    }

    [SharedFact]
    public void Tolerance_ends_the_iterations_and_a_negative_one_does_not()
    {
        TestCrystal crystal = TestCrystal.Create(StructureType.Fcc, 2.556, 12).Rattled(0.1, 3);
        int few = Count(0.5), all = Count(-1);
        Assert.InRange(few, 1, 4);
        Assert.Equal(8, all);

        int Count(double tolerance)
        {
            FrameResult result = Process(crystal, new() { Model = CuDenoiser.Model, Tolerance = tolerance }, out Session session);
            using (session)
            {
                Assert.True(tolerance < 0 || result.LargestPrediction < tolerance);
                return result.Iterations;
            }
        }
    }

    [SharedFact]
    public void Atoms_stay_at_their_own_image()
    {
        TestCrystal crystal = TestCrystal.Create(StructureType.Fcc, 2.556, 12).Rattled(0.15, 3);
        double[] shifted = [.. crystal.Positions];
        for (int i = 0; i < crystal.Count; i++)
            shifted[3 * i] += (i % 5 - 2) * crystal.Box.A.X;
        using Session session = new(new() { Model = CuDenoiser.Model });
        double[] expected = session.Process(Frame(crystal)).Positions.ToArray();
        FrameResult result = session.Process(new() { LocalCount = crystal.Count, Positions = shifted, Box = crystal.Box });
        for (int i = 0; i < crystal.Count; i++)
            expected[3 * i] += (i % 5 - 2) * crystal.Box.A.X;
        Tolerance.AssertClose(expected, result.Positions, Tolerance.Single, "positions");
        Assert.True(result.Displacements.ToArray().Max() < 1.5);
    }

    [SharedFact]
    public void Order_of_the_atoms_does_not_matter()
    {
        TestCrystal crystal = TestCrystal.Create(StructureType.Bcc, 2.5, 14).Rattled(0.2, 3);
        int[] order = [.. Enumerable.Range(0, crystal.Count)];
        new Random(5).Shuffle(order);
        double[] shuffled = [.. order.SelectMany(i => crystal.Positions[(3 * i)..(3 * i + 3)])];
        using Session session = new(new() { Model = CuDenoiser.Model });
        FrameResult result = session.Process(Frame(crystal));
        double[] inOrder = result.Positions.ToArray();
        int[] typesInOrder = result.StructureTypes.ToArray();
        double[] expected = [.. order.SelectMany(i => inOrder[(3 * i)..(3 * i + 3)])];
        int[] expectedTypes = [.. order.Select(i => typesInOrder[i])];
        long[] expectedCounts = result.Counts.ToArray();
        result = session.Process(new() { LocalCount = crystal.Count, Positions = shuffled, Box = crystal.Box });
        Assert.Equal(expectedCounts, result.Counts.ToArray());
        Assert.Equal(expectedTypes, result.StructureTypes.ToArray());
        Tolerance.AssertClose(expected, result.Positions, Tolerance.Single, "positions");
    }

    [SharedFact]
    public void Only_selected_atoms_are_counted_but_all_are_denoised()
    {
        TestCrystal crystal = TestCrystal.Create(StructureType.Fcc, 2.556, 14).Rattled(0.2, 3);
        int[] selection = [.. Enumerable.Range(0, crystal.Count).Select(i => i % 3 == 0 ? 5 : 0)];
        using Session session = new(new() { Model = CuDenoiser.Model });
        double[] expected = session.Process(Frame(crystal)).Positions.ToArray();
        FrameResult result = session.Process(new()
        {
            LocalCount = crystal.Count,
            Positions = crystal.Positions,
            Box = crystal.Box,
            Selection = selection,
        });
        Assert.Equal(selection.Count(s => s != 0), result.Counts[(int)StructureType.Fcc]);
        for (int i = 0; i < crystal.Count; i++)
        {
            bool isSelected = selection[i] != 0;
            Assert.Equal(isSelected ? expected[3 * i] : crystal.Positions[3 * i], result.Positions[3 * i]);
            Assert.Equal(isSelected ? (int)StructureType.Fcc : 0, result.StructureTypes[i]);
            Assert.Equal(isSelected, result.Displacements[i] > 0);
        }
    }

    [SharedFact]
    public void Types_of_an_alloy_are_one_lattice_to_a_network_of_one_species()
    {
        TestCrystal crystal = TestCrystal.Create(StructureType.Fcc, 2.556, 14).Rattled(0.2, 3);
        using Session plain = new(new() { Model = CuDenoiser.Model });
        double[] expected = plain.Process(Frame(crystal)).Positions.ToArray();
        TestCrystal alloy = crystal.Typed(i => 1 + i % 3);
        using Session session = new(new() { Model = CuDenoiser.Model, Elements = ["Cu", "Ni", "Zr"] });
        Assert.Equal(expected, session.Process(Frame(alloy)).Positions.ToArray());
    }

    [SharedFact]
    public void Network_of_two_species_needs_to_know_which_type_is_which()
    {
        string path = SharedReference.Path("SiO2-denoiser.pt");
        var failure = Assert.Throws<SessionException>(() => new Session(new() { ModelPath = path }));
        Assert.Equal(SessionError.Argument, failure.Error);
        Assert.Contains("2 species", failure.Message, StringComparison.Ordinal);
        using Session session = new(new() { ModelPath = path, Species = [1, 0] });
        Assert.Equal(2, session.Info.SpeciesCount);
        TestCrystal crystal = TestCrystal.Create(StructureType.Fcc, 3, 12).Typed(i => 1 + i % 2);
        Assert.Equal(1, session.Process(Frame(crystal)).Scale);
    }

    [SharedFact]
    public void Surfaces_do_not_spoil_what_lies_below()
    {
        TestCrystal crystal = TestCrystal.Create(StructureType.Fcc, 2.556, 16).AsSlab().Rattled(0.15, 3);
        FrameResult result = Process(crystal, new() { Model = CuDenoiser.Model }, out Session session);
        using (session)
        {
            // The network was trained without surfaces and bends the outermost planes of the slab; three layers and two cutoffs
            // below, everything is as in the bulk.
            for (int i = 0; i < crystal.Count; i++)
            {
                double depth = Math.Min(crystal.Positions[3 * i + 2], crystal.Box.C.Z - crystal.Positions[3 * i + 2]);
                if (depth < 5.5)
                    continue;
                Assert.Equal((int)StructureType.Fcc, result.StructureTypes[i]);
                Assert.InRange(result.Displacements[i], 0, 1);
            }
        }
    }

    [SharedFact]
    public void Missing_model_is_told_apart_from_a_damaged_one()
    {
        var missing = Assert.Throws<SessionException>(() => new Session(new() { ModelPath = "/no/such.pt" }));
        Assert.Equal(SessionError.InputOutput, missing.Error);
        string damaged = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(damaged, [.. File.ReadAllBytes(SharedReference.Path("Cu-denoiser.pt")).Take(5000)]);
            Assert.Equal(SessionError.Format, Assert.Throws<SessionException>(() => new Session(new() { ModelPath = damaged })).Error);
        }
        finally
        {
            File.Delete(damaged);
        }
    }

    private static FrameResult Process(TestCrystal crystal, SessionOptions options, out Session session)
    {
        session = new(options);
        return session.Process(Frame(crystal));
    }

    private static FrameInput Frame(TestCrystal crystal) =>
        new() { LocalCount = crystal.Count, Positions = crystal.Positions, Types = crystal.Types, Box = crystal.Box };

    private static double Distance(Box box, ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        Vec3 f = box.ToFractional(new Vec3(a[0] - b[0], a[1] - b[1], a[2] - b[2]) + box.Origin);
        return (box.ToCartesian(new(f.X - Math.Round(f.X), f.Y - Math.Round(f.Y), f.Z - Math.Round(f.Z))) - box.Origin).Length;
    }

    private static double[] Numbers(JsonElement rows) =>
        [.. rows.EnumerateArray().SelectMany(row => row.EnumerateArray().Select(value => value.GetDouble()))];
}
