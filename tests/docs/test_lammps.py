"""Every block of LAMMPS input runs, with a few atoms and for a few steps."""

import re
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

import crystals
from documents import ROOT, blocks, test_name
from shown import PEROVSKITE, train
from support import DENOISE, TIMEOUT

INPUT = blocks("lammps")
LAMMPS = Path(DENOISE).with_name("lmp-denoise")
# Atoms of the file `data` that feel nothing, with ghosts as far as anything looks.
BOX = """units metal
{first}
read_data data
mass * 1.0
pair_style zero 6.0
pair_coeff * *
comm_modify cutoff {ghosts}
timestep 0.001
fix move all nve
"""
# What stands elsewhere on the page, or in the input of the example, by the first line of the block.
BEFORE = {
    ("README.md", "compute s all denoise/atom denoise          # the per-atom values of the fix with the ID `denoise`"):
        "fix denoise all denoise 1000 models/metals.pt\n",
    ("docs/fix_denoise.md", "fix d solid denoise 500 models/silica.pt elements Si O steps 16 file structures.csv"): "group solid type 1 2\n",
}
MODELS = {"examples/ice/README.md": "ice", "examples/glass/README.md": "glass"}


def silica():
    """A rattled crystal of twice as many atoms of type 2 as of type 1: beta-cristobalite."""
    silicon = [(x, y, z) for s in (0, 0.25) for x, y, z in ((s, s, s), (s, s + 0.5, s + 0.5), (s + 0.5, s, s + 0.5), (s + 0.5, s + 0.5, s))]
    oxygen = [(x + a, y + b, z + c) for x, y, z in silicon[:4]
              for a, b, c in ((0.125, 0.125, 0.125), (-0.125, -0.125, 0.125), (-0.125, 0.125, -0.125), (0.125, -0.125, -0.125))]
    frame = crystals.crystal(basis=silicon + oxygen, a=7.12, repeats=(2, 2, 2), noise=0.05)
    frame.types = [1 if i % 24 < 8 else 2 for i in range(frame.count)]
    return frame


def perovskite():
    basis = [(0, 0, 0), (0.5, 0.5, 0.5), (0.5, 0.5, 0), (0.5, 0, 0.5), (0, 0.5, 0.5)]
    frame = crystals.crystal(basis=basis, a=3.905, repeats=(4, 4, 4), noise=0.05)
    frame.types = [min(1 + i % 5, 3) for i in range(frame.count)]
    return frame


def ordered(corners=2):
    """L1_2: another type on the corners, type 1 elsewhere."""
    frame = crystals.crystal(repeats=(5, 5, 5), noise=0.1)
    frame.types = [corners if i % 4 == 0 else 1 for i in range(frame.count)]
    return frame


# By what the elements are said to be.
CRYSTALS = {"elements Si O": silica, "elements Sr Ti O": perovskite, "elements Ni Al Ni": lambda: ordered(3), "elements Ni Al": ordered}


def steps_of(script):
    """Few steps; and some before a fix is defined anew, for the one that it replaces, and at the end."""
    lines, defined = [], set()
    # Continued lines are one command.
    for line in re.sub(r"&\s*\n\s*", " ", script).splitlines():
        if fix := re.match(r"fix\s+(\S+)\s", line):
            if fix[1] in defined:
                lines.append("run 2")
            defined.add(fix[1])
        lines.append(re.sub(r"^run\s+\d+.*", "run 4", line))
    return "\n".join(lines + ["run 2", ""])


class InputTests(unittest.TestCase):
    def run_block(self, block):
        folder = Path(tempfile.mkdtemp(prefix="denoise-docs-"))
        self.addCleanup(shutil.rmtree, folder)
        (folder / "models").symlink_to(ROOT / "models")
        for name in ("silica.pt", "ice.pt", "phases.pt", "compounds.pt"):
            (folder / name).symlink_to(ROOT / "models" / name)
        first, last, ghosts = "atom_style atomic", "", 11.0
        if "elements O H" in block.text:
            subprocess.run(["/usr/bin/python3", ROOT / "examples/ice/make_ice.py", "3", "2", "2", folder / "data"], check=True,
                           stdout=subprocess.DEVNULL)
            first, last = "atom_style full\nbond_style zero\nangle_style zero", "bond_coeff * 1.0\nangle_coeff * 100.0\n"
        else:
            made = [make for words, make in CRYSTALS.items() if words in block.text]
            frame = made[0]() if made else crystals.crystal(repeats=(5, 5, 5), noise=0.1)
            if "structure=bcc" in block.text:
                frame, ghosts = crystals.crystal(basis=crystals.BCC, a=3.3026, repeats=(8, 8, 8), noise=0.1), 20.0
            crystals.write(folder / "data", crystals.data_text(frame))
            crystals.write(folder / "perfect.data", crystals.data_text(crystals.crystal(repeats=(5, 5, 5), noise=0.0)))
        if "names.pt" in block.text:
            train("-o", folder / "names.pt", "--prototypes", "fcc,bcc", "--atoms", "20", "--classes")
        if "perovskite.pt" in block.text:
            (folder / "perovskite.cif").write_text(PEROVSKITE, encoding="utf-8")
            train("--structures", folder / "perovskite.cif", "-o", folder / "perovskite.pt")
        model = ROOT / f"models/{MODELS.get(block.page, 'metals')}.pt"
        script = BOX.format(first=first, ghosts=ghosts) + last + BEFORE.get((block.page, block.first), "") + steps_of(block.text)
        done = subprocess.run([LAMMPS, "-in", "/dev/stdin", "-log", "none", "-var", "model", model], cwd=folder, input=script, text=True,
                              capture_output=True, timeout=TIMEOUT, check=False)
        self.assertEqual(0, done.returncode, f"{block}:\n{script}\n{done.stdout[-3000:]}{done.stderr}")
        self.assertIn("denoise", block.text)

    def test_what_is_put_before_a_block_belongs_to_one(self):
        there = {(block.page, block.first) for page in INPUT.values() for block in page}
        for block in BEFORE:
            self.assertIn(block, there)


def _run_page(case, page):
    for block in INPUT[page]:
        with case.subTest(block=str(block)):
            case.run_block(block)


for _page in INPUT:
    setattr(InputTests, test_name(_page), lambda self, page=_page: _run_page(self, page))
