"""denoise info on models and on trajectories."""

import json

import crystals
from support import CU_MODEL, REFERENCE, CliTestCase, needs_models, run


class InfoTests(CliTestCase):
    @needs_models
    def test_model(self):
        result = run("info", CU_MODEL)
        self.assertEqual(0, result.returncode, result.stderr)
        self.assertIn("8x0e+8x1e+4x2e", result.stdout)
        self.assertIn("41,168", result.stdout)

    @needs_models
    def test_every_model_of_the_reference_as_json(self):
        for path in sorted(REFERENCE.glob("*.pt")):
            # Weights alone do not say what these were trained with.
            bare = {"Cu-denoiser.state_dict.pt": (3.2, 12), "ice-denoiser-ckt.pt": (5.0, 16)}.get(path.name)
            options = ["--cutoff", bare[0], "--neighbors", bare[1]] if bare else []
            with self.subTest(path=path.name):
                result = run("info", path, "--json", *options)
                self.assertEqual(0, result.returncode, result.stderr)
                self.assertGreater(json.loads(result.stdout)["parameters"], 1000)

    @needs_models
    def test_weights_alone_need_their_cutoff(self):
        model = REFERENCE / "ice-denoiser-ckt.pt"
        self.assert_fails(run("info", model), model.name, "'cutoff'", "'neighbors'", ".json")

    @needs_models
    def test_what_goes_before_the_file_is_told(self):
        bare = REFERENCE / "Cu-denoiser.state_dict.pt"
        for model, cutoff, told in ((CU_MODEL, 5, ["cutoff: 5 is used, where the file says 3.2"]), (CU_MODEL, 3.2, []), (bare, 3.2, [])):
            result = run("info", model, "--cutoff", cutoff, "--neighbors", 12)
            self.assertEqual([f"denoise: warning: {model}: {line}." for line in told], result.stderr.splitlines())

    def test_trajectory(self):
        frames = [crystals.crystal(repeats=(3, 3, 3), seed=s, step=10 * s) for s in range(4)]
        path = crystals.write(self.path("a.dump.gz"), "".join(map(crystals.dump_text, frames)))
        result = run("info", path, "--json")
        self.assertEqual(0, result.returncode, result.stderr)
        info = json.loads(result.stdout)
        self.assertEqual(
            ["LAMMPS dump", 4, 0, 30, 108, [True] * 3],
            [info[k] for k in ("format", "frames", "first_step", "last_step", "most_atoms", "periodic")])
        self.assertIn("0 to 30", run("info", path).stdout)

    def test_missing_file(self):
        for name in ("none.pt", "none.dump"):
            self.assert_fails(run("info", self.path(name)), name, "no such file")
