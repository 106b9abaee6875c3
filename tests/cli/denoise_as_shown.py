#!/usr/bin/python3 -B
"""
The program as documents and help texts show it: `denoise` on the PATH of their tests. $DENOISE with the same words, but trainings are cut
short, whose length changes nothing else, and what --resume goes on with is made first.
"""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

PROGRAM = os.environ["DENOISE"]


def value_of(words, option):
    return words[words.index(option) + 1] if option in words[:-1] else None


def interrupt(words, state):
    """Starts a training and ends it by Ctrl-C as soon as its state is on disk."""
    with subprocess.Popen([PROGRAM, *words], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                          preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL)) as process:
        while not state.exists() and process.poll() is None:
            time.sleep(0.01)
        process.send_signal(signal.SIGINT)


words = sys.argv[1:]
if words[:1] == ["train"]:
    model = value_of(words, "-o")
    steps = "40" if "--resume" in words else "4"
    if "--steps" in words:
        words[words.index("--steps") + 1] = steps
    else:
        words += ["--steps", steps]
    words += ["--threads", "2"]
    stem = model.removesuffix(".pt")
    for name in (model, f"{model}.resume", f"{stem}.log.csv", f"{stem}.validation.csv"):
        Path(name).unlink(missing_ok=True)
    if "--resume" in words:
        interrupt([word for word in words if word != "--resume"], Path(f"{model}.resume"))
os.execv(PROGRAM, [PROGRAM, *words])
