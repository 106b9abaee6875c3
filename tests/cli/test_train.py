"""denoise train: what comes out, interruptions, bad input."""

import csv
import json
import os
import pty
import signal
import subprocess
import unittest
from pathlib import Path

import crystals
from support import DENOISE, MODEL, STRUCTURES, TIMEOUT, CliTestCase, needs_mpi, read_dump, run

PYTHON = "/usr/bin/python3"
HAS_TORCH = Path(PYTHON).exists() and not subprocess.run(
    [PYTHON, "-c", "import importlib.util as u, sys; sys.exit(u.find_spec('torch') is None)"], check=False).returncode

# Hundreds of steps in a second.
SMALL = ["--prototypes", "fcc,bcc", "--hidden", "4x0e+4x1o", "--layers", "1", "--radial", "8", "--cutoff", "3.2", "--atoms", "20",
         "--batch", "2", "--warm-up", "10"]

SALT = "salt\n1\n4 0 0\n0 4 0\n0 0 4\nNa Cl\n1 1\nDirect\n0 0 0\n0.5 0.5 0.5\n"


class TrainTests(CliTestCase):
    def train(self, name, *arguments, **options):
        return run("train", "-o", self.path(name), *arguments, **options)

    def bytes_of(self, name, *arguments):
        result = self.train(name, *arguments)
        self.assertEqual(0, result.returncode, result.stderr)
        return self.path(name).read_bytes()

    def rows(self, name):
        with open(self.path(name), newline="", encoding="utf-8") as file:
            return list(csv.DictReader(file))

    def stop(self, name, sent, *arguments):
        """Starts a training and sends a signal after its first validation; its exit code and errors."""
        command = [DENOISE, "train", "-o", str(self.path(name)), *arguments]
        # A shell starts what it puts into the background with SIGINT ignored, and that is inherited.
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                              preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL)) as process:
            while not process.stdout.readline().startswith("step "):
                self.assertIsNone(process.poll(), "It ended before it was interrupted.")
            process.send_signal(sent)
            _, errors = process.communicate(timeout=TIMEOUT)
        return process.returncode, errors

    def test_the_model_tells_how_it_was_made_and_denoises(self):
        self.bytes_of("m.pt", *SMALL, "--steps", "300", "--learning-rate", "0.02")
        self.assert_nothing_left("m.pt", "m.log.csv", "m.validation.csv")
        info = json.loads(run("info", self.path("m.pt"), "--json").stdout)
        self.assertEqual("polynomial", info["config"]["envelope"])
        self.assertEqual("denoise train --prototypes fcc,bcc --hidden 4x0e+4x1o --layers 1 --cutoff 3.2 --radial 8 --steps 300 --batch 2 "
                         "--atoms 20 --learning-rate 0.02 --warm-up 10", info["metadata"]["training command"])
        self.assertEqual(("300", "1"), (info["metadata"]["training step"], info["metadata"]["training seed"]))

        steps = [int(row["step"]) for row in self.rows("m.log.csv")]
        self.assertEqual([50, 100, 150, 200, 250, 300], steps)
        validation = self.rows("m.validation.csv")
        self.assertEqual([("300", name, noise) for name in ("fcc", "bcc") for noise in ("0.0433", "0.0867", "0.1300")],
                         [(row["step"], row["structure"], row["noise"]) for row in validation])
        for row in validation:
            self.assertLess(float(row["rms_after_1"]), float(row["rms_before"]))
            self.assertIn("rms_after_8", row)

    def test_the_same_seed_gives_the_same_bits_on_any_number_of_threads(self):
        # The default network, whose batches are large enough to be shared out.
        arguments = ["--prototypes", "fcc,bcc,hcp", "--steps", "6"]
        one = self.bytes_of("one.pt", *arguments, "--threads", "1")
        self.assertEqual(one, self.bytes_of("again.pt", *arguments, "--threads", "1"))
        self.assertEqual(one, self.bytes_of("two.pt", *arguments, "--threads", "2"))
        self.assertNotEqual(one, self.bytes_of("other.pt", *arguments, "--threads", "2", "--seed", "2"))

    def test_prototypes_are_separated_by_commas_or_spaces(self):
        self.assertEqual(self.bytes_of("a.pt", *SMALL, "--steps", "2"),
                         self.bytes_of("b.pt", *SMALL[2:], "--steps", "2", "--prototypes", "fcc", "bcc"))
        self.assert_fails(self.train("c.pt", "fcc"), "'fcc'", "'train' takes options only", code=2)

    def test_a_network_that_names_learns_a_class_per_structure_and_one_for_melts(self):
        self.bytes_of("m.pt", *SMALL, "--steps", "400", "--learning-rate", "0.02", "--molten", "0.3", "--classes", "--class-weight", "0.1")
        info = json.loads(run("info", self.path("m.pt"), "--json").stdout)
        self.assertEqual(("1x1o+3x0e", ["displacement", "logits"], ["fcc", "bcc", "none"]),
                         tuple(info["config"][key] for key in ("out", "heads", "classes")))
        command = info["metadata"]["training command"]
        self.assertTrue(command.endswith("--molten 0.3 --classes true --class-weight 0.1"), command)
        # The command makes the same weights.
        again = self.bytes_of("again.pt", *command.split()[2:])
        self.assertEqual(self.path("m.pt").read_bytes(), again)
        named = [float(row["named"]) for row in self.rows("m.validation.csv") if row["step"] == "400"]
        self.assertEqual(6, len(named))
        self.assertTrue(all(0 <= part <= 1 for part in named) and max(named) > 0.9, named)
        self.assertIn("displacement 1x1o, logits 3x0e", run("info", self.path("m.pt")).stdout)
        # It denoises as others do.
        hot = crystals.write(self.path("hot.dump"), crystals.dump_text(crystals.crystal(repeats=(4, 4, 4), noise=0.1)))
        table = self.path("table.csv")
        result = run("analyze", hot, "--model", self.path("m.pt"), "--with", "classes", "-o", self.path("out.dump"), "--csv", table)
        self.assertEqual(0, result.returncode, result.stderr)
        row, = self.rows("table.csv")
        self.assertEqual(256, sum(int(row[f"class_{name}"]) for name in ("fcc", "bcc", "none")))
        self.assert_fails(run("analyze", hot, "--model", MODEL, "--with", "classes", "-o", self.path("no.dump")), "classes", "--classes")
        self.check_names(hot, self.path("m.pt"))

    def check_names(self, hot, model):
        """The model's own naming, in every form."""
        structures = {"other": 0, "fcc": 1, "bcc": 3}
        both = json.loads(run("apply", hot, "--model", model, "--json", "-o", self.path("named.dump")).stdout)
        self.assertEqual(structures, both["structures"])
        after, before = (both["frames"][0][key] for key in ("counts", "counts_before"))
        self.assertEqual((list(structures), 256, 256), (list(after), sum(after.values()), sum(before.values())))
        self.assertTrue(0 < both["frames"][0]["globals"]["probability_mean"] <= 1)
        written, = read_dump(self.path("named.dump"))
        for name, number in structures.items():
            self.assertEqual(after[name], sum(int(atom["StructureType"]) == number for atom in written["atoms"]))
        mean = sum(float(atom["probability"]) for atom in written["atoms"]) / 256
        self.assertAlmostEqual(both["frames"][0]["globals"]["probability_mean"], mean, places=6)
        # Where they are: what the names before denoising are, and nothing moves.
        for command in (["classify"], ["classify", "--method", "model"], ["apply", "--steps", "0"],
                        ["analyze", "--classify", "model", "--steps", "0"]):
            raw, = self.frames(*command, hot, "--model", model)
            self.assertEqual((before, 0, 0), (raw["counts"], raw["iterations"], raw["rms_displacement"]), command)
            self.assertNotIn("counts_before", raw)
        self.assertIn("named by the model: other = 0, fcc = 1, bcc = 3", run("apply", hot, "--model", model).stdout)
        geometric, = self.frames("apply", hot, "--model", model, "--classify", "acna")
        self.assertEqual(STRUCTURES, list(geometric["counts"]))
        # Named structures are those that other analyses know.
        chosen, = self.frames("analyze", hot, "--model", model, "--with", "clusters:fcc,cutoff=3.2")
        self.assertLessEqual(chosen["globals"]["cluster_largest"], chosen["counts"]["fcc"])
        self.assert_fails(run("apply", hot, "--model", MODEL, "--classify", "model"), "no logits", "--classes")
        self.assert_fails(run("apply", hot, "--model", MODEL, "--steps", "0"), "nothing to do")
        self.assert_fails(run("classify", hot, "--method", "model"), "need a model")

    @needs_mpi
    def test_what_a_network_names_is_the_same_bytes_on_any_number_of_processes(self):
        self.bytes_of("m.pt", *SMALL, "--steps", "100", "--molten", "0.3", "--classes")
        hot = crystals.write(self.path("hot.dump"), crystals.dump_text(crystals.crystal(repeats=(8, 7, 9), noise=0.2)))
        written = []
        for ranks in (1, 2, 3):
            out, table = self.path(f"{ranks}.dump"), self.path(f"{ranks}.csv")
            result = run("analyze", hot, "--model", self.path("m.pt"), "--with", "classes:logits=fcc", "-o", out, "--csv", table,
                         "--split", "domains", "--threads", "1", ranks=ranks)
            self.assertEqual(0, result.returncode, result.stderr)
            written.append((out.read_bytes(), table.read_bytes()))
        self.assertEqual(written[:1] * 3, written)

    def test_a_training_starts_from_another_and_learns_what_is_none(self):
        first = self.bytes_of("first.pt", *SMALL, "--steps", "20")
        naming = (*SMALL, "--steps", "20", "--classes", "--decoys", "sc", "--unlike", "0.2", "--open", "0.2",
                  "--start", self.path("first.pt"))
        self.assertNotEqual(first, self.bytes_of("second.pt", *naming))
        info = json.loads(run("info", self.path("second.pt"), "--json").stdout)
        self.assertEqual("none", info["config"]["classes"][-1])
        self.assertNotIn("sc", info["config"]["classes"])
        # The start is an input, and stays.
        self.assert_fails(self.train("first.pt", *naming, "--force"), "first.pt")
        self.assertEqual(first, self.path("first.pt").read_bytes())
        deeper = ["2" if argument == "1" else argument for argument in naming]
        self.assert_fails(self.train("third.pt", *deeper), "no start for")

    def test_interrupted_and_resumed_gives_the_same_bits(self):
        arguments = [*SMALL, "--steps", "2000", "--validate", "100"]
        expected = self.bytes_of("whole.pt", *arguments)
        # Under nohup it is ignored, and the program leaves it so.
        self.addCleanup(signal.signal, signal.SIGHUP, signal.signal(signal.SIGHUP, signal.SIG_DFL))
        for sent in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGKILL):
            with self.subTest(signal=sent.name):
                name = f"{sent.name}.pt"
                code, errors = self.stop(name, sent, *arguments)
                if sent == signal.SIGKILL:
                    self.assertEqual(-sent, code)
                else:
                    self.assertEqual(1, code)
                    self.assertIn("the same command with --resume goes on", errors)
                # Nothing half-written, and an earlier model that loads.
                self.assertEqual([f"{sent.name}.log.csv", name, f"{name}.resume", f"{sent.name}.validation.csv"],
                                 sorted(path.name for path in self.folder.glob(f"{sent.name}.*")))
                self.assertEqual(0, run("info", self.path(name)).returncode)

                self.assertEqual(expected, self.bytes_of(name, *arguments, "--resume", "--threads", "2"))
                self.assertFalse(self.path(f"{name}.resume").exists())
                whole, log = self.rows("whole.log.csv"), self.rows(f"{sent.name}.log.csv")
                self.assertEqual([(row["step"], row["loss"]) for row in whole], [(row["step"], row["loss"]) for row in log])
                seconds = [float(row["seconds"]) for row in log]
                self.assertEqual(sorted(seconds), seconds)
                self.assertEqual(self.rows("whole.validation.csv"), self.rows(f"{sent.name}.validation.csv"))

    def test_only_the_same_training_is_resumed(self):
        arguments = [*SMALL, "--steps", "100000", "--validate", "100"]
        self.stop("m.pt", signal.SIGTERM, *arguments)
        state = self.path("m.pt.resume").read_bytes()
        for other, words in ((["--seed", "2"], "seed = 1"), (["--missing", "0.1"], "missing = 0"),
                             (["--learning-rate", "0.001"], "learning-rate = 0.005")):
            self.assert_fails(self.train("m.pt", *arguments, *other, "--resume"), "m.pt.resume", words, "leave out --resume")
        self.assert_fails(self.train("m.pt", *arguments), "m.pt", "exists already", "--resume")
        self.assertEqual(state, self.path("m.pt.resume").read_bytes())
        for damaged in (state[:-100], b"", b"step,loss\n"):
            self.path("m.pt.resume").write_bytes(damaged)
            self.assert_fails(self.train("m.pt", *arguments, "--resume"), "m.pt.resume")

    def test_a_structure_that_has_changed_is_not_resumed(self):
        crystal = self.path("crystal.vasp")
        crystal.write_text("sc\n1\n2.5 0 0\n0 2.5 0\n0 0 2.5\nPo\n1\nDirect\n0 0 0\n")
        arguments = [*SMALL[2:], "--structures", str(crystal), "--steps", "100000", "--validate", "100"]
        self.stop("m.pt", signal.SIGTERM, *arguments)
        crystal.write_text(crystal.read_text().replace("2.5 0 0", "2.6 0 0"))
        self.assert_fails(self.train("m.pt", *arguments, "--resume"), "m.pt.resume", "cells", "of 15.625000 Å^3", "of 16.250000 Å^3")

    def test_there_must_be_something_to_resume(self):
        self.assert_fails(self.train("m.pt", *SMALL, "--resume"), "m.pt.resume", "no training to resume", "leave out --resume")
        self.assert_nothing_left()
        model = self.bytes_of("m.pt", *SMALL, "--steps", "2")
        self.assert_fails(self.train("m.pt", *SMALL, "--steps", "2", "--resume"), "m.pt is complete")
        self.assert_fails(self.train("m.pt", *SMALL, "--steps", "2"), "exists already", "remove it")
        self.assertEqual(model, self.path("m.pt").read_bytes())

    def test_without_a_terminal_the_output_is_plain_and_short(self):
        result = self.train("m.pt", *SMALL, "--steps", "400", "--validate", "100")
        self.assertEqual("", result.stderr)
        self.assertNotRegex(result.stdout, r"[\x00-\x09\x0b-\x1f]")
        lines = result.stdout.splitlines()
        # What is trained, an explanation, and three lines per validation: a step and its structures.
        self.assertEqual(3 + 1 + 4 * 3, len(lines), result.stdout)
        self.assertRegex(lines[-2], r"^  fcc( +\d+\.\d%: \d\.\d{3} \d\.\d{3} \d\.\d{4}){3}$")

    def test_on_a_terminal_a_bar_shows_loss_and_remaining_time(self):
        ours, theirs = pty.openpty()
        with subprocess.Popen([DENOISE, "train", "-o", str(self.path("m.pt")), *SMALL, "--steps", "600"], stdout=subprocess.DEVNULL,
                              stderr=theirs, env={**os.environ, "TERM": "xterm"}) as process:
            os.close(theirs)
            shown = b""
            while True:
                try:
                    shown += os.read(ours, 4096)
                except OSError:
                    break
            os.close(ours)
            self.assertEqual(0, process.wait(60))
        self.assertRegex(shown.decode(), r"\[#*\.*\] +\d+%  loss \S+ Å², \d+ steps/s, \S+.* left")
        self.assertTrue(shown.endswith(b"\r\x1b[K"), "The bar was not taken away.")

    @unittest.skipUnless(HAS_TORCH, "needs PyTorch (Debian: python3-torch)")
    def test_pytorch_opens_the_model_with_weights_only(self):
        self.bytes_of("m.pt", *SMALL, "--steps", "3")
        script = "import json, sys, torch; m = torch.load(sys.argv[1], weights_only=True); " \
            "print(json.dumps([m['metadata'], sum(t.numel() for n, t in m['state_dict'].items() if n.endswith('weight')), " \
            "all(bool(torch.isfinite(t).all()) for t in m['state_dict'].values())]))"
        result = subprocess.run([PYTHON, "-c", script, self.path("m.pt")], capture_output=True, text=True, timeout=TIMEOUT, check=False)
        self.assertEqual(0, result.returncode, result.stderr)
        metadata, weights, finite = json.loads(result.stdout)
        info = json.loads(run("info", self.path("m.pt"), "--json").stdout)
        self.assertEqual((info["metadata"], True), (metadata, finite))
        self.assertEqual(info["parameters"], weights)

    def test_divergence_stops_and_names_the_settings(self):
        result = self.train("m.pt", *SMALL, "--learning-rate", "100", "--steps", "1000")
        self.assert_fails(result, "diverges at step", "--learning-rate (now 100)", "--clip", "m.pt holds the weights of step")
        self.assertEqual(0, run("info", self.path("m.pt")).returncode)
        self.assertFalse(self.path("m.pt.resume").exists())

    def test_structures_that_cannot_be_learned_from(self):
        salt, alone = self.path("salt.vasp"), self.path("alone.vasp")
        salt.write_text(SALT)
        alone.write_text("alone\n1\n9 0 0\n0 9 0\n0 0 9\nCu\n1\nDirect\n0 0 0\n")
        twice = self.path("twice.vasp")
        twice.write_text(SALT.replace("0.5 0.5 0.5", "0.001 0 0"))
        slab = self.path("slab.xyz")
        slab.write_text('1\nLattice="3 0 0 0 3 0 0 0 3" Properties=species:S:1:pos:R:3 pbc="T T F"\nCu 0 0 0\n')
        empty = self.path("empty.xyz")
        empty.write_text("")
        unknown = self.path("notes.txt")
        unknown.write_text("These are notes.\nNo atoms here.\n")
        for arguments, words in (
                (["--prototypes", "fcc,bbc"], ["'bbc'", "fcc, bcc, hcp", "Any other structure can be given as a file"]),
                (["--prototypes", ","], ["--prototypes or --structures"]),
                ([], ["--prototypes or --structures"]),
                (["--prototypes", "fcc", "--volume", "60"], ["fcc", "no neighbor within the cutoff of 3.6", "--cutoff"]),
                (["--structures", alone], [alone, "no neighbor", "--cutoff"]),
                (["--structures", self.path("nothing.cif")], ["nothing.cif", "no such file"]),
                (["--structures", unknown], [unknown]),
                (["--structures", empty], [empty]),
                (["--structures", slab], [slab, "not periodic along c"]),
                (["--structures", twice], [twice, "Å apart"]),
                (["--structures", salt, "--prototypes", "fcc"], ["Na, Cl", "train them apart"])):
            with self.subTest(arguments=arguments):
                self.assert_fails(self.train("m.pt", *arguments), *words)
                self.assertFalse(self.path("m.pt").exists())

    def test_a_single_atom_in_its_cell_is_a_crystal(self):
        one = self.path("one.vasp")
        one.write_text("sc\n1\n2.5 0 0\n0 2.5 0\n0 0 2.5\nPo\n1\nDirect\n0 0 0\n")
        result = self.train("m.pt", *SMALL[2:], "--structures", one, "--steps", "2")
        self.assertEqual(0, result.returncode, result.stderr)
        self.assertIn("6.0 neighbors, shortest distance 2.500 Å", result.stdout)

    def test_several_species_are_trained_and_named(self):
        self.path("salt.vasp").write_text(SALT.replace("4", "3.5"))
        self.bytes_of("m.pt", *SMALL[2:], "--structures", self.path("salt.vasp"), "--steps", "2")
        self.assertEqual(["Na", "Cl"], json.loads(run("info", self.path("m.pt"), "--json").stdout)["config"]["species"])

    def test_impossible_settings(self):
        for option, value, words, code in (
                ("--steps", "0", ["--steps", "'0'"], 2), ("--missing", "1", ["--missing", "'1'"], 2),
                ("--learning-rate", "nan", ["--learning-rate", "'nan'"], 2), ("--noise", "-0.1", ["--noise", "'-0.1'"], 2),
                ("--noise", "5", ["--noise", "'5'", "0.13"], 2),
                ("--seed", "99999999999", ["--seed"], 2), ("--threads", "0", ["--threads"], 2),
                ("--hidden", "8x9z", ["'9z'", "not an irrep"], 1), ("--hidden", "8x0e", ["no vectors", "8x1o"], 1),
                ("--hidden", "8x0e+2x3o", ["no vectors", "8x1o"], 1),
                ("--hidden", "8x0e+4x1o+2x4e", ["degree 4"], 1), ("--layers", "1000", ["1000 layers"], 1),
                ("--atoms", "2000000000", ["too many", "--atoms"], 1)):
            with self.subTest(option=option, value=value):
                self.assert_fails(self.train("m.pt", "--prototypes", "fcc", option, value), *words, code=code)
        self.assert_nothing_left()

    def test_where_nothing_can_be_written(self):
        self.assert_fails(run("train", "--prototypes", "fcc", "-o", self.path("no/such/m.pt")), "no/such", "the folder does not exist")
        self.assert_fails(run("train", "--prototypes", "fcc", "-o", "/proc/m.pt"), "/proc/m", "cannot be written")
        self.assert_fails(run("train", "--prototypes", "fcc"), "--output", code=2)
        self.assert_fails(run("train", "--prototypes", "fcc", "-o", ""), "--output", "empty")
        self.path("folder.pt").mkdir()
        self.assert_fails(self.train("folder.pt", "--prototypes", "fcc"), "folder.pt", "cannot be written", "directory")

    @needs_mpi
    def test_training_is_one_process(self):
        result = self.train("m.pt", *SMALL, ranks=2)
        self.assertNotEqual(0, result.returncode)
        self.assertIn("training runs in one", result.stderr)
        self.assert_nothing_left()
