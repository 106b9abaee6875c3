"""Networks that are told the forces on the atoms: `forces yes`."""

import shutil
import subprocess
import tempfile
from pathlib import Path

from crystals import close_packed
from harness import BUILD, LammpsCase, fix_denoise, outputs
from scripts import copper, no_forces

# Two atoms on springs: enough to train a network of no use but to be told.
FRAMES = """2
Lattice="4 0 0 0 4 0 0 0 4" Properties=species:S:1:pos:R:3:forces:R:3:minimum:R:3 energy=0.02 pbc="T T T"
Cu 0.1 0 0 -0.2 0 0 0 0 0
Cu 2 1.9 2 0 0.2 0 2 2 2
2
Lattice="4 0 0 0 4 0 0 0 4" Properties=species:S:1:pos:R:3:forces:R:3:minimum:R:3 energy=0.08 pbc="T T T"
Cu 0 0 -0.2 0 0 0.4 0 0 0
Cu 2.2 2 2 -0.4 0 0 2 2 2
"""

# A force in eV/Å; an Å and an eV/Å in other units: 1 eV = 1.602176634e-19 J = 23.06 kcal/mol.
FORCE = 0.3, -0.2, 0.1
UNITS = {"metal": (1.0, 1.0), "real": (1.0, 23.060547830619), "electron": (1.0 / 0.529177210903, 0.529177210903 / 27.211386245988),
         "si": (1e-10, 1.602176634e-9), "cgs": (1e-8, 1.602176634e-4), "micro": (1e-4, 1.602176634), "nano": (0.1, 1602.176634)}


class Forces(LammpsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        folder = Path(tempfile.mkdtemp(prefix="denoise-told-"))
        cls.addClassCleanup(shutil.rmtree, folder)
        (folder / "hot.xyz").write_text(FRAMES)
        cls.told = folder / "told.pt"
        subprocess.run(
            [BUILD / "bin/denoise", "train", "--task", "minima", "--data", folder / "hot.xyz", "--hidden", "4x0e+4x1o", "--layers", "2",
             "--radial", "8", "--cutoff", "3.5", "--batch", "2", "--steps", "60", "-o", cls.told],
            check=True, capture_output=True, timeout=120)

    def setUp(self):
        super().setUp()
        self.write("data", close_packed().data())

    def hot_copper(self, rest, ranks=1):
        fix = fix_denoise(model=self.told, rest=f"scale 1 tol 0 steps 2 {rest}")
        return self.lammps(copper(before="comm_modify cutoff 9") + "velocity all create 1000 4711\n" + fix + "\n" + outputs() +
                           "dump f all custom 5 forces.dump id type element x y z fx fy fz\ndump_modify f element Cu sort id "
                           "format float %.15g\nrun 5\n", ranks)

    def test_the_same_on_any_number_of_ranks(self):
        one = self.hot_copper("forces yes")
        for ranks in 2, 4:
            self.assert_same_atoms(one.dump(), self.hot_copper("forces yes", ranks).dump(), message=f"{ranks} ranks")

    def test_what_is_told_matters(self):
        told, silent = self.hot_copper("forces yes").dump(), self.hot_copper("").dump()
        self.assertGreater(max(abs(told[i][x] - silent[i][x]) for i in told for x in ("f_dn[2]", "f_dn[3]", "f_dn[4]")), 0.01)

    def test_as_from_a_file_with_forces(self):
        atoms = self.hot_copper("forces yes", 2).dump()
        subprocess.run(
            [BUILD / "bin/denoise", "apply", "forces.dump", "--frames", "1:2", "--model", self.told, "--scale", "1", "--tol", "0", "--steps", "2",
             "-o", "clean.dump"],
            cwd=self.folder, check=True, capture_output=True, timeout=120)
        lines = (self.folder / "clean.dump").read_text().splitlines()
        start = next(k for k, line in enumerate(lines) if line.startswith("ITEM: ATOMS"))
        columns = lines[start].split()[2:]
        for line in lines[start + 1:]:
            row = dict(zip(columns, line.split()))
            atom = atoms[int(row["id"])]
            self.assertAlmostEqual(float(row["DisplacementMagnitude"]), atom["f_dn[5]"], delta=2e-5, msg=row["id"])

    def test_units_agree(self):
        """The same force in every style of units."""
        atoms = {}
        for units, (length, unit) in UNITS.items():
            self.write("data", close_packed().data(length))
            force = " ".join(repr(f * unit) for f in FORCE)
            script = (no_forces(9.0 * length, skin=1.0 * length, units=units) + f"fix push all setforce {force}\n" +
                      fix_denoise(model=self.told, rest="scale 1 tol 0 steps 2 forces yes") + "\n" + outputs() + "run 0\n")
            atoms[units] = self.lammps(script, 2).dump()
            with self.subTest(units):
                for i, a in atoms["metal"].items():
                    self.assertAlmostEqual(a["f_dn[5]"], atoms[units][i]["f_dn[5]"] / length, delta=2e-5)

    def test_mistakes(self):
        for units, rest, words in (
            ("lj", "forces yes", "keyword 'forces' needs units in which forces have a scale"),
            ("metal", "forces maybe", "'forces'"),
        ):
            with self.subTest(rest=rest, units=units):
                script = no_forces(9.0, units=units) + fix_denoise(model=self.told, rest=rest) + "\n" + outputs() + "run 0\n"
                error = self.error_of(script)
                self.assert_one_sentence(error)
                self.assertIn(words, error)
