"""Every option with values that nobody should give, and every file argument with files that are none: a sentence, at once."""

import os
import resource
import shutil
import subprocess
import unittest

import crystals
from support import DENOISE, MODEL, CliTestCase

# Far from what any of these runs needs, and far from what hurts the machine.
MEMORY = 4 << 30
SECONDS = 120

NO_NUMBERS = ["", " ", "nan", "inf", "-inf", "-", "--", "1,5", "1e", "0x10", "١٢", "½", "∞", "\u202e1", "1\n2", "1 2", "9" * 5000,
              "ü" * 3000]
NOT_POSITIVE = ["0", "-0", "-1", "-1e300", "1e-400"]
NOT_WHOLE = ["1.5", "1e3", "2147483648", "99999999999", "9" * 40, "0", "-1", "+1", "-0"]
TOO_LARGE = ["1e309", "1e400", "9" * 400]

# Possible by themselves: what comes of them is an answer or a sentence.
EXTREME = ["1e308", "1e-308", "5e-324", "1e30", "1e-30", "1000000"]

WHOLE = {"report": ["--atoms", "--threads"], "plot": ["--width", "--height"], "apply": ["--steps", "--threads"],
         "classify": ["--threads"], "bench": ["--threads"],
         "train": ["--layers", "--bessel", "--radial", "--steps", "--batch", "--atoms", "--warm-up", "--seed", "--validate", "--threads"]}
POSITIVE = {"apply": ["--scale", "--cutoff", "--neighbors"], "info": ["--cutoff", "--neighbors"],
            "train": ["--volume", "--cutoff", "--learning-rate", "--clip", "--energy-weight"]}
FRACTIONS = ["--noise", "--volume-strain", "--shear-strain", "--missing", "--relaxed", "--molten", "--iterated"]
METHODS = ["", "ACNA", "acna ", "cna", "cna:", "cna:0", "cna:-1", "cna:nan", "cna:inf", "cna:1e400", "cna:3,1", "ptm", "acna,none"]
DEVICES = ["", " ", "GPU", "gpu ", "gpu:", "gpu:-1", "gpu:1.5", "gpu:1000", "gpu:0:0", "gpu:٢", "cuda", "cpu:0", "auto:0", "opencl:9999999999"]

TRAINING = ["--prototypes", "fcc", "--hidden", "4x0e+4x1o", "--layers", "1", "--radial", "8", "--cutoff", "3.2", "--atoms", "20",
            "--batch", "1", "--steps", "2", "--threads", "1"]


class HostileTestCase(CliTestCase):
    def setUp(self):
        super().setUp()
        self.input = crystals.write(self.path("in.dump"), crystals.dump_text(crystals.crystal(repeats=(3, 3, 3), noise=0.02)))

    def command(self, name):
        return {"apply": ["apply", self.input, "--model", MODEL], "classify": ["classify", self.input], "info": ["info", MODEL],
                "bench": ["bench"], "train": ["train", "-o", self.path("m.pt")], "plot": ["plot", "none.csv"],
                "report": ["report", self.input, "-o", self.path("a.html")]}[name]

    def run_limited(self, *arguments, **options):
        return subprocess.run([DENOISE, *[os.fspath(a) for a in arguments]], capture_output=True, text=True, errors="replace",
                              timeout=SECONDS, check=False, stdin=subprocess.DEVNULL,
                              preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY)), **options)

    def assert_sentence(self, result, codes=(1, 2)):
        self.assertIn(result.returncode, codes, result.stderr[-2000:])
        if result.returncode == 0:
            return
        for word in ("   at ", "Exception", "a mistake in this"):
            self.assertNotIn(word, result.stderr)
        sentences = [line for line in result.stderr.splitlines() if line.startswith("denoise: ") and " warning: " not in line]
        self.assertEqual(1, len(sentences), result.stderr[-2000:])
        # Nobody reads more; a message may quote, and not repeat, what was given.
        self.assertLess(len(result.stderr), 6000)

    def sweep(self, command, options, values, codes):
        for option in options:
            for value in values:
                with self.subTest(command=command, option=option, value=value[:40]):
                    arguments = [*self.command(command), *self.others(command, option), f"{option}={value}"]
                    self.assert_sentence(self.run_limited(*arguments), codes)

    def others(self, command, option):
        """The rest of a small training; an option may be given once."""
        if command != "train":
            return []
        pairs = zip(TRAINING[::2], TRAINING[1::2])
        return [word for pair in pairs if pair[0] != option for word in pair]


class NumberTests(HostileTestCase):
    def test_whole_numbers(self):
        for command, options in WHOLE.items():
            # No steps are a whole number, and nothing to do for a model that does not name.
            self.sweep(command, [option for option in options if option != "--steps" or command == "train"], NO_NUMBERS + NOT_WHOLE, (2,))
            if "--steps" in options and command != "train":
                self.sweep(command, ["--steps"], NO_NUMBERS + [value for value in NOT_WHOLE if value != "0"], (2,))
                self.sweep(command, ["--steps"], ["0"], (1,))
        self.assert_nothing_left("in.dump")

    def test_positive_numbers(self):
        for command, options in POSITIVE.items():
            self.sweep(command, options, NO_NUMBERS + NOT_POSITIVE + TOO_LARGE, (2,))
        self.assert_nothing_left("in.dump")

    def test_parts(self):
        self.sweep("train", FRACTIONS, NO_NUMBERS + TOO_LARGE + ["-1", "1", "2", "1e300"], (2,))
        self.sweep("train", ["--told"], NO_NUMBERS + TOO_LARGE + ["-1", "1.1", "2", "1e300"], (2,))
        self.sweep("train", ["--dens"], NO_NUMBERS + TOO_LARGE + ["0.2,0.05,0.2", "0,0,0,0", "1,1,1,1,1", "2,1,1,1", "1,nan,1,1"], (2,))
        self.assert_nothing_left("in.dump")

    def test_tolerance(self):
        self.sweep("apply", ["--tol"], NO_NUMBERS + TOO_LARGE, (2,))
        self.sweep("apply", ["--tol"], EXTREME + ["-1e308", "0"], (0,))

    def test_extreme_numbers_are_worked_with_or_refused(self):
        self.sweep("apply", ["--scale"], EXTREME, (0, 1, 2))
        self.sweep("classify", ["--method"], [f"cna:{value}" for value in EXTREME], (0, 1, 2))
        self.sweep("info", POSITIVE["info"], EXTREME, (0, 1))

    def test_extreme_trainings_are_worked_with_or_refused(self):
        for option in POSITIVE["train"]:
            for value in EXTREME:
                self.extreme(option, value)
        for option in sorted(set(WHOLE["train"]) - {"--steps"}):
            for value in ("2147483647", "20000000", "1024"):
                self.extreme(option, value)
        for value in ("0x0e", "4x0e+4x1o+4x2e+4x3o", "1000000000x0e+1000000000x1o", "4x0e,4x1o", "x", "4x0e+", "99999999999x0e+8x1o", " "):
            self.extreme("--hidden", value)

    def extreme(self, option, value):
        with self.subTest(option=option, value=value):
            self.assert_sentence(self.run_limited(*self.command("train"), *self.others("train", option), f"{option}={value}"), (0, 1, 2))
            for path in self.folder.glob("m.*"):
                path.unlink()


class WordTests(HostileTestCase):
    def test_methods(self):
        self.sweep("classify", ["--method"], METHODS + ["none"] + NO_NUMBERS, (2,))
        self.sweep("apply", ["--classify"], METHODS + NO_NUMBERS, (2,))

    def test_devices(self):
        self.sweep("apply", ["--device"], DEVICES[1:] + NO_NUMBERS[1:], (2,))

    def test_elements(self):
        self.sweep("apply", ["--elements"], ["", " ", "Xx", "Cu,Ni", "29", "铜", "C" * 5000], (2,))
        self.assert_sentence(self.run_limited(*self.command("apply"), "--elements", *["Cu"] * 5000, "-o", self.path("out.dump")), (0, 1))

    def test_flags_take_no_values_and_options_come_once(self):
        for arguments in (["--json=maybe"], ["--force=perhaps"], ["--json", "yes"]):
            # Words beside the options are files, which are not there.
            with self.subTest(arguments=arguments):
                self.assert_sentence(self.run_limited(*self.command("classify"), *arguments), (1, 2))
        for arguments in (["--threads", "1", "--threads", "2"],
                          ["-o", self.path("a.dump"), "-o", self.path("b.dump")], ["--method", "acna", "--method", "cna:3"]):
            with self.subTest(arguments=arguments):
                self.assert_sentence(self.run_limited(*self.command("classify"), *arguments), (2,))
        self.assert_nothing_left("in.dump")

    def test_names_of_prototypes(self):
        for value in ("", "fcc,,bbc", "../fcc", "ü" * 3000):
            with self.subTest(value=value[:20]):
                self.assert_sentence(self.run_limited(*self.command("train"), f"--prototypes={value}"), (1, 2))

    def test_words_that_are_no_command(self):
        for arguments in ([""], [" "], ["-"], ["--"], ["ü" * 3000], ["--version=2"], ["apply", "--"], ["apply\n"], ["@in.dump"]):
            with self.subTest(arguments=[a[:20] for a in arguments]):
                self.assert_sentence(self.run_limited(*arguments), (2,))


class FileTests(HostileTestCase):
    def no_files(self):
        """Names under which there is nothing to read, and what is no trajectory, no model and no configuration."""
        os.symlink("loop", self.path("loop"))
        os.symlink("nowhere", self.path("dangling"))
        self.path("folder.pt").mkdir()
        self.path("zeros.pt").write_bytes(bytes(100_000))
        self.path("spaces.dump").write_text(" " * 1_000_000)
        self.path("line.dump").write_text("ITEM: TIMESTEP " + "x" * 3_000_000)
        names = ["", " ", "none.dump", "no/such/folder/a.dump", "n" * 256, "n/" * 3000 + "a", "a\nb.dump", "ü.dump", "~/none", "*.dump",
                 "-x.dump"]
        made = map(self.path, ("loop", "dangling", "folder.pt", "zeros.pt", "spaces.dump", "line.dump"))
        return [*names, *made, self.folder, "/", "/dev/null", "/dev/zero", "/dev/full", "/dev/urandom",
                "/proc/self/mem", "/proc/self/maps", "/proc/self/environ", "/proc/self/fd", "/proc/1/mem",
                "/sys/kernel/notes", "/dev/fd/77"]

    def test_input(self):
        for name in self.no_files():
            for command in ("classify", "info"):
                with self.subTest(command=command, name=str(name)[:60]):
                    # After -- a name may begin with a dash.
                    self.assert_sentence(self.run_limited(command, "--", name))

    def test_reports_and_plots(self):
        for name in self.no_files():
            for arguments in (["report", "--force", f"--output={self.path('a.html')}"], ["plot"]):
                with self.subTest(command=arguments[0], name=str(name)[:60]):
                    self.assert_sentence(self.run_limited(*arguments, "--", name), (1, 2))
        self.assertFalse(self.path("a.html").exists())
        table = self.path("table.csv")
        for text in ("a,b\n", "a,b\n1\n", "a,b\n1,2,3\n", "a,b\nx,1\n1,1\n", "a,b\n1," + "9" * 5_000_000 + "\n", "a,b\n\0,\0\n1,2\n",
                     ",".join(f"c{k}" for k in range(30_000)) + "\n", "step,structure,noise,rms_before\n1,2,3,4\n",
                     "step,atoms,other,raw_other,rms_displacement\n1e999,nan,,inf,-1e308\n1,1,1,1,1e308\n"):
            table.write_text(text)
            for arguments in (["report", "--force", f"--output={self.path('a.html')}"], ["plot"], ["plot", "--log", "--height=1"],
                              ["plot", "--force", f"--output={self.path('a.svg')}"]):
                with self.subTest(arguments=arguments[0], text=text[:40]):
                    self.assert_sentence(self.run_limited(*arguments, "--", table), (0, 1))

    def test_model_and_configuration(self):
        os.mkfifo(self.path("pipe.pt"))
        for name in [*self.no_files(), self.path("pipe.pt")]:
            if str(name).startswith("-"):
                continue
            for arguments in (["apply", self.input, f"--model={name}"], ["bench", f"--model={name}"], ["info", MODEL, f"--config={name}"],
                              ["apply", self.input, "--model", MODEL, f"--config={name}"]):
                with self.subTest(arguments=str(arguments)[-80:]):
                    self.assert_sentence(self.run_limited(*arguments))

    def test_structures(self):
        for name in self.no_files():
            if not str(name).startswith("-"):
                with self.subTest(name=str(name)[:60]):
                    self.assert_sentence(self.run_limited("train", "-o", self.path("new.pt"), f"--structures={name}"))
        self.assertFalse(self.path("new.pt").exists())

    def test_output(self):
        names = ["", " ", "no/such/a.dump", "n" * 256 + ".dump", "n/" * 3000 + "a.dump", "/proc/a.dump", "/sys/a.dump", "/dev/fd/77",
                 "/proc/self/fd/77", "/dev/zero/a.dump", self.path("in.dump/a.dump"), "/", ".", "..", self.folder,
                 "a.dump/", ".gz", "a.dump.bz2", "a.DUMPX"]
        for name in names:
            for command in ("classify", "apply"):
                with self.subTest(command=command, name=str(name)[:60]):
                    self.assert_sentence(self.run_limited(*self.command(command), "--force", f"--output={name}", cwd=self.folder))
            with self.subTest(command="train", name=str(name)[:60]):
                if str(name) not in (" ", ".gz", "a.dump.bz2", "a.DUMPX"):
                    self.assert_sentence(self.run_limited("train", *TRAINING, "--force", f"--output={name}", cwd=self.folder))
        self.assert_nothing_left("in.dump")

    def test_a_name_of_any_characters(self):
        for name in ("ü ö.dump", "a\nb.dump", "'quoted'.dump", "-x.dump", "$(ls).dump", "\u202ereversed.dump", "n" * 250 + ".dump"):
            with self.subTest(name=name[:30]):
                shutil.copy(self.input, self.path(name))
                result = self.run_limited("classify", "-o", "./-out.dump", "--", name, cwd=self.folder)
                self.assertEqual(0, result.returncode, result.stderr)

    @unittest.skipUnless(os.getuid() == 0 and shutil.which("setpriv"), "needs root and setpriv, to become another user")
    def test_files_that_may_not_be_read_or_written(self):
        os.chmod(self.folder, 0o755)
        closed = self.path("closed.dump")
        shutil.copy(self.input, closed)
        os.chmod(closed, 0o000)
        self.path("room").mkdir(mode=0o700)
        shutil.copy(self.input, self.path("room/a.dump"))
        for arguments in (["classify", closed], ["info", closed], ["apply", self.input, "--model", closed],
                          ["info", MODEL, "--config", closed],
                          ["classify", self.path("room/a.dump")], ["info", self.path("room/a.dump")],
                          ["classify", self.input, "-o", self.path("a.dump")],
                          ["classify", self.input, "-o", self.path("room/b.dump")],
                          ["classify", self.input, "-o", closed, "--force"], ["train", "-o", self.path("m.pt"), *TRAINING],
                          ["train", "-o", self.path("room/m.pt"), *TRAINING]):
            with self.subTest(arguments=list(map(str, arguments[:3]))):
                command = ["setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups", DENOISE, *map(str, arguments)]
                self.assert_sentence(subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, check=False), (1,))
