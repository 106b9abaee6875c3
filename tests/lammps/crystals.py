"""Atoms for the tests, with fixed ids and fixed random numbers: LAMMPS's own create_atoms numbers atoms by rank."""

import json
import random


class Atoms:
    """positions [n][3], types [n] from 1, box = (lengths, tilts xy xz yz), in Å."""

    def __init__(self, positions, lengths, tilts=(0.0, 0.0, 0.0), types=None):
        self.positions = positions
        self.lengths = lengths
        self.tilts = tilts
        self.types = types or [1] * len(positions)

    def data(self, length=1.0, mass=63.546, n_types=None, triclinic=None):
        """A LAMMPS data file; `length` Å-to-unit factor. triclinic: write tilts even where they are 0."""
        n_types = n_types or max(self.types)
        lines = ["crystal", "", f"{len(self.positions)} atoms", f"{n_types} atom types", ""]
        for axis, size in zip("xyz", self.lengths):
            lines.append(f"0 {size * length:.16g} {axis}lo {axis}hi")
        if triclinic or any(self.tilts):
            lines.append(" ".join(f"{tilt * length:.16g}" for tilt in self.tilts) + " xy xz yz")
        lines += ["", "Masses", ""] + [f"{t + 1} {mass}" for t in range(n_types)] + ["", "Atoms # atomic", ""]
        for i, (t, r) in enumerate(zip(self.types, self.positions)):
            lines.append(f"{i + 1} {t} " + " ".join(f"{x * length:.16g}" for x in r))
        return "\n".join(lines) + "\n"

    def sheared(self, xy):
        """The same atoms in a box sheared by xy Å along x."""
        slope = xy / self.lengths[1]
        moved = [[x + slope * y, y, z] for x, y, z in self.positions]
        return Atoms(moved, self.lengths, (xy, 0.0, 0.0), list(self.types))


def close_packed(nx=8, ny=5, layers="ABCABCABABAB", distance=2.58, noise=0.17, vacancies=4, seed=7):
    """Close-packed layers, by default half fcc and half hcp, with thermal noise and a few vacancies: 956 atoms."""
    generator = random.Random(seed)
    height = distance * (2.0 / 3.0) ** 0.5
    width = distance * 3.0**0.5
    shift = {"A": 0.0, "B": 1.0, "C": 2.0}
    positions = []
    for k, layer in enumerate(layers):
        for j in range(ny):
            for i in range(nx):
                for half in (0.0, 0.5):
                    positions.append([(i + half + 0.25) * distance, (j + half + shift[layer] / 3.0 + 0.1) * width, (k + 0.5) * height])
    for _ in range(vacancies):
        positions.pop(generator.randrange(len(positions)))
    for r in positions:
        for d in range(3):
            r[d] += generator.gauss(0.0, noise)
    lengths = [nx * distance, ny * width, len(layers) * height]
    return Atoms([[x % l for x, l in zip(r, lengths)] for r in positions], lengths)


def reference_cells(path):
    """The published network's own test cells: [(name, atoms, positions after denoising)]; cells may be tilted, not rotated."""
    cases = []
    for case in json.loads(path.read_text())["cases"]:
        (ax, _, _), (bx, by, _), (cx, cy, cz) = case["cell"]
        assert abs(case["cell"][0][1]) + abs(case["cell"][0][2]) + abs(case["cell"][1][2]) < 1e-12
        cases.append((case["name"], Atoms(case["positions"], [ax, by, cz], (bx, cx, cy)), case["denoised_positions"], case["steps"]))
    return cases
