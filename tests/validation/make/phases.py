"""
Crystals of the cases for networks that name (cases.py, script "phases") in orthogonal cells, apart from the prototypes of the training,
so that the two check each other. Every site is (type, x, y, z) in parts of the edges.
"""

from math import sqrt

S = sqrt(3)


def hexagonal(a, c, sites):
    """The orthogonal cell a, sqrt(3) a, c of a hexagonal one: x along its first edge, twice the atoms."""
    cell = []
    for kind, u, v, w in sites:
        x, y = u - v / 2, v / 2
        cell += [(kind, x, y, w), (kind, x + 0.5, y + 0.5, w)]
    return (a, S * a, c), cell


def face_centered(sites):
    return [(kind, x + i, y + j, z + k) for i, j, k in ((0, 0, 0), (0, 0.5, 0.5), (0.5, 0, 0.5), (0.5, 0.5, 0)) for kind, x, y, z in sites]


def cubic(a, sites):
    return (a, a, a), sites


def diamond(a):
    return cubic(a, face_centered([(1, 0, 0, 0), (1, 0.25, 0.25, 0.25)]))


def sodalite(a):
    """SiO2 with the framework of sodalite: Im-3m, Si 12d, O 24h (x = 0.148)."""
    silicon = [(0.25, 0, 0.5), (0.75, 0, 0.5), (0.5, 0.25, 0), (0.5, 0.75, 0), (0, 0.5, 0.25), (0, 0.5, 0.75)]
    x = 0.148
    oxygen = []
    for s in (x, -x):
        for t in (x, -x):
            oxygen += [(0, s, t), (s, 0, t), (s, t, 0)]
    cell = [(1, *site) for site in silicon] + [(2, *site) for site in oxygen]
    return cubic(a, cell + [(kind, x + 0.5, y + 0.5, z + 0.5) for kind, x, y, z in cell])


def nitrogen(a, bond):
    """alpha-N2: molecules along the four body diagonals, Pa-3."""
    d = bond / (2 * S * a)
    cell = []
    centers = ((0, 0, 0), (0.5, 0.5, 0), (0, 0.5, 0.5), (0.5, 0, 0.5))
    for (x, y, z), (i, j, k) in zip(centers, ((1, 1, 1), (-1, 1, 1), (1, -1, 1), (1, 1, -1))):
        # The order of the two atoms of a molecule: their bond follows from it.
        cell += [(1, x + d * i, y + d * j, z + d * k), (1, x - d * i, y - d * j, z - d * k)]
    return cubic(a, cell)


Z, X = 0.0629, 0.8305
CRYSTALS = {
    "diamond-Si": (diamond(5.46), (6, 6, 6)),
    "diamond-Ge": (diamond(5.68), (6, 6, 6)),
    "dhcp-Mg": (hexagonal(3.26, 2 * 1.6236 * 3.26, [
        (1, 0, 0, 0), (1, 1 / 3, 2 / 3, 0.25), (1, 0, 0, 0.5), (1, 2 / 3, 1 / 3, 0.75),
    ]), (11, 6, 4)),
    "omega-Ti": (hexagonal(4.59, 2.84, [(1, 0, 0, 0), (1, 1 / 3, 2 / 3, 0.5), (1, 2 / 3, 1 / 3, 0.5)]), (8, 5, 9)),
    "B2-NiAl": (cubic(2.95, [(1, 0, 0, 0), (2, 0.5, 0.5, 0.5)]), (10, 10, 10)),
    "L1_2-Ni3Al": (cubic(3.67, [(2, 0, 0, 0), (1, 0, 0.5, 0.5), (1, 0.5, 0, 0.5), (1, 0.5, 0.5, 0)]), (8, 8, 8)),
    "B1-NaCl": (cubic(5.9, face_centered([(1, 0, 0, 0), (2, 0.5, 0.5, 0.5)])), (6, 6, 6)),
    "B3-GaN": (cubic(4.53, face_centered([(1, 0, 0, 0), (2, 0.25, 0.25, 0.25)])), (6, 6, 6)),
    "B4-GaN": (hexagonal(3.2, 5.22, [
        (1, 1 / 3, 2 / 3, 0), (1, 2 / 3, 1 / 3, 0.5), (2, 1 / 3, 2 / 3, 0.376), (2, 2 / 3, 1 / 3, 0.876),
    ]), (9, 5, 5)),
    # MgZn2: P6_3/mmc, Mg 4f, Zn 2a and 6h
    "C14-LJ": (hexagonal(5.25 * 1.08, 1.633 * 5.25 * 1.08, [
        (1, 1 / 3, 2 / 3, Z), (1, 2 / 3, 1 / 3, 0.5 + Z), (1, 2 / 3, 1 / 3, -Z), (1, 1 / 3, 2 / 3, 0.5 - Z), (2, 0, 0, 0), (2, 0, 0, 0.5),
        (2, X, 2 * X, 0.25), (2, -2 * X, -X, 0.25), (2, X, -X, 0.25), (2, -X, -2 * X, 0.75), (2, 2 * X, X, 0.75), (2, -X, X, 0.75),
    ]), (7, 4, 4)),
    "sodalite-SiO2": (sodalite(8.88), (4, 4, 4)),
    "alpha-N2": (nitrogen(5.65, 1.098), (7, 7, 7)),
}


def styles(name):
    """LAMMPS's atom style."""
    return {"alpha-N2": "bond", "B1-NaCl": "charge"}.get(name, "atomic")


def write(name, path):
    """The crystal as a LAMMPS data file; molecules with bonds, ions with charges to be set."""
    (edges, cell), repeats = CRYSTALS[name]
    box = [e * n for e, n in zip(edges, repeats)]
    sites = [
        (kind, *((s + c) * e for s, c, e in zip(site, (i, j, k), edges)))
        for i in range(repeats[0]) for j in range(repeats[1]) for k in range(repeats[2]) for kind, *site in cell
    ]
    types = max(kind for kind, *_ in sites)
    style = styles(name)
    bonds = len(sites) // 2 if style == "bond" else 0
    bounds = "".join(f"0 {length:.8f} {axis}lo {axis}hi\n" for length, axis in zip(box, "xyz"))
    middle = {"bond": "{molecule} {kind}", "charge": "{kind} 0", "atomic": "{kind}"}[style]
    rows = "".join(f"{i + 1} {middle.format(molecule=i // 2 + 1, kind=kind)} {x:.6f} {y:.6f} {z:.6f}\n" for i, (kind, x, y, z) in enumerate(sites))
    counts = f"{len(sites)} atoms\n{types} atom types\n" + (f"{bonds} bonds\n1 bond types\n" if bonds else "")
    pairs = "\nBonds\n\n" + "".join(f"{k + 1} 1 {2 * k + 1} {2 * k + 2}\n" for k in range(bonds)) if bonds else ""
    path.write_text(f"{name}\n\n{counts}\n{bounds}\nAtoms # {style}\n\n{rows}{pairs}", encoding="utf-8")
