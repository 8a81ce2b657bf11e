#!/bin/sh
# Runs the curl commands of README.md and a few more against the HTTP port, as a person would type them. The binary is
# $TIDEWAITER, else the one last built. Needs curl; without it the script says so and is left out. Last line: `N passed, N failed`.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
binary=${TIDEWAITER:-${CARGO_TARGET_DIR:-$root/target}/debug/tidewaiter}
[ -x "$binary" ] || { echo "no binary: build one, or set TIDEWAITER" >&2; exit 2; }
command -v curl >/dev/null || { echo "tests/curl.sh left out: there is no curl here"; exit 0; }

folder=$(mktemp -d)
served=
ended() {
    [ -z "$served" ] || { kill "$served" 2>/dev/null || true; wait "$served" 2>/dev/null || true; }
    rm -rf "$folder"
}
trap ended EXIT
"$binary" serve --listen 127.0.0.1:0 --http 127.0.0.1:0 --builtin-stale-after 0 2>"$folder/log" &
served=$!
for _ in $(seq 300); do
    grep -q '^listening on' "$folder/log" && break
    sleep 0.1
done
at=$(sed -n 's/^JSON over HTTP on \([^, ]*\).*/\1/p' "$folder/log")
[ -n "$at" ] || { cat "$folder/log" >&2; exit 1; }

passed=0
failed=0
# Name, what the answer must hold, and the answer.
check() {
    case $3 in
    *"$2"*) passed=$((passed + 1)) ;;
    *)
        failed=$((failed + 1))
        echo "FAILED $1: expected $2 in: $3" >&2
        ;;
    esac
}

# The command of README.md, on the port of this run; with what follows it on lines that go on.
awk '/^curl /{on = 1} on{print} on && !/\\$/{on = 0; print ""}' "$root/README.md" |
    sed "s#http://127.0.0.1:8080#$at#" >"$folder/commands"
grep -q '/v1/screen' "$folder/commands" || { echo "README.md has no curl command any more" >&2; exit 1; }
check 'the command of README.md' '"outcome":"HOLD"' "$(sh "$folder/commands" | tr -d ' ')"

shipment='{"reference": "1", "parties": [{"role": "consignee", "name": "Blue Larch Glassware Ltd"}]}'
printf '%s\n%s\n' "$shipment" '{"parties": 7}' >"$folder/lines"
lines=$(curl -s -T "$folder/lines" -X POST -H 'content-type: application/x-ndjson' "$at/v1/screen/batch")
check 'lines in, lines out' '"outcome":"NO_FINDING"' "$(printf %s "$lines" | tr -d ' ')"
check 'a line that cannot be read' '"outcome":"REFUSED"' "$(printf %s "$lines" | tr -d ' ')"
check 'a problem' 'application/problem+json' "$(curl -s -D - -o /dev/null -d '{' -H 'content-type: application/json' "$at/v1/screen")"
check 'compressed' 'us-bis-el' "$(curl -s --compressed "$at/v1/lists")"
check 'the head alone' '200' "$(curl -s -I -o /dev/null -w '%{http_code}' "$at/healthz")"
check 'an unknown path' '404' "$(curl -s -o /dev/null -w '%{http_code}' "$at/v1/nothing")"
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
