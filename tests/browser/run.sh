#!/bin/sh
# Opens every page of the console in a browser: results while typing, keyboard, cases decided by two people, messages of the
# browser, width at 360 pixels, axe-core. With a folder as its argument it keeps the pictures there. The binary is $TIDEWAITER,
# else the one last built.
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
served=
provides=
ended() {
    for process in $served $provides; do
        kill "$process" 2>/dev/null || true
        wait "$process" 2>/dev/null || true
    done
    rm -rf "$folder"
}
trap ended EXIT

# Accounts: an analyst, an approver, an admin, each with a password of its own.
accounts=
for who in ann:analyst bob:approver eve:admin; do
    "$binary" config account "${who%%:*}" --role "${who#*:}" >>"$folder/accounts.toml" 2>"$folder/password"
    accounts="$accounts ${who%%:*}=$(grep -oE '[0-9a-f]{6}(-[0-9a-f]{6}){3}' "$folder/password" | head -1)"
done
"$binary" ledger init "$folder/ledger" --ledger-key "$folder/master.key" --origin example.com/browser >/dev/null
# A data directory with one publication, so that lists of one's own can be put into force.
printf '#list,base\n#title,Parties to watch\n#effect,watch\nname\nCopper Heron Components\n' >"$folder/list"
digest=$(sha256sum "$folder/list" | cut -d' ' -f1)
mkdir -p "$folder/data/raw/$digest" "$folder/data/publications" "$folder/data/partial"
mv "$folder/list" "$folder/data/raw/$digest/list"
now=$(date -u +%Y-%m-%dT%H:%M:%SZ)
cat >"$folder/data/publications/base.json" <<JSON
{"version": 1, "publication": "base", "in_force": "$digest", "checked_at": "$now", "failures": 0, "last": null, "validators": {},
 "publications": [{"digest": "$digest", "files": [{"name": "list", "sha256": "$digest", "bytes": 1}], "fetched_at": "$now",
 "published": null, "lists": [{"id": "base", "entries": 1, "names": 1}], "state": "accepted", "reasons": [], "accepted": null,
 "in_force_from": "$now"}]}
JSON
# Whom people may sign in with instead, and the port of the console, which it must know.
mkfifo "$folder/open"
node "$root/tests/browser/provider.mjs" <"$folder/open" >"$folder/provider" &
provides=$!
exec 3>"$folder/open"
for _ in $(seq 100); do
    [ -s "$folder/provider" ] && break
    sleep 0.1
done
read -r issuer port <"$folder/provider" || { echo "the provider did not start" >&2; exit 1; }
echo "a secret of the browser's test, long enough" >"$folder/secret"
cat >"$folder/config.toml" <<TOML
[lists]
data_dir = "data"
[refresh]
enabled = false
[http]
listen = "127.0.0.1:$port"
[console]
accounts = "accounts.toml"
[console.oidc]
issuer = "$issuer"
label = "Acme"
client_id = "console"
public_url = "http://127.0.0.1:$port"
name_claim = "email"
roles = { desk = "analyst" }
[webhooks]
queue = "webhooks"
target = [{ name = "desk", url = "http://127.0.0.1:9/hook", secret_file = "secret", events = ["alert", "list", "decision"] }]
TOML
"$binary" serve --config "$folder/config.toml" --listen 127.0.0.1:0 --builtin-stale-after 0 --ledger "$folder/ledger" \
    --ledger-key "$folder/master.key" 2>"$folder/log" &
served=$!
for _ in $(seq 300); do
    grep -q '^listening on' "$folder/log" && break
    sleep 0.1
done
at=$(sed -n 's/^JSON over HTTP on \([^,]*\).*/\1/p' "$folder/log")
[ -n "$at" ] || { cat "$folder/log" >&2; exit 1; }
NODE_PATH="$modules/node_modules" BROWSER="$browser" MODULES="$modules/node_modules" ACCOUNTS="$accounts" \
    node "$root/tests/browser/console.mjs" "$at" "$root/examples/shipments.csv" "${1:-}"
