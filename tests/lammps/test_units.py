"""One crystal in several units of length."""

from crystals import close_packed
from harness import LammpsCase, fix_denoise, outputs, per_program
from scripts import no_forces

# units: how many of them an Å is, the cutoff of the ghosts and the skin in Å
UNITS = {"real": 1.0, "si": 1e-10, "lj": 1.0 / 2.3, "nano": 0.1, "cgs": 1e-8, "micro": 1e-4, "electron": 1.0 / 0.529177210903}


@per_program()
class Units(LammpsCase):
    def run_in(self, units, length, rest="", ranks=2):
        self.write("data", close_packed().data(length))
        return self.lammps(no_forces(6.0 * length, skin=1.0 * length, units=units) + fix_denoise(rest=rest) + "\n" + outputs() +
                           "run 0\n", ranks)

    def test_units_agree(self):
        metal = self.run_in("metal", 1.0)
        atoms, expected = metal.dump(), metal.thermo()[0]
        for units, length in UNITS.items():
            with self.subTest(units):
                run = self.run_in(units, length)
                values = run.thermo()[0]
                for k in (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12):
                    self.assertEqual(values[f"f_dn[{k}]"], expected[f"f_dn[{k}]"], k)
                self.assertAlmostEqual(values["f_dn[11]"] / length, expected["f_dn[11]"], delta=1e-5)
                self.assert_same_atoms(atoms, run.dump(), message=units) if length == 1.0 else self.assert_scaled(atoms, run.dump(), length)

    def assert_scaled(self, atoms, scaled, length):
        for i, a in atoms.items():
            b = scaled[i]
            self.assertEqual(a["f_dn[1]"], b["f_dn[1]"])
            self.assertAlmostEqual(a["f_dn[5]"], b["f_dn[5]"] / length, delta=2e-5)
            self.assertAlmostEqual(a["f_dn[2]"] - a["x"], (b["f_dn[2]"] - b["x"]) / length, delta=2e-5)

    def test_scale_and_cutoff_in_units(self):
        """Fixed settings: the scale is for lengths in Å, the CNA cutoff in the units of the simulation."""
        metal = self.run_in("metal", 1.0, "scale 0.99 classify cna 3.15").thermo()[0]
        nano = self.run_in("nano", 0.1, "scale 0.99 classify cna 0.315").thermo()[0]
        for k in list(range(1, 11)) + [12, 13]:
            self.assertEqual(metal[f"f_dn[{k}]"], nano[f"f_dn[{k}]"], k)
        self.assertEqual(metal["f_dn[13]"], 0.99)
