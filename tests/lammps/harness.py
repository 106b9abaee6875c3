"""Runs LAMMPS with fix denoise on small systems and reads what it wrote.

Python's standard library only: the tests drive programs and compare text files, which is what it is good at, and Debian's python3
needs nothing installed. The system tests of a class run once per program of PROGRAMS.
"""

import os
import re
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BUILD = Path(os.environ.get("DENOISE_BUILD", ROOT / "build"))
LAMMPS = Path(os.environ.get("DENOISE_LAMMPS", Path.home() / ".cache/denoise-insitu/lammps-trixie"))
REFERENCE = ROOT.parent / "shared/reference"
MODEL = ROOT / "models/metals.pt"
TIMEOUT = 300


class Program:
    """A way to run LAMMPS with the fix: the command, the year of LAMMPS, and the line that the input script starts with."""

    def __init__(self, name, year, executable, plugin=None, library=None, prefix=()):
        self.name = name
        self.year = year
        self.environment = {"DENOISE_INSITU_LIB": str(library)} if library else {}
        self.command = [*prefix, str(executable)]
        self.first_line = f"plugin load {plugin}" if plugin else ""


LAUNCHER = Program("lmp-denoise", 2021, BUILD / "bin/lmp-denoise")
PLUGIN = Program("plugin", 2025, LAMMPS / "smallbig/lmp", BUILD / "lib/denoiseplugin.so")
BIGBIG = Program("plugin, BIGBIG", 2025, LAMMPS / "bigbig/lmp", BUILD / "plugin-bigbig/lib/denoiseplugin.so", BUILD / "lib")
PROGRAMS = [LAUNCHER, PLUGIN]


class Run:
    """One LAMMPS run that has ended."""

    def __init__(self, folder, code, output):
        self.folder = folder
        self.code = code
        self.output = output

    def thermo(self):
        """Rows of all thermo tables as {column: value}, in order."""
        rows, names = [], None
        for line in self.output.splitlines():
            words = line.split()
            if words[:1] == ["Step"]:
                names = words
            elif line.startswith("Loop time"):
                names = None
            elif names and len(words) == len(names):
                try:
                    rows.append(dict(zip(names, map(float, words))))
                except ValueError:
                    pass  # a warning among the lines
        return rows

    def dump(self, name="out.dump", step=None):
        """The last frame, or the last of a step, as {id: {column: value}}."""
        frames = {}
        with open(self.folder / name) as file:
            lines = iter(file.read().splitlines())
        for line in lines:
            if line == "ITEM: TIMESTEP":
                at = int(next(lines))
            elif line == "ITEM: NUMBER OF ATOMS":
                atoms = int(next(lines))
            elif line.startswith("ITEM: ATOMS"):
                names = line.split()[2:]
                rows = (dict(zip(names, map(float, next(lines).split()))) for _ in range(atoms))
                frames[at] = {int(row["id"]): row for row in rows}
        return frames[at if step is None else step]

    def csv(self, name="out.csv"):
        """The lines of a CSV file as {column: value}."""
        header, *lines = (self.folder / name).read_text().splitlines()
        return [dict(zip(header.split(","), map(float, line.split(",")))) for line in lines]


def fix_denoise(every=5, id="dn", group="all", model=MODEL, rest=""):
    """The line of the fix; with few iterations, which is enough to see a difference."""
    return f"fix {id} {group} denoise {every} {model} steps 3 tol 0 {rest}"


def outputs(every=5, id="dn"):
    """Thermo with every value of the fix, and a dump with its per-atom array."""
    values = " ".join(f"f_{id}[{i}]" for i in range(1, 15))
    atoms = " ".join(f"f_{id}[{i}]" for i in range(1, 6))
    return (f"thermo {every}\nthermo_style custom step f_{id} {values}\nthermo_modify norm no format float %.15g\n"
            f"dump out all custom {every} out.dump id type x y z {atoms}\ndump_modify out format float %.15g\n")


class LammpsCase(unittest.TestCase):
    """Base of the tests: `self.lammps(script, ranks)` runs in a folder that is new for every test."""

    program = LAUNCHER

    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="denoise-lammps-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    def write(self, name, text):
        (self.folder / name).write_text(text)
        return name

    def start(self, script, ranks=1, library=None, options=("-log", "none"), limit_file_size=None):
        """Runs a script to its end, whatever that is. library: a file or folder for DENOISE_INSITU_LIB; options: of the command line;
        limit_file_size: in kilobytes, of what LAMMPS writes."""
        environment = {**os.environ, **self.program.environment}
        if library:
            environment["DENOISE_INSITU_LIB"] = str(library)
        text = self.program.first_line + "\n" + script
        self.write("in.script", text)
        command = ["mpirun", "-n", str(ranks), *self.program.command, "-in", "in.script", *options]
        if limit_file_size:
            # without the signal that would end the program
            limit = f"trap '' XFSZ; ulimit -f {limit_file_size}; exec \"$@\""
            command[3:3] = ["bash", "-c", limit, "bash"]
        try:
            done = subprocess.run(command, cwd=self.folder, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                  stderr=subprocess.STDOUT, timeout=TIMEOUT, check=False)
        except subprocess.TimeoutExpired as hung:
            self.fail(f"no end after {TIMEOUT} s:\n{text}\n{(hung.stdout or b'').decode(errors='replace')[-3000:]}")
        return Run(self.folder, done.returncode, done.stdout.decode(errors="replace"))

    def lammps(self, script, ranks=1, library=None):
        """Runs a script that must succeed."""
        run = self.start(script, ranks, library)
        self.assertEqual(run.code, 0, f"{script}\n{run.output[-3000:]}")
        self.assertIn("Total wall time", run.output)
        return run

    def error_of(self, script, ranks=2, library=None, **settings):
        """Runs a script that must fail, and returns the sentence after ERROR."""
        run = self.start(script, ranks, library, **settings)
        self.assertNotEqual(run.code, 0, f"it succeeded:\n{script}\n{run.output[-3000:]}")
        found = re.findall(r"^ERROR: (.*?)(?: \(\S+:\d+\))?$", run.output, re.MULTILINE)
        self.assertEqual(len(found), 1, f"not one error:\n{run.output[-3000:]}")
        return found[0]

    def assert_one_sentence(self, error):
        self.assertTrue(error.startswith("Fix denoise dn: "), error)
        self.assertNotRegex(error, r"dn_|   at |Exception|\{|\}", error)
        self.assertLess(len(error), 400)

    def assert_same_counts(self, one, two, message=""):
        """Equal counts, iterations and steps in all thermo rows; the rest up to the round-off of single precision."""
        first, second = one.thermo(), two.thermo()
        self.assertGreater(len(first), 0)
        self.assertEqual(len(first), len(second), message)
        for a, b in zip(first, second):
            for name in a:
                if name.endswith("[14]"):
                    continue  # seconds
                if name.endswith(("[11]", "[13]")):
                    self.assertAlmostEqual(a[name], b[name], delta=1e-5 * max(1.0, abs(a[name])), msg=f"{message} {name}")
                else:
                    self.assertEqual(a[name], b[name], f"{message} {name}")

    def assert_same_atoms(self, one, two, length=1.0, ids=None, message=""):
        """Equal structure types, equal positions up to single precision and the box's images. length: of the unit of length."""
        for i in ids if ids is not None else one.keys() | two.keys():
            a, b = one[i], two[i]
            self.assertEqual(a["f_dn[1]"], b["f_dn[1]"], f"{message} type of atom {i}")
            for x, denoised in zip("xyz", ("f_dn[2]", "f_dn[3]", "f_dn[4]")):
                self.assertAlmostEqual((a[denoised] - a[x]) * length, (b[denoised] - b[x]) * length, delta=2e-5,
                                       msg=f"{message} {x} of atom {i}")

    def assert_consistent(self, atoms, message=""):
        """The displacement is the distance to the denoised position: every row lies at its own atom."""
        moved = 0
        for i, a in atoms.items():
            distance = sum((a[d] - a[x]) ** 2 for d, x in zip(("f_dn[2]", "f_dn[3]", "f_dn[4]"), "xyz")) ** 0.5
            self.assertAlmostEqual(distance, a["f_dn[5]"], delta=1e-6, msg=f"{message} atom {i}")
            moved += distance > 0.0
        self.assertGreater(moved, 0, message)


def per_program(*programs):
    """Class decorator: one class of tests per program, in the module of the decorated one."""

    def decorate(cls):
        module = vars(__import__(cls.__module__))
        for program in programs or PROGRAMS:
            name = cls.__name__ + "_" + re.sub(r"\W+", "_", program.name)
            module[name] = type(name, (cls,), {"program": program, "__module__": cls.__module__, "__doc__": cls.__doc__})
        return None

    return decorate
