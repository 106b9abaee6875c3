#!/usr/bin/env bash
# usage: examples/python/run.sh [LIBDIR [MODEL.pt]]: runs the example on a rattled crystal and checks what it says. Needs python3-numpy.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
package=$root/interop/python built=$root/build
[ -d "$package" ] || package=$root/python built=$root # in the archive
export DENOISE_INSITU_LIB=$(cd "${1:-$built/lib}" && pwd) PYTHONPATH=$package
model=${2:-metals}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python() { PATH=/usr/bin:$PATH python3 -B "$@"; } # Debian's, which has numpy

python "$here/make_crystal.py" "$work/rattled.xyz"
python "$here/denoise_file.py" "$model" "$work/rattled.xyz" "$work/denoised.xyz" | tee "$work/said"
grep -q 'fcc [0-9]* -> 864,' "$work/said"
[ "$(awk 'NR > 2 && $5 == 1' "$work/denoised.xyz" | wc -l)" -eq 864 ]

# A wrong file is one sentence, not a traceback.
if python "$here/denoise_file.py" "$work/rattled.xyz" "$work/rattled.xyz" "$work/out.xyz" 2>"$work/error"; then
    echo "a file that is no checkpoint was taken for one" >&2
    exit 1
fi
[ "$(wc -l <"$work/error")" -eq 1 ]
