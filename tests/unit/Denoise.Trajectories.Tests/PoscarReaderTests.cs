using System.Text;
using Denoise.Atoms;
using Denoise.TestSupport;

namespace Denoise.Trajectories.Tests;

public class PoscarReaderTests
{
    private const string Vasp5 = """
        Cu3Au, ordered
          2.0
          2.0 0.0 0.0
          0.5 2.0 0.0
          0.0 0.0 3.0
        Cu_pv Au
        2 1
        Direct
          0.5 0.5 0.0 Cu
          0.5 0.0 0.5
          0.0 0.0 0.0

        """;

    private static Snapshot Read(string text) => Assert.Single(Files.ReadAll(text, "POSCAR"));

    [Fact]
    public void Version_5_direct()
    {
        Snapshot frame = Read(Vasp5);
        Assert.Equal(new Box(new(4, 0, 0), new(1, 4, 0), new(0, 0, 6), default, true, true, true), frame.Box);
        Assert.Equal([2.5, 2, 0, 2, 0, 3, 0, 0, 0], frame.Positions);
        Assert.Equal([1, 1, 2], frame.Types);
        Assert.Equal([1, 2, 3], frame.Ids);
        Assert.Equal((string?[])["Cu", "Au"], frame.Elements);
    }

    [Fact]
    public void Cartesian_positions_are_scaled_with_the_lattice() =>
        Assert.Equal([1, 1, 0, 1, 0, 1, 0, 0, 0], Read(Vasp5.Replace("Direct", "cartesian")).Positions);

    [Fact]
    public void Selective_dynamics_flags_are_passed_over()
    {
        string text = Vasp5.Replace("Direct", "Selective dynamics\nkartesisch").Replace("0.0 Cu", "0.0 T T F");
        Assert.Equal([1, 1, 0, 1, 0, 1, 0, 0, 0], Read(text).Positions);
    }

    [Fact]
    public void A_negative_scale_is_the_volume()
    {
        Snapshot frame = Read(Vasp5.Replace("  2.0\n", "-96\n"));
        Tolerance.AssertClose([4, 1, 4, 6], [frame.Box.A.X, frame.Box.B.X, frame.Box.B.Y, frame.Box.C.Z], 1e-14, "box");
        Tolerance.AssertClose([2.5, 2, 0, 2, 0, 3, 0, 0, 0], frame.Positions, 1e-14, "positions");
    }

    [Fact]
    public void Three_scales()
    {
        Snapshot frame = Read(Vasp5.Replace("  2.0\n", "1 2 3\n"));
        Assert.Equal(new Box(new(2, 0, 0), new(0.5, 4, 0), new(0, 0, 9), default, true, true, true), frame.Box);
    }

    [Theory]
    [InlineData("Cu Au alloy", new[] { "Cu", "Au" })]
    [InlineData("my alloy", new string[0])]
    public void Version_4_takes_symbols_from_its_comment(string comment, string[] elements)
    {
        Snapshot frame = Read(Vasp5.Replace("Cu3Au, ordered", comment).Replace("Cu_pv Au\n", ""));
        Assert.Equal(elements, frame.Elements);
        Assert.Equal([1, 1, 2], frame.Types);
    }

    [Fact]
    public void A_cut_file_gives_an_error_or_a_warning()
    {
        byte[] bytes = Encoding.UTF8.GetBytes(Vasp5);
        for (int length = 0; length < bytes.Length; length++)
        {
            try
            {
                using TrajectoryReader reader = Files.Open(bytes[..length], "POSCAR");
                using Frame frame = new();
                Assert.True(reader.Read(frame));
                Assert.Single(reader.Warnings);
                Assert.True(length > Vasp5.LastIndexOf("  0.0 0.0", StringComparison.Ordinal));
            }
            catch (InputException e)
            {
                Assert.Contains("POSCAR", e.Message);
            }
        }
    }

    [Theory]
    [InlineData("2 1\n", "3 1\n", "POSCAR:11: the file ends in the middle of frame 1: 3 of 4 atoms are there")]
    [InlineData("2 1\n", "2 1 1\n", "3 numbers of atoms for 2 species")]
    [InlineData("2 1\n", "two\n", "POSCAR:7: the number of atoms per species is expected here")]
    [InlineData("  2.0\n", "  0\n", "POSCAR:2: the scaling factor is not a number other than zero")]
    [InlineData("  0.5 2.0 0.0\n", "  1 0 0\n", "span no volume")]
    [InlineData("0.5 0.0 0.5", "0.5 nan 0.5", "POSCAR:10: '  0.5 nan 0.5' is not a position (1 of 3 atoms read)")]
    public void Damage_is_named_with_its_line(string good, string bad, string message) =>
        Assert.Contains(message, Files.Failure(Vasp5.Replace(good, bad), "POSCAR"));

    [Fact]
    public void Species_that_stand_twice_are_one_type()
    {
        Snapshot frame = Read("t\n1\n5 0 0\n0 5 0\n0 0 5\nO Si_pv O Si\n2 1 1 1\nDirect\n0 0 0\n.1 0 0\n.2 0 0\n.3 0 0\n.4 0 0\n");
        Assert.Equal((string?[])["O", "Si"], frame.Elements);
        Assert.Equal([1, 1, 2, 1, 2], frame.Types);
    }

    [Theory]
    [InlineData("9223372036854775807 9223372036854775807")]
    [InlineData("999999999999999999 999999999999999999")]
    [InlineData("2147483647 2147483647")]
    public void Numbers_of_atoms_that_no_memory_holds_are_refused(string counts) =>
        Assert.Contains("POSCAR:", Files.Failure(Vasp5.Replace("2 1\n", counts + "\n"), "POSCAR"));
}
