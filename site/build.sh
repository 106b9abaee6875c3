#!/usr/bin/env bash
# build.sh SITE [CACHE]: makes the folder SITE, the documentation as pages for a browser that need no server and fetch nothing.
# Packages are kept in CACHE by the hash of package-lock.json. Needs node 18 or later; npm where CACHE does not have the packages yet.
set -euo pipefail
site=$(realpath -m "$1") cache=${2:-${XDG_CACHE_HOME:-$HOME/.cache}/denoise-insitu}
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
packages=$cache/site-$(sha256sum < "$here/package-lock.json" | cut -c1-16)

mkdir -p "$packages" "$(dirname "$site")"
exec 9> "$packages/lock"
flock 9
if [ ! -f "$packages/done" ]; then
    cp "$here/package.json" "$here/package-lock.json" "$packages/"
    (cd "$packages" && npm ci --ignore-scripts --no-audit --no-fund)
    touch "$packages/done"
fi
# Sources beside their packages, as node's resolution wants it.
rm -rf "$packages/site" "$packages/made"
mkdir "$packages/site"
cp "$here"/*.mjs "$here"/*.css "$here"/*.js "$here/pages.json" "$packages/site/"
node "$packages/site/build.mjs" "$here/.." "$packages/made"
rm -rf "$site"
cp -r "$packages/made" "$site"
