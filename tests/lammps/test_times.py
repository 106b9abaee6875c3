"""From which step a value is, whoever asks and whenever: in runs of any length, between them, and in what is not quite a run."""

from crystals import close_packed
from harness import MODEL, LammpsCase, per_program
from scripts import copper

N = 5
FIX = f"fix dn all denoise {N} {MODEL} steps 1 file out.csv\n"
COMPUTE = "compute s all denoise/atom dn\nvariable fcc atom c_s[1]==1\n"
THERMO = (f"variable both equal f_dn[2]+f_dn[3]\nthermo {N}\nthermo_style custom step f_dn[1] f_dn[2] f_dn[3] v_both\n"
          "thermo_modify norm no format float %.15g\n")
WRITE = "write_dump all custom written.*.dump id x y z c_s[1] c_s[2] c_s[3] c_s[4] c_s[5] modify format float %.15g\n"


@per_program()
class Times(LammpsCase):
    def setUp(self):
        super().setUp()
        self.write("data", close_packed(noise=0.27, seed=11).data())

    def start_of_script(self, order=FIX + COMPUTE):
        return copper(before="atom_modify map array") + "timestep 0.005\nvelocity all create 3000 4711 loop all\n" + order + THERMO

    def assert_of_step(self, row, atoms):
        """A thermo line against atoms that were dumped with their rows: these say themselves that they are of the step."""
        for i, a in atoms.items():
            distance = sum((a[f"c_s[{d}]"] - a[x]) ** 2 for d, x in zip((2, 3, 4), "xyz")) ** 0.5
            self.assertAlmostEqual(distance, a["c_s[5]"], delta=1e-6, msg=f"step {row['Step']} atom {i}")
        self.assertGreater(max(a["c_s[5]"] for a in atoms.values()), 0.1)
        counts = [sum(a["c_s[1]"] == k for a in atoms.values()) for k in (0, 1, 2)]
        self.assertEqual([row[f"f_dn[{k}]"] for k in (1, 2, 3)], counts, f"step {row['Step']}")
        self.assertEqual(row.get("v_both", counts[1] + counts[2]), counts[1] + counts[2])

    def assert_rows_are_of_their_steps(self, run, rows, name="written.{}.dump"):
        for row in rows:
            self.assert_of_step(row, run.dump(name.format(int(row["Step"])), row["Step"]))

    def test_last_line_of_a_run(self):
        """Also of a run that starts and ends between the multiples of N, and of pieces of one."""
        for ranks in (1, 3):
            run = self.lammps(self.start_of_script() + f"run 13\n{WRITE}run 4 pre no post no\n{WRITE}run 0\nrun 6\n{WRITE}", ranks)
            rows = {row["Step"]: row for row in run.thermo()}
            self.assertEqual([row["Step"] for row in run.thermo()], [0, 5, 10, 13, 13, 15, 17, 17, 17, 20, 23])
            self.assertEqual([line["step"] for line in run.csv()], [0, 5, 10, 13, 15, 17, 20, 23])
            self.assert_rows_are_of_their_steps(run, [rows[step] for step in (13, 17, 23)])
            self.assertEqual(len({rows[step]["f_dn[1]"] for step in (10, 13, 17, 23)}), 4, "the lines are alike")
            (self.folder / "out.csv").unlink()

    def test_run_every(self):
        run = self.lammps(self.start_of_script() + f"run 13 every 4 \"{WRITE.strip()}\" \"group fcc variable fcc\" "
                          "\"print 'EVERY $(step) $(f_dn[2]) $(count(fcc))'\" \"group fcc clear\"\n", 3)
        rows = [row for row in run.thermo() if row["Step"] in (4, 8, 12)]
        self.assertEqual([row["Step"] for row in rows], [4, 4, 8, 8, 12, 12])
        self.assert_rows_are_of_their_steps(run, rows)
        printed = [line.split() for line in run.output.splitlines() if line.startswith("EVERY ")]
        self.assertEqual([words[1] for words in printed], ["4", "8", "12", "13"])
        self.assertTrue(all(words[2] == words[3] for words in printed), printed)

    def test_thermo_and_dump_at_steps_of_their_own(self):
        """At steps that a variable names, LAMMPS does not ask whether they suit the fix: it is called for them."""
        run = self.lammps(self.start_of_script().replace(" v_both", "") + "variable t equal step+3\nvariable d equal step+3\nthermo v_t\n"
                          "dump d all custom 5 d.dump id x y z c_s[1] c_s[2] c_s[3] c_s[4] c_s[5]\n"
                          "dump_modify d every v_d first yes format float %.15g\nrun 13\n", 3)
        self.assertEqual([row["Step"] for row in run.thermo()], [0, 3, 6, 9, 12, 13])
        self.assert_rows_are_of_their_steps(run, run.thermo()[:-1], "d.dump")
        self.assertEqual([line["step"] for line in run.csv()], [0, 3, 5, 6, 9, 10, 12, 13])

    def test_readers_before_the_fix(self):
        """A fix that is written anew comes after those that read it: what they ask is of the step all the same."""
        order = (FIX + COMPUTE + "variable early equal f_dn[2]\nfix e1 all ave/time 5 1 5 v_early file early.txt\n"
                 "fix e2 all ave/atom 5 1 5 c_s[1]\nunfix dn\n" + FIX)
        run = self.lammps(self.start_of_script(order) + "dump e all custom 5 e.dump id f_e2\nrun 10\n", 3)
        early = dict(line.split() for line in (self.folder / "early.txt").read_text().splitlines() if line[0] != "#")
        for row in run.thermo():
            self.assertEqual(float(early[str(int(row["Step"]))]), row["f_dn[2]"])
            self.assertEqual(sum(a["f_e2"] == 1 for a in run.dump("e.dump", row["Step"]).values()), row["f_dn[2]"])
        self.assertEqual([line["step"] for line in run.csv()], [0, 5, 10])

    def test_minimization(self):
        columns = "x y z c_s[1] c_s[2] c_s[3] c_s[4] c_s[5]"
        run = self.lammps(self.start_of_script() + f"dump d all custom 5 d.dump id {columns}\n"
                          f"dump_modify d format float %.15g\nminimize 0 0 8 1000\n{WRITE}minimize 1e-3 0 1000 1000\n{WRITE}", 3)
        rows = run.thermo()
        last = rows[-1]["Step"]
        self.assertTrue(last < 900, last)
        self.assert_rows_are_of_their_steps(run, [row for row in rows if row["Step"] % 5 == 0], "d.dump")
        self.assert_rows_are_of_their_steps(run, [row for row in rows if row["Step"] in (8, last)])

    def test_rerun(self):
        """Every frame that is read, whatever its step."""
        columns = " ".join(f"c_s[{k}]" for k in range(1, 6))
        counts = "".join(f"variable k{k} equal f_dn[{k}]\n" for k in (1, 2, 3))
        run = self.lammps(self.start_of_script() + f"dump x all custom 3 x.dump id type x y z {columns}\n"
                          "dump_modify x format float %.17g\nrun 12\nundump x\nunfix dn\n" + FIX + counts +
                          "compute n all reduce sum v_fcc\nthermo 3\nthermo_style custom step v_k1 v_k2 v_k3 v_both c_n\n"
                          "thermo_modify norm no format float %.15g\nrerun x.dump dump x y z\n", 3)
        rows = [row for row in run.thermo() if "c_n" in row]
        self.assertEqual([row["Step"] for row in rows], [0, 3, 6, 9, 12])
        for row in rows:
            self.assertEqual(row["c_n"], row["v_k2"])
            row.update({f"f_dn[{k}]": row[f"v_k{k}"] for k in (1, 2, 3)})
        self.assert_rows_are_of_their_steps(run, rows, "x.dump")

    def test_halt(self):
        run = self.lammps(self.start_of_script() + "variable ordered equal f_dn\nfix h all halt 5 v_ordered > 0.1 error continue\n"
                          "run 20\nprint \"AT $(step) $(v_both)\"\n", 3)
        self.assertRegex(run.output, r"\nAT 5 \d+\n")
        run = self.lammps(self.start_of_script() + "variable ordered equal f_dn\nfix h all halt 5 v_ordered > 2.0 error continue\n"
                          "run 20\nprint \"AT $(step)\"\n", 3)
        self.assertRegex(run.output, r"\nAT 20\n")

    def test_respa(self):
        run = self.lammps(self.start_of_script().replace(" v_both", "") + "run_style respa 2 2 bond 1 pair 2\n"
                          f"variable t equal step+3\nthermo v_t\nrun 13\n{WRITE}", 3)
        self.assertEqual([line["step"] for line in run.csv()], [0, 3, 5, 6, 9, 10, 12, 13])
        self.assert_rows_are_of_their_steps(run, run.thermo()[-1:])

    def test_values_until_the_next_run(self):
        """Before the first run 0; while atoms are deleted and moved, those of the last call, which stay with their atoms."""
        run = self.lammps(self.start_of_script() + "print \"BEFORE $(f_dn) $(f_dn[2]) 0\"\nrun 7\n"
                          "print \"RUN $(f_dn) $(f_dn[2]) $(count(all))\"\n"
                          "group few id 1:300\ndelete_atoms group few compress no\nprint \"LESS $(f_dn) $(f_dn[2]) $(count(all))\"\n"
                          f"{WRITE}displace_atoms all move 0.1 0 0\nrun 0\nprint \"AFTER $(f_dn) $(f_dn[2]) $(count(all))\"\n", 3)
        printed = {words[0]: [float(word) for word in words[1:]] for words in map(str.split, run.output.splitlines())
                   if words and words[0] in ("BEFORE", "RUN", "LESS", "AFTER")}
        self.assertEqual(printed["BEFORE"], [0, 0, 0])
        self.assertEqual(printed["LESS"], [*printed["RUN"][:2], 656])
        self.assertNotEqual(printed["AFTER"][1], printed["RUN"][1])
        left = run.dump("written.7.dump")
        self.assertEqual(len(left), 656)
        for a in left.values():
            distance = sum((a[f"c_s[{d}]"] - a[x]) ** 2 for d, x in zip((2, 3, 4), "xyz")) ** 0.5
            self.assertAlmostEqual(distance, a["c_s[5]"], delta=1e-6)

    def test_step_between_calls_costs_nothing(self):
        """One call at the start and one at the end of a run, whoever else is called in every step."""
        run = self.lammps(self.start_of_script(FIX.replace(f"denoise {N}", "denoise 1000")).replace(f"thermo {N}", "thermo 1000") +
                          "dump x all custom 1 x.dump id\nrun 40\n")
        self.assertEqual([line["step"] for line in run.csv()], [0, 40])

    def test_errors(self):
        """What there is no value for: LAMMPS's own sentence, or the compute's."""
        old = self.program.year == 2021
        first = "run 0\n"
        cases = {
            "thermo": ("thermo 3\nrun 6\n", "Thermo and fix( dn)? not computed at compatible times"),
            "fix ave/atom": ("fix a all ave/atom 3 1 3 f_dn[1]\n", "not computed at compatible time"),
            "fix ave/time": ("fix a all ave/time 3 1 3 f_dn[1]\n", "not computed at compatible time"),
            "fix vector": ("fix a all vector 3 f_dn[1]\n", "not computed at compatible time"),
            "dump": ("dump a all custom 3 a.dump f_dn[1]\nrun 6\n", "not computed at compatible times"),
            "write_dump": (first + "write_dump all custom a.dump f_dn[1]\n", "not computed at compatible times"),
            "compute reduce": ("compute a all reduce sum f_dn[1]\nfix a all ave/time 3 1 3 c_a\nrun 6\n",
                               "not computed at compatible time"),
            "a variable": ("fix a all ave/time 3 1 3 v_both\nrun 6\n", "not computed at a compatible time"),
            "an atom-style variable": ("variable a atom {direct}\ncompute a all reduce sum v_a\nfix a all ave/time 3 1 3 c_a\nrun 6\n",
                                       "not computed at a?\\s?compatible time"),
            "a column too many": ("dump a all custom 5 a.dump f_dn[6]\nrun 0\n", "out-of-range|out of range|accessed|column 6"),
            "the compute before a run": ("group g variable fcc\n", "not current|initializ|before initialization"),
            "the compute after a reset of the step": (first + "reset_timestep 2\ngroup g variable fcc\n",
                                                      "not current|values of fix 'dn' are of step 0, and this is step 2; add 'run 0'"),
            "the compute without its fix": ("unfix dn\nrun 0\n", "Compute denoise/atom s: there is no fix 'dn'"),
            "no such fix": ("compute t all denoise/atom nobody\n", "Compute denoise/atom t: there is no fix 'nobody'; write the line"),
            "a fix of another kind": ("compute t all denoise/atom nve\n", "fix 'nve' is of style nve; name a fix of style denoise"),
            "no fix at all": ("compute t all denoise/atom\n", "the form is: compute ID group denoise/atom FIX"),
            "another group": ("group g id 1:9\ncompute t g denoise/atom dn\n",
                              "its group is 'g', and the values are those of fix 'dn'; write 'all'"),
            "weights before a call": ("variable w atom 1+c_s[1]\nfix b all balance 5 1.0 shift z 5 1.1 weight var w\nrun 5\n",
                                      "fix 'dn' has not been called yet; add 'run 0'"),
        }
        for name, (lines, expected) in cases.items():
            with self.subTest(name):
                self.assertRegex(self.error_of(self.start_of_script() + lines.format(direct="F_dn[1]" if old else "f_dn[1]"), 2), expected)
