using System.Text;
using Denoise.Atoms;

namespace Denoise.Trajectories.Tests;

public class LammpsDataReaderTests
{
    private const string Full = """
        LAMMPS data file via write_data, version 4 Feb 2025, timestep = 1200, units = real

        3 atoms
        2 atom types
        2 bonds
        1 bond types

        0 10 xlo xhi   # a comment
        -1 11 ylo yhi
        2 9 zlo zhi
        3 -2 1 xy xz yz

        Masses

        1 15.9994 # OW
        2 1.008

        Bond Coeffs # harmonic

        1 450 0.9572

        Atoms # full

        5 1 1 -0.8 1 2 3 0 1 -1 # an atom
        6 1 2 0.4 1.5 2 3 0 0 0
        9 1 2 0.4 1 2.5 3 0 0 0

        Velocities

        9 0.1 0.2 0.3
        5 1 2 3
        6 -1 -2 -3e-1

        Bonds

        1 1 5 6
        2 1 5 9

        """;

    private static string Data(string title, string section, string types = "2") =>
        $"title\n\n1 atoms\n{types} atom types\n0 10 xlo xhi\n0 10 ylo yhi\n0 10 zlo zhi\n\nAtoms{title}\n\n{section}\n";

    [Fact]
    public void All_that_a_data_file_holds()
    {
        Snapshot frame = Assert.Single(Files.ReadAll(Full, "a.data"));
        Assert.Equal(1200, frame.Step);
        Assert.Equal("real", frame.Units);
        Assert.Equal(new Box(new(10, 0, 0), new(3, 12, 0), new(-2, 1, 7), new(0, -1, 2), true, true, true), frame.Box);
        Assert.Equal([5, 6, 9], frame.Ids);
        Assert.Equal([1, 2, 2], frame.Types);
        Assert.Equal((string?[])["O", "H"], frame.Elements);
        Assert.Equal([1, 2, 3, 1.5, 2, 3, 1, 2.5, 3], frame.Positions);
        Assert.Equal(["mol", "q", "ix", "iy", "iz", "vx", "vy", "vz"], frame.Columns.Keys);
        Assert.Equal(["-0.8", "0.4", "0.4"], frame.Columns["q"]);
        Assert.Equal(["-1", "0", "0"], frame.Columns["iz"]);
        Assert.Equal(["3", "-0.3", "0.3"], frame.Columns["vz"]);
    }

    [Theory]
    [InlineData("", "4 2 1.5 2.5 3.5", "")]
    [InlineData(" # atomic", "4 2 1.5 2.5 3.5", "")]
    [InlineData("", "4 2 1.5 2.5 3.5 0 1 0", "ix iy iz")]
    [InlineData("", "4 2 -0.5 1.5 2.5 3.5", "q")]
    [InlineData(" # charge", "4 2 1 1.5 2.5 3.5", "q")]
    [InlineData("", "4 77 2 1.5 2.5 3.5 0 0 0", "mol ix iy iz")]
    [InlineData("  #molecular", "4 1 2 1.5 2.5 3.5", "mol")]
    [InlineData(" # bond", "4 1 2 1.5 2.5 3.5", "mol")]
    [InlineData("", "4 77 2 0.5 1.5 2.5 3.5", "mol q")]
    [InlineData(" # full", "4 77 2 0.5 1.5 2.5 3.5 1 1 1", "mol q ix iy iz")]
    [InlineData(" # sphere", "4 2 1.0 0.5 1.5 2.5 3.5", "diameter density")]
    [InlineData("", "4 2 1.0 0.5 1.5 2.5 3.5", "diameter density")]
    [InlineData(" # sorted by z", "4 2 1.5 2.5 3.5", "")]
    [InlineData(" # these atoms are of style atomic", "4 2 1.5 2.5 3.5 0 1 0", "ix iy iz")]
    [InlineData("", "4 2 3.0 0 0.0 1.5 2.5 3.5", "q espin eradius")]
    [InlineData(" # electron", "4 2 3 0 0 1.5 2.5 3.5", "q espin eradius")]
    [InlineData(" # spin", "4 2 1.5 2.5 3.5 0 0 1 2.2", "spx spy spz sp")]
    [InlineData(" # dipole", "4 2 0.5 1.5 2.5 3.5 0 0 1 1 0 0", "q mux muy muz ix iy iz")]
    [InlineData(" # ellipsoid", "4 2 1 0.5 1.5 2.5 3.5", "ellipsoidflag density")]
    [InlineData(" # template", "4 1 1 3 2 1.5 2.5 3.5", "mol template-index template-atom")]
    [InlineData(" # smd", "4 2 1 1 1 1 1 9 9 9 1.5 2.5 3.5", "mol volume mass kradius cradius x0 y0 z0")]
    [InlineData(" # hybrid", "4 2 1.5 2.5 3.5 0.5 7", "column_6 column_7")]
    [InlineData(" # hybrid sphere charge", "4 2 1.5 2.5 3.5 1 1 0.5", "column_6 column_7 column_8")]
    [InlineData(" # tdpd", "4 2 1.5 2.5 3.5 1 1", "column_6 column_7")]
    public void Atom_styles_named_and_inferred(string hint, string atom, string columns)
    {
        Snapshot frame = Files.ReadAll(Data(hint, atom), "a.data")[0];
        Assert.Equal([4], frame.Ids);
        Assert.Equal([2], frame.Types);
        Assert.Equal([1.5, 2.5, 3.5], frame.Positions);
        Assert.Equal(columns.Split(' ', StringSplitOptions.RemoveEmptyEntries), frame.Columns.Keys);
    }

    [Theory]
    [InlineData("", "1 1 1.0 2.0 3.0 0.0 0.0 1.0 2.2\n2 1 4.0 5.0 3.0 0.0 0.0 1.0 2.2",
        "can be of style dipole or spin; write the atom style behind")]
    [InlineData("", "1 x 1 2 3\n2 x 1 2 4", "the 5 columns of the atoms fit no atom style")]
    [InlineData(" # by hand", "1 1 1 2\n2 1 2 3", "the 4 columns of the atoms fit no atom style")]
    public void Columns_of_no_one_style_are_refused(string hint, string atoms, string message) =>
        Assert.Contains(message, Files.Failure(Data(hint, atoms).Replace("1 atoms", "2 atoms"), "a.data"));

    [Fact]
    public void Whole_spins_are_no_image_flags()
    {
        // As charges with image flags the positions would be (y, z, spin), and two atoms in one place.
        string atoms = "1 1 1.0 2.0 3.0 0 0 1 2\n2 1 4.0 2.0 3.0 0 0 1 2";
        Assert.Equal([1, 2, 3, 4, 2, 3], Files.ReadAll(Data("", atoms).Replace("1 atoms", "2 atoms"), "a.data")[0].Positions);
    }

    [Theory]
    [InlineData("0 10 xlo  xhi")]
    [InlineData("  0\t10\txlo\txhi   # comment")]
    [InlineData("0 10  xlo xhi\t")]
    public void Blanks_in_the_header_are_any(string line)
    {
        string text = Data("", "1 1 1 2 3").Replace("0 10 xlo xhi", line).Replace("1 atoms", "  1 \tatoms").Replace("2 atom types",
            "2  atom\ttypes");
        Assert.Equal(Box.Orthogonal(10, 10, 10), Files.ReadAll(text, "a.data")[0].Box);
    }

    [Fact]
    public void Type_labels_stand_for_types()
    {
        string text = Data(" # full", "1 1 Si+4 0.5 1 2 3\n2 1 2 0.5 4 5 6\n3 1 O 0.5 4 5 7").Replace("1 atoms", "3 atoms")
            .Replace("\nAtoms", "\nAtom  Type Labels\n\n1 O\n2 Si+4\n\nMasses\n\nSi+4 28.0855\nO 15.9994 # o\n\nAtoms");
        Snapshot frame = Files.ReadAll(text, "a.data")[0];
        Assert.Equal([2, 2, 1], frame.Types);
        Assert.Equal((string?[])["O", "Si"], frame.Elements);
        Assert.Contains("'Ti' in column type is not an atom type", Files.Failure(text.Replace("1 1 Si+4 0.5", "1 1 Ti 0.5"), "a.data"));
    }

    [Theory]
    [InlineData("28.0855 # st", "Si")]
    [InlineData("15.9994 # ob", "O")]
    [InlineData("1.008 # ho", "H")]
    [InlineData("15.9994 # os", "O")]
    [InlineData("63.546 # Cu", "Cu")]
    [InlineData("2.014 # D", null)]
    [InlineData("56.5 # Fe", "Fe")]
    [InlineData("72.0 # S1", null)]
    [InlineData("1.0 # Cu", "Cu")]
    [InlineData("1 # ca", null)]
    [InlineData("63.5 # copper", "Cu")]
    public void The_mass_decides_on_the_element(string mass, string? element)
    {
        string text = Data("", "1 1 1 2 3", "1").Replace("\nAtoms", $"\nMasses\n\n1 {mass}\n\nAtoms");
        Assert.Equal(element is null ? [] : (string?[])[element], Files.ReadAll(text, "a.data")[0].Elements);
    }

    [Fact]
    public void General_triclinic_edges()
    {
        string text = Data("", "1 1 0 0 0")
            .Replace("0 10 xlo xhi\n0 10 ylo yhi\n0 10 zlo zhi\n", "0 4 0 avec\n0 0 5 bvec\n6 0 0 cvec\n-1 -2 -3 abc origin\n");
        Box expected = new(new(0, 4, 0), new(0, 0, 5), new(6, 0, 0), new(-1, -2, -3), true, true, true);
        Assert.Equal(expected, Files.ReadAll(text, "a.data")[0].Box);
    }

    [Fact]
    public void Type_labels_and_masses_name_elements()
    {
        const string Labels = "\nAtom Type Labels\n\n1 Fe\n2 water\n3 C\n4 x1\n5 q1\n";
        const string Masses = "\nMasses\n\n1 1\n2 1\n3 12.0\n4 63.5\n5 1.0\n";
        string text = Data("", "1 1 0 0 0", "5").Replace("\nAtoms", $"{Labels}{Masses}\nAtoms");
        // A mass of 1 is what reduced units have, and no hydrogen.
        Assert.Equal((string?[])["Fe", null, "C", "Cu"], Files.ReadAll(text, "a.data")[0].Elements);
    }

    [Fact]
    public void Zero_atoms() => Assert.Empty(Files.ReadAll(Data("", "").Replace("1 atoms", "0 atoms"), "a.data")[0].Ids);

    [Fact]
    public void A_cut_file_gives_an_error_or_a_warning()
    {
        byte[] bytes = Encoding.UTF8.GetBytes(Full);
        int bonds = Full.IndexOf("\nBonds", StringComparison.Ordinal);
        int velocities = Full.IndexOf("\nVelocities", StringComparison.Ordinal);
        for (int length = 0; length < bonds; length++)
        {
            try
            {
                using TrajectoryReader reader = Files.Open(bytes[..length], "a.data");
                using Frame frame = new();
                Assert.True(reader.Read(frame));
                // The section Velocities may be missing; in a half line the last number may be half.
                bool between = Full[length - 1] == '\n' && (length <= velocities + 1 || length >= bonds - 1);
                Assert.True(between || reader.Warnings.Count == 1, $"cut after {length} bytes");
                Assert.Equal(3, frame.Count);
                Assert.Equal(2, frame.Positions[1]);
            }
            catch (InputException e)
            {
                Assert.Contains("a.data", e.Message);
            }
        }
    }

    [Theory]
    [InlineData("3 atoms", "4 atoms", "has 0 columns, the first atom has 10 (3 of 4 atoms read)")]
    [InlineData("3 atoms", "99999999999 atoms", "99999999999 atoms are not possible")]
    [InlineData("3 atoms", "", "the header has no line 'N atoms'")]
    [InlineData("0 10 xlo xhi", "", "the header has no complete box")]
    [InlineData("0 10 xlo xhi", "10 0 xlo xhi", "the box has no volume")]
    [InlineData("0 10 xlo xhi", "10 xlo xhi", "two numbers, a lower and an upper bound, are expected")]
    [InlineData("6 1 2 0.4 1.5", "6 1 2 0.4 NaN", "a.data:25: 'NaN' in column x is not a finite coordinate")]
    [InlineData("Atoms # full", "Atoms # charge", "a.data:24: atom style charge has 6 columns")]
    [InlineData("Atoms # full", "Atoms # electron", "a.data:24: atom style electron has 8 columns")]
    [InlineData("9 0.1 0.2 0.3", "8 0.1 0.2 0.3", "the velocity of atom 8 is given")]
    [InlineData("9 0.1 0.2 0.3", "9 0.1 0.2", "a velocity is an atom id and three numbers")]
    [InlineData("2 1.008", "2 H", "a mass is a type and a number")]
    [InlineData("Bonds", "bonds", "'bonds' is no section of a data file")]
    public void Damage_is_named(string good, string bad, string message)
    {
        int at = Full.IndexOf(good, StringComparison.Ordinal);
        if (good == "Bonds")
            at = Full.IndexOf("\nBonds", StringComparison.Ordinal) + 1;
        Assert.Contains(message, Files.Failure(Full[..at] + bad + Full[(at + good.Length)..], "a.data"));
    }

    [Fact]
    public void Charge_or_molecular_is_asked_where_both_are_possible() =>
        Assert.Contains("as in 'Atoms # charge'", Files.Failure(Data("", "1 1 1 0.5 0.5 0.5"), "a.data"));

    [Theory]
    [InlineData(".\r1")]
    [InlineData("\r\r\r")]
    public void A_first_line_that_has_no_words_is_named(string line) => Assert.Contains(
        "test.data:7: this is no line of an atom",
        Files.Failure($"\n3 atoms\n0 7 xlo xhi\n0 7 ylo yhi\n0 7 zlo zhi\nAtoms\n{line}\n", "test.data"), StringComparison.Ordinal);
}
