#!/usr/bin/env bash
# Coverage-guided fuzzing with libFuzzer, on the stable toolchain: so many seconds for each target (600 without a number), of
# those named or of one for each kind of input (readers, cells, comparison, the wire).
#     tests/fuzz.sh [SECONDS [TARGET...]]
# What is found stays in fuzz/artifacts, and what is worth keeping of the inputs in fuzz/corpus, at most 200 each.
set -euo pipefail
cd "$(dirname "$0")/../fuzz"
seconds=${1:-600}
shift || true
targets=("$@")
[[ ${#targets[@]} -gt 0 ]] || targets=(list_us_csl_csv list_ofac_advanced_xml cells names folding conversion)
# What cargo-fuzz sets, without the sanitizer that needs a nightly toolchain: no line of ours is unsafe.
export RUSTFLAGS="--cfg fuzzing -Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
-Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
-Cllvm-args=-sanitizer-coverage-trace-compares -Cdebug-assertions -Ccodegen-units=1"
host=$(rustc -vV | sed -n 's/^host: //p')
bins=()
for target in "${targets[@]}"; do bins+=(--bin "$target"); done
# With a target named, build scripts and macros are built without the flags.
cargo build --locked --release --target "$host" "${bins[@]}"
for target in "${targets[@]}"; do
    mkdir -p "corpus/$target" "artifacts/$target"
    printf '\n== %s, %s s\n' "$target" "$seconds"
    "target/$host/release/$target" -max_total_time="$seconds" -timeout=20 -rss_limit_mb=4096 -max_len=4096 \
        -print_final_stats=1 -artifact_prefix="artifacts/$target/" "corpus/$target" 2>"artifacts/$target/log" || {
        tail -n 30 "artifacts/$target/log"
        exit 1
    }
    grep -E 'stat::(number_of_executed_units|average_exec_per_sec|peak_rss_mb)' "artifacts/$target/log"
    # Small: what no other input covers, and of that the first two hundred.
    mkdir -p "corpus/$target.kept"
    "target/$host/release/$target" -merge=1 "corpus/$target.kept" "corpus/$target" 2>/dev/null
    rm -rf "corpus/$target"
    mv "corpus/$target.kept" "corpus/$target"
    find "corpus/$target" -type f | sort | tail -n +201 | xargs -r rm --
    echo "$(find "corpus/$target" -type f | wc -l) inputs kept"
done
