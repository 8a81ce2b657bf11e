#!/usr/bin/env bash
# Checks what is shipped for operators with the tools that will read it, where they are here: systemd-analyze,
# promtool (Debian's package prometheus) and kubernetes-validate (from PyPI, schemas inside). Says what it left out.
set -euo pipefail
cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
binary=$(realpath "${1:-target/release/tidewaiter}")
left_out=()

if command -v systemd-analyze >/dev/null; then
    sed "s|/usr/local/bin/tidewaiter|$binary|" deploy/systemd/tidewaiter.service >"$work/tidewaiter.service"
    systemd-analyze verify "$work/tidewaiter.service"
    echo "systemd: the unit is sound"
else
    left_out+=(systemd-analyze)
fi

if command -v promtool >/dev/null; then
    promtool check rules deploy/prometheus/alerts.yml
    (cd deploy/prometheus && promtool test rules alerts.test.yml)
    # The dashboard's questions, as rules.
    python3 - "$work/dashboard.yml" <<'PY'
import json, sys
panels = json.load(open("deploy/grafana/tidewaiter.json"))["panels"]
asked = [t["expr"].replace("$instance", ".*") for p in panels for t in p["targets"]]
rules = "".join(f"  - record: question:{i}\n    expr: {json.dumps(e)}\n" for i, e in enumerate(asked))
open(sys.argv[1], "w").write("groups:\n- name: dashboard\n  rules:\n" + rules)
PY
    promtool check rules "$work/dashboard.yml"
else
    left_out+=(promtool)
fi

if python3 -c 'import ensurepip, venv' 2>/dev/null && python3 -m venv "$work/venv" &&
    "$work/venv/bin/pip" -q --disable-pip-version-check install kubernetes-validate; then
    "$work/venv/bin/kubernetes-validate" --strict deploy/kubernetes/tidewaiter.yaml
else
    left_out+=(kubernetes-validate)
fi

"$binary" config init >"$work/default.toml"
"$binary" config check "$work/default.toml"
echo "deploy: checked${left_out:+, left out because not here: ${left_out[*]}}"
