#!/usr/bin/env bash
# usage: tests/package/debian11.sh TARBALL LAMMPS_HEADERS
# The package on a system of 2021, glibc 2.31: Debian 11 in a folder (1 GB, kept in ~/.cache), with its compiler, its cmake 3.18, its
# Open MPI and its LAMMPS of 24 Dec 2020. Builds lmp-denoise there, runs the demo on two ranks and `denoise apply`. Needs root for chroot.
#
# That LAMMPS's sources are no longer to be had from the archive, so its headers are those of liblammps-dev, and the few which that
# lacks are LAMMPS_HEADERS, of a later version.
set -euo pipefail
tarball=$1 lammps_headers=$2
here=$(cd "$(dirname "$0")" && pwd)
system=${XDG_CACHE_HOME:-$HOME/.cache}/denoise-insitu/debian-11
packages=(bash coreutils findutils grep sed mawk tar gzip libc-bin hostname openssh-client
    g++ make cmake libopenmpi-dev openmpi-bin lammps liblammps-dev lammps-data)
[ "$(id -u)" = 0 ] || { echo "tests/package/debian11.sh needs root, for chroot" >&2; exit 2; }

# Unpacked, not installed: nothing is configured, so what the packages' scripts would link is linked here.
prepare() {
    . "$here/../../cmake/debian-archive.sh"
    open_archive bullseye
    apt-get -q -y "${archive_settings[@]}" install --download-only --no-install-recommends "${packages[@]}" > "$archive/log" 2>&1 ||
        { cat "$archive/log" >&2; exit 1; }
    rm -rf "$system.new"
    mkdir -p "$system.new"/{proc,dev,tmp,root,work}
    local package link
    for package in "$archive"/cache/archives/*.deb; do
        dpkg-deb --fsys-tarfile "$package" | tar x -C "$system.new" --keep-directory-symlink
    done
    for link in awk=mawk cc=gcc c++=g++ mpirun=mpirun.openmpi mpicxx=mpicxx.openmpi; do
        ln -sf "${link#*=}" "$system.new/usr/bin/${link%=*}"
    done
    ln -s bash "$system.new/bin/sh"
    printf '%s\n' /usr/lib/x86_64-linux-gnu/{blas,lapack} >> "$system.new/etc/ld.so.conf.d/alternatives.conf"
    touch "$system.new/dev/null" "$system.new/dev/urandom"
    chroot "$system.new" /sbin/ldconfig
    mv "$system.new" "$system"
}
[ -d "$system" ] || prepare

rm -rf "$system/work"
mkdir -p "$system/work/headers"
tar xf "$tarball" -C "$system/work" --strip-components=1
cp -r "$lammps_headers"/{exceptions.h,lmpwindows.h,atom_masks.h,integrate.h,respa.h,fmt} "$system/work/headers/"
cp "$system"/usr/include/lammps/*.h "$system/work/headers/"
echo '#define LAMMPS_VERSION "24 Dec 2020"' > "$system/work/headers/version.h"
cat > "$system/work/try.sh" << 'TRY'
set -euo pipefail
cd /work
echo "glibc $(ldd --version | sed -n '1s/.* //p'), $(g++ --version | head -1), $(cmake --version | head -1), $(mpirun --version | head -1)"
mkdir build
cd build
cmake ../lammps -D LAMMPS_SOURCE_DIR=/work/headers -D LAMMPS_LIBRARY=/usr/lib/x86_64-linux-gnu/liblammps.so
make
cd ..
examples/run.sh melt -var size 5 -var steps 500
bin/denoise apply demo/melt.dump --model models/metals.pt -o demo/denoised.dump
TRY
unshare --mount --pid --fork sh -c "mount -t proc proc $system/proc && mount --bind /dev $system/dev &&
    exec chroot $system /usr/bin/env -i PATH=/usr/bin:/bin HOME=/root bash /work/try.sh"
