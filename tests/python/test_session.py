"""Sessions on arrays: what they find is what the program finds in the same file."""

import csv
import threading
import time
import unittest
import weakref

import crystals
import denoise_insitu as dn
import numpy as np
from denoise_insitu._arrays import positions_of
from support import MODEL, CliTestCase, read_dump, run

# Of the printed digits, and of sums in another order.
TOLERANCE = 1e-5


def arrays(frame):
    return np.array(frame.positions), np.array(frame.cell, dtype=float)


class SessionTests(CliTestCase):
    def setUp(self):
        super().setUp()
        # Free surfaces have names of their own.
        self.frame = crystals.slab()
        self.positions, self.cell = arrays(self.frame)

    def of_program(self, *options):
        """The program's columns of the same atoms, as floats."""
        source, out = self.path("in.dump"), self.path("out.dump")
        crystals.write(source, crystals.dump_text(self.frame))
        result = run(*options[:1], source, *options[1:], "-o", out, "--force")
        self.assertEqual(0, result.returncode, result.stderr)
        atoms = sorted(read_dump(out)[0]["atoms"], key=lambda atom: int(atom["id"]))
        return {name: np.array([float(atom[name]) for atom in atoms]) for name in atoms[0]}

    def test_denoising_equals_the_program(self):
        theirs = self.of_program("apply", "--model", MODEL)
        for threads in (1, 2):
            with dn.Session("metals", threads=threads) as session:
                ours = session.process(self.positions, self.cell, self.frame.periodic)
            self.assertEqual(theirs["StructureType"].tolist(), ours.structure_type.tolist())
            self.assertGreater(len(set(ours.structure_type)), 1)
            self.assertTrue(np.allclose(theirs["DisplacementMagnitude"], ours.displacement, rtol=0, atol=TOLERANCE))
            moved = np.stack([theirs[k] for k in ("x", "y", "z")], axis=1) - ours.positions
            # The file's positions are folded into the box.
            moved -= np.round(moved @ np.linalg.inv(self.cell)) @ self.cell
            self.assertLess(np.abs(moved).max(), TOLERANCE)
            self.assertTrue(np.allclose(ours.displacement, np.linalg.norm(ours.positions - self.positions, axis=1), atol=1e-12))
            self.assertAlmostEqual(ours.rms_displacement, np.sqrt(np.mean(ours.displacement**2)), places=9)

    def test_names_counts_and_analyses_equal_the_program(self):
        specs = ["coordination:cutoff=3.2", "centro:neighbors=12"]
        theirs = self.of_program("analyze", *(word for spec in specs for word in ("--with", spec)), "--csv", self.path("t.csv"))
        with dn.Session(analyses=specs) as session:
            ours = session.process(self.positions, self.cell, self.frame.periodic)
            self.assertEqual({"coordination": "Coordination", "centrosymmetry": "Centrosymmetry"}, session.ovito_names)
        self.assertEqual(theirs["Coordination"].tolist(), ours.columns["coordination"].tolist())
        self.assertEqual(np.int64, ours.columns["coordination"].dtype)
        self.assertTrue(np.allclose(theirs["Centrosymmetry"], ours.columns["centrosymmetry"], rtol=1e-5))
        with open(self.path("t.csv"), encoding="utf-8") as file:
            row, = csv.DictReader(file)
        self.assertEqual({name: int(row[name]) for name in ours.counts}, ours.counts)
        self.assertAlmostEqual(float(row["coordination_mean"]), ours.globals["coordination_mean"], places=5)
        self.assertEqual(len(self.positions), sum(ours.counts.values()))

    def test_all_ways_to_name(self):
        cna = self.of_program("classify", "--method", "cna:3.08")["StructureType"]
        with dn.Session(classify="cna:3.08") as session:
            self.assertEqual(cna.tolist(), session.process(self.positions, self.cell, self.frame.periodic).structure_type.tolist())
        lattices = f"map:{dn.model_path('lattices')}"
        by_map = self.of_program("classify", "--method", lattices)["StructureType"]
        with dn.Session(classify=lattices) as session:
            self.assertEqual(by_map.tolist(), session.process(self.positions, self.cell, self.frame.periodic).structure_type.tolist())
        with dn.Session("metals", classify="none") as session:
            self.assertEqual(0, session.process(self.positions, self.cell, self.frame.periodic).structure_type.max())

    def test_probabilities_are_those_of_the_classes(self):
        with dn.Session("phases", probabilities=True, analyses=["classes:logits=bcc"]) as session:
            result = session.process(self.positions, self.cell, self.frame.periodic)
            self.assertEqual(session.classes, result.classes)
        self.assertEqual(("fcc", "bcc", "hcp"), result.classes[:3])
        self.assertEqual("none", result.classes[-1])
        self.assertEqual((len(self.positions), len(result.classes)), result.probabilities.shape)
        self.assertTrue(np.allclose(1, result.probabilities.sum(axis=1)))
        self.assertTrue(np.allclose(result.columns["class_probability"], result.probabilities.max(axis=1), atol=1e-6))
        # Of the analysis that was asked for there is nothing more, nor less.
        self.assertIn("logit_bcc", result.columns)
        self.assertEqual([], [name for name in (*result.columns, *result.globals) if name.endswith("_2")])
        best = np.array([{**dict.fromkeys(result.classes, -1), **{s.name: s.number for s in result.structures}, "none": 0}[name]
                         for name in result.classes])[result.probabilities.argmax(axis=1)]
        known = best >= 0
        self.assertGreater(known.sum(), 100)
        self.assertEqual(best[known].tolist(), result.structure_type[known].tolist())

    def test_positions_are_read_where_they_lie_and_stay(self):
        before = self.positions.copy()
        self.assertIs(self.positions, positions_of(self.positions))
        self.positions.flags.writeable = False
        wide = np.zeros((len(before), 6))
        wide[:, ::2] = before
        with dn.Session("metals") as session:
            first = session.process(self.positions, self.cell, self.frame.periodic)
            kept = first.positions.copy()
            strided = session.process(wide[:, ::2], self.cell.tolist(), self.frame.periodic)
            single = session.process(before.astype(np.float32), np.diag(self.cell), self.frame.periodic)
        self.assertTrue((before == self.positions).all() and (kept == first.positions).all())
        self.assertTrue((kept == strided.positions).all())
        self.assertEqual(first.structure_type.tolist(), single.structure_type.tolist())

    def test_box_types_and_selection(self):
        slab = crystals.slab()
        positions, cell = arrays(slab)
        shift = np.array([3.0, -7.0, 11.0])
        with dn.Session("metals", elements=["Cu", "NULL"]) as session:
            open_above = session.process(positions, cell, slab.periodic)
            closed = session.process(positions, cell, True)
            shifted = session.process(positions + shift, cell, slab.periodic, origin=shift)
            half = session.process(positions, cell, slab.periodic, selection=positions[:, 2] < 5)
            types = np.where(np.arange(len(positions)) % 7 == 0, 2, 1)
            holes = session.process(positions, cell, slab.periodic, types=types)
        self.assertEqual(closed.structure_type.tolist(), open_above.structure_type.tolist())
        self.assertTrue(np.allclose(open_above.positions + shift, shifted.positions, atol=TOLERANCE))
        chosen = positions[:, 2] < 5
        self.assertTrue((half.structure_type[~chosen] == 0).all() and (half.displacement[~chosen] == 0).all())
        self.assertEqual(open_above.structure_type[chosen].tolist(), half.structure_type[chosen].tolist())
        self.assertTrue((holes.displacement[types == 2] == 0).all() and (holes.displacement[types == 1] > 0).any())

    def test_a_frame_without_atoms(self):
        with dn.Session("phases", probabilities=True, analyses=["coordination:cutoff=3"]) as session:
            result = session.process(np.zeros((0, 3)), [5, 5, 5])
        self.assertEqual((0, 3), result.positions.shape)
        self.assertEqual((0, len(result.classes)), result.probabilities.shape)
        self.assertEqual(0, sum(result.counts.values()))

    def test_what_is_doubtful_is_said(self):
        rng = np.random.default_rng(2)
        gas = rng.random((300, 3)) * 40
        with dn.Session("metals") as session:
            self.assertEqual([], session.process(*arrays(crystals.crystal(noise=0.1))).warnings)
            said = session.process(gas, [40, 40, 40]).warnings
        self.assertTrue(any("of 300 atoms" in sentence for sentence in said), said)


class ErrorTests(CliTestCase):
    def assert_raises(self, kind, words, call):
        with self.assertRaises(kind) as caught:
            call()
        self.assertIn(words, str(caught.exception))
        self.assertIsInstance(caught.exception, dn.DenoiseError)

    def test_options(self):
        for words, options in (
            ("iterations: is -1", {"iterations": -1}), ("iterations: is 4294967297", {"iterations": 2**32 + 1}),
            ("threads: is 0", {"threads": 0}), ("tolerance: is -1", {"tolerance": -1}), ("scale: is nan", {"scale": float("nan")}),
            ("length_unit: is 0", {"length_unit": 0}), ("memory_limit: is 0", {"memory_limit": 0}),
            ("classify: 'ptm' is unknown", {"classify": "ptm"}), ("classify: 'cna:x' has no cutoff", {"classify": "cna:x"}),
            ("'nonsense'", {"analyses": "nonsense"}), ("engine", {"engine": "steam"}), ("device", {"device": "abacus"}), ("Xx", {"elements": ["Xx"]}),
            ("classes: needs a model that names", {"probabilities": True}),
        ):
            self.assert_raises(dn.ArgumentError, words, lambda options=options: dn.Session("metals", **options))
        self.assertTrue(issubclass(dn.ArgumentError, ValueError))
        self.assert_raises(dn.DeviceError, "there is no device 'opencl:999'", lambda: dn.Session("metals", device="opencl:999"))

    def test_models(self):
        self.assertIn("metals", dn.models())
        self.assert_raises(dn.FileError, "nowhere.pt", lambda: dn.Session("nowhere.pt"))
        self.path("bad.pt").write_text("no model", encoding="utf-8")
        self.assert_raises(dn.FormatError, "bad.pt", lambda: dn.Session(self.path("bad.pt")))
        self.assertTrue(issubclass(dn.FileError, OSError))

    def test_frames(self):
        positions, cell = arrays(crystals.crystal(repeats=(3, 3, 3), noise=0.05))
        n = len(positions)
        with dn.Session("metals", elements=["Cu"]) as session:
            for kind, words, arguments, options in (
                (dn.ArgumentError, "positions: has shape (3,)", (np.zeros(3), cell), {}),
                (dn.ArgumentError, "cell: has shape (2,)", (positions, [1, 2]), {}),
                (dn.ArgumentError, "pbc: has shape (2,)", (positions, cell, [True, False]), {}),
                (dn.ArgumentError, "there is no cell", (positions, None, True), {}),
                (dn.ArgumentError, f"types: has shape (1,); it must be [{n}]", (positions, cell), {"types": [1]}),
                (dn.ArgumentError, "types: holds float64", (positions, cell), {"types": np.ones(n)}),
                (dn.ArgumentError, "selection: holds numbers from", (positions, cell), {"selection": np.full(n, 2**32)}),
                (dn.InputError, "2", (positions, cell), {"types": np.full(n, 2)}),
                (dn.InputError, "", (np.zeros((2, 3)), [9, 9, 9]), {}),
                (dn.InputError, "", (np.full((2, 3), np.nan), [9, 9, 9]), {}),
            ):
                self.assert_raises(kind, words, lambda a=arguments, o=options: session.process(*a, **o))
            # None of it has done harm.
            self.assertEqual(n, session.process(positions, cell).counts["fcc"])
        self.assert_raises(dn.OutOfMemoryError, "memory", lambda: dn.Session(memory_limit=1).process(positions, cell))

    def test_closed_sessions(self):
        session = dn.Session()
        session.close()
        session.close()
        self.assert_raises(dn.HandleError, "", lambda: session.process(np.zeros((1, 3))))
        # One that is forgotten is freed.
        session = dn.Session()
        handle, gone = session._handle, weakref.ref(session)
        del session
        self.assertIsNone(gone())
        from denoise_insitu._library import library
        self.assertNotEqual(0, library().dn_session_destroy(handle))


class ThreadTests(unittest.TestCase):
    alone = True

    def test_other_threads_run_during_a_call(self):
        positions, cell = arrays(crystals.crystal(repeats=(30, 30, 30), noise=0.1))
        session, spans, ticks = dn.Session(), [], []

        def work():
            begin = time.monotonic()
            session.process(positions, cell)
            spans.append((begin, time.monotonic()))

        thread = threading.Thread(target=work)
        thread.start()
        while thread.is_alive():
            ticks.append(time.monotonic())
            time.sleep(0.001)
        thread.join()
        begin, end = spans[0]
        middle = [tick for tick in ticks if begin + 0.25 * (end - begin) < tick < end - 0.25 * (end - begin)]
        self.assertGreater(len(middle), 0, f"a call of {end - begin:.3f} s held the lock of the interpreter")

    def test_sessions_in_threads(self):
        positions, cell = arrays(crystals.two_phases())
        results = [None] * 4

        def work(k):
            with dn.Session("metals") as session:
                results[k] = session.process(positions, cell)

        threads = [threading.Thread(target=work, args=(k,)) for k in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        for result in results[1:]:
            self.assertTrue((results[0].positions == result.positions).all())
