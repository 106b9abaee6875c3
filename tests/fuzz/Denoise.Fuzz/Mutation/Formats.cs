namespace Denoise.Fuzz.Mutation;

/// <summary>The mutators of the text formats, with their words.</summary>
internal static class Formats
{
    public static readonly TextMutator Dump = new(
        "ITEM: TIMESTEP", "ITEM: NUMBER OF ATOMS", "ITEM: BOX BOUNDS pp pp pp", "ITEM: BOX BOUNDS", "xy xz yz", "abc origin", "pp", "ff",
        "ss", "fs", "mm", "ITEM: ATOMS", "ITEM: UNITS", "ITEM: TIME", "ITEM: ENTRIES", "ITEM:", "metal", "real", "lj", "si", "cgs",
        "electron", "micro", "nano", "id", "type", "element", "typelabel", "mass", "x", "y", "z", "xs", "ys", "zs", "xu", "yu", "zu", "xsu",
        "ysu", "zsu", "ix", "iy", "iz", "c_pe", "f_d[1]", "v_v", "structure_type", "Cu", "H", "D", "X", "Si");

    public static readonly TextMutator Data = new(
        "atoms", "atom types", "bonds", "bond types", "angles", "dihedrals", "impropers", "ellipsoids", "extra bond per atom", "xlo xhi",
        "ylo yhi", "zlo zhi", "xy xz yz", "avec", "bvec", "cvec", "abc origin", "triclinic general", "Atoms", "Atoms # atomic",
        "Atoms # full", "Atoms # charge", "Atoms # molecular", "Atoms # bond", "Atoms # sphere", "Atoms # hybrid", "Atoms # spin",
        "Atoms # electron", "Atoms # dipole", "Atoms # ellipsoid", "Atoms # nosuch", "Masses", "Velocities", "Bonds", "Angles",
        "Pair Coeffs", "PairIJ Coeffs # lj/cut", "Bond Coeffs", "Atom Type Labels", "Bond Type Labels", "Ellipsoids", "Lines", "#", "# Cu",
        "units metal", "63.546", "1.008", "Cu", "O", "opls_135");

    public static readonly TextMutator Xyz = new(
        "Lattice=\"", "Properties=", "species:S:1:pos:R:3", "species:S:1", "pos:R:3", "id:I:1", "type:I:1", "Z:I:1", "forces:R:3",
        "move_mask:L:1", "name:S:1:", ":R:", ":I:", ":0", ":-1", ":2147483648", "pbc=\"T T T\"", "pbc=\"F F F\"", "pbc=[T, F, T]",
        "Origin=\"0 0 0\"", "Time=", "Step=", "Timestep=", "energy=-1.5", "\"", "'", "{", "}", "[[1,0,0],[0,1,0],[0,0,1]]", "\\\"", "T",
        "F", "true", "Cu", "Si", "Fe3+", "X", "units=");

    public static readonly TextMutator Poscar = new(
        "Direct", "Cartesian", "Selective dynamics", "S", "C", "K", "D", "T T T", "F F F", "Cu", "Si O", "O Si O Si", "Fe_pv", "Si/4f3c",
        "Direct configuration=     1", "Direct configuration=     2", "Lattice velocities and vectors", "MD", "-10.0", "1 1 1", "\n\n");

    public static readonly TextMutator Gro = new(
        "Water t=   2.5 step= 125", "t=", "step=", "    4", "    1SOL     OW    1   0.230   0.628   0.113",
        "    1SOL    HW1    2   0.137   0.626   0.150", "    2NA      NA    5  -0.100   1.000   2.345", "   1.86206   1.86206   2.00000",
        " 2 3 4 0 0 1 0 0.5 0.25", "0 0 0", "OW", "MW", "CL", "Si", "99999", "0.12345678");

    public static readonly TextMutator Pdb = new(
        "HEADER", "TITLE ", "REMARK", "CRYST1", "CRYST1   10.000   20.000   30.000  90.00  90.00  60.00 P 1           1", "MODEL        1",
        "ENDMDL", "TER", "END", "CONECT", "ATOM  ", "HETATM",
        "ATOM      1  OW  SOL     1       0.000   2.620   0.460  1.00  0.00            ", "  0.00", "180.00", " 1.000", "CA", "HW1");

    public static readonly TextMutator Cif = new(
        "data_x", "data_", "loop_", "save_", "stop_", "global_", "_cell_length_a", "_cell_length_b", "_cell_length_c", "_cell_angle_alpha",
        "_cell_angle_beta", "_cell_angle_gamma", "_cell.length_a", "_symmetry_equiv_pos_as_xyz", "_space_group_symop_operation_xyz",
        "_space_group_symop.operation_xyz", "_symmetry_space_group_name_H-M", "_space_group_name_H-M_alt", "_space_group_name_Hall",
        "_symmetry_Int_Tables_number", "_space_group_IT_number", "_space_group_symop_magn_operation.xyz", "_atom_site_label",
        "_atom_site_type_symbol", "_atom_site_fract_x", "_atom_site_fract_y", "_atom_site_fract_z", "_atom_site_Cartn_x",
        "_atom_site_occupancy", "_atom_site_symmetry_multiplicity", "_atom_site_calc_flag", "_atom_site_disorder_group",
        "_atom_site_aniso_label", "dum", "'x,y,z'", "'-x,-y,-z'", "x,y,z+1/2", "'1/2+x,y-1/3,-z'", "x-y,x,z", "y,z,x+0.25", "x,y,z,+1",
        "'F m -3 m'", "'P 1'", "'F d -3 m :2'", "'-F 4 2 3'", "225", "227:1", "Cu", "Cu1", "O2-", "D", "?", ".", ";\n", "\n;\n", "#",
        "'it''s'", "\"a b\"", "5.43(2)", "90", "120", "60");
}
