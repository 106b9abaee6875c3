"""
Whether the logits of a network that names are order parameters; called by run.sh --order-parameters MODEL. Along the Bain path from fcc to
bcc and the Burgers path from bcc to hcp, perfect and rattled, the mean difference of the two logits; and in snapshots of molecular dynamics
with a vacancy or an interstitial the probability of the crystal, around the defect and elsewhere.
"""

import argparse
import random
import sys
import tempfile
from math import hypot, sqrt
from pathlib import Path

from snapshots import columns, run

POINTS = 21
# Å^3; any, as lengths are scaled.
VOLUME = 12
# Noise in nearest distances, iterations.
WAYS = ((0, 0), (0.03, 0), (0.06, 8))
CRYSTALS = {"Al": ("fcc", 1), "Fe": ("bcc", 3), "Mg": ("hcp", 2)}
# Of atoms that are not around the defect, in nearest distances from those that are.
AWAY = 2.6


def bain(t):
    """Tetragonal, c/a from sqrt(2), which is fcc, to 1."""
    ratio = sqrt(2) + (1 - sqrt(2)) * t
    a = (2 * VOLUME / ratio) ** (1 / 3)
    return crystal((a, a, a * ratio), [(0, 0, 0), (0.5, 0.5, 0.5)], (6, 6, 6))


def burgers(t):
    """Orthogonal cell of four: (110) planes of bcc become basal ones, every other of them shifts by a sixth."""
    b, c = (sqrt(2) + (end - sqrt(2)) * t for end in (sqrt(3), sqrt(8 / 3)))
    a = (4 * VOLUME / (b * c)) ** (1 / 3)
    y = 0.5 - t / 6
    return crystal((a, a * b, a * c), [(0, 0, 0), (0.5, 0.5, 0), (0, y, 0.5), (0.5, y - 0.5, 0.5)], (6, 4, 4))


def crystal(edges, sites, repeats):
    positions = [
        [(s + n) * e for s, n, e in zip(site, (i, j, k), edges)]
        for i in range(repeats[0]) for j in range(repeats[1]) for k in range(repeats[2]) for site in sites
    ]
    return [e * n for e, n in zip(edges, repeats)], positions


def write(file, box, positions):
    x, y, z = box
    file.write(f'{len(positions)}\nLattice="{x} 0 0 0 {y} 0 0 0 {z}" Properties=species:S:1:pos:R:3 pbc="T T T"\n')
    file.writelines("Fe " + " ".join(f"{c:.8f}" for c in position) + "\n" for position in positions)


def paths(model, folder):
    print("| path | noise | iterations | logit difference: start, end | changes of sign | largest step against its course |")
    print("|---|---|---|---|---|---|")
    generator = random.Random(1)
    for name, path, start, end in (("Bain", bain, "fcc", "bcc"), ("Burgers", burgers, "bcc", "hcp")):
        for noise, steps in WAYS:
            source, output = folder / "path.xyz", folder / "named.xyz"
            with open(source, "w", encoding="utf-8") as file:
                for k in range(POINTS):
                    box, positions = path(k / (POINTS - 1))
                    sigma = noise * (VOLUME * sqrt(2)) ** (1 / 3)
                    write(file, box, [[c + generator.gauss(0, sigma) for c in r] for r in positions] if noise else positions)
            run("analyze", source, "--model", model, "--steps", steps, "--with", f"classes:logits={start}+{end}", "-o", output, "--force")
            course = []
            for _, atoms in columns(output):
                differences = [float(a) - float(b) for a, b in zip(atoms[f"logit_{start}"], atoms[f"logit_{end}"])]
                course.append(sum(differences) / len(differences))
            signs = sum((a > 0) != (b > 0) for a, b in zip(course, course[1:]))
            against = max(0, *(b - a for a, b in zip(course, course[1:])))
            ends = f"{course[0]:.1f}, {course[-1]:.1f}"
            print(f"| {name}, {start} to {end} | {noise:.0%} | {steps} | {ends} | {signs} | {against:.2f} |", flush=True)


def distance(a, b, box):
    """To the nearest image in an orthogonal box."""
    return hypot(*(x - y - edge * round((x - y) / edge) for x, y, edge in zip(a, b, box)))


def confidence(model, snapshots, folder):
    print("\n| case | atoms around the defect, per frame | their probability of the crystal, mean | elsewhere: mean | least | below 0.5 |")
    print("|---|---|---|---|---|---|")
    for kind in ("vacancy", "interstitial"):
        for element, (structure, number) in CRYSTALS.items():
            path, output = snapshots / f"{element}-{kind}" / "frames.dump", folder / "named.xyz"
            if not path.exists():
                sys.exit(f"{path}: is not there; tests/validation/make/make.py {element}-{kind}")
            run("analyze", path, "--model", model, "--with", f"classes:logits={structure}", "--with", "acna", "-o", output, "--force")
            near, far, count = [], [], 0
            for box, atoms in columns(output):
                count += 1
                positions = list(zip(*([float(c) for c in atoms[f"pos{k}"]] for k in range(3))))
                named = [int(t) for t in atoms["structure_type"]]
                # Of another class the probability of the crystal is at most what is left.
                probability = [float(p) if t == number else 1 - float(p) for p, t in zip(atoms["class_probability"], named)]
                around = [i for i, label in enumerate(atoms["acna"]) if int(label) != number]
                reach = AWAY * (box[0] * box[1] * box[2] / len(positions) * sqrt(2)) ** (1 / 3)

                def is_near(i):
                    return any(distance(positions[i], positions[j], box) < reach for j in around)

                near += [probability[i] for i in around]
                far += [probability[i] for i in range(len(positions)) if not is_near(i)]
            print(
                f"| {element}-{kind} | {len(near) / count:.1f} | {sum(near) / max(1, len(near)):.3f} | {sum(far) / len(far):.4f} "
                f"| {min(far):.3f} | {sum(p < 0.5 for p in far)} of {len(far)} |", flush=True)


def main():
    parser = argparse.ArgumentParser(prog="run.sh --order-parameters", description=__doc__)
    parser.add_argument("model", type=Path)
    parser.add_argument("--snapshots", type=Path, required=True, help="folder of make/make.py")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        paths(options.model, Path(name))
        confidence(options.model, options.snapshots, Path(name))
    return 0


if __name__ == "__main__":
    sys.exit(main())
