#!/usr/bin/env python3
"""Neighbors Maps through melting and the glass transition: trained on frames of make/quench.py whose phase is beyond doubt (crystal far
below, liquid far above the melting point, glass far below its transition), asked on another simulation at every temperature.

    validate_quench.py DENOISE FOLDER NAME [CSV]     FOLDER: of make/quench.py; NAME: Ni, CuZr or Zr; writes NAME.pt where it is not there

The table has the fraction of atoms of each class, with heating and cooling; beside it the crystal by common neighbor analysis and template
matching, and the potential energy per atom in eV. For quenches it ends with what the fraction of glass has to do with the energy in excess
of the crystal's at the same temperature: two temperatures of the glass transition, and a correlation.
"""

import csv
import json
import pathlib
import subprocess
import sys

# class: (part of the run, coldest, hottest) of the frames that are taught, in K
TAUGHT = {
    "Ni": {"fcc": ("heat", 0, 1800), "liquid": ("cool", 1250, 9999), "glass": ("cool", 0, 700)},
    "CuZr": {"B2": ("heat", 0, 1800), "liquid": ("cool", 1100, 9999), "glass": ("cool", 0, 600)},
    "Zr": {"hcp": ("heat", 0, 1650), "liquid": ("heat", 1950, 9999)},
}
CRYSTALS = {"Ni": "fcc", "Zr": "hcp"}
SPECIES = {"CuZr": ["--species-weights", "1,2"]}
# glass below the first, liquid between the others, K: there the energy of the quench is a line each, where no hump lies between
LINES = {"CuZr": (700, 1100, 2000)}
SETTLED = 1000  # steps after which a part of the run is at its temperature


def frames(folder, name):
    """Part, temperature, energy and file of every frame but the first of each part."""
    found = []
    for part in ("heat", "cool"):
        table = folder / f"{name}-{part}.txt"
        for line in table.read_text().splitlines() if table.exists() else ():
            if line.startswith("#"):
                continue
            step, temperature, energy, _ = (float(word) for word in line.split())
            path = folder / f"{name}-{part}-{int(step):06d}.dump"
            if step >= SETTLED and path.exists():
                found.append((part, temperature, energy, str(path)))
    return found


def train(program, folder, name):
    model = pathlib.Path(f"{name}.pt")
    if model.exists():
        return model
    known = frames(folder / "train", name)
    classes = []
    for label, (part, low, high) in TAUGHT[name].items():
        paths = [path for of, temperature, _, path in known if of == part and low <= temperature <= high]
        print(f"{label}: {len(paths)} frames", file=sys.stderr)
        classes += [f"{label}={path}" for path in paths]
    subprocess.run([*program, "train", "--maps", *classes, *SPECIES.get(name, []), "--epochs", "8", "--per-frame", "1000", "-o", model],
                   check=True)
    return model


def classify(program, model, files):
    result = subprocess.run([*program, "classify", *files, "--method", f"map:{model}", "--with", "acna", "--with", "ptm", "--json"],
                            capture_output=True, text=True, check=True)
    return json.loads(result.stdout)["frames"]


def polynomial(points, degree):
    """Coefficients, lowest first, of the least-squares polynomial through points (x, y): normal equations, x in thousands."""
    size = degree + 1
    rows = [[sum((x / 1000) ** (i + j) for x, _ in points) for j in range(size)] + [sum(y * (x / 1000) ** i for x, y in points)]
            for i in range(size)]
    for i in range(size):
        for k in range(size):
            if k != i:
                factor = rows[k][i] / rows[i][i]
                rows[k] = [a - factor * b for a, b in zip(rows[k], rows[i])]
    return [rows[i][size] / rows[i][i] for i in range(size)]


def excess(rows, hottest):
    """
    (temperature, energy above that of the crystal, fraction of glass) along the quench, from where that energy is largest: above, the
    crystal that it is held against is about to melt.
    """
    crystal = polynomial([(row[1], row[2]) for row in rows if row[0] == "heat" and row[1] <= hottest], 2)
    quench = [(row[1], row[2] - sum(c * (row[1] / 1000) ** k for k, c in enumerate(crystal)), row[-1]) for row in rows
              if row[0] == "cool" and row[1] <= hottest]
    return quench[max(range(len(quench)), key=lambda k: quench[k][1]):]


def correlation(pairs):
    n, mx, my = len(pairs), sum(x for x, _ in pairs) / len(pairs), sum(y for _, y in pairs) / len(pairs)
    covariance = sum((x - mx) * (y - my) for x, y in pairs)
    return covariance / (sum((x - mx) ** 2 for x, _ in pairs) * sum((y - my) ** 2 for _, y in pairs)) ** 0.5


def half(points):
    """The temperature where a rising fraction passes one half, of points (temperature, fraction) from hot to cold."""
    for (t1, f1), (t2, f2) in zip(points, points[1:]):
        if f1 < 0.5 <= f2:
            return t1 + (0.5 - f1) / (f2 - f1) * (t2 - t1)
    return float("nan")


def main():
    if len(sys.argv) not in (4, 5) or sys.argv[3] not in TAUGHT:
        sys.exit(__doc__)
    program, folder, name = sys.argv[1].split(), pathlib.Path(sys.argv[2]), sys.argv[3]
    model = train(program, folder, name)
    rows = frames(folder / "test", name)
    labels, crystal = list(TAUGHT[name]), CRYSTALS.get(name)
    table = []
    for (part, temperature, energy, _), frame in zip(rows, classify(program, model, [path for *_, path in rows])):
        right = [frame["globals"][f"map_{label}"] / frame["atoms"] for label in labels]
        peers = [frame["globals"][f"{peer}_{crystal}"] / frame["atoms"] for peer in ("acna", "ptm")] if crystal else []
        table.append((part, temperature, energy, *right, *peers))
    head = ["part", "T (K)", "energy (eV)", *labels, *([f"acna_{crystal}", f"ptm_{crystal}"] if crystal else [])]
    print("| " + " | ".join(head) + " |\n" + "|---" * len(head) + "|")
    for part, temperature, energy, *rest in table:
        print(f"| {part} | {temperature:.0f} | {energy:.4f} | " + " | ".join(f"{100 * value:.1f}" for value in rest) + " |")
    if "glass" in labels:
        hottest = TAUGHT[name][labels[0]][2]
        quench = excess([(*row[:3], row[3 + labels.index("glass")]) for row in table], hottest)
        coldest, highest = quench[-1][1], max(energy for _, energy, _ in quench)
        print(f"\nExcess over the crystal: {1000 * highest:.1f} meV at {quench[0][0]:.0f} K, {1000 * coldest:.1f} when cold; half of it is "
              f"lost at {half([(t, (highest - e) / (highest - coldest)) for t, e, _ in quench]):.0f} K, half of the atoms are glass at "
              f"{half([(t, glass) for t, _, glass in quench]):.0f} K; their correlation is "
              f"{correlation([(energy, glass) for _, energy, glass in quench]):.4f}")
    if name in LINES:
        glass, low, high = LINES[name]
        quench = [(row[1], row[2]) for row in table if row[0] == "cool"]
        (a, b), (c, d) = (polynomial([point for point in quench if wanted(point[0])], 1)
                          for wanted in (lambda t: low < t < high, lambda t: t < glass))
        print(f"Slopes {b:.4f} and {d:.4f} meV/K of liquid and glass, which meet at {1000 * (c - a) / (b - d):.0f} K")
    if len(sys.argv) == 5:
        with open(sys.argv[4], "w", newline="") as out:
            csv.writer(out, lineterminator="\n").writerows([["part", "temperature", "energy", *head[3:]], *table])


if __name__ == "__main__":
    main()
