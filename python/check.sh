#!/bin/sh
# Builds the wheel, installs it in a fresh environment with the libraries that its tests use, and runs them. Needs the Rust
# toolchain, python3 with venv, and pip that reaches a package index; Spark's tests need Java 17 too and are left out without.
# TIDEWAITER names the program to compare with; without it, the one last built is used.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
place=${CARGO_TARGET_DIR:-$root/target}/wheel
tools=$place/tools
fresh=$place/fresh

[ -x "$tools/bin/maturin" ] || {
    python3 -m venv "$tools"
    "$tools/bin/pip" install --quiet --disable-pip-version-check 'maturin>=1.16,<2'
}
rm -rf "$place/dist"
(cd "$root/python" && CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-$root/python/target}" \
    "$tools/bin/maturin" build --release --locked --out "$place/dist")
wheel=$(echo "$place"/dist/tidewaiter-*.whl)
bytes=$(wc -c <"$wheel")
echo "$(basename "$wheel"): $bytes bytes"
[ "$bytes" -lt 12000000 ] || { echo "the wheel has more than 12 MB" >&2; exit 1; }

packages='pytest pyarrow polars duckdb pandas>=2.2,<3'
if command -v java >/dev/null; then
    packages="$packages pyspark>=4.0,<5"
else
    echo "== the tests of Spark are left out: there is no Java here"
fi
rm -rf "$fresh"
python3 -m venv "$fresh"
# shellcheck disable=SC2086 # words are packages
"$fresh/bin/pip" install --quiet --disable-pip-version-check "$wheel" $packages
cd "$root/python/tests"
"$fresh/bin/python" -m pytest -q -p no:cacheprovider
