"""Files: read as the program, ASE and MDAnalysis read them; .dnz written and read."""

import os
import unittest

import crystals
import denoise_insitu as dn
import numpy as np
from denoise_insitu import _dnz
from support import CliTestCase, run

try:
    import ase.io
except ImportError:
    ase = None
try:
    import MDAnalysis
except ImportError:
    MDAnalysis = None

FRAMES = 5


def frames():
    """A crystal that jitters; its box grows."""
    rng = np.random.default_rng(3)
    sites = np.array(crystals.crystal(noise=0).positions)
    for k in range(FRAMES):
        yield dn.Frame(
            positions=sites * (1 + 0.001 * k) + rng.normal(0, 0.1, sites.shape), cell=np.diag([18.075 * (1 + 0.001 * k)] * 3),
            pbc=np.array([True, True, False]), origin=np.array([0.5, -1, 0]), types=np.arange(len(sites), dtype=np.int32) % 2 + 1,
            ids=np.arange(len(sites))[::-1] + 10, step=100 * k - 50, time=0.1 * k, units="metal", elements=("Cu", "Ni"),
            columns={"vx": rng.normal(size=len(sites)), "grain": rng.integers(-5, 5, len(sites))}, ovito_names={"vx": "VelocityX"})


class TrajectoryTests(CliTestCase):
    def setUp(self):
        super().setUp()
        self.written = list(frames())
        self.file = self.path("run.dnz")

    def assert_same(self, frame, back, bound):
        order = np.argsort(frame.ids)
        self.assertEqual(frame.ids[order].tolist(), back.ids.tolist())
        self.assertLessEqual(np.abs(frame.positions[order] - back.positions).max(), bound)
        for name in ("step", "time", "units", "elements", "ovito_names", "unwrapped"):
            self.assertEqual(getattr(frame, name), getattr(back, name), name)
        for name in ("cell", "pbc", "origin"):
            self.assertEqual(getattr(frame, name).tolist(), getattr(back, name).tolist(), name)
        self.assertEqual(frame.types[order].tolist(), back.types.tolist())
        self.assertEqual(list(frame.columns), list(back.columns))
        for name, values in frame.columns.items():
            self.assertEqual(values.dtype, back.columns[name].dtype)
            self.assertEqual(values[order].tolist(), back.columns[name].tolist())

    def test_what_is_written_is_read(self):
        for options, bound in (({}, 0.01), ({"bound": 1e-4, "key_every": 2}, 1e-4), ({"mode": "lossless"}, 0)):
            dn.write(self.file, self.written, **options)
            with dn.Reader(self.file) as reader:
                back = list(reader)
                self.assertEqual([], reader.warnings)
                self.assertIsNone(reader.read())
            self.assertEqual(FRAMES, len(back))
            for frame, read in zip(self.written, back):
                self.assert_same(frame, read, bound)
                self.assertEqual(bound or None, read.bound)
            self.assertEqual([frame.step for frame in self.written], _dnz.steps(self.file))

    def test_columns_keep_to_their_bounds(self):
        dn.write(self.file, self.written, column_bounds={"vx": 0.01})
        order = np.argsort(self.written[0].ids)
        error = np.abs(dn.read(self.file)[0].columns["vx"] - self.written[0].columns["vx"][order]).max()
        self.assertTrue(0 < error <= 0.01)

    def test_the_program_reads_what_is_written(self):
        dn.write(self.file, self.written, mode="lossless")
        result = run("expand", self.file, "-o", self.path("back.dump"))
        self.assertEqual(0, result.returncode, result.stderr)
        self.assertEqual(0, run("verify", self.file).returncode)
        back = dn.read(self.path("back.dump"))
        self.assertEqual(FRAMES, len(back))
        for frame, read in zip(self.written, back):
            order = np.argsort(frame.ids)
            rows = np.argsort(read.ids)
            self.assertLess(np.abs(frame.positions[order] - read.positions[rows]).max(), 1e-9)
            self.assertEqual((frame.step, "metal"), (read.step, read.units))
            self.assertEqual(frame.columns["grain"][order].tolist(), read.columns["grain"][rows].tolist())

    def test_frames_are_passed_over(self):
        dn.write(self.file, self.written, key_every=2)
        whole = dn.read(self.file)
        for k in range(FRAMES):
            with dn.Reader(self.file) as reader:
                self.assertEqual(k, reader.skip(k))
                self.assertTrue((whole[k].positions == reader.read().positions).all())
        with dn.Reader(self.file) as reader:
            self.assertEqual(FRAMES, reader.skip(100))
            self.assertEqual(0, reader.skip())

    def test_arrays_stay_when_the_reader_goes_on(self):
        dn.write(self.file, self.written)
        with dn.Reader(self.file) as reader:
            first = reader.read()
            kept = first.positions.copy()
            reader.read()
        self.assertTrue((kept == first.positions).all())

    def test_frames_without_what_may_be_left_out(self):
        few = dn.Frame(positions=np.eye(3) * 4, cell=None, pbc=np.zeros(3, bool))
        dn.write(self.file, [few], mode="lossless")
        back, = dn.read(self.file)
        self.assertEqual(([4, 4, 4], [0, 0, 0]), (np.diag(back.cell).tolist(), back.origin.tolist()))
        self.assertEqual(([1, 2, 3], [1, 1, 1]), (back.ids.tolist(), back.types.tolist()))
        self.assertEqual((None, None, ()), (back.time, back.units, back.elements))
        self.assertEqual(0, np.abs(back.positions - few.positions).max())
        nobody = dn.Frame(positions=np.zeros((0, 3)), cell=np.eye(3), pbc=np.ones(3, bool), columns={"e": np.zeros(0)})
        dn.write(self.file, [nobody])
        self.assertEqual(0, len(dn.read(self.file)[0]))

    def test_interrupted_writers_leave_their_frames(self):
        writer = dn.Writer(self.file)
        writer.write(self.written[0])
        partial = self.file.read_bytes()
        writer.close()
        writer.close()
        with self.assertRaises(dn.HandleError):
            writer.write(self.written[0])
        self.file.write_bytes(partial)
        self.assertIsNone(_dnz.steps(self.file))
        with dn.Reader(self.file) as reader:
            self.assertEqual(1, len(list(reader)))
            self.assertEqual(1, len(reader.warnings))

    def test_indices_that_are_damaged_are_none(self):
        dn.write(self.file, self.written)
        whole = self.file.read_bytes()
        for end in range(0, len(whole), 97):
            self.file.write_bytes(whole[:end])
            self.assertIsNone(_dnz.steps(self.file), end)
        at = int.from_bytes(whole[-16:-8], "little")
        for k in range(at, len(whole)):
            self.file.write_bytes(whole[:k] + bytes([whole[k] ^ 0xFF]) + whole[k + 1:])
            steps = _dnz.steps(self.file)
            self.assertTrue(steps is None or len(steps) < 10**6)

    def test_what_is_wrong_is_said(self):
        for kind, words, call in (
            (dn.FileError, "no such file", lambda: dn.Reader(self.path("none.dnz"))),
            (dn.FormatError, "in.txt", lambda: dn.Reader(crystals.write(self.path("in.txt"), "hello\n"))),
            (dn.FileError, "nowhere", lambda: dn.Writer("/nowhere/a.dnz")),
            (dn.ArgumentError, "mode: 'tight' is unknown", lambda: dn.Writer(self.file, mode="tight")),
            (dn.ArgumentError, "bound: is -1", lambda: dn.Writer(self.file, bound=-1)),
            (dn.ArgumentError, "bound: is 0", lambda: dn.Writer(self.file, bound=0)),
            (dn.ArgumentError, "key_every: is 0", lambda: dn.Writer(self.file, key_every=0)),
        ):
            with self.assertRaises(kind) as caught:
                call()
            self.assertIn(words, str(caught.exception))
        frame = self.written[0]
        with dn.Writer(self.file) as writer:
            for kind, words, change in (
                (dn.InputError, "", {"positions": np.full_like(frame.positions, np.nan)}),
                (dn.InputError, "type", {"types": np.zeros(len(frame), np.int32)}),
                (dn.ArgumentError, "columns: name holds <U1", {"columns": {"name": np.array(["a"] * len(frame))}}),
                (dn.ArgumentError, "columns: e: has shape (1,)", {"columns": {"e": np.ones(1)}}),
            ):
                with self.assertRaises(kind) as caught:
                    writer.write(dn.Frame(**{**vars(frame), **change}))
                self.assertIn(words, str(caught.exception))
            writer.write(frame)
        self.assertEqual(1, len(dn.read(self.file)))
        self.file.write_bytes(self.file.read_bytes()[:200])
        with self.assertRaises(dn.FormatError):
            dn.read(self.file)

    def test_no_handle_stays_open(self):
        dn.write(self.file, self.written)
        before = len(os.listdir("/proc/self/fd"))
        for _ in range(20):
            dn.Reader(self.file).read()
            dn.Writer(self.path("b.dnz")).write(self.written[0])
        self.assertEqual(before, len(os.listdir("/proc/self/fd")))


class PeerTests(CliTestCase):
    @unittest.skipUnless(ase, "needs ASE (Debian: python3-ase)")
    def test_files_of_ase(self):
        atoms = ase.Atoms("CuNiCu", positions=[[0, 0, 0], [1, 2, 3], [4, 4, 4.5]], cell=[[5, 0, 0], [1, 6, 0], [0, 1, 7]], pbc=[1, 0, 1])
        for name, form in (("a.xyz", "extxyz"), ("POSCAR", "vasp"), ("a.cif", "cif")):
            ase.io.write(self.path(name), atoms, format=form)
            theirs = ase.io.read(self.path(name), format=form)
            ours = dn.atoms_of(dn.read(self.path(name))[0])
            self.assertEqual(theirs.get_chemical_symbols(), ours.get_chemical_symbols(), name)
            self.assertEqual(theirs.pbc.tolist(), ours.pbc.tolist(), name)
            self.assertLess(np.abs(theirs.cell[:] - ours.cell[:]).max(), 1e-6, name)
            moved = np.linalg.solve(theirs.cell[:].T, (theirs.positions - ours.positions).T)
            self.assertLess(np.abs(moved - np.round(moved)).max(), 1e-5, name)

    @unittest.skipUnless(MDAnalysis, "needs MDAnalysis (Debian: python3-mdanalysis)")
    def test_files_of_mdanalysis(self):
        sites = np.array(crystals.crystal(repeats=(3, 3, 3)).positions)
        universe = MDAnalysis.Universe.empty(len(sites), trajectory=True)
        for name in ("a.xtc", "a.dcd"):
            with MDAnalysis.Writer(str(self.path(name)), len(sites)) as writer:
                for k in range(3):
                    universe.atoms.positions = sites + 0.1 * k
                    universe.dimensions = [11, 12, 13 + k, 90, 90, 90]
                    writer.write(universe.atoms)
            theirs = MDAnalysis.Universe.empty(len(sites), trajectory=True)
            theirs.load_new(str(self.path(name)))
            ours = dn.read(self.path(name))
            self.assertEqual(3, len(ours))
            for step, frame in zip(theirs.trajectory, ours):
                self.assertLess(np.abs(step.positions - frame.positions).max(), 1e-4, name)
                self.assertLess(np.abs(step.dimensions[:3] - np.diag(frame.cell)).max(), 1e-4, name)
