"""Structures that a model names: vector, indices, columns and the CSV file, whatever the number of ranks."""

import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

from crystals import close_packed
from harness import BUILD, REFERENCE, ROOT, LammpsCase, per_program
from scripts import no_forces
from test_species import cristobalite

CLASSIFIER = REFERENCE / "DC3-classifier.pt"

# Hundreds of steps in a second.
TRAINING = ["--prototypes", "fcc,bcc", "--hidden", "4x0e+4x1o", "--layers", "1", "--radial", "8", "--cutoff", "3.2", "--atoms", "20",
            "--batch", "2", "--warm-up", "10", "--steps", "200", "--molten", "0.3", "--classes"]
STRUCTURES = {"other": 0, "fcc": 1, "bcc": 3}


@per_program()
class Naming(LammpsCase):
    @classmethod
    def setUpClass(cls):
        cls.models = Path(tempfile.mkdtemp(prefix="denoise-lammps-"))
        cls.addClassCleanup(shutil.rmtree, cls.models, ignore_errors=True)
        subprocess.run([BUILD / "bin/denoise", "train", "-o", cls.models / "m.pt", *TRAINING], check=True, capture_output=True)

    def run_with(self, ranks, options):
        self.write("data", close_packed(noise=0.2).data())
        (self.folder / "out.csv").unlink(missing_ok=True)
        return self.lammps(no_forces(7.0) + f"fix dn all denoise 5 {self.models}/m.pt tol 0 file out.csv {options}\n"
                           "dump out all custom 5 out.dump id f_dn[1] f_dn[6] f_dn[7]\ndump_modify out format float %.15g\n"
                           "thermo_style custom step f_dn f_dn[*]\nthermo_modify format float %.15g\nrun 0\n", ranks)

    def test_names_are_those_of_the_model(self):
        for options, iterations in (("steps 2 with classes", 2), ("steps 0 classify model with classes", 0)):
            found = []
            for ranks in (1, 3):
                run = self.run_with(ranks, options)
                self.assertIn("structures are named by the model", run.output)
                for k, (name, number) in enumerate(STRUCTURES.items()):
                    self.assertIn(f"  f_dn[{k + 1}], before denoising f_dn[{k + 4}]  {name}, structure type {number}\n", run.output)
                values, (line,), atoms = run.thermo()[-1], run.csv(), run.dump()
                counts = [sum(row["f_dn[1]"] == number for row in atoms.values()) for number in STRUCTURES.values()]
                self.assertEqual(len(atoms), sum(counts))
                self.assertEqual(counts, [values[f"f_dn[{k}]"] for k in (1, 2, 3)])
                self.assertEqual(counts, [line[name] for name in STRUCTURES])
                raw = [values[f"f_dn[{k}]"] for k in (4, 5, 6)]
                self.assertEqual(raw, [line[f"raw_{name}"] for name in STRUCTURES])
                self.assertEqual(len(atoms), line["atoms"])
                self.assertAlmostEqual(values["f_dn"], 1 - counts[0] / len(atoms), places=12)
                # rms displacement, iterations, scale, seconds; then probability_mean and the analysis.
                self.assertEqual(iterations, values["f_dn[8]"])
                self.assertAlmostEqual(values["f_dn[11]"], sum(row["f_dn[6]"] for row in atoms.values()) / len(atoms), places=8)
                self.assertAlmostEqual(values["f_dn[11]"], line["probability_mean"], places=8)
                self.assertTrue(all(row["f_dn[7]"] == {0: 0, 1: 1, 3: 2}[row["f_dn[1]"]] for row in atoms.values()))
                if iterations == 0:
                    self.assertEqual((counts, 0), (raw, values["f_dn[7]"]))
                found.append((counts, raw, {i: row["f_dn[1]"] for i, row in atoms.items()}))
            self.assertEqual(found[0], found[1])

    @unittest.skipUnless(CLASSIFIER.exists(), "needs the published weights")
    def test_the_published_classifier_names_and_moves_nothing(self):
        crystal = close_packed(noise=0.05)
        self.write("data", crystal.data())
        found = []
        for ranks in (1, 3):
            run = self.lammps(no_forces(7.0) + f"fix dn all denoise 5 {CLASSIFIER} elements Na scale 1.02\n"
                              "dump out all custom 5 out.dump id f_dn[1] f_dn[5]\nthermo_style custom step f_dn[*]\nrun 0\n", ranks)
            values, atoms = run.thermo()[-1], run.dump()
            # other, fcc, hcp, bcc, sc, diamond, hexdiamond; as many before; rms displacement, iterations.
            self.assertEqual(len(atoms), sum(values[f"f_dn[{k}]"] for k in range(1, 8)))
            self.assertGreater(values["f_dn[2]"] + values["f_dn[3]"], 0.9 * len(atoms))
            self.assertEqual((0, 0), (values["f_dn[15]"], values["f_dn[16]"]))
            self.assertTrue(all(row["f_dn[5]"] == 0 for row in atoms.values()))
            found.append({i: row["f_dn[1]"] for i, row in atoms.items()})
        self.assertEqual(found[0], found[1])

    def test_geometry_names_where_it_is_asked_for(self):
        run = self.run_with(1, "steps 2 classify acna with classes")
        self.assertNotIn("named by the model", run.output)
        line, = run.csv()
        self.assertIn("ico", line)


MAPS = ROOT / "models/lattices.pt"


@per_program()
class NeighborsMaps(LammpsCase):
    def test_structures_are_named_by_images_on_any_ranks(self):
        self.write("data", close_packed(noise=0.1).data())
        found = []
        for ranks in (1, 3):
            run = self.lammps(no_forces(7.0) + f"fix dn all denoise 5 none classify map {MAPS}\ndump out all custom 5 out.dump id f_dn[1] "
                              "f_dn[6]\ndump_modify out format float %.15g\nthermo_style custom step f_dn[*]\nrun 0\n", ranks)
            self.assertIn("structures are named by map:", run.output)
            atoms = run.dump()
            self.assertEqual(sum(row["f_dn[1]"] == 1 for row in atoms.values()), run.thermo()[-1]["f_dn[2]"])
            self.assertGreater(sum(row["f_dn[1]"] in (1, 2) for row in atoms.values()), 0.95 * len(atoms))
            self.assertTrue(all(row["f_dn[6]"] == row["f_dn[1]"] for row in atoms.values()))
            found.append(atoms)
        self.assertEqual(found[0], found[1])

    def test_a_file_must_follow_and_be_there(self):
        self.write("data", close_packed(noise=0.1).data())
        for words, expected in (("map", "classify map"), ("map none.pt", "none.pt")):
            error = self.error_of(no_forces(7.0) + f"fix dn all denoise 5 none classify {words}\nrun 0\n")
            self.assertIn(expected, error)


SILICA = ROOT / "models/silica.pt"
CRISTOBALITE = "beta-cristobalite"


@per_program()
class References(LammpsCase):
    @classmethod
    def setUpClass(cls):
        """The model is ours, and the file is made by the program."""

    def run_with(self, ranks, options):
        run = self.lammps(no_forces(8.0) + f"comm_modify cutoff 9.6\nfix dn all denoise 5 {options}\n"
                          "dump out all custom 5 out.dump id type f_dn[1]\nthermo_style custom step f_dn[*]\nrun 0\n", ranks)
        return run, run.dump()

    def test_silicon_has_the_names_of_the_references_on_any_ranks(self):
        subprocess.run([BUILD / "bin/denoise", "reference", "--structures", f"beta-quartz,{CRISTOBALITE}", "--elements", "Si",
                        "-o", self.folder / "silica.ref", "--force"], check=True, capture_output=True)
        # One step leaves some atoms without a name.
        crystal = cristobalite(noise=0.25)
        self.write("data", crystal.data(n_types=2))
        silicon = crystal.types.count(1)
        for options, word in ((f"{SILICA} elements Si O steps 1", "references"),
                              (f"{SILICA} elements Si O steps 1 classify reference silica.ref,types=1", "reference:silica.ref"),
                              ("none classify reference silica.ref,types=1", "reference:silica.ref")):
            found = []
            for ranks in (1, 2, 4):
                run, atoms = self.run_with(ranks, options)
                self.assertIn(word, run.output)
                lines = [line.split() for line in run.output.splitlines() if f" {CRISTOBALITE}, structure type " in line]
                (column, number), = [(line[0].rstrip(","), int(line[-1])) for line in lines]
                named = sum(row["f_dn[1]"] == number for row in atoms.values())
                self.assertEqual(named, run.thermo()[-1][column])
                self.assertTrue(all(row["type"] == 1 for row in atoms.values() if row["f_dn[1]"] == number))
                self.assertLessEqual(named, silicon)
                found.append(atoms)
            self.assertEqual(found[0], found[1])
            self.assertEqual(found[0], found[2])
            if options.startswith(str(SILICA)):
                self.assertGreater(named, 0.8 * silicon)

    def test_a_file_must_follow_and_be_there(self):
        self.write("data", cristobalite().data(n_types=2))
        for words, expected in (("reference", "classify reference"), ("reference none.ref", "none.ref")):
            error = self.error_of(no_forces(8.0) + f"fix dn all denoise 5 none classify {words}\nrun 0\n")
            self.assertIn(expected, error)
