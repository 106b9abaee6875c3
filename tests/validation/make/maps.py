#!/usr/bin/env python3
"""Snapshots of the four lattices of the Neighbors Map paper (arXiv:2307.00978) from 0.1 to 0.9 of their melting points (zirconium to 0.8:
with this potential it is no hcp crystal any more at 0.9), with and without atoms taken out at random: FOLDER/train and FOLDER/test, made
from other velocities. Minutes on two cores; wants Debian's lammps and lammps-data."""

import pathlib
import random
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
POTENTIALS = pathlib.Path("/usr/share/lammps/potentials")
FRACTIONS = (0, 0.05, 0.10, 0.15, 0.20, 0.25)
PARTS = tuple(k / 10 for k in range(1, 10))
HOTTEST = {"Zr": 0.8}

# Lattice, a in Å, repeats, melting point in K, mass, pair style, file and element, how the barostat couples.
CRYSTALS = {
    "Fe": ("bcc", 2.87, (10, 10, 10), 1811, 55.845, "eam/fs", "Fe_mm.eam.fs", "iso 0 0 1.0"),
    "Al": ("fcc", 4.05, (8, 8, 8), 933, 26.98, "eam/fs", "Al_mm.eam.fs", "iso 0 0 1.0"),
    "Zr": ("hcp", 3.23, (10, 6, 7), 2128, 91.22, "eam/fs", "Zr_mm.eam.fs", "aniso 0 0 1.0 couple xy"),
    "Si": ("diamond", 5.431, (6, 6, 6), 1687, 28.09, "sw", "Si.sw", "iso 0 0 1.0"),
}


def simulate(folder, name, seed):
    lattice, a, repeats, melting, mass, style, potential, barostat = CRYSTALS[name]
    parts = [part for part in PARTS if part <= HOTTEST.get(name, 1)]
    temperatures = [str(round(part * melting)) for part in parts]
    variables = {"name": name, "lattice": lattice, "a": a, "nx": repeats[0], "ny": repeats[1], "nz": repeats[2], "style": style,
                 "potential": POTENTIALS / potential, "mass": mass, "seed": seed, "settle": 1000,
                 "barostat": barostat, "T": " ".join(temperatures)}
    command = ["lmp", "-in", str(HERE / "ramp.lmp"), "-log", f"{name}.log", "-screen", "none"]
    for key, value in variables.items():
        command += ["-var", key, *(str(value).split() if key == "T" else [str(value)])]
    subprocess.run(command, cwd=folder, check=True)
    return zip(parts, temperatures)


def read(path):
    lines = path.read_text().splitlines()
    return lines[:9], lines[9:]


def take_out(path, fraction, seed):
    """The same snapshot with that part of its atoms missing."""
    head, atoms = read(path)
    kept = random.Random(seed).sample(atoms, round((1 - fraction) * len(atoms)))
    head[3] = str(len(kept))
    return "\n".join(head + sorted(kept, key=lambda line: int(line.split()[0]))) + "\n"


def make(folder, seed):
    folder.mkdir(parents=True, exist_ok=True)
    for name, crystal in CRYSTALS.items():
        for part, temperature in simulate(folder, name, seed):
            for snapshot in (1, 2):
                raw = folder / f"{name}-{temperature}-{snapshot}.dump"
                for fraction in FRACTIONS:
                    out = folder / f"{crystal[0]}-{part:.1f}-{round(100 * fraction):02d}-{snapshot}.dump"
                    out.write_text(take_out(raw, fraction, seed + snapshot + round(1000 * part)))
                raw.unlink()


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(f"usage: {sys.argv[0]} FOLDER")
    make(pathlib.Path(sys.argv[1]) / "train", 12345)
    make(pathlib.Path(sys.argv[1]) / "test", 54321)
