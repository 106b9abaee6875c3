"""Files in the dialects of their formats, read by denoise, ASE and MDAnalysis: equal atoms wherever two of them read."""

import json
import unittest
import warnings

from support import CliTestCase, read_dump, run

try:
    import ase.io
    import numpy
except ImportError:
    ase = None
try:
    import MDAnalysis
except ImportError:
    MDAnalysis = None

needs_ase = unittest.skipUnless(ase, "needs ASE (Debian: python3-ase)")
needs_mdanalysis = unittest.skipUnless(MDAnalysis, "needs MDAnalysis (Debian: python3-mdanalysis)")

TOLERANCE = 1e-5
CIF_CELL = "".join(f"_cell_length_{k} {{a}}\n_cell_angle_{angle} 90\n" for k, angle in zip("abc", ["alpha", "beta", "gamma"]))
CIF_SITES = "loop_\n_atom_site_label\n_atom_site_fract_x\n_atom_site_fract_y\n_atom_site_fract_z\n"


def cif(a, symmetry, sites):
    return f"data_x\n{symmetry}\n" + CIF_CELL.format(a=a) + CIF_SITES + sites + "\n"


XYZ_ATOMS = "Fe 0 0 0\nFe 1.4 1.5 1.6\nO 0.5 2.25 1\n"
DUMP_HEAD = "ITEM: TIMESTEP\n5\nITEM: NUMBER OF ATOMS\n2\n"
POSCAR_HEAD = "Fe O\n{scale}\n 4.0 0 0\n 0.5 4.5 0\n 0.25 -0.5 5\n"
DATA_HEAD = "made by hand\n\n2 atoms\n2 atom types\n\n0 4 xlo xhi\n-1 4 ylo yhi\n0 6 zlo zhi\n{tilt}\nMasses\n\n1 55.845\n2 15.999\n\n"

# Name of the file, its content, the format's name in ASE.
FILES = [
    ("plain.xyz", "3\nfree text\n" + XYZ_ATOMS, "extxyz"),
    ("lattice.xyz", '3\nLattice="3 0 0 0.5 3 0 0 0.25 3.5" pbc="T T F" Properties=species:S:1:pos:R:3\n' + XYZ_ATOMS, "extxyz"),
    ("spaces.xyz", '3\nLattice = "3 0 0 0 3 0 0 0 3" Properties = species:S:1:pos:R:3 pbc = "T T T"\n' + XYZ_ATOMS, "extxyz"),
    ("quoted.xyz", '3\n"Lattice"="3 0 0 0 3 0 0 0 3" Properties=species:S:1:pos:R:3\n' + XYZ_ATOMS, "extxyz"),
    ("escaped.xyz", '3\nnote="\\"Lattice=\\" pbc=\\"F F F\\"" Lattice="3 0 0 0 3 0 0 0 3" Properties=species:S:1:pos:R:3\n' + XYZ_ATOMS,
     "extxyz"),
    ("units.xyz", '3\nunits="eV and Angstrom" Lattice="3 0 0 0 3 0 0 0 3" Properties=species:S:1:pos:R:3\n' + XYZ_ATOMS, "extxyz"),
    ("more.xyz", '2\nLattice="3 0 0 0 3 0 0 0 3" Properties=pos:R:3:species:S:1:forces:R:3:tag:I:1\n0 0 0 Fe 1 2 3 4\n1 2 1 O 0 0 0 0\n',
     "extxyz"),
    # ASE 3.22 leaves the origin out where positions are scaled, and takes no volume for a scale.
    ("scaled.dump", DUMP_HEAD + "ITEM: BOX BOUNDS pp pp ff\n0 4\n0 5\n0 6\nITEM: ATOMS id type xs ys zs\n2 1 .5 .25 .125\n1 2 0 0 0\n",
     "lammps-dump-text"),
    ("unwrapped.dump", DUMP_HEAD + "ITEM: BOX BOUNDS pp pp pp\n0 4\n-1 4\n0 6\nITEM: ATOMS id xu yu zu type\n1 9 1 -3 1\n2 1 1 1 1\n",
     "lammps-dump-text"),
    ("tilted.dump",
     DUMP_HEAD + "ITEM: BOX BOUNDS xy xz yz pp pp pp\n-0.5 5 1\n-1 4.5 -.5\n0 6 .5\nITEM: ATOMS id type x y z\n1 1 1 1 1\n2 2 2 2 2\n",
     "lammps-dump-text"),
    ("5.POSCAR", POSCAR_HEAD.format(scale="1.0") + "Fe O\n1 2\nDirect\n0 0 0\n.5 .5 .5\n.25 .75 .1\n", "vasp"),
    ("selective.POSCAR", POSCAR_HEAD.format(scale="2.0") + "Fe O\n1 1\nSelective dynamics\nCartesian\n0 0 0 T T F\n1 1 1 F F F\n", "vasp"),
    ("repeated.POSCAR", POSCAR_HEAD.format(scale="1.0") + "O Fe O\n1 1 1\nDirect\n0 0 0\n.5 .5 .5\n.25 .75 .1\n", "vasp"),
    ("4.POSCAR", POSCAR_HEAD.format(scale="1.0") + "1 1\nDirect\n0 0 0\n.5 .5 .5\n", "vasp"),
    ("XDATCAR", POSCAR_HEAD.format(scale="1.0") + "Fe O\n1 1\n" + "".join(
        f"Direct configuration= {k}\n0 0 0\n.{k} .5 .5\n" for k in (1, 2, 3)), "vasp-xdatcar"),
    ("full.data", DATA_HEAD.format(tilt="") + "Atoms # full\n\n1 1 1 .5 1 1 1 0 0 0\n2 1 2 -.5 2 2 2 0 0 0\n", "lammps-data"),
    ("tilt.data", DATA_HEAD.format(tilt="1 .5 -.5 xy xz yz\n") + "Atoms # charge\n\n1 1 .5 1 1 1\n2 2 -.5 2 2 2\n", "lammps-data"),
    ("listed.cif", cif(3.6, "loop_\n_symmetry_equiv_pos_as_xyz\n'x,y,z'\n'x,y+1/2,z+1/2'\n'x+1/2,y,z+1/2'\n'x+1/2,y+1/2,z'",
     "Cu1 0 0 0"), "cif"),
    ("name.cif", cif(3.6, "_symmetry_space_group_name_H-M 'F m -3 m'", "Cu1 0 0 0\nO1 .25 .25 .25"), "cif"),
    ("number.cif", cif(5, "_symmetry_Int_Tables_number 62", "Cu1 .1 .25 .3\nO1 .4 .1 .2"), "cif"),
    ("name-only.cif", cif(5, "_symmetry_space_group_name_H-M 'P 21 3'", "Fe1 .1 .1 .1\nSi1 .4 .4 .4"), "cif"),
    ("cubic.cif", cif(5, "_symmetry_space_group_name_H-M 'P a -3'", "Fe1 0 0 0\nS1 .38 .38 .38"), "cif"),
]


class PeerTests(CliTestCase):
    def ours(self, path):
        """Frames: symbol or type and position of every atom; edge vectors of the first frame."""
        out = self.path("out.dump")
        result = run("classify", path, "--method", "cna:0.5", "-o", out)
        self.assertEqual(0, result.returncode, result.stderr)
        frames = []
        for frame in read_dump(out):
            names = [("x", "y", "z"), ("xu", "yu", "zu")]["xu" in frame["atoms"][0]]
            frames.append([(atom.get("element"), int(atom["id"]), [float(atom[k]) for k in names]) for atom in frame["atoms"]])
        info = run("info", path, "--json")
        self.assertEqual(0, info.returncode, info.stderr)
        return frames, json.loads(info.stdout)["cell"]

    @needs_ase
    def test_as_ASE_reads(self):
        for name, text, kind in FILES:
            with self.subTest(name=name):
                path = self.path(name)
                path.write_text(text)
                try:
                    with warnings.catch_warnings():
                        warnings.simplefilter("ignore")
                        theirs = ase.io.read(path, index=":", format=kind)
                except Exception as failure:  # Whatever stops it is no fault of ours.
                    print(f"{name}: ASE does not read it: {failure!r}")
                    continue
                frames, cell = self.ours(path)
                self.assertEqual(len(theirs), len(frames))
                for atoms, frame in zip(theirs, frames):
                    self.assertEqual(len(atoms), len(frame))
                    self.compare(atoms, frame, in_order=kind in ("extxyz", "vasp", "vasp-xdatcar"), symbols=kind[:6] != "lammps")
                if atoms.cell.rank == 3:
                    numpy.testing.assert_allclose(numpy.array(cell), theirs[0].cell.array, atol=TOLERANCE)

    def compare(self, atoms, frame, in_order, symbols):
        if not in_order:
            frame = sorted(frame, key=lambda atom: atom[1])
        ours = numpy.array([atom[2] for atom in frame])
        places = atoms.positions
        # Another order, or another image of a periodic atom, is the same atom.
        for k, place in enumerate(ours):
            difference = places - place
            if atoms.cell.rank == 3:
                fractional = numpy.linalg.solve(atoms.cell.array.T, difference.T).T
                difference = (fractional - numpy.round(fractional) * atoms.pbc) @ atoms.cell.array
            distances = numpy.linalg.norm(difference, axis=1)
            nearest = k if in_order else int(distances.argmin())
            self.assertLess(distances[nearest], TOLERANCE, f"atom {k}")
            if symbols and frame[k][0] is not None:
                self.assertEqual(atoms.symbols[nearest], frame[k][0])

    @needs_mdanalysis
    def test_as_MDAnalysis_reads(self):
        for name, text, kind in FILES:
            if kind not in ("extxyz", "lammps-dump-text", "lammps-data") or "more" in name:
                continue
            with self.subTest(name=name):
                path = self.path(name)
                path.write_text(text)
                options = {"extxyz": {"format": "XYZ"}, "lammps-dump-text": {"format": "LAMMPSDUMP"},
                           "lammps-data": {"format": "DATA",
                               "atom_style": "id resid type charge x y z" if "full" in name else "id type charge x y z"}}
                try:
                    with warnings.catch_warnings():
                        warnings.simplefilter("ignore")
                        kwargs = options[kind]
                        if kind == "lammps-data":
                            universe = MDAnalysis.Universe(path, topology_format="DATA", **kwargs)
                        else:
                            universe = MDAnalysis.Universe(str(path), topology_format=kwargs["format"], **kwargs)
                        theirs = universe.atoms.positions.copy()
                        identifiers = getattr(universe.atoms, "ids", None)
                except Exception as failure:  # Whatever stops it is no fault of ours.
                    print(f"{name}: MDAnalysis does not read it: {failure!r}")
                    continue
                frame = self.ours(path)[0][0]
                if identifiers is not None and kind != "extxyz":
                    # Both in the order of ids.
                    frame = sorted(frame, key=lambda atom: atom[1])
                    theirs = theirs[numpy.argsort(identifiers)]
                if kind == "lammps-dump-text":
                    # It moves the corner of the box to zero in some versions.
                    theirs = theirs - theirs[0] + frame[0][2]
                numpy.testing.assert_allclose(numpy.array([atom[2] for atom in frame]), theirs, atol=1e-4)

    @needs_mdanalysis
    def test_MDAnalysis_reads_what_is_written(self):
        source = self.path("source.dump")
        source.write_text(DUMP_HEAD + "ITEM: BOX BOUNDS xy xz yz pp pp pp\n-0.5 5 1\n-1 4.5 -.5\n0 6 .5\nITEM: ATOMS id type x y z\n"
                          "1 1 1 1 1\n2 2 2 2.5 3\n" + DUMP_HEAD + "ITEM: BOX BOUNDS pp pp pp\n0 4\n0 5\n0 6\n"
                          "ITEM: ATOMS id type x y z\n1 1 .5 .25 .125\n2 2 3 4 5\n")
        for name in ("run.xtc", "run.dcd", "run.nc"):
            with self.subTest(name=name), warnings.catch_warnings():
                warnings.simplefilter("ignore")
                path = self.path(name)
                result = run("expand", source, "-o", path)
                self.assertEqual(0, result.returncode, result.stderr)
                universe = MDAnalysis.Universe.empty(2, trajectory=True)
                universe.load_new(str(path))
                self.assertEqual(2, len(universe.trajectory))
                positions = [(universe.atoms.positions.copy(), universe.dimensions.copy()) for _ in universe.trajectory]
                numpy.testing.assert_allclose([[1, 1, 1], [2, 2.5, 3]], positions[0][0], atol=0.006 if name == "run.xtc" else 1e-6)
                numpy.testing.assert_allclose([[.5, .25, .125], [3, 4, 5]], positions[1][0], atol=0.006 if name == "run.xtc" else 1e-6)
                numpy.testing.assert_allclose([4, 5, 6, 90, 90, 90], positions[1][1], atol=1e-5)
                a, b, c = numpy.array([4, 0, 0]), numpy.array([1, 5, 0]), numpy.array([-.5, .5, 6])
                edges = [numpy.linalg.norm(edge) for edge in (a, b, c)]
                angles = [numpy.degrees(numpy.arccos(u @ v / numpy.linalg.norm(u) / numpy.linalg.norm(v)))
                          for u, v in ((b, c), (a, c), (a, b))]
                numpy.testing.assert_allclose([*edges, *angles], positions[0][1], atol=1e-4)
