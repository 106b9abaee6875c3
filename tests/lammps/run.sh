#!/usr/bin/env bash
# System tests: LAMMPS with fix denoise, as lmp-denoise and as a plugin. `./build.sh test` builds what they need and runs them.
#   run.sh [WORD]...     only tests whose names contain a word
set -euo pipefail
export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 OMPI_MCA_rmaps_base_oversubscribe=1
export OMPI_MCA_hwloc_base_binding_policy=none OMPI_MCA_mpi_yield_when_idle=1 OMP_NUM_THREADS=1
here=$(dirname "${BASH_SOURCE[0]}")
exec /usr/bin/python3 -B "$here/../suite.py" "$here" "$@"
