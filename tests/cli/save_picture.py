#!/usr/bin/env python3
"""Saves what the view of a report shows, as the examples' READMEs have it: save_picture.py REPORT.html OUT.png [FRAME [STRUCTURE...]]

FRAME counts the view's frames from 0; -1, the default, is the last. Structures that are named are hidden.
"""

import pathlib
import sys

from browser import Browser


def main():
    report, out = pathlib.Path(sys.argv[1]).resolve(strict=True), sys.argv[2]
    frame, hidden = int(sys.argv[3]) if len(sys.argv) > 3 else -1, sys.argv[4:]
    browser = Browser(1000, 700)
    try:
        browser.open(report)
        browser.wait_for("window.denoiseView && denoiseView.shown() === 0")
        shown = browser.value(f"""(() => {{
            const slider = document.querySelector('[aria-label=frame]');
            if (!slider) return 0;
            slider.value = {frame} < 0 ? Number(slider.max) + 1 + {frame} : {frame};
            slider.dispatchEvent(new Event('input'));
            return Number(slider.value);
        }})()""")
        browser.wait_for(f"denoiseView.shown() === {shown}")
        for name in hidden:
            browser.value(f"document.querySelector('[data-structure={name}]').click()")
        box = browser.value("""(() => {
            denoiseView.stage.finish();
            const stage = document.querySelector('.stage'), { x, y, width, height } = stage.getBoundingClientRect();
            return { x: x + scrollX, y: y + scrollY, width, height, scale: 1 };
        })()""")
        browser.screenshot(out, whole=True, clip=box)
    finally:
        browser.close()


if __name__ == "__main__":
    main()
