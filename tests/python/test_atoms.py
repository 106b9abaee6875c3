"""ASE's Atoms."""

import unittest
import warnings

import crystals
import denoise_insitu as dn
import numpy as np
from support import MODEL, CliTestCase, read_dump, run

try:
    import ase.build
    import ase.calculators.emt
    import ase.cluster
    import ase.constraints
    import ase.io
except ImportError:
    ase = None

needs_ase = unittest.skipUnless(ase, "needs ASE (Debian: python3-ase)")


@needs_ase
class AtomsTests(CliTestCase):
    def setUp(self):
        super().setUp()
        self.atoms = ase.build.bulk("Cu", cubic=True) * (5, 5, 5)
        self.atoms.rattle(0.2, seed=4)
        self.atoms.new_array("charge_of_mine", np.arange(len(self.atoms)) * 0.5)
        self.atoms.info["note"] = "hot"

    def test_denoised_atoms_equal_the_program_on_a_file_that_ase_wrote(self):
        ase.io.write(self.path("hot.xyz"), self.atoms, format="extxyz")
        result = run("apply", self.path("hot.xyz"), "--model", MODEL, "-o", self.path("cold.dump"))
        self.assertEqual(0, result.returncode, result.stderr)
        theirs = sorted(read_dump(self.path("cold.dump"))[0]["atoms"], key=lambda atom: int(atom["id"]))
        ours = dn.denoise(self.atoms)
        self.assertEqual([int(atom["StructureType"]) for atom in theirs], ours.arrays["structure_type"].tolist())
        self.assertTrue(np.allclose([float(atom["DisplacementMagnitude"]) for atom in theirs], ours.arrays["displacement"], atol=1e-5))
        self.assertEqual({1}, set(ours.arrays["structure_type"]))
        self.assertNotEqual({1}, set(ours.arrays["structure_type_raw"]))
        self.assertEqual(1, ours.info["structures"]["fcc"])

    def test_the_atoms_themselves_stay_and_the_rest_is_kept(self):
        self.atoms.set_constraint(ase.constraints.FixAtoms([0]))
        self.atoms.calc = ase.calculators.emt.EMT()
        before, arrays = self.atoms.positions.copy(), list(self.atoms.arrays)
        made = dn.denoise(self.atoms, analyses=["centro:neighbors=12"])
        self.assertTrue((before == self.atoms.positions).all())
        self.assertEqual(arrays, list(self.atoms.arrays))
        self.assertEqual({"note": "hot"}, self.atoms.info)
        self.assertEqual(1, len(made.constraints))
        self.assertIsNone(made.calc)
        self.assertEqual("hot", made.info["note"])
        self.assertEqual(self.atoms.arrays["charge_of_mine"].tolist(), made.arrays["charge_of_mine"].tolist())
        self.assertIn("centrosymmetry", made.arrays)
        # Fixed atoms are denoised as the others.
        self.assertTrue(np.allclose(made.arrays["displacement"], np.linalg.norm(made.positions - before, axis=1)))
        self.assertGreater(made.arrays["displacement"][0], 0)

    def test_results_outlive_a_file_of_ase(self):
        made = dn.denoise(self.atoms, "phases", probabilities=True)
        ase.io.write(self.path("cold.xyz"), made, format="extxyz")
        back = ase.io.read(self.path("cold.xyz"))
        self.assertEqual(made.arrays["structure_type"].tolist(), back.arrays["structure_type"].tolist())
        for name in ("displacement", "class_probabilities"):
            self.assertTrue(np.allclose(made.arrays[name], back.arrays[name], atol=1e-7), name)
        self.assertEqual(made.info, back.info)

    def test_names_where_atoms_are(self):
        plain = dn.classify(self.atoms)
        self.assertTrue((plain.positions == self.atoms.positions).all())
        self.assertNotIn("displacement", plain.arrays)
        self.assertLess((plain.arrays["structure_type"] == 1).mean(), 0.6)
        by_model = dn.classify(self.atoms, "phases", probabilities=True)
        self.assertGreater((by_model.arrays["structure_type"] == 1).mean(), 0.9)
        self.assertTrue((by_model.positions == self.atoms.positions).all())
        fcc = by_model.info["classes"].index("fcc")
        self.assertGreater(by_model.arrays["class_probabilities"][:, fcc].mean(), 0.5)

    def test_elements_are_handed_over(self):
        salt = ase.build.bulk("NaCl", "rocksalt", 5.64, cubic=True) * (4, 4, 4)
        salt.rattle(0.1, seed=1)
        named = dn.denoise(salt, "compounds")
        self.assertGreater((named.arrays["structure_type"] == named.info["structures"]["B1"]).mean(), 0.95)
        self.assertEqual(["Na", "Cl"], dn.elements_of(salt))
        with self.assertRaises(dn.ArgumentError) as caught:
            dn.denoise(salt, "silica")
        self.assertIn("Na", str(caught.exception))

    def test_one_session_for_many(self):
        with dn.Session("metals", elements=["Cu"]) as session:
            first, second = dn.denoise(self.atoms, session=session), dn.denoise(self.atoms, session=session)
            self.assertTrue((first.positions == second.positions).all())
            self.assertEqual(1, len(dn.classify(self.atoms[:1], session=session)))
            with self.assertRaises(dn.ArgumentError):
                dn.denoise(self.atoms, session=session, iterations=3)

    def test_what_is_doubtful_is_a_warning(self):
        rng = np.random.default_rng(2)
        gas = ase.Atoms("Cu300", positions=rng.random((300, 3)) * 40, cell=[40, 40, 40], pbc=True)
        with self.assertWarns(dn.DenoiseWarning):
            dn.denoise(gas)
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            dn.denoise(self.atoms)

    def test_boxes_of_all_kinds(self):
        cluster = ase.cluster.Icosahedron("Cu", 4)
        cluster.cell[:], cluster.pbc = 0, False
        named = dn.classify(cluster)
        # Twins meet along the edges of its tetrahedra, and at the center.
        self.assertGreater((named.arrays["structure_type"] == 2).sum(), 0)
        self.assertEqual(1, (named.arrays["structure_type"] == 4).sum())
        surface = ase.build.fcc111("Cu", (5, 5, 6), vacuum=None)
        self.assertEqual(0, surface.cell[2, 2])
        surface.rattle(0.1, seed=1)
        self.assertGreater((dn.denoise(surface).arrays["structure_type"] == 1).sum(), 40)
        tilted = ase.build.bulk("Cu") * (8, 8, 8)
        tilted.rattle(0.2, seed=1)
        self.assertTrue((dn.denoise(tilted).arrays["structure_type"] == 1).all())

    def test_frames_to_atoms_and_back(self):
        made = dn.denoise(self.atoms)
        frame = dn.frame_of(made, step=7)
        self.assertEqual(("Cu",), frame.elements)
        self.assertIs(made.arrays["structure_type"].dtype, frame.columns["structure_type"].dtype)
        dn.write(self.path("a.dnz"), [frame], mode="lossless")
        back = dn.atoms_of(dn.read(self.path("a.dnz"))[0])
        self.assertTrue((made.positions == back.positions).all() and (made.numbers == back.numbers).all())
        self.assertTrue((made.cell[:] == back.cell[:]).all() and (made.pbc == back.pbc).all())
        for name in ("structure_type", "structure_type_raw", "displacement", "charge_of_mine"):
            self.assertEqual(made.arrays[name].tolist(), back.arrays[name].tolist(), name)
        self.assertEqual(7, back.info["step"])
        back.arrays["id"] += 100
        self.assertEqual(list(range(101, 101 + len(back))), dn.frame_of(back).ids.tolist())
        frame.elements = ()
        with self.assertRaises(dn.ArgumentError):
            dn.atoms_of(frame)
