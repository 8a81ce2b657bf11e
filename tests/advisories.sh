#!/usr/bin/env bash
# Known faults of the crates that are shipped, by the RustSec advisory database, as deny.toml has it. Needs cargo-deny and
# the database: where either is not to be had, it says so; with STRICT=1 that is an error, as a scheduled run wants it.
set -euo pipefail
cd "$(dirname "$0")/.."
left_out() {
    echo "advisories.sh left out: $1"
    exit "${STRICT:-0}"
}
deny=$(command -v cargo-deny || true)
[[ -n $deny ]] || left_out "there is no cargo-deny here (tests/deny.sh says how to get it)"
timeout 120 "$deny" --locked fetch db || left_out "the advisory database cannot be reached"
"$deny" --locked check --disable-fetch advisories
