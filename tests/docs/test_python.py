"""Every block of Python runs, those of a page one after the other in one namespace, and prints what its comments say."""

import builtins
import contextlib
import io
import os
import re
import shutil
import unittest
import warnings

import crystals
import denoise_insitu as dn
import numpy as np
from documents import blocks, test_name
from support import ROOT, CliTestCase

try:
    import ase
except ImportError:
    ase = None
try:
    import traits.api as traits  # it warns, the first time
except ImportError:
    traits = None

PYTHON = blocks("python")
# Pages whose printed lines are looked at below.
LOOKED_AT = ("docs/python.md", "interop/python/README.md", "docs/ovito.md")


class DocumentTests(CliTestCase):
    def setUp(self):
        super().setUp()
        before = os.getcwd()
        os.chdir(self.folder)
        self.addCleanup(os.chdir, before)

    def run_blocks(self, page, **space):
        """What the blocks print, line by line. space: names that they know."""
        output = io.StringIO()
        with contextlib.redirect_stdout(output), warnings.catch_warnings():
            warnings.simplefilter("error")
            for block in PYTHON[page]:
                # As a file, because TorchScript reads the sources of functions.
                source = self.path(f"block{block.line}.py")
                source.write_text(block.text, encoding="utf-8")
                exec(compile(block.text, source, "exec"), space)  # pylint: disable=exec-used
        return output.getvalue().splitlines()

    @unittest.skipUnless(ase, "needs ASE (Debian: python3-ase)")
    def test_the_manual(self):
        said = self.run_blocks("docs/python.md")
        raw, cold = map(int, said[0].split())
        self.assertTrue(230 < raw < 330 and cold == 864, said[0])
        self.assertEqual("[1 1 1 1 1]", said[1])
        self.assertGreater(float(said[3]), 0.95)
        self.assertEqual(1.0, float(said[5]))
        self.assertEqual("(864, 16) ['fcc', 'bcc', 'hcp']", said[7])
        self.assertTrue(any("in one place: remove one of them" in line for line in said))

    @unittest.skipUnless(ase, "needs ASE (Debian: python3-ase)")
    def test_the_page_of_the_wheel(self):
        self.assertEqual(["1.0"], self.run_blocks("interop/python/README.md"))

    @unittest.skipUnless(traits, "needs traits (Debian: python3-traits)")
    def test_ovito(self):
        crystal = crystals.crystal()
        frame = dn.Frame(positions=np.array(crystal.positions), cell=np.array(crystal.cell, float), pbc=np.ones(3, bool), elements=("Cu",))
        dn.write("run.dnz", [frame])
        self.assertEqual([f"{len(frame)} [1 1 1 1 1]"], self.run_blocks("docs/ovito.md"))

    def run_page(self, page):
        """A page that prints nothing to be looked at; `atoms` are a hot crystal, and it has the files that documents name."""
        if not ase:
            self.skipTest("needs ASE (Debian: python3-ase)")
        crystal = crystals.crystal()
        crystals.write(self.path("run.dump"), crystals.dump_text(crystal, elements=["Cu"]))
        shutil.copy(ROOT / "models/metals.pt", self.path("my.pt"))
        self.path("examples").symlink_to(ROOT / "examples")
        atoms = ase.Atoms("Cu" * crystal.count, positions=crystal.positions, cell=crystal.cell, pbc=True)
        self.run_blocks(page, atoms=atoms)

    def test_what_the_manual_lists_is_there(self):
        text = (ROOT / "docs/python.md").read_text(encoding="utf-8")
        options = re.findall(r"^\| `(\w+)` \|", text.partition("## ASE")[0], re.MULTILINE)
        taken = [name for name in dn.Session.__init__.__annotations__ if name not in ("model", "return", "species")]
        self.assertEqual(sorted(taken), sorted(options[:len(taken)]))
        named = re.search(r"\| `positions` \|.*?\n\n", text, re.DOTALL)[0]
        fields = [*dn.Result.__dataclass_fields__, "counts", "counts_raw"]
        shown = [name for row in named.strip().splitlines() for name in re.findall(r"`(\w+)`", row.split("|")[1])]
        self.assertEqual(sorted(fields), sorted(shown))
        for error in re.findall(r"`(\w+Error)`", text):
            self.assertTrue(hasattr(dn, error) or hasattr(builtins, error), error)


for _page in PYTHON:
    if _page not in LOOKED_AT:
        setattr(DocumentTests, test_name(_page), lambda self, page=_page: self.run_page(page))
