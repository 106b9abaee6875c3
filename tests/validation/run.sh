#!/usr/bin/env bash
# usage: tests/validation/run.sh [--silica] [--table] [MODEL.pt]
#        tests/validation/run.sh --phases MODEL.pt --snapshots FOLDER
#        tests/validation/run.sh --order-parameters MODEL.pt --snapshots FOLDER
# Denoises snapshots of molecular dynamics (data/) and holds what the model reaches there. Without MODEL: the published weights,
# ../shared/reference/Cu-denoiser.pt, held to the figures they reach; with MODEL: held to the figures that ours must reach.
# --silica: the same for silica, ../shared/reference/SiO2-denoiser.pt or MODEL. --phases: what a network with logits names, how often it is
# right and how sure it is, on the snapshots that make/make.py leaves in FOLDER; a table, nothing is held. --order-parameters: its logits along paths from one crystal to another, and how sure
# it is around defects.
# DENOISE_BUILD: folder with bin/denoise (default: build). --table prints the rows of README.md. Exits with 1 where something failed.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
DENOISE=$(realpath -m "${DENOISE_BUILD:-$here/../../build}")/bin/denoise
[ -x "$DENOISE" ] || { echo "tests/validation: $DENOISE is not there; run ./build.sh build first" >&2; exit 2; }
command -v python3 >/dev/null || { echo "tests/validation: needs python3 (Debian: apt-get install python3)" >&2; exit 2; }
export DENOISE
script=validate.py
[ "${1:-}" = --silica ] && { script=validate_silica.py; shift; }
[ "${1:-}" = --phases ] && { script=validate_phases.py; shift; }
[ "${1:-}" = --order-parameters ] && { script=order_parameters.py; shift; }
exec python3 -B "$here/$script" "$@"
