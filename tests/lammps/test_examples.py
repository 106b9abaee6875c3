"""The examples run, and show what they say they show."""

import csv
import glob
import math
import os
import re
import subprocess
import unittest

from harness import ROOT, TIMEOUT


class Examples(unittest.TestCase):
    def run_example(self, name, *variables):
        """Runs it with names and values of variables; returns its folder and the rows of its table."""
        folder = ROOT / "build" / ("test-" + name)
        arguments = [word for pair in zip(variables[::2], variables[1::2]) for word in ("-var", *map(str, pair))]
        done = subprocess.run([ROOT / "examples/run.sh", name, *arguments], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              timeout=3 * TIMEOUT, env={**os.environ, "DENOISE_DEMO": str(folder)}, check=False)
        self.assertEqual(done.returncode, 0, done.stdout.decode()[-3000:])
        with open(folder / f"{name}.csv") as file:
            return folder, list(csv.DictReader(file))

    def test_melt(self):
        """A smaller box and fewer steps than the demo."""
        folder, rows = self.run_example("melt", "size", 5, "steps", 500)
        self.assertEqual([row["step"] for row in rows], ["0", "500"])
        for row in rows:
            crystal = sum(int(row[name]) for name in ("fcc", "hcp"))
            raw = sum(int(row["raw_" + name]) for name in ("fcc", "hcp"))
            self.assertGreater(crystal, 1.2 * raw)
            self.assertTrue(0.25 * 2000 < crystal < 0.75 * 2000, crystal)
        log = (folder / "melt.log").read_text()
        self.assertRegex(log, r"\nFix denoise denoise, steps 0 to 500: 2 calls, [^\n]*\n1 of the calls within the loop, \S+% of its time\n")
        header = (folder / "melt.dump").read_text().splitlines()[8]
        self.assertEqual(header.split()[2:8], ["id", "type", "x", "y", "z", "StructureType"])
        # The report, but where the build could not make its page.
        if "built without the page" not in (told := (folder / "report.log").read_text()):
            self.assertIn("melt.html: 2 tables, 2 frames with up to 2000 atoms", told)
            self.assertIn("Denoised positions and structures are those in the columns", (folder / "melt.html").read_text())

    def test_ice(self):
        """Smaller, and half a picosecond of it: half of it is ice Ih, and none another ice."""
        _, rows = self.run_example("ice", "nx", 3, "ny", 2, "nz", 5, "steps", 250)
        for row in rows:
            ice = int(row["ice-Ih"])
            self.assertEqual("240", row["atoms"])
            self.assertTrue(0.2 * 240 < ice < 0.6 * 240, ice)
            self.assertGreater(ice, 3 * int(row["raw_ice-Ih"]))
            self.assertEqual(240, ice + int(row["other"]))

    def test_glass(self):
        """Smaller, and quenched faster: a liquid, and in the end a glass."""
        _, rows = self.run_example("glass", "size", 5, "rate", 400)
        self.assertGreater(int(rows[0]["liquid"]), 0.95 * 500)
        self.assertGreater(int(rows[-1]["glass"]), 0.95 * 500)

    def test_bicrystal(self):
        """Smaller, and just warm: the misorientation that it was built with."""
        _, rows = self.run_example("bicrystal", "size", 2, "steps", 300)
        self.assertEqual(rows[-1]["step"], "300")
        for row in rows:
            self.assertEqual(row["grain_count"], "2")
            self.assertAlmostEqual(float(row["grain_misorientation"]), math.degrees(2 * math.atan(1 / 3)), delta=0.6)

    def test_strain(self):
        """Smaller, and pressed four times as fast: bcc as it was made, and in the end hcp, perhaps with faults."""
        folder, rows = self.run_example("strain", "size", 5, "rate", -0.02, "steps", 3000)
        self.assertEqual("700", rows[0]["atoms"])
        self.assertGreater(int(rows[0]["bcc"]), 0.97 * 700)
        self.assertLess(int(rows[0]["raw_bcc"]), 0.5 * 700)
        last = rows[-1]
        self.assertEqual("3000", last["step"])
        self.assertGreater(int(last["hcp"]) + int(last["fcc"]), 0.85 * 700)
        self.assertGreater(int(last["hcp"]), 350)
        self.assertIn("v_strain", (folder / "strain.log").read_text())

    @unittest.skipUnless(glob.glob("/usr/lib/*/kim-api/portable-models/EAM_Dynamo_LiSiegelAdams_2003_Ta_*"), "no openkim-models")
    def test_loop(self):
        """The loop, and after a while at 1,000 K: one line, as long as a circle of its area."""
        folder, rows = self.run_example("loop", "steps", 300)
        circle = float(re.search(r"\n91 interstitials: a circle of (\S+) Angstrom", (folder / "loop.log").read_text()).group(1))
        for row in rows[1:]:
            self.assertEqual(row["dislocation_lines"], "1")
            self.assertEqual(row["dislocation_length_111"], row["dislocation_length"])
            self.assertAlmostEqual(float(row["dislocation_length"]), circle, delta=0.1 * circle)
