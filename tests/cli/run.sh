#!/usr/bin/env bash
# End-to-end tests of the published command line: tests/cli/run.sh [BUILD_DIR [WORD]...]; WORD: only tests whose names contain one
# BUILD_DIR holds bin/denoise (default: $DENOISE_BUILD, then build). Prints how many tests passed, failed and were skipped; exits
# with 1 if any failed.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
build=${1:-${DENOISE_BUILD:-$here/../../build}}
DENOISE=$(realpath -m "$build")/bin/denoise
[ -x "$DENOISE" ] || { echo "tests/cli: $DENOISE is not there; run ./build.sh build first" >&2; exit 2; }
# Debian's, because ASE and MDAnalysis, with which readers are compared, are packages for it.
[ -x /usr/bin/python3 ] || { echo "tests/cli: needs python3 (Debian: apt-get install python3)" >&2; exit 2; }
export DENOISE
exec /usr/bin/python3 -B "$here/../suite.py" "$here" "${@:2}"
