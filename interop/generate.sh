#!/usr/bin/env bash
# Writes the files that are generated from interop/include/denoise_insitu.h; with --check only compares them (exit 1 where stale).
# Needs clang and the .NET SDK.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
exec dotnet run --project "$root/interop/generator" -v q -- "$root" "$@"
