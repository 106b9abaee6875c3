"""Pieces of LAMMPS input scripts."""

POTENTIAL = "/usr/share/lammps/potentials/Cu_mishin1.eam.alloy"


def copper(boundary="p p p", before="", n_types=1, skin=1.0, units="metal"):
    """Copper atoms of the file `data` with a real potential, ready to run."""
    elements = " ".join(["Cu"] * n_types)
    return (f"units {units}\nboundary {boundary}\n{before}\nread_data data\npair_style eam/alloy\n"
            f"pair_coeff * * {POTENTIAL} {elements}\nneighbor {skin} bin\nneigh_modify delay 0\ntimestep 0.001\nfix nve all nve\n")


def no_forces(cutoff, boundary="p p p", before="", skin=1.0, units="metal"):
    """Atoms of the file `data` that feel nothing, whatever the units."""
    return (f"units {units}\nboundary {boundary}\n{before}\nread_data data\npair_style zero {cutoff}\npair_coeff * *\n"
            f"neighbor {skin} bin\n")


