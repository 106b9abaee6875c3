#!/usr/bin/env python3
"""
Writes a crystal of ice Ih of four-site water: hydrogens at random by the ice rules (two along every oxygen's four bonds, one on every
bond), with little or no dipole moment.

    make_ice.py NX NY NZ OUT [--seed N] [--oo D] [--site D]

OUT: a LAMMPS data file (atom style full; types O and H, as pair style lj/cut/tip4p/long wants them) or, by the suffix .gro, a GROMACS file
with the fourth site. NX, NY, NZ: cells of 8 molecules, 4.5 x 7.9 x 7.4 Å; the c axis is z. D: distance between oxygens in Å (2.778: TIP4P/Ice
at 270 K), and of the fourth site from the oxygen (0.1577: TIP4P/Ice; TIP4P/2005 has 0.1546).
"""

import argparse
import math
import random

OH, ANGLE = 0.9572, math.radians(104.52)
# TIP4P/Ice: charge of a hydrogen.
CHARGE = 0.5897


def oxygens(nx, ny, nz, apart):
    """Edges of the box, and sites in parts of it: wurtzite's, P6_3/mmc 4f with z = 1/16, in the orthogonal cell a, sqrt(3) a, c."""
    a, c = apart * math.sqrt(8 / 3), apart * 8 / 3
    hexagonal = [(1 / 3, 2 / 3, 1 / 16), (2 / 3, 1 / 3, 9 / 16), (2 / 3, 1 / 3, 15 / 16), (1 / 3, 2 / 3, 7 / 16)]
    cell = [((u - v / 2 + s) % 1, (v / 2 + s) % 1, w) for u, v, w in hexagonal for s in (0, 0.5)]
    counts = (nx, ny, nz)
    sites = [tuple((s + n) / m for s, n, m in zip(site, (i, j, k), counts))
             for i in range(nx) for j in range(ny) for k in range(nz) for site in cell]
    return [a * nx, math.sqrt(3) * a * ny, c * nz], sites


def bonds(box, sites, apart):
    """Of every oxygen its four neighbors: number and vector in Å."""
    counts = [max(1, int(edge // (1.2 * apart))) for edge in box]
    if min(counts) < 3:
        raise SystemExit("make_ice.py: the crystal is too small: 3, 2 and 2 cells are the least.")
    homes = {}
    for i, site in enumerate(sites):
        homes.setdefault(tuple(int(s * n) for s, n in zip(site, counts)), []).append(i)
    around = [[] for _ in sites]
    for i, site in enumerate(sites):
        home = [int(s * n) for s, n in zip(site, counts)]
        for n in range(27):
            other = tuple((h + n // 3**k % 3 - 1) % m for k, (h, m) in enumerate(zip(home, counts)))
            for j in homes.get(other, []):
                apart_ij = [(t - s - round(t - s)) * edge for s, t, edge in zip(site, sites[j], box)]
                if i != j and math.hypot(*apart_ij) < 1.15 * apart:
                    around[i].append((j, apart_ij))
    assert all(len(near) == 4 for near in around)
    return around


def loops(around, draw):
    """
    The bonds as closed loops of a random walk that uses each once, cut where it meets itself. Hydrogens one way along every loop are two
    for every oxygen and one on every bond, whichever way that is.
    """
    free = [set(range(4)) for _ in around]
    for start in range(len(around)):
        path, place = [start], {start: 0}
        steps = []
        while free[path[-1]] or len(path) > 1:
            at = path[-1]
            k = draw.choice(sorted(free[at]))
            to, vector = around[at][k]
            free[at].remove(k)
            free[to].remove(next(b for b in free[to] if around[to][b][0] == at
                                 and math.dist(around[to][b][1], [-d for d in vector]) < 1e-6))
            steps.append((at, to, vector))
            path.append(to)
            if to in place:
                first = place[to]
                yield steps[first:]
                for passed in path[first + 1:-1]:
                    del place[passed]
                del steps[first:], path[first + 1:]
            else:
                place[to] = len(path) - 1


def hydrogens(around, draw):
    """[oxygen] the directions of its two hydrogens; loops that end in another image are turned so that their dipoles cancel."""
    total, turned = [0.0] * 3, []
    wound = [(loop, [sum(step[2][k] for step in loop) for k in range(3)]) for loop in loops(around, draw)]
    draw.shuffle(wound)
    for loop, dipole in sorted(wound, key=lambda item: -round(math.hypot(*item[1]))):
        along = sum(t * d for t, d in zip(total, dipole))
        sign = -1 if along > 1e-6 or (abs(along) <= 1e-6 and draw.random() < 0.5) else 1
        total = [t + sign * d for t, d in zip(total, dipole)]
        turned.append((loop, sign))
    directions = [[] for _ in around]
    for loop, sign in turned:
        for at, to, vector in loop:
            length = math.hypot(*vector)
            directions[at if sign > 0 else to].append([sign * d / length for d in vector])
    assert all(len(pair) == 2 for pair in directions)
    return directions


def molecule(oxygen, pair, fourth):
    """O, H, H and the fourth site, rigid, in the plane of the two bonds."""
    middle = [p + q for p, q in zip(*pair)]
    across = [p - q for p, q in zip(*pair)]
    middle = [m / math.hypot(*middle) for m in middle]
    across = [c / math.hypot(*across) for c in across]
    up, out = OH * math.cos(ANGLE / 2), OH * math.sin(ANGLE / 2)
    return [oxygen, *([o + up * m + sign * out * c for o, m, c in zip(oxygen, middle, across)] for sign in (1, -1)),
            [o + fourth * m for o, m in zip(oxygen, middle)]]


def write_gro(path, box, molecules):
    with open(path, "w", encoding="utf-8") as file:
        file.write(f"Ice Ih, {len(molecules)} molecules\n{4 * len(molecules)}\n")
        for m, sites in enumerate(molecules):
            for k, (name, site) in enumerate(zip(("OW", "HW1", "HW2", "MW"), sites)):
                file.write(f"{(m + 1) % 100000:5d}SOL  {name:>5s}{(4 * m + k + 1) % 100000:5d}" + "".join(f"{s / 10:8.3f}" for s in site) + "\n")
        file.write(" ".join(f"{edge / 10:.5f}" for edge in box) + "\n")


def write_data(path, box, molecules):
    count = len(molecules)
    with open(path, "w", encoding="utf-8") as file:
        file.write(f"Ice Ih, {count} molecules\n\n{3 * count} atoms\n{2 * count} bonds\n{count} angles\n2 atom types\n1 bond types\n"
                   "1 angle types\n\n")
        file.write("".join(f"0 {edge:.6f} {axis}lo {axis}hi\n" for edge, axis in zip(box, "xyz")))
        file.write("\nMasses\n\n1 15.9994 # O\n2 1.00794 # H\n\nAtoms # full\n\n")
        for m, sites in enumerate(molecules):
            for k, site in enumerate(sites[:3]):
                file.write(f"{3 * m + k + 1} {m + 1} {1 if k == 0 else 2} {-2 * CHARGE if k == 0 else CHARGE} "
                           + " ".join(f"{s:.5f}" for s in site) + "\n")
        file.write("\nBonds\n\n" + "".join(f"{2 * m + k} 1 {3 * m + 1} {3 * m + 1 + k}\n" for m in range(count) for k in (1, 2)))
        file.write("\nAngles\n\n" + "".join(f"{m + 1} 1 {3 * m + 2} {3 * m + 1} {3 * m + 3}\n" for m in range(count)))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cells", type=int, nargs=3, metavar="N")
    parser.add_argument("out", metavar="OUT")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--oo", type=float, default=2.778, metavar="D")
    parser.add_argument("--site", type=float, default=0.1577, metavar="D")
    options = parser.parse_args()
    draw = random.Random(options.seed)
    box, sites = oxygens(*options.cells, options.oo)
    directions = hydrogens(bonds(box, sites, options.oo), draw)
    molecules = [molecule([s * edge for s, edge in zip(site, box)], pair, options.site) for site, pair in zip(sites, directions)]
    (write_gro if options.out.endswith(".gro") else write_data)(options.out, box, molecules)


if __name__ == "__main__":
    main()
