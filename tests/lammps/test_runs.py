"""A simulation's course: several runs, fixes that come and go, atoms that move between ranks."""

import re

from crystals import close_packed
from harness import LammpsCase, fix_denoise, outputs, per_program
from scripts import POTENTIAL, copper, no_forces

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

    def test_minimization(self):
        """Every N steps, although LAMMPS ends no step then; at the last step, wherever that is; and always of the atoms as they are."""
        for style in ("cg", "fire", "hftn"):
            for limits, stops_early in (("0 0 20 1000", False), ("1e-4 0 1000 10000", True)):
                with self.subTest(style=style, limits=limits):
                    self.write("data", close_packed().data())
                    (self.folder / "out.csv").unlink(missing_ok=True)
                    run = self.lammps(copper() + fix_denoise(4, rest="file out.csv") + "\n" + outputs(4) +
                                      f"min_style {style}\nminimize {limits}\nrun 0\n", 2)
                    rows = run.thermo()
                    last = int(rows[-2]["Step"])
                    self.assertEqual(last < 1000 and last % 4 != 0 if stops_early else last == 20, True, last)
                    steps = [*range(0, last + 1, 4)] + ([last] if last % 4 else [])
                    self.assertEqual([row["Step"] for row in rows], steps + [last])
                    # What the minimizer left is what run 0 finds, without a call.
                    lines = run.csv()
                    self.assertEqual(rows[-1], rows[-2])
                    self.assertEqual(lines[-1]["step"], last)
                    self.assertEqual(sorted({line["step"] for line in lines}), steps)
                    moved = [row["f_dn[11]"] for row in rows]
                    self.assertLess(moved[-1], 0.85 * moved[0])
                    for step in steps:
                        self.assert_consistent(run.dump(step=step), f"step {step}")

    def test_values_after_a_reset_of_the_time_step(self):
        run = self.lammps(copper() + HOT + fix_denoise(rest="file out.csv") + "\n" + outputs() + "run 10\nundump out\nreset_timestep 0\nrun 5\n", 2)
        self.assertEqual([line["step"] for line in run.csv()], [0, 5, 10, 0, 5])
        before, after = run.thermo()[2], run.thermo()[3]
        self.assertEqual([before[f"f_dn[{k}]"] for k in range(1, 11)], [after[f"f_dn[{k}]"] for k in range(1, 11)])

    def test_restart_file(self):
        """The fix keeps nothing in it: the same line gives the same values."""
        lines = fix_denoise() + "\n" + outputs()
        potential = f"pair_style eam/alloy\npair_coeff * * {POTENTIAL} Cu\nneighbor 1.0 bin\n"
        run = self.lammps(copper() + HOT + lines + "run 10\nwrite_restart at10\nclear\n" + self.program.first_line +
                          "\nunits metal\nread_restart at10\n" + potential + lines + "run 0\n", 2)
        rows = run.thermo()
        self.assertEqual([row["Step"] for row in rows], [0, 5, 10, 10])
        self.assertEqual([rows[2][f"f_dn[{k}]"] for k in range(1, 11)], [rows[3][f"f_dn[{k}]"] for k in range(1, 11)])

    def test_fixes_that_come_and_go_leave_no_memory_behind(self):
        """Twenty rounds more add less than half of the rows of these rounds, the smallest arrays that there are: 80 bytes per atom."""
        atoms = close_packed(32, 20, "ABCABCABABAB" * 2)
        rows = 80 * len(atoms.positions) // 1024
        self.write("data", atoms.data())
        rounds = ("label again\nvariable k loop 40\n" + fix_denoise(rest="steps 1 classify none") + "\nrun 0\nunfix dn\n"
                  "shell \"grep VmRSS /proc/$PPID/status\"\nnext k\njump SELF again\n")
        run = self.lammps(no_forces(6.0) + rounds)
        resident = [int(kB) for kB in re.findall(r"VmRSS:\s*(\d+) kB", run.output)]
        self.assertEqual(len(resident), 40)
        self.assertLess(max(resident[20:]) - max(resident[:20]), 20 * rows / 2, resident)
