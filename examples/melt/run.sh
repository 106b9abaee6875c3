#!/usr/bin/env bash
# Runs in.melt on two ranks, in build/demo. `./build.sh demo` builds first and calls this.
#   run.sh [-var NAME VALUE]...
# In the package it runs bin/lmp-denoise or, where that was not built, LMP (default: lmp) with lib/denoiseplugin.so, in ./demo.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
build=${DENOISE_BUILD:-$root/build} demo=${DENOISE_DEMO:-}
if [ -d "$root/interop" ]; then
    demo=${demo:-$build/demo}
else
    build=$root demo=${demo:-$PWD/demo}
fi
lammps=$build/bin/lmp-denoise first_line=
[ -x "$lammps" ] || lammps=${LMP:-lmp} first_line="plugin load $build/lib/denoiseplugin.so"

model=$root/models/metals.pt

export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 OMPI_MCA_rmaps_base_oversubscribe=1
export OMPI_MCA_hwloc_base_binding_policy=none OMPI_MCA_mpi_yield_when_idle=1 OMP_NUM_THREADS=1
mkdir -p "$demo"
cd "$demo"
rm -f melt.csv melt.dump
printf '%s\n' "$first_line" | cat - "$here/in.melt" > in.demo
mpirun -n 2 "$lammps" -in in.demo -log melt.log "$@" -var model "$model"
echo
echo "In $demo: melt.csv (a line per call), melt.dump (per atom, for OVITO), melt.log."
