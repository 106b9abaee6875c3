"""Ranks and threads change nothing."""

import shutil
import signal
import unittest

import crystals
from support import CU_MODEL, DENOISE, CliTestCase, needs_models, needs_mpi, read_dump, run

MPICH = shutil.which("mpiexec.hydra") or shutil.which("mpiexec.mpich")

# A network for bulk metal pulls the atoms of a free surface by 1.7 Å in eight iterations, each of which multiplies single-precision
# round-off; labels are equal all the same.
SURFACE_TOLERANCE = 2e-4


@needs_models
class ThreadTests(CliTestCase):
    def test_threads_change_nothing(self):
        path = crystals.write(self.path("a.dump"), crystals.dump_text(crystals.two_phases()))
        one, = self.frames("apply", path, "--model", CU_MODEL, "--threads", 1, "-o", self.path("1.dump"))
        two, = self.frames("apply", path, "--model", CU_MODEL, "--threads", 2, "-o", self.path("2.dump"))
        self.assertEqual(one, two)
        self.assertEqual(self.path("1.dump").read_text(), self.path("2.dump").read_text())

    def test_both_vector_widths_find_the_same(self):
        path = crystals.write(self.path("a.dump"), crystals.dump_text(crystals.two_phases()))
        wide, = self.frames("apply", path, "--model", CU_MODEL)
        narrow, = self.frames("apply", path, "--model", CU_MODEL, env={"DENOISE_SIMD": "256"})
        self.assertEqual(wide["counts"], narrow["counts"])


@needs_models
@needs_mpi
class RankTests(CliTestCase):
    def assert_equal_on_ranks(self, frame, *options, ranks=(2, 4), command="apply", tolerance=2e-5):
        path = crystals.write(self.path("in.dump"), crystals.dump_text(frame))
        arguments = [command, path, *options]
        expected = self.frames(*arguments, "-o", self.path("1.dump"))
        reference, = read_dump(self.path("1.dump"))
        for n in ranks:
            found = self.frames(*arguments, "-o", self.path(f"{n}.dump"), ranks=n)
            for one, several in zip(expected, found, strict=True):
                for key in ("step", "atoms", "counts", "iterations"):
                    self.assertEqual(one[key], several[key], f"{key} on {n} ranks")
                for key in ("scale", "rms_displacement"):
                    self.assertAlmostEqual(one[key], several[key], delta=1e-5)
            written, = read_dump(self.path(f"{n}.dump"))
            for key in ("id", "StructureType"):
                self.assertEqual([a[key] for a in reference["atoms"]], [a[key] for a in written["atoms"]], f"{key} on {n} ranks")
            for one, several in zip(reference["atoms"], written["atoms"], strict=True):
                for c in "xyz":
                    self.assertAlmostEqual(float(one[c]), float(several[c]), delta=tolerance)

    def test_crystal(self):
        self.assert_equal_on_ranks(crystals.crystal(), "--model", CU_MODEL)

    def test_triclinic(self):
        self.assert_equal_on_ranks(crystals.crystal(tilt=0.3), "--model", CU_MODEL)

    def test_two_phases_with_labels_of_all_kinds(self):
        self.assert_equal_on_ranks(crystals.two_phases(), "--model", CU_MODEL)

    def test_slab_with_open_boundary(self):
        self.assert_equal_on_ranks(crystals.slab(), "--model", CU_MODEL, tolerance=SURFACE_TOLERANCE)

    def test_box_smaller_than_the_range_of_ghosts(self):
        self.assert_equal_on_ranks(crystals.crystal(repeats=(2, 2, 2), noise=0.1), "--model", CU_MODEL)

    def test_rank_without_atoms(self):
        frame = crystals.crystal(repeats=(1, 1, 1), noise=0.05)
        frame.positions, frame.types = frame.positions[:3], frame.types[:3]
        self.assert_equal_on_ranks(frame, "--model", CU_MODEL, "--scale", 1, ranks=(4,))

    def test_cluster_in_open_space(self):
        frame = crystals.crystal(repeats=(3, 3, 3))
        frame.periodic = (False, False, False)
        self.assert_equal_on_ranks(frame, "--model", CU_MODEL, tolerance=SURFACE_TOLERANCE)

    def test_crystal_in_vacuum_of_a_periodic_box(self):
        frame = crystals.crystal(repeats=(4, 4, 4))
        frame.cell[2][2] += 100
        self.assert_equal_on_ranks(frame, "--model", CU_MODEL, tolerance=SURFACE_TOLERANCE)

    def test_frame_without_atoms(self):
        frame = crystals.crystal()
        frame.positions, frame.types = [], []
        self.assert_equal_on_ranks(frame, "--model", CU_MODEL)

    def test_coordinates_far_outside_of_the_box(self):
        frame = crystals.crystal(repeats=(4, 4, 4))
        for i, p in enumerate(frame.positions):
            p[i % 3] += (i % 5 - 2) * frame.cell[i % 3][i % 3]
        self.assert_equal_on_ranks(frame, "--model", CU_MODEL)

    def test_classify(self):
        for method in ("acna", "cna:3.086"):
            self.assert_equal_on_ranks(crystals.two_phases(), "--method", method, command="classify")

    def test_many_frames(self):
        frames = [crystals.crystal(repeats=(4, 4, 3 + s % 2), seed=s, step=s) for s in range(5)]
        path = crystals.write(self.path("a.dump"), "".join(map(crystals.dump_text, frames)))
        one = self.frames("apply", path, "--model", CU_MODEL)
        two = self.frames("apply", path, "--model", CU_MODEL, ranks=2)
        self.assertEqual([f["counts"] for f in one], [f["counts"] for f in two])
        self.assertEqual([f["step"] for f in one], [f["step"] for f in two])

    def test_a_wrong_file_ends_all_ranks_with_one_sentence(self):
        self.assert_fails(run("apply", self.path("none.dump"), "--model", CU_MODEL, ranks=4), "none.dump")
        frame = crystals.crystal(repeats=(3, 3, 3))
        frame.positions[100][0] = float("nan")
        path = crystals.write(self.path("nan.dump"), crystals.dump_text(frame))
        self.assert_fails(run("apply", path, "--model", CU_MODEL, "-o", self.path("out.dump"), ranks=4), "nan.dump:110")
        self.assert_fails(run("apply", path, "--model", self.path("none.pt"), ranks=4), "none.pt")
        self.assert_nothing_left("nan.dump")

    def test_a_failure_on_the_last_rank_alone_is_told(self):
        frame = crystals.crystal(repeats=(5, 5, 5))
        last = max(range(frame.count), key=lambda i: sum(frame.positions[i]))
        other = min(range(frame.count), key=lambda i: sum(frame.positions[i]))
        frame.positions[other] = list(frame.positions[last])
        path = crystals.write(self.path("double.dump"), crystals.dump_text(frame))
        for n in (2, 4):
            result = run("apply", path, "--model", CU_MODEL, "-o", self.path("out.dump"), ranks=n)
            self.assert_fails(result, last + 1, other + 1)
            self.assert_nothing_left("double.dump")

    def test_interrupt_leaves_nothing(self):
        command = ["mpirun", "--allow-run-as-root", "--oversubscribe", "-n", "2",
                   DENOISE, "apply", self.endless_file("long.dump"), "--model", CU_MODEL, "-o", self.path("out.dump")]
        self.assertNotEqual(0, self.interrupt(command, crystals.dump_text(crystals.crystal(repeats=(10, 10, 10))), signal.SIGINT))
        self.assert_nothing_left()

    @unittest.skipUnless(MPICH, "needs MPICH (Debian: mpich)")
    def test_another_mpi(self):
        path = crystals.write(self.path("a.dump"), crystals.dump_text(crystals.crystal(repeats=(4, 4, 4))))
        one, = self.frames("apply", path, "--model", CU_MODEL)
        found, = self.frames("apply", path, "--model", CU_MODEL, ranks=3, launcher=MPICH)
        self.assertEqual(one["counts"], found["counts"])
