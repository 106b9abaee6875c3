#!/usr/bin/env python3
"""How many atoms of the snapshots of make/maps.py a Neighbors Map names right, beside adaptive common neighbor analysis (fcc, hcp, bcc) or
diamond identification, and polyhedral template matching: by how many atoms are missing, and by temperature.

    validate_maps.py DENOISE MODEL.pt FOLDER     FOLDER: .../test of make/maps.py
"""

import collections
import json
import pathlib
import subprocess
import sys

PTM = "ptm:types=fcc+hcp+bcc+cubic-diamond"
LATTICES = {"fcc": ("acna_fcc",), "bcc": ("acna_bcc",), "hcp": ("acna_hcp",),
            "diamond": ("diamond_cubic", "diamond_cubic_first", "diamond_cubic_second")}


def analyses(program, model, files):
    """[file] the globals and counts of its frame."""
    result = subprocess.run([*program, "classify", *files, "--method", f"map:{model}", "--with", "acna", "--with", "diamond", "--with", PTM,
                             "--json"], capture_output=True, text=True, check=True)
    return json.loads(result.stdout)["frames"]


def main():
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    program, model, folder = sys.argv[1].split(), sys.argv[2], pathlib.Path(sys.argv[3])
    sums = collections.defaultdict(lambda: [0, 0, 0, 0])
    for lattice, names in LATTICES.items():
        files = sorted(folder.glob(f"{lattice}-*.dump"))
        if not files:
            continue
        for path, frame in zip(files, analyses(program, model, files)):
            _, part, missing, _ = path.stem.split("-")
            found = frame["globals"]
            geometric = sum(found[name] for name in names)
            ptm = found["ptm_cubic_diamond" if lattice == "diamond" else f"ptm_{lattice}"]
            row = (frame["atoms"], frame["counts"][lattice], geometric, ptm)
            for key in ((lattice, "missing", f"{missing}%"), (lattice, "T/T_m", part), (lattice, "all", "")):
                sums[key] = [a + b for a, b in zip(sums[key], row)]
    print("| lattice | | | map | common neighbors | template matching |\n|---|---|---|---|---|---|")
    for (lattice, what, value), (atoms, *right) in sums.items():
        print(f"| {lattice} | {what} | {value} | " + " | ".join(f"{100 * n / atoms:.2f}" for n in right) + " |")


if __name__ == "__main__":
    main()
