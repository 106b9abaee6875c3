"""Runs every test of this folder, or those whose names contain one of the arguments, and prints a summary."""

import sys
import time
import unittest
from pathlib import Path


class Result(unittest.TextTestResult):
    def startTest(self, test):
        super().startTest(test)
        self.started = time.monotonic()

    def addSuccess(self, test):
        super().addSuccess(test)
        self.stream.writeln(f"    {time.monotonic() - self.started:.1f} s")


def chosen(suite, words):
    for item in suite:
        if isinstance(item, unittest.TestSuite):
            yield from chosen(item, words)
        elif not words or any(word in item.id() for word in words):
            yield item


def main():
    folder = Path(__file__).parent
    sys.path.insert(0, str(folder))
    suite = unittest.TestSuite(chosen(unittest.defaultTestLoader.discover(str(folder), "test_*.py"), sys.argv[1:]))
    result = unittest.TextTestRunner(sys.stdout, verbosity=2, resultclass=Result).run(suite)
    failed = len({getattr(test, "test_case", test).id() for test, _ in result.failures + result.errors})
    skipped = len(result.skipped)
    print(f"{result.testsRun - failed - skipped} passed, {failed} failed, {skipped} skipped")
    return 0 if result.wasSuccessful() and result.testsRun else 1


if __name__ == "__main__":
    sys.exit(main())
