#!/usr/bin/env python3
"""Prints shipments of one kind as JSON lines, the same on every run: for tests that compare or count.

    tests/records.py KIND [COUNT]

Made from `../shared/data`, by position and never by chance. `all` prints every kind, 20,000 records in all: screen them
with `tidewaiter batch` before and after a change, and compare the two with `tests/compare_answers.py`.
"""
import csv
import gzip
import itertools
import json
import pathlib
import sys

DATA = pathlib.Path(__file__).resolve().parents[1] / "../shared/data"
ROUTES = [
    ("Rotterdam", "NL", "Los Angeles", "US"),
    ("Hamburg", "DE", "Felixstowe", "GB"),
    ("Shanghai", "CN", "Antwerp", "BE"),
]
# Item description, vendor and class of goods.
GOODS_COLUMNS = (18, 17, 16)
# Bytes from which a goods line is long enough.
LONG_LINE = 240


def lines(path):
    return (DATA / path).read_text(encoding="utf-8", errors="replace").splitlines()


def rows(path):
    opened = gzip.open if path.endswith(".gz") else open
    with opened(DATA / path, "rt", encoding="utf-8", errors="replace", newline="") as file:
        yield from itertools.islice(csv.reader(file), 1, None)


def evenly(values, count):
    """So many of the values, from all over them."""
    step = max(1, len(values) // count)
    return values[::step][:count]


def goods_lines():
    """Lines of about 250 bytes, joined from the item descriptions of real deliveries."""
    line = ""
    for row in rows("goods/usaid_scms_deliveries.csv"):
        line += "".join(f"{row[column]} " for column in GOODS_COLUMNS if column < len(row))
        if len(line.encode()) >= LONG_LINE:
            yield line
            line = ""


def short_goods():
    return [row[0] for row in rows("goods/extra_references.csv") if row] + lines("goods/vague_terms.csv")


def strangers():
    return lines("benchmarks/clean_person_names.txt")


def companies():
    """Makers and buyers of real deliveries, some with their address in one cell."""
    names = {row[column] for row in rows("goods/usaid_scms_deliveries.csv") for column in (17, 20) if column < len(row)}
    return lines("goods/clean_parties.txt") + sorted(name for name in names if name)


def listed():
    """Every name and alias of the Consolidated Screening List."""
    names = []
    for row in rows("lists/us/csl_2022-05.csv.gz"):
        names.append(row[5].strip())
        names.extend(alias.strip() for alias in row[22].split(";"))
    return [name for name in names if name]


def native():
    """Names in the scripts of other lists, and Latin ones with marks."""
    names = []
    for path in ("benchmarks/eu_un_by_reference.jsonl", "benchmarks/uk_un_by_reference_2026.jsonl"):
        for line in lines(path):
            pair = json.loads(line)
            names.extend(name for side in ("left", "right") for _, name in pair[side]["names"])
    for path in ("lists/other/cn.json", "lists/other/jp.json"):
        for entry in json.loads((DATA / path).read_text(encoding="utf-8")):
            names.extend([entry["entity_name"], *entry["aliases"]])
    return [name for name in names if not name.isascii()]


def respelt(name, at):
    """The name as a hurried clerk writes it; which way depends on its place."""
    words, middle = name.split(), 1 + at % max(1, len(name) - 2)
    ways = [
        lambda: name[:middle] + name[middle : middle + 2][::-1] + name[middle + 2 :],
        lambda: name[:middle] + name[middle + 1 :],
        lambda: name[:middle] + name[middle] + name[middle:] if len(name) > middle else name,
        lambda: name.replace(" ", ""),
        lambda: name[:middle] + " " + name[middle:],
        lambda: " ".join(reversed(words)).replace(",", ""),
        lambda: " ".join([*(word[0] + "." for word in words[:-1]), words[-1]]),
        lambda: " ".join(words[:-1]) or name,
        lambda: name.lower().replace("ou", "u").replace("ee", "i").replace("kh", "h").replace("ph", "f"),
        lambda: name.replace("o", "0").replace("l", "1"),
        lambda: f"{name} C/O NORTHERN HARBOUR TRADING LLC, 14 High Street, Rotterdam",
        lambda: "".join(word[0] for word in words),
        lambda: name.translate(str.maketrans("aeopcxAEOPCX", "\u0430\u0435\u043e\u0440\u0441\u0445\u0410\u0415\u041e\u0420\u0421\u0425")),
    ]
    return ways[at % len(ways)]()


def party(role, name, **more):
    return {"role": role, "name": name, **more}


def route(at):
    loading, of_loading, discharge, of_discharge = ROUTES[at % len(ROUTES)]
    discharge = {"text": discharge, "country": of_discharge}
    loading = {"text": loading, "country": of_loading}
    return {"loading": loading, "discharge": discharge, "destination": discharge}


def shipments():
    """Three strangers, a goods line and a route, as the platforms send them."""
    names, roles = strangers(), ("SHIPPER", "CONSIGNEE", "NOTIFY_PARTY")
    for at, line in enumerate(goods_lines()):
        parties = [party(role, names[(3 * at + n) % len(names)]) for n, role in enumerate(roles)]
        yield {"parties": parties, "goods": [{"description": line}], "route": route(at)}


def ordinary():
    """Two parties nobody lists, one of them with an address, and a short text."""
    names, buyers, texts = companies(), strangers(), short_goods()
    for at, name in enumerate(names):
        shipper = party("SHIPPER", name)
        consignee = party("CONSIGNEE", buyers[at % len(buyers)], address="14 High Street, Felixstowe", country="GB")
        goods = {"description": texts[(7 * at) % len(texts)], "hsCode": "847130"}
        yield {"parties": [shipper, consignee], "goods": [goods], "route": route(at)}


def in_texts():
    """Listed names inside running text."""
    for at, name in enumerate(evenly(listed(), 1200)):
        text = respelt(name, at) if at % 3 == 0 else name
        yield {"goods": [{"description": f"spare parts for pumps, manufactured by {text}, 3 cartons, HS 841391"}]}


def consignees(names):
    return ({"parties": [party("CONSIGNEE", name)]} for name in names)


KINDS = {
    "goods": (2_800, lambda: ({"goods": [{"description": line}]} for line in goods_lines())),
    "terms": (3_000, lambda: ({"goods": [{"description": text}]} for text in evenly(short_goods(), 3_000))),
    "person": (3_000, lambda: consignees(strangers())),
    "company": (1_800, lambda: consignees(companies())),
    "listed": (2_400, lambda: consignees(evenly(listed(), 2_400))),
    "respelt": (2_600, lambda: consignees(respelt(n, at) for at, n in enumerate(evenly(listed()[1:], 2_600)))),
    "native": (800, lambda: consignees(evenly(native(), 800))),
    "text": (1_000, in_texts),
    "ordinary": (1_300, ordinary),
    "shipment": (1_300, shipments),
}


def main(kind, count=None):
    kinds = KINDS if kind == "all" else [kind]
    for name in kinds:
        usual, make = KINDS[name]
        for at, record in enumerate(itertools.islice(make(), int(count or usual))):
            print(json.dumps({"reference": f"{name}-{at}", **record}, ensure_ascii=False))


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3) or sys.argv[1] not in [*KINDS, "all"]:
        sys.exit(f"usage: tests/records.py all|{'|'.join(KINDS)} [COUNT]")
    sys.stdout.reconfigure(encoding="utf-8")
    main(*sys.argv[1:])
