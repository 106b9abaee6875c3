"""The table of timings that follows every run."""

import re

from crystals import close_packed
from harness import LammpsCase, fix_denoise, outputs, per_program
from scripts import copper, no_forces

TABLE = re.compile(
    r"^Fix denoise (?P<id>\S+), steps (?P<first>\d+) to (?P<last>\d+): (?P<calls>\d+) calls?, (?P<iterations>\d+) iterations?, "
    r"(?P<seconds>\S+) s, (?P<rate>\S+) atoms/s per iteration\n"
    r"(?:(?P<within>\d+) of the calls within the loop, (?P<share>\S+)% of its time\n)?"
    r"Section \|  min time  \|  avg time  \|  max time  \|%varavg\| %total\n-+\n"
    r"(?P<rows>(?:\w+ *\|.*\n)+)\n", re.MULTILINE)
SECTIONS = ["Scale", "Graph", "Network", "Halo", "Identify", "Output", "Other"]


def tables(text):
    """All tables in order: the numbers of the head, and the rows as {section: [min, avg, max, varavg, total]}."""
    found = []
    for match in TABLE.finditer(text):
        head = {name: value if name == "id" else float(value) for name, value in match.groupdict().items()
                if name != "rows" and value is not None}
        rows = {}
        for line in match["rows"].splitlines():
            name, *numbers = line.split("|")
            rows[name.strip()] = [float(number) for number in numbers]
        found.append((head, rows))
    return found


@per_program()
class Timings(LammpsCase):
    def setUp(self):
        super().setUp()
        self.write("data", close_packed().data())

    def assert_adds_up(self, head, rows):
        self.assertEqual(list(rows), SECTIONS)
        self.assertAlmostEqual(sum(row[4] for row in rows.values()), 100.0, delta=0.04)
        self.assertAlmostEqual(sum(row[1] for row in rows.values()) / head["seconds"], 1.0, delta=1e-3)
        for name, (least, mean, most, spread, total) in rows.items():
            self.assertTrue(0.0 <= least <= mean <= most, f"{name}: {least} {mean} {most}")
            self.assertAlmostEqual(total, 100.0 * mean / head["seconds"], delta=0.1)
            self.assertGreaterEqual(spread, 0.0)

    def test_table_of_a_run_and_of_the_next(self):
        for ranks in (1, 2):
            run = self.lammps(copper() + fix_denoise() + "\n" + outputs() + "run 10\nrun 20\nrun 0\n", ranks)
            found = tables(run.output)
            heads = [head for head, _ in found]
            # The next run begins with the values of the last, and one without a call has no table.
            self.assertEqual([(h["id"], h["first"], h["last"], h["calls"], h["within"]) for h in heads],
                             [("dn", 0, 10, 3, 2), ("dn", 10, 30, 4, 4)])
            self.assertEqual([h["iterations"] for h in heads], [9, 12])
            seconds = [row["f_dn[14]"] for row in run.thermo()]
            loops = [float(time) for time in re.findall(r"^Loop time of (\S+) on", run.output, re.MULTILINE)]
            for (head, rows), calls, within, loop in zip(found, (seconds[:3], seconds[4:8]), (seconds[1:3], seconds[4:8]), loops):
                self.assert_adds_up(head, rows)
                self.assertGreater(rows["Network"][1], 0.0)
                self.assertAlmostEqual(head["rate"] * head["seconds"] / (956 * head["iterations"]), 1.0, delta=0.01)
                self.assertLess(head["share"], 100.0)
                if ranks == 1:
                    self.assertTrue(all(row[0] == row[1] == row[2] and row[3] == 0.0 for row in rows.values()), rows)
                    self.assertGreater(head["seconds"] * 1.001, sum(calls))
                    self.assertGreater(head["share"] * loop / 100.0 * 1.001 + 1e-4 * loop, sum(within))
                else:
                    self.assertGreater(rows["Halo"][1], 0.0)

    def test_table_is_not_among_the_thermo_lines(self):
        """Programs that read logs take all lines from Step to Loop time for numbers."""
        run = self.lammps(copper() + fix_denoise() + "\n" + outputs() + "run 10\nrun 10\n", 2)
        self.assertRegex(run.output, r"\n *10 [^\n]*\nLoop time of")
        self.assertRegex(run.output, r"\n *20 [^\n]*\nLoop time of")
        self.assertRegex(run.output, r"(?s)Loop time.*Fix denoise dn, steps 0 to 10.*Loop time.*Fix denoise dn, steps 10 to 20.*Total wall")

    def test_table_stands_before_what_follows_unfix_and_clear(self):
        block = no_forces(6.0) + fix_denoise() + "\nrun 0\n{}\nprint NEXT\n"
        for command in ("unfix dn", "clear"):
            run = self.lammps(block.format(command))
            self.assertEqual(len(tables(run.output[:run.output.index("NEXT")])), 1, command)
            self.assertEqual(len(tables(run.output)), 1)
            self.assertNotIn("within", tables(run.output)[0][0])

    def test_table_is_in_the_log_where_there_is_no_screen(self):
        run = self.start(copper() + fix_denoise() + "\nrun 10\n", 2, options=("-log", "out.log", "-screen", "none"))
        self.assertEqual((run.code, run.output), (0, ""))
        self.assertEqual(len(tables((self.folder / "out.log").read_text())), 1)

    def test_timer_leaves_it_out_as_it_does_that_of_lammps(self):
        for level in ("off", "loop"):
            run = self.lammps(no_forces(6.0) + f"timer {level}\n" + fix_denoise() + "\nrun 10\ntimer normal\nrun 10\n")
            self.assertEqual([(head["first"], head["calls"]) for head, _ in tables(run.output)], [(10, 2)])

    def test_two_fixes(self):
        run = self.lammps(no_forces(6.0) + fix_denoise(5, "a") + "\n" + fix_denoise(2, "b", rest="classify none") + "\nrun 10\n", 2)
        self.assertEqual([(head["id"], head["calls"]) for head, _ in tables(run.output)], [("a", 3), ("b", 6)])

    def test_runs_in_pieces(self):
        run = self.lammps(no_forces(6.0) + fix_denoise() + "\nrun 10 every 5 \"print NEXT\"\nrun 10 pre no post no\n")
        self.assertEqual([(head["first"], head["calls"]) for head, _ in tables(run.output)], [(0, 2), (5, 1), (10, 2)])

    def test_rerun_calls_within_its_loop(self):
        atoms = "dump x all custom 5 x.dump id type x y z\nrun 10\nundump x\nunfix dn\n"
        run = self.lammps(copper() + fix_denoise() + "\n" + atoms + fix_denoise() + "\nrerun x.dump dump x y z\n", 2)
        self.assertEqual([(head["calls"], head["within"]) for head, _ in tables(run.output)], [(3, 2), (3, 3)])
