"""What the tests share: the program, the models, and a place for files."""

import fcntl
import gzip
import json
import os
import shutil
import signal
import subprocess
import tempfile
import unittest
from pathlib import Path

DENOISE = os.environ["DENOISE"]
ROOT = Path(__file__).resolve().parents[2]
REFERENCE = ROOT.parent / "shared" / "reference"
MODEL = ROOT / "models" / "metals.pt"
CU_MODEL = REFERENCE / "Cu-denoiser.pt"
SILICA_MODEL = REFERENCE / "SiO2-denoiser.pt"
# Seconds. Only a hang takes so long, also on a machine with much else to do.
TIMEOUT = 300
STRUCTURES = ["other", "fcc", "hcp", "bcc", "ico"]

needs_models = unittest.skipUnless(CU_MODEL.exists(), f"needs {REFERENCE}, which is not there")
needs_mpi = unittest.skipUnless(shutil.which("mpirun"), "needs mpirun (Debian: openmpi-bin)")


def run(*arguments, ranks=1, env=None, timeout=TIMEOUT, launcher="mpirun"):
    """Runs denoise; its exit code, output and errors are in the result."""
    command = [DENOISE, *map(str, arguments)]
    if ranks > 1 and launcher == "mpirun":
        command = ["mpirun", "--allow-run-as-root", "--oversubscribe", "-n", str(ranks), *command]
    elif ranks > 1:
        command = [launcher, "-n", str(ranks), *command]
    return subprocess.run(command, capture_output=True, text=True, timeout=timeout, env={**os.environ, **(env or {})}, check=False)


class CliTestCase(unittest.TestCase):
    """A test with a folder of its own."""

    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="denoise-cli-"))
        self.addCleanup(shutil.rmtree, self.folder)

    def path(self, name):
        return self.folder / name

    def frames(self, *arguments, **options):
        """Frames of the JSON output of a run that must succeed."""
        result = run(*arguments, "--json", **options)
        self.assertEqual(0, result.returncode, result.stderr)
        document = json.loads(result.stdout)
        self.assertEqual(["frames", "warnings"], [key for key in document if key != "structures"])
        return document["frames"]

    def assert_fails(self, result, *words, code=1):
        """The exit code, one sentence with these words, no stack trace."""
        self.assertEqual(code, result.returncode, result.stderr)
        # mpirun adds remarks of its own, also in the middle of a line.
        lines = [line for line in result.stderr.splitlines() if "denoise: " in line and "denoise: warning: " not in line]
        self.assertEqual(1, len(lines), result.stderr)
        for word in words:
            self.assertIn(str(word), lines[0])
        self.assertNotIn("   at ", result.stderr)
        self.assertNotIn("Exception", result.stderr)
        self.assertNotIn("a mistake in this", result.stderr)

    def endless_file(self, name):
        """A named pipe: whoever reads it waits for more as long as its writer likes."""
        path = self.path(name)
        os.mkfifo(path)
        return path

    def interrupt(self, command, frame, sent):
        """Runs a command on an endless file that holds two frames so far (1 MB at most); sends a signal when the first is done."""
        pipe, = (path for path in self.folder.iterdir() if path.is_fifo())
        # For reading, too: then opening it and writing to it never wait for the command.
        with open(os.open(pipe, os.O_RDWR), "w") as writer:
            fcntl.fcntl(writer, fcntl.F_SETPIPE_SZ, 1 << 20)
            writer.write(frame * 2)
            writer.flush()
            # A shell starts what it puts into the background with SIGINT ignored, and that is inherited.
            with subprocess.Popen([*map(str, command)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                                  preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL)) as process:
                # The title and the first frame: it is at work, and waits for more.
                process.stdout.readline()
                process.stdout.readline()
                process.send_signal(sent)
                try:
                    code = process.wait(TIMEOUT)
                finally:
                    process.kill()
        pipe.unlink()
        return code

    def assert_nothing_left(self, *inputs):
        """No output, complete or not, beside the inputs."""
        self.assertEqual(sorted(inputs), sorted(p.name for p in self.folder.iterdir()))


def read_dump(path):
    """Frames of a dump as lists of dictionaries: a reader of its own, to see what others will read."""
    opener = gzip.open if str(path).endswith(".gz") else open
    frames = []
    with opener(path, "rt") as file:
        lines = iter(file.read().splitlines())
    for line in lines:
        if line.startswith("ITEM: TIMESTEP"):
            frames.append({"step": int(next(lines)), "atoms": []})
        elif line.startswith("ITEM: NUMBER OF ATOMS"):
            frames[-1]["count"] = int(next(lines))
        elif line.startswith("ITEM: ATOMS"):
            columns = line.split()[2:]
            frames[-1]["columns"] = columns
            for _ in range(frames[-1]["count"]):
                frames[-1]["atoms"].append(dict(zip(columns, next(lines).split())))
    return frames
