#!/usr/bin/env bash
# Builds the program twice as it is shipped, from the committed source in two folders, and compares the bytes. Takes twice
# the time of a `dist` build (some six minutes each on a machine of its own).
set -euo pipefail
cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
home=${CARGO_HOME:-$HOME/.cargo}
# One commit for both, whatever is committed meanwhile.
commit=$(git rev-parse HEAD)
SOURCE_DATE_EPOCH=$(git log -1 --format=%ct "$commit")
export SOURCE_DATE_EPOCH CARGO_INCREMENTAL=0

build() {
    local folder=$work/$1
    mkdir -p "$folder"
    git archive "$commit" | tar -x -C "$folder"
    # Paths of this machine are no part of the program.
    (
        cd "$folder"
        export RUSTFLAGS="--remap-path-prefix=$folder=/build --remap-path-prefix=$home=/cargo -C link-arg=-Wl,-z,pack-relative-relocs"
        export CFLAGS="-ffile-prefix-map=$folder=/build -ffile-prefix-map=$home=/cargo"
        nice cargo build --locked --profile dist --target-dir "$folder/target" --bin tidewaiter
    )
    sha256sum "$folder/target/dist/tidewaiter" | cut -d' ' -f1
}

first=$(build one)
second=$(build another/place)
echo "$first"
echo "$second"
if [[ $first != "$second" ]]; then
    cmp "$work/one/target/dist/tidewaiter" "$work/another/place/target/dist/tidewaiter" || true
    echo "the two builds differ" >&2
    exit 1
fi
echo "two builds in two folders have the same $(stat -c %s "$work/one/target/dist/tidewaiter") bytes"
