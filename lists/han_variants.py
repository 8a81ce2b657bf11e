#!/usr/bin/env python3
"""Makes lists/han_variants.txt: forms of one ideograph that writers exchange.

Reads two dictionaries of Open Chinese Convert (Apache License 2.0): TSCharacters.txt, traditional forms with their
simplified ones, and JPShinjitaiCharacters.txt, the forms of Japan with the older ones.

    python3 lists/han_variants.py DICTIONARY_FOLDER REVISION DAY > lists/han_variants.txt

Each line begins with the form that all others of the line are read as. Where a dictionary gives several, its first is
taken, which is its default.
"""

import pathlib
import sys


def pairs(path):
    for line in path.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            key, values = line.split("\t")
            yield key, values.split()[0]


def main():
    folder, revision, day = pathlib.Path(sys.argv[1]), sys.argv[2], sys.argv[3]
    simplified = dict(pairs(folder / "TSCharacters.txt"))
    read_as = {key: value for key, value in simplified.items() if key != value}
    for new, old in pairs(folder / "JPShinjitaiCharacters.txt"):
        target = simplified.get(old, old)
        # A form of Japan that is a character of its own in China stays what it is there.
        if new != target and new not in read_as and new not in read_as.values():
            read_as[new] = target
    one = {k: v for k, v in read_as.items() if len(k) == 1 and len(v) == 1 and ord(k) < 0x10000 and ord(v) < 0x10000}
    # A chain of forms ends at its last.
    for key in one:
        seen = {key}
        while one[key] in one and one[one[key]] not in seen:
            seen.add(one[key])
            one[key] = one[one[key]]
    lines = {}
    for key, value in one.items():
        if key != value:
            lines.setdefault(value, []).append(key)
    print("# Forms of one ideograph, the one that the others are read as first. Made by lists/han_variants.py.")
    print("# Source: Open Chinese Convert (https://github.com/BYVoid/OpenCC), data/dictionary/TSCharacters.txt and")
    print(f"# JPShinjitaiCharacters.txt, revision {revision}, read on {day}; Apache License 2.0.")
    for value in sorted(lines):
        print(value + "".join(sorted(lines[value])))


main()
