#!/bin/sh
# Runs yente's client, the schemas of the reconciliation interface and an OpenAPI validator against the HTTP port. The binary is
# $TIDEWAITER, else the one last built. Needs python3 with venv, and pip that reaches a package index; without them it says
# so and is left out. Last line: `N passed, N failed`.
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
binary=${TIDEWAITER:-${CARGO_TARGET_DIR:-$root/target}/debug/tidewaiter}
[ -x "$binary" ] || { echo "no binary: build one, or set TIDEWAITER" >&2; exit 2; }
venv=${CARGO_TARGET_DIR:-$root/target}/python-web
if ! "$venv/bin/python" -c 'import yente_client, openapi_spec_validator, jsonschema' 2>/dev/null; then
    { python3 -m venv "$venv" && "$venv/bin/pip" install --quiet --disable-pip-version-check yente-client==0.2.0 \
        openapi-spec-validator==0.9.0 jsonschema==4.26.0; } || {
        echo "tests/python/web.sh left out: its packages cannot be installed"
        exit 0
    }
fi
exec "$venv/bin/python" "$root/tests/python/web.py" "$binary"
