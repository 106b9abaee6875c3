using Denoise.Atoms;
using Denoise.Parallel;

namespace Denoise.InSitu.Tests;

/// <summary>Frames that nobody meant: refused at once, in a sentence, and without the memory that a search would take.</summary>
public sealed class HostileFrameTests
{
    private static readonly Box Cube = Box.Orthogonal(3.6, 3.6, 3.6);

    private static readonly string[] AllMethods = ["classify", "scale auto", "scale given"];

    public static TheoryData<string> Methods => [.. AllMethods];

    [Theory]
    [MemberData(nameof(Methods))]
    public void All_atoms_in_one_place(string method)
    {
        foreach (int count in (int[])[2, 8, 108, 5000])
        {
            double[] positions = [.. Enumerable.Repeat(1.0, 3 * count)];
            foreach (Box? box in (Box?[])[Cube, Box.Orthogonal(30, 30, 30), null, Box.Orthogonal(5, 5, 5) with { PeriodicC = false }])
                Assert.Contains("are in one place", Refusal(method, positions, box), StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void Every_atom_twice(string method)
    {
        TestCrystal crystal = TestCrystal.Create(StructureType.Fcc, 2.6, 12).Rattled(0.1, 3);
        foreach (double off in (double[])[0, 1e-9, 1e-4])
        {
            double[] twice = [.. crystal.Positions, .. crystal.Positions.Select(r => r + off)];
            string refusal = Refusal(method, twice, crystal.Box);
            Assert.Contains("are in one place: remove one of them", refusal, StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void One_atom_again_on_the_other_side_of_the_box(string method)
    {
        TestCrystal crystal = TestCrystal.Create(StructureType.Bcc, 2.5, 12);
        double[] again = [.. crystal.Positions, crystal.Positions[0] + crystal.Box.A.X, crystal.Positions[1], crystal.Positions[2]];
        string refusal = Refusal(method, again, crystal.Box);
        Assert.Contains($"atoms 1 and {crystal.Count + 1} are in one place, one on a periodic image", refusal, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1e-9)]
    [InlineData(1e-4)]
    [InlineData(2e-3)]
    public void Edge_of_nearly_no_length(double edge)
    {
        double[] positions = [0, 0, 0, 0.9 * edge, 1.8, 1.8];
        foreach (string method in AllMethods)
            Assert.Contains("its own periodic image", Refusal(method, positions, Box.Orthogonal(edge, 3.6, 3.6)), StringComparison.Ordinal);
        // The same box with other edges.
        Box skewed = new(new(edge, 0, 0), new(7 * edge, 3.6, 0), new(-9 * edge, 0, 3.6), default, true, true, true);
        Assert.Contains("its own periodic image", Refusal("classify", positions, skewed), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1e3)]
    [InlineData(1e12)]
    public void One_atom_in_a_box_of_any_size(double edge)
    {
        foreach (string method in AllMethods)
            Assert.Equal("", Refusal(method, [0, 0, 0], Box.Orthogonal(edge, edge, edge)));
    }

    [Fact]
    public void A_box_of_a_tenth_of_the_size()
    {
        TestCrystal crystal = TestCrystal.Create(StructureType.Fcc, 2.55, 10);
        Box wrong = crystal.Box.Scaled(0.1);
        foreach (string method in AllMethods)
            Assert.Contains("correct the box", Refusal(method, crystal.Positions, wrong), StringComparison.Ordinal);
    }

    [Fact]
    public void Atoms_that_nearly_meet_are_no_mistake()
    {
        // A radiation cascade: some pairs at a third of an Å.
        TestCrystal crystal = TestCrystal.Create(StructureType.Fcc, 2.6, 16).Rattled(0.1, 4);
        for (int i = 0; i < 3 * 40; i += 3 * 8)
            for (int axis = 0; axis < 3; axis++)
                crystal.Positions[i + axis] = crystal.Positions[i + 3 + axis] + (axis == 0 ? 0.3 : 0);
        foreach (string method in AllMethods)
            Assert.Equal("", Refusal(method, crystal.Positions, crystal.Box));
    }

    [Fact]
    public void Molecules_in_a_wide_box_are_no_mistake()
    {
        // Hydrogen at a distance of 0.74 Å, 1000 Å from the next: a typical distance of thousands says nothing of bonds.
        List<double> positions = [];
        Random random = new(1);
        for (int k = 0; k < 100; k++)
        {
            double x = 1e4 * random.NextDouble(), y = 1e4 * random.NextDouble(), z = 1e4 * random.NextDouble();
            positions.AddRange([x, y, z, x + 0.74, y, z]);
        }

        foreach (Box? box in (Box?[])[Box.Orthogonal(1e4, 1e4, 1e4), null])
            Assert.Equal("", Refusal("classify", [.. positions], box));
    }

    [Fact]
    public void Clusters_far_from_each_other()
    {
        TestCrystal crystal = TestCrystal.Create(StructureType.Fcc, 2.6, 18);
        double[] two = [.. crystal.Positions, .. crystal.Positions.Select(r => r + 1e6)];
        using Session session = new(new() { MemoryLimit = 64 << 20 });
        foreach (Box? box in (Box?[])[null, Box.Orthogonal(3e6, 3e6, 3e6)])
        {
            long both = session.Process(new() { LocalCount = 2 * crystal.Count, Positions = two, Box = box }).Counts[1];
            Assert.Equal(2 * session.Process(new() { LocalCount = crystal.Count, Positions = crystal.Positions }).Counts[1], both);
        }
    }

    [Fact]
    public void An_atom_far_away_changes_neither_structures_nor_what_images_are_made()
    {
        TestCrystal crystal = TestCrystal.Create(StructureType.Fcc, 2.6, 20);
        Box tall = crystal.Box with { C = new(0, 0, 1e4) };
        double[] one = [.. crystal.Positions, 3, 3, 5000];
        // The mean spacing of 15 Å would ask for images within 46 Å: 30 times the atoms.
        using Session session = new(new() { MemoryLimit = 16 << 20 });
        long alone = session.Process(new() { LocalCount = crystal.Count, Positions = crystal.Positions, Box = tall }).Counts[1];
        Assert.InRange(alone, crystal.Count / 2, crystal.Count);
        Assert.Equal(alone, session.Process(new() { LocalCount = crystal.Count + 1, Positions = one, Box = tall }).Counts[1]);
    }

    [Fact]
    public void Images_are_made_for_a_host_without_ghosts_too()
    {
        TestCrystal crystal = TestCrystal.Create(StructureType.Fcc, 2.6, 12).Rattled(0.1, 5);
        using Session session = new(new());
        foreach (double stretch in (double[])[1, 1.5])
        {
            double[] positions = [.. crystal.Positions.Select(x => x * stretch)];
            FrameInput alone = new() { LocalCount = crystal.Count, Positions = positions, Box = crystal.Box.Scaled(stretch) };
            FrameInput hosted = new()
            {
                LocalCount = crystal.Count,
                Positions = positions,
                Box = crystal.Box.Scaled(stretch),
                Halo = NoHalo.Instance,
            };
            int[] expected = [.. session.Process(alone).StructureTypes];
            Assert.Contains(1, expected);
            Assert.Equal(expected, session.Process(hosted).StructureTypes);
        }
    }

    [Fact]
    public void No_atoms_in_a_periodic_box()
    {
        using Session session = new(new() { Model = Metals.Model, Species = [0, -1] });
        Assert.Equal(0, session.Process(new() { LocalCount = 0, Positions = [], Box = Cube }).Counts[1]);
        // There are some, and none is seen.
        FrameInput unseen = new() { LocalCount = 1, Positions = [1, 1, 1], Types = [2], Box = Cube };
        Assert.Equal([0], session.Process(unseen).StructureTypes);
    }

    [Fact]
    public void Species_for_no_type_and_no_types()
    {
        using Session session = new(new() { Species = [] });
        string message = Assert.Throws<SessionException>(() => session.Process(new() { LocalCount = 1, Positions = [1, 1, 1] })).Message;
        Assert.Contains("species were given for no type", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1e308)]
    [InlineData(-1e13)]
    [InlineData(double.MaxValue)]
    public void A_position_beyond_all_boxes(double x)
    {
        foreach (Box? box in (Box?[])[Cube, null])
            Assert.Contains("position of atom 2 is too far away", Refusal("classify", [0, 0, 0, 1, x, 1], box), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NaN)]
    [InlineData(-1)]
    [InlineData(1e300)]
    public void A_range_of_ghosts_without_end(double range)
    {
        SessionException failure = Assert.Throws<SessionException>(() =>
        {
            using Session session = new(new());
            session.Process(new() { LocalCount = 2, Positions = [0, 0, 0, 1.8, 1.8, 1.8], Box = Cube, GhostCutoff = range });
        });
        Assert.True(failure.Error is SessionError.Argument or SessionError.Input, failure.Message);
    }

    [Theory]
    [InlineData(5e-324)]
    [InlineData(1e300)]
    [InlineData(double.NaN)]
    public void Factors_that_no_length_survives(double factor)
    {
        foreach (SessionOptions options in (SessionOptions[])[new() { Scale = factor }, new() { LengthUnit = factor },
            new() { Classification = Classification.CommonNeighbors, CnaCutoff = factor == 5e-324 ? 0 : factor }])
        {
            SessionException failure = Assert.Throws<SessionException>(() =>
            {
                using Session session = new(options);
            });
            Assert.Equal(SessionError.Argument, failure.Error);
        }
    }

    [Fact]
    public void Memory_is_looked_at_before_it_is_taken()
    {
        TestCrystal crystal = TestCrystal.Create(StructureType.Fcc, 2.6, 60);
        using Session session = new(new() { Model = Metals.Model, MemoryLimit = 8 << 20 });
        SessionException failure = Assert.Throws<SessionException>(() =>
            session.Process(new() { Step = 7, LocalCount = crystal.Count, Positions = crystal.Positions, Box = crystal.Box }));
        Assert.Equal(SessionError.Memory, failure.Error);
        Assert.Contains($"step 7: {crystal.Count} atoms", failure.Message, StringComparison.Ordinal);
        Assert.Contains("no more than 8 MiB", failure.Message, StringComparison.Ordinal);
        // The session goes on with what fits.
        TestCrystal small = TestCrystal.Create(StructureType.Fcc, 2.6, 12);
        FrameInput fits = new() { LocalCount = small.Count, Positions = small.Positions, Box = small.Box };
        Assert.Equal(small.Count, session.Process(fits).Counts[1]);
    }

    [Fact]
    public void Images_without_number_are_not_made()
    {
        // A small cell and a cutoff of a micrometer: a few 1e11 images.
        SessionOptions options = new() { Classification = Classification.CommonNeighbors, CnaCutoff = 1e4 };
        using Session session = new(options);
        Exception failure = Assert.ThrowsAny<InputException>(() =>
            session.Process(new() { LocalCount = 2, Positions = [0, 0, 0, 1.8, 1.8, 1.8], Box = Cube }));
        Assert.Contains("images", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_list_of_neighbors_has_a_limit()
    {
        TestCrystal crystal = TestCrystal.Create(StructureType.Fcc, 2.6, 60);
        SessionOptions options = new() { Classification = Classification.CommonNeighbors, CnaCutoff = 20, MemoryLimit = 96 << 20 };
        using Session session = new(options);
        Exception failure = Assert.ThrowsAny<InputException>(() =>
            session.Process(new() { LocalCount = crystal.Count, Positions = crystal.Positions, Box = crystal.Box }));
        Assert.Contains("left for them", failure.Message, StringComparison.Ordinal);
    }

    /// <summary>The message; empty where the frame is processed.</summary>
    private static string Refusal(string method, double[] positions, Box? box)
    {
        using Session session = new(method switch
        {
            "classify" => new(),
            "scale auto" => new() { Model = Metals.Model, MaxIterations = 1, MemoryLimit = 256 << 20 },
            _ => new SessionOptions { Model = Metals.Model, MaxIterations = 1, Scale = 1, MemoryLimit = 256 << 20 },
        });
        try
        {
            session.Process(new() { LocalCount = positions.Length / 3, Positions = positions, Box = box });
            return "";
        }
        catch (SessionException failure)
        {
            Assert.Equal(SessionError.Input, failure.Error);
            return failure.Message;
        }
    }
}
