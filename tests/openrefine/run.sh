#!/bin/sh
# OpenRefine itself, without its pages, reconciles a column of company names against the program. The binary is $TIDEWAITER,
# else the one last built. Needs OpenRefine (Debian's package `openrefine`, some 130 MB with what it needs) and python3; without
# them it says so and is left out. Last line: `N passed, N failed`.
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
binary=${TIDEWAITER:-${CARGO_TARGET_DIR:-$root/target}/debug/tidewaiter}
[ -x "$binary" ] || { echo "no binary: build one, or set TIDEWAITER" >&2; exit 2; }
command -v openrefine >/dev/null || {
    echo "tests/openrefine left out: there is no openrefine here (apt-get install openrefine)"
    exit 0
}
exec python3 "$root/tests/openrefine/check.py" "$binary"
