#!/bin/sh
# Opens every page of the console in a browser: results while typing, keyboard, messages of the browser, width at 360 pixels,
# axe-core. With a folder as its argument it keeps the pictures there. The binary is $TIDEWAITER, else the one last built.
# Needs node with npm, and chromium. Without them it says so and is left out. Last line: `N passed, N failed`.
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
left_out() {
    echo "tests/browser left out: $1"
    exit 0
}
binary=${TIDEWAITER:-${CARGO_TARGET_DIR:-$root/target}/debug/tidewaiter}
[ -x "$binary" ] || { echo "no binary: build one, or set TIDEWAITER" >&2; exit 2; }
command -v npm >/dev/null || left_out "there is no npm here"
browser=$(command -v chromium || command -v chromium-browser || command -v google-chrome || true)
[ -n "$browser" ] || left_out "there is no chromium here"

modules=${CARGO_TARGET_DIR:-$root/target}/browser
if [ ! -d "$modules/node_modules/axe-core" ]; then
    mkdir -p "$modules"
    npm install --silent --no-fund --no-audit --prefix "$modules" playwright-core@1.65.1 axe-core@4.14.1 ||
        left_out "its packages cannot be installed"
fi
folder=$(mktemp -d)
"$binary" serve --listen 127.0.0.1:0 --http 127.0.0.1:0 --console-open 2>"$folder/log" &
served=$!
trap 'kill $served 2>/dev/null; rm -rf "$folder"' EXIT
for _ in $(seq 300); do
    grep -q '^listening on' "$folder/log" && break
    sleep 0.1
done
at=$(sed -n 's/^JSON over HTTP on \([^,]*\).*/\1/p' "$folder/log")
[ -n "$at" ] || { cat "$folder/log" >&2; exit 1; }
NODE_PATH="$modules/node_modules" BROWSER="$browser" MODULES="$modules/node_modules" \
    node "$root/tests/browser/console.mjs" "$at" "$root/examples/shipments.csv" "${1:-}"
