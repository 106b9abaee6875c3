using System.Text;
using Denoise.Atoms;

namespace Denoise.Trajectories.Tests;

public class ExtendedXyzReaderTests
{
    private const string Properties = "Properties=id:I:1:species:S:1:velo:R:3:pos:R:3:map_shift:I:3:tag:S:1:fixed:L:1";

    private const string Extended = $"""
        3
        Lattice="10 0 0 3 8 0 -2 1 7" Origin="1 2 3" {Properties} Time=0.5 Timestep=20 pbc="T F T"
        7 O  0 1 2   1.5 2.5 3.5  0 -1 2  a T
        3 Si 3 4 5.5 4 -5.25 0.6  0 0 0  b F
        12 O 0 0 0   7 8 9        1 1 1  a F
        1
        Properties=species:S:1:pos:R:3 Lattice="2 0 0 0 2 0 0 0 2"
        Si 1 1 1

        """;

    [Fact]
    public void All_that_extended_xyz_holds()
    {
        List<Snapshot> frames = Files.ReadAll(Extended, "a.xyz");
        Assert.Equal(2, frames.Count);
        Snapshot first = frames[0];
        Assert.Equal(new Box(new(10, 0, 0), new(3, 8, 0), new(-2, 1, 7), new(1, 2, 3), true, false, true), first.Box);
        Assert.Equal(20, first.Step);
        Assert.Equal(0.5, first.Time);
        Assert.Equal([1.5, 2.5, 3.5, 4, -5.25, 0.6, 7, 8, 9], first.Positions);
        Assert.Equal([7, 3, 12], first.Ids);
        Assert.Equal([1, 2, 1], first.Types);
        Assert.Equal((string?[])["O", "Si"], first.Elements);
        Assert.Equal(["vx", "vy", "vz", "ix", "iy", "iz", "tag", "fixed"], first.Columns.Keys);
        Assert.Equal(["2", "5.5", "0"], first.Columns["vz"]);
        Assert.Equal(["-1", "0", "1"], first.Columns["iy"]);
        Assert.Equal(["T", "F", "F"], first.Columns["fixed"]);

        // The type of an element is the same in all frames of a file.
        Assert.Equal([2], frames[1].Types);
        Assert.Equal([1], frames[1].Ids);
        Assert.Equal(Box.Orthogonal(2, 2, 2), frames[1].Box);
    }

    [Fact]
    public void Plain_xyz_gets_an_open_bounding_box()
    {
        string text = "2\nany text, a = b and x=\nCu -1 2 3 8\nZr 4 2 -5 7.5\n\n1\n\nCu 0 0 0\n";
        List<Snapshot> frames = Files.ReadAll(text, "a.xyz");
        Assert.Equal([-1, 2, 3, 4, 2, -5], frames[0].Positions);
        Assert.Equal(["8", "7.5"], frames[0].Columns["column_5"]);
        Assert.Equal(Box.Orthogonal(5, 1, 8, periodic: false) with { Origin = new(-1, 2, -5) }, frames[0].Box);
        Assert.Equal((string?[])["Cu", "Zr"], frames[1].Elements);
        Assert.Empty(frames[1].Columns);
    }

    [Theory]
    [InlineData("pbc=\"1 0 1\"", true, false, true)]
    [InlineData("pbc=[true, false, false]", true, false, false)]
    [InlineData("pbc={F F T}", false, false, true)]
    [InlineData("", true, true, true)]
    public void Boundary_flags_in_their_spellings(string pbc, bool a, bool b, bool c)
    {
        string lattice = pbc.Contains('[') ? "[[1, 0, 0], [0, 2, 0], [0, 0, 3]]" : "'1 0 0 0 2 0 0 0 3'";
        Snapshot frame = Files.ReadAll($"1\n{pbc} lattice={lattice} other=\"x y=2\"\nCu 0 0 0\n", "a.xyz")[0];
        Assert.Equal(new Box(new(1, 0, 0), new(0, 2, 0), new(0, 0, 3), default, a, b, c), frame.Box);
    }

    [Theory]
    [InlineData("Lattice = \"2 0 0 0 3 0 0 0 4\" Properties = species:S:1:pos:R:3 pbc = \"T T F\"")]
    [InlineData("\"Lattice\"=\"2 0 0 0 3 0 0 0 4\" 'Properties'=species:S:1:pos:R:3 \"pbc\"=\"T T F\"")]
    [InlineData("note=\"say \\\"Lattice=\\\" pbc=\\\"F F F\\\" here\" Lattice=\"2 0 0 0 3 0 0 0 4\" pbc=TTF")]
    [InlineData("path=\"C:\\\\\" Lattice=\"2 0 0 0 3 0 0 0 4\" pbc=\"T T F\"")]
    [InlineData("\"a flag\" converged 'x y' Lattice= {2 0 0 0 3 0 0 0 4} pbc =[T,T,F]")]
    [InlineData("Bob's file\tLattice\t=\t\"2 3 4\" pbc={T T F}")]
    [InlineData("a={b={c} pbc=\"F F F\"} lattice=\"2.0, 0, 0, 0, 3, 0, 0, 0, 4\" PBC=\"1 1 0\"")]
    public void Comments_in_the_dialects_of_other_programs(string comment)
    {
        using TrajectoryReader reader = Files.Open($"1\n{comment}\nCu 0 0 0\n", "a.xyz");
        Assert.Equal(new Box(new(2, 0, 0), new(0, 3, 0), new(0, 0, 4), default, true, true, false), Files.ReadAll(reader)[0].Box);
        Assert.Empty(reader.Warnings);
    }

    [Theory]
    [InlineData("metal", "metal", 0)]
    [InlineData("\"eV and Angstrom\"", null, 0)]
    [InlineData("eV/Ang", null, 0)]
    [InlineData("\"Hartree and Bohr\"", null, 1)]
    public void Units_of_other_programs_are_no_unit_style(string units, string? expected, int warnings)
    {
        using TrajectoryReader reader = Files.Open($"1\nLattice=\"1 1 1\" units={units}\nCu 0 0 0\n", "a.xyz");
        Assert.Equal(expected, Files.ReadAll(reader)[0].Units);
        Assert.Equal(warnings, reader.Warnings.Count);
    }

    [Theory]
    [InlineData("0 0 0 0 0 0 0 0 0", "pbc=\"F F F\"", "1 0 0 0 2 0 0 0 3", false, false, false, 0)]
    [InlineData("0 0 0 0 0 0 0 0 0", "", "1 0 0 0 2 0 0 0 3", false, false, false, 1)]
    [InlineData("5 0 0 0 6 0 0 0 0", "pbc=\"T T F\"", "5 0 0 0 6 0 0 0 3", true, true, false, 0)]
    [InlineData("5 0 0 0 6 0 0 0 0", "", "5 0 0 0 6 0 0 0 3", true, true, false, 1)]
    [InlineData("0 0 0 0 6 0 0 0 0", "pbc=\"F T F\"", "1 0 0 0 6 0 0 0 3", false, true, false, 0)]
    [InlineData("0 0 0 3 4 0 0 0 5", "pbc=\"F T T\"", "0.4 -0.3 0 3 4 0 0 0 5", false, true, true, 0)]
    public void A_zero_vector_in_an_open_direction_is_open(string lattice, string pbc, string edges, bool a, bool b, bool c, int warnings)
    {
        using TrajectoryReader reader = Files.Open($"2\nLattice=\"{lattice}\" {pbc}\nCu 1 1 1\nCu 2 3 4\n", "a.xyz");
        Box box = Files.ReadAll(reader)[0].Box;
        double[] v = [.. edges.Split(' ').Select(word => double.Parse(word, System.Globalization.CultureInfo.InvariantCulture))];
        double[] actual = [box.A.X, box.A.Y, box.A.Z, box.B.X, box.B.Y, box.B.Z, box.C.X, box.C.Y, box.C.Z];
        if (lattice.StartsWith("0 0 0 3"))
            // Across (3, 4, 0) and z; the atoms are (1, 2, 3) apart.
            (v[0], v[1]) = (0.8 * 0.4, -0.6 * 0.4);
        for (int k = 0; k < 9; k++)
            Assert.Equal(v[k], actual[k], 12);
        Assert.Equal((a, b, c), (box.PeriodicA, box.PeriodicB, box.PeriodicC));
        Assert.Equal(warnings, reader.Warnings.Count);
        foreach (Vec3 r in new Vec3[] { new(1, 1, 1), new(2, 3, 4) })
            for (int axis = 0; axis < 3; axis++)
                if (!box.IsPeriodic(axis))
                    Assert.InRange(axis switch { 0 => box.ToFractional(r).X, 1 => box.ToFractional(r).Y, _ => box.ToFractional(r).Z },
                        -1e-12, 1 + 1e-12);
    }

    [Fact]
    public void A_zero_vector_in_a_periodic_direction_is_refused() =>
        Assert.Contains("periodic along one that is zero",
            Files.Failure("1\nLattice=\"0 0 0 0 1 0 0 0 1\" pbc=\"T T T\"\nCu 0 0 0\n", "a.xyz"));

    [Fact]
    public void Without_a_cell_a_warning_says_what_to_do()
    {
        using TrajectoryReader reader = Files.Open("1\n Atoms. Timestep: 0\n1 0 0 0\n1\n Atoms. Timestep: 7\n1 0 0 0\n", "a.xyz");
        List<Snapshot> frames = Files.ReadAll(reader);
        Assert.Contains("has no cell: boundaries are open all around; add Lattice=", Assert.Single(reader.Warnings));
        Assert.Equal([0, 7], frames.Select(frame => frame.Step));
    }

    [Fact]
    public void Types_come_from_numbers_where_there_are_no_symbols()
    {
        Snapshot z = Files.ReadAll("2\nProperties=pos:R:3:Z:I:1 Lattice=\"1 0 0 0 1 0 0 0 1\"\n0 0 0 29\n0 0 0 13\n", "a.xyz")[0];
        Assert.Equal([29, 13], z.Types);
        Assert.Equal("Cu", z.Elements[28]);
        Assert.Equal("Al", z.Elements[12]);
        Snapshot numbers = Files.ReadAll("2\n\n2 0 0 0\n1 0 0 0\n", "a.xyz")[0];
        Assert.Equal([2, 1], numbers.Types);
        Assert.Empty(numbers.Elements);
    }

    [Fact]
    public void A_cut_file_gives_its_good_frames_or_an_error_or_a_warning()
    {
        byte[] bytes = Encoding.UTF8.GetBytes(Extended);
        int endOfFirst = Extended.IndexOf("1\nProperties", StringComparison.Ordinal);
        List<Snapshot> expected = Files.ReadAll(Extended, "a.xyz");
        for (int length = 0; length < bytes.Length; length++)
        {
            int good = 0;
            bool failed = false;
            using TrajectoryReader? reader = Try(() => Files.Open(bytes[..length], "a.xyz"), ref failed);
            using Frame frame = new();
            while (reader is not null && Try(() => reader.Read(frame), ref failed))
            {
                // Of the second frame the last number may be cut.
                if (length >= endOfFirst && good == 0)
                    Snapshot.AssertEqual(expected[0], Snapshot.Of(frame));
                good++;
            }

            Assert.Equal(length >= endOfFirst ? 1 : 0, good - (reader?.Warnings.Count ?? 0));
            Assert.True(failed || length == endOfFirst || reader!.Warnings.Count == 1, $"cut after {length} bytes: nothing is said");
        }
    }

    [Theory]
    [InlineData("3\nLattice", "x\nLattice", "a.xyz:1: a number of atoms is expected, not 'x'")]
    [InlineData("3\nLattice", "2\nLattice", "a.xyz:5: a number of atoms is expected, not '12 O 0 0 0")]
    [InlineData("3\nLattice", "-3\nLattice", "a.xyz:1: -3 atoms are not possible")]
    [InlineData("-2 1 7", "-2 1", "Lattice='10 0 0 3 8 0 -2 1' is not nine numbers")]
    [InlineData("-2 1 7", "0 0 0", "span no volume")]
    [InlineData("1 2 3\"", "1 2\"", "Origin='1 2' is not three numbers")]
    [InlineData("T F T", "T maybe T", "pbc='T maybe T' is not three flags")]
    [InlineData("pos:R:3", "pos:R:2", "has no positions; it needs pos:R:3")]
    [InlineData("pos:R:3", "pos:R", "is not a list of name:kind:components")]
    [InlineData("pos:R:3", "pos:Q:3", "property pos is of kind 'Q'")]
    [InlineData("tag:S:1", "fixed:S:1", "property fixed occurs twice")]
    [InlineData("4 -5.25", "4 -5,25", "a.xyz:4: '-5,25' in column y is not a number")]
    [InlineData("4 -5.25", "4 inf", "a.xyz:4: 'inf' in column y is not a finite coordinate")]
    [InlineData("b F", "b", "a.xyz:4: the line '3 Si 3 4 5.5 4 -5.25 0.6  0 0 0  b' has 12 columns")]
    public void Damage_is_named_with_its_line(string good, string bad, string message)
    {
        int at = Extended.IndexOf(good, StringComparison.Ordinal);
        Assert.Contains(message, Files.Failure(Extended[..at] + bad + Extended[(at + good.Length)..], "a.xyz"));
    }

    [Fact]
    public void Symbols_among_type_numbers_are_refused() =>
        Assert.Contains("a.xyz:4: Cu stands among type numbers", Files.Failure("2\n\n2 0 0 0\nCu 0 0 0\n", "a.xyz"));

    [Fact]
    public void Buffer_borders_do_not_matter()
    {
        List<Snapshot> expected = Files.ReadAll(Extended, "a.xyz");
        for (int seed = 0; seed < 10; seed++)
        {
            List<Snapshot> actual = Files.ReadAll(Extended, "a.xyz", new Random(seed));
            for (int k = 0; k < 2; k++)
                Snapshot.AssertEqual(expected[k], actual[k]);
        }
    }

    private static T? Try<T>(Func<T> action, ref bool failed)
    {
        try
        {
            return action();
        }
        catch (InputException)
        {
            failed = true;
            return default;
        }
    }
}
