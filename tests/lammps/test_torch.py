"""TorchScript programs in LAMMPS: `engine torch`."""

import importlib.util
import re

from crystals import close_packed
from harness import BUILD, MODEL, ROOT, LammpsCase, fix_denoise, outputs
from scripts import no_forces

_spec = importlib.util.spec_from_file_location("torch_support", ROOT / "tests/torch/support.py")
torch_support = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(torch_support)


@torch_support.needs_torch(BUILD)
class Torch(torch_support.WithModules, LammpsCase):
    def setUp(self):
        super().setUp()
        self.write("data", close_packed().data())

    def script(self, model, rest, line="comm_modify cutoff 12.5"):
        return no_forces(2.0) + f"{line}\n" + fix_denoise(model=model, rest=rest) + "\n" + outputs() + "run 0\n"

    def test_same_as_our_engine(self):
        ours = self.lammps(self.script(MODEL, "")).dump()
        for ranks in 1, 2, 4:
            theirs = self.lammps(self.script(self.modules / "metals.ts.pt", "engine torch"), ranks)
            self.assert_same_atoms(ours, theirs.dump(), message=f"{ranks} ranks")
            self.assertGreater(theirs.thermo()[0]["f_dn"], 0.5)

    def test_the_line_that_ghosts_need(self):
        """As far as all layers see, and with the line that the error names it runs."""
        error = self.error_of(self.script(self.modules / "metals.ts.pt", "engine torch scale 1", line=""))
        self.assert_one_sentence(error)
        self.assertIn("3 layers of the network's cutoff of 3.4", error)
        line = re.search(r"Add this line before the run: (comm_modify cutoff \S+)$", error).group(1)
        self.assertAlmostEqual(3 * 3.4 * 1.02 + 1.0, float(line.split()[-1]), delta=0.1)
        self.lammps(self.script(self.modules / "metals.ts.pt", "engine torch scale 1", line))

    def test_mistakes(self):
        for model, rest, words in (
            ("metals.ts.pt", "", "is a TorchScript program"),
            ("metals.ts.pt", "engine", "'engine' needs 'auto', 'reference', 'torch'"),
            ("metals.ts.pt", "engine lava", "engine: 'lava' is unknown"),
            ("Throws.ts.pt", "engine torch", "the module failed: .*only for water"),
        ):
            with self.subTest(model=model, rest=rest):
                error = self.error_of(self.script(self.modules / model, rest))
                self.assertRegex(error, words)

    def test_reference_engine(self):
        ours, exact = self.lammps(self.script(MODEL, "")), self.lammps(self.script(MODEL, "engine reference"), ranks=2)
        self.assert_same_atoms(ours.dump(), exact.dump())
