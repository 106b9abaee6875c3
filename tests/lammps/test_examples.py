"""The examples run, and show what they say they show."""

import csv
import os
import subprocess
import unittest

from harness import ROOT, TIMEOUT


class Examples(unittest.TestCase):
    def test_melt(self):
        """A smaller box and fewer steps than the demo."""
        folder = ROOT / "build/test-melt"
        done = subprocess.run([ROOT / "examples/run.sh", "melt", "-var", "size", "5", "-var", "steps", "500"], stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, timeout=3 * TIMEOUT, env={**os.environ, "DENOISE_DEMO": str(folder)}, check=False)
        self.assertEqual(done.returncode, 0, done.stdout.decode()[-3000:])
        with open(folder / "melt.csv") as file:
            rows = list(csv.DictReader(file))
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
