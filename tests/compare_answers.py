#!/usr/bin/env python3
"""Compares two files of answers (JSON lines, as `tidewaiter batch --out answers.jsonl` writes them) and lists what
differs: each field path with the number of answers in which it differs, and examples.

    tests/compare_answers.py before.jsonl after.jsonl
    tests/compare_answers.py before.jsonl after.jsonl --wording      # leave out sentences: what is decided only
    tests/compare_answers.py before.jsonl after.jsonl --ignore 'findings[].score' --examples 5

Exit code: 0 the same, 1 different, 2 cannot be compared. Needs Python 3.8 and nothing else.
"""

import argparse
import fnmatch
import gzip
import json
import re
import sys
from collections import Counter, defaultdict

# Sentences; everything else is what was decided.
WORDING = ["summary", "*.explanation", "*.detail", "*.message", "*.cause"]
# Which program, lists and policy made the answer; these change with every list and version.
MADE_BY = ["engineVersion", "snapshotId", "policyId", "policyFingerprint", "snapshot", "policy", "engine",
           "listsUsed"]


def answers(path):
    opener = gzip.open if path.endswith(".gz") else open
    with opener(path, "rt", encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            if line.strip():
                try:
                    yield json.loads(line)
                except ValueError as error:
                    raise OSError(f"{path}:{number}: not JSON: {error}") from error


# The keys that tell one item of a list from the next.
NAMING = ["reason", "fieldPath", "matchedName", "rule", "name", "field"]


def identity(item):
    """What tells one item of a list from the next, so that one more finding does not shift all others."""
    if not isinstance(item, dict):
        return item if isinstance(item, str) else None
    entry = item.get("entry") or {}
    known = tuple(item.get(key) for key in NAMING) + (entry.get("list"), entry.get("id"))
    return known if any(known) else None


def pairs(left, right):
    """Items of two lists that belong together; None stands for an item that the other list does not have."""
    if any(identity(item) is None for item in left + right):
        longest = max(len(left), len(right))
        pad = lambda items: items + [None] * (longest - len(items))
        yield from zip(pad(left), pad(right))
        return
    waiting = defaultdict(list)
    for item in right:
        waiting[identity(item)].append(item)
    for item in left:
        same = waiting[identity(item)]
        yield item, (same.pop(0) if same else None)
    for rest in waiting.values():
        for item in rest:
            yield None, item


def differences(left, right, path=""):
    """Yields (path, left value, right value)."""
    if isinstance(left, dict) and isinstance(right, dict):
        for key in sorted(left.keys() | right.keys()):
            yield from differences(left.get(key), right.get(key), f"{path}.{key}" if path else key)
    elif isinstance(left, list) and isinstance(right, list):
        for one, other in pairs(left, right):
            yield from differences(one, other, path + "[]")
        order = lambda items: [identity(item) for item in items]
        if left and identity(left[0]) and order(left) != order(right) and Counter(order(left)) == Counter(order(right)):
            yield path + " (order)", order(left), order(right)
    elif left != right:
        yield path, left, right


def short(value, length=160):
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= length else text[: length - 3] + "..."


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("before")
    parser.add_argument("after")
    parser.add_argument("--ignore", action="append", default=[], metavar="PATH", help="a field path, * for any part; may be repeated")
    parser.add_argument("--wording", action="store_true", help="leave out sentences")
    parser.add_argument("--all", action="store_true", help="compare the ids of snapshot, policy and program too")
    parser.add_argument("--examples", type=int, default=2, metavar="N", help="examples of each path (default 2)")
    args = parser.parse_args()
    left_out = args.ignore + (WORDING if args.wording else []) + ([] if args.all else MADE_BY)
    # fnmatch reads [] as a set of letters.
    patterns = [re.compile(fnmatch.translate(p.replace("[", "\0").replace("]", "[]]").replace("\0", "[[]"))) for p in left_out]
    is_left_out = lambda path: any(p.match(path) or p.match(path.split(".")[0]) for p in patterns)

    counts, examples, different, total = Counter(), defaultdict(list), 0, 0
    try:
        before, after = list(answers(args.before)), list(answers(args.after))
    except OSError as error:
        print(error, file=sys.stderr)
        return 2
    if len(before) != len(after):
        counts["(number of answers)"] += 1
        examples["(number of answers)"].append(("", len(before), len(after)))
        different += 1
    for number, (one, other) in enumerate(zip(before, after), 1):
        total += 1
        seen = set()
        for path, left, right in differences(one, other):
            if is_left_out(path):
                continue
            if path not in seen:
                counts[path] += 1
                seen.add(path)
            if len(examples[path]) < args.examples:
                examples[path].append((one.get("reference") or f"line {number}", left, right))
        different += bool(seen)
    for path, count in counts.most_common():
        print(f"{count:6}  {path}")
        for reference, left, right in examples[path]:
            print(f"        {reference}\n          - {short(left)}\n          + {short(right)}")
    print(f"{different} of {total} answers differ, in {len(counts)} fields")
    return 1 if different else 0


if __name__ == "__main__":
    sys.exit(main())
