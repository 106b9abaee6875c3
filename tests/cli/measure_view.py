#!/usr/bin/env python3
"""How fast the view of a report turns on this machine: measure_view.py REPORT.html [SERIES]

In a headless Chromium that draws by the processor, a view of 1,350 pixels across. A series is 24 turns of 15 frames, timed by the page
itself, drawing and showing them. Prints the slowest, middle and fastest turn of each in frames per second, and the machine's load.
No test calls it: it says something of a machine that does nothing else.
"""

import os
import pathlib
import statistics
import sys

from browser import Browser

TURNS, FRAMES = 24, 15


def main():
    report = pathlib.Path(sys.argv[1]).resolve(strict=True)
    browser = Browser(1400, 900)
    try:
        browser.open(report)
        browser.wait_for("window.denoiseView && denoiseView.shown() === 0")
        width, height, panes, atoms = browser.value("""(() => {
            const canvas = document.querySelector('canvas[aria-label=atoms]'), { stage } = denoiseView;
            return [canvas.width, canvas.height, stage.atoms.positions.length, stage.atoms.count];
        })()""")
        print(f"{panes} x {atoms:,} atoms, {width} x {height} pixels, {os.cpu_count()} processors")
        for _ in range(int(sys.argv[2]) if len(sys.argv) > 2 else 3):
            turns = sorted(browser.value(f"denoiseView.measure({FRAMES})") for _ in range(TURNS))
            print(f"frames per second: slowest {turns[0]:.1f}, middle {statistics.median(turns):.1f}, fastest {turns[-1]:.1f}; "
                  f"load {os.getloadavg()[0]:.1f}", flush=True)
    finally:
        browser.close()


if __name__ == "__main__":
    main()
