"""denoise analyze on one and on two processes of one thread: how much less time the second takes.

tests/benchmarks/analyze.py DENOISE [FRAMES [TURNS [CASE...]]]; CASE: numbers from 0, otherwise all

The runs take turns, and the shortest of each counts. What a run of one frame per process takes, mpirun's start for the most part, is
measured beside them and taken off. Processor time stands beside the clock's: on a machine that others use, too, the busier of two
processes tells what the clock would. A process that waits for the other sleeps, so that waiting is not in it. Every process is a session
of its own: Linux gives sessions equal shares of a busy machine (sched_autogroup), and two processes are to have two."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "cli"))
import crystals  # noqa: E402

AIM = 0.6
METALS = Path(__file__).resolve().parents[2] / "models" / "metals.pt"
LIGHT, NETWORK = ["--with", "coordination:cutoff=3.2"], ["--model", METALS]
# What is read and what is written, what is computed, and the share of the frames that it is computed of.
CASES = [("dump", "dump", LIGHT, 1), ("dump.gz", "dump.gz", LIGHT, 1), ("dump.zst", "dump.zst", LIGHT, 1),
         ("dump", None, LIGHT, 1), ("dump.gz", None, LIGHT, 1), ("dump", "dump", NETWORK, 5), ("dump.gz", "dump.gz", NETWORK, 5)]
OPTIONS = ["--csv", "/dev/null", "--force", "--threads", "1", "--split", "frames"]
WRAPPER = "import os,resource,subprocess,sys; subprocess.run(sys.argv[2:],check=True,stdout=subprocess.DEVNULL,start_new_session=True); " \
    "u=resource.getrusage(resource.RUSAGE_CHILDREN); " \
    "open(sys.argv[1]+os.environ.get('OMPI_COMM_WORLD_RANK','0'),'w').write(str(u.ru_utime+u.ru_stime))"


def measure(ranks, times, command):
    """Seconds by the clock, and of the processor by the busiest process and by one on average."""
    launcher = ["mpirun", "--allow-run-as-root", "--oversubscribe", "-n", ranks, sys.executable, "-c", WRAPPER, times]
    environment = {**os.environ, "OMPI_MCA_mpi_yield_when_idle": "1", "OMPI_MCA_hwloc_base_binding_policy": "none"}
    start = time.perf_counter()
    subprocess.run([str(word) for word in [*launcher, *command]], check=True, env=environment)
    clock = time.perf_counter() - start
    worked = [float(Path(f"{times}{rank}").read_text()) for rank in range(ranks)]
    return clock, max(worked), sum(worked) / ranks


def write_inputs(folder, frames):
    crystal = [crystals.crystal(repeats=(17, 17, 17), noise=0.1, seed=seed, step=seed) for seed in range(8)]
    texts = [crystals.dump_text(frame) for frame in crystal]
    with open(folder / "run.dump", "w", encoding="ascii") as file:
        for k in range(frames):
            file.write(texts[k % len(texts)])
    subprocess.run(["gzip", "-k", folder / "run.dump"], check=True)
    if shutil.which("zstd"):
        subprocess.run(["zstd", "-q", folder / "run.dump"], check=True)
    return crystal[0].count


def compare(denoise, folder, case, frames, turns):
    source, target, spec, share = case
    path = folder / f"run.{source}"
    if not path.exists():
        return f"{source:8}  left out: there is no zstd"

    def run(ranks, limit):
        out = [] if target is None else ["-o", folder / f"{ranks}.{target}"]
        return measure(ranks, folder / "time.", [denoise, "analyze", path, *spec, *OPTIONS, *out, "--frames", f"0:{limit}"])

    best = {}
    for _ in range(turns):
        for ranks in (1, 2):
            for limit in (ranks, frames // share):
                best.setdefault((ranks, limit), []).append(run(ranks, limit))
    if target is not None:
        assert (folder / f"1.{target}").read_bytes() == (folder / f"2.{target}").read_bytes()
    words = []
    for k, name in enumerate(("clock", "busier process", "both")):
        whole = [min(turn[k] for turn in best[ranks, frames // share]) for ranks in (1, 2)]
        start = [min(turn[k] for turn in best[ranks, ranks]) for ranks in (1, 2)]
        # The first frames are in the starts as well.
        ratio = (whole[1] - start[1]) / (whole[0] - start[0])
        words.append(f"{name} {whole[0]:6.2f} and {whole[1]:6.2f} s, starts {start[0]:.2f} and {start[1]:.2f} s: {ratio:.2f}")
    name = f"{source} to {target or 'a table'}, {' '.join(word.name if isinstance(word, Path) else word for word in spec[1:])}"
    return f"{name:48}  {'; '.join(words)}"


def main():
    denoise = sys.argv[1]
    frames, turns = (int(word) for word in (sys.argv[2:] + ["400", "3"][len(sys.argv[2:4]):])[:2])
    cases = [CASES[int(word)] for word in sys.argv[4:]] or CASES
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        atoms = write_inputs(folder, frames)
        print(f"{frames} frames of {atoms} atoms, {(folder / 'run.dump').stat().st_size / 1e6:.0f} MB; aim {AIM}; "
              f"load {os.getloadavg()[0]:.1f}", flush=True)
        for case in cases:
            print(compare(denoise, folder, case, frames, turns), f"(load {os.getloadavg()[0]:.1f})", flush=True)


if __name__ == "__main__":
    main()
