"""Every command of the program that README.md and the help texts show works, in a folder with the files that it names."""

import os
import random
import re
import shlex
import shutil
import signal
import subprocess
import time

import crystals
from support import DENOISE, MODEL, ROOT, TIMEOUT, CliTestCase, needs_mpi, run

PEROVSKITE = """data_SrTiO3
_cell_length_a 3.905
_cell_length_b 3.905
_cell_length_c 3.905
_cell_angle_alpha 90
_cell_angle_beta 90
_cell_angle_gamma 90
_symmetry_space_group_name_H-M 'P 1'
loop_
_symmetry_equiv_pos_as_xyz
 'x, y, z'
loop_
_atom_site_label
_atom_site_type_symbol
_atom_site_fract_x
_atom_site_fract_y
_atom_site_fract_z
Sr Sr 0 0 0
Ti Ti 0.5 0.5 0.5
O1 O 0.5 0.5 0
O2 O 0.5 0 0.5
O3 O 0 0.5 0.5
"""


def force_frame(seed):
    """Atoms tied to the sites of a lattice by springs, as extended XYZ with energy, forces and minimum."""
    source = random.Random(seed)
    rows, energy = [], 0.0
    for n in range(27):
        site = [2.5 * (n // 9), 2.5 * (n // 3 % 3), 2.5 * (n % 3)]
        shift = [0.3 * (source.random() - 0.5) for _ in range(3)]
        energy += sum(s * s for s in shift)
        numbers = [a + s for a, s in zip(site, shift)] + [-2 * s for s in shift] + site
        rows.append("Cu " + " ".join(f"{number:.6f}" for number in numbers) + "\n")
    return (f'27\nLattice="7.5 0 0 0 7.5 0 0 0 7.5" Properties=species:S:1:pos:R:3:forces:R:3:minimum:R:3 energy={energy:.6f} pbc="T T T"\n'
            + "".join(rows))


def commands_of(text):
    """Lines that begin with the program, alone or under mpirun, without what explains them."""
    found = []
    for line in text.splitlines():
        line = re.split(r"\s{2,}(?![-\s])|\s+#", line.strip())[0]
        if re.match(r"(mpirun .*)?\bdenoise [a-z]+ ", line + " ") and "..." not in line and "FILE" not in line:
            found.append(line)
    return found


def commands_in(document):
    blocks = re.findall(r"```[a-z]*\n(.*?)```", (ROOT / document).read_text(encoding="utf-8"), re.DOTALL)
    return [command for block in blocks for command in commands_of(block)]


class DocumentedCommandsTests(CliTestCase):
    def setUp(self):
        super().setUp()
        frame = crystals.crystal(repeats=(4, 4, 4), noise=0.1)
        silica = crystals.crystal(repeats=(3, 3, 3), noise=0.05)
        silica.types = [1 + (i % 3 > 0) for i in range(silica.count)]
        for name in ("Al-1.dump", "Fe-1.dump", "melt.dump"):
            crystals.write(self.path(name), crystals.dump_text(frame))
        for name in ("run.dump", "run.dump.gz", "big.dump"):
            crystals.write(self.path(name), crystals.dump_text(frame) + crystals.dump_text(frame))
        crystals.write(self.path("melt.csv"), "step,atoms,other,fcc,raw_other,raw_fcc,seconds\n0,9,1,8,4,5,0.1\n10,9,2,7,5,4,0.1\n")
        crystals.write(self.path("Fe.xyz"), crystals.xyz_text(frame, ["Fe"]))
        crystals.write(self.path("silica.data"), crystals.data_text(silica))
        crystals.write(self.path("POSCAR"), crystals.poscar_text(frame))
        crystals.write(self.path("perovskite.cif"), PEROVSKITE)
        for name in ("model.pt", "my.pt", "Cu.pt"):
            shutil.copy(MODEL, self.path(name))
        shutil.copy(ROOT / "models" / "silica.pt", self.path("SiO2.pt"))
        made = run("train", "-o", self.path("names.pt"), "--prototypes", "fcc,bcc", "--hidden", "4x0e+4x1o", "--layers", "1",
                   "--radial", "8", "--atoms", "20", "--batch", "2", "--steps", "4", "--classes")
        self.assertEqual(0, made.returncode, made.stderr)

        for name in ("train.xyz", "test.xyz", "hot.xyz"):
            crystals.write(self.path(name), "".join(force_frame(seed) for seed in range(3)))
        for name, task in (("field.pt", "forces"), ("quench.pt", "minima")):
            made = run("train", "--task", task, "--data", self.path("train.xyz"), "-o", self.path(name), "--hidden", "4x0e+4x1o",
                       "--layers", "1", "--radial", "8", "--batch", "2", "--steps", "4")
            self.assertEqual(0, made.returncode, made.stderr)

    def run_as_shown(self, command):
        """In a shell, with the program on PATH; trainings are cut short, whose length changes nothing else."""
        words = shlex.split(command)
        if "train" in words:
            steps = 40 if "--resume" in words else 4
            command += f" --steps {steps} --threads 2"
            model = words[words.index("-o") + 1]
            for name in (model, f"{model}.resume", model.replace(".pt", ".log.csv"), model.replace(".pt", ".validation.csv")):
                self.path(name).unlink(missing_ok=True)
        if "--resume" in words:
            self.interrupt_training(command.replace(" --resume", ""))
        environment = {**os.environ, "PATH": f"{os.path.dirname(DENOISE)}:{os.environ['PATH']}", "OMPI_ALLOW_RUN_AS_ROOT": "1",
                       "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1", "OMPI_MCA_rmaps_base_oversubscribe": "1"}
        return subprocess.run(["bash", "-c", command], cwd=self.folder, env=environment, capture_output=True, text=True, timeout=TIMEOUT,
                              check=False)

    def interrupt_training(self, command):
        words = shlex.split(command)
        state = self.path(words[words.index("-o") + 1] + ".resume")
        with subprocess.Popen([DENOISE, *words[1:]], cwd=self.folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                              preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL)) as process:
            while not state.exists() and process.poll() is None:
                time.sleep(0.01)
            process.send_signal(signal.SIGINT)
            process.wait(TIMEOUT)

    def assert_all_work(self, commands):
        for command in commands:
            if command.startswith("mpirun") and not shutil.which("mpirun"):
                continue
            with self.subTest(command=command):
                result = self.run_as_shown(command)
                told = [line for line in result.stderr.splitlines() if not line.startswith("denoise: warning: ")]
                self.assertEqual((0, []), (result.returncode, told))
                self.assertNotEqual("", result.stdout)
                for out in re.findall(r" -o (\S+)", command):
                    self.assertTrue(self.path(out).exists())

    @needs_mpi
    def test_readme(self):
        commands = commands_in("README.md")
        for name in ("apply", "classify", "info", "train"):
            self.assertTrue(any(f"denoise {name} " in command for command in commands), name)
        self.assert_all_work(commands)

    def test_pages(self):
        for page, least in (("docs/ovito.md", 2),):
            commands = commands_in(page)
            self.assertGreaterEqual(len(commands), least, page)
            self.assert_all_work(commands)

    @needs_mpi
    def test_help_texts(self):
        for command in ([], ["analyze"], ["apply"], ["classify"], ["report"], ["plot"], ["compress"], ["expand"], ["info"], ["train"],
                        ["evaluate"]):
            shown = commands_of(run(*command, "--help").stdout.split("Examples:")[1])
            self.assertGreater(len(shown), 2, command)
            self.assert_all_work(shown)

    def test_files_that_the_readme_links_to_are_there(self):
        for target in re.findall(r"\]\(([^)#]+)[^)]*\)", (ROOT / "README.md").read_text(encoding="utf-8")):
            if "://" not in target:
                self.assertTrue((ROOT / target).exists(), target)
