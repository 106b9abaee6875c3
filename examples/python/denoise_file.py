#!/usr/bin/env python3
"""Denoises the frames of a trajectory in any format that the library reads, and names their structures.

OUTPUT: extended XYZ, the denoised positions with the structure type (OVITO's numbers) and the displacement of every atom. Needs the package
denoise_insitu (the wheel, or PYTHONPATH) and numpy.
"""
import argparse
import sys

from denoise_insitu import DenoiseError, Reader, Session


def write_frame(file, frame, result):
    lattice = " ".join(f"{value:.10g}" for value in frame.cell.ravel())
    repeats = " ".join("FT"[flag] for flag in frame.pbc.astype(int))
    file.write(f'{len(frame)}\nLattice="{lattice}" Properties=species:S:1:pos:R:3:structure_type:I:1:disp_mag:R:1 pbc="{repeats}"\n')
    for number, (x, y, z), kind, moved in zip(frame.types, result.positions, result.structure_type, result.displacement):
        symbol = frame.elements[number - 1] if number <= len(frame.elements) else number
        file.write(f"{symbol} {x:.8f} {y:.8f} {z:.8f} {kind} {moved:.8f}\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("model", help="a model that comes with the package, such as metals, or a checkpoint (.pt)")
    parser.add_argument("input")
    parser.add_argument("output", help="extended XYZ")
    parser.add_argument("--threads", type=int, default=2)
    arguments = parser.parse_args()
    session, elements = None, None
    try:
        with Reader(arguments.input) as reader, open(arguments.output, "w", encoding="utf-8") as output:
            for frame in reader:
                # What a type is may change from frame to frame; a session is made for one list of elements.
                if session is None or frame.elements != elements:
                    elements = frame.elements
                    session = Session(arguments.model, threads=arguments.threads, elements=elements if all(elements) else None)
                result = session.process(frame.positions, frame.cell, frame.pbc, types=frame.types, origin=frame.origin, step=frame.step)
                counts = ", ".join(f"{name} {result.counts_raw[name]} -> {count}" for name, count in result.counts.items())
                print(f"step {frame.step}: {counts}; {result.iterations} iterations, scale {result.scale:.4f}, "
                      f"rms displacement {result.rms_displacement:.4f}")
                write_frame(output, frame, result)
    except (DenoiseError, OSError) as error:
        sys.exit(f"denoise_file.py: {error}")


if __name__ == "__main__":
    main()
