"""Results do not depend on ranks, threads, Newton's third law or the integer sizes of LAMMPS."""

import json
import subprocess

from crystals import close_packed
from harness import BIGBIG, BUILD, LAUNCHER, MODEL, PLUGIN, TIMEOUT, LammpsCase, fix_denoise, outputs, per_program
from scripts import copper

RUN = "velocity all create 1000 4711\n"


@per_program(LAUNCHER, PLUGIN, BIGBIG)
class Ranks(LammpsCase):
    """One system, many ways to share it out."""

    def run_copper(self, ranks=1, before="", rest="", library=None):
        self.write("data", close_packed().data())
        return self.lammps(copper(before=before) + RUN + fix_denoise(rest=rest) + "\n" + outputs() + "run 10\n", ranks, library)

    def assert_same(self, one, atoms, two, message):
        self.assert_same_counts(one, two, message)
        self.assert_same_atoms(atoms, two.dump(), message=message)

    def test_ranks_agree(self):
        one = self.run_copper()
        atoms = one.dump()
        rows = one.thermo()
        self.assertEqual([row["Step"] for row in rows], [0, 5, 10])
        for row in rows:
            self.assertGreater(row["f_dn[2]"], 300)
            self.assertGreater(row["f_dn[3]"], 300)
            self.assertGreater(row["f_dn[2]"] + row["f_dn[3]"], row["f_dn[7]"] + row["f_dn[8]"])
        for ranks in (2, 4):
            self.assert_same(one, atoms, self.run_copper(ranks), f"{ranks} ranks")

    def test_threads_agree(self):
        one = self.run_copper()
        self.assert_same(one, one.dump(), self.run_copper(2, rest="threads 2"), "2 ranks with 2 threads")

    def test_vector_widths_agree(self):
        """A file that is named is taken as it is; the folder of libraries gives the one for this CPU."""
        one = self.run_copper(library=BUILD / "lib")
        self.assert_same(one, one.dump(), self.run_copper(library=BUILD / "lib/libdenoise_insitu.so"), "AVX2")

    def test_command_line_agrees(self):
        """The same atoms from the file, without LAMMPS."""
        run = self.run_copper(2)
        row = run.thermo()[0]
        done = subprocess.run([BUILD / "bin/denoise", "apply", self.folder / "data", "--model", MODEL, "--steps", "3", "--tol", "-1",
                               "--json"], stdout=subprocess.PIPE, timeout=TIMEOUT, check=True)
        frame = json.loads(done.stdout)["frames"][0]
        self.assertEqual([row[f"f_dn[{k}]"] for k in range(1, 6)], list(frame["counts"].values()))
        self.assertEqual(list(frame["counts"]), ["other", "fcc", "hcp", "bcc", "ico"])
        self.assertEqual(row["f_dn[12]"], frame["iterations"])
        self.assertAlmostEqual(row["f_dn[11]"], frame["rms_displacement"], delta=1e-5)
        self.assertAlmostEqual(row["f_dn[13]"], frame["scale"], delta=1e-5)

    def test_newton_off(self):
        one = self.run_copper()
        self.assert_same(one, one.dump(), self.run_copper(2, before="newton off"), "newton off")

    def test_tiled_and_balanced(self):
        one = self.run_copper()
        tiled = self.run_copper(4, before="comm_style tiled")
        self.assert_same(one, one.dump(), tiled, "tiled")
        self.write("data", close_packed().data())
        run = self.lammps(copper(before="comm_style tiled") + RUN + "fix even all balance 5 1.0 rcb\n" + fix_denoise() + "\n" + outputs() + "run 10\n", 4)
        self.assert_same(one, one.dump(), run, "balanced")

    def test_balanced_bricks(self):
        one = self.run_copper()
        self.write("data", close_packed().data())
        run = self.lammps(copper() + RUN + "fix even all balance 2 1.0 shift xyz 5 1.01\n" + fix_denoise() + "\n" + outputs() +
                          "run 10\n", 2)
        self.assert_same(one, one.dump(), run, "balanced bricks")

    def test_ranks_without_atoms(self):
        """A slab in the lower half of a box that is cut across: the upper ranks have nothing."""
        atoms = close_packed()
        atoms.lengths[2] *= 3.0
        results = []
        for ranks in (1, 3):
            self.write("data", atoms.data())
            results.append(self.lammps(copper(before=f"processors 1 1 {ranks}") + fix_denoise() + "\n" + outputs() + "run 5\n", ranks))
        self.assertRegex(results[1].output, r"Nlocal: .* 0 min")
        self.assert_same_counts(*results)
        self.assert_same_atoms(results[0].dump(), results[1].dump())
