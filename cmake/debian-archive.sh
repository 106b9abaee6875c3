# Sourced: packages of another Debian suite, from the mirror that this machine's apt already uses, through lists and settings of our
# own, so that the machine's are neither needed to have that suite nor touched. No root.

# The first source of Debian itself, in either format of apt's lists: "URI KEYRING".
debian_mirror() {
    local lists=/etc/apt/sources.list.d
    awk 'function found() { return uri ~ /debian/ && suites !~ /security/ }
         /^URIs:/ { uri = $2 } /^Suites:/ { suites = $0 } /^Signed-By:/ { key = $2 }
         /^$/ { if (found()) exit; uri = key = suites = "" }
         END { if (found()) print uri, key }' $lists/*.sources 2>/dev/null || true
    sed -n 's/^deb \(\[[^]]*\] \)\?\(http[^ ]*debian[^ ]*\) .*/\2 \1/p' /etc/apt/sources.list $lists/*.list 2>/dev/null |
        grep -v security | sed 's/\[.*signed-by=\([^] ]*\).*/\1/; s/\[.*//' || true
}

# open_archive SUITE: reads the suite's lists into a temporary folder. Sets archive (the folder), archive_uri and archive_settings,
# options for apt-get and apt-cache. Every package counts as not installed.
open_archive() {
    local suite=$1 key kind
    archive=$(mktemp -d)
    trap 'rm -rf "$archive"' EXIT
    mkdir -p "$archive"/{lists/partial,cache/archives/partial}
    read -r archive_uri key < <(debian_mirror | head -1) || {
        echo "there is no Debian mirror in apt's lists (/etc/apt); add one" >&2
        return 1
    }
    [ -f "${key:-}" ] || key=/usr/share/keyrings/debian-archive-keyring.gpg
    for kind in deb deb-src; do
        echo "$kind [signed-by=$key] $archive_uri $suite main"
    done > "$archive/sources.list"
    : > "$archive/status"
    archive_settings=(-oDir::Etc::sourcelist="$archive/sources.list" -oDir::Etc::sourceparts=/dev/null
        -oDir::State::lists="$archive/lists" -oDir::State::status="$archive/status" -oDir::Cache="$archive/cache"
        -oAPT::Sandbox::User="$(id -un)" -oDebug::NoLocking=1)
    apt-get -q "${archive_settings[@]}" update > "$archive/log" 2>&1 || { cat "$archive/log" >&2; return 1; }
}
