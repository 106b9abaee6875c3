#!/usr/bin/env bash
# Tests of the documents: tests/docs/run.sh [BUILD_DIR [WORD]...]; WORD: only tests whose names contain one
# BUILD_DIR holds bin/denoise, bin/lmp-denoise and lib/libdenoise_insitu.so (default: $DENOISE_BUILD, then build). Prints how many tests
# passed, failed and were skipped; exits with 1 if any failed. Needs Debian's python3-numpy; ASE and traits for Python's blocks.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
build=$(realpath -m "${1:-${DENOISE_BUILD:-$here/../../build}}")
export DENOISE=$build/bin/denoise DENOISE_BUILD=$build DENOISE_INSITU_LIB=$build/lib
for file in "$DENOISE" "$build/bin/lmp-denoise" "$DENOISE_INSITU_LIB/libdenoise_insitu.so"; do
    [ -f "$file" ] || { echo "tests/docs: $file is not there; run ./build.sh build first" >&2; exit 2; }
done
export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 OMPI_MCA_rmaps_base_oversubscribe=1
export OMPI_MCA_hwloc_base_binding_policy=none OMPI_MCA_mpi_yield_when_idle=1 OMP_NUM_THREADS=1
export PYTHONPATH=$here/../../interop/python:$here/../python/stub:$here/../cli
exec /usr/bin/python3 -B "$here/../suite.py" "$here" "${@:2}"
