"""Frames that nobody meant, and memory: a sentence at once, and no frame depends on the one before."""

import resource
import subprocess
import time
import unittest

import crystals
from support import DENOISE, ROOT, TIMEOUT, CliTestCase, needs_mpi, run

METALS = ROOT / "models" / "metals.pt"
LIMIT = 4 << 30


def limited(*arguments):
    """A run that may not have more than 4 GiB of data."""
    return subprocess.run([DENOISE, *map(str, arguments)], capture_output=True, text=True, timeout=TIMEOUT, check=False,
                          preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_DATA, (LIMIT, LIMIT)))


def xyz(cell, atoms):
    lines = [str(len(atoms)), f'Lattice="{cell[0]} 0 0 0 {cell[1]} 0 0 0 {cell[2]}" Properties=species:S:1:pos:R:3']
    return "\n".join(lines + [f"Cu {x} {y} {z}" for x, y, z in atoms]) + "\n"


def fcc(repeats, a=3.6):
    return [((i + x) * a, (j + y) * a, (k + z) * a)
            for i in range(repeats) for j in range(repeats) for k in range(repeats)
            for x, y, z in ((0, 0, 0), (0.5, 0.5, 0), (0.5, 0, 0.5), (0, 0.5, 0.5))]


class HostileFrameTests(CliTestCase):
    def assert_refused(self, text, *words, name="in.xyz"):
        path = crystals.write(self.path(name), text)
        for arguments in (("classify", path, "--method", "acna"), ("apply", path, "--model", METALS),
                          ("apply", path, "--model", METALS, "--scale", "1")):
            start = time.monotonic()
            result = limited(*arguments)
            self.assert_fails(result, name, *words)
            self.assertLess(time.monotonic() - start, TIMEOUT / 2)

    def test_two_atoms_in_one_place(self):
        self.assert_refused(xyz((3.6,) * 3, [(1, 1, 1)] * 2), "atoms 1 and 2 are in one place")

    def test_a_thousand_atoms_in_one_place(self):
        self.assert_refused(xyz((36,) * 3, [(1, 1, 1)] * 1000), "are in one place", "remove one of them")

    def test_every_atom_twice(self):
        self.assert_refused(xyz((10.8,) * 3, fcc(3) * 2), "are in one place")

    def test_first_and_last_plane_are_the_same(self):
        atoms = fcc(3) + [(x + 10.8, y, z) for x, y, z in fcc(3) if x == 0]
        self.assert_refused(xyz((10.8,) * 3, atoms), "are in one place, one on a periodic image of the other")

    def test_box_of_a_tenth(self):
        self.assert_refused(xyz((1.08,) * 3, fcc(3)), "correct the box")

    def test_edge_of_nearly_no_length(self):
        self.assert_refused(xyz((1e-9, 3.6, 3.6), [(0, 0, 0), (9e-10, 1.8, 1.8)]), "its own periodic image")

    def test_position_that_has_blown_up(self):
        self.assert_refused(xyz((10.8,) * 3, fcc(3) + [(1e308, 0, 0)]), "atom 109 is too far away")

    @needs_mpi
    def test_on_several_ranks(self):
        for cell, atoms, word in (((36,) * 3, [(1, 1, 1)] * 1000, "are in one place"), ((10.8,) * 3, fcc(3) * 2, "are in one place")):
            path = crystals.write(self.path("in.xyz"), xyz(cell, atoms))
            self.assert_fails(run("classify", path, "--method", "acna", ranks=2), word)


class MemoryTests(CliTestCase):
    def test_limit_is_looked_at_first(self):
        path = crystals.write(self.path("in.xyz"), xyz((72,) * 3, fcc(20)))
        result = run("apply", path, "--model", METALS, "--memory", "8M", "--threads", 1)
        self.assert_fails(result, "in.xyz", "32000 atoms", "no more than 8 MiB")
        self.assertEqual(0, run("classify", path, "--method", "acna", "--memory", "1G").returncode)

    def test_no_amount(self):
        path = crystals.write(self.path("in.xyz"), xyz((10.8,) * 3, fcc(3)))
        self.assert_fails(run("classify", path, "--method", "acna", "--memory", "much"), "--memory", "4G", code=2)

    def test_cutoff_that_sees_everything(self):
        path = crystals.write(self.path("in.xyz"), xyz((10.8,) * 3, fcc(3)))
        self.assert_fails(limited("classify", path, "--method", "cna:20000"), "images")


class AloneTests(CliTestCase):
    """Every frame as if read alone."""

    def test_isolated_atoms_before_a_crystal(self):
        alone = xyz((36,) * 3, fcc(10))
        single = "1\nisolated\nC 0 0 0\n"
        wide = xyz((1e5,) * 3, [(1, 1, 1), (4e4, 7, 9)])
        crystal = crystals.write(self.path("alone.xyz"), alone)
        after = crystals.write(self.path("after.xyz"), single + single + wide + wide + alone)
        expected, = self.frames("classify", crystal, "--method", "acna")
        self.assertEqual(4000, expected["counts"]["fcc"])
        self.assertEqual(expected["counts"], self.frames("classify", after, "--method", "acna")[-1]["counts"])

    def test_isolated_atom_beside_a_crystal(self):
        atoms = fcc(10)
        cell = (36, 36, 1e4)
        without = crystals.write(self.path("without.xyz"), xyz(cell, atoms))
        beside = crystals.write(self.path("beside.xyz"), xyz(cell, atoms + [(7, 7, 5000)]))
        expected, = self.frames("classify", without, "--method", "acna", "--memory", "64M", "--threads", 1)
        found, = self.frames("classify", beside, "--method", "acna", "--memory", "64M", "--threads", 1)
        self.assertEqual({**expected["counts"], "other": expected["counts"]["other"] + 1}, found["counts"])


if __name__ == "__main__":
    unittest.main()
