"""Sub-groups, atom types and elements."""

from crystals import Atoms, close_packed
from harness import LammpsCase, fix_denoise, outputs, per_program
from scripts import copper, no_forces


@per_program()
class Groups(LammpsCase):
    def test_group_is_counted_and_the_rest_is_surroundings(self):
        self.write("data", close_packed().data())
        script = no_forces(6.0) + "region lower block INF INF INF INF INF 12.0\ngroup lower region lower\n"
        every = self.lammps(script + fix_denoise() + "\n" + outputs() + "run 0\n", 2)
        atoms = every.dump()
        part = self.lammps(script + fix_denoise(group="lower") + "\n" + outputs() + "run 0\n", 2)
        lower = [i for i, a in atoms.items() if a["z"] < 12.0]
        rows = part.dump()
        self.assert_same_atoms(atoms, rows, ids=lower)
        for i in rows.keys() - set(lower):
            self.assertEqual([rows[i][f"f_dn[{k}]"] for k in (1, 2, 3, 4, 5)], [0.0, rows[i]["x"], rows[i]["y"], rows[i]["z"], 0.0])
        values = part.thermo()[0]
        for first in (1, 6):
            self.assertEqual(sum(values[f"f_dn[{k}]"] for k in range(first, first + 5)), len(lower))
        self.assertEqual(values["f_dn[2]"], sum(atoms[i]["f_dn[1]"] == 1 for i in lower))
        self.assertEqual(values["f_dn[3]"], sum(atoms[i]["f_dn[1]"] == 2 for i in lower))

    def test_dynamic_group(self):
        self.write("data", close_packed().data())
        run = self.lammps(copper() + "velocity all create 2000 3\nregion r block INF INF INF INF INF 12.0\n"
                          "group low dynamic all region r every 5\n" + fix_denoise(group="low") + "\n" + outputs() + "run 10\n", 2)
        counts = [sum(row[f"f_dn[{k}]"] for k in range(1, 6)) for row in run.thermo()]
        last = run.dump()
        self.assertEqual(counts[-1], sum(1 for a in last.values() if a["f_dn[5]"] > 0.0))
        self.assertNotIn("has no atoms", run.output)

    def test_empty_group(self):
        self.write("data", close_packed().data())
        run = self.lammps(no_forces(6.0) + "group none id 100000\n" + fix_denoise(group="none") + "\n" + outputs() + "run 0\n", 2)
        self.assertEqual([run.thermo()[0][f"f_dn[{k}]"] for k in range(1, 12)], [0.0] * 11)
        self.assertEqual(run.thermo()[0]["f_dn"], 0.0)
        self.assertEqual(run.output.count("WARNING: Fix denoise dn: group 'none' has no atoms at the start of this run"), 1)

    def test_group_of_invisible_atoms(self):
        atoms = close_packed()
        atoms.types = [1 + (i < 9) for i in range(len(atoms.types))]
        self.write("data", atoms.data())
        run = self.lammps(no_forces(6.0) + "group few type 2\n" + fix_denoise(group="few", rest="elements Cu NULL") + "\n" + outputs() +
                          "run 0\n", 2)
        self.assertRegex(run.output, "WARNING: Fix denoise dn: the atoms of group 'few' are all of types that 'elements' makes invisible")
        self.assertEqual([run.thermo()[0][f"f_dn[{k}]"] for k in range(1, 12)], [0.0] * 11)

    def test_types_are_one_species_for_a_network_of_one(self):
        atoms = close_packed()
        script = no_forces(6.0) + fix_denoise() + "\n" + outputs() + "run 0\n"
        self.write("data", atoms.data())
        one = self.lammps(script)
        rows = one.dump()
        atoms.types = [1 + i % 3 for i in range(len(atoms.types))]
        self.write("data", atoms.data())
        two = self.lammps(script, 2)
        self.assert_same_counts(one, two)
        self.assert_same_atoms(rows, two.dump())

    def test_null_elements_are_not_seen(self):
        """Solute atoms between those of the crystal, declared invisible, change nothing for the others."""
        atoms = close_packed()
        script = no_forces(6.0) + fix_denoise(rest="{}") + "\n" + outputs() + "run 0\n"
        self.write("data", atoms.data())
        alone = self.lammps(script.format("elements Cu"), 2)
        rows = alone.dump()

        count = len(atoms.positions)
        solute = [[x + 1.2, y + 0.9, z + 0.8] for x, y, z in atoms.positions[::50]]
        mixed = Atoms(atoms.positions + solute, atoms.lengths, types=[1] * count + [2] * len(solute))
        self.write("data", mixed.data())
        together = self.lammps(script.format("elements Cu NULL"), 2)
        found = together.dump()
        self.assert_same_atoms(rows, found, ids=range(1, count + 1))
        for i in range(count + 1, count + len(solute) + 1):
            self.assertEqual((found[i]["f_dn[1]"], found[i]["f_dn[5]"]), (0.0, 0.0))
        for k in (2, 3, 4, 5, 7, 8, 9, 10, 12, 13):
            self.assertEqual(alone.thermo()[0][f"f_dn[{k}]"], together.thermo()[0][f"f_dn[{k}]"], k)
