#!/usr/bin/env bash
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
root=$PWD
build=$root/build
log=$build/log
cache=${XDG_CACHE_HOME:-$HOME/.cache}/denoise-insitu

usage() {
    cat <<'HELP'
usage: ./build.sh COMMAND

  build    build/bin/lmp-denoise, build/bin/denoise, build/lib/libdenoise_insitu.so, build/lib/denoiseplugin.so, and build/torch
           where the package TorchSharp can be had
  demo     build, then run examples/melt on two ranks
  test     build, then run every test
  package  build, then build/denoise-insitu-VERSION-linux-x64.tar.gz for machines without .NET
  wheel    build, then build/denoise_insitu-VERSION-py3-none-manylinux_2_28_x86_64.whl, the Python package for pip
  docs     build/site/index.html, the documents as a site for a browser; needs Node.js and npm, and no build
  bench    build, then run the benchmarks; bench --help names options, such as --json FILE;
           bench --device gpu (or opencl): those of a graphics card
  fuzz     feed hostile inputs to everything for an hour, or fuzz MINUTES; fuzz --help names options
  format   format C# and C++ sources; format --check only looks
  setup    only install what is missing and fetch the LAMMPS headers

Every command but docs and format first installs what is missing with apt-get and asks for root only then. LAMMPS sources and builds are kept
in ~/.cache/denoise-insitu. The plugin fits the LAMMPS of Debian trixie; for another one, give the src folder of its sources:
  LAMMPS_SOURCE_DIR=~/lammps/src LAMMPS_SIZES=smallbig ./build.sh build
HELP
}

say() { printf '%s\n' "$*"; }
die() { printf 'build.sh: %s\n' "$*" >&2; exit 1; }

# quietly NAME COMMAND...: the output goes to a file, and is shown when the command fails.
quietly() {
    local name=$1; shift
    mkdir -p "$log"
    "$@" > "$log/$name.log" 2>&1 || { tail -n 60 "$log/$name.log" >&2; die "$name failed; all of it is in $log/$name.log"; }
}

# ---- what the build needs -------------------------------------------------------------------------------------------------------

packages=(
    cmake ninja-build g++          # the fix
    clang                          # the linker of NativeAOT; the generator of the bindings
    libopenmpi-dev openmpi-bin     # MPI
    liblammps-dev lammps-data      # LAMMPS and its potentials
    libhdf5-dev                    # headers for the filter of HDF5
    dpkg-dev xz-utils ca-certificates # the LAMMPS sources, for their headers
)
# PoCL makes a device of the processor, for the kernels' tests.
# python3-torch exports networks as TorchScript programs. The Python package is tested with numpy, ASE, MDAnalysis, with OVITO's traits, and
# in a venv. chromium shows reports and the site; librsvg draws plots as PNG. HDF5's filter is used by h5py and h5repack.
test_packages=(python3 qemu-user-static pocl-opencl-icd ocl-icd-libopencl1 python3-torch python3-numpy python3-ase python3-mdanalysis
    python3-traits python3-venv chromium zstd librsvg2-2 python3-h5py hdf5-tools)
format_packages=(clang-format)

install_packages() {
    local missing=() package
    for package in "$@"; do
        [ "$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || missing+=("$package")
    done
    [ ${#missing[@]} -gt 0 ] || return 0
    command -v apt-get > /dev/null || die "these Debian packages are missing, and there is no apt-get: ${missing[*]}"
    say "Installing with apt-get: ${missing[*]}"
    local as_root=()
    if [ "$(id -u)" != 0 ]; then
        command -v sudo > /dev/null || die "root is needed for: apt-get install ${missing[*]}; run that as root, then this again"
        as_root=(sudo)
    fi
    quietly apt-update "${as_root[@]}" apt-get -q update
    quietly apt-install "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q -y install --no-install-recommends "${missing[@]}"
}

need_dotnet() {
    export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1
    if ! command -v dotnet > /dev/null || ! dotnet --list-sdks | grep -q '^10\.'; then
        die "there is no .NET 10 SDK on PATH. Get it from Microsoft's .NET site (https://dot.net): the archive for Linux x64 needs no" \
            "root; unpack it into ~/.dotnet, put that folder on PATH, and run this again."
    fi
}

# A C library of 2020 to link against, so that what is built here also starts on older systems.
need_sysroot() {
    sysroot=$cache/glibc-2.31
    [ -d "$sysroot" ] && return
    say "Fetching an older C library to link against"
    quietly sysroot cmake/glibc-sysroot.sh "$sysroot"
}

# The headers of the system's LAMMPS: Debian's liblammps-dev lacks some that its own headers include.
need_system_headers() {
    local version suite
    version=$(dpkg-query -W -f='${source:Version}' liblammps-dev)
    suite=$(. /etc/os-release && echo "$VERSION_CODENAME")
    system_lammps=$cache/lammps-$version
    [ -f "$system_lammps/src/version.h" ] && return
    say "Fetching the headers of LAMMPS $version"
    quietly lammps-headers cmake/lammps-source.sh "$suite" "$version" "$system_lammps"
}

# The LAMMPS that the plugin is for, and with which the tests load it.
need_plugin_lammps() {
    plugin_lammps=$cache/lammps-trixie
    plugin_sources=${LAMMPS_SOURCE_DIR:-$plugin_lammps/src}
    [ -f "$plugin_sources/version.h" ] && return
    [ -z "${LAMMPS_SOURCE_DIR:-}" ] || die "LAMMPS_SOURCE_DIR is $LAMMPS_SOURCE_DIR, and there is no version.h in it; name the src folder"
    say "Fetching the sources of a LAMMPS with PLUGIN"
    quietly lammps-sources cmake/lammps-source.sh trixie - "$plugin_lammps"
}

# need_test_lammps SIZES: a small LAMMPS with PLUGIN and MANYBODY, built once: about five minutes on one core.
need_test_lammps() {
    local folder=$plugin_lammps/$1
    [ -f "$folder/done" ] && return
    say "Building a LAMMPS with PLUGIN for the tests ($1), once"
    quietly "lammps-$1-configure" cmake -G Ninja -S "$plugin_lammps/cmake" -B "$folder" -DCMAKE_BUILD_TYPE=None \
        -DCMAKE_CXX_FLAGS="-O2 -DNDEBUG" -DLAMMPS_SIZES="$1" -DBUILD_SHARED_LIBS=on -DBUILD_OMP=off -DPKG_MANYBODY=on -DPKG_PLUGIN=on \
        -DWITH_JPEG=off -DWITH_PNG=off -DWITH_GZIP=off -DWITH_FFMPEG=off -DWITH_CURL=off
    quietly "lammps-$1-build" ninja -C "$folder" lmp
    touch "$folder/done"
}

# need_torchsharp: sets torchsharp to the folder of that package, or to nothing where it cannot be had: the core does without.
need_torchsharp() {
    local project=interop/Denoise.Torch.Native/Denoise.Torch.Native.csproj version
    version=$(sed -n 's:.*"TorchSharp" Version="\(.*\)".*:\1:p' Directory.Packages.props)
    torchsharp=${NUGET_PACKAGES:-$HOME/.nuget/packages}/torchsharp/$version
    [ -d "$torchsharp" ] && return
    mkdir -p "$log"
    dotnet restore "$project" > "$log/torchsharp.log" 2>&1 && return
    torchsharp=
    say "The package TorchSharp cannot be had (log/torchsharp.log): leaving build/torch out, the engine for TorchScript programs"
}

# need_report_page: makes build/report/page.html, in which 'denoise report' puts its data; the core does without.
need_report_page() {
    mkdir -p "$log"
    managed/Denoise.Cli/Report/web/build.sh "$build/report/page.html" "$cache" > "$log/report-page.log" 2>&1 && return
    say "The page of 'denoise report' cannot be made (log/report-page.log; it needs Node.js 18 and npm): leaving the report out"
}

# need_test_libtorch: sets DENOISE_LIBTORCH to the libtorch that fits, for the tests; leaves it where it cannot be had.
need_test_libtorch() {
    [ -n "$torchsharp" ] && [ -z "${DENOISE_LIBTORCH:-}" ] || return 0
    local project=tests/torch/libtorch.csproj packages=${NUGET_PACKAGES:-$HOME/.nuget/packages} folder
    folder=$packages/libtorch-cpu-linux-x64/$(sed -n 's:.*"libtorch-cpu-linux-x64" Version="\(.*\)".*:\1:p' Directory.Packages.props)
    if [ -d "$folder" ] || dotnet restore "$project" > "$log/libtorch.log" 2>&1; then
        export DENOISE_LIBTORCH=$folder/runtimes/linux-x64/native
    else
        say "The package libtorch-cpu-linux-x64 cannot be had (log/libtorch.log): its tests will be left out"
    fi
}

# ---- commands -------------------------------------------------------------------------------------------------------------------

setup() {
    need_dotnet
    install_packages "${packages[@]}"
    need_sysroot
    need_system_headers
    need_plugin_lammps
}

# native FOLDER OPTION...: configures where an option is new, and builds.
native() {
    local folder=$1 name; shift
    name=$(basename "$folder")
    mkdir -p "$folder"
    if [ ! -f "$folder/build.ninja" ] || [ "$(cat "$folder/options" 2>/dev/null)" != "$*" ]; then
        quietly "configure-$name" cmake -G Ninja -S "$root" -B "$folder" "$@"
        printf '%s' "$*" > "$folder/options"
    fi
    quietly "compile-$name" ninja -C "$folder"
}

build() {
    setup
    need_torchsharp
    need_report_page
    say "Building"
    native "$build" -DLAMMPS_SYSTEM_HEADERS="$system_lammps/src" -DLAMMPS_SOURCE_DIR="$plugin_sources" \
        -DLAMMPS_SIZES="${LAMMPS_SIZES:-smallbig}" -DDENOISE_SYSROOT="$sysroot" -DDENOISE_TORCHSHARP="$torchsharp"
}

# Several ranks on a machine of any size, by any user, with threads of their own.
mpi_settings() {
    export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 OMPI_MCA_rmaps_base_oversubscribe=1
    export OMPI_MCA_hwloc_base_binding_policy=none OMPI_MCA_mpi_yield_when_idle=1 OMP_NUM_THREADS=1
}

demo() {
    build
    mpi_settings
    examples/run.sh melt
}

passed=0 failed=0 skipped=0

# suite NAME COMMAND...: adds up the last "N passed, N failed[, N skipped]" that the command prints.
suite() {
    local name=$1 start=$SECONDS line; shift
    mkdir -p "$log"
    say "Testing: $name"
    local code=0
    "$@" > "$log/test-$name.log" 2>&1 || code=$?
    line=$(grep -Eo '[0-9]+ passed, [0-9]+ failed(, [0-9]+ skipped)?' "$log/test-$name.log" | tail -1 || true)
    local counts
    read -ra counts <<< "$(tr -dc '0-9 ' <<< "$line")"
    passed=$((passed + ${counts[0]:-0})) skipped=$((skipped + ${counts[2]:-0}))
    failed=$((failed + ${counts[1]:-0}))
    if [ $code != 0 ] || [ -z "$line" ]; then
        [ "${counts[1]:-0}" != 0 ] || failed=$((failed + 1))
        tail -n 100 "$log/test-$name.log"
        say "  $name: failed; all of it is in $log/test-$name.log"
    else
        say "  $name: ${counts[0]} good, ${counts[2]:-0} left out, $((SECONDS - start)) s"
    fi
}

unit_tests() {
    local results=$build/test-results code=0
    rm -rf "$results"
    dotnet test Denoise.InSitu.sln --configuration Release --nologo --verbosity quiet --logger trx --results-directory "$results" ||
        code=$?
    cat "$results"/*.trx | sed -n 's/.*<Counters total="\([0-9]*\)" executed="\([0-9]*\)" passed="\([0-9]*\)" failed="\([0-9]*\)".*/\1 \2 \3 \4/p' |
        awk '{ skipped += $1 - $2; passed += $3; failed += $4 } END { print passed + 0 " passed, " failed + 0 " failed, " skipped + 0 " skipped" }'
    return $code
}

tests() {
    unset LAMMPS_SOURCE_DIR LAMMPS_SIZES
    install_packages "${test_packages[@]}"
    build
    need_test_libtorch
    need_test_lammps smallbig
    need_test_lammps bigbig
    native "$build/plugin-bigbig" -DDENOISE_MANAGED=OFF -DLAMMPS_SOURCE_DIR="$plugin_sources" -DLAMMPS_SIZES=bigbig
    native "$build/sanitized" -DDENOISE_MANAGED=OFF -DCMAKE_BUILD_TYPE=None -DLAMMPS_SYSTEM_HEADERS="$system_lammps/src" \
        -DCMAKE_CXX_FLAGS="-O1 -g1 -fsanitize=address,undefined -fno-sanitize-recover=undefined" -DLAMMPS_SOURCE_DIR="$plugin_sources"
    mpi_settings
    export DENOISE_BUILD=$build DENOISE_LAMMPS=$plugin_lammps

    suite unit unit_tests
    suite abi tests/abi/run.sh "$build/lib"
    grep -q avx512vl /proc/cpuinfo && suite abi-avx512 tests/abi/run.sh "$build/lib/glibc-hwcaps/x86-64-v4"
    suite cli tests/cli/run.sh
    suite python tests/python/run.sh
    suite docs tests/docs/run.sh
    suite validation tests/validation/run.sh
    suite validation-metals tests/validation/run.sh models/metals.pt
    suite validation-silica tests/validation/run.sh --silica models/silica.pt
    suite lammps tests/lammps/run.sh
    suite fuzz fuzz --executions 5000
    pack
    suite package tests/package/run.sh "$tarball" "$plugin_lammps" "$system_lammps/src"
    say "total: $passed passed, $failed failed, $skipped skipped"
    [ "$failed" = 0 ]
}

# Sets tarball.
pack() {
    say "Packing"
    quietly package cmake/package.sh "$build" "$build"
    tarball=$(tail -n 1 "$log/package.log")
}

# Sets wheel.
make_wheel() {
    say "Packing the Python package"
    install_packages python3
    quietly wheel cmake/wheel.py "$build" "$build"
    wheel=$(tail -n 1 "$log/wheel.log")
}

# The documents as a site; of what the build needs it takes Node.js and npm alone.
site() {
    command -v node > /dev/null || die "the site needs Node.js 18 and npm (Debian: apt-get install nodejs npm)"
    quietly site site/build.sh "$build/site" "$cache"
}

# device_bench gpu|opencl[:I] ATOMS...: the kernels on a device, each held against the processor's code before it is timed.
device_bench() {
    local device=$1 model=../shared/reference/Cu-denoiser.pt; shift
    [[ $device == *:* ]] || device=$device:0
    [ -f "$model" ] || model=models/metals.pt
    need_dotnet
    dotnet run --project tests/benchmarks/Denoise.DeviceBenchmarks --configuration Release -- "$model" "$device" "$@"
}

bench() {
    if [ "${1:-}" = --device ]; then
        shift
        device_bench "${@:-gpu}"
        return
    fi
    build
    mpi_settings
    DENOISE_BUILD=$build dotnet run --project tests/benchmarks/Denoise.Benchmarks --configuration Release -- "$@"
}

fuzz() {
    need_dotnet
    dotnet run --project tests/fuzz/Denoise.Fuzz --configuration Release -- "$@"
}

format() {
    install_packages "${format_packages[@]}"
    need_dotnet
    local options=(-i) dotnet_options=()
    if [ "${1:-}" = --check ]; then
        options=(--dry-run --Werror) dotnet_options=(--verify-no-changes)
    fi
    git ls-files 'native/*.h' 'native/*.c' 'native/*.cpp' 'examples/*.c' | xargs clang-format "${options[@]}"
    dotnet format Denoise.InSitu.sln "${dotnet_options[@]}"
}

case ${1:-} in
    build) build; say "In build/bin: $(ls "$build/bin" | xargs)"; say "In build/lib: $(cd "$build/lib" && ls *.so | xargs)" ;;
    demo) demo ;;
    test) tests ;;
    package) build; pack; say "$tarball" ;;
    wheel) build; make_wheel; say "$wheel" ;;
    docs) site; say "$build/site/index.html" ;;
    bench) shift; bench "$@" ;;
    fuzz) shift; fuzz "$@" ;;
    format) shift; format "$@" ;;
    setup) setup ;;
    -h | --help | help) usage ;;
    *) usage >&2; exit 2 ;;
esac
