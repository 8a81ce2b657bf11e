#!/usr/bin/env bash
# Lints proto/ as buf.yaml says. Needs buf (https://buf.build); without it this says so and ends well.
set -euo pipefail
cd "$(dirname "$0")/.."
if ! command -v buf >/dev/null; then
    echo "proto.sh left out: there is no buf here"
    exit 0
fi
buf lint
echo "proto/ is as buf.yaml asks"
