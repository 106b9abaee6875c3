"""Analyses that follow `with`: beside LAMMPS's own computes on the same atoms, in thermo, dumps, the compute and the CSV file."""

import re

from crystals import close_packed
from harness import MODEL, LammpsCase, per_program
from scripts import no_forces

# What follows `with`, its column, the compute of LAMMPS with the same values per atom, and how far they may differ.
PER_ATOM = [
    ("coordination:3.2", "coordination", "coord/atom cutoff 3.2", 0),
    ("cna:3.09", "cna", "cna/atom 3.09", 0),
    ("centro", "centrosymmetry", "centro/atom fcc", 1e-9),
    ("centro:neighbors=8", "centrosymmetry_2", "centro/atom bcc", 1e-9),
    ("steinhardt:l=4+6,neighbors=12", "q6", "orientorder/atom degrees 1 6 nnn 12 cutoff 6.9", 1e-9),
    ("steinhardt:l=4,w,neighbors=12", "w4_2", "orientorder/atom degrees 1 4 nnn 12 cutoff 6.9 wl/hat yes", 1e-8),
]

# LAMMPS numbers structures in another way: fcc 1, hcp 2, bcc 3, icosahedral 4, unknown 5.
TRANSLATED = {"cna": {5: 0}}


@per_program()
class Analyses(LammpsCase):
    def indices(self, run):
        """{name: (index, is per atom)} from the table that the fix prints."""
        found = {}
        for line in run.output.splitlines():
            words = line.split()
            if words and words[0].startswith("f_dn["):
                found[words[-1]] = (int(words[0][5:-1]), words[1:3] == ["per", "atom"])
        return found

    def test_per_atom_values_are_those_of_computes(self):
        self.write("data", close_packed(noise=0.2).data())
        specs = " ".join(spec for spec, *_ in PER_ATOM)
        probe = self.lammps(no_forces(7.0) + f"fix dn all denoise 5 none with {specs}\nrun 0\n")
        index = {name: i for name, (i, per_atom) in self.indices(probe).items() if per_atom}
        columns = " ".join(f"f_dn[{index[column]}] c_l{k}{'[2]' if 'wl/hat' in compute else '[1]' if 'order' in compute else ''}"
                           for k, (_, column, compute, _) in enumerate(PER_ATOM))
        computes = "\n".join(f"compute l{k} all {compute}" for k, (_, _, compute, _) in enumerate(PER_ATOM))
        script = (no_forces(7.0) + f"fix dn all denoise 5 none with {specs}\n{computes}\n"
                  f"dump out all custom 5 out.dump id {columns}\ndump_modify out format float %.15g\nrun 0\n")
        for ranks in (1, 3):
            atoms = self.lammps(script, ranks).dump()
            for k, (spec, column, compute, tolerance) in enumerate(PER_ATOM):
                with self.subTest(spec, ranks=ranks):
                    for i, row in atoms.items():
                        ours = row[f"f_dn[{index[column]}]"]
                        theirs, = (value for name, value in row.items() if name.partition("[")[0] == f"c_l{k}")
                        theirs = TRANSLATED.get(column, {}).get(theirs, theirs)
                        self.assertAlmostEqual(ours, theirs, delta=tolerance, msg=f"{column} and {compute} of atom {i}")

    def test_clusters_are_those_of_the_compute(self):
        self.write("data", close_packed(noise=0.2).data())
        script = (no_forces(7.0) + "fix dn all denoise 5 none with clusters:all,cutoff=2.3\ncompute c all cluster/atom 2.3\n"
                  "dump out all custom 5 out.dump id f_dn[6] f_dn[7] c_c\nthermo_style custom step f_dn[15] f_dn[16]\nrun 0\n")
        for ranks in (1, 3):
            run = self.lammps(script, ranks)
            ours, theirs = {}, {}
            for i, row in run.dump().items():
                ours.setdefault(row["f_dn[6]"], set()).add(i)
                theirs.setdefault(row["c_c"], set()).add(i)
            self.assertEqual(sorted(map(sorted, ours.values())), sorted(map(sorted, theirs.values())))
            self.assertGreater(len(ours), 2)
            self.assertEqual([len(ours[k]) for k in sorted(ours)], sorted(map(len, ours.values()), reverse=True))
            self.assertTrue(all(row["f_dn[7]"] == len(ours[row["f_dn[6]"]]) for row in run.dump().values()))
            self.assertEqual(run.thermo()[-1]["f_dn[15]"], len(ours))
            self.assertEqual(run.thermo()[-1]["f_dn[16]"], len(ours[1]))

    def test_msd_is_that_of_the_compute(self):
        self.write("data", close_packed(noise=0.1).data())
        script = (no_forces(7.0) + "velocity all create 9000 1 loop all\nfix nve all nve\nneigh_modify every 1 delay 0\ntimestep 0.01\n"
                  "fix dn all denoise 50 none with msd:unwrap\ncompute m all msd\nthermo 50\nthermo_style custom step f_dn[*] c_m[4]\n"
                  "thermo_modify format float %.15g\nrun 400\n")
        for ranks in (1, 3):
            run = self.lammps(script, ranks)
            index = self.indices(run)["msd"][0]
            for row in run.thermo():
                self.assertAlmostEqual(row[f"f_dn[{index}]"], row["c_m[4]"], delta=1e-8 * max(1, row["c_m[4]"]))
            self.assertGreater(run.thermo()[-1]["c_m[4]"], 100)

    def test_rdf_is_that_of_the_compute(self):
        self.write("data", close_packed(noise=0.2).data())
        script = (no_forces(7.0) + "fix dn all denoise 5 none with rdf:cutoff=7,bins=30\ncompute r all rdf 30\n"
                  "fix r all ave/time 1 1 1 c_r[*] file rdf.txt mode vector\n"
                  "thermo_style custom step f_dn[*]\nthermo_modify format float %.15g\nrun 0\n")
        for ranks in (1, 3):
            run = self.lammps(script, ranks)
            values = run.thermo()[-1]
            lines = [line.split() for line in (self.folder / "rdf.txt").read_text().splitlines() if line[0] != "#"]
            bins = [float(words[2]) for words in lines[1:]]
            index = self.indices(run)
            self.assertEqual(len(bins), 30)
            self.assertGreater(max(bins), 2)
            for k, theirs in enumerate(bins):
                self.assertAlmostEqual(values[f"f_dn[{index[f'rdf[{k + 1}]'][0]}]"], theirs, delta=2e-3 * max(1, theirs))

    def test_values_of_before_keep_their_places(self):
        self.write("data", close_packed(noise=0.2).data())
        script = no_forces(7.0) + "fix dn all denoise 5 {} steps 2 {} file {}\nthermo_style custom step f_dn f_dn[*]\nrun 0\n"
        plain = self.lammps(script.format(MODEL, "", "a.csv")).thermo()[-1]
        more = self.lammps(script.format(MODEL, "with acna acna:on=raw cna:3.09", "b.csv"))
        for k in range(1, 14):
            self.assertEqual(plain[f"f_dn[{k}]"], more.thermo()[-1][f"f_dn[{k}]"], k)
        line, = more.csv("b.csv")
        for kind in ("other", "fcc", "hcp", "bcc", "ico"):
            self.assertEqual(line[f"acna_{kind}"], line[kind])
            self.assertEqual(line[f"acna_{kind}_raw"], line[f"raw_{kind}"])
        index = self.indices(more)["acna_fcc_raw"][0]
        self.assertEqual(more.thermo()[-1][f"f_dn[{index}]"], line["raw_fcc"])
        self.assertIn("analyses", self.error_of(script.format(MODEL, "", "b.csv")))

    def test_rows_follow_the_atoms(self):
        self.write("data", close_packed(noise=0.2).data())
        script = (no_forces(7.0) + "velocity all create 3000 1 loop all\nfix nve all nve\nneigh_modify every 1 delay 0\n"
                  f"fix dn all denoise 10 {MODEL} steps 2 with coordination:3.2\ncompute c all denoise/atom dn\n"
                  "variable c atom c_c[6]\nvariable same atom abs(v_c-f_dn[6])\ncompute m all reduce max c_c[6] f_dn[6]\n"
                  "dump out all custom 10 out.dump id c_c[6] f_dn[6] v_c\nrun 30\n")
        one, three = (self.lammps(script, ranks).dump() for ranks in (1, 3))
        for i, row in one.items():
            self.assertEqual(len({row["c_c[6]"], row["f_dn[6]"], row["v_c"], three[i]["f_dn[6]"]}), 1)
        self.assertGreater(len({row["f_dn[6]"] for row in one.values()}), 1)

    def test_what_analyses_have_to_say_is_said_once_per_run(self):
        self.write("data", close_packed(layers="ABCABCABCABC", noise=0.05).data())
        script = no_forces(16.0) + "fix dn all denoise 5 none with dislocations:structure=bcc,lattice=2.9\nrun 10\nrun 10\n"
        for ranks in (1, 3):
            run = self.lammps(script, ranks)
            said = r"^WARNING: Fix denoise dn: in step (\d+) dislocations: .* bcc, of which lines are sought"
            found = re.findall(said, run.output, re.MULTILINE)
            # The values of step 10 are there when the second run begins.
            self.assertEqual(found, ["0", "15"], run.output[-3000:])

    def test_wrong_analyses_are_refused(self):
        self.write("data", close_packed().data())
        for words, expected in [("with", "needs an analysis"), ("with acna threads 1 with", "needs an analysis"),
                                ("with nonsense", "'nonsense' is no analysis; there are"), ("with cna", "cutoff"),
                                ("with cna:0", "positive"), ("with cna:3,3", "not known")]:
            with self.subTest(words):
                error = self.error_of(no_forces(7.0) + f"fix dn all denoise 5 none {words}\nrun 0\n")
                self.assert_one_sentence(error)
                self.assertIn(expected, error)

    def test_ghosts_must_reach_as_far_as_analyses_look(self):
        self.write("data", close_packed().data())
        error = self.error_of(no_forces(4.0) + "fix dn all denoise 5 none with coordination:7\nrun 0\n")
        self.assertRegex(error, r"comm_modify cutoff")
