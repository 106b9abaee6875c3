#!/usr/bin/env python3
"""
Makes what docs/forces.md was measured on with Debian's LAMMPS (packages lammps, lammps-data): extended XYZ files with energies and forces.

    forces.py copper DIR      DIR/train.xyz, DIR/test.xyz: copper (EAM) hot, whole and with defects; beside each hot frame the positions
                              of the minimum that LAMMPS's minimize finds from it, as the property "minimum"; the test once more by
                              defect, DIR/test-DEFECT.xyz, and what the minimizations took, DIR/minimizations.csv
    forces.py silicon DIR     DIR/train.xyz, DIR/validation.xyz: silicon (Stillinger-Weber), crystal and melt; DIR/few.xyz: every tenth
                              structure of the first
    forces.py metal DIR       the same of copper (EAM), crystal and melt
"""

import os
import re
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
POTENTIALS = "/usr/share/lammps/potentials"
DEFECTS = ("none", "vacancy", "surface100", "surface111", "boundary")


def lammps(script, folder, **variables):
    folder.mkdir(parents=True, exist_ok=True)
    command = ["lmp", "-in", str(HERE / script), "-log", "log.lammps", "-screen", "none"]
    for key, value in {"here": HERE, **variables}.items():
        command += ["-var", key, str(value)]
    environment = {"LAMMPS_POTENTIALS": POTENTIALS, "OMP_NUM_THREADS": "1", **os.environ}
    result = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    if result.returncode:
        sys.exit(f"LAMMPS failed, see {folder}/log.lammps\n{result.stdout[-2000:]}{result.stderr[-2000:]}")


def frames(path):
    """(edges, columns by name) of every frame of a dump."""
    with open(path, encoding="utf-8") as file:
        lines = file.read().split("\n")
    at = 0
    while at < len(lines) and lines[at].startswith("ITEM: TIMESTEP"):
        count = int(lines[at + 3])
        edges = [float(line.split()[1]) - float(line.split()[0]) for line in lines[at + 5 : at + 8]]
        names = lines[at + 8].split()[2:]
        rows = [line.split() for line in lines[at + 9 : at + 9 + count]]
        yield edges, {name: [row[k] for row in rows] for k, name in enumerate(names)}
        at += 9 + count


def write(file, symbol, edges, columns, minimum=None):
    names = ["x", "y", "z", "fx", "fy", "fz"]
    energy = sum(map(float, columns["c_energy"]))
    file.write(f"{len(columns['x'])}\n")
    file.write(
        'Lattice="{} 0 0 0 {} 0 0 0 {}" Properties=species:S:1:pos:R:3:forces:R:3{} energy={:.8f} pbc="T T T"\n'.format(
            *edges, ":minimum:R:3" if minimum else "", energy
        )
    )
    columns_of = [columns[name] for name in names] + ([minimum[name] for name in ("x", "y", "z")] if minimum else [])
    for row in zip(*columns_of):
        file.write(f"{symbol} {' '.join(row)}\n")


def copper(folder):
    """Two thirds of the melting point and more: 300 to 1100 K to learn from, 900 K to test."""
    folder.mkdir(parents=True, exist_ok=True)
    minimizations = []
    for name, temperatures, seed, count in (("train", (300, 600, 900, 1100), 1, 14), ("test", (900,), 77, 6)):
        with open(folder / f"{name}.xyz", "w", encoding="utf-8") as file:
            for d, defect in enumerate(DEFECTS):
                for t, temperature in enumerate(temperatures):
                    run = folder / f"{name}-{defect}-{temperature}"
                    lammps("minima.lmp", run, defect=defect, a=3.615 * (1 + 1.75e-5 * temperature), n=4, T=temperature,
                           seed=1000 * seed + 10 * d + t + 1, settle=1000, frames=count, apart=200)
                    for k, (edges, columns) in enumerate(frames(run / "frames.dump")):
                        _, minimum = next(frames(run / f"minimum.{k}.dump"))
                        write(file, "Cu", edges, columns, minimum)
                        if name == "test":
                            with open(folder / f"test-{defect}.xyz", "w" if k == 0 else "a", encoding="utf-8") as part:
                                write(part, "Cu", edges, columns, minimum)
                    if name == "test":
                        times = re.findall(r"Loop time of (\S+) on 1 procs for (\d+) steps with (\d+)", (run / "log.lammps").read_text())
                        times = times[-2 * count + 1 :: 2]
                        seconds, steps = sum(float(s) for s, _, _ in times), sum(int(n) for _, n, _ in times)
                        minimizations.append((defect, int(times[0][2]), steps / count, seconds / count))
    with open(folder / "minimizations.csv", "w", encoding="utf-8") as file:
        file.write("defect,atoms,steps,seconds\n")
        for row in minimizations:
            file.write("{},{},{:.1f},{:.5f}\n".format(*row))


def thermal(folder, element, crystals, melts):
    """Frames of a crystal and of its melt; the second seed is for validation."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, seed, count in (("train", 11, 40), ("validation", 501, 10)):
        with open(folder / f"{name}.xyz", "w", encoding="utf-8") as file:
            for k, (a, lattice, temperature, n) in enumerate((*crystals, *melts)):
                run = folder / f"{name}-{k}"
                lammps("thermal.lmp", run, element=element, lattice=lattice, a=a, n=n, T=temperature,
                       start=temperature if k < len(crystals) else 2 * temperature, seed=seed + k, settle=2000, frames=count, apart=100)
                for j, (edges, columns) in enumerate(frames(run / "frames.dump")):
                    write(file, element, edges, columns)
                    if name == "train" and j % 10 == 0:
                        with open(folder / "few.xyz", "a" if k + j else "w", encoding="utf-8") as few:
                            write(few, element, edges, columns)


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    kind, target = sys.argv[1], Path(sys.argv[2])
    if kind == "copper":
        copper(target)
    elif kind == "silicon":
        thermal(target, "Si", [(5.431, "diamond", 300, 2), (5.44, "diamond", 1200, 2)], [(5.3, "diamond", 2000, 2)])
    elif kind == "metal":
        thermal(target, "Cu", [(3.63, "fcc", 300, 3), (3.68, "fcc", 1100, 3)], [(3.80, "fcc", 1700, 3)])
    else:
        sys.exit(__doc__)
