"""
What a network that names says of the snapshots of molecular dynamics; called by run.sh --phases MODEL. Per case the part of the atoms that
is named right, mean and least of the snapshots, what adaptive common neighbor analysis names at the same denoised positions, the mean
probability and the expected calibration error (15 bins); and the error of all cases together, with the table of probabilities.
"""

import argparse
import json
import sys
import tempfile
from pathlib import Path

from snapshots import columns, denoise, run

# Cases and the structure that their atoms are of; "other": none, as are those of structures that a model does not know.
OF_ELEMENT = {"Al": "fcc", "Ar": "fcc", "Fe": "bcc", "Li": "bcc", "Mg": "hcp", "Ti": "hcp"}
EXPECTED = (
    {f"{element}-{state}": name for state in ("melting", "superheated") for element, name in OF_ELEMENT.items()}
    | {
        "Si-melting": "diamond", "Ge-melting": "diamond", "dhcp-Mg": "dhcp", "omega-Ti-300K": "omega", "omega-Ti": "omega",
        "B2-NiAl": "B2", "L1_2-Ni3Al": "L1_2", "B1-NaCl": "B1", "B3-GaN": "B3", "B4-GaN": "B4",
        "C14-LJ": "C14", "sodalite-SiO2": "other", "alpha-N2": "other",
    }
    | {f"{element}-melt": "other" for element in ("Al", "Fe", "Mg", "Cu", "Si", "NaCl")}
    | {f"{element}-missing-{percent}": OF_ELEMENT[element] for percent in (5, 10) for element in ("Al", "Fe", "Mg")}
)
BY_ACNA = ("fcc", "bcc", "hcp", "other")
BINS = 15


def probabilities(path):
    """(type, probability) of every atom of an extended XYZ file."""
    return [
        (int(kind), float(probability))
        for _, atoms in columns(path) for kind, probability in zip(atoms["structure_type"], atoms["probability"])
    ]


class Reliability:
    """Atoms by the probability of their name: what is claimed and what is right."""

    def __init__(self):
        self.bins = [[0, 0.0, 0] for _ in range(BINS)]

    def add(self, probability, is_right):
        row = self.bins[min(int(BINS * probability), BINS - 1)]
        row[0] += 1
        row[1] += probability
        row[2] += is_right

    def error(self):
        return 100 * sum(abs(claimed - right) for _, claimed, right in self.bins) / max(1, sum(row[0] for row in self.bins))


def main():
    parser = argparse.ArgumentParser(prog="run.sh --phases", description=__doc__)
    parser.add_argument("model", type=Path)
    parser.add_argument("--snapshots", type=Path, required=True, help="folder of make/make.py")
    parser.add_argument("--steps", type=int, default=8)
    parser.add_argument("--cases", nargs="*", default=list(EXPECTED))
    options = parser.parse_args()
    total = Reliability()
    print("| case | is | named right, mean | least | a-CNA there, mean | mean probability | calibration error | iterations |")
    print("|---|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        for case in options.cases:
            path, output = options.snapshots / case / "frames.dump", Path(folder) / "named.xyz"
            if not path.exists():
                sys.exit(f"{path}: is not there; tests/validation/make/make.py {case}")
            common = (path, "--model", options.model, "--steps", options.steps)
            frames = denoise("apply", *common, "--classify", "model", "--output", output, "--force")
            numbers = structures(path, options.model)
            wanted = EXPECTED[case] if EXPECTED[case] in numbers else "other"
            right = [100 * frame["counts"].get(wanted, 0) / frame["atoms"] for frame in frames]
            own, atoms = Reliability(), probabilities(output)
            for kind, probability in atoms:
                for table in (own, total):
                    table.add(probability, kind == numbers[wanted])
            acna = "-"
            if EXPECTED[case] in BY_ACNA:
                others = denoise("apply", *common, "--classify", "acna", "--output", output, "--force")
                acna = f"{sum(100 * f['counts'][EXPECTED[case]] / f['atoms'] for f in others) / len(others):.2f}"
            print(
                f"| {case} | {wanted} | {floor(sum(right) / len(right)):.2f} | {floor(min(right)):.2f} | {acna} "
                f"| {sum(p for _, p in atoms) / len(atoms):.4f} | {own.error():.2f} | {max(f['iterations'] for f in frames)} |",
                flush=True,
            )
    print(f"\nAll cases: expected calibration error {total.error():.2f}%.\n\n| probability | atoms | claimed | right |\n|---|---|---|---|")
    for b, (count, claimed, right) in enumerate(total.bins):
        if count:
            print(f"| {b / BINS:.2f} to {(b + 1) / BINS:.2f} | {count} | {100 * claimed / count:.2f} | {100 * right / count:.2f} |")
    return 0


def floor(percent):
    """Rounded down, so that 100 means every atom."""
    return int(100 * percent + 1e-9) / 100


def structures(path, model):
    """Numbers of the structures by name: asked of the program, which tells them after the frames."""
    return json.loads(run("apply", path, "--model", model, "--frames", "0:1", "--steps", "0", "--json"))["structures"]


if __name__ == "__main__":
    sys.exit(main())
