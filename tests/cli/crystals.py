"""Small crystals with thermal noise, and the file formats in which the tests hand them over. Standard library only."""

import gzip
import math
import random

FCC = [(0, 0, 0), (0.5, 0.5, 0), (0.5, 0, 0.5), (0, 0.5, 0.5)]
BCC = [(0, 0, 0), (0.5, 0.5, 0.5)]


class Crystal:
    """Positions [n][3] in Å in a cell of row vectors with its corner at the origin."""

    def __init__(self, cell, positions, types=None, periodic=(True, True, True), step=0):
        self.cell = cell
        self.positions = positions
        self.types = types or [1] * len(positions)
        self.periodic = periodic
        self.step = step

    @property
    def count(self):
        return len(self.positions)


def crystal(basis=None, a=3.615, repeats=(5, 5, 5), noise=0.2, seed=1, tilt=0.0, step=0):
    """A rattled crystal, fcc copper unless said otherwise; noise is the standard deviation per coordinate in Å, tilt shears the
    cell (xy per y)."""
    rng = random.Random(seed)
    nx, ny, nz = repeats
    positions = []
    for x in range(nx):
        for y in range(ny):
            for z in range(nz):
                for bx, by, bz in basis or FCC:
                    p = [a * (x + bx), a * (y + by), a * (z + bz)]
                    p[0] += tilt * p[1]
                    positions.append([c + rng.gauss(0, noise) for c in p])
    cell = [[nx * a, 0, 0], [tilt * ny * a, ny * a, 0], [0, 0, nz * a]]
    return Crystal(cell, positions, step=step)


def slab(seed=3, gap=25.0, noise=0.2):
    """A crystal with free surfaces: open along z, where it fills only a part of its box."""
    block = crystal(repeats=(4, 4, 3), seed=seed, noise=noise)
    block.cell[2][2] += gap
    block.periodic = (True, True, False)
    return block


def two_phases(seed=5):
    """An fcc crystal beside a random packing of the same density: labels of all kinds."""
    block = crystal(repeats=(10, 5, 5), noise=0.12, seed=seed)
    rng = random.Random(seed)
    half = block.cell[0][0] / 2
    for p in block.positions:
        if p[0] > half:
            for k in range(3):
                p[k] += rng.gauss(0, 0.5)
    return block


def write(path, text):
    path = str(path)
    if path.endswith(".gz"):
        with gzip.open(path, "wt") as file:
            file.write(text)
    else:
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
    return path


def dump_text(frame, elements=None, order=None):
    (ax, _, _), (bx, by, _), (cx, cy, cz) = frame.cell
    flags = " ".join("pp" if periodic else "ff" for periodic in frame.periodic)
    if bx or cx or cy:
        low, high = min(0, bx, cx, bx + cx), max(0, bx, cx, bx + cx)
        bounds = f"ITEM: BOX BOUNDS xy xz yz {flags}\n{low} {ax + high} {bx}\n{min(0, cy)} {by + max(0, cy)} {cx}\n0 {cz} {cy}\n"
    else:
        bounds = f"ITEM: BOX BOUNDS {flags}\n0 {ax}\n0 {by}\n0 {cz}\n"
    lines = []
    for i in order or range(frame.count):
        x, y, z = frame.positions[i]
        element = f" {elements[frame.types[i] - 1]}" if elements else ""
        lines.append(f"{i + 1} {frame.types[i]}{element} {x:.9f} {y:.9f} {z:.9f}")
    columns = "id type element x y z" if elements else "id type x y z"
    return f"ITEM: TIMESTEP\n{frame.step}\nITEM: NUMBER OF ATOMS\n{frame.count}\n{bounds}ITEM: ATOMS {columns}\n" + "\n".join(lines) + "\n"


def xyz_text(frame, symbols=("Cu",)):
    lattice = " ".join(str(c) for row in frame.cell for c in row)
    pbc = " ".join("T" if periodic else "F" for periodic in frame.periodic)
    lines = [f"{symbols[t - 1]} {x:.9f} {y:.9f} {z:.9f}" for t, (x, y, z) in zip(frame.types, frame.positions)]
    return f'{frame.count}\nLattice="{lattice}" Properties=species:S:1:pos:R:3 pbc="{pbc}"\n' + "\n".join(lines) + "\n"


def data_text(frame):
    lines = [f"{i + 1} {t} {x:.9f} {y:.9f} {z:.9f}" for i, (t, (x, y, z)) in enumerate(zip(frame.types, frame.positions))]
    bounds = "".join(f"0 {frame.cell[k][k]} {c}lo {c}hi\n" for k, c in enumerate("xyz"))
    return f"crystal\n\n{frame.count} atoms\n{max(frame.types)} atom types\n\n{bounds}\nAtoms # atomic\n\n" + "\n".join(lines) + "\n"


def poscar_text(frame, symbol="Cu"):
    cell = "\n".join(" ".join(str(c) for c in row) for row in frame.cell)
    positions = "\n".join(" ".join(f"{c:.9f}" for c in p) for p in frame.positions)
    return f"crystal\n1.0\n{cell}\n{symbol}\n{frame.count}\nCartesian\n{positions}\n"


def rms_distance_to_lattice(positions, a, basis=None):
    """Root mean square distance in Å of atoms to the nearest lattice site of a crystal() without tilt."""
    total = 0.0
    for p in positions:
        best = math.inf
        for b in basis or FCC:
            d2 = 0.0
            for k in range(3):
                f = p[k] / a - b[k]
                d2 += (a * (f - round(f))) ** 2
            best = min(best, d2)
        total += best
    return math.sqrt(total / len(positions))
