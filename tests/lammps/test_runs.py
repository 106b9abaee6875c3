"""A simulation's course: several runs, fixes that come and go, atoms that move between ranks."""

from crystals import close_packed
from harness import LammpsCase, fix_denoise, outputs, per_program
from scripts import copper, no_forces

HOT = "velocity all create 2500 4711\n"


@per_program()
class Runs(LammpsCase):
    def setUp(self):
        super().setUp()
        self.write("data", close_packed().data())

    def test_next_run_starts_with_the_values_of_the_last(self):
        run = self.lammps(copper() + HOT + fix_denoise(rest="file out.csv") + "\n" + outputs() + "run 10\nrun 10\nrun 0\n", 2)
        steps = [row["Step"] for row in run.thermo()]
        self.assertEqual(steps, [0, 5, 10, 10, 15, 20, 20])
        rows = run.thermo()
        self.assertEqual(rows[2], rows[3])
        self.assertEqual(rows[5], rows[6])
        self.assertEqual([line["step"] for line in run.csv()], [0, 5, 10, 15, 20])

    def test_rows_follow_atoms_into_the_next_run(self):
        """Between the runs atoms are wrapped, sorted and handed to other ranks, and the results of the step go with them."""
        run = self.lammps(copper(before="atom_modify sort 1 3.0") + HOT + fix_denoise(20) + "\n" + outputs(20) +
                          "run 20\nundump out\n"
                          "dump next all custom 20 next.dump id x y z f_dn[1] f_dn[2] f_dn[3] f_dn[4] f_dn[5]\n"
                          "dump_modify next format float %.15g first yes\n"
                          "balance 1.0 shift xyz 10 1.0\nrun 0\n", 4)
        last, following = run.dump(step=20), run.dump("next.dump", step=20)
        self.assert_consistent(last)
        self.assert_consistent(following)
        self.assert_same_atoms(last, following)

    def test_rows_match_atoms_while_atoms_migrate(self):
        script = copper() + HOT + "neigh_modify every 1 delay 0 check no\n" + fix_denoise(7) + "\n" + outputs(7) + "run 35\n"
        run = self.lammps(script, 4)
        for step in range(0, 36, 7):
            self.assert_consistent(run.dump(step=step), f"step {step}")

    def test_changes_between_runs_are_seen(self):
        run = self.lammps(no_forces(6.0) + fix_denoise(rest="file out.csv") + "\n" + outputs() +
                          "run 0\ndisplace_atoms all random 0.3 0.3 0.3 77\nrun 0\n"
                          "group few id 1:40\ndelete_atoms group few compress no\nrun 0\n", 2)
        lines = run.csv()
        self.assertEqual([line["step"] for line in lines], [0, 0, 0])
        self.assertGreater(lines[1]["rms_displacement"], 1.1 * lines[0]["rms_displacement"])
        self.assertEqual(lines[2]["atoms"], lines[1]["atoms"] - 40)

    def test_run_that_starts_between_calls(self):
        run = self.lammps(copper() + HOT + fix_denoise(10) + "\n" + outputs(10) +
                          "reset_timestep 3\nrun 10\n", 2)
        first = run.thermo()[0]
        self.assertEqual(first["Step"], 3)
        self.assertGreater(first["f_dn[2]"], 100)

    def test_unfix_and_fix_again(self):
        block = fix_denoise() + "\n" + outputs() + "run 0\nundump out\n"
        run = self.lammps(no_forces(6.0) + block + "thermo_style one\nunfix dn\nrun 0\n" + block, 2)
        rows = [row for row in run.thermo() if "f_dn" in row]
        self.assertEqual(len(rows), 2)
        del rows[0]["f_dn[14]"], rows[1]["f_dn[14]"]
        self.assertEqual(rows[0], rows[1])

    def test_clear_and_start_again(self):
        block = no_forces(6.0) + fix_denoise() + "\n" + outputs() + "run 0\n"
        run = self.lammps(block + "clear\n" + self.program.first_line + "\n" + block, 2)
        rows = run.thermo()
        del rows[0]["f_dn[14]"], rows[1]["f_dn[14]"]
        self.assertEqual(rows[0], rows[1])

    def test_two_fixes_at_once(self):
        values = " ".join(f"f_{id}[{i}]" for id in ("a", "b") for i in range(1, 14))
        thermo = f"thermo 5\nthermo_style custom step {values}\nrun 10\n"
        one, two = fix_denoise(5, "a", rest="file a.csv"), fix_denoise(5, "b", rest="classify cna 3.1 scale 1.02 threads 2 file b.csv")
        both = self.lammps(copper() + HOT + one + "\n" + two + "\n" + thermo, 2)
        rows = both.thermo()
        for id, alone in (("a", one), ("b", two)):
            names = [f"f_{id}[{i}]" for i in range(1, 14)]
            run = self.lammps(copper() + HOT + alone + "\nthermo 5\nthermo_style custom step " + " ".join(names) + "\nrun 10\n", 2)
            for together, single in zip(rows, run.thermo()):
                for name in names:
                    self.assertEqual(together[name], single[name], name)
        self.assertNotEqual(rows[0]["f_a[7]"], rows[0]["f_b[7]"])

    def test_rerun(self):
        run = self.lammps(copper() + HOT + fix_denoise() + "\n" + outputs() + "dump x all custom 5 x.dump id type x y z\n"
                          "dump_modify x format float %.16g\nrun 10\n", 2)
        again = self.lammps(copper() + fix_denoise() + "\n" + outputs() + "rerun x.dump dump x y z\n", 2)
        self.assertEqual([row["Step"] for row in again.thermo()], [0, 5, 10])
        self.assert_same_counts(run, again)
