"""What the tests of the engine `torch` share, on the command line and in LAMMPS. Their skips say what is not there."""

import importlib.util
import os
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
REFERENCE = ROOT.parent / "shared/reference"
# A state dict and its configuration, as modules.py takes them.
PUBLISHED = [REFERENCE / "Cu-denoiser.state_dict.pt", REFERENCE / "Cu-denoiser.json"]
HAS_PUBLISHED = PUBLISHED[0].exists()
HAS_GRAPHITE = HAS_PUBLISHED and all(importlib.util.find_spec(name) for name in ("e3nn", "graphite", "torch_geometric"))


def needs_torch(build):
    """Skips where the library, a libtorch for it or PyTorch is missing."""
    library = Path(os.environ.get("DENOISE_TORCH", Path(build) / "torch")) / "libdenoise_torch.so"
    libtorch = os.environ.get("DENOISE_LIBTORCH", "")
    missing = [
        *([] if library.exists() else [f"{library} (the package TorchSharp)"]),
        *([] if (Path(libtorch) / "libtorch_cpu.so").exists() and libtorch else ["DENOISE_LIBTORCH, a folder with libtorch 2.10"]),
        *([] if importlib.util.find_spec("torch") else ["PyTorch (Debian: python3-torch)"]),
    ]
    return unittest.skipIf(missing, f"needs {', '.join(missing)}")


class WithModules:
    """Makes the programs once for a class of tests: `modules` is their folder."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.modules = Path(tempfile.mkdtemp(prefix="denoise-torch-"))
        cls.addClassCleanup(shutil.rmtree, cls.modules)
        make_modules(cls.modules)


def make_modules(folder):
    """Writes the programs of modules.py into a folder."""
    script = Path(__file__).with_name("modules.py")
    command = ["/usr/bin/python3", "-B", str(script), str(folder), *(map(str, PUBLISHED) if HAS_PUBLISHED else [])]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, env={**os.environ, "OMP_NUM_THREADS": "1"}, check=False)
    if done.returncode:
        raise AssertionError(done.stderr)
