// Input of LAMMPS for highlight.js: a command begins a line that does not continue the one before, the style and the fix of ours are named.

const commands = "angle_coeff angle_style atom_modify atom_style balance bond_coeff bond_style boundary change_box clear comm_modify "
    + "comm_style compute create_atoms create_box delete_atoms dihedral_coeff dihedral_style dimension displace_atoms dump dump_modify echo "
    + "fix fix_modify group if include info jump kspace_modify kspace_style label lattice log mass min_modify min_style minimize molecule "
    + "neigh_modify neighbor newton next package pair_coeff pair_modify pair_style plugin print processors quit read_data read_dump "
    + "read_restart region replicate rerun reset_atom_ids reset_timestep restart run run_style set shell special_bonds suffix thermo "
    + "thermo_modify thermo_style timer timestep uncompute undump unfix units variable velocity write_data write_dump write_restart";

export function lammps(highlighter) {
    return {
        name: "LAMMPS",
        keywords: { $pattern: /(?<=^\s*)[a-z_]+/m, keyword: commands },
        contains: [
            highlighter.HASH_COMMENT_MODE,
            highlighter.QUOTE_STRING_MODE,
            { scope: "variable", begin: /\$\{[^}]*\}|\$\([^)]*\)|\$\w|\b[vcfVCF]_\w+(\[[^\]]*\])*/ },
            { scope: "number", begin: /(?<![\w.-])-?\d+(\.\d*)?([eE][-+]?\d+)?(?![\w.])/ },
            { scope: "title", begin: /(?<=\s)denoise(\/atom)?(?=\s|$)/ },
        ],
    };
}
