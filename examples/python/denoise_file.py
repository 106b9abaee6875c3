#!/usr/bin/env python3
"""Denoises the atoms of an extended XYZ file and names their structures, through the C interface of Denoise.InSitu.

INPUT: one or more frames with Lattice="..." and columns that begin with a symbol and x y z; one species to the network.
OUTPUT: the denoised positions, with the structure type of every atom (OVITO's numbers). Needs nothing but Python 3.
"""
import argparse
import pathlib
import re
import sys

from denoise_insitu import STRUCTURES, Error, Session

ROOT = pathlib.Path(__file__).resolve().parents[2]
LIBRARY = ROOT / ("build/lib" if (ROOT / "interop").exists() else "lib") / "libdenoise_insitu.so"  # of the sources, or of the package


def read_frames(path):
    """Yields (symbols, flat positions, cell) of every frame."""
    with open(path, encoding="utf-8") as file:
        while first := file.readline().strip():
            try:
                count = int(first)
            except ValueError:
                raise SystemExit(f"{path}: '{first}' is not a number of atoms") from None
            lattice = re.search(r'Lattice="([^"]*)"', file.readline())
            cell = [float(word) for word in lattice[1].split()] if lattice else []
            if len(cell) != 9:
                raise SystemExit(f'{path}: a frame has no Lattice="..." of nine numbers')
            rows = [file.readline().split() for _ in range(count)]
            if any(len(row) < 4 for row in rows):
                raise SystemExit(f"{path}: an atom's line is missing, or is not a symbol and x y z")
            yield [row[0] for row in rows], [float(word) for row in rows for word in row[1:4]], cell


def write_frame(file, symbols, positions, cell, types):
    lattice = " ".join(f"{value:.10g}" for value in cell)
    file.write(f'{len(symbols)}\nLattice="{lattice}" Properties=species:S:1:pos:R:3:structure_type:I:1 pbc="T T T"\n')
    for i, symbol in enumerate(symbols):
        x, y, z = positions[3 * i:3 * i + 3]
        file.write(f"{symbol} {x:.8f} {y:.8f} {z:.8f} {types[i]}\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("model", help="checkpoint, .pt")
    parser.add_argument("input", help="extended XYZ")
    parser.add_argument("output", help="extended XYZ")
    parser.add_argument("--library", default=str(LIBRARY))
    parser.add_argument("--threads", type=int, default=2)
    arguments = parser.parse_args()
    try:
        with Session(arguments.library, arguments.model, threads=arguments.threads) as session, \
                open(arguments.output, "w", encoding="utf-8") as output:
            for step, (symbols, positions, cell) in enumerate(read_frames(arguments.input)):
                result = session.process(positions, cell, step)
                counts = ", ".join(f"{name} {result.counts_raw[t]} -> {result.counts[t]}" for t, name in enumerate(STRUCTURES))
                print(f"frame {step}: {counts}; {result.iterations} iterations, scale {result.scale:.4f}, "
                      f"rms displacement {result.rms_displacement:.4f}")
                write_frame(output, symbols, result.denoised, cell, result.types)
    except (Error, OSError) as error:
        sys.exit(f"denoise_file.py: {error}")


if __name__ == "__main__":
    main()
