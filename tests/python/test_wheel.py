"""The wheel: what is in it, and that pip installs it where there is no network."""

import base64
import hashlib
import os
import subprocess
import sys
import unittest
import venv
import zipfile
from configparser import ConfigParser
from pathlib import Path

from support import ROOT, CliTestCase

BUILD = os.environ["DENOISE_BUILD"]
PROGRAM = """
import numpy as np
from pathlib import Path
import denoise_insitu as dn
from denoise_insitu._library import candidates
assert Path(dn.__file__).is_relative_to({venv!r}), dn.__file__
used = next(path for path in candidates() if path.is_file())
assert used.is_relative_to({venv!r}) and "build" not in used.parts, used
sites = np.stack(np.meshgrid(*[np.arange(5)] * 3), axis=-1).reshape(-1, 3)
basis = np.array([[0, 0, 0], [0.5, 0.5, 0], [0.5, 0, 0.5], [0, 0.5, 0.5]])
positions = 3.6 * (sites[:, None] + basis).reshape(-1, 3) + np.random.default_rng(1).normal(0, 0.2, (500, 3))
for model in dn.models():
    if model in ("metals", "phases"):
        with dn.Session(model) as session:
            print(model, session.process(positions, [18, 18, 18]).counts["fcc"])
print(dn.version(), len(dn.models()))
"""


def make(folder):
    made = subprocess.run([sys.executable, ROOT / "cmake/wheel.py", BUILD, folder], capture_output=True, text=True, check=False)
    assert made.returncode == 0, made.stderr
    return Path(made.stdout.strip())


class WheelTests(CliTestCase):
    def setUp(self):
        super().setUp()
        self.wheel = make(self.folder)

    def test_what_is_in_it(self):
        with zipfile.ZipFile(self.wheel) as archive:
            files = {entry.filename: archive.read(entry) for entry in archive.infolist()}
        record, = (name for name in files if name.endswith(".dist-info/RECORD"))
        rows = dict(line.split(",", 1) for line in files[record].decode().splitlines())
        self.assertEqual(set(files), set(rows))
        for name, data in files.items():
            digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
            self.assertEqual("," if name == record else f"sha256={digest},{len(data)}", rows[name])
        sources = {path.name for path in (ROOT / "interop/python/denoise_insitu").iterdir() if path.suffix in (".py", ".typed")}
        self.assertLessEqual({f"denoise_insitu/{name}" for name in sources}, set(files))
        self.assertIn("denoise_insitu/models/metals.pt", files)
        info = record.rpartition("/")[0]
        self.assertEqual({"LICENSE", "dotnet.txt"}, {"LICENSE", "dotnet.txt"} & {name.rpartition("/")[2] for name in files})
        # What its name says is what it says of itself.
        self.assertIn("Tag: " + self.wheel.stem.split("-", 2)[2], files[f"{info}/WHEEL"].decode())
        points = ConfigParser(delimiters="=")
        points.optionxform = str
        points.read_string(files[f"{info}/entry_points.txt"].decode())
        for group, base in (("OVITO.Modifier", "ModifierInterface"), ("OVITO.FileReader", "FileReaderInterface")):
            for _, target in points.items(group):
                module, _, name = target.partition(":")
                self.assertIn(f"class {name}({base})", files[module.replace(".", "/") + ".py"].decode())

    def test_the_same_build_gives_the_same_bytes(self):
        self.path("again").mkdir()
        self.assertEqual(self.wheel.read_bytes(), make(self.path("again")).read_bytes())

    def test_it_installs_offline_and_works(self):
        folder = self.path("venv")
        # Debian's numpy is seen; there is nowhere to get it from.
        venv.create(folder, system_site_packages=True, with_pip=True)
        clean = {name: value for name, value in os.environ.items() if not name.startswith(("DENOISE", "PYTHON"))}
        python = folder / "bin/python"
        installed = subprocess.run([python, "-m", "pip", "install", "--no-index", "--disable-pip-version-check", self.wheel], env=clean,
                                   cwd=self.folder, capture_output=True, text=True, check=False)
        self.assertEqual(0, installed.returncode, installed.stdout + installed.stderr)
        used = subprocess.run([python, "-c", PROGRAM.format(venv=str(folder.resolve()))], env=clean, cwd=self.folder,
                              capture_output=True, text=True, check=False)
        self.assertEqual(0, used.returncode, used.stderr)
        self.assertEqual(["metals 500", "phases 500"], used.stdout.splitlines()[:2])
        checked = subprocess.run([python, "-m", "pip", "check"], env=clean, capture_output=True, text=True, check=False)
        self.assertNotIn("denoise-insitu", checked.stdout)
        removed = subprocess.run([python, "-m", "pip", "uninstall", "-y", "denoise-insitu"], env=clean, capture_output=True, text=True,
                                 check=False)
        self.assertEqual(0, removed.returncode, removed.stderr)
        self.assertEqual([], list(folder.rglob("libdenoise_insitu.so")))


if __name__ == "__main__":
    unittest.main()
