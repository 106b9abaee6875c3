#!/usr/bin/env bash
# usage: tests/abi/run.sh [LIBDIR [MODEL.pt]]
# Holds libdenoise_insitu.so in LIBDIR (build/lib) against its header: compiles, symbols, layout, every function and status, and the
# examples in C and Python. Prints counts and exits with 1 where something failed. MODEL: a denoiser of one species; by default
# ../shared/reference/Cu-denoiser.pt, and where there is none the checks that need one are left out, which is said.
set -uo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
lib=$(cd "${1:-${DENOISE_BUILD:-$root/build}/lib}" && pwd) || exit 2
model=${2:-$root/../shared/reference/Cu-denoiser.pt}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
passed=0 failed=0 skipped=0

check() { # check DESCRIPTION COMMAND...
    local what=$1
    shift
    if "$@" >"$work/log" 2>&1; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "FAILED: $what" >&2
        cat "$work/log" >&2
    fi
}

# Nothing but the functions of the header leaves the library; one symbol of the runtime, for debuggers, cannot be hidden.
same_symbols() {
    nm -D --defined-only "$lib/libdenoise_insitu.so" | awk '$2 != "A" { sub(/@.*/, "", $3); print $3 }' | LC_ALL=C sort >"$work/has"
    LC_ALL=C sort "$root/interop/Denoise.InSitu.Native/Generated/exports.txt" "$here/exports_allowed.txt" >"$work/should"
    diff "$work/should" "$work/has"
}

only_allowed_includes() {
    ! grep '^#include' "$root/interop/include/denoise_insitu.h" | grep -v -e '<stddef.h>' -e '<stdint.h>'
}

strict=(-Wall -Wextra -pedantic -Werror "-I$root/interop/include" "-I$here")
for cc in cc clang; do
    command -v $cc >"$work/log" || continue
    check "$cc: header and layout as C11" $cc -std=c11 "${strict[@]}" -c "$here/layout.c" -o "$work/layout.o"
done
for cxx in c++ clang++; do
    command -v $cxx >"$work/log" || continue
    check "$cxx: header and layout as C++17" $cxx -std=c++17 "${strict[@]}" -c "$here/header.cpp" -o "$work/header.o"
done
check "the header includes stddef.h and stdint.h only" only_allowed_includes
check "exported symbols" same_symbols
if command -v clang >"$work/log" && command -v dotnet >"$work/log"; then
    check "generated files match the header" "$root/interop/generate.sh" --check
else
    echo "left out: comparing the generated files needs clang and dotnet"
    skipped=$((skipped + 1))
fi

check "test_abi compiles" cc -std=c11 -D_GNU_SOURCE -O1 -g "${strict[@]}" "$here"/test_*.c "$here"/crystal.c "$here"/host.c \
    -o "$work/test_abi" -L"$lib" -ldenoise_insitu -Wl,-rpath,"$lib" -lm -lpthread
if [ -x "$work/test_abi" ]; then
    [ -f "$model" ] || { echo "left out: denoising and the examples need $model"; model= skipped=$((skipped + 1)); }
    "$work/test_abi" "$work" "$model" >"$work/counts"
    status=$?
    tail -n 1 "$work/counts"
    read -r p f < <(sed -n 's/^checks: \([0-9]*\) passed, \([0-9]*\) failed$/\1 \2/p' "$work/counts")
    if [ -z "${p:-}" ]; then
        echo "FAILED: test_abi ended with $status before it could count" >&2
        failed=$((failed + 1))
    else
        passed=$((passed + p)) failed=$((failed + f))
    fi
fi

if [ -n "$model" ]; then
    check "example in C" "$root/examples/c/run.sh" "$lib" "$model"
    check "example in Python" "$root/examples/python/run.sh" "$lib" "$model"
fi

echo "abi: $passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
