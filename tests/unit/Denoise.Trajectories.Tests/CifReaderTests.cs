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
    [InlineData("_symmetry_equiv_pos_as_xyz", "_other", "has space group P 63/m m c but lists no symmetry operations")]
    public void Damage_is_named(string good, string bad, string message) =>
        Assert.Contains(message, Files.Failure(Hcp.Replace(good, bad), "a.cif"));
}
