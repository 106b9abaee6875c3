#!/usr/bin/env python3
"""
How thick is the ice? Layers normal to z of frames whose oxygens have names: the fraction of ice, without and with what CHILL+ calls
interfacial ice, and beside it how strongly the density of oxygens rises and falls from bilayer to bilayer, which needs no names.

    layers.py DUMP [--raw DUMP] [--bilayer D]

DUMP: of in.ice, or of `denoise analyze ... --with chill+:type=1 -o clean.dump`: columns type or element, z, f_denoise[1] or StructureType,
f_denoise[6] or chill_plus; --raw: another with the same frames before denoising, for the density. The last line has the thicknesses: where
the fraction of ice is above one half, and where the density's wave is above half of its median in ice.
"""

import argparse
import cmath
import math

ICES = range(1001, 1008)
CHILL_PLUS_ICES = 1, 2, 3  # hexagonal, cubic, interfacial


def frames(path):
    """Of every frame the box along z, and of every oxygen z and whether it is ice, by its name and by CHILL+; None: the file does not say."""
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
                named, chill = ([names.index(n) for n in columns if n in names]
                                for columns in (("f_denoise[1]", "StructureType"), ("f_denoise[6]", "chill_plus")))
                rows = [next(lines).split() for _ in range(atoms)]
                low, high = bounds[2]
                yield high - low, [((float(r[height]) - low) % (high - low), int(float(r[named[0]])) in ICES if named else None,
                                    int(float(r[chill[0]])) in CHILL_PLUS_ICES if chill else None) for r in rows if r[kind] in ("O", "1")]


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
    raw = [(box, [z for z, *_ in atoms]) for box, atoms in (frames(options.raw) if options.raw else named)]
    if any(None in atom for _, atoms in named for atom in atoms):
        raise SystemExit(f"layers.py: {options.dump} needs columns f_denoise[1] and f_denoise[6], or StructureType and chill_plus")
    box = sum(edge for edge, _ in named) / len(named)
    period = options.bilayer
    step = period / 4
    print(f"{len(named)} frames, bilayers of {period:.2f} Å\n\n    z, Å  molecules  ice, %  with interfacial, %   wave")
    rows = []
    for k in range(int(box / step)):
        at = k * step
        here = [(ice, ice or chill) for edge, atoms in named for z, ice, chill in atoms if near(z, at, period, edge)]
        share, wider = (sum(column) / max(1, len(here)) for column in zip(*here)) if here else (0, 0)
        rows.append((share, wider, wave(raw, at, period)))
        print(f"{at:8.2f} {len(here) / len(named):10.1f} {100 * share:7.1f} {100 * wider:20.1f} {rows[-1][2]:6.2f}")
    crystal = sorted(w for share, _, w in rows if share > 0.9)
    if not crystal:
        raise SystemExit("layers.py: no layer is ice")
    by_name, by_both = (step * sum(row[k] > 0.5 for row in rows) for k in (0, 1))
    by_density = step * sum(w > crystal[len(crystal) // 2] / 2 for *_, w in rows)
    print(f"\nice: {by_name:.1f} Å by names, {by_both:.1f} Å with interfacial ice, {by_density:.1f} Å by the density; "
          f"the last two differ by {abs(by_both - by_density) / period:.2f} bilayers")


if __name__ == "__main__":
    main()
