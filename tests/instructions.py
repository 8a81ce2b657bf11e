#!/usr/bin/env python3
"""Counts what a record costs: instructions and allocations, by kind of record, with callgrind.

    tests/instructions.py target/release/tidewaiter                     # the table
    tests/instructions.py target/debug/tidewaiter --check dev           # fails where a count is a tenth over the stated one
    tests/instructions.py target/debug/tidewaiter --write dev --count 100 --every 8      # states the counts of today

`batch` screens N records of every kind with one thread, from JSON lines to JSON lines, and then the same with N more of one
kind; the difference, divided by N, is what a record costs without the start and what is made once. Counts are the same on a
busy machine, times are not. The records are those of `tests/records.py`, the list is the US Consolidated Screening List of
`../shared/data`; with `--every 8`, each eighth entry of it alone: most of the start is saved then, and a record costs less.
The stated counts are in `tests/instructions.json`, by profile, with what they were counted by: a check counts by the same. They
are of a build with `CARGO_INCREMENTAL=0`, as `.ci/run` makes it; an incremental one differs by some hundredths.

Exit code: 0 within the stated counts or not checked, 1 over them, 2 cannot count. Without valgrind, or without the list where
`CI` is not `true`, it says so and exits with 0.
"""

import argparse
import csv
import gzip
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor

HERE = pathlib.Path(__file__).resolve().parent
LIST = HERE.parent / "../shared/data/lists/us/csl_2022-05.csv.gz"
STATED = HERE / "instructions.json"
# Kinds of tests/records.py, each with what it is called in the table.
KINDS = {
    "goods": "goods line of about 250 bytes",
    "person": "person nobody lists, as consignee",
    "company": "company nobody lists, as consignee",
    "listed": "listed name, as consignee",
    "shipment": "three strangers, goods line and route",
}
# What a count may be over the stated one: other compilers and libraries count a little otherwise.
OVER = 1.10
# Functions of the C library and of allocators that give memory.
ALLOCATES = re.compile(r"^(malloc|calloc|realloc|aligned_alloc|posix_memalign|memalign|_?mi_malloc\w*)$")


def records(kind, count):
    made = subprocess.run([sys.executable, HERE / "records.py", kind, str(count)], stdout=subprocess.PIPE, check=True)
    lines = made.stdout.splitlines(keepends=True)
    if len(lines) < count:
        sys.exit(f"tests/records.py makes {len(lines)} records of the kind {kind}, not {count}")
    return lines


def every(step, folder):
    """The list, or one of each `step`-th entry of it."""
    if step == 1:
        return LIST
    part = folder / LIST.name
    opened = lambda path, mode: gzip.open(path, mode, encoding="utf-8", newline="")
    with opened(LIST, "rt") as whole, opened(part, "wt") as to:
        rows, written = csv.reader(whole), csv.writer(to)
        written.writerow(next(rows))
        written.writerows(row for at, row in enumerate(rows) if at % step == 0)
    return part


def counted(program, folder, name, asked, listed):
    """Instructions and calls that ask for memory, of the whole run."""
    records, profile = folder / f"{name}.jsonl", folder / f"{name}.callgrind"
    records.write_bytes(b"".join(asked))
    command = ["valgrind", "--tool=callgrind", "--compress-strings=no", f"--callgrind-out-file={profile}",
               program, "batch", records, "--threads", "1", "--list", listed, "--out", folder / f"{name}.out"]
    # Threads that wait for work while the list is compiled count too, as often as the machine happens to let them: one thread.
    alone = {**os.environ, "RAYON_NUM_THREADS": "1"}
    run = subprocess.run(command, env=alone, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    # Up to 3 say what was found.
    if not profile.exists() or not 0 <= run.returncode <= 3:
        sys.exit(f"{' '.join(map(str, command))}\nended with {run.returncode}:\n{run.stderr[-2000:]}")
    return read(profile)


def read(profile):
    """The sum of all costs, and of the calls of functions that give memory."""
    instructions = allocations = 0
    called = None
    with open(profile, encoding="utf-8", errors="replace") as lines:
        for line in lines:
            if line.startswith("cfn="):
                called = re.sub(r"^\(\d+\) ?", "", line[4:].strip())
            elif line.startswith("calls=") and called is not None:
                if ALLOCATES.match(called):
                    allocations += int(line[6:].split()[0])
            elif line.startswith(("totals:", "summary:")):
                instructions = max(instructions, int(line.split()[1]))
    return instructions, allocations


def main():
    parse = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parse.add_argument("program", help="the tidewaiter to count")
    parse.add_argument("--count", type=int, default=100, help="N records of each kind (100); a check has its own")
    parse.add_argument("--every", type=int, default=1, help="the list: each N-th entry of it (1); a check has its own")
    parse.add_argument("--kind", action="append", choices=KINDS, help="count this kind alone")
    parse.add_argument("--check", metavar="PROFILE", help="compare with the stated counts of this profile")
    parse.add_argument("--write", metavar="PROFILE", help="state these counts for this profile; of every kind")
    asked = parse.parse_args()
    if asked.write and (asked.kind or asked.check):
        parse.error("--write states the counts of every kind, and checks none")
    if shutil.which("valgrind") is None:
        print("valgrind is not here: instructions are not counted")
        return 0
    if not LIST.exists():
        print("../shared/data is not here: instructions are not counted", file=sys.stderr)
        return 2 if os.environ.get("CI") == "true" else 0
    stated = json.loads(STATED.read_text(encoding="utf-8")) if STATED.exists() else {}
    by = stated.get(asked.check, {"count": asked.count, "every": asked.every, "records": {}})
    kinds, bars, over = asked.kind or list(KINDS), by["records"], []
    if asked.check and set(kinds) - set(bars):
        print(f"{STATED.name} states no counts for {asked.check}: {sorted(set(kinds) - set(bars))}", file=sys.stderr)
        return 2
    made, count = {}, by["count"]
    all_records = {kind: records(kind, 2 * count) for kind in kinds}
    each = [line for kind in kinds for line in all_records[kind][:count]]
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(2) as pool:
        folder = pathlib.Path(folder)
        listed = every(by["every"], folder)
        run = lambda name, lines: pool.submit(counted, asked.program, folder, name, lines, listed)
        start = run("each", each)
        more = {kind: run(kind, each + all_records[kind][count:]) for kind in kinds}
        print("| a record of | thousand instructions | allocations | stated |\n|---|---:|---:|---:|")
        for kind in kinds:
            instructions, allocations = ((m - l) // count for l, m in zip(start.result(), more[kind].result()))
            made[kind] = {"instructions": instructions, "allocations": allocations}
            bar = bars.get(kind)
            says = f"{bar['instructions'] / 1000:.0f}, {bar['allocations']}" if bar else ""
            print(f"| {KINDS[kind]} | {instructions / 1000:.0f} | {allocations} | {says} |", flush=True)
            over += [f"{kind}: {made[kind][what]} {what} a record, stated {bar[what]}"
                     for what in made[kind] if bar and made[kind][what] > OVER * bar[what]]
    if asked.write:
        stated[asked.write] = {"count": count, "every": by["every"], "records": made}
        STATED.write_text(json.dumps(stated, indent=2) + "\n", encoding="utf-8")
    for line in over:
        print(f"over the stated count by more than a tenth: {line}", file=sys.stderr)
    return 1 if over else 0


if __name__ == "__main__":
    sys.exit(main())
