#!/usr/bin/env python3
"""
How thick is the ice? Layers normal to z of frames whose oxygens have names: the fraction of ice, and beside it how strongly the density of
oxygens rises and falls from bilayer to bilayer, which needs no names.

    layers.py DUMP [--raw DUMP] [--bilayer D]

DUMP: of in.ice, or of `denoise apply ... -o clean.dump`: columns type or element, z, and f_denoise[1] or StructureType; --raw: another with
the same frames before denoising, for the density. The last line has both thicknesses: where the fraction of ice is above one half, and where
the density's wave is above half of its median in ice.
"""

import argparse
import cmath
import math

ICES = range(1001, 1008)


def frames(path):
    """Of every frame the box along z, and z and structure type (None: the file has none) of every oxygen, by its order."""
    with open(path, encoding="utf-8") as file:
        lines = iter(file)
        for line in lines:
            if line.startswith("ITEM: NUMBER OF ATOMS"):
                atoms = int(next(lines))
            elif line.startswith("ITEM: BOX BOUNDS"):
                bounds = [list(map(float, next(lines).split()[:2])) for _ in range(3)]
            elif line.startswith("ITEM: ATOMS"):
                names = line.split()[2:]
                kind = names.index("element" if "element" in names else "type")
                height = names.index("z")
                named = next((names.index(n) for n in ("f_denoise[1]", "StructureType") if n in names), None)
                rows = [next(lines).split() for _ in range(atoms)]
                low, high = bounds[2]
                yield high - low, [((float(r[height]) - low) % (high - low), None if named is None else int(float(r[named])))
                                   for r in rows if r[kind] in ("O", "1")]


def near(z, at, width, box):
    return abs((z - at + box / 2) % box - box / 2) <= width / 2


def wave(layers, at, period):
    """Of the density's wave of that period in one bilayer: 1 where all oxygens lie in planes."""
    inside = [cmath.exp(2j * math.pi * z / period) for box, zs in layers for z in zs if near(z, at, period, box)]
    return abs(sum(inside)) / max(1, len(inside))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("dump")
    parser.add_argument("--raw", metavar="DUMP")
    parser.add_argument("--bilayer", type=float, default=3.70, metavar="D", help="half of c, Å [default: %(default)s, TIP4P/Ice at 270 K]")
    options = parser.parse_args()
    named = list(frames(options.dump))
    raw = [(box, [z for z, _ in atoms]) for box, atoms in (frames(options.raw) if options.raw else named)]
    if any(kind is None for _, atoms in named for _, kind in atoms):
        raise SystemExit(f"layers.py: {options.dump} has no column f_denoise[1] or StructureType")
    box = sum(edge for edge, _ in named) / len(named)
    period = options.bilayer
    step = period / 4
    print(f"{len(named)} frames, bilayers of {period:.2f} Å\n\n    z, Å  molecules  ice, %   wave")
    rows = []
    for k in range(int(box / step)):
        at = k * step
        kinds = [kind for edge, atoms in named for z, kind in atoms if near(z, at, period, edge)]
        share = sum(kind in ICES for kind in kinds) / max(1, len(kinds))
        rows.append((share, wave(raw, at, period)))
        print(f"{at:8.2f} {len(kinds) / len(named):10.1f} {100 * share:7.1f} {rows[-1][1]:6.2f}")
    crystal = sorted(w for share, w in rows if share > 0.9)
    if not crystal:
        raise SystemExit("layers.py: no layer is ice")
    by_name = step * sum(share > 0.5 for share, _ in rows)
    by_density = step * sum(w > crystal[len(crystal) // 2] / 2 for _, w in rows)
    print(f"\nice: {by_name:.1f} Å by names, {by_density:.1f} Å by the density; they differ by {abs(by_name - by_density) / period:.2f} bilayers")


if __name__ == "__main__":
    main()
