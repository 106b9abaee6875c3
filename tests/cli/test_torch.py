"""TorchScript programs as models: --engine torch. What they say is compared with our engines on the same weights."""

import importlib.util
import os
import subprocess
import unittest
from pathlib import Path

import crystals
from support import CU_MODEL, DENOISE, MODEL, ROOT, CliTestCase, read_dump, run

_spec = importlib.util.spec_from_file_location("torch_support", ROOT / "tests/torch/support.py")
torch_support = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(torch_support)

# What single precision may make of a step, in Å (CONTRIBUTING, "Building and testing").
TOLERANCE = 1e-5


def rows(path):
    """{id: [x, y, z, structure type]} of the one frame of a dump."""
    frame, = read_dump(path)
    return {int(atom["id"]): [float(atom[name]) for name in ("x", "y", "z", "StructureType")] for atom in frame["atoms"]}


@torch_support.needs_torch(Path(DENOISE).parents[1])
class TorchTests(torch_support.WithModules, CliTestCase):
    def setUp(self):
        super().setUp()
        self.frame = crystals.write(self.path("in.dump"), crystals.dump_text(crystals.crystal(repeats=(4, 4, 4), seed=11)))

    def apply(self, model, *options, ranks=1):
        out = self.path("out.dump")
        result = run("apply", self.frame, "--model", model, "--tol", 0, "--steps", 3, "--threads", 1, "-o", out, "--force", *options,
                     ranks=ranks)
        self.assertEqual(0, result.returncode, result.stderr)
        return rows(out)

    def assert_close(self, expected, found):
        self.assertEqual(expected.keys(), found.keys())
        for i, row in expected.items():
            self.assertEqual(row[3], found[i][3])
            for a, b in zip(row[:3], found[i][:3]):
                self.assertAlmostEqual(a, b, delta=TOLERANCE, msg=f"atom {i}")

    def fails(self, model, *options, frame=None):
        return run("apply", frame or self.frame, "--model", self.modules / model, *options)

    def test_same_as_our_engines_on_any_number_of_ranks(self):
        pairs = [("metals.ts.pt", MODEL, (1, 2, 4))] + ([("Cu.ts.pt", CU_MODEL, (1, 2))] if torch_support.HAS_PUBLISHED else [])
        for script, ours, numbers in pairs:
            exact, fast = self.apply(ours, "--engine", "reference"), self.apply(ours)
            self.assertGreater(sum(row[3] == 1 for row in exact.values()), 250)
            for ranks in numbers:
                with self.subTest(script=script, ranks=ranks):
                    found = self.apply(self.modules / script, "--engine", "torch", "--split", "domains", ranks=ranks)
                    self.assert_close(exact, found)
                    self.assert_close(fast, found)

    def test_shifts_in_double_precision(self):
        exact = self.apply(MODEL, "--engine", "reference")
        for ranks in 1, 2:
            self.assert_close(exact, self.apply(self.modules / "shifted.ts.pt", "--engine", "torch", ranks=ranks))

    def test_reach_is_layers_times_cutoff(self):
        """The same program that says it has one layer sees too little on two ranks: what the layers are for."""
        exact = self.apply(MODEL, "--engine", "reference")
        found = self.apply(self.modules / "one-layer.ts.pt", "--engine", "torch", "--split", "domains", ranks=2)
        self.assertGreater(max(abs(a - b) for i in exact for a, b in zip(exact[i][:3], found[i][:3])), 100 * TOLERANCE)

    def test_gradients_of_an_energy(self):
        direct = self.apply(self.modules / "push.ts.pt", "--engine", "torch")
        for ranks in 1, 2:
            self.assert_close(direct, self.apply(self.modules / "energy.ts.pt", "--engine", "torch", "--split", "domains", ranks=ranks))

    def test_names_atoms(self):
        result = run("classify", self.frame, "--model", self.modules / "named.ts.pt", "--engine", "torch", "--json")
        self.assertEqual(0, result.returncode, result.stderr)
        self.assertIn('"many"', result.stdout)

    def test_open_boundaries_and_lone_atoms(self):
        slab = crystals.slab()
        self.frame = crystals.write(self.path("slab.dump"), crystals.dump_text(slab))
        exact = self.apply(MODEL, "--engine", "reference", "--scale", 1)
        self.assert_close(exact, self.apply(self.modules / "metals.ts.pt", "--engine", "torch", "--scale", 1))

    def test_every_mistake_is_one_sentence(self):
        for module, words in {
            "WrongShape.ts.pt": ["must be [256, 3]: a row per atom"],
            "Throws.ts.pt": ["the module failed", "only for water"],
            "TooMany.ts.pt": ["returned 2 tensors where denoise.json promises 1"],
            "Words.ts.pt": ["must return a tensor or a tuple of tensors"],
            "FewArguments.ts.pt": ["the module failed", "received 5 argument(s)"],
            "NotANumber.ts.pt": ["is not finite"],
            "typo.ts.pt": ["'cutof' is no key"],
            "bare.ts.pt": ["has no denoise.json"],
        }.items():
            with self.subTest(module=module):
                self.assert_fails(self.fails(module, "--engine", "torch"), *words)

    def test_engine_and_file_must_fit(self):
        self.assert_fails(self.fails("metals.ts.pt"), "is a TorchScript program", "'engine torch'")
        self.assert_fails(self.fails("metals.ts.pt", "--engine", "reference"), "is a TorchScript program")
        self.assert_fails(self.fails(MODEL, "--engine", "torch"), "is no TorchScript program")
        self.assert_fails(self.fails("metals.ts.pt", "--engine", "torch:gpu"), "--engine: 'torch:gpu' is not", code=2)

    def test_a_libtorch_that_is_not_there_or_does_not_fit(self):
        def fails(folder, engine="torch"):
            return run("apply", self.frame, "--model", self.modules / "push.ts.pt", "--engine", engine,
                       env={"DENOISE_LIBTORCH": str(folder)})

        self.assert_fails(fails(""), "no libtorch is known", "DENOISE_LIBTORCH")
        self.assert_fails(fails(self.folder), "there is no libtorch_cpu.so in")
        debian = Path("/usr/lib/python3/dist-packages/torch/lib")
        if debian.exists():
            self.assert_fails(fails(debian), "is of PyTorch 1.", "needs 2.10")
            # Without the rest of that PyTorch nothing says its version but what it lacks.
            for name in ("libc10.so", "libtorch_cpu.so", "libtorch.so"):
                (self.folder / name).symlink_to((debian / name).resolve())
            self.assert_fails(fails(self.folder), "does not fit", "needs 2.10")
        result = run("apply", self.frame, "--model", self.modules / "push.ts.pt", "--engine", "torch", env={"DENOISE_TORCH": "/nowhere"})
        self.assert_fails(result, "there is no /nowhere/libdenoise_torch.so")

    def test_cuda_where_there_is_none(self):
        result = self.fails("push.ts.pt", "--engine", "torch:cuda")
        if result.returncode:
            self.assert_fails(result, "sees no CUDA device")

    def test_a_failure_on_one_rank_ends_all(self):
        result = run("apply", self.frame, "--model", self.modules / "Throws.ts.pt", "--engine", "torch", "--split", "domains", ranks=2)
        self.assert_fails(result, "only for water")


@unittest.skipUnless(torch_support.HAS_GRAPHITE, "needs graphite, e3nn, torch_geometric (none of Debian's) and the published weights")
@torch_support.needs_torch(Path(DENOISE).parents[1])
class GraphiteTests(CliTestCase):
    def test_the_published_module_says_what_our_engine_says(self):
        """graphite's and e3nn's own code, as a TorchScript program."""
        frame = crystals.write(self.path("in.dump"), crystals.dump_text(crystals.crystal(repeats=(4, 4, 4), seed=11)))
        script = self.path("Cu.ts.pt")
        done = subprocess.run(
            ["/usr/bin/python3", str(ROOT / "examples/torch/from_graphite.py"), str(CU_MODEL), script, "--neighbors", "12",
             "--cutoff", "3.2"],
            capture_output=True, text=True, timeout=300, env={**os.environ, "OMP_NUM_THREADS": "1"}, check=False)
        self.assertEqual(0, done.returncode, done.stderr)
        found = {}
        for model, *options in (CU_MODEL,), (script, "--engine", "torch"):
            out = self.path("out.dump")
            result = run("apply", frame, "--model", model, "--scale", 1, "--tol", 0, "--steps", 3, "-o", out, "--force", *options)
            self.assertEqual(0, result.returncode, result.stderr)
            found[model] = rows(out)
        for i, row in found[CU_MODEL].items():
            for a, b in zip(row[:3], found[script][i][:3]):
                self.assertAlmostEqual(a, b, delta=TOLERANCE, msg=f"atom {i}")
