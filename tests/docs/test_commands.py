"""Every block of shell commands runs, one after the other in one folder per page, which has the files that the documents name."""

import random
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

from documents import ROOT, blocks, test_name
from shown import check, make_files
from support import DENOISE, needs_mpi

BUILD = Path(DENOISE).parents[1]
SHELL = blocks("sh")


def disorder(gro):
    """A GRO file of four-site water with its molecules moved anywhere near."""
    title, count, *lines, box = gro.splitlines()
    source = random.Random(1)
    for first in range(0, len(lines), 4):
        shift = [source.gauss(0, 0.12) for _ in range(3)]
        for i in range(first, first + 4):
            place = (float(lines[i][20 + 8 * k:28 + 8 * k]) + shift[k] for k in range(3))
            lines[i] = lines[i][:20] + "".join(f"{x:8.3f}" for x in place)
    return "\n".join([title, count, *lines, box, ""])


def make_ice(folder):
    """A crystal of water molecules with the fourth site, its trajectory, and that of one that melts."""
    make = [ROOT / "examples/ice/make_ice.py", "3", "2", "2", folder / "ice.gro"]
    subprocess.run(["/usr/bin/python3", *make], check=True, stdout=subprocess.DEVNULL)
    (folder / "melting.gro").write_text(disorder((folder / "ice.gro").read_text()))
    for name, *frames in ("run.xtc", "ice.gro"), ("melting.xtc", "ice.gro", "melting.gro"):
        subprocess.run([DENOISE, "analyze", *(folder / frame for frame in frames), "--classify", "none", "-o", folder / name], check=True,
                       stdout=subprocess.DEVNULL)


class ShellCase(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.template = Path(tempfile.mkdtemp(prefix="denoise-docs-"))
        cls.addClassCleanup(shutil.rmtree, cls.template)
        make_files(cls.template)
        make_ice(cls.template)

    def run_page(self, page):
        """In a folder like the root or, for a page of examples, like its own."""
        root = Path(tempfile.mkdtemp(prefix="denoise-docs-"))
        self.addCleanup(shutil.rmtree, root)
        for name, target in (("models", ROOT / "models"), ("interop", ROOT / "interop"), ("build", BUILD)):
            (root / name).symlink_to(target)
        shutil.copytree(ROOT / "examples", root / "examples")
        folder = root / Path(page).parent if page.startswith("examples/") else root
        shutil.copytree(self.template, folder, dirs_exist_ok=True)
        for block in SHELL[page]:
            with self.subTest(block=str(block)):
                check(self, block.text, folder)


@needs_mpi
class ReadmeTests(ShellCase):
    def test_readme(self):
        for name in ("apply", "classify", "info", "train"):
            self.assertTrue(any(f"denoise {name} " in block.text for block in SHELL["README.md"]), name)
        self.run_page("README.md")


@needs_mpi
class PageTests(ShellCase):
    pass


for _page in SHELL:
    if _page != "README.md":
        setattr(PageTests, test_name(_page), lambda self, page=_page: self.run_page(page))
