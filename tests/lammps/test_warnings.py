"""What the model is not made for is said: each thing once per run, with the step and how many atoms."""

import random
import re

from crystals import Atoms, close_packed
from harness import MODEL, LammpsCase, per_program
from scripts import no_forces


def gas(count=400, length=32.0, nearest=1.6):
    """Atoms at random, none closer than `nearest` to another."""
    generator = random.Random(5)
    positions = []
    while len(positions) < count:
        r = [generator.random() * length for _ in range(3)]
        apart = (sum(min(abs(a - b), length - abs(a - b)) ** 2 for a, b in zip(r, other)) for other in positions)
        if all(distance > nearest**2 for distance in apart):
            positions.append(r)
    return Atoms(positions, [length] * 3)


@per_program()
class Warnings(LammpsCase):
    def warnings(self, atoms, rest, runs=2):
        self.write("data", atoms.data())
        run = self.lammps(no_forces(9.0) + f"fix dn all denoise 5 {MODEL} {rest}\n" +
                          "run 10\ndisplace_atoms all random 0.01 0.01 0.01 7\n" * runs, 2)
        return re.findall(r"^WARNING: Fix denoise dn: in step (\d+) (\d+) of (\d+) atoms (.*?) \(\S+:\d+\)$", run.output, re.MULTILINE)

    def test_gas(self):
        """Not a crystal, and no liquid either. The second run says it again, as that of LAMMPS may be another input."""
        found = self.warnings(gas(), "scale 1")
        texts = [text for _, _, _, text in found]
        self.assertTrue(any("far fewer or far more neighbors than those that the model was trained with" in text for text in texts), found)
        for text in set(texts):
            self.assertLessEqual(texts.count(text), 2, found)
        for _, some, all_atoms, _ in found:
            self.assertTrue(0 < int(some) <= int(all_atoms) == 400, found)

    def test_crystal(self):
        self.assertEqual(self.warnings(close_packed(noise=0.1), ""), [])

    def test_too_few_iterations(self):
        """Said where iterations end before the tolerance is met, and not where a tolerance of 0 asks for their number."""
        found = self.warnings(close_packed(noise=0.2), "steps 1", runs=1)
        self.assertEqual(len(found), 1, found)
        self.assertRegex(found[0][3], "would still be moved after the last iteration; .* or needs more 'steps'")
        self.assertEqual(self.warnings(close_packed(noise=0.2), "steps 1 tol 0", runs=1), [])
