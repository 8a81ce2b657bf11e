#!/bin/sh
# Runs the Python client against a service on a free port. The binary is $TIDEWAITER, else the one last built.
# Needs python3 with venv, and pip that reaches a package index. Last line: `N passed, N failed`.
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
binary=${TIDEWAITER:-}
if [ -z "$binary" ]; then
    for kind in release debug; do
        candidate=${CARGO_TARGET_DIR:-$root/target}/$kind/tidewaiter
        if [ -x "$candidate" ] && { [ -z "$binary" ] || [ "$candidate" -nt "$binary" ]; }; then
            binary=$candidate
        fi
    done
fi
[ -x "${binary:-}" ] || { echo "no binary: build one, or set TIDEWAITER" >&2; exit 2; }

venv=${TIDEWAITER_VENV:-${CARGO_TARGET_DIR:-$root/target}/python-client}
if ! "$venv/bin/python" -c 'import grpc, grpc_tools, grpc_reflection' 2>/dev/null; then
    python3 -m venv "$venv"
    "$venv/bin/pip" install --quiet --disable-pip-version-check -r "$root/examples/python/requirements.txt"
fi
exec "$venv/bin/python" "$root/tests/python/check.py" "$binary"
