#!/usr/bin/env bash
# lammps-source.sh SUITE VERSION FOLDER: src/ and cmake/ of Debian's LAMMPS source package, into FOLDER.
#
# VERSION '-' means the newest of the suite.
set -euo pipefail
suite=$1 version=$2 folder=$3

. "$(dirname "${BASH_SOURCE[0]}")/debian-archive.sh"
open_archive "$suite" || { echo "no LAMMPS sources; set LAMMPS_SOURCE_DIR to some" >&2; exit 1; }
mkdir "$archive/download" "$archive/tree"
cd "$archive/download"
if [ "$version" = - ]; then
    version=$(apt-cache "${archive_settings[@]}" showsrc lammps | sed -n 's/^Version: //p' | sort -V | tail -1)
fi
# A mirror may lack the package's .dsc; the sources themselves, checked by apt against the signed list, are what we need.
apt-get -q "${archive_settings[@]}" source --download-only "lammps=$version" >> "$archive/log" 2>&1 || true
tarball=$(ls lammps_*.orig.tar.* 2>/dev/null | grep -v '\.asc$' | head -1 || true)
[ -n "$tarball" ] || { cat "$archive/log" >&2; echo "apt-get did not bring the LAMMPS $version sources from $suite" >&2; exit 1; }

# Some of these archives have a folder around everything, others do not.
inside=$(tar tf "$tarball" | awk 'sub(/src\/version\.h$/, "") && !found++')
depth=$(tr -dc / <<< "$inside" | wc -c)
tar xf "$tarball" -C "$archive/tree" --strip-components="$depth" "${inside}src" "${inside}cmake"
mkdir -p "$(dirname "$folder")"
rm -rf "$folder"
mv "$archive/tree" "$folder"
