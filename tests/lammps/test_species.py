"""A model of several species: models/silica.pt."""

import json
import random
import subprocess

from crystals import Atoms
from harness import BUILD, ROOT, TIMEOUT, LammpsCase, fix_denoise, outputs, per_program
from scripts import no_forces

SILICA = ROOT / "models/silica.pt"
SCALE = 0.99


def cristobalite(silicon=1, oxygen=2, repeats=3, a=7.2, noise=0.15):
    """Ideal beta-cristobalite, rattled: 648 atoms."""
    generator = random.Random(3)
    faces = [(0, 0, 0), (0, 0.5, 0.5), (0.5, 0, 0.5), (0.5, 0.5, 0)]
    cell = [(silicon, [c + q for c in f]) for f in faces for q in (0, 0.25)]
    cell += [(oxygen, [c + 0.125 + h / 2 for c, h in zip(f, g)]) for f in faces for g in faces]
    cells = [(i, j, k) for i in range(repeats) for j in range(repeats) for k in range(repeats)]
    atoms = [(kind, [(c + s) * a + generator.gauss(0, noise) for c, s in zip(corner, site)]) for corner in cells for kind, site in cell]
    length = repeats * a
    return Atoms([[x % length for x in r] for _, r in atoms], [length] * 3, types=[kind for kind, _ in atoms])


@per_program()
class Species(LammpsCase):
    @classmethod
    def setUpClass(cls):
        """The model is ours: it is always there."""

    def fix(self, atoms, elements, ranks=1):
        self.write("data", atoms.data(n_types=2))
        rest = f"elements {elements} scale {SCALE} classify none"
        return self.lammps(no_forces(6.0) + fix_denoise(model=SILICA, rest=rest) + "\n" + outputs() + "run 0\n", ranks)

    def test_elements_say_which_types_are_which(self):
        one = self.fix(cristobalite(), "Si O")
        rows, found = one.dump(), one.thermo()[0]["f_dn[11]"]
        self.assertGreater(found, 0.15)
        done = subprocess.run([BUILD / "bin/denoise", "apply", self.folder / "data", "--model", SILICA, "--elements", "Si", "O", "--steps", "3",
                               "--tol", "0", "--scale", str(SCALE), "--classify", "none", "--json"], stdout=subprocess.PIPE, timeout=TIMEOUT,
                              check=True)
        self.assertAlmostEqual(found, json.loads(done.stdout)["frames"][0]["rms_displacement"], delta=1e-5)
        self.assert_same_atoms(rows, self.fix(cristobalite(), "Si O", ranks=4).dump())
        self.assert_same_atoms(rows, self.fix(cristobalite(silicon=2, oxygen=1), "O Si", ranks=2).dump())
        self.assertNotAlmostEqual(found, self.fix(cristobalite(), "O Si").thermo()[0]["f_dn[11]"], delta=0.01)
