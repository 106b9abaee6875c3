#!/usr/bin/env python3
"""Makes the snapshots of ../data with Debian's LAMMPS: packages lammps, lammps-data, openkim-models.

    make.py [--frames N] [--scratch DIR] [--keep K] [CASE...]

Runs each case (default: all; cases.py) in DIR/CASE (default: /tmp/denoise-validation), N frames (default: 10), and leaves them there as
frames.dump; of a crystal beside its melt there are two, each followed by the time average of the 50 around it. With --keep, the last K
frames of each are written to ../data/CASE.dump.gz. About half an hour on one core for all of them.
"""

import argparse
import gzip
import json
import os
import shutil
import subprocess
import sys
import time
import zlib
from pathlib import Path

import cases
import phases
import silica

HERE = Path(__file__).resolve().parent
DATA = HERE.parent / "data"
POTENTIALS = "/usr/share/lammps/potentials"
AVERAGES = 2
AVERAGED_FRAMES = 50


def simulate(name, case, frames, folder):
    """Runs LAMMPS in a folder of its own; the seed follows from the name."""
    folder.mkdir(parents=True, exist_ok=True)
    if case["script"] == "interface":
        frames = AVERAGES * AVERAGED_FRAMES
    if case["script"] == "silica":
        silica.write(case["crystal"], folder / "start.data")
    if case["script"] == "phases":
        phases.write(case["crystal"], folder / "start.data")
    variables = {**case, "here": HERE, "frames": frames, "seed": zlib.crc32(name.encode()) % 900_000 + 1}
    command = ["lmp", "-in", str(HERE / f"{case['script']}.lmp"), "-log", "log.lammps", "-screen", "none"]
    for key, value in variables.items():
        command += ["-var", key, str(value)]
    environment = {"LAMMPS_POTENTIALS": POTENTIALS, "OMP_NUM_THREADS": "1", **os.environ}
    result = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    if result.returncode:
        sys.exit(f"{name}: LAMMPS failed, see {folder}/log.lammps\n{result.stdout[-2000:]}{result.stderr[-2000:]}")
    if case["script"] == "interface":
        pair_with_averages(folder / "frames.dump")
    (folder / "case.json").write_text(json.dumps({**case, "frames": frames}, indent=1) + "\n", encoding="utf-8")


def read_frames(path):
    """Frames of a dump as lists of lines."""
    frames = []
    with open(path, encoding="utf-8") as file:
        for line in file:
            if line.startswith("ITEM: TIMESTEP"):
                frames.append([])
            frames[-1].append(line)
    return frames


def pair_with_averages(path):
    """In place: of every 50 frames the middle one and the average."""
    frames = read_frames(path)
    windows = [frames[k : k + AVERAGED_FRAMES] for k in range(0, len(frames), AVERAGED_FRAMES)]
    text = "".join(line for window in windows for frame in averaged(window) for line in frame)
    path.write_text(text.replace("id type xu yu zu", "id type x y z"), encoding="utf-8")


def averaged(frames):
    """The middle frame, and the time average of unwrapped positions as another frame."""
    head = next(i for i, line in enumerate(frames[0]) if line.startswith("ITEM: ATOMS")) + 1
    sums = [[0.0, 0.0, 0.0] for _ in frames[0][head:]]
    bounds = [[0.0, 0.0] for _ in range(3)]
    for frame in frames:
        for k in range(3):
            bounds[k] = [b + float(v) / len(frames) for b, v in zip(bounds[k], frame[head - 4 + k].split())]
        for total, line in zip(sums, frame[head:]):
            for k, value in enumerate(line.split()[2:5]):
                total[k] += float(value) / len(frames)
    middle = frames[len(frames) // 2]
    average = list(middle[:head])
    for k in range(3):
        average[head - 4 + k] = f"{bounds[k][0]:.6f} {bounds[k][1]:.6f}\n"
    for total, line in zip(sums, middle[head:]):
        average.append(" ".join([*line.split()[:2], *(f"{value:.3f}" for value in total)]) + "\n")
    return [middle, average]


def compact(frame):
    """Without ids, which are the order of the lines, and with 0.01 Å: a seventieth of the thermal motion, half the bytes."""
    head = next(i for i, line in enumerate(frame) if line.startswith("ITEM: ATOMS")) + 1
    return [
        *frame[: head - 1],
        "ITEM: ATOMS type x y z\n",
        *("{} {:.2f} {:.2f} {:.2f}\n".format(words[1], *map(float, words[2:5])) for words in map(str.split, frame[head:])),
    ]


def keep(name, case, frames, folder):
    snapshots = read_frames(folder / "frames.dump")
    snapshots = snapshots[-frames * (2 if case["script"] == "interface" else 1) :]
    text = "".join(line for snapshot in snapshots for line in compact(snapshot))
    DATA.mkdir(exist_ok=True)
    # No time stamp and no name inside: the same frames are the same bytes.
    with open(DATA / f"{name}.dump.gz", "wb") as file, gzip.GzipFile("", "wb", 9, file, mtime=0) as packed:
        packed.write(text.encode())


def main():
    every = cases.all_cases()
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--frames", type=int, default=10)
    parser.add_argument("--scratch", type=Path, default=Path("/tmp/denoise-validation"))
    parser.add_argument("--keep", type=int, default=0)
    parser.add_argument("cases", nargs="*", metavar="CASE")
    options = parser.parse_args()
    unknown = [name for name in options.cases if name not in every]
    if unknown:
        parser.error(f"no case {', '.join(unknown)}; there are {', '.join(every)}")
    if not shutil.which("lmp"):
        sys.exit("make.py: needs LAMMPS as `lmp` (Debian: apt-get install lammps lammps-data openkim-models)")
    for name in options.cases or every:
        start = time.monotonic()
        simulate(name, every[name], options.frames, options.scratch / name)
        if options.keep:
            keep(name, every[name], options.keep, options.scratch / name)
        print(f"{name}: {time.monotonic() - start:.0f} s", flush=True)


if __name__ == "__main__":
    main()
