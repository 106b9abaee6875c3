using Denoise.Atoms;

namespace Denoise.Trajectories.Tests;

/// <summary>GRO and PDB: exact values, elements by atom names, molecules by residues, and every way to cut a file.</summary>
public class MolecularReaderTests
{
    private const string Gro =
        "Water t=   2.50000 step= 1250\n    5\n" +
        "    1SOL     OW    1   0.230   0.628   0.113\n    1SOL    HW1    2   0.137   0.626   0.150\n" +
        "    1SOL    HW2    3   0.231   0.589   0.021\n    1SOL     MW    4   0.221   0.622   0.110  0.1000  0.2000 -0.3000\n" +
        "    2NA      NA    5  -0.100   1.000   2.345\n   1.86206   1.86206   2.00000\n";

    private const string Pdb =
        "TITLE     t\nCRYST1   10.000   20.000   30.000  90.00  90.00  60.00 P 1           1\nMODEL        1\n" +
        "ATOM      1  OW  SOL     1       0.000   2.620   0.460  1.00  0.00            \n" +
        "ATOM      2  MW  SOL     1      -0.040   3.510   0.120  1.00  0.00            \n" +
        "TER\nHETATM    3 CA    CA A   2       1.500  -2.250   7.125  1.00  0.00          CA\n" +
        "ATOM      4  CA  ALA A   3       1.000   2.000   3.000  1.00  0.00           C\nENDMDL\n";

    [Fact]
    public void A_gro_frame_is_what_it_says()
    {
        using Frame frame = new();
        using TrajectoryReader reader = Files.Open(Gro + Gro.Replace("2.50000 step= 1250", "3.00000 step= 1500"), "x");
        Assert.Same(TrajectoryFormats.Gro, reader.Format);
        Assert.True(reader.Read(frame));
        Assert.Equal((1250, 2.5, 5), (frame.Step, frame.Time, frame.Count));
        Assert.Equal([2.3, 6.28, 1.13], frame.Positions.Span[..3].ToArray().Select(x => Math.Round(x, 9)));
        Assert.Equal([-1, 10, 23.45], frame.Positions.Span[12..].ToArray().Select(x => Math.Round(x, 9)));
        Assert.Equal(["O", "H", "H", null, "Na"], frame.Types.Span.ToArray().Select(frame.ElementOf));
        Assert.Equal([1L, 1, 1, 1, 2], frame.FindColumn(ColumnNames.Molecule)!.Integers.ToArray());
        Assert.Equal((18.6206, 20.0), (Math.Round(frame.Box.A.X, 9), Math.Round(frame.Box.C.Z, 9)));
        Assert.True(reader.Read(frame));
        Assert.Equal(1500, frame.Step);
        Assert.False(reader.Read(frame));
    }

    [Fact]
    public void Columns_of_a_gro_file_are_as_wide_as_their_points_are_apart_and_its_box_may_be_oblique()
    {
        string wide = "t\n1\n    1SOL     OW    1     0.12345678    -1.00000000     2.00000000\n 2 3 4 0 0 1 0 0.5 0.25\n";
        using Frame frame = new();
        using TrajectoryReader reader = Files.Open(wide, "x.gro");
        Assert.True(reader.Read(frame));
        Assert.Equal([1.2345678, -10, 20], frame.Positions.Span.ToArray().Select(x => Math.Round(x, 9)));
        Assert.Equal((new Vec3(20, 0, 0), new Vec3(10, 30, 0), new Vec3(5, 2.5, 40)), (frame.Box.A, frame.Box.B, frame.Box.C));
    }

    [Fact]
    public void A_pdb_frame_is_what_it_says()
    {
        using Frame frame = new();
        using TrajectoryReader reader = Files.Open(Pdb + Pdb, "x");
        Assert.Same(TrajectoryFormats.Pdb, reader.Format);
        for (int k = 0; k < 2; k++)
        {
            Assert.True(reader.Read(frame));
            Assert.Equal([0, 2.62, 0.46, -0.04, 3.51, 0.12, 1.5, -2.25, 7.125, 1, 2, 3], frame.Positions.Span.ToArray());
            // An ion by its element, the carbon of the same name by its own.
            Assert.Equal(["O", null, "Ca", "C"], frame.Types.Span.ToArray().Select(frame.ElementOf));
            Assert.Equal([1L, 1, 2, 3], frame.FindColumn(ColumnNames.Molecule)!.Integers.ToArray());
            Assert.Equal(new Vec3(10, 0, 0), frame.Box.A);
            Assert.Equal((10.0, 17.3205), (Math.Round(frame.Box.B.X, 9), Math.Round(frame.Box.B.Y, 4)));
            Assert.Equal(new Vec3(0, 0, 30), frame.Box.C);
        }

        Assert.False(reader.Read(frame));
    }

    [Theory]
    [InlineData(Gro, "x.gro")]
    [InlineData(Pdb, "x.pdb")]
    public void A_file_cut_anywhere_gives_good_frames_or_an_error(string text, string name)
    {
        for (int length = 0; length < 2 * text.Length; length++)
        {
            try
            {
                using Frame frame = new();
                using TrajectoryReader reader = Files.Open((text + text)[..length], name);
                while (reader.Read(frame))
                    Assert.All(frame.Positions.Span.ToArray(), x => Assert.True(double.IsFinite(x)));
            }
            catch (InputException failure)
            {
                Assert.StartsWith(name, failure.Message, StringComparison.Ordinal);
            }
        }
    }

    [Theory]
    [InlineData("t\n 5x\n    1SOL     OW    1   0.230   0.628   0.113\n", "no number of atoms")]
    [InlineData("t\n2147483647\n    1SOL     OW    1   0.230   0.628   0.113\n", "1 of 2147483647 atoms")]
    [InlineData("t\n1\n    1SOL     OW    1   0.230   nan     0.113\n", "no three coordinates")]
    [InlineData("t\n2\n    1SOL     OW    1   0.230   0.628   0.113\n 1 1 1\n", "no atom of a GRO file")]
    [InlineData("t\n1\n    1SOL     OW    1   0.230   0.628   0.113\n 1 1\n", "no box")]
    public void Wrong_gro_files_are_told(string text, string expected) => AssertRefused(text, "x.gro", expected);

    [Theory]
    [InlineData("ATOM      1  OW  SOL     1       0.000   2.620   0.4\n", "ends before its coordinates")]
    [InlineData("ATOM      1  OW  SOL     1       0.000   2.x20   0.460\n", "is no number")]
    [InlineData("CRYST1   10.000   20.000   30.000  90.00  90.00 180.00 P 1\nATOM      1  OW  SOL     1       0.000   2.620   0.460\n", "no cell")]
    public void Wrong_pdb_files_are_told(string text, string expected) => AssertRefused(text, "x.pdb", expected);

    private static void AssertRefused(string text, string name, string expected)
    {
        using Frame frame = new();
        Assert.Contains(expected, Assert.Throws<InputException>(() =>
        {
            using TrajectoryReader reader = Files.Open(text, name);
            reader.Read(frame);
        }).Message, StringComparison.Ordinal);
    }
}
