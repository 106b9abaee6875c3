#!/usr/bin/env bash
# package.sh BUILD FOLDER: makes FOLDER/denoise-insitu-VERSION-linux-x64.tar.gz of what BUILD holds. Prints its path.
#
# In it: the program and the library, which run as they are, and the sources of the fix, which is compiled on the user's machine for the
# user's LAMMPS. The same build gives the same bytes.
set -euo pipefail
build=$1 folder=$2
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
version=$(sed -n 's:.*<Version>\(.*\)</Version>.*:\1:p' "$root/Directory.Build.props")
name=denoise-insitu-$version-linux-x64
tree=$folder/$name
oldest_glibc=2.28
oldest_torch_glibc=2.34 # TorchSharp's shim is not ours

rm -rf "$tree"
mkdir -p "$tree"/{bin,lib/glibc-hwcaps/x86-64-v4,libexec,include}
install -m 755 "$build/bin/denoise" "$tree/bin/"
install -m 755 "$build/libexec/denoise-avx512" "$tree/libexec/"
for library in libdenoise_insitu.so glibc-hwcaps/x86-64-v4/libdenoise_insitu.so hdf5/libdenoise_hdf5.so; do
    install -D -m 644 "$build/lib/$library" "$tree/lib/$library"
done
find "$tree" -type f -print0 | xargs -0 "$root/cmake/glibc-needed.sh" $oldest_glibc > /dev/null
if [ -d "$build/torch" ]; then
    mkdir "$tree/torch"
    install -m 644 "$build"/torch/*.so "$tree/torch/"
    "$root/cmake/glibc-needed.sh" $oldest_torch_glibc "$tree"/torch/*.so > /dev/null
fi

# copy FOLDER DESTINATION: what git knows in a folder, as it is now.
copy() {
    mkdir -p "$tree/$2"
    (cd "$root/$1" && git ls-files -z | xargs -0 cp --parents -t "$tree/$2")
}
copy interop/include include
copy native/lammps lammps
copy models models
copy examples examples
copy docs docs
copy interop/python python
cp "$root/LICENSE" "$root/README.md" "$root/CHANGELOG.md" "$tree/"
# Documents name places of the repository; some of them are elsewhere here, and tests are not here at all.
sed -i '/^## Build from source/,/^## In LAMMPS/ { /^## In LAMMPS/! d }' "$tree/README.md"
find "$tree" -name '*.md' -exec sed -i -e '/](tests\/\|](CONTRIBUTING/d' \
    -e 's:interop/include:include:g; s:interop/python:python:g; s:native/lammps:lammps:g; s:build/lib:lib:g; s:build/torch:torch:g' \
    -e 's:\[\([^]]*\)\]([^)]*tests/[^)]*):\1:g' {} +

"$root/cmake/licenses.sh" "$tree/licenses"
[ ! -d "$tree/torch" ] || cp "$root/cmake/licenses/torch/"*.txt "$tree/licenses/"
# Of the page of reports; it has them in itself, too.
cp "$root"/cmake/licenses/page/*.txt "$tree/licenses/"

# ---- one file, with nothing in it of the machine or the hour that made it ---------------------------------------------------------

date=$(git -C "$root" log -1 --format=%cI)
tar --sort=name --owner=0 --group=0 --numeric-owner --mode=u+w,go-w,a+rX --mtime="$date" -C "$folder" -cf - "$name" |
    gzip -n9 > "$folder/$name.tar.gz"
rm -rf "$tree"
echo "$folder/$name.tar.gz"
