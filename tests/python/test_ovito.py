"""The extensions of OVITO, driven as its documentation says that OVITO does: there is no OVITO here, but a stand-in (stub/ovito) that
refuses what is not documented."""

import os
import unittest

import crystals
import denoise_insitu as dn
import numpy as np
from support import MODEL, CliTestCase, read_dump, run

try:
    import traits
except ImportError:
    traits = None
if traits:
    from denoise_insitu.ovito import DenoiseModifier, DnzFileReader
    from ovito.data import DataCollection
    from ovito.io import Source
    from ovito.pipeline import compute

needs_traits = unittest.skipUnless(traits, "needs traits (Debian: python3-traits)")


def collection(frame, names=("Cu",)):
    """What OVITO has read from a file."""
    data = DataCollection()
    particles = data.create_particles(count=frame.count)
    particles.create_property("Position", data=np.array(frame.positions))
    kinds = particles.create_property("Particle Type", data=np.array(frame.types, np.int32) + 10)
    for t, name in enumerate(names):
        kinds.add_type_id(11 + t, particles, name=name)
    particles.create_property("Particle Identifier", data=np.arange(frame.count) + 1)
    data.create_cell(np.column_stack([np.array(frame.cell, float).T, np.zeros(3)]), pbc=tuple(bool(flag) for flag in frame.periodic))
    return data


def names_of(prop):
    return {kind.id: kind.name for kind in prop.types}


@needs_traits
class ModifierTests(CliTestCase):
    def setUp(self):
        super().setUp()
        self.frame = crystals.slab()

    def test_what_it_writes_is_what_the_program_finds(self):
        source, out = self.path("in.dump"), self.path("out.dump")
        crystals.write(source, crystals.dump_text(self.frame))
        self.assertEqual(0, run("analyze", source, "--model", MODEL, "-o", out).returncode)
        theirs = sorted(read_dump(out)[0]["atoms"], key=lambda atom: int(atom["id"]))
        data = compute(DenoiseModifier(), collection(self.frame))
        particles = data.particles
        types = np.asarray(particles["Structure Type"])
        self.assertEqual([int(atom["StructureType"]) for atom in theirs], types.tolist())
        self.assertEqual([int(atom["structure_type_raw"]) for atom in theirs], np.asarray(particles["Structure Type (before)"]).tolist())
        magnitude = np.asarray(particles["Displacement Magnitude"])
        self.assertTrue(np.allclose([float(atom["DisplacementMagnitude"]) for atom in theirs], magnitude, atol=1e-5))
        self.assertTrue(np.allclose(np.linalg.norm(particles["Displacement"], axis=1), magnitude))
        self.assertTrue(np.allclose(np.array(self.frame.positions) + np.asarray(particles["Displacement"]), particles["Position"]))
        self.assertEqual({0: "Other", 1: "FCC", 2: "HCP", 3: "BCC", 4: "ICO"}, names_of(particles["Structure Type"]))
        self.assertEqual(int((types == 1).sum()), data.attributes["Denoise.counts.fcc"])
        self.assertGreater(data.attributes["Denoise.counts.fcc"], data.attributes["Denoise.counts_before.fcc"])
        self.assertGreater(data.attributes["Denoise.iterations"], 0)
        # Types and identifiers are as they were.
        self.assertEqual({11: "Cu"}, names_of(particles["Particle Type"]))

    def test_parameters(self):
        before = np.array(self.frame.positions)
        data = compute(DenoiseModifier(move=False), collection(self.frame))
        self.assertTrue((np.asarray(data.particles["Position"]) == before).all())
        self.assertGreater(np.asarray(data.particles["Displacement Magnitude"]).max(), 0)

        data = compute(DenoiseModifier(model="none", analyses="coordination:cutoff=3.2 centro:neighbors=12 strain:3.2"),
                       collection(self.frame))
        self.assertNotIn("Displacement", data.particles)
        self.assertEqual((len(before), 6), data.particles["Strain Tensor"].shape)
        for name in ("Coordination", "Centrosymmetry", "Shear Strain", "Volumetric Strain", "Structure Type"):
            self.assertIn(name, data.particles)
        self.assertAlmostEqual(np.asarray(data.particles["Coordination"]).mean(), data.attributes["Denoise.coordination_mean"])

        spec = "ptm:orientation,deformation"
        data = compute(DenoiseModifier(model="none", analyses=spec), collection(self.frame))
        with dn.Session(analyses=[spec]) as session:
            columns = session.process(before, np.array(self.frame.cell, float), self.frame.periodic).columns
        quaternion = np.stack([columns[f"ptm_orientation[{k}]"] for k in (1, 2, 3, 4)], axis=1)
        self.assertEqual(quaternion.tolist(), np.asarray(data.particles["Orientation"]).tolist())
        # Ours row by row, OVITO's column by column.
        gradient = np.stack([columns[f"ptm_deformation[{k}]"] for k in range(1, 10)], axis=1).reshape(-1, 3, 3)
        self.assertEqual(gradient.transpose(0, 2, 1).reshape(-1, 9).tolist(),
                         np.asarray(data.particles["Elastic Deformation Gradient"]).tolist())
        self.assertIn("Interatomic Distance", data.particles)

        data = compute(DenoiseModifier(model="phases", iterations=0), collection(self.frame))
        self.assertNotIn("Displacement", data.particles)
        self.assertEqual("dhcp", names_of(data.particles["Structure Type"])[101])
        self.assertEqual("Cubic diamond", names_of(data.particles["Structure Type"])[6])
        self.assertIn("probability", data.particles)

        data = compute(DenoiseModifier(model="file", model_file=str(MODEL), classify="none"), collection(self.frame))
        self.assertNotIn("Structure Type", data.particles)

        with self.assertRaisesRegex(RuntimeError, "nothing is selected"):
            compute(DenoiseModifier(only_selected=True), collection(self.frame))
        data = collection(self.frame)
        chosen = before[:, 2] < 5
        data.particles_.create_property("Selection", data=chosen.astype(np.int8))
        compute(DenoiseModifier(only_selected=True), data)
        self.assertTrue((np.asarray(data.particles["Displacement Magnitude"])[~chosen] == 0).all())
        for bad in ({"iterations": -1}, {"threads": 0}, {"model": "granite"}):
            with self.assertRaises(traits.api.TraitError):
                DenoiseModifier(**bad)

    def test_elements(self):
        salt = crystals.crystal(repeats=(3, 3, 3), noise=0.05)
        salt.types = [1 + k % 2 for k in range(salt.count)]
        with self.assertRaises(dn.ArgumentError):
            compute(DenoiseModifier(model="silica"), collection(salt, ("Na", "Cl")))
        # A model of one species takes types of any name.
        data = compute(DenoiseModifier(), collection(salt, ("Na", "Type 2")))
        self.assertEqual(salt.count, data.attributes["Denoise.counts.fcc"])

    def test_nothing_to_do(self):
        compute(DenoiseModifier(), DataCollection())
        empty = DataCollection()
        empty.create_particles(count=0)
        compute(DenoiseModifier(), empty)
        cluster = collection(self.frame)
        cluster.cell = None
        self.assertIn("Structure Type", compute(DenoiseModifier(), cluster).particles)


@needs_traits
class ReaderTests(CliTestCase):
    def setUp(self):
        super().setUp()
        self.file = str(self.path("run.dnz"))
        rng = np.random.default_rng(1)
        self.frames = []
        for k in range(5):
            crystal = crystals.crystal(repeats=(3, 3, 3), seed=k + 1, noise=0.05)
            n = crystal.count
            self.frames.append(dn.Frame(
                positions=np.array(crystal.positions), cell=np.array(crystal.cell, float), pbc=np.array([True, True, False]),
                origin=np.array([0.0, 1, 2]), types=np.arange(n, dtype=np.int32) % 2 + 1, step=10 * k, time=0.5 * k, elements=("Cu",),
                columns={"structure_type": np.arange(n) % 2, "displacement": rng.random(n), "vx": rng.random(n), "vy": rng.random(n),
                         "vz": rng.random(n), "q[1]": rng.random(n), "q[2]": rng.random(n), "mine": rng.integers(0, 9, n)}))
        dn.write(self.file, self.frames, key_every=3)

    def test_frames_in_any_order(self):
        source = Source(DnzFileReader, self.file)
        self.assertEqual([0, 10, 20, 30, 40], source.labels)
        for k in (0, 1, 4, 2, 3, 3):
            data, frame = source.compute(k), self.frames[k]
            self.assertLessEqual(np.abs(np.asarray(data.particles["Position"]) - frame.positions).max(), 0.01)
            self.assertEqual((10 * k, 0.5 * k, 0.01), tuple(data.attributes[name] for name in ("Timestep", "Time", "Bound")))
            self.assertEqual(frame.cell.tolist(), np.asarray(data.cell)[:, :3].T.tolist())
            self.assertEqual((frame.origin.tolist(), (True, True, False)), (np.asarray(data.cell)[:, 3].tolist(), data.cell.pbc))
            self.assertEqual(list(range(1, len(frame) + 1)), np.asarray(data.particles["Particle Identifier"]).tolist())
            self.assertEqual({1: "Cu", 2: "Type 2"}, names_of(data.particles["Particle Type"]))
            self.assertEqual({0: "Other", 1: "FCC"}, names_of(data.particles["Structure Type"]))
            velocity = np.stack([frame.columns[name] for name in ("vx", "vy", "vz")], axis=1)
            self.assertEqual(velocity.tolist(), np.asarray(data.particles["Velocity"]).tolist())
            self.assertEqual(frame.columns["displacement"].tolist(), np.asarray(data.particles["Displacement Magnitude"]).tolist())
            self.assertEqual((len(frame), 2), data.particles["q"].shape)
            self.assertEqual(frame.columns["mine"].tolist(), np.asarray(data.particles["mine"]).tolist())

    def test_files_without_an_index(self):
        whole = self.path("run.dnz").read_bytes()
        self.path("run.dnz").write_bytes(whole[:int.from_bytes(whole[-16:-8], "little")])
        source = Source(DnzFileReader, self.file)
        self.assertEqual([None] * 5, source.labels)
        self.assertEqual(40, source.compute(4).attributes["Timestep"])

    def test_a_file_that_changes(self):
        source = Source(DnzFileReader, self.file)
        source.compute(1)
        dn.write(self.file, self.frames[:3])
        os.utime(self.file, (1, 1))
        self.assertEqual(20, source.compute(2).attributes["Timestep"])
        with self.assertRaises(RuntimeError):
            source.compute(4)

    def test_other_files(self):
        for name, content in (("a.dump", b"ITEM: TIMESTEP\n"), ("empty.dnz", b"")):
            self.path(name).write_bytes(content)
            self.assertIs(False, DnzFileReader.detect(str(self.path(name))))
        self.assertIs(False, DnzFileReader.detect(str(self.path("nowhere"))))
        self.assertIs(True, DnzFileReader.detect(self.file))

    def test_what_was_read_is_denoised(self):
        data = Source(DnzFileReader, self.file).compute(0)
        compute(DenoiseModifier(), data)
        frame = dn.read(self.file)[0]
        with dn.Session("metals") as session:
            result = session.process(frame.positions, frame.cell, frame.pbc, origin=frame.origin)
        self.assertEqual(result.counts["fcc"], data.attributes["Denoise.counts.fcc"])
        self.assertTrue(np.allclose(result.positions, data.particles["Position"]))
