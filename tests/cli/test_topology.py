"""--topology and --sites: what the atoms of a trajectory without types are, and their molecules, which are written whole."""

import math
import subprocess
import sys

from support import ROOT, CliTestCase, run

MODEL = ROOT / "models/ice.pt"
MAKE_ICE = ROOT / "examples/ice/make_ice.py"
MOLECULES = 96


def rows(path):
    """Box edges, and element and position of every atom of an extended XYZ file's first frame."""
    lines = path.read_text(encoding="utf-8").splitlines()
    cell = [float(word) for word in lines[1].split('Lattice="')[1].split('"')[0].split()]
    words = [line.split() for line in lines[2:2 + int(lines[0])]]
    return (cell[0], cell[4], cell[8]), [(word[0], [float(x) for x in word[1:4]]) for word in words]


class Topology(CliTestCase):
    def setUp(self):
        super().setUp()
        for name in ("ice.gro", "ice.data"):
            subprocess.run([sys.executable, MAKE_ICE, "3", "2", "2", self.path(name)], check=True)
        box, atoms = rows(self.written("ice.gro", "whole.xyz"))
        # Every atom into the box, which cuts molecules.
        split = [(name, [(x + edge / 3) % edge for x, edge in zip(r, box)]) for name, r in atoms]
        self.assertGreater(self.cut(box, split, 4), 5)
        self.trajectory("run.xtc", box, split)
        self.trajectory("three.xtc", box, [atom for i, atom in enumerate(split) if i % 4 < 3])

    def written(self, source, target, *options):
        result = run("analyze", self.path(source), "--classify", "none", "-o", self.path(target), "--force", *options)
        self.assertEqual(0, result.returncode, result.stderr)
        return self.path(target)

    def trajectory(self, name, box, atoms):
        lattice = f"{box[0]} 0 0 0 {box[1]} 0 0 0 {box[2]}"
        self.path("split.xyz").write_text(f'{len(atoms)}\nLattice="{lattice}" Properties=species:S:1:pos:R:3\n'
                                          + "".join(f"X {x} {y} {z}\n" for _, (x, y, z) in atoms), encoding="utf-8")
        self.written("split.xyz", name)

    @staticmethod
    def cut(box, atoms, sites):
        """Atoms that are not near the first of their molecule."""
        return sum(math.dist(r, atoms[i - i % sites][1]) > 0.5 * min(box) for i, (_, r) in enumerate(atoms))

    def test_every_file_of_the_same_atoms_says_what_they_are(self):
        crystal, = self.frames("apply", self.path("run.xtc"), "--sites", "O,H,H,NULL", "--model", MODEL)
        self.assertEqual(MOLECULES, crystal["counts"]["ice-Ih"])
        by_gro, = self.frames("apply", self.path("run.xtc"), "--topology", self.path("ice.gro"), "--model", MODEL)
        self.assertEqual(crystal, by_gro)
        by_data, = self.frames("apply", self.path("three.xtc"), "--topology", self.path("ice.data"), "--model", MODEL)
        self.assertEqual(crystal["counts"], by_data["counts"])
        self.assertAlmostEqual(crystal["rms_displacement"], by_data["rms_displacement"], places=6)

    def test_molecules_are_written_whole(self):
        for source, sites, options in (("run.xtc", 4, ["--sites", "O,H,H,NULL"]), ("run.xtc", 4, ["--topology", self.path("ice.gro")]),
                                       ("three.xtc", 3, ["--topology", self.path("ice.data")])):
            result = run("apply", self.path(source), *options, "--model", MODEL, "-o", self.path("clean.xtc"), "--force")
            self.assertEqual(0, result.returncode, result.stderr)
            box, atoms = rows(self.written("clean.xtc", "clean.xyz"))
            self.assertEqual((MOLECULES * sites, 0), (len(atoms), self.cut(box, atoms, sites)))

    def test_what_does_not_fit_is_told(self):
        run_xtc = self.path("run.xtc")
        self.assert_fails(run("apply", run_xtc, "--topology", self.path("ice.data"), "--model", MODEL), "run.xtc", "384 atoms", "288")
        self.assert_fails(run("apply", run_xtc, "--topology", self.path("none.gro"), "--model", MODEL), "none.gro", "no such file")
        self.assertEqual(2, run("apply", run_xtc, "--topology", self.path("ice.gro"), "--sites", "O", "--model", MODEL).returncode)
