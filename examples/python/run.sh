#!/usr/bin/env bash
# usage: examples/python/run.sh [LIBDIR [MODEL.pt]]: runs the example on a rattled crystal and checks what it says.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
built=$root/build
[ -d "$root/interop" ] || built=$root # in the package
lib=$(cd "${1:-$built/lib}" && pwd)
model=${2:-$root/models/metals.pt}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

python3 "$here/make_crystal.py" "$work/rattled.xyz"
python3 "$here/denoise_file.py" --library "$lib/libdenoise_insitu.so" "$model" "$work/rattled.xyz" "$work/denoised.xyz" | tee "$work/said"
grep -q 'fcc [0-9]* -> 864,' "$work/said"
[ "$(awk 'NR > 2 && $5 == 1' "$work/denoised.xyz" | wc -l)" -eq 864 ]

# A wrong file is one sentence, not a traceback.
if python3 "$here/denoise_file.py" --library "$lib/libdenoise_insitu.so" "$work/rattled.xyz" "$work/rattled.xyz" "$work/out.xyz" \
    2>"$work/error"; then
    echo "a file that is no checkpoint was taken for one" >&2
    exit 1
fi
[ "$(wc -l <"$work/error")" -eq 1 ]
