"""The fix and its compute through LAMMPS's C library interface, as a program or a Python script that embeds LAMMPS reads them."""

import json
import os
import subprocess
from pathlib import Path

from crystals import close_packed
from harness import LAMMPS, MODEL, TIMEOUT, LammpsCase, Run, per_program
from scripts import copper

READER = Path(__file__).with_name("library_reader.py")


@per_program()
class Library(LammpsCase):
    def read(self, ranks):
        """Runs 10 steps, dumps, and reads through the interface: (the dumped atoms, the thermo line, what each rank got)."""
        script = (copper() + f"velocity all create 1500 4711 loop all\nfix dn all denoise 5 {MODEL} steps 1\n"
                  "compute s all denoise/atom dn\nthermo 5\nthermo_style custom step f_dn f_dn[2] f_dn[11]\n"
                  "thermo_modify format float %.15g\n"
                  "dump d all custom 10 d.dump id f_dn[1] f_dn[2] f_dn[3] f_dn[4] f_dn[5]\ndump_modify d format float %.15g\n"
                  "run 10\n")
        self.write("data", close_packed(noise=0.25).data())
        if self.program.year == 2021:
            run = self.lammps(script + f"python read_in_lammps input 1 SELF format p file {READER}\npython read_in_lammps invoke\n", ranks)
        else:
            self.write("in.script", self.program.first_line + "\n" + script)
            done = subprocess.run(["mpirun", "-n", str(ranks), "/usr/bin/python3", READER, LAMMPS / "smallbig/liblammps.so", "in.script"],
                                  cwd=self.folder, env={**os.environ, **self.program.environment}, stdin=subprocess.DEVNULL,
                                  stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=TIMEOUT, check=False)
            self.assertEqual(done.returncode, 0, done.stdout.decode()[-3000:])
            run = Run(self.folder, 0, done.stdout.decode())
        atoms = {i: [row[f"f_dn[{k}]"] for k in range(1, 6)] for i, row in run.dump("d.dump", 10).items()}
        return atoms, run.thermo()[-1], [json.loads((self.folder / f"library.{rank}.json").read_text()) for rank in range(ranks)]

    def test_gather_and_extract(self):
        for ranks in (1, 3):
            atoms, thermo, found = self.read(ranks)
            own = 0
            for rank in found:
                self.assertEqual(len(rank["ids"]), 956)
                for name in ("gathered fix", "gathered compute"):
                    for i, row in zip(rank["ids"], rank[name]):
                        for one, two in zip(row, atoms[i]):
                            self.assertAlmostEqual(one, two, delta=1e-9, msg=f"{name}, atom {i}")
                self.assertEqual(rank["own rows of the fix"], rank["own rows of the compute"])
                self.assertEqual(rank["own rows of the fix"], rank["gathered fix"][own:own + len(rank["own rows of the fix"])])
                own += len(rank["own rows of the fix"])
                self.assertAlmostEqual(rank["scalar"], thermo["f_dn"], delta=1e-12)
                self.assertEqual(rank["vector"][1], thermo["f_dn[2]"])
                self.assertAlmostEqual(rank["vector"][10], thermo["f_dn[11]"], delta=1e-12)
            self.assertEqual(own, 956)
