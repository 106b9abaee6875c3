"""Files that are wrong: one sentence that names the place and the remedy, exit code 1, no output left."""

import gzip
import json
import signal
import subprocess

import crystals
from support import CU_MODEL, DENOISE, TIMEOUT, CliTestCase, needs_models, run


class BadInputTests(CliTestCase):
    def classify(self, path, *arguments, **options):
        return run("classify", path, "--method", "acna", *arguments, **options)

    def assert_refused(self, name, content, *words):
        """Neither standard output nor an output file comes of a wrong input."""
        path = self.path(name)
        if isinstance(content, bytes):
            path.write_bytes(content)
        else:
            crystals.write(path, content)
        result = self.classify(path, "-o", self.path("out.dump"))
        self.assert_fails(result, *words)
        self.assertEqual("", result.stdout)
        self.assert_nothing_left(name)

    def test_missing(self):
        self.assert_fails(self.classify(self.path("none.dump")), "none.dump", "no such file")

    def test_folder(self):
        self.assert_fails(self.classify(self.folder), "folder")

    def test_empty(self):
        self.assert_refused("empty.dump", "", "empty.dump", "empty")

    def test_foreign(self):
        self.assert_refused("photo.dump", bytes(range(256)) * 40, "photo.dump")

    def test_text_of_another_kind(self):
        self.assert_refused("notes.txt", "Dear diary,\ntoday we melted copper.\n", "notes.txt")

    def test_truncated(self):
        text = crystals.dump_text(crystals.crystal(repeats=(3, 3, 3)))
        self.assert_refused("cut.dump", text[: len(text) // 2], "cut.dump", "ends in the middle")

    def test_truncated_gzip(self):
        data = gzip.compress(crystals.dump_text(crystals.crystal(repeats=(3, 3, 3))).encode())
        self.assert_refused("cut.dump.gz", data[: len(data) // 2], "cut.dump.gz")

    def test_second_frame_truncated_keeps_the_results_of_the_first(self):
        text = crystals.dump_text(crystals.crystal(repeats=(3, 3, 3), noise=0))
        path = crystals.write(self.path("cut.dump"), text + text[: len(text) // 2])
        result = self.classify(path, "--json", "-o", self.path("out.dump"))
        self.assert_fails(result, "cut.dump", "frame 2")
        # Still a whole JSON document.
        self.assertEqual(108, json.loads(result.stdout)["frames"][0]["counts"]["fcc"])
        self.assert_nothing_left("cut.dump")

    def test_not_a_number(self):
        frame = crystals.crystal(repeats=(3, 3, 3))
        frame.positions[16][1] = float("nan")
        self.assert_refused("nan.dump", crystals.dump_text(frame), "nan.dump:26", "not a finite")

    def test_number_that_is_none(self):
        text = crystals.dump_text(crystals.crystal(repeats=(3, 3, 3))).splitlines()
        text[14] = text[14].replace(".", "o", 1)
        self.assert_refused("typo.dump", "\n".join(text) + "\n", "typo.dump", "15")

    @needs_models
    def test_two_atoms_in_one_place(self):
        frame = crystals.crystal(repeats=(3, 3, 3))
        frame.positions[5] = list(frame.positions[40])
        path = crystals.write(self.path("double.dump"), crystals.dump_text(frame))
        result = run("apply", path, "--model", CU_MODEL, "-o", self.path("out.dump"))
        self.assert_fails(result, "6", "41")
        self.assert_nothing_left("double.dump")

    def test_box_without_volume(self):
        text = crystals.dump_text(crystals.crystal(repeats=(3, 3, 3))).splitlines()
        text[7] = "3.0 3.0"
        self.assert_refused("flat.dump", "\n".join(text) + "\n")

    def test_output_that_cannot_be_written(self):
        path = crystals.write(self.path("a.dump"), crystals.dump_text(crystals.crystal(repeats=(3, 3, 3))))
        self.assert_fails(self.classify(path, "-o", self.path("no/such/out.dump")), "no/such/out.dump", "folder")
        self.assert_fails(self.classify(path, "-o", self.path("out.pdf")), "out.pdf", ".dump")
        self.assert_nothing_left("a.dump")

    def test_full_disk(self):
        path = crystals.write(self.path("a.dump"), crystals.dump_text(crystals.crystal(repeats=(3, 3, 3))))
        with open("/dev/full", "w", encoding="utf-8") as full:
            for option in ([], ["--json"]):
                command = [DENOISE, "classify", path, "--method", "acna", *option]
                self.assert_fails(subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, check=False), "No space left")

    def test_reader_that_stops_listening(self):
        path = crystals.write(self.path("a.dump"), crystals.dump_text(crystals.crystal(repeats=(2, 2, 2))) * 50)
        shell = f"'{DENOISE}' classify '{path}' --method acna | head -1"
        result = subprocess.run(["bash", "-c", shell], capture_output=True, text=True, timeout=TIMEOUT, check=False)
        self.assertEqual(("", 1), (result.stderr, len(result.stdout.splitlines())))

    def test_failing_input_leaves_the_old_output_alone(self):
        old = self.path("out.dump")
        old.write_text("what was there before\n")
        self.assert_fails(self.classify(self.path("none.dump"), "-o", old))
        self.assertEqual("what was there before\n", old.read_text())

    def test_interrupt_leaves_nothing(self):
        frame = crystals.dump_text(crystals.crystal(repeats=(10, 10, 10)))
        for sent in (signal.SIGINT, signal.SIGTERM, signal.SIGKILL):
            with self.subTest(sent=sent):
                command = [DENOISE, "classify", self.endless_file("long.dump"), "--method", "acna", "-o", self.path("out.dump")]
                self.assertEqual(-sent, self.interrupt(command, frame, sent))
                self.assert_nothing_left()


@needs_models
class BadModelTests(CliTestCase):
    def setUp(self):
        super().setUp()
        self.input = crystals.write(self.path("cu.dump"), crystals.dump_text(crystals.crystal(repeats=(3, 3, 3))))

    def assert_refused(self, content, *words):
        model = self.path("model.pt")
        model.write_bytes(content)
        self.assert_fails(run("apply", self.input, "--model", model, "-o", self.path("out.dump")), "model.pt", *words)
        self.assert_fails(run("info", model), "model.pt", *words)
        self.assert_nothing_left("cu.dump", "model.pt")

    def test_missing(self):
        self.assert_fails(run("apply", self.input, "--model", self.path("none.pt")), "none.pt", "no such file")

    def test_empty(self):
        self.assert_refused(b"")

    def test_foreign(self):
        self.assert_refused(b"#!/bin/sh\necho hello\n" * 20)

    def test_truncated(self):
        data = CU_MODEL.read_bytes()
        for part in (0.1, 0.5, 0.99):
            with self.subTest(part=part):
                self.assert_refused(data[: int(part * len(data))])

    def test_damaged_weights(self):
        data = bytearray(CU_MODEL.read_bytes())
        for k in range(len(data) // 2, len(data) // 2 + 64):
            data[k] ^= 0xFF
        self.assert_refused(bytes(data))

    def test_trajectory_as_model(self):
        self.assert_fails(run("apply", self.input, "--model", self.input), "cu.dump")

    def test_model_as_trajectory(self):
        self.assert_fails(run("apply", CU_MODEL, "--model", CU_MODEL), CU_MODEL.name)
