using Denoise.Atoms;
using Denoise.TestSupport;

namespace Denoise.Trajectories.Tests;

public class CifReaderTests
{
    private const string Hcp = """
        # magnesium
        data_Mg
        _chemical_name_common 'the metal''s name'
        _publ_section_title
        ;
        A text with loop_ and _cell_length_a 99
        ;
        _cell_length_a   3.2094(1)
        _cell_length_b   3.2094(1)
        _cell_length_c   5.2108(2)
        _cell_angle_alpha 90
        _cell_angle_beta  90.
        _cell_angle_gamma 120.0
        _symmetry_space_group_name_H-M 'P 63/m m c'
        loop_
        _symmetry_equiv_pos_site_id
        _symmetry_equiv_pos_as_xyz
        1 'x, y, z'
        2 '-y, x-y, z'
        3 '-x+y, -x, z'
        4 '-x, -y, 1/2+z'
        5 '-x,-y,-z'
        6 'x,y,1/2-z'
        loop_
        _atom_site_label
        _atom_site_type_symbol
        _atom_site_fract_x
        _atom_site_fract_y
        _atom_site_fract_z
        _atom_site_occupancy
        Mg1 Mg0+ 0.3333 0.6667 0.25 1.0 # special position
        """;

    private const string Rocksalt = """
        data_first
        _cell.length_a 4
        _cell.length_b 5
        _cell.length_c 6
        _cell.angle_alpha 90
        _cell.angle_beta 90
        _cell.angle_gamma 90
        loop_ _space_group_symop.operation_xyz x,y,z x+1/2,y+1/2,z "x,y+0.5,z+0.5"
        loop_
        _atom_site_label _atom_site_fract_x _atom_site_fract_y _atom_site_fract_z
        Na1 0 0 0
        CL2 .5 0 -0.25
        data_second
        _cell_length_a 2
        _cell_length_b 2
        _cell_length_c 2
        _cell_angle_alpha 60
        _cell_angle_beta 60
        _cell_angle_gamma 60
        loop_
        _atom_site_type_symbol
        _atom_site_Cartn_x
        _atom_site_Cartn_y
        _atom_site_Cartn_z
        Fe3+ 0.5 0.25 0.125
        O ? ? ?
        data_notes
        _note 'no atoms here'
        """;

    [Fact]
    public void Special_positions_are_filled_once()
    {
        Snapshot frame = Assert.Single(Files.ReadAll(Hcp, "a.cif"));
        Assert.Equal((string?[])["Mg"], frame.Elements);
        Assert.Equal([1, 1], frame.Types);
        Tolerance.AssertClose(
            [3.2094, -3.2094 / 2, 3.2094 * Math.Sqrt(0.75), 5.2108],
            [frame.Box.A.X, frame.Box.B.X, frame.Box.B.Y, frame.Box.C.Z], 1e-14, "cell");
        Box box = frame.Box;
        Vec3 first = box.ToCartesian(new(0.3333, 0.6667, 0.25)), second = box.ToCartesian(new(0.6667, 0.3333, 0.75));
        Tolerance.AssertClose([first.X, first.Y, first.Z, second.X, second.Y, second.Z], frame.Positions, 1e-14, "positions");
    }

    [Theory]
    [InlineData("1.7976931348623157e308")]
    [InlineData("1e9")]
    [InlineData("0")]
    [InlineData("-5.2")]
    [InlineData("1e-160")]
    public void An_edge_that_no_crystal_has(string length) => Assert.Contains(
        "belong to no cell", Files.Failure(Hcp.Replace("5.2108(2)", length, StringComparison.Ordinal), "a.cif"), StringComparison.Ordinal);

    [Fact]
    public void Labels_that_belong_to_fewer_sites() => Assert.Contains(
        "need a symbol or label and three coordinates each",
        Files.Failure(
            Hcp.Replace("_atom_site_label\n", "", StringComparison.Ordinal)
                .Replace("loop_\n_atom_site", "_atom_site_label Mg1\nloop_\n_atom_site", StringComparison.Ordinal)
                .Replace("Mg1 Mg0+ 0.3333", "Mg0+ 0 0 0 1\nMg0+ 0.3333", StringComparison.Ordinal),
            "a.cif"),
        StringComparison.Ordinal);

    [Fact]
    public void Blocks_are_frames_and_names_are_old_or_new()
    {
        using TrajectoryReader reader = Files.Open(Rocksalt, "a.cif");
        List<Snapshot> frames = Files.ReadAll(reader);
        Assert.Equal(2, frames.Count);
        Assert.Equal(Box.Orthogonal(4, 5, 6), frames[0].Box);
        Assert.Equal((string?[])["Na", "Cl"], frames[0].Elements);
        Assert.Equal([1, 1, 1, 2, 2, 2], frames[0].Types);
        Assert.Equal([0, 0, 0, 2, 2.5, 0, 0, 2.5, 3, 2, 0, 4.5, 0, 2.5, 4.5, 2, 2.5, 1.5], frames[0].Positions);
        Tolerance.AssertClose([0.5, 0.25, 0.125], frames[1].Positions, 1e-14, "Cartesian sites");
        Tolerance.AssertClose([2, 2, 2], [frames[1].Box.A.Length, frames[1].Box.B.Length, frames[1].Box.C.Length], 1e-14, "edges");
        Assert.Contains("a.cif:26: a site without coordinates is left out", Assert.Single(reader.Warnings));
    }

    [Fact]
    public void A_cut_file_gives_whole_sites_or_an_error_and_a_warning_where_a_number_may_be_cut()
    {
        // A CIF does not say how many sites it has, so a cut between two of them cannot be seen; a cut
        // number can, by the missing line feed.
        for (int length = 0; length < Rocksalt.Length; length++)
        {
            try
            {
                using TrajectoryReader reader = Files.Open(Rocksalt[..length], "a.cif");
                using Frame frame = new();
                int[] sitesSoFar = [3, 6, 1];
                while (reader.Read(frame))
                    Assert.Contains(frame.Count, sitesSoFar);
                string last = Rocksalt[..length].Split('\n')[^1];
                Assert.True(!last.StartsWith("CL2") && !last.StartsWith("Fe3") || reader.Warnings.Count > 0, last);
            }
            catch (InputException e)
            {
                Assert.Contains("a.cif", e.Message);
            }
        }
    }

    [Theory]
    [InlineData("_cell_length_b   3.2094(1)\n", "", "data block data_Mg has no _cell_length_b")]
    [InlineData("120.0", "190", "belong to no cell")]
    [InlineData("3.2094(1)", "abc", "a.cif:8: 'abc' is not a number")]
    [InlineData("1/2+z", "1/2+w", "a.cif:21: '-x, -y, 1/2+w' is no symmetry operation")]
    [InlineData("0.6667 0.25 1.0", "0.6667 0.25", "the file ends in the middle of data block data_Mg")]
    [InlineData("'P 63/m m c'", "'P 63/m m c", "the quoted text 'P 63/m m c does not end in its line")]
    [InlineData("99\n;\n", "99\n", "the text that starts with ';' in line 5 does not end")]
    [InlineData("_atom_site_fract", "_atom_place", "no data block has atom sites")]
    [InlineData("data_Mg", "data_Mg 5", "a.cif:2: '5' belongs to no name")]
    [InlineData("_symmetry_equiv_pos_as_xyz", "_other",
        "has space group P 6q/m m c, which is not in the table of space groups, but lists no")]
    public void Damage_is_named(string good, string bad, string message) =>
        Assert.Contains(message, Files.Failure(Hcp.Replace(good == "_symmetry_equiv_pos_as_xyz" ? "63/m" : "none", "6q/m").Replace(good,
            bad), "a.cif"));

    private static string Cubic(double a, string symmetry, string sites, string more = "") => FormattableString.Invariant($"""
        data_a
        {symmetry}
        _cell_length_a {a}
        _cell_length_b {a}
        _cell_length_c {a}
        _cell_angle_alpha 90
        _cell_angle_beta 90
        _cell_angle_gamma 90
        loop_
        _atom_site_label
        _atom_site_fract_x
        _atom_site_fract_y
        _atom_site_fract_z
        {more}
        {sites}

        """);

    [Theory]
    [InlineData("_symmetry_space_group_name_Hall '-F 4 2 3'", "")]
    [InlineData("_space_group_name_H-M_full 'F 4/m -3 2/m'", "")]
    [InlineData("_space_group.name_H-M_alt 'F m 3 m'", "")]
    [InlineData("_symmetry_Int_Tables_number 225", "")]
    [InlineData("_space_group_name_Hall 'no symbol'\n_space_group_IT_number 225", "")]
    [InlineData("_symmetry_space_group_name_Hall 'P 1'\n_symmetry_space_group_name_H-M Fm-3m", "")]
    [InlineData("_symmetry_space_group_name_H-M 'F m -3 m'\nloop_ _symmetry_equiv_pos_as_xyz x,y,z",
        "lists 1 of the 192 symmetry operations")]
    [InlineData("_symmetry_space_group_name_H-M 'F m -3 m'\n_symmetry_equiv_pos_as_xyz 'x,y,z'", "lists 1 of the 192 symmetry operations")]
    [InlineData("_space_group_IT_number 225\nloop_ _symmetry_equiv_pos_as_xyz x,y,z -x,-y,-z", "lists 2 of the 192 symmetry operations")]
    public void A_named_group_gives_the_operations_that_are_not_listed(string symmetry, string warning)
    {
        using TrajectoryReader reader = Files.Open(Cubic(3.6, symmetry, "Cu1 0 0 0"), "a.cif");
        Assert.Equal(4, Assert.Single(Files.ReadAll(reader)).Types.Length);
        if (warning.Length == 0)
            Assert.Empty(reader.Warnings);
        else
            Assert.Contains(warning, Assert.Single(reader.Warnings));
    }

    [Theory]
    [InlineData("_space_group_IT_number 225\nloop_ _symmetry_equiv_pos_as_xyz x,y,z")]
    [InlineData("_space_group_IT_number 225")]
    [InlineData("_space_group_name_H-M_alt 'P 1'\n_space_group_IT_number 225")]
    public void Sites_that_are_complete_already_stay(string symmetry)
    {
        using TrajectoryReader reader = Files.Open(Cubic(3.6, symmetry, "Cu1 0 0 0\nCu2 .5 .5 0\nCu3 .5 0 .5\nCu4 0 .5 .5"), "a.cif");
        Assert.Equal(4, Assert.Single(Files.ReadAll(reader)).Types.Length);
        Assert.Empty(reader.Warnings);
    }

    [Fact]
    public void Sites_that_are_neither_complete_nor_one_per_set_are_refused() => Assert.Contains(
        "neither all atoms of the cell nor",
        Files.Failure(Cubic(3.6, "_space_group_IT_number 225\nloop_ _symmetry_equiv_pos_as_xyz x,y,z", "Cu1 0 0 0\nCu2 .5 .5 0"), "a.cif"));

    [Theory]
    [InlineData("F d -3 m", "Si1 0.125 0.125 0.125 8", 8)]
    [InlineData("F d -3 m", "Si1 0 0 0 8", 8)]
    [InlineData("F d -3 m :1", "Si1 0 0 0 ?", 8)]
    [InlineData("F d -3 m :2", "Si1 0.125 0.125 0.125 24", 8)]
    [InlineData("F d -3 m", "Si1 0 0 0 .", -1)]
    [InlineData("F d -3 m", "Si1 0 0 0 5", -1)]
    [InlineData("P 1", "Si1 0 0 0 8", -1)]
    [InlineData("R -3 m", "Si1 0 0 0 1", 1)]
    public void Multiplicities_choose_between_origins_and_are_held_against_the_result(string group, string site, int atoms)
    {
        string text = Cubic(5.43, $"_space_group_name_H-M_alt '{group}'", site, "_atom_site_symmetry_multiplicity");
        if (atoms > 0)
            Assert.Equal(atoms, Assert.Single(Files.ReadAll(text, "a.cif")).Types.Length);
        else
            Assert.Contains("export the file with its symmetry operations", Files.Failure(text, "a.cif"));
    }

    [Fact]
    public void A_group_that_the_cell_cannot_have_is_refused() => Assert.Contains(
        "whose symmetry its cell has not", Files.Failure(Cubic(3, "_space_group_IT_number 194", "Mg1 0 0 0"), "a.cif"));

    [Fact]
    public void Multiplicities_beside_listed_operations_give_a_warning()
    {
        const string Symmetry = "loop_ _symmetry_equiv_pos_as_xyz x,y,z x+1/2,y+1/2,z+1/2";
        using TrajectoryReader reader = Files.Open(Cubic(3, Symmetry, "Fe1 0 0 0 4", "_atom_site_symmetry_multiplicity"), "a.cif");
        Assert.Equal(2, Assert.Single(Files.ReadAll(reader)).Types.Length);
        Assert.Contains("site Fe1 has multiplicity 4, but its symmetry operations make 2", Assert.Single(reader.Warnings));
    }

    [Theory]
    [InlineData("_space_group_symop_magn_operation.xyz", "_space_group_symop_magn_centering.xyz")]
    [InlineData("_space_group_symop.magn_operation_xyz", "_space_group_symop.magn_centering_xyz")]
    public void Magnetic_operations_and_centerings_are_combined(string operation, string centering)
    {
        string symmetry = $"_space_group_magn.number_BNS 1.1\n_parent_space_group.IT_number 225\nloop_ {operation} x,y,z,+1 -x,-y,z,-1\n" +
            $"loop_ {centering} x,y,z,+1 x,y+1/2,z+1/2,+1 x+1/2,y,z+1/2,-1 x+1/2,y+1/2,z,-1";
        Assert.Equal(8, Assert.Single(Files.ReadAll(Cubic(3.6, symmetry, "Cu1 0 0 0\nO1 0.5 0.5 0.5"), "a.mcif")).Types.Length);
        Assert.Contains("no symmetry operation such as 'x,-y,z+1/2,+1'", Files.Failure(Cubic(3.6, symmetry.Replace("z,-1", "z,2"),
            "Cu1 0 0 0"), "a.cif"));
    }

    [Theory]
    [InlineData("_space_group_magn.name_BNS 'F m m m'", "names a magnetic group but lists no operations")]
    [InlineData("_space_group_ssg_name 'P-1(abg)'\nloop_ _space_group_symop_ssg_operation_algebraic x1,x2,x3,x4",
        "is a modulated structure")]
    public void Structures_whose_cell_cannot_be_filled_are_refused(string symmetry, string message) =>
        Assert.Contains(message, Files.Failure(Cubic(3.6, symmetry, "Cu1 0 0 0"), "a.cif"));

    [Theory]
    [InlineData("_atom_site_calc_flag", "Cu1 0 0 0 d\nCx .5 .5 .5 dum", "1 dummy or vacant site, which is no atom and left out")]
    [InlineData("_atom_site_occupancy", "Cu1 0 0 0 1\nO1 .5 .5 .5 0.000(2)", "1 site of occupancy 0, left out")]
    [InlineData("_atom_site_type_symbol", "Cu1 0 0 0 Cu\nV1 .5 .5 .5 Va\nQ .2 .2 .2 Q1",
        "2 dummy or vacant sites, which are no atoms and left out")]
    [InlineData("_atom_site_occupancy", "Cu1 0 0 0 1\nX1 .5 .5 .5 1", "1 dummy or vacant site")]
    [InlineData("_atom_site_occupancy", "Cu1 0 0 0 .75", "partly occupied sites (1 of 1); all of them are filled")]
    public void What_is_no_atom_is_left_out_with_a_warning(string column, string sites, string warning)
    {
        using TrajectoryReader reader = Files.Open(Cubic(3.6, "_space_group_IT_number 225", sites, column), "a.cif");
        Assert.Equal(4, Assert.Single(Files.ReadAll(reader)).Types.Length);
        Assert.Contains(warning, Assert.Single(reader.Warnings));
    }

    [Theory]
    [InlineData("_space_group_IT_number 225", "Cu1 0 0 0 .5\nNi1 0 0 0 .5", "the sites Cu1 and Ni1 share a place, with an occupancy below 1")]
    [InlineData("_space_group_IT_number 225", "Cu1 0 0 0 .9\nNi1 .5 .501 0 .1", "the sites Cu1 and Ni1 share a place")]
    public void Sites_that_share_a_place_are_named(string symmetry, string sites, string message) =>
        Assert.Contains(message, Files.Failure(Cubic(3.6, symmetry, sites, "_atom_site_occupancy"), "a.cif"));

    [Fact]
    public void Sites_and_operations_that_make_too_many_atoms_are_refused_before_they_are_made()
    {
        string sites = string.Join('\n', Enumerable.Range(0,
            30_000).Select(k => FormattableString.Invariant($"Cu 0.{k:d5}1 0.{k * 7 % 99991:d5} 0.{k * 31 % 99991:d5}")));
        Assert.Contains("make more than 4,000,000 atoms", Files.Failure(Cubic(500, "_space_group_IT_number 225", sites), "a.cif"));
        string operations = string.Join('\n', Enumerable.Range(0, 2000).Select(k => $"x,y,z+{k}/2000"));
        Assert.Contains("no space group has so many", Files.Failure(Cubic(5, $"loop_ _symmetry_equiv_pos_as_xyz\n{operations}",
            "Cu 0 0 0"), "a.cif"));
    }
}
