"""The C++ of the fix under AddressSanitizer and UndefinedBehaviorSanitizer: tests of other files that use all of it, run once more.

`./build.sh test` builds that fix into build/sanitized. What the sanitizers find ends the program with an error. LAMMPS and the
library are the same as ever.
"""

import subprocess
import unittest
from importlib import import_module

from harness import BUILD, LAMMPS, Program

FOLDER = BUILD / "sanitized"
CHOSEN = {
    "test_readers.Readers": ["test_every_reader_on_three_ranks"],
    "test_times.Times": ["test_last_line_of_a_run", "test_readers_before_the_fix", "test_minimization", "test_rerun",
                         "test_values_until_the_next_run"],
    "test_runs.Runs": ["test_rows_match_atoms_while_atoms_migrate", "test_unfix_and_fix_again", "test_clear_and_start_again"],
    "test_outputs.Outputs": ["test_log_is_appended_to"],
    "test_ranks.Ranks": ["test_ranks_without_atoms"],
    "test_groups.Groups": ["test_null_elements_are_not_seen", "test_empty_group"],
}


def sanitized_programs():
    # What MPI and LAMMPS keep until the end is not ours.
    settings = ["env", "ASAN_OPTIONS=detect_leaks=0", "UBSAN_OPTIONS=print_stacktrace=1"]
    runtime = subprocess.run(["g++", "-print-file-name=libasan.so"], stdout=subprocess.PIPE, check=False).stdout.decode().strip()
    return [Program("sanitized lmp-denoise", 2021, FOLDER / "bin/lmp-denoise", library=BUILD / "lib", prefix=settings),
            Program("sanitized plugin", 2025, LAMMPS / "smallbig/lmp", FOLDER / "lib/denoiseplugin.so", BUILD / "lib",
                    [*settings, f"LD_PRELOAD={runtime}"])]


def make_cases():
    if not (FOLDER / "bin/lmp-denoise").exists():
        return
    for program in sanitized_programs():
        for origin, tests in CHOSEN.items():
            module, name = origin.split(".")
            original = getattr(import_module(module), f"{name}_lmp_denoise")
            members = {test: getattr(original, test) for test in tests}
            others = {test: None for test in dir(original) if test.startswith("test_") and test not in tests}
            title = f"{name}_{program.name.replace(' ', '_').replace('-', '_')}"
            globals()[title] = type(title, (original,), {**others, **members, "program": program, "__module__": __name__})


class SanitizedBuild(unittest.TestCase):
    @unittest.skipUnless((FOLDER / "bin/lmp-denoise").exists(), f"no sanitized build in {FOLDER}")
    def test_is_there(self):
        """Says that the tests below were left out, where they were; and that the fix is the sanitized one, where they were not."""
        for file in ("bin/lmp-denoise", "lib/denoiseplugin.so"):
            self.assertIn(b"__asan_report_load", (FOLDER / file).read_bytes())


make_cases()
