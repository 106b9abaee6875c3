"""What documents and help texts name, in a folder, and the program as they show it: makes files and runs commands in their folder."""

import os
import random
import re
import shutil
import subprocess
from pathlib import Path

import crystals
from support import DENOISE, MODEL, ROOT, TIMEOUT, run

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


def train(*arguments):
    """A model of no use but to be read: the smallest network, four updates."""
    made = run("train", *arguments, "--hidden", "4x0e+4x1o", "--layers", "1", "--radial", "8", "--batch", "2", "--steps", "4")
    assert made.returncode == 0, made.stderr


def make_files(folder):
    """The files by the names that documents and help texts use."""
    def put(name, text):
        crystals.write(folder / name, text)

    frame = crystals.crystal(repeats=(4, 4, 4), noise=0.1)
    silica = crystals.crystal(repeats=(3, 3, 3), noise=0.05)
    silica.types = [1 + (i % 3 > 0) for i in range(silica.count)]
    for name in ("Al-1.dump", "Fe-1.dump", "melt.dump"):
        put(name, crystals.dump_text(frame))
    for name in ("run.dump", "run.9.dump", "run.10.dump", "run.dump.gz", "big.dump"):
        put(name, crystals.dump_text(frame) + crystals.dump_text(frame))
    if shutil.which("zstd"):
        subprocess.run(["zstd", "-q", folder / "run.dump"], check=True)
    put("melt.csv", "step,atoms,other,fcc,raw_other,raw_fcc,seconds\n0,9,1,8,4,5,0.1\n10,9,2,7,5,4,0.1\n")
    put("Fe.xyz", crystals.xyz_text(frame, ["Fe"]))
    put("silica.data", crystals.data_text(silica))
    put("POSCAR", crystals.poscar_text(frame))
    put("perovskite.cif", PEROVSKITE)
    for name in ("model.pt", "my.pt", "Cu.pt"):
        shutil.copy(MODEL, folder / name)
    shutil.copy(ROOT / "models/silica.pt", folder / "SiO2.pt")
    for name in ("silica.pt", "ice.pt", "phases.pt", "compounds.pt"):
        shutil.copy(ROOT / "models" / name, folder / name)
    train("-o", folder / "names.pt", "--prototypes", "fcc,bcc", "--atoms", "20", "--classes")
    for name in ("train.xyz", "test.xyz", "hot.xyz"):
        put(name, "".join(force_frame(seed) for seed in range(3)))
    for name, task in (("field.pt", "forces"), ("quench.pt", "minima")):
        train("--task", task, "--data", folder / "train.xyz", "-o", folder / name)


def run_as_shown(script, folder):
    """Lines of a shell, in a folder, with the programs on PATH."""
    programs = Path(folder) / "programs"
    programs.mkdir(exist_ok=True)
    for name, target in (("denoise", Path(__file__).with_name("denoise_as_shown.py")), ("python3", "/usr/bin/python3"),
                         ("lmp-denoise", Path(DENOISE).with_name("lmp-denoise"))):
        if not (programs / name).is_symlink():
            (programs / name).symlink_to(target)
    environment = {**os.environ, "PATH": f"{programs}:{os.environ['PATH']}", "OMPI_ALLOW_RUN_AS_ROOT": "1",
                   "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1", "OMPI_MCA_rmaps_base_oversubscribe": "1"}
    return subprocess.run(["bash", "-c", f"set -euo pipefail\n{script}"], cwd=folder, env=environment, capture_output=True, text=True,
                          timeout=TIMEOUT, check=False)


def check(case, script, folder):
    """Runs lines that must work, say what was done, tell nothing but warnings, and make what they name by -o."""
    result = run_as_shown(script, folder)
    told = [line for line in result.stderr.splitlines() if not line.startswith("denoise: warning: ")]
    case.assertEqual((0, []), (result.returncode, told), script)
    if "denoise " in script:
        case.assertNotEqual("", result.stdout, script)
    for out in re.findall(r" -o (\S+)", script):
        case.assertTrue((Path(folder) / out).exists(), out)
    return result
