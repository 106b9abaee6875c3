"""Help, version, wrong command lines: exit code 2 and a sentence, nothing begun."""

import resource

from support import DENOISE, CliTestCase, run


def children_time():
    """Seconds of processor time of the programs that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


class UsageTests(CliTestCase):
    def assert_usage(self, *arguments, words):
        self.assert_fails(run(*arguments), *words, code=2)

    def test_version(self):
        result = run("--version")
        self.assertEqual(0, result.returncode)
        self.assertRegex(result.stdout, r"^denoise \d+\.\d+\.\d+\n$")

    def test_help_of_every_command_has_examples(self):
        for name in ("", "analyze", "apply", "classify", "report", "plot", "compress", "expand", "verify", "info", "train", "evaluate",
                     "bench"):
            command = name.split()
            result = run(*command, "--help")
            self.assertEqual(0, result.returncode)
            self.assertIn("Examples:", result.stdout)
            self.assertEqual("", result.stderr)

    def test_no_command(self):
        self.assert_usage(words=["no command", "apply", "classify", "info"])

    def test_unknown_command(self):
        self.assert_usage("aply", "x", words=["'aply' is not a command"])

    def test_unknown_option(self):
        self.assert_usage("apply", "x", "--modle", "m.pt", words=["'--modle' is not an option"])

    def test_two_inputs(self):
        self.assert_usage("info", "x", "y", words=["'y'", "one file"])

    def test_missing_input(self):
        self.assert_usage("info", words=["FILE"])

    def test_missing_model(self):
        self.assert_usage("apply", "x", words=["--model"])

    def test_missing_value(self):
        self.assert_usage("apply", "x", "--model", words=["--model"])

    def test_wrong_values(self):
        for option, value in [
            ("--steps", "-3"), ("--steps", "1.5"), ("--steps", "many"), ("--threads", "0"),
            ("--tol", "small"), ("--tol", "nan"), ("--scale", "0"), ("--scale", "-1"), ("--scale", "big"),
            ("--classify", "ptm"), ("--classify", "cna"), ("--classify", "cna:0"), ("--classify", "cna:x"),
            ("--elements", "Xx"),
        ]:
            with self.subTest(option=option, value=value):
                self.assert_usage("apply", "x", "--model", "m.pt", option, value, words=[option, f"'{value}'"])
        self.assert_usage("classify", "x", "--method", "none", words=["--method", "'none'"])

    def test_input_after_elements_is_explained(self):
        self.assert_usage("apply", "--model", "m.pt", "--elements", "Cu", "run.dump", words=["'run.dump'", "INPUT comes before the option"])


class StartTests(CliTestCase):
    # Two programs on one core share its units: each takes more processor time.
    alone = True

    def test_starts_within_50_ms(self):
        times = []
        for _ in range(21):
            start = children_time()
            self.assertEqual(0, run("--version").returncode)
            times.append(children_time() - start)
        times.sort()
        print(f"start-up of {DENOISE}: median {1e3 * times[10]:.1f} ms, fastest {1e3 * times[0]:.1f} ms")
        # Processor time, and the shortest: the machine may be busy with something else.
        self.assertLess(times[0], 0.05)
