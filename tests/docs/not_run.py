"""Blocks that the tests of documents do not run, by page and first line, and why."""

import importlib.util

_SNAPSHOTS = "makes snapshots by molecular dynamics, an hour or more; ./build.sh test runs tests/validation/run.sh with those of the repository"

NOT_RUN = {
    ("README.md", "cd denoise-insitu-0.1.0-linux-x64 && mkdir build && cd build"):
        "tests/package/run.sh compiles the fix from the archive in this way",
    ("README.md", "examples/run.sh melt    # a crystal beside its melt on two ranks, with the lmp on your PATH"):
        "tests/lammps/test_examples.py runs it, with fewer atoms and steps",
    ("README.md", "./build.sh demo     # installs what is missing, builds, runs examples/melt on two ranks"):
        "builds everything and runs all tests: what CI does",
    ("README.md", "pip install denoise_insitu-0.1.0-py3-none-manylinux_2_28_x86_64.whl    "
                  "# a release has it; ./build.sh wheel makes it; no compiler, no .NET"):
        "tests/python/test_wheel.py installs a wheel that it makes",
    ("docs/python.md", "pip install denoise_insitu-0.1.0-py3-none-manylinux_2_28_x86_64.whl"):
        "tests/python/test_wheel.py installs a wheel that it makes",
    ("docs/ovito.md", "ovitos -m pip install --user denoise_insitu-0.1.0-py3-none-manylinux_2_28_x86_64.whl"):
        "needs OVITO Pro",
    ("docs/howto_cluster.md", "module load gcc openmpi cmake"):
        "needs a cluster; tests/package/run.sh compiles the fix from the archive in this way",
    ("docs/howto_cluster.md", "plugin load /path/denoise-insitu-0.1.0-linux-x64/lib/denoiseplugin.so"):
        "needs a LAMMPS with PLUGIN: tests/lammps runs all its tests with one",
    ("docs/howto_cluster.md", "#!/bin/bash"):
        "needs a cluster with Slurm",
    ("docs/howto_kokkos.md", "plugin load /path/lib/denoiseplugin.so"):
        "needs a LAMMPS with PLUGIN: tests/lammps runs all its tests with one",
    ("docs/howto_kokkos.md", "lmp -k on g 1 -sf kk -in in.melt"):
        "needs a LAMMPS with KOKKOS and a card",
    ("docs/dnz.md", "export HDF5_PLUGIN_PATH=/path/to/build/lib/hdf5"):
        "tests/cli/test_hdf5.py does it with files of its own",
    ("docs/dnz.md", 'file.create_dataset("particles/all/position/value", data=positions, chunks=(16, 62500, 3), compression=388, '
                    "compression_opts=(10000,))"):
        "tests/cli/test_hdf5.py does it with files of its own",
    ("docs/torch.md", "fix d all denoise 1000 model.ts.pt engine torch"):
        "needs a libtorch of one version: tests/lammps/test_torch.py, where it is",
    ("docs/torch.md", "denoise apply run.dump -m model.ts.pt --engine torch     # on files, also under mpirun"):
        "needs a libtorch of one version: tests/cli/test_torch.py, where it is",
    ("docs/torch.md", "python3 examples/torch/from_graphite.py last.ckpt model.ts.pt --neighbors 12                    "
                      "# graphite: transformer, Lightning"):
        "needs graphite, e3nn or MACE, which Debian has not; tests/cli/test_torch.py runs graphite's, where they are",
    ("examples/loop/README.md", 'python3 -c "'):
        "needs Debian's openkim-models and runs for minutes; tests/lammps/test_examples.py runs the example, where they are",
    ("examples/melt/README.md", "../run.sh melt -var size 12 -var steps 20000        # 27,648 atoms, 40 ps"):
        "takes an hour; tests/lammps/test_examples.py runs it, with fewer atoms and steps",
    ("models/metals.md", "tests/validation/make/make.py && tests/validation/run.sh --table --snapshots /tmp/denoise-validation models/metals.pt"):
        _SNAPSHOTS,
    ("models/phases.md", "tests/validation/make/make.py && tests/validation/run.sh --phases models/phases.pt --snapshots /tmp/denoise-validation"):
        _SNAPSHOTS,
    ("models/compounds.md",
     "tests/validation/make/make.py && tests/validation/run.sh --phases models/compounds.pt --snapshots /tmp/denoise-validation"):
        _SNAPSHOTS,
    ("models/silica.md",
     "tests/validation/make/make.py && tests/validation/run.sh --silica --table --snapshots /tmp/denoise-validation models/silica.pt"):
        _SNAPSHOTS,
    ("models/lattices.md", "tests/validation/make/maps.py DATA          "
                           "# LAMMPS: Al, Fe, Si at 0.1 to 0.9 of their melting points, Zr to 0.8, 0 to 25% of the atoms missing"):
        _SNAPSHOTS,
    ("models/glass.md", "tests/validation/make/quench.py DATA Ni                              # LAMMPS, NiAlH_jea.eam.alloy"):
        _SNAPSHOTS,
    ("models/ice.md", "denoise reference --structures ice-Ih,ice-Ic,ice-II,ice-III,ice-VI,ice-VII,sI --elements O --model third.pt -o untold.pt"):
        "needs public trajectories of gigabytes; docs/analyses.md has the same commands, which are run",
    ("models/ice.md", "denoise apply III.xtc --frames 1:3 --sites O,H,H,NULL --model ice-denoiser-ckt.pt --cutoff 5 --neighbors 16 "
                      "--classify none --with reference:ice.ref,types=1 --json"):
        "needs a published network and public trajectories, which are not of the repository",
    ("tests/validation/README.md",
     "./run.sh                             # the published weights on the snapshots of data/, a few seconds; in `./build.sh test`"):
        _SNAPSHOTS,
    ("native/lammps/README.md", "mkdir build && cd build"):
        "tests/package/run.sh compiles the fix from the archive in this way",
    ("native/lammps/README.md", "plugin load /path/lib/denoiseplugin.so"):
        "needs a LAMMPS with PLUGIN: tests/lammps runs all its tests with one",
    ("tests/benchmarks/README.md", "./build.sh bench                                  # everything: about five minutes on an idle machine"):
        "takes minutes to an hour, of a machine that does nothing else",
    ("tests/fuzz/README.md", "./build.sh fuzz                      # an hour on all cores; ./build.sh fuzz 600 for ten"):
        "takes an hour; ./build.sh test does it with a fixed number of inputs",
    ("tests/fuzz/README.md", "./build.sh fuzz replay dump build/fuzz/findings/dump/exception-1f.../0d..."):
        "needs what a run of the fuzzer has found",
}

if importlib.util.find_spec("torch") is None:
    NOT_RUN["docs/torch.md", "import sys"] = NOT_RUN["docs/torch.md", "python3 examples/torch/nequip.py models/metals.pt metals.ts.pt"] = (
        "needs PyTorch (Debian: python3-torch)")
