#!/usr/bin/env python3
"""Counts how many companies of the world carry a word in their name, for `lists/company_words.tsv`.

    python3 lists/count_words.py /usr/share/ieee-data > lists/company_words.tsv

Source: the public listings of the IEEE Registration Authority (`oui.csv`, `mam.csv`, `iab.csv`, `oui36.csv`), as
Debian's package `ieee-data` holds them. IEEE asserts no copyright in them and does not restrict their distribution.
Only words and counts are kept, and only of words that two or more companies carry: no name can be read from the file.

`--half dev` counts every second company only (by the first byte of the SHA-256 of its name), so that noise can be
measured on the others.
"""

import argparse
import csv
import hashlib
import pathlib
import sys
import unicodedata

FILES = ["oui.csv", "mam.csv", "iab.csv", "oui36.csv"]


def names(folder):
    """The companies' names, each once, in order."""
    found = set()
    for file in FILES:
        path = folder / file
        if not path.exists():
            continue
        with path.open(newline="", encoding="utf-8") as rows:
            for row in csv.DictReader(rows):
                name = " ".join(row["Organization Name"].split())
                if name and name.lower() != "private":
                    found.add(name)
    return sorted(found)


def words(name):
    """The words of a name as the engine folds them: lower-case, without marks, parted by all else."""
    plain = unicodedata.normalize("NFKD", name).lower().replace("'", "")
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    return {word for word in "".join(c if c.isalnum() else " " for c in plain).split() if len(word) > 1}


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("folder", type=pathlib.Path)
    options.add_argument("--half", choices=["dev", "held"])
    options = options.parse_args()
    companies = names(options.folder)
    if not companies:
        sys.exit(f"{options.folder}: expected {', '.join(FILES)} of the IEEE Registration Authority, found none")
    if options.half:
        wanted = ["dev", "held"].index(options.half)
        companies = [name for name in companies if hashlib.sha256(name.encode()).digest()[0] % 2 == wanted]
    counts = {}
    for name in companies:
        for word in words(name):
            counts[word] = counts.get(word, 0) + 1
    print("# Words of company names and how many companies carry each. Made by lists/count_words.py.")
    print("# Source: IEEE Registration Authority, public listings (no copyright asserted, distribution not restricted),")
    print("# from Debian's package ieee-data.")
    print(f"companies\t{len(companies)}")
    for word in sorted(word for word, count in counts.items() if count > 1):
        print(f"{word}\t{counts[word]}")


main()
