"""Sites of an ideal crystal, and which of them atoms occupy (Wigner-Seitz analysis)."""

import math
from collections import Counter

# Fractional coordinates in LAMMPS's orthogonal cells, and the edges of those cells in units of a.
BASES = {
    "fcc": [(0, 0, 0), (0.5, 0.5, 0), (0.5, 0, 0.5), (0, 0.5, 0.5)],
    "bcc": [(0, 0, 0), (0.5, 0.5, 0.5)],
    "hcp": [(0, 0, 0), (0.5, 0.5, 0), (0.5, 5 / 6, 0.5), (0, 1 / 3, 0.5)],
}
EDGES = {"fcc": (1, 1, 1), "bcc": (1, 1, 1), "hcp": (1, math.sqrt(3), math.sqrt(8 / 3))}
NEAREST = {"fcc": math.sqrt(0.5), "bcc": math.sqrt(0.75), "hcp": 1.0}


class Sites:
    """`repeats` cells of a lattice that fill an orthogonal periodic box [3] with the corner `origin`, Å."""

    def __init__(self, lattice, repeats, origin, box):
        self.basis = BASES[lattice]
        self.repeats = repeats
        self.origin = origin
        self.box = box
        self.edge = [length / n for length, n in zip(box, repeats)]
        self.nearest = NEAREST[lattice] * self.edge[0] / EDGES[lattice][0]

    def position(self, site):
        *cell, b = site
        return [o + e * (c + f) for o, e, c, f in zip(self.origin, self.edge, cell, self.basis[b])]

    def distance(self, a, b):
        return math.sqrt(sum((d - length * round(d / length)) ** 2 for d, length in zip((x - y for x, y in zip(a, b)), self.box)))

    def nearest_site(self, position, shift):
        """The site and the vector from it to the atom, Å."""
        scaled = [(x - o - s) / e for x, o, s, e in zip(position, self.origin, shift, self.edge)]
        best = (math.inf, None, None)
        for b, fraction in enumerate(self.basis):
            cell = [round(x - f) for x, f in zip(scaled, fraction)]
            offset = [(x - f - c) * e for x, f, c, e in zip(scaled, fraction, cell, self.edge)]
            square = sum(d * d for d in offset)
            if square < best[0]:
                best = (square, (*(c % n for c, n in zip(cell, self.repeats)), b), offset)
        return best[1:]

    def assign(self, positions):
        """The site of every atom and the vector from there to the atom; the crystal's mean drift is taken out first."""
        shift = [0.0, 0.0, 0.0]
        for _ in range(3):
            found = [self.nearest_site(p, shift) for p in positions]
            shift = [s + sum(offset[k] for _, offset in found) / len(found) for k, s in enumerate(shift)]
        return found

    def defects(self, assigned):
        """Sites without an atom, and sites with several."""
        counts = Counter(site for site, _ in assigned)
        every = (
            (x, y, z, b)
            for x in range(self.repeats[0]) for y in range(self.repeats[1]) for z in range(self.repeats[2])
            for b in range(len(self.basis))
        )
        return [site for site in every if site not in counts], [site for site, n in counts.items() if n > 1]
