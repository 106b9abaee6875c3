#!/usr/bin/env bash
# build.sh SITE [CACHE]: makes the folder SITE, the documentation as pages for a browser that need no server and fetch nothing.
# Packages are kept in CACHE by the hash of package-lock.json. Needs node 18 or later; npm where CACHE does not have the packages yet.
set -euo pipefail
site=$(realpath -m "$1")
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$here/../cmake/npm-packages.sh"

mkdir -p "$(dirname "$site")"
npm_packages "$here" site "${2:-}"
# Sources beside their packages, as node's resolution wants it.
rm -rf "$packages/site" "$packages/made"
mkdir "$packages/site"
cp "$here"/*.mjs "$here"/*.css "$here"/*.js "$here/pages.json" "$packages/site/"
node "$packages/site/build.mjs" "$here/.." "$packages/made"
rm -rf "$site"
cp -r "$packages/made" "$site"
