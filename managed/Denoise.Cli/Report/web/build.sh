#!/usr/bin/env bash
# build.sh PAGE [CACHE]: makes PAGE, the HTML file in which 'denoise report' puts its data: styles, own code and libraries in one.
# Packages are kept in CACHE by the hash of package-lock.json. Needs node 18 or later; npm where CACHE does not have the packages yet.
set -euo pipefail
page=$(realpath -m "$1") cache=${2:-${XDG_CACHE_HOME:-$HOME/.cache}/denoise-insitu}
web=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
packages=$cache/report-page-$(sha256sum < "$web/package-lock.json" | cut -c1-16)

mkdir -p "$packages" "$(dirname "$page")"
exec 9> "$packages/lock"
flock 9
if [ ! -f "$packages/done" ]; then
    cp "$web/package.json" "$web/package-lock.json" "$packages/"
    (cd "$packages" && npm ci --ignore-scripts --no-audit --no-fund)
    touch "$packages/done"
fi
# Sources beside their packages, as the resolution of both programs wants it.
rm -rf "$packages/web"
mkdir "$packages/web"
cp -r "$web"/src "$web"/tsconfig.json "$web"/bundle.mjs "$packages/web/"
cd "$packages/web"
node ../node_modules/typescript/bin/tsc -p .
node bundle.mjs "$packages/page.html"
# Only where it changed: whoever builds on it need not build again.
cmp -s "$packages/page.html" "$page" || cp "$packages/page.html" "$page"
