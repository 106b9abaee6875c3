"""denoise analyze on one and on two processes of one thread: how much less time the second takes. tests/benchmarks/analyze.py DENOISE

Processor time stands beside the clock's: on a machine that others use, too, the busier of two processes tells what the clock would."""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "cli"))
import crystals  # noqa: E402

FRAMES = 60
SPEC = ["--with", "coordination:cutoff=3.2", "--csv", "/dev/null", "--force", "--threads", "1", "--split", "frames"]
WRAPPER = "import os,resource,subprocess,sys; subprocess.run(sys.argv[2:],check=True,stdout=subprocess.DEVNULL); " \
    "u=resource.getrusage(resource.RUSAGE_CHILDREN); " \
    "open(sys.argv[1]+os.environ.get('OMPI_COMM_WORLD_RANK','0'),'w').write(str(u.ru_utime+u.ru_stime))"


def measure(denoise, ranks, source, out, folder):
    launcher = ["mpirun", "--allow-run-as-root", "--oversubscribe", "-n", str(ranks)]
    times = folder / "time."
    command = [*launcher, sys.executable, "-c", WRAPPER, str(times), denoise, "analyze", str(source), *SPEC, "-o", str(out)]
    start = time.perf_counter()
    subprocess.run(command, check=True, env={**os.environ, "OMPI_MCA_mpi_yield_when_idle": "1"})
    clock = time.perf_counter() - start
    return clock, [float((folder / f"time.{rank}").read_text()) for rank in range(ranks)]


def main():
    denoise = sys.argv[1]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        frames = [crystals.crystal(repeats=(17, 17, 17), noise=0.1, seed=seed, step=seed) for seed in range(3)]
        texts = [crystals.dump_text(frame) for frame in frames]
        source = folder / "run.dump"
        with open(source, "w", encoding="ascii") as file:
            for k in range(FRAMES):
                file.write(texts[k % len(texts)])
        print(f"{FRAMES} frames of {frames[0].count} atoms, {source.stat().st_size / 1e6:.0f} MB; load {os.getloadavg()[0]:.1f}")
        for extension in ("dump", "dump.gz", "dump.zst"):
            outs = [folder / f"{ranks}.{extension}" for ranks in (1, 2)]
            (clock, [alone]), (shared_clock, shared) = (measure(denoise, r, source, out, folder) for r, out in zip((1, 2), outs))
            assert outs[0].read_bytes() == outs[1].read_bytes()
            print(f"{extension:9} clock {clock:6.2f} s and {shared_clock:6.2f} s: {shared_clock / clock:.2f}; "
                  f"processor {alone:6.2f} s and {max(shared):6.2f} s: {max(shared) / alone:.2f}")


if __name__ == "__main__":
    main()
