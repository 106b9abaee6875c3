#!/usr/bin/env bash
# usage: examples/run.sh NAME [-var NAME VALUE]...
# Runs NAME/in.NAME on two ranks, in build/NAME (melt: build/demo). `./build.sh demo` builds first and calls this for melt.
# In the package it runs bin/lmp-denoise or, where that was not built, LMP (default: lmp) with lib/denoiseplugin.so, in ./NAME.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/.." && pwd)
name=${1:-}
[ -f "$here/$name/in.$name" ] || { echo "usage: run.sh NAME [-var NAME VALUE]..., of $(cd "$here" && echo */in.* | sed 's,/[^ ]*,,g')" >&2; exit 2; }
shift
build=${DENOISE_BUILD:-$root/build} work=${DENOISE_DEMO:-}
if [ -d "$root/interop" ]; then
    work=${work:-$build/${name/#melt/demo}}
else
    build=$root work=${work:-$PWD/${name/#melt/demo}}
fi
lammps=$build/bin/lmp-denoise first_line=
[ -x "$lammps" ] || lammps=${LMP:-lmp} first_line="plugin load $build/lib/denoiseplugin.so"

export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 OMPI_MCA_rmaps_base_oversubscribe=1
export OMPI_MCA_hwloc_base_binding_policy=none OMPI_MCA_mpi_yield_when_idle=1 OMP_NUM_THREADS=1
mkdir -p "$work"
cd "$work"
rm -f "$name.csv" "$name.dump" "$name.html"
printf '%s\n' "$first_line" | cat - "$here/$name/in.$name" > "in.$name"
model=$root/models/$name.pt
[ -f "$model" ] || model=$root/models/metals.pt
mpirun -n 2 "$lammps" -in "in.$name" -log "$name.log" "$@" -var model "$model" -var here "$here/$name"
echo
echo "In $work: $name.csv (a line per call), $name.dump (per atom, for OVITO), $name.log."
# Without a report the example is as good.
DENOISE_MPI=off "$build/bin/denoise" report "$name.csv" "$name.dump" --title "$name" --force -o "$name.html" > report.log 2>&1 &&
    echo "Open $work/$name.html with a browser: charts, and the atoms before and after denoising." || cat report.log >&2
