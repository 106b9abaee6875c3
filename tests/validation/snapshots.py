"""Snapshots, and the command line that denoises and labels them."""

import gzip
import json
import os
import subprocess
import sys

DENOISE = os.environ["DENOISE"]
LABELS = ["other", "fcc", "hcp", "bcc", "ico"]


class Snapshot:
    """One frame of a dump: box, positions in Å and, where the file has them, structure types."""

    def __init__(self, lines):
        head = next(i for i, line in enumerate(lines) if line.startswith("ITEM: ATOMS"))
        columns = lines[head].split()[2:]
        bounds = [list(map(float, line.split()[:2])) for line in lines[head - 3 : head]]
        self.origin = [low for low, _ in bounds]
        self.box = [high - low for low, high in bounds]
        rows = [line.split() for line in lines[head + 1 :]]
        first = columns.index("x")
        self.positions = [list(map(float, row[first : first + 3])) for row in rows]
        label = columns.index("StructureType") if "StructureType" in columns else None
        self.labels = None if label is None else [LABELS[int(row[label])] for row in rows]


def read(path):
    frames = []
    with (gzip.open(path, "rt") if path.suffix == ".gz" else open(path, encoding="utf-8")) as file:
        for line in file:
            if line.startswith("ITEM: TIMESTEP"):
                frames.append([])
            frames[-1].append(line)
    return [Snapshot(lines) for lines in frames]


def run(*arguments):
    """What the program prints."""
    result = subprocess.run([DENOISE, *map(str, arguments)], capture_output=True, text=True, check=False)
    if result.returncode:
        sys.exit(f"tests/validation: {' '.join(map(str, arguments))}: {result.stderr.strip()}")
    return result.stdout


def denoise(*arguments):
    return json.loads(run(*arguments, "--json"))["frames"]


def columns(path):
    """Box edges, and columns of words by name, of every frame of an extended XYZ file; components of vectors are numbered from 0."""
    with open(path, encoding="utf-8") as file:
        for line in file:
            head = next(file)
            fields = head.split("Properties=")[1].split()[0].split(":")
            widths = [(name, int(width)) for name, width in zip(fields[::3], fields[2::3])]
            names = [f"{name}{k}" if width > 1 else name for name, width in widths for k in range(width)]
            cell = [float(c) for c in head.split('Lattice="')[1].split('"')[0].split()]
            rows = [next(file).split() for _ in range(int(line))]
            yield (cell[0], cell[4], cell[8]), {name: [row[k] for row in rows] for k, name in enumerate(names)}


def percent(labels, phase):
    """% of `phase`; rounded down to 0.01, so that 100 means every atom."""
    return int(10_000 * labels.count(phase) / len(labels)) / 100 if labels else 0.0


def labels_at(snapshot, positions, folder):
    """Structure types of a crystal's atoms when they are at these positions."""
    path, output = folder / "sites.dump", folder / "sites-labeled.dump"
    bounds = "".join(f"{low} {low + length}\n" for low, length in zip(snapshot.origin, snapshot.box))
    rows = "".join(f"1 {x:.5f} {y:.5f} {z:.5f}\n" for x, y, z in positions)
    path.write_text(
        f"ITEM: TIMESTEP\n0\nITEM: NUMBER OF ATOMS\n{len(positions)}\nITEM: BOX BOUNDS pp pp pp\n{bounds}ITEM: ATOMS type x y z\n{rows}",
        encoding="utf-8",
    )
    denoise("classify", path, "--method", "acna", "--output", output)
    return read(output)[0].labels
