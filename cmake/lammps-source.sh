#!/usr/bin/env bash
# lammps-source.sh SUITE VERSION FOLDER: src/ and cmake/ of Debian's LAMMPS source package, into FOLDER.
#
# VERSION '-' means the newest of the suite. The package comes from the mirror that this machine's apt already uses, through lists and
# settings of our own, so that the machine's are neither needed to have source lines nor touched. No root.
set -euo pipefail
suite=$1 version=$2 folder=$3

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work"/{lists/partial,cache/archives/partial,download}

# The first source of Debian itself, in either format of apt's lists: "URI KEYRING".
mirror() {
    local lists=/etc/apt/sources.list.d
    awk 'function found() { return uri ~ /debian/ && suites !~ /security/ }
         /^URIs:/ { uri = $2 } /^Suites:/ { suites = $0 } /^Signed-By:/ { key = $2 }
         /^$/ { if (found()) exit; uri = key = suites = "" }
         END { if (found()) print uri, key }' $lists/*.sources 2>/dev/null || true
    sed -n 's/^deb \(\[[^]]*\] \)\?\(http[^ ]*debian[^ ]*\) .*/\2 \1/p' /etc/apt/sources.list $lists/*.list 2>/dev/null |
        grep -v security | sed 's/\[.*signed-by=\([^] ]*\).*/\1/; s/\[.*//'
}
read -r uri key < <(mirror | head -1) || { echo "no Debian mirror in apt's lists (/etc/apt); add one, or set LAMMPS_SOURCE_DIR to LAMMPS sources" >&2; exit 1; }
[ -f "${key:-}" ] || key=/usr/share/keyrings/debian-archive-keyring.gpg
echo "deb-src [signed-by=$key] $uri $suite main" > "$work/sources.list"

settings=(-oDir::Etc::sourcelist="$work/sources.list" -oDir::Etc::sourceparts=/dev/null -oDir::State::lists="$work/lists"
     -oDir::Cache="$work/cache" -oAPT::Sandbox::User="$(id -un)" -oDebug::NoLocking=1)
cd "$work/download"
apt-get -q "${settings[@]}" update > "$work/log" 2>&1 || { cat "$work/log" >&2; exit 1; }
if [ "$version" = - ]; then
    version=$(apt-cache "${settings[@]}" showsrc lammps | sed -n 's/^Version: //p' | sort -V | tail -1)
fi
# A mirror may lack the package's .dsc; the sources themselves, checked by apt against the signed list, are what we need.
apt-get -q "${settings[@]}" source --download-only "lammps=$version" >> "$work/log" 2>&1 || true
tarball=$(ls lammps_*.orig.tar.* 2>/dev/null | grep -v '\.asc$' | head -1 || true)
[ -n "$tarball" ] || { cat "$work/log" >&2; echo "apt-get did not bring the LAMMPS $version sources from $suite" >&2; exit 1; }

mkdir "$work/tree"
tar xf "$tarball" -C "$work/tree" --strip-components=1 --wildcards --no-wildcards-match-slash '*/src' '*/cmake'
mkdir -p "$(dirname "$folder")"
rm -rf "$folder"
mv "$work/tree" "$folder"
