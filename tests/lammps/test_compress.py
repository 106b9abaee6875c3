"""The keyword `compress`: one .dnz file of all ranks, which holds what a dump of the same steps holds, and survives a killed run."""

import os
import signal
import subprocess
import time
from pathlib import Path

from crystals import close_packed
from harness import BUILD, MODEL, TIMEOUT, LammpsCase, fix_denoise, per_program
from scripts import copper, no_forces

DENOISE = BUILD / "bin/denoise"
DUMP = "dump d all custom {every} d.dump id type x y z ix iy iz vx vy vz\ndump_modify d format float %.17g\n"


@per_program()
class Compress(LammpsCase):
    """Files of short runs, read back by `denoise expand`."""

    def expand(self, name="a.dnz", code=0, options=()):
        done = subprocess.run([DENOISE, "expand", name, "-o", f"{name}.dump", "--force", *options], cwd=self.folder, timeout=TIMEOUT,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
        if code is not None:
            self.assertEqual(done.returncode, code, done.stdout)
        return done.stdout

    def steps(self, name):
        lines = (self.folder / name).read_text().splitlines()
        return [int(lines[k + 1]) for k, line in enumerate(lines) if line == "ITEM: TIMESTEP"]

    def assert_close(self, run, step, bound, speeds):
        kept, original = run.dump("a.dnz.dump", step), run.dump("d.dump", step)
        self.assertEqual(kept.keys(), original.keys())
        for i, a in original.items():
            b = kept[i]
            for name in ("type", "ix", "iy", "iz"):
                self.assertEqual(a[name], b[name], f"{name} of atom {i} in step {step}")
            for name, most in [(x, bound) for x in "xyz"] + [(v, speeds) for v in ("vx", "vy", "vz") if speeds is not None]:
                self.assertLessEqual(abs(a[name] - b[name]), most, f"{name} of atom {i} in step {step}")

    def test_a_run_is_kept_within_its_bound(self):
        """Atoms that go from rank to rank and across the faces; N of the calls has nothing to do with it."""
        self.write("data", close_packed().data())
        for mode, bound, speeds in (("bound 0.01 velocity 0.1", 0.01, 0.1), ("lossless velocity 0", 0.0, 0.0)):
            fix = fix_denoise(10, model="none", rest=f"compress a.dnz every 4 {mode}")
            run = self.lammps(copper() + "velocity all create 2500 4711\n" + fix + "\n" + DUMP.format(every=4) +
                              "run 10\nrun 2\nundump d\nreset_timestep 100\nrun 4\n", 3)
            self.expand()
            self.assertEqual(self.steps("a.dnz.dump"), [0, 4, 8, 12, 100, 104])
            for step in (0, 4, 8, 12):
                self.assert_close(run, step, bound + 1e-9, speeds)

    def test_any_number_of_ranks_writes_the_same_file(self):
        """Several blocks, of a trajectory that every run reads."""
        self.write("data", close_packed(nx=30, ny=20, layers=30 * "ABC").data())
        run = no_forces(6.0) + "velocity all create 4000 4711\nmass 1 63.5\nfix nve all nve\n"
        self.lammps(run + "dump x all custom 40 x.dump id type x y z ix iy iz\ndump_modify x format float %.17g\nrun 120\n", 2)
        files = {}
        for ranks in (1, 2, 4):
            self.lammps(no_forces(6.0) + f"fix dn all denoise 1000 none compress {ranks}.dnz every 1 bound 0.005\n"
                        "rerun x.dump dump x y z ix iy iz\n", ranks)
            files[ranks] = (self.folder / f"{ranks}.dnz").read_bytes()
        self.assertEqual(files[2], files[1])
        self.assertEqual(files[4], files[1])
        self.expand("4.dnz")
        self.assertEqual(self.steps("4.dnz.dump"), [0, 40, 80, 120])

    def test_structures(self):
        """Denoised positions of the group, their types, and how much noise was taken off."""
        self.write("data", close_packed().data())
        run = self.lammps(no_forces(6.0) + "group g id 1:700\n" + fix_denoise(5, group="g", rest="compress a.dnz every 10 structure 0.002")
                          + "\ndump d g custom 10 d.dump id type f_dn[1] f_dn[2] f_dn[3] f_dn[4] x y z\n"
                          "dump_modify d format float %.17g\nrun 10\n", 2)
        self.expand()
        kept, original = run.dump("a.dnz.dump", 10), run.dump("d.dump", 10)
        self.assertEqual(len(kept), 700)
        self.assertEqual(kept.keys(), original.keys())
        lengths = close_packed().lengths
        for i, a in original.items():
            self.assertEqual(a["f_dn[1]"], kept[i]["StructureType"])
            for x, denoised, length in zip("xyz", ("f_dn[2]", "f_dn[3]", "f_dn[4]"), lengths):
                off = kept[i][x] - a[denoised]
                self.assertLessEqual(abs(off - length * round(off / length)), 0.002 + 1e-9)
        self.assertGreater(kept[1]["rms_displacement"], 0.1)

    def test_a_minimization_is_kept_at_both_ends(self):
        self.write("data", close_packed(noise=0.05).data())
        run = self.lammps(copper() + fix_denoise(5, model="none", rest="compress a.dnz every 1 bound 0.001") + "\n" + DUMP.format(every=1)
                          + "minimize 0 0.1 7 100\n", 2)
        self.expand()
        first, last = self.steps("a.dnz.dump")
        self.assertEqual((first, last), (0, self.steps("d.dump")[-1]))
        self.assert_close(run, last, 0.001 + 1e-9, None)

    def test_kill_minus_nine(self):
        """All frames but the one that was being written are there, and the reader says that the run was interrupted."""
        self.write("data", close_packed().data())
        self.write("in.script", self.program.first_line + "\n" + copper() + "velocity all create 1000 4711\n"
                   + fix_denoise(1000, model="none", rest="compress a.dnz every 1 lossless") + "\n" + DUMP.format(every=1)
                   + "dump_modify d flush yes\nrun 1000000\n")
        file = self.folder / "a.dnz"
        environment = {**os.environ, **self.program.environment}
        run = subprocess.Popen(["mpirun", "-n", "2", *self.program.command, "-in", "in.script", "-log", "none"], cwd=self.folder,
                               env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            began = time.monotonic()
            while not (file.exists() and file.stat().st_size > 300_000):
                self.assertLess(time.monotonic() - began, TIMEOUT)
                self.assertIsNone(run.poll())
                time.sleep(0.02)
        finally:
            for rank in self.ranks_of(run):
                os.kill(rank, signal.SIGKILL)
            run.kill()
            run.wait()
        text = self.expand(code=None, options=["--salvage"])
        self.assertIn("interrupted", text)
        whole = self.folder / "a.dnz.dump"
        self.assertTrue(whole.exists(), text)
        steps = self.steps("a.dnz.dump")
        self.assertGreater(len(steps), 3)
        self.assertEqual(steps, list(range(len(steps))))
        dumped = self.steps("d.dump")
        self.assertLessEqual(abs(len(dumped) - len(steps)), 2)

    def ranks_of(self, run):
        """Processes that mpirun has started."""
        children = Path(f"/proc/{run.pid}/task/{run.pid}/children")
        return [int(pid) for pid in children.read_text().split()] if children.exists() else []

    def test_mistakes(self):
        self.write("data", close_packed().data())
        lines = {
            "{model} compress": "'compress' needs a file name",
            "{model} compress a.dnz": "'compress' needs 'every M'",
            "{model} compress a.dnz each 5 bound 1": "'compress' needs 'every M' .* got 'each'",
            "{model} compress a.dnz every 0 bound 1": "'compress every' needs a whole number of at least 1",
            "{model} compress a.dnz every 5": "'compress' needs 'bound E', 'structure' or 'lossless'",
            "{model} compress a.dnz every 5 bound": "'compress bound' needs a length above 0",
            "{model} compress a.dnz every 5 bound -1": "'compress bound' needs a length above 0, and got '-1'",
            "{model} compress a.dnz every 5 structure velocity 1": "'compress velocity' goes with 'bound' and 'lossless'",
            "{model} compress a.dnz every 5 lossless velocity -1": "'compress velocity' needs .* got '-1'",
            "{model} compress a.dnz every 7 structure": "every 7 steps, and calls are made every 5; give it a multiple",
            "none compress a.dnz every 5 structure": "without a model, .* there are none",
            "none compress nowhere/a.dnz every 5 lossless": "nowhere/a.dnz",
        }
        for line, expected in lines.items():
            error = self.error_of(no_forces(6.0) + f"fix dn all denoise 5 {line.format(model=MODEL)}\nrun 0\n")
            self.assertRegex(error, expected)
            self.assert_one_sentence(error)

    def test_a_full_disk(self):
        """The limit of a file's size stands for the disk's: a sentence on all ranks, and the frames before it are good."""
        self.write("data", close_packed().data())
        error = self.error_of(copper() + fix_denoise(1000, model="none", rest="compress a.dnz every 1 lossless") + "\nrun 200\n", 2,
                              limit_file_size=200)
        self.assertRegex(error, "a.dnz: cannot be written: .*large")
        self.assert_one_sentence(error)
        self.expand(code=None, options=["--salvage"])
        self.assertGreater(len(self.steps("a.dnz.dump")), 2)
