#!/usr/bin/env python3
"""Crystals heated until they melt, and melts quenched to glasses, for Neighbors Maps: nickel, copper-zirconium (B2) and zirconium (not
quenched). FOLDER/train and FOLDER/test come from other sizes of the box and other velocities. Wants Debian's lammps and lammps-data; half
an hour on two cores.

    quench.py FOLDER [NAME...]
"""

import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
POTENTIALS = pathlib.Path("/usr/share/lammps/potentials")

# Rates in K/ps. A dump every 500 steps of 2 fs.
CASES = {
    "Ni": {"lattice": "fcc", "a": 3.52, "types": 1, "basis": "basis 1 1", "style": "eam/alloy", "potential": "NiAlH_jea.eam.alloy", "elements": "Ni",
           "cold": 300, "hot": 2400, "heating": 100, "cooling": 50, "barostat": "iso 0 0 1", "train": (8, 8, 8), "test": (10, 10, 10)},
    "CuZr": {"lattice": "bcc", "a": 3.27, "types": 2, "basis": "basis 2 2", "style": "eam/fs", "potential": "CuZr_mm.eam.fs",
             "elements": "Cu Zr", "cold": 300, "hot": 2600, "heating": 100, "cooling": 50, "barostat": "iso 0 0 1", "train": (9, 9, 9),
             "test": (11, 11, 11)},
    "Zr": {"lattice": "hcp", "a": 3.23, "types": 1, "basis": "basis 1 1", "style": "eam/fs", "potential": "Zr_mm.eam.fs", "elements": "Zr",
           "cold": 300, "hot": 2700, "heating": 50, "cooling": 0, "barostat": "aniso 0 0 1", "train": (10, 6, 7), "test": (12, 7, 8)},
}


def simulate(folder, name, part, seed):
    case = dict(CASES[name])
    sizes = {"train": case.pop("train"), "test": case.pop("test")}[part]
    case |= {"name": name, "seed": seed, "every": 500, "potential": POTENTIALS / case["potential"]}
    case |= dict(zip(("nx", "ny", "nz"), sizes))
    folder.mkdir(parents=True, exist_ok=True)
    command = ["lmp", "-in", str(HERE / "quench.lmp"), "-log", f"{name}.log", "-screen", "none"]
    for key, value in case.items():
        words = str(value).split()
        command += ["-var", key, *([str(value)] if key in ("style", "basis", "elements", "barostat") else words)]
    subprocess.run(command, cwd=folder, check=True)


if __name__ == "__main__":
    if len(sys.argv) < 2 or not set(sys.argv[2:]) <= set(CASES):
        sys.exit(__doc__)
    for name in sys.argv[2:] or CASES:
        simulate(pathlib.Path(sys.argv[1]) / "train", name, "train", 12345)
        simulate(pathlib.Path(sys.argv[1]) / "test", name, "test", 54321)
