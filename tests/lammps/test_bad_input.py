"""Every mistake ends LAMMPS on all ranks, with one sentence that names it and the remedy."""

from pathlib import Path

from crystals import Atoms, close_packed
from harness import MODEL, ROOT, LammpsCase, per_program
from scripts import no_forces

# What follows `fix dn all denoise`, and what the error must say.
LINES = {
    "nothing": ("", r"N and the model FILE are missing"),
    "no file": ("5", r"N and the model FILE are missing"),
    "N is a word": ("often {model}", r"N, .* 'often'"),
    "N is 0": ("0 {model}", r"N, .* '0'"),
    "N is negative": ("-5 {model}", r"N, .* '-5'"),
    "N is too large": ("99999999999 {model}", r"N, .* at most 2147483647, and is '99999999999'"),
    "steps is too large": ("5 {model} steps 99999999999", r"'steps' needs a whole number of at most 2147483647, and got '99999999999'"),
    "all types invisible": ("5 {model} elements NULL", r"'elements' makes the atoms of all types invisible"),
    "unknown keyword": ("5 {model} stepz 4", r"'stepz' is not a keyword; the keywords are steps, tol"),
    "steps without value": ("5 {model} steps", r"'steps' needs a whole number"),
    "steps before a keyword": ("5 {model} steps tol 0.1", r"'steps' needs a whole number"),
    "steps is -1": ("5 {model} steps -1", r"'steps' needs a whole number of at least 0, and got '-1'"),
    "steps is 0 without names": ("5 {model} steps 0", r"nothing to do where it moves no atom and names none"),
    "classify model without logits": ("5 {model} classify model", r"has no logits"),
    "classify model without a model": ("5 none classify model", r"need a model"),
    "steps is 2.5": ("5 {model} steps 2.5", r"'steps' needs .* got '2.5'"),
    "tol is a word": ("5 {model} tol fine", r"'tol' needs .* got 'fine'"),
    "tol is negative": ("5 {model} tol -1", r"'tol' needs .* got '-1'"),
    "scale is 0": ("5 {model} scale 0", r"'scale' needs .* got '0'"),
    "scale is nan": ("5 {model} scale nan", r"'scale' needs .* got 'nan'"),
    "cna without cutoff": ("5 {model} classify cna", r"'classify cna' needs a cutoff"),
    "unknown method": ("5 {model} classify ptm", r"'classify' needs .* got 'ptm'"),
    "threads is 0": ("5 {model} threads 0", r"'threads' needs .* got '0'"),
    "memory is a word": ("5 {model} memory much", r"'memory' needs an amount of memory such as 4G or 500M, and got 'much'"),
    "memory without value": ("5 {model} memory threads 1", r"'memory' needs an amount of memory"),
    "memory is too little": ("5 {model} memory 100k", r"'memory' needs .* got '100k'"),
    "frame needs more memory": ("5 {model} memory 1M", r"atoms and \d+ ghosts need about .* of memory, and no more than 1 MiB may be used"),
    "file without name": ("5 {model} file", r"'file' needs a file name"),
    "log in no folder": ("5 {model} file nowhere/out.csv", r"'nowhere/out.csv' \(No such file or directory\)"),
    "log is another file": ("5 {model} file data", r"'data' exists and was not written by this fix"),
    "too few elements": ("5 {model} elements", r"'elements' needs .* 1 in all, and 0 follow"),
    "too many elements": ("5 {model} elements Cu Al steps 3", r"'elements' needs .* 1 in all, and 2 follow"),
    "no such model": ("5 nowhere.pt", r"nowhere\.pt"),
    "model is a folder": ("5 .", r"\."),
    "model is text": ("5 data", r"data"),
    "model is empty": ("5 empty.pt", r"empty\.pt"),
    "model is cut off": ("5 short.pt", r"short\.pt"),
    "model is damaged": ("5 damaged.pt", r"damaged\.pt"),
}


@per_program()
class BadInput(LammpsCase):
    def setUp(self):
        super().setUp()
        self.write("data", close_packed().data())
        model = Path(MODEL).read_bytes()
        (self.folder / "empty.pt").write_bytes(b"")
        (self.folder / "short.pt").write_bytes(model[: len(model) // 2])
        # zeros over the pickle, which lies in front
        (self.folder / "damaged.pt").write_bytes(model[:200] + bytes(3000) + model[3200:])

    def test_lines(self):
        for name, (words, expected) in LINES.items():
            with self.subTest(name):
                error = self.error_of(no_forces(6.0) + "fix dn all denoise " + words.format(model=MODEL) + "\nrun 0\n")
                self.assert_one_sentence(error)
                self.assertRegex(error, expected)

    def test_two_species_need_elements(self):
        model = ROOT / "models/silica.pt"
        error = self.error_of(no_forces(6.0) + f"fix dn all denoise 5 {model}\nrun 0\n")
        self.assert_one_sentence(error)
        self.assertRegex(error, r"elements|species")

    def test_atoms_in_one_place(self):
        atoms = close_packed()
        atoms.positions[10] = list(atoms.positions[700])
        self.write("data", atoms.data())
        for ranks in (1, 4):
            error = self.error_of(no_forces(6.0) + f"fix dn all denoise 5 {MODEL}\nrun 0\n", ranks)
            self.assert_one_sentence(error)
            self.assertRegex(error, r"\b(11|701)\b")

    def test_every_atom_twice(self):
        """As create_atoms run twice leaves them; no advice on ghosts, which would be of no use."""
        atoms = close_packed()
        self.write("data", Atoms(atoms.positions * 2, atoms.lengths).data())
        for words in ("", "scale 1"):
            for ranks in (1, 4):
                error = self.error_of(no_forces(6.0) + f"fix dn all denoise 5 {MODEL} {words}\nrun 0\n", ranks)
                self.assert_one_sentence(error)
                self.assertRegex(error, r"atoms \d+ and \d+ are in one place: remove one of them")
                self.assertNotIn("comm_modify", error)

    def test_positions_that_are_not_numbers(self):
        """One atom on one rank, between two reneighborings, where LAMMPS itself takes no notice: all ranks must hear of it."""
        script = (no_forces(6.0) + "neigh_modify every 1000 delay 1000 check no\nfix nve all nve\ngroup one id 5\n"
                  f"variable bad equal exp(1000)-exp(1000)\nfix dn all denoise 1 {MODEL}\nrun 0\n"
                  "velocity one set v_bad 0 0\nrun 5\n")
        for ranks in (1, 4):
            error = self.error_of(script, ranks)
            self.assert_one_sentence(error)
            self.assertRegex(error, r"\b5\b")

    def test_library_that_is_not_there(self):
        """A folder without it, and a library that is another one."""
        script = no_forces(6.0) + f"fix dn all denoise 5 {MODEL}\nrun 0\n"
        error = self.error_of(script, library=self.folder)
        self.assertRegex(error, "DENOISE_INSITU_LIB is .* there is no libdenoise_insitu.so")
        error = self.error_of(script, library="/usr/lib/x86_64-linux-gnu/liblammps.so.0")
        self.assertRegex(error, "has no function dn_abi_version; it is not ours")
        (self.folder / "libdenoise_insitu.so").write_text("not a library")
        self.assertRegex(self.error_of(script, library=self.folder), "cannot load the library: .*(invalid ELF|too short)")

    def test_two_dimensions(self):
        error = self.error_of(f"units lj\ndimension 2\nlattice sq 1.0\nregion b block 0 5 0 5 -0.5 0.5\ncreate_box 1 b\n"
                              f"create_atoms 1 box\nmass 1 1.0\nfix dn all denoise 5 {MODEL}\nrun 0\n")
        self.assert_one_sentence(error)
        self.assertIn("three dimensions", error)

    def test_nothing_is_left_behind(self):
        self.error_of(no_forces(6.0) + "fix dn all denoise 5 nowhere.pt file out.csv\nrun 0\n")
        self.assertFalse((self.folder / "out.csv").exists())
