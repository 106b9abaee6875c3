"""Runs the tests of this folder and counts them."""

import sys
import unittest
from pathlib import Path


def main():
    folder = str(Path(__file__).parent)
    sys.path.insert(0, folder)
    loader = unittest.TestLoader()
    names = sys.argv[1:]
    suite = loader.loadTestsFromNames(names) if names else loader.discover(folder, pattern="test_*.py")
    result = unittest.TextTestRunner(verbosity=2).run(suite)
    failed = len(result.failures) + len(result.errors)
    skipped = len(result.skipped)
    print(f"cli: {result.testsRun - failed - skipped} passed, {failed} failed, {skipped} skipped")
    # No test at all is a mistake in the call, not a success.
    return 1 if failed or result.testsRun == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
