"""Boxes of all kinds."""

import unittest

from crystals import close_packed, reference_cells
from harness import REFERENCE, LammpsCase, fix_denoise, outputs, per_program
from scripts import copper, no_forces


@per_program()
class Boxes(LammpsCase):
    """Each box on one rank and on several."""

    def compare_ranks(self, script, ranks=(1, 2, 4)):
        runs = [self.lammps(script, n) for n in ranks]
        atoms = [run.dump() for run in runs]
        for i, n in enumerate(ranks[1:], start=1):
            self.assert_same_counts(runs[0], runs[i], f"{n} ranks")
            self.assert_same_atoms(atoms[0], atoms[i], message=f"{n} ranks")
        self.assert_consistent(atoms[0])
        return runs[0]

    def test_triclinic(self):
        """Sheared by 4 %, and no less of a crystal."""
        self.write("data", close_packed().sheared(0.9).data())
        run = self.compare_ranks(copper() + fix_denoise() + "\n" + outputs() + "run 5\n")
        self.assertGreater(run.thermo()[0]["f_dn"], 0.8)

    def test_triclinic_without_tilt_is_orthogonal(self):
        atoms = close_packed()
        script = no_forces(6.0) + fix_denoise() + "\n" + outputs() + "run 0\n"
        self.write("data", atoms.data())
        one = self.lammps(script)
        atoms_of_one = one.dump()
        self.write("data", atoms.data(triclinic=True))
        two = self.lammps(script)
        self.assertIn("triclinic box", two.output)
        self.assert_same_counts(one, two)
        self.assert_same_atoms(atoms_of_one, two.dump())

    def test_large_tilt(self):
        """A tilt of half a box: LAMMPS's ghosts lie in skewed shells."""
        self.write("data", close_packed().sheared(10.3).data())
        self.compare_ranks(no_forces(6.0) + fix_denoise() + "\n" + outputs() + "run 0\n", (1, 4))

    def test_open_boundaries(self):
        self.write("data", close_packed().data())
        self.compare_ranks(copper("f f f") + fix_denoise() + "\n" + outputs() + "run 5\n")

    def test_shrink_wrapped_surface(self):
        self.write("data", close_packed().data())
        self.compare_ranks(copper("p p s") + fix_denoise() + "\n" + outputs() + "run 5\n")

    def test_changing_box(self):
        """A box that a fix deforms at the end of the step, after the ghosts were last communicated."""
        self.write("data", close_packed().data())
        run = self.compare_ranks(copper() + "fix pull all deform 1 z erate 5.0 remap x\n" + fix_denoise() + "\n" + outputs() +
                                 "run 10\n")
        self.assertGreater(run.thermo()[-1]["f_dn"], 0.8)

    @unittest.skipUnless(REFERENCE.exists(), f"no published numbers: {REFERENCE} is not there")
    def test_published_cells(self):
        """The positions that the published implementation reaches in eight iterations."""
        model = REFERENCE / "Cu-denoiser.pt"
        for name, atoms, expected, steps in reference_cells(REFERENCE / "Cu-denoiser.json"):
            with self.subTest(name):
                self.write("data", atoms.data())
                run = self.lammps(no_forces(6.0) + f"fix dn all denoise 1 {model} steps {steps} tol 0 scale 1\n" + outputs(1) +
                                  "run 0\n", 2)
                self.assertEqual(run.thermo()[0]["f_dn[12]"], steps)
                found = run.dump()
                for i, (start, end) in enumerate(zip(atoms.positions, expected), start=1):
                    row = found[i]
                    for d, (x, denoised) in enumerate(zip("xyz", ("f_dn[2]", "f_dn[3]", "f_dn[4]"))):
                        self.assertAlmostEqual(row[denoised] - row[x], end[d] - start[d], delta=2e-4, msg=f"{name} atom {i} {x}")
