#!/usr/bin/env bash
# Does what the Dockerfile does, without an engine: copies what it copies into an empty folder, builds there with the
# same command, and runs the entry point and the health check. Takes a folder for cargo's target as its argument.
set -euo pipefail
cd "$(dirname "$0")/.."
work=$(mktemp -d)
target=$(realpath -m "${1:-$work/target}")
server=
clean() {
    if [[ -n $server ]]; then kill "$server" 2>/dev/null || true; fi
    rm -rf "$work"
}
trap clean EXIT

# Every COPY of the build stage: the last word is the destination.
while read -r _ rest; do
    read -ra words <<<"$rest"
    to="$work/src/${words[-1]}"
    mkdir -p "$work/src"
    for from in "${words[@]:0:${#words[@]}-1}"; do
        grep -qx "!${from%/}" .dockerignore || { echo "$from is copied and not let through by .dockerignore" >&2; exit 1; }
        if [[ -d $from ]]; then mkdir -p "$to" && cp -R "$from/." "$to/"; else cp "$from" "$to"; fi
    done
done < <(grep '^COPY ' Dockerfile | grep -v -- '--from')

build=$(sed -n 's/^RUN //p' Dockerfile)
echo "+ $build"
(cd "$work/src" && CARGO_TARGET_DIR="$target" bash -c "$build")
binary="$target/dist/tidewaiter"

# distroless/cc has the C library, libgcc and nothing else.
if ldd "$binary" | grep -vE 'linux-vdso|libc\.so|libm\.so|libgcc_s|libpthread|libdl|librt|ld-linux'; then
    echo "the binary needs a library that distroless/cc does not have" >&2
    exit 1
fi

"$binary" serve --allow-remote --listen 0.0.0.0:0 2>"$work/log" &
server=$!
for _ in $(seq 300); do
    grep -q 'listening on' "$work/log" && break
    kill -0 "$server"
    sleep 0.1
done
port=$(sed -n 's/.*listening on .*:\([0-9]*\)$/\1/p' "$work/log")
"$binary" health --server "http://127.0.0.1:$port"
echo "docker: the steps of the Dockerfile work"
