"""denoise train --maps and --method map:FILE: images of neighborhoods."""

import crystals
from support import ROOT, CliTestCase, read_dump, run

LATTICES = ROOT / "models/lattices.pt"
QUICK = ("--epochs", "8", "--per-frame", "150", "--batch", "16")


class MapTests(CliTestCase):
    def snapshots(self, name, seeds, noise=0.15):
        basis, a = {"fcc": (crystals.FCC, 3.615), "bcc": (crystals.BCC, 2.87)}[name]
        for seed in seeds:
            frame = crystals.crystal(basis=basis, a=a, noise=noise, seed=seed)
            crystals.write(self.path(f"{name}-{seed}.dump"), crystals.dump_text(frame))

    def test_a_map_is_learned_and_names(self):
        for name in ("fcc", "bcc"):
            self.snapshots(name, (1, 2, 3))
        words = [f"{name}={self.path(f'{name}-{seed}.dump')}" for name in ("fcc", "bcc") for seed in (1, 2)]
        for out, threads in (("one.pt", "1"), ("two.pt", "2")):
            result = run("train", "--maps", *words, *QUICK, "--threads", threads, "-o", self.path(out))
            self.assertEqual(0, result.returncode, result.stderr)
            self.assertIn("600 images of bcc, fcc; 540 to learn from, 60 held out", result.stdout)
        self.assertEqual(self.path("one.pt").read_bytes(), self.path("two.pt").read_bytes())
        for name in ("fcc", "bcc"):
            found, = self.frames("classify", self.path(f"{name}-3.dump"), "--method", f"map:{self.path('one.pt')}")
            self.assertGreater(found["counts"][name], 0.95 * found["atoms"])
        # What has names in a column can be learned from, too.
        named = self.path("named.dump")
        self.assertEqual(0, run("classify", self.path("fcc-3.dump"), "--method", f"map:{self.path('one.pt')}", "-o", named).returncode)
        again = run("train", "--maps", named, f"bcc={self.path('bcc-1.dump')}", *QUICK, "-o", self.path("again.pt"))
        self.assertEqual(0, again.returncode, again.stderr)

    def test_the_lattices_that_ship(self):
        for name in ("fcc", "bcc"):
            self.snapshots(name, (5,), noise=0.1)
            path, out = self.path(f"{name}-5.dump"), self.path("out.dump")
            found, = self.frames("apply", path, "--steps", "1", "--model", ROOT / "models/metals.pt", "--classify", f"map:{LATTICES}")
            self.assertGreater(found["counts"][name], 0.97 * found["atoms"])
            self.assertEqual(0, run("classify", path, "--method", f"map:{LATTICES},confidence=1", "-o", out).returncode)
            written, = read_dump(out)
            self.assertIn("0", {atom["StructureType"] for atom in written["atoms"]})

    def test_bad_input_is_one_sentence(self):
        self.snapshots("fcc", (1,))
        path = self.path("fcc-1.dump")
        for words, expected in [
            (("train", "--maps", f"fcc={path}", "-o", self.path("x.pt")), "two classes"),
            (("train", "--maps", path, "-o", self.path("x.pt")), "structure_type"),
            (("train", "--maps", "fcc=nothing.dump", f"bcc={path}", "-o", self.path("x.pt")), "nothing.dump"),
            (("train", "--maps", f"fcc={path}", f"a={path}", "--species-weights", "1,x", "-o", self.path("x.pt")), "'x'"),
            (("train", "--maps", f"fcc={path}", f"a={path}", "-o", path), "is the input"),
            (("classify", path, "--method", "map:nothing.pt"), "nothing.pt"),
            (("classify", path, "--method", f"map:{ROOT / 'models/metals.pt'}"), "Neighbors Map"),
            (("classify", path, "--method", f"map:{path}"), "fcc-1.dump"),
        ]:
            with self.subTest(words=words):
                result = run(*words)
                self.assertNotEqual(0, result.returncode)
                self.assertIn(expected, result.stderr)
                self.assertEqual(1, len(result.stderr.strip().splitlines()), result.stderr)
