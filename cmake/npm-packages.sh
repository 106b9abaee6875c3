# To be sourced: npm_packages FOLDER NAME [CACHE] has npm install what FOLDER/package-lock.json says, once, into a folder of CACHE
# (default: ~/.cache/denoise-insitu) by NAME and the hash of that file, and sets packages to it. The caller alone uses it until it ends.
npm_packages() {
    local folder=$1 cache=${3:-${XDG_CACHE_HOME:-$HOME/.cache}/denoise-insitu}
    packages=$cache/$2-$(sha256sum < "$folder/package-lock.json" | cut -c1-16)
    mkdir -p "$packages"
    exec 9> "$packages/lock"
    flock 9
    [ ! -f "$packages/done" ] || return 0
    cp "$folder/package.json" "$folder/package-lock.json" "$packages/"
    (cd "$packages" && npm ci --ignore-scripts --no-audit --no-fund)
    touch "$packages/done"
}
