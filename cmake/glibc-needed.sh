#!/usr/bin/env bash
# glibc-needed.sh LIMIT FILE...: prints the newest C library that one of the files asks for, as 2.17; exits with 1 where that is newer
# than LIMIT, naming what asks for it.
set -euo pipefail
limit=$1; shift
needed=$(objdump -T "$@" | sed -n 's/.*(\?GLIBC_\([0-9.]*\))\? .*/\1/p' | sort -Vu | tail -1)
echo "$needed"
[ "$(printf '%s\n' "$limit" "$needed" | sort -V | tail -1)" = "$limit" ] || {
    echo "these symbols are newer than glibc $limit:" >&2
    objdump -T "$@" | sed -n 's/.*(\?GLIBC_\([0-9.]*\))\? \+\(.*\)/\1 \2/p' | sort -Vu |
        awk -v limit="$limit" '{ split($1, v, "."); split(limit, l, "."); if (v[1] > l[1] || (v[1] == l[1] && v[2] > l[2])) print }' >&2
    exit 1
}
