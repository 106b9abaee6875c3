"""Ghosts that do not reach far enough or are left out: the error names the line to add, and the line helps."""

import re

from crystals import Atoms, close_packed
from harness import LammpsCase, fix_denoise, outputs, per_program
from scripts import no_forces


@per_program()
class Ghosts(LammpsCase):
    def line_of(self, script, ranks=2):
        error = self.error_of(script.format(""), ranks)
        found = re.search(r"Add this line before the run: (comm_modify .*)$", error)
        self.assertIsNotNone(found, error)
        return found.group(1), error

    def assert_line_helps(self, script, keyword="cutoff", ranks=2):
        line, error = self.line_of(script, ranks)
        self.assertRegex(line, rf"^comm_modify {re.escape(keyword)} [0-9.e+-]+$")
        self.assertNotIn("dn_", error)
        self.assertEqual(error.count("comm_modify"), 1, error)
        run = self.lammps(script.format(line), ranks)
        self.assertGreater(run.thermo()[0]["f_dn"], 0.5)
        return line

    def test_line_helps(self):
        self.write("data", close_packed().data())
        self.assert_line_helps(no_forces(2.0) + "{}\n" + fix_denoise() + "\n" + outputs() + "run 0\n")

    def test_line_is_no_longer_than_it_must(self):
        """With a little less than the line says, the ghosts are too short again."""
        self.write("data", close_packed().data())
        script = no_forces(2.0) + "{}\n" + fix_denoise(rest="scale 1") + "\n" + outputs() + "run 0\n"
        line = self.assert_line_helps(script)
        cutoff = float(line.split()[-1])
        self.error_of(script.format(f"comm_modify cutoff {0.95 * (cutoff - 1.0) + 1.0}"))

    def test_no_ghosts_at_all(self):
        """Without a potential LAMMPS keeps no ghosts."""
        self.write("data", close_packed().data())
        self.assert_line_helps("units metal\nread_data data\n{}\n" + fix_denoise() + "\n" + outputs() + "run 0\n", ranks=1)

    def test_lj_units(self):
        self.write("data", close_packed().data(1.0 / 2.3))
        self.assert_line_helps(no_forces(0.8, skin=0.2, units="lj") + "{}\n" + fix_denoise() + "\n" + outputs() + "run 0\n")

    def test_si_units(self):
        self.write("data", close_packed().data(1e-10))
        self.assert_line_helps(no_forces(2e-10, skin=1e-10, units="si") + "{}\n" + fix_denoise() + "\n" + outputs() + "run 0\n")

    def test_triclinic(self):
        self.write("data", close_packed().sheared(5.0).data())
        self.assert_line_helps(no_forces(2.0) + "{}\n" + fix_denoise() + "\n" + outputs() + "run 0\n", ranks=4)

    def test_cutoff_per_type(self):
        self.write("data", close_packed().data())
        script = ("units metal\nneighbor 1.0 multi\n" + "comm_modify mode multi\nread_data data\npair_style zero 2.0\npair_coeff * *\n{}\n" +
                  fix_denoise() + "\n" + outputs() + "run 0\n")
        self.assert_line_helps(script, "mode single cutoff")

    def test_open_box(self):
        """One rank has all atoms of an open box, but must not know more than several would."""
        self.write("data", close_packed().data())
        script = no_forces(2.0, "s s s", skin=0.3) + "{}\n" + fix_denoise() + "\n" + outputs() + "run 0\n"
        self.assertEqual(self.line_of(script, 1)[0], self.line_of(script, 2)[0])

    def test_atoms_that_move_out_of_the_range_are_warned_of_once_per_run(self):
        """The ghosts reach as far as the network looks and no farther, so atoms that are moved may meet others that are no ghosts."""
        self.write("data", close_packed().data())
        script = no_forces(3.45) + "{}\n" + fix_denoise(rest="scale 1") + "\nrun 10\nrun 10\n"
        expected = r"^WARNING: Fix denoise dn: in step (\d+) atoms were moved .*Add this line before the run: (comm_modify cutoff \S+)"
        warnings = re.findall(expected, self.lammps(script.format(""), 2).output, re.MULTILINE)
        self.assertEqual([step for step, _ in warnings], ["0", "15"])
        self.assertNotIn("WARNING: Fix denoise", self.lammps(script.format(warnings[0][1]), 2).output)

    def test_ghosts_of_a_group_only(self):
        """Atoms that the network sees must have ghosts; those that it does not see need none."""
        atoms = close_packed()
        count = len(atoms.positions)
        solute = [[x + 1.2, y + 0.9, z + 0.8] for x, y, z in atoms.positions[::50]]
        mixed = Atoms(atoms.positions + solute, atoms.lengths, types=[1] * count + [2] * len(solute))
        self.write("data", mixed.data())
        script = no_forces(6.0) + "group metal type 1\natom_modify first metal\n{}\n" + fix_denoise(rest="{}") + "\n" + outputs() + "run 0\n"
        error = self.error_of(script.format("comm_modify group metal", ""))
        self.assertRegex(error, "^Fix denoise dn: 'comm_modify group metal' keeps no ghosts .* write 'comm_modify group all'")
        free = self.lammps(script.format("", "elements Cu NULL"), 2)
        rows = free.dump()
        grouped = self.lammps(script.format("comm_modify group metal", "elements Cu NULL"), 2)
        self.assert_same_counts(free, grouped)
        self.assert_same_atoms(rows, grouped.dump())
