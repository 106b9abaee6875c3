#!/usr/bin/env bash
# usage: examples/c/run.sh [LIBDIR [MODEL.pt]]: builds the example, runs it on a rattled crystal and checks what it says.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
include=$root/interop/include built=$root/build
[ -d "$include" ] || include=$root/include built=$root # in the package
lib=$(cd "${1:-$built/lib}" && pwd)
model=${2:-$root/models/metals.pt}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

python3 "$root/examples/python/make_crystal.py" "$work/rattled.xyz"
cc -std=c11 -Wall -Wextra -O2 -I"$include" "$here/denoise_file.c" -o "$work/denoise_file" \
    -L"$lib" -ldenoise_insitu -Wl,-rpath,"$lib"
"$work/denoise_file" "$model" "$work/rattled.xyz" "$work/denoised.xyz" | tee "$work/said"
# Every one of the 864 atoms is fcc again, in what is printed and in the file.
grep -q '^fcc .* 864 after$' "$work/said"
[ "$(awk 'NR > 2 && $5 == 1' "$work/denoised.xyz" | wc -l)" -eq 864 ]
