#!/usr/bin/env bash
# licenses.sh FOLDER: copies the licenses of what is linked into the program and the library: .NET's, and those of the packages.
set -euo pipefail
folder=$1
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
mkdir -p "$folder"
packages=${NUGET_PACKAGES:-$HOME/.nuget/packages}
runtime=$(ls -d "$packages"/microsoft.netcore.app.runtime.nativeaot.linux-x64/* | sort -V | tail -1)
install -m 644 "$runtime/LICENSE.TXT" "$folder/dotnet.txt"
install -m 644 "$runtime/THIRD-PARTY-NOTICES.TXT" "$folder/dotnet-third-party.txt"
for package in $(cat "$root"/managed/*/*.csproj "$root"/interop/Denoise.InSitu.Native/*.csproj |
    sed -n 's/.*<PackageReference Include="\([^"]*\)".*/\1/p' | sort -u); do
    text=$root/cmake/licenses/$package.txt
    [ -f "$text" ] || { echo "there is no $text: the license of a package that is linked in" >&2; exit 1; }
    cp "$text" "$folder/"
done
