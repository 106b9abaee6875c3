"""
Ideal crystals of silica in orthogonal cells, apart from the prototypes of the training, so that the two check each other.
Space groups as in the International Tables; parameters from the publications that are named.
"""

import math

S = math.sqrt(3)


def hexagonal(a, c, silicon, oxygen):
    """The orthogonal cell a, sqrt(3) a, c of a hexagonal one: x along its first edge, twice the atoms."""
    sites = []
    for element, fractions in ((1, silicon), (2, oxygen)):
        for u, v, w in fractions:
            x, y = u - v / 2, v / 2
            sites += [(element, (x, y, w)), (element, (x + 0.5, y + 0.5, w))]
    return (a, S * a, c), sites


def trigonal(a, c, u, x, y, z):
    """P3_2 21: Si 3a, O 6c."""
    return hexagonal(
        a, c,
        [(u, 0, 0), (0, u, 2 / 3), (-u, -u, 1 / 3)],
        [
            (x, y, z), (-y, x - y, z + 2 / 3), (y - x, -x, z + 1 / 3),
            (x - y, -y, -z), (y, x, 2 / 3 - z), (-x, y - x, 1 / 3 - z),
        ],
    )


def tetragonal(a, c, u, x, y, z):
    """P4_1 2_1 2: Si 4a, O 8b."""
    h, q = 0.5, 0.25
    silicon = [(u, u, 0), (-u, -u, h), (h - u, h + u, q), (h + u, h - u, 3 * q)]
    oxygen = [
        (x, y, z), (-x, -y, z + h), (h - y, h + x, z + q), (h + y, h - x, z + 3 * q),
        (h - x, h + y, q - z), (h + x, h - y, 3 * q - z), (y, x, -z), (-y, -x, h - z),
    ]
    return (a, a, c), [(1, site) for site in silicon] + [(2, site) for site in oxygen]


# Edges of the cell in Å, and per atom its type (1 Si, 2 O) and fractional coordinates. Alpha and beta in the same setting, so that an atom
# keeps its place in the list when the one turns into the other: quartz with u = 1/2, x = 2 y, z = 1/6; cristobalite with u = x = 1/4, y = 0,
# z = 1/8.
CRYSTALS = {
    # Levien, Prewitt, Weidner, Am. Mineral. 65, 920 (1980)
    "alpha-quartz": trigonal(4.916, 5.4054, 0.4697, 0.4135, 0.2669, 0.1191),
    # Kihara, Eur. J. Mineral. 2, 63 (1990), doi:10.1127/ejm/2/1/0063
    "beta-quartz": trigonal(4.9965, 5.4570, 0.5, 0.4152, 0.2076, 1 / 6),
    # Downs, Palmer, Am. Mineral. 79, 9 (1994)
    "alpha-cristobalite": tetragonal(4.9717, 6.9223, 0.3003, 0.2392, 0.1044, 0.1787),
    # Wyckoff, Z. Kristallogr. 62, 189 (1925), doi:10.1524/zkri.1925.62.1.189: a = 7.12 Å in the cubic setting
    "beta-cristobalite": tetragonal(7.12 / math.sqrt(2), 7.12, 0.25, 0.25, 0, 0.125),
}

REPEATS = {"quartz": (6, 4, 5), "cristobalite": (6, 6, 5)}


def sites(name):
    """Edges of the box (Å), types, and coordinates in parts of the box."""
    edges, cell = CRYSTALS[name]
    repeats = REPEATS[name.split("-")[1]]
    every = [
        (element, tuple((s + c) / n for s, c, n in zip(site, (i, j, k), repeats)))
        for i in range(repeats[0]) for j in range(repeats[1]) for k in range(repeats[2]) for element, site in cell
    ]
    return [e * n for e, n in zip(edges, repeats)], [element for element, _ in every], [site for _, site in every]


def write(name, path):
    """The crystal as a LAMMPS data file."""
    box, types, fractions = sites(name)
    bounds = "".join(f"0 {length:.8f} {axis}lo {axis}hi\n" for length, axis in zip(box, "xyz"))
    rows = "".join(
        f"{i + 1} {element} " + " ".join(f"{s % 1 * length:.6f}" for s, length in zip(site, box)) + "\n"
        for i, (element, site) in enumerate(zip(types, fractions))
    )
    path.write_text(f"{name}\n\n{len(types)} atoms\n2 atom types\n\n{bounds}\nAtoms # atomic\n\n{rows}", encoding="utf-8")
