"""denoise classify: labels of perfect and rattled crystals."""

import json

import crystals
from support import REFERENCE, STRUCTURES, CliTestCase, needs_models, read_dump, run


class ClassifyTests(CliTestCase):
    def test_perfect_crystals(self):
        for basis, a, cutoff, name in [(crystals.FCC, 3.615, 3.086, "fcc"), (crystals.BCC, 2.87, 3.464, "bcc")]:
            frame = crystals.crystal(basis=basis, a=a, noise=0)
            path = crystals.write(self.path(f"{name}.dump"), crystals.dump_text(frame))
            for method in ("acna", f"cna:{cutoff}"):
                with self.subTest(name=name, method=method):
                    found, = self.frames("classify", path, "--method", method)
                    self.assertEqual(frame.count, found["counts"][name])
                    self.assertEqual(STRUCTURES, list(found["counts"]))
                    self.assertEqual(0, found["iterations"])
                    self.assertEqual(0, found["rms_displacement"])
                    self.assertEqual(1, found["scale"])

    def test_surface_atoms_are_other(self):
        path = crystals.write(self.path("slab.dump"), crystals.dump_text(crystals.slab(noise=0)))
        found, = self.frames("classify", path, "--method", "cna:3.086")
        # Six layers of 32 atoms, of which the outer two lack neighbors.
        self.assertEqual(32 * 4, found["counts"]["fcc"])
        self.assertEqual(32 * 2, found["counts"]["other"])

    @needs_models
    def test_labels_equal_an_independent_implementation(self):
        for case in json.loads((REFERENCE / "acna-labels.json").read_text())["cases"]:
            with self.subTest(case=case["name"]):
                frame = crystals.Crystal(case["cell"], case["positions"])
                path = crystals.write(self.path("in.xyz"), crystals.xyz_text(frame))
                out = self.path("out.dump")
                result = run("classify", path, "--method", "acna", "-o", out)
                self.assertEqual(0, result.returncode, result.stderr)
                written, = read_dump(out)
                self.assertEqual(case["labels"], [int(atom["StructureType"]) for atom in written["atoms"]])

    def test_output_keeps_positions_and_columns(self):
        frame = crystals.crystal(repeats=(3, 3, 3))
        lines = crystals.dump_text(frame).splitlines()
        header = next(i for i, line in enumerate(lines) if line.startswith("ITEM: ATOMS"))
        lines[header] += " c_pe vx"
        for i in range(header + 1, len(lines)):
            lines[i] += f" {-3.5 + i} 0.25"
        path = crystals.write(self.path("in.dump"), "\n".join(lines) + "\n")
        out = self.path("out.dump")
        result = run("classify", path, "--method", "acna", "-o", out)
        self.assertEqual(0, result.returncode, result.stderr)
        written, = read_dump(out)
        for i, atom in enumerate(written["atoms"]):
            self.assertEqual(-3.5 + header + 1 + i, float(atom["c_pe"]))
            self.assertEqual("0.25", atom["vx"])
            for k, c in enumerate("xyz"):
                self.assertAlmostEqual(frame.positions[i][k], float(atom[c]), places=8)

    def test_table(self):
        path = crystals.write(self.path("a.dump"), crystals.dump_text(crystals.crystal(noise=0)))
        result = run("classify", path, "--method", "acna")
        header, row = result.stdout.splitlines()
        self.assertEqual("identified", header.split()[-1])
        self.assertEqual("100.00%", row.split()[-1])

    def test_what_is_odd_in_a_file_is_told_and_counted(self):
        lines = ["data_a", *(f"_cell_length_{k} 3.6" for k in "abc"), *(f"_cell_angle_{k} 90" for k in ("alpha", "beta", "gamma")),
                 "loop_", "_symmetry_equiv_pos_as_xyz", "x,y,z", "x,y+1/2,z+1/2", "x+1/2,y,z+1/2", "x+1/2,y+1/2,z", "loop_",
                     "_atom_site_label",
                 "_atom_site_fract_x", "_atom_site_fract_y", "_atom_site_fract_z", "_atom_site_occupancy", "Cu1 0 0 0 0.9", ""]
        path = crystals.write(self.path("partial.cif"), "\n".join(lines))
        for command in (["classify", path, "--method", "acna"], ["info", path]):
            result = run(*command, "--json")
            self.assertEqual(0, result.returncode, result.stderr)
            self.assertIn(f"denoise: warning: {path}: data block data_a has partly occupied sites", result.stderr)
            self.assertEqual(1, json.loads(result.stdout)["warnings"])
            self.assertEqual(1, len(run(*command).stderr.splitlines()))
