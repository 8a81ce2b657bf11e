#!/usr/bin/env python3
"""Makes the compact US lists that ship inside the program from what others parsed of the published texts.

    python3 lists/us/build.py ../shared/data/lists/us            writes lists/us/*.tsv
    python3 lists/us/build.py ../shared/data/lists/us --check    says which file is not what the sources give
    python3 lists/us/build.py ../shared/data/lists/us --sample 30 --seed 7    prints entries beside their sources

Needs Python 3.9 and nothing else. The same sources give the same bytes. Whatever it can't read is an error: nothing is
guessed, and nothing is written when anything is wrong."""

import argparse
import json
import random
import sys
from pathlib import Path

import entity_list
import other_lists
from screening_list import ScreeningList
from shape import Fault, table

HERE = Path(__file__).resolve().parent


class Parsed:
    """The parsed lists of July 2026."""

    def __init__(self, folder):
        self.folder = folder

    def read(self, name):
        held = json.loads((self.folder / f"{name}.json").read_text(encoding="utf-8"))
        if held["count"] != len(held["entities"]):
            raise Fault(f"{name}.json: says {held['count']} entities, holds {len(held['entities'])}")
        return held["entities"]


def lists(folder):
    """Every list: its id, the entities it comes from, its entries and what was mended."""
    parsed = Parsed(folder / "parsed_2026-07")
    screening = ScreeningList(folder / "csl_2022-05.csv.gz")
    entities = parsed.read("bis_entity_list")
    entries, mended = entity_list.read(entities)
    added, _ = screening.add_to(entries)
    mended["policy_of_2022"], mended["first_day_of_2022"] = added["policy"], added["effective"]
    yield "us-bis-el", entities, entries, mended
    for list_id, name, read in [
        ("us-bis-meu", "bis_meu", other_lists.military_end_users),
        ("us-bis-dpl", "bis_dpl", other_lists.denied_persons),
        ("us-dod-1260h", "dow_1260h", other_lists.military_companies),
        ("us-dhs-uflpa", "dhs_uflpa", other_lists.forced_labour),
        ("us-fcc-covered", "fcc_covered", other_lists.covered_equipment),
        ("us-cbp-wro", "cbp_wro", other_lists.withhold_release),
        ("us-state-isn", "state_nonproliferation", other_lists.nonproliferation),
    ]:
        entities = parsed.read(name)
        entries, mended = read(entities)
        yield list_id, entities, entries, mended
    entities = parsed.read("ofac_nscmic")
    entries, mended = other_lists.investment_companies(entities, screening.numbers_of_ofac())
    yield "us-ofac-cmic", entities, entries, mended
    statutory, administrative = parsed.read("state_debarred_statutory"), parsed.read("state_debarred_admin")
    entries, mended = other_lists.debarred(statutory, administrative)
    yield "us-state-dtc", statutory + administrative, entries, mended


def sample(made, count, seed):
    """Prints entries drawn by the seed, each beside the entities of the source that share a name with it."""
    everything = [(list_id, entities, e) for list_id, entities, entries, _ in made for e in entries]
    for list_id, entities, e in random.Random(seed).sample(everything, count):
        print(f"== {list_id}/{e['id']}")
        for column, value in e.items():
            if value and column != "id":
                print(f"   {column:<12} {value}")
        first = (e["names"] or [r.split(": ", 1)[-1] for r in e["remarks"]] or [""])[0]
        words = first.split(",")[0].split(" (")[0]
        near = [s for s in entities if words.lower() in s["name"].lower()
                and (not e["citations"] or not s["federal_register"]
                     or e["citations"][0].split(",")[0].split()[0] in s["federal_register"])]
        for s in near[:3]:
            print("   SOURCE", json.dumps({k: v for k, v in s.items() if v}, ensure_ascii=False))


def main():
    args = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    args.add_argument("folder", type=Path, help="the folder lists/us of the shared data")
    args.add_argument("--check", action="store_true", help="write nothing; exit 1 when a file differs")
    args.add_argument("--sample", type=int, metavar="N", help="print N entries beside their sources")
    args.add_argument("--seed", type=int, default=1, help="the seed of the draw")
    given = args.parse_args()
    try:
        made = list(lists(given.folder))
    except Fault as fault:
        sys.exit(f"error: {fault}")
    if given.sample:
        sample(made, given.sample, given.seed)
        return
    stale = []
    for list_id, entities, entries, mended in made:
        text = table(entries, len(entities), mended)
        path = HERE / f"{list_id}.tsv"
        if given.check:
            if not path.exists() or path.read_text(encoding="utf-8") != text:
                stale.append(path.name)
            continue
        path.write_text(text, encoding="utf-8")
        kinds = ", ".join(f"{n} {kind}" for kind, n in sorted(mended.items()) if n)
        print(f"{list_id}: {len(entities)} records, {len(entries)} entries, {len(text)} bytes; {kinds}")
    if stale:
        sys.exit(f"not what the sources give: {', '.join(stale)}")


if __name__ == "__main__":
    main()
