"""denoise apply on files that are as they should be."""

import json
import math
import subprocess

import crystals
from support import CU_MODEL, DENOISE, SILICA_MODEL, STRUCTURES, TIMEOUT, CliTestCase, needs_models, read_dump, run


@needs_models
class ApplyTests(CliTestCase):
    def test_json_has_the_schema_and_the_crystal_is_found(self):
        frames = [crystals.crystal(seed=s, step=100 * s) for s in (1, 2)]
        path = crystals.write(self.path("cu.dump"), "".join(map(crystals.dump_text, frames)))
        found = self.frames("apply", path, "--model", CU_MODEL)
        self.assertEqual([100, 200], [frame["step"] for frame in found])
        for frame in found:
            self.assertEqual(["step", "atoms", "counts_before", "counts", "iterations", "scale", "rms_displacement", "outside", "warnings"],
                             list(frame))
            self.assertEqual(STRUCTURES, list(frame["counts_before"]))
            self.assertLess(frame["counts_before"]["fcc"], frame["counts"]["fcc"])
            self.assertEqual(["seen", "held", "beyond_noise", "odd_density", "unsettled", "astray"], list(frame["outside"]))
            self.assertEqual((500, 0, 0), tuple(frame["outside"][kind] for kind in ("seen", "held", "odd_density")))
            self.assertEqual([], frame["warnings"])
            self.assertEqual(STRUCTURES, list(frame["counts"]))
            self.assertEqual(500, frame["atoms"])
            self.assertEqual(500, sum(frame["counts"].values()))
            self.assertGreaterEqual(frame["counts"]["fcc"], 495)
            self.assertTrue(1 <= frame["iterations"] <= 8)
            # Copper has 11.8 Å^3 per atom; the model was trained at 9.9: (9.9 / 11.8)^(1/3).
            self.assertAlmostEqual(0.943, frame["scale"], delta=0.03)
            # Noise of 0.2 Å per coordinate is 0.35 Å per atom.
            self.assertAlmostEqual(0.2 * math.sqrt(3), frame["rms_displacement"], delta=0.05)

    def test_a_structure_that_the_model_does_not_know_is_told_once_per_kind(self):
        quarter = [(x + 0.25, y + 0.25, z + 0.25) for x, y, z in crystals.FCC]
        frames = [crystals.crystal(basis=crystals.FCC + quarter, a=5.431, repeats=(4, 4, 4), noise=0.08, seed=s, step=s) for s in (1, 2)]
        path = crystals.write(self.path("si.dump"), "".join(map(crystals.dump_text, frames)))
        result = run("apply", path, "--model", CU_MODEL, "--json")
        report = json.loads(result.stdout)
        for frame in report["frames"]:
            self.assertIn("astray", frame["warnings"])
            self.assertIn("odd_density", frame["warnings"])
            self.assertGreater(frame["outside"]["astray"], 64)
        lines = result.stderr.splitlines()
        self.assertEqual(report["warnings"], len(lines), result.stderr)
        self.assertRegex(result.stderr, r"denoise: warning: step 1 \(2 of 2 frames\): \d+ of 512 atoms were led to other places")

    def test_elements_that_go_before_the_file_are_told(self):
        path = crystals.write(self.path("fe.xyz"), '2\nLattice="2.87 0 0 0 2.87 0 0 0 2.87" Properties=species:S:1:pos:R:3 '
                              'pbc="T T T"\nFe 0 0 0\nFe 1.435 1.435 1.435\n')
        self.assertIn("type 1 are taken for Cr", run("apply", path, "--model", CU_MODEL, "--elements", "Cr").stderr)
        self.assertEqual("", run("apply", path, "--model", CU_MODEL, "--elements", "Fe").stderr)
        self.assertIn("no atoms are seen", run("apply", path, "--model", CU_MODEL, "--elements", "NULL").stderr)

    def test_bcc_at_another_density(self):
        frame = crystals.crystal(basis=crystals.BCC, a=2.87 * 1.3, repeats=(6, 6, 6), noise=0.2)
        path = crystals.write(self.path("bcc.dump"), crystals.dump_text(frame))
        found, = self.frames("apply", path, "--model", CU_MODEL)
        self.assertGreaterEqual(found["counts"]["bcc"], 425)
        self.assertLess(found["scale"], 0.85)

    def test_output_is_denoised_and_readable(self):
        frame = crystals.crystal(repeats=(4, 4, 4))
        path = crystals.write(self.path("in.dump"), crystals.dump_text(frame))
        for name in ("out.dump", "out.dump.gz", "out.lammpstrj"):
            with self.subTest(name=name):
                out = self.path(name)
                found, = self.frames("apply", path, "--model", CU_MODEL, "-o", out)
                written, = read_dump(out)
                self.assertIn("StructureType", written["columns"])
                types = [int(atom["StructureType"]) for atom in written["atoms"]]
                self.assertEqual(found["counts"]["fcc"], types.count(1))
                positions = [[float(atom[c]) for c in "xyz"] for atom in written["atoms"]]
                before = crystals.rms_distance_to_lattice(frame.positions, 3.615)
                after = crystals.rms_distance_to_lattice(positions, 3.615)
                self.assertLess(after, before / 3)
                # Read again by ourselves: what we wrote is what we understand.
                again, = self.frames("classify", out, "--method", "acna")
                self.assertEqual(found["counts"], again["counts"])

    def test_xyz_output(self):
        path = crystals.write(self.path("in.xyz"), crystals.xyz_text(crystals.crystal(repeats=(4, 4, 4))))
        out = self.path("out.extxyz")
        found, = self.frames("apply", path, "--model", CU_MODEL, "-o", out)
        self.assertIn("structure_type", out.read_text().splitlines()[1])
        again, = self.frames("classify", out, "--method", "acna")
        self.assertEqual(found["counts"], again["counts"])

    def test_every_format_gives_the_same(self):
        frame = crystals.crystal(repeats=(4, 4, 4))
        texts = {
            "a.dump": crystals.dump_text(frame), "a.dump.gz": crystals.dump_text(frame), "a.xyz": crystals.xyz_text(frame),
            "a.data": crystals.data_text(frame), "POSCAR": crystals.poscar_text(frame),
        }
        expected, = self.frames("apply", crystals.write(self.path("first.dump"), texts["a.dump"]), "--model", CU_MODEL)
        for name, text in texts.items():
            with self.subTest(name=name):
                found, = self.frames("apply", crystals.write(self.path(name), text), "--model", CU_MODEL)
                self.assertEqual((expected["atoms"], expected["counts"]), (found["atoms"], found["counts"]))
                self.assertAlmostEqual(expected["rms_displacement"], found["rms_displacement"], places=6)

    def test_units_of_the_file(self):
        text = crystals.dump_text(crystals.crystal(repeats=(4, 4, 4)))
        expected, = self.frames("apply", crystals.write(self.path("metal.dump"), text), "--model", CU_MODEL)
        for units, length in [("nano", 10), ("lj", 2.3)]:
            with self.subTest(units=units):
                frame = crystals.crystal(repeats=(4, 4, 4))
                frame.positions = [[x / length for x in p] for p in frame.positions]
                frame.cell = [[x / length for x in row] for row in frame.cell]
                path = crystals.write(self.path(f"{units}.dump"), f"ITEM: UNITS\n{units}\n{crystals.dump_text(frame)}")
                found, = self.frames("apply", path, "--model", CU_MODEL)
                self.assertEqual(expected["counts"], found["counts"])
                self.assertAlmostEqual(expected["rms_displacement"] / length, found["rms_displacement"], places=5)

    def test_order_of_atoms_does_not_matter(self):
        frame = crystals.two_phases()
        order = sorted(range(frame.count), key=lambda i: (i * 7919) % frame.count)
        one, = self.frames("apply", crystals.write(self.path("a.dump"), crystals.dump_text(frame)), "--model", CU_MODEL)
        two, = self.frames("apply", crystals.write(self.path("b.dump"), crystals.dump_text(frame, order=order)), "--model", CU_MODEL)
        self.assertEqual(one["counts"], two["counts"])

    def test_options(self):
        path = crystals.write(self.path("cu.dump"), crystals.dump_text(crystals.crystal(repeats=(4, 4, 4))))
        one, = self.frames("apply", path, "--model", CU_MODEL, "--steps", 1)
        self.assertEqual(1, one["iterations"])
        early, = self.frames("apply", path, "--model", CU_MODEL, "--tol", 100)
        self.assertEqual(1, early["iterations"])
        never, = self.frames("apply", path, "--model", CU_MODEL, "--tol", -1, "--steps", 5)
        self.assertEqual(5, never["iterations"])
        scaled, = self.frames("apply", path, "--model", CU_MODEL, "--scale", 0.97)
        self.assertAlmostEqual(0.97, scaled["scale"])
        fixed, = self.frames("apply", path, "--model", CU_MODEL, "--classify", "cna:3.08")
        self.assertGreaterEqual(fixed["counts"]["fcc"], 250)
        none, = self.frames("apply", path, "--model", CU_MODEL, "--classify", "none")
        self.assertIsNone(none["counts"])
        self.assertGreater(none["rms_displacement"], 0.2)

    def test_table_for_people(self):
        path = crystals.write(self.path("cu.dump"), crystals.dump_text(crystals.crystal(repeats=(4, 4, 4), step=42)))
        result = run("apply", path, "--model", CU_MODEL)
        self.assertEqual(0, result.returncode)
        header, row = result.stdout.splitlines()
        self.assertEqual(["step", "atoms", *STRUCTURES], header.split()[:7])
        self.assertEqual(["42", "256"], row.split()[:2])
        # No progress bar, no colors in a pipe.
        self.assertEqual("", result.stderr)
        self.assertNotIn("\x1b", result.stdout)

    def test_elements_of_a_model_with_two_species(self):
        silica = crystals.crystal(a=4.0, repeats=(3, 3, 3), noise=0.05)
        silica.types = [1 + (i % 3 > 0) for i in range(silica.count)]
        named = crystals.write(self.path("named.dump"), crystals.dump_text(silica, elements=["Si", "O"]))
        bare = crystals.write(self.path("bare.dump"), crystals.dump_text(silica))
        options = ["--model", SILICA_MODEL, "--scale", 1, "--steps", 1]
        one, = self.frames("apply", named, *options)
        two, = self.frames("apply", bare, *options, "--elements", "Si", "O")
        swapped, = self.frames("apply", bare, *options, "--elements", "O", "Si")
        self.assertEqual(one, two)
        self.assertNotAlmostEqual(one["rms_displacement"], swapped["rms_displacement"], places=4)
        self.assert_fails(run("apply", bare, *options), "bare.dump", "--elements")
        self.assert_fails(run("apply", bare, *options, "--elements", "Si"), "--elements", "2 species")
        self.assert_fails(run("apply", named, *options, "--elements", "Si", "Cu", "O"), "--elements", "Si, Cu")

    def test_types_that_are_not_seen(self):
        frame = crystals.crystal(repeats=(4, 4, 4), noise=0.1)
        # Foreign atoms in the middle of bonds, which would disturb everything.
        extra = [[x + 0.9, y + 0.9, z] for x, y, z in frame.positions[::8]]
        frame.positions += extra
        frame.types += [2] * len(extra)
        path = crystals.write(self.path("cu.dump"), crystals.dump_text(frame))
        out = self.path("out.dump")
        found, = self.frames("apply", path, "--model", CU_MODEL, "--elements", "Cu", "NULL", "--scale", 1, "-o", out)
        self.assertEqual(256, found["counts"]["fcc"])
        written, = read_dump(out)
        for atom, (x, y, z) in zip(written["atoms"][256:], extra, strict=True):
            self.assertAlmostEqual(x, float(atom["x"]), places=8)
            self.assertAlmostEqual(y, float(atom["y"]), places=8)
            self.assertAlmostEqual(z, float(atom["z"]), places=8)

    def test_progress_bar_on_a_terminal(self):
        path = crystals.write(self.path("cu.dump"), crystals.dump_text(crystals.crystal(repeats=(4, 4, 4))))
        # script(1) runs a command on a terminal of its own.
        command = f"'{DENOISE}' apply '{path}' --model '{CU_MODEL}' >/dev/null"
        try:
            shown = subprocess.run(
                ["script", "-qec", command, "/dev/null"], capture_output=True, text=True, env={"TERM": "xterm"}, timeout=TIMEOUT, check=False)
        except FileNotFoundError:
            self.skipTest("needs script (Debian: bsdutils)")
        self.assertIn("256 atoms", shown.stdout)
        self.assertTrue(shown.stdout.endswith("\x1b[K"), repr(shown.stdout[-40:]))
