#!/usr/bin/env bash
# Tests of the Python package: tests/python/run.sh [BUILD_DIR [WORD]...]; WORD: only tests whose names contain one
# BUILD_DIR holds bin/denoise and lib/libdenoise_insitu.so (default: $DENOISE_BUILD, then build). Prints how many tests passed, failed and
# were skipped; exits with 1 if any failed. Needs Debian's python3-numpy; ASE, MDAnalysis and traits for their parts.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
build=$(realpath -m "${1:-${DENOISE_BUILD:-$here/../../build}}")
export DENOISE=$build/bin/denoise DENOISE_BUILD=$build DENOISE_INSITU_LIB=$build/lib
for file in "$DENOISE" "$DENOISE_INSITU_LIB/libdenoise_insitu.so"; do
    [ -f "$file" ] || { echo "tests/python: $file is not there; run ./build.sh build first" >&2; exit 2; }
done
export PYTHONPATH=$here/../../interop/python:$here/stub:$here/../cli
exec /usr/bin/python3 -B "$here/../suite.py" "$here" "${@:2}"
