#!/usr/bin/env bash
# build.sh PAGE [CACHE]: makes PAGE, the HTML file in which 'denoise report' puts its data: styles, own code and libraries in one.
# Packages are kept in CACHE by the hash of package-lock.json. Needs node 18 or later; npm where CACHE does not have the packages yet.
set -euo pipefail
page=$(realpath -m "$1")
web=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$web/../../../../cmake/npm-packages.sh"

mkdir -p "$(dirname "$page")"
npm_packages "$web" report-page "${2:-}"
# Sources beside their packages, as the resolution of both programs wants it.
rm -rf "$packages/web"
mkdir "$packages/web"
cp -r "$web"/src "$web"/tsconfig.json "$web"/bundle.mjs "$packages/web/"
cd "$packages/web"
node ../node_modules/typescript/bin/tsc -p .
node bundle.mjs "$packages/page.html"
# Only where it changed: whoever builds on it need not build again.
cmp -s "$packages/page.html" "$page" || cp "$packages/page.html" "$page"
