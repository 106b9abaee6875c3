"""Denoises the snapshots of data/ and holds the figures of expected.py; called by run.sh."""

import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE / "make"))

import cases  # noqa: E402
from expected import CASES  # noqa: E402
from holding import REFERENCE, arguments, hold  # noqa: E402
from measures import Result, bulk, crystal, interface, missing  # noqa: E402
from snapshots import denoise, percent, read  # noqa: E402

PUBLISHED = REFERENCE / "Cu-denoiser.pt"
STEPS = 8


def examine(name, path, model, folder, scale="auto", layers=1):
    """Results of the snapshots in a file; `layers`: see Expected."""
    case = cases.all_cases()[name]
    phase = "other" if case["script"] == "melt" else case["lattice"]
    output, labeled = folder / "clean.dump", folder / "labeled.dump"
    reports = denoise("apply", path, "--model", model, "--steps", STEPS, "--scale", scale, "--output", output)
    denoise("classify", path, "--method", "acna", "--output", labeled)
    raws, cleans = read(labeled), read(output)
    if case["script"] == "interface":
        # Every snapshot is followed by the time average around it.
        return [
            interface(case, raw, clean, report, percent(raw.labels, phase), average, layers)
            for raw, average, clean, report in zip(raws[::2], raws[1::2], cleans[::2], reports[::2])
        ]
    results = []
    for raw, clean, report in zip(raws, cleans, reports):
        before = percent(raw.labels, phase)
        if case["defect"] in ("vacancy", "interstitial"):
            results.append(bulk(case, raw, clean, report, before))
        elif case["script"] == "melt":
            results.append(Result(before, percent(clean.labels, phase), report))
        elif case["defect"] == "missing":
            results.append(missing(case, raw, clean, report, folder))
        else:
            results.append(crystal(case, raw, clean, report, before))
    return results


def row(name, results, expected):
    """A row of the table in README.md."""
    def mean(values):
        return sum(values) / len(results)

    return (
        f"| {name} | {mean(r.before for r in results):.1f} | {mean(r.after for r in results):.2f} | {min(r.after for r in results):.2f} "
        f"| {expected.must:g} | {expected.published:g} | {max(r.iterations for r in results)} | {mean(r.scale for r in results):.3f} "
        f"| {results[0].note} |"
    )


def main():
    parser = arguments("run.sh", __doc__)
    parser.add_argument("--authors-scale", action="store_true", help="the authors' factors on lengths instead of `scale auto`")
    options = parser.parse_args()

    def judge(name, expected, path, model, folder):
        scale = cases.MATERIALS[name.split("-")[0]]["factor"] if options.authors_scale else "auto"
        results = examine(name, path, model, folder, scale, expected.layers[0 if options.model else 1])
        least = expected.must if options.model else expected.published
        problems = [problem for result in results for problem in result.problems]
        problems += [f"{result.after}%, must reach {least}%" for result in results if result.after < least]
        return row(name, results, expected), problems

    return hold(options, PUBLISHED, CASES, judge)


if __name__ == "__main__":
    sys.exit(main())
