#!/usr/bin/env bash
# usage: tests/package/run.sh TARBALL LAMMPS LIBRARY_HEADERS
# The package as its user has it: unpacked somewhere, no .NET on PATH, no sources of ours. LAMMPS: sources of a LAMMPS in src, built with
# PLUGIN in smallbig (build.sh has one); LIBRARY_HEADERS: src of the installed liblammps. Prints counts and exits with 1 where something
# failed.
set -uo pipefail
here=$(cd "$(dirname "$0")" && pwd)
tarball=$1 lammps=$2 library_headers=$3
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
passed=0 failed=0 skipped=0

check() { # check DESCRIPTION COMMAND...
    local what=$1
    shift
    if "$@" > "$work/log" 2>&1; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "FAILED: $what" >&2
        tail -n 40 "$work/log" >&2
    fi
}

leave_out() {
    echo "left out: $*"
    skipped=$((skipped + 1))
}

# says TEXT COMMAND...: the command fails, and prints a line with TEXT; cmake breaks lines where it likes.
says() {
    local text=$1
    shift
    "$@" > "$work/said" 2>&1 && return 1
    tr -s ' \n' ' ' < "$work/said" | grep -F -e "$text" || { cat "$work/said"; return 1; }
}

tar xf "$tarball" -C "$work" || exit 2
package=$(echo "$work"/denoise-insitu-*)
# Everything but dotnet, by any name.
cp -rs /usr/bin "$work/path"
rm -f "$work/path/dotnet"
export PATH=$work/path
hash -r
unset DENOISE_BUILD DENOISE_LAMMPS DENOISE_INSITU_LIB

# ---- what runs as it is -----------------------------------------------------------------------------------------------------------

without_dotnet() { ! command -v dotnet; }
check "no dotnet on PATH" without_dotnet
check "needs no newer glibc than 2.28" "$here/../../cmake/glibc-needed.sh" 2.28 "$package/bin/denoise" "$package/libexec/denoise-avx512" \
    "$package"/lib/*.so "$package"/lib/hdf5/*.so "$package"/lib/*/*/*.so
check "denoise --version" "$package/bin/denoise" --version
torch() {
    (cd "$work" &&
        PYTHONPATH=$here/../cli /usr/bin/python3 -c "import crystals; print(crystals.dump_text(crystals.crystal()), end='')" > in.dump &&
        /usr/bin/python3 "$package/examples/torch/nequip.py" "$package/models/metals.pt" metals.ts.pt &&
        "$package/bin/denoise" apply in.dump --model metals.ts.pt --engine torch -o out.dump)
}
if [ -d "$package/torch" ] && [ -n "${DENOISE_LIBTORCH:-}" ] && /usr/bin/python3 -c "import torch"; then
    check "a TorchScript program" torch
else
    leave_out "TorchScript programs need the package TorchSharp, DENOISE_LIBTORCH and PyTorch"
fi
check "example in C" "$package/examples/c/run.sh"
check "example in Python" "$package/examples/python/run.sh"

names_in() { # every `name` in a table of the document, and every link, is a file here
    local document=$1 name
    for name in $(grep -o '](\([^)#:]*\))' "$document" | sed 's/](//; s/)//'); do
        [ -e "$(dirname "$document")/$name" ] || { echo "$document names $name"; return 1; }
    done
}
for document in $(cd "$package" && find . -name '*.md'); do
    check "links in $document" names_in "$package/$document"
done

# ---- the fix, built by the user ---------------------------------------------------------------------------------------------------

configure() { # configure OPTION...
    rm -rf "$work/build"
    mkdir "$work/build"
    (cd "$work/build" && cmake "$@" "$package/lammps")
}
check "without a LAMMPS" says "Say for which LAMMPS" configure
check "a folder without sources" says "There is no version.h in /tmp" configure -D LAMMPS_SOURCE_DIR=/tmp
check "unknown sizes" says "it is smallbig or bigbig" configure -D LAMMPS_SOURCE_DIR="$lammps/src" -D LAMMPS_SIZES=smallsmall
mkdir "$work/old"
echo '#define LAMMPS_VERSION "7 Aug 2019"' > "$work/old/version.h"
check "a LAMMPS that is too old" says "fix denoise needs one of 20201224" \
    configure -D LAMMPS_SOURCE_DIR="$work/old" -D LAMMPS_LIBRARY=/usr/lib/liblammps.so

build() {
    configure "$@" && make -C "$work/build" -j2
}
demo() { # a smaller box and fewer steps
    (cd "$work" && "$package/examples/run.sh" melt -var size 5 -var steps 500) &&
        awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i }
                 END { crystal = $at["fcc"] + $at["hcp"]; exit !(NR == 3 && crystal > 500 && crystal < 1500) }' "$work/demo/melt.csv"
}
check "plugin built" build -D LAMMPS_SOURCE_DIR="$lammps/src"
LMP=$lammps/smallbig/lmp check "demo with the plugin on two ranks" demo
check "lmp-denoise built" build -D LAMMPS_SOURCE_DIR="$library_headers" -D LAMMPS_LIBRARY="$(echo /usr/lib/*/liblammps.so)"
check "demo with lmp-denoise on two ranks" demo

# ---- another CPU ------------------------------------------------------------------------------------------------------------------

if command -v qemu-x86_64-static > /dev/null; then
    old_cpu() { qemu-x86_64-static -cpu Nehalem "$@"; }
    check "denoise on a CPU without AVX2" says "denoise: this CPU has no AVX2" old_cpu "$package/bin/denoise" --version
    check "the library on a CPU without AVX2" says "libdenoise_insitu: this CPU has no AVX2" \
        old_cpu -E PYTHONPATH="$package/python" /usr/bin/python3 "$package/examples/python/denoise_file.py" metals a b
    printf 'fix 1 all denoise 1 model.pt\n' > "$work/in.fix"
    sed -i '1i lattice fcc 3.6\nregion b block 0 2 0 2 0 2\ncreate_box 1 b\ncreate_atoms 1 box\nmass 1 1' "$work/in.fix"
    check "the fix on a CPU without AVX2" says "this CPU has no AVX2" old_cpu "$package/bin/lmp-denoise" -in "$work/in.fix" -log none
else
    leave_out "another CPU needs qemu-user-static"
fi

echo "package: $passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
