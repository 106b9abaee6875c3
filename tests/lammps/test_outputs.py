"""What the fix reports."""

from crystals import close_packed
from harness import MODEL, LammpsCase, fix_denoise, outputs, per_program
from scripts import copper, no_forces


@per_program()
class Outputs(LammpsCase):
    def setUp(self):
        super().setUp()
        self.write("data", close_packed().data())

    def test_values_fit_together(self):
        run = self.lammps(copper() + fix_denoise(rest="file out.csv") + "\n" + outputs() + "run 10\n", 2)
        atoms = run.dump()
        for row, line in zip(run.thermo(), run.csv()):
            self.assertEqual(row["Step"], line["step"])
            self.assertEqual(line["atoms"], len(atoms))
            for k, name in enumerate(("other", "fcc", "hcp", "bcc", "ico"), start=1):
                self.assertEqual(row[f"f_dn[{k}]"], line[name])
                self.assertEqual(row[f"f_dn[{k + 5}]"], line["raw_" + name])
            self.assertAlmostEqual(row["f_dn"], 1.0 - line["other"] / line["atoms"], delta=1e-9)
            self.assertAlmostEqual(row["f_dn[11]"], line["rms_displacement"], delta=1e-7)
            self.assertEqual(row["f_dn[12]"], 3)
            self.assertAlmostEqual(row["f_dn[13]"], line["scale"], delta=1e-7)
            self.assertGreater(row["f_dn[14]"], 0.0)
        last = run.thermo()[-1]
        for k in range(5):
            self.assertEqual(last[f"f_dn[{k + 1}]"], sum(a["f_dn[1]"] == k for a in atoms.values()))
        mean_square = sum(a["f_dn[5]"] ** 2 for a in atoms.values()) / len(atoms)
        self.assertAlmostEqual(last["f_dn[11]"], mean_square**0.5, delta=1e-5)
        self.assert_consistent(atoms)

    def test_tolerance_stops_early(self):
        values = {}
        for name, rest in (("default", "steps 8"), ("loose", "steps 8 tol 10.0"), ("never", "steps 8 tol 0")):
            run = self.lammps(no_forces(6.0) + fix_denoise(rest=rest) + "\n" + outputs() + "run 0\n")
            values[name] = run.thermo()[0]["f_dn[12]"]
        self.assertEqual(values["loose"], 1)
        self.assertEqual(values["never"], 8)

    def test_classify_none_moves_only(self):
        run = self.lammps(no_forces(6.0) + fix_denoise(rest="classify none") + "\n" + outputs() + "run 0\n")
        self.assertTrue(all(a["f_dn[1]"] == 0 for a in run.dump().values()))
        self.assertGreater(run.thermo()[0]["f_dn[11]"], 0.05)

    def test_log_is_appended_to(self):
        """Half a line, which a killed run leaves behind, is removed; so is half a header."""
        script = no_forces(6.0) + fix_denoise(rest="file out.csv") + "\nrun 0\n"
        (self.folder / "out.csv").write_text("step,atoms,oth")
        self.lammps(script)
        first = (self.folder / "out.csv").read_text()
        self.assertEqual(len(first.splitlines()), 2)
        for half in ("5,9", "5," * 5000):  # the second one longer than a block that is read at once
            (self.folder / "out.csv").write_text(first + half)
            self.lammps(script, 2)
            lines = (self.folder / "out.csv").read_text().splitlines()
            self.assertEqual(len(lines), 3)
            self.assertEqual(lines[1].split(",")[:12], lines[2].split(",")[:12])
            self.assertTrue((self.folder / "out.csv").read_text().startswith(first))

    def test_log_on_a_full_disk(self):
        """The limit of a file's size stands for the disk's: a sentence, and whole lines only, at every place that the limit can cut."""
        script = no_forces(6.0) + f"fix dn all denoise 1 {MODEL} steps 1 classify none file out.csv" + "\nrun 40\n"
        whole = self.lammps(script)
        self.assertEqual(len((self.folder / "out.csv").read_text().splitlines()), 42)
        for kilobytes in (1, 2):
            (self.folder / "out.csv").unlink()
            error = self.error_of(script, 1, limit_file_size=kilobytes)
            self.assertRegex(error, "^Fix denoise dn: cannot write to the log file 'out.csv' \\(File too large\\); make room, or")
            text = (self.folder / "out.csv").read_text()
            self.assertTrue(text.endswith("\n") and len(text) <= 1024 * kilobytes)
            self.assertEqual({line.count(",") for line in text.splitlines()}, {16})
        self.assertIn("Total wall time", whole.output)

    def test_variables_and_averages(self):
        run = self.lammps(copper() + fix_denoise() + "\nvariable crystal equal f_dn[2]+f_dn[3]\ncompute far all reduce max f_dn[5]\n"
                          "fix mean all ave/time 5 1 5 f_dn[2] c_far file mean.txt\n"
                          "thermo 5\nthermo_style custom step f_dn[2] f_dn[3] v_crystal c_far f_mean[1]\nrun 10\n", 2)
        rows = run.thermo()
        for row in rows:
            self.assertEqual(row["v_crystal"], row["f_dn[2]"] + row["f_dn[3]"])
            self.assertTrue(0.1 < row["c_far"] < 2.0)
        self.assertEqual([row["f_mean[1]"] for row in rows], [row["f_dn[2]"] for row in rows])

    def test_simulation_is_not_disturbed(self):
        thermo = "thermo 5\nthermo_style custom step temp pe etotal press\nthermo_modify format float %.15g\nrun 10\n"
        start = copper() + "velocity all create 1500 9\n"
        self.assertEqual(self.lammps(start + thermo, 2).thermo(), self.lammps(start + fix_denoise() + "\n" + thermo, 2).thermo())
