"""What the validations share: arguments, where the snapshots are, and the count of the cases that hold."""

import argparse
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
REFERENCE = HERE.parents[2] / "shared" / "reference"


def arguments(prog, description):
    """A parser of what every validation takes."""
    parser = argparse.ArgumentParser(prog=prog, description=description)
    parser.add_argument("model", nargs="?", type=Path)
    parser.add_argument("--table", action="store_true", help="print a row per case")
    parser.add_argument("--snapshots", type=Path, help="folder of make.py: all snapshots of a case instead of the one in data/")
    return parser


def hold(options, published, expectations, judge):
    """
    Judges every case and prints what fails and the sum; returns the exit code. `published`: the weights without a model as argument.
    `judge(name, expected, path, model, folder)` denoises the snapshots at `path` and returns a row of the table and a list of problems.
    """
    model = options.model or published
    if not model.exists():
        if options.model:
            sys.exit(f"tests/validation: there is no {model}")
        print(f"left out: needs {model}, which is not there, or a model as argument")
        print(f"validation: 0 passed, 0 failed, {len(expectations)} skipped")
        return 0
    failed = 0
    with tempfile.TemporaryDirectory(prefix="denoise-validation-") as folder:
        for name, expected in expectations.items():
            scratch = options.snapshots and options.snapshots / name / "frames.dump"
            path = scratch if scratch and scratch.exists() else HERE / "data" / f"{name}.dump.gz"
            row, problems = judge(name, expected, path, model, Path(folder))
            failed += bool(problems)
            if options.table:
                print(row, flush=True)
            for problem in problems:
                print(f"FAILED: {name}: {problem}", file=sys.stderr)
    print(f"validation: {len(expectations) - failed} passed, {failed} failed, 0 skipped")
    return 1 if failed else 0
