"""Runs the tests of a folder, some classes of them at a time, and prints a summary: suite.py FOLDER [WORD]...

WORD: only tests whose names contain one. Classes run in as many processes as there are processors, because most of a test is the start
of a program; those with `alone = True` run by themselves at the end: they look at what the machine does.
"""

import io
import os
import sys
import time
import unittest
from concurrent.futures import ProcessPoolExecutor
from itertools import groupby
from pathlib import Path


class Result(unittest.TextTestResult):
    """Says how long a test took."""

    def startTest(self, test):
        super().startTest(test)
        self.started = time.monotonic()

    def addSuccess(self, test):
        super().addSuccess(test)
        self.stream.writeln(f"    {time.monotonic() - self.started:.1f} s")


def discover(folder):
    sys.path.insert(0, folder)
    return unittest.defaultTestLoader.discover(folder, "test_*.py")


def tests_of(suite):
    for item in suite:
        if isinstance(item, unittest.TestSuite):
            yield from tests_of(item)
        else:
            yield item


def class_of(test):
    # A module that cannot be imported is a test that fails, of a class of unittest's own: by its name alone it would be lost.
    return test.id().rpartition(".")[0] if type(test).__module__ != "unittest.loader" else test.id()


def run(folder, names):
    """Runs tests by name; returns what was printed and the numbers of those that passed, failed and were skipped."""
    suite = unittest.TestSuite(test for test in tests_of(discover(folder)) if test.id() in names)
    output = io.StringIO()
    result = unittest.TextTestRunner(output, verbosity=2, resultclass=Result).run(suite)
    # Several parts of one test may fail.
    broken = {getattr(test, "test_case", test) for test, _ in result.failures + result.errors}
    # What a class could not set up is no test that ran.
    failed = {test.id() for test in broken if isinstance(test, unittest.TestCase)}
    passed = result.testsRun - len(failed) - len(result.skipped)
    return output.getvalue(), passed, len({test.id() for test in broken}), len(result.skipped)


def main():
    folder, words = str(Path(sys.argv[1]).resolve()), sys.argv[2:]
    tests = [test for test in tests_of(discover(folder)) if not words or any(word in test.id() for word in words)]
    together, alone = [], []
    for _, group in groupby(tests, class_of):
        group = list(group)
        (alone if getattr(group[0], "alone", False) else together).append({test.id() for test in group})
    total = [0, 0, 0]
    for classes, processes in (together, os.cpu_count()), (alone, 1):
        # One class to a process: what a class leaves behind does not reach another.
        with ProcessPoolExecutor(processes, max_tasks_per_child=1) as pool:
            for output, *counts in pool.map(run, [folder] * len(classes), classes):
                print(output, flush=True)
                total = [a + b for a, b in zip(total, counts)]
    passed, failed, skipped = total
    print(f"{passed} passed, {failed} failed, {skipped} skipped")
    # No test at all is a mistake in the call, not a success; neither is one that got lost.
    return 0 if failed == 0 and sum(total) >= len(tests) > 0 else 1


if __name__ == "__main__":
    sys.exit(main())
