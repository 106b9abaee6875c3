"""The filter of HDF5, as h5py and HDF5's own tools load it."""

import os
import shutil
import subprocess
import sys
import unittest
from pathlib import Path

from support import DENOISE, TIMEOUT, CliTestCase

try:
    import h5py
    import numpy
except ImportError:
    h5py = None

FILTER = 388
ATOMS, FRAMES, BOUND = 4000, 12, 0.01
FOLDER = Path(DENOISE).parent.parent / "lib" / "hdf5"

# HDF5 looks into the folder when it is loaded; a process of its own has it in its environment.
PROGRAM = """
import sys, h5py, numpy
path, kind, filter = sys.argv[1], sys.argv[2], int(sys.argv[3])
positions = numpy.load(sys.argv[4]).astype(kind)
options = tuple(int(word) for word in sys.argv[5:])
with h5py.File(path, "w") as file:
    data = file.create_dataset("particles/all/position/value", data=positions, chunks=(5,) + positions.shape[1:], compression=filter,
                               compression_opts=options)
    print(data.id.get_storage_size())
with h5py.File(path) as file:
    numpy.save(path + ".npy", file["particles/all/position/value"][:])
"""


def hot_crystal():
    """[FRAMES, ATOMS, 3] Å, in an order that says nothing of where atoms are."""
    random = numpy.random.default_rng(5)
    cells = numpy.stack(numpy.meshgrid(*[numpy.arange(10)] * 3, indexing="ij"), -1).reshape(-1, 1, 3)
    sites = (3.6 * (cells + numpy.array([[0, 0, 0], [0, 0.5, 0.5], [0.5, 0, 0.5], [0.5, 0.5, 0]]))).reshape(-1, 3)
    return random.permutation(sites) + random.normal(0, 0.1, (FRAMES, ATOMS, 3))


@unittest.skipUnless(h5py, "needs h5py (Debian: python3-h5py)")
@unittest.skipUnless(FOLDER.is_dir(), "needs HDF5's headers when denoise is built (Debian: libhdf5-dev)")
class Hdf5Tests(CliTestCase):
    def setUp(self):
        super().setUp()
        self.positions = hot_crystal()
        self.environment = os.environ | {"HDF5_PLUGIN_PATH": str(FOLDER)}

    def write(self, kind, *options):
        path, given = self.folder / "a.h5", self.folder / "given.npy"
        numpy.save(given, self.positions)
        command = [sys.executable, "-c", PROGRAM, path, kind, str(FILTER), given, *map(str, options)]
        done = subprocess.run(command, env=self.environment, capture_output=True, text=True, timeout=TIMEOUT, check=False)
        return path, done

    def error(self, path):
        return numpy.abs(numpy.load(f"{path}.npy").astype(float) - self.positions.astype(self.kind).astype(float)).max()

    def test_positions_come_back_within_the_bound(self):
        for self.kind, ratio in ("f4", 4), ("f8", 8):
            with self.subTest(self.kind):
                path, done = self.write(self.kind, int(1e6 * BOUND))
                self.assertEqual(done.returncode, 0, done.stderr)
                self.assertTrue(0 < self.error(path) <= BOUND, self.error(path))
                self.assertGreater(self.positions.astype(self.kind).nbytes / int(done.stdout), ratio)

    @unittest.skipUnless(shutil.which("h5repack"), "needs h5repack (Debian: hdf5-tools)")
    def test_the_tools_of_HDF5_repack_files(self):
        self.kind = "f4"
        path, done = self.write(self.kind, int(1e6 * BOUND))
        self.assertEqual(done.returncode, 0, done.stderr)
        plain, packed = self.folder / "plain.h5", self.folder / "packed.h5"
        for option, source, target in ("NONE", path, plain), (f"UD={FILTER},0,1,20000", plain, packed):
            subprocess.run(["h5repack", "-f", option, source, target], env=self.environment, check=True, timeout=TIMEOUT)
        with h5py.File(plain) as file:
            self.assertTrue(numpy.array_equal(file["particles/all/position/value"], numpy.load(f"{path}.npy")))
        self.assertLess(packed.stat().st_size, 0.35 * plain.stat().st_size)

    def test_what_cannot_be_kept_is_kept_as_it_is(self):
        self.kind = "f8"
        self.positions[7, 5, 1] = numpy.nan
        path, done = self.write(self.kind, int(1e6 * BOUND))
        self.assertEqual(done.returncode, 0, done.stderr)
        read = numpy.load(f"{path}.npy")
        self.assertTrue(numpy.array_equal(read[5:10], self.positions[5:10], equal_nan=True))
        self.assertTrue(0 < numpy.abs(read[:5] - self.positions[:5]).max() <= BOUND)

    def test_what_is_wrong_is_said(self):
        self.kind = "f8"
        for sentence, given, options in (
            ("give one value: the bound in millionths", self.positions, ()),
            ("a chunk is (frames, atoms, 3) or (atoms, 3)", self.positions[..., :2], (10000,)),
        ):
            self.positions = given
            _, done = self.write(self.kind, *options)
            self.assertNotEqual(done.returncode, 0)
            self.assertIn(sentence, done.stderr)

    def test_a_damaged_file_is_found_out(self):
        self.kind = "f8"
        path, done = self.write(self.kind, int(1e6 * BOUND))
        self.assertEqual(done.returncode, 0, done.stderr)
        content = bytearray(path.read_bytes())
        content[len(content) // 2] ^= 16
        path.write_bytes(content)
        read = [sys.executable, "-c", "import sys, h5py; h5py.File(sys.argv[1])['particles/all/position/value'][:]", path]
        done = subprocess.run(read, env=self.environment, capture_output=True, text=True, timeout=TIMEOUT, check=False)
        self.assertIn("OSError", done.stderr)
