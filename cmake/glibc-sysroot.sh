#!/usr/bin/env bash
# glibc-sysroot.sh FOLDER: a C library of 2020 to link against, so that programs start wherever it or a newer one is installed.
#
# It is Debian 11's, version 2.31. Five functions of its libm got a new version in 2.29, with which they stop calling a handler for
# errors that nobody sets. Ours are bound to the version before, so that nothing newer than 2.28 is asked for.
set -euo pipefail
folder=$1
packages=(libc6 libc6-dev libgcc-10-dev libgcc-s1)

. "$(dirname "${BASH_SOURCE[0]}")/debian-archive.sh"
open_archive bullseye
mkdir "$archive/download" "$archive/tree"
cd "$archive/download"
apt-get -q "${archive_settings[@]}" download "${packages[@]}" >> "$archive/log" 2>&1 || { cat "$archive/log" >&2; exit 1; }
for package in *.deb; do
    dpkg -x "$package" "$archive/tree"
done
find "$archive/tree" -type l -lname '/*' -printf '%p %l\n' | while read -r link target; do
    ln -snfr "$archive/tree$target" "$link"
done

libraries=$archive/tree/usr/lib/x86_64-linux-gnu
for name in exp exp2 log log2 pow; do
    printf '.symver before_2_29, %s@GLIBC_2.2.5\n.globl %s\n.hidden %s\n.type %s, @function\n%s: jmp before_2_29@PLT\n' \
        $name $name $name $name $name > $name.s
    echo '.section .note.GNU-stack, "", @progbits' >> $name.s
    cc -c $name.s -o $name.o
done
ar rcs "$libraries/libm-2.28.a" exp.o exp2.o log.o log2.o pow.o
sed -i 's:^GROUP ( :&/usr/lib/x86_64-linux-gnu/libm-2.28.a :' "$libraries/libm.so"

mkdir -p "$(dirname "$folder")"
rm -rf "$folder"
mv "$archive/tree" "$folder"
