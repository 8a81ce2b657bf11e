"""What the compact files hold, and how they are written: one entry a line, cells separated by tabs, values of a cell by
" | ". `crates/lists/src/format/compact.rs` reads them."""

import re
import unicodedata
from collections import Counter

COLUMNS = [
    "id", "kind", "effect", "names", "countries", "addresses", "identifiers", "relations", "programmes", "citations",
    "requirement", "policy", "effective", "published", "ends", "births", "remarks",
]
MANY = " | "

# Countries as the sources write them: headings of the Entity List, and what stands at the end of an address.
COUNTRIES = {
    "afghanistan": "AF", "argentina": "AR", "armenia": "AM", "australia": "AU", "austria": "AT", "bahrain": "BH",
    "belarus": "BY", "belgium": "BE", "belize": "BZ", "bolivia": "BO", "brazil": "BR", "british virgin islands": "VG",
    "bulgaria": "BG", "burma": "MM", "canada": "CA", "cayman islands": "KY", "chile": "CL", "china": "CN",
    "people's republic of china": "CN", "peoples republic of china": "CN", "costa rica": "CR",
    "crimea region of ukraine": "UA", "cuba": "CU", "cyprus": "CY", "czech republic": "CZ",
    "democratic republic of congo": "CD", "denmark": "DK", "dominican republic": "DO", "ecuador": "EC", "egypt": "EG",
    "eritrea": "ER", "estonia": "EE", "finland": "FI", "france": "FR", "georgia": "GE", "germany": "DE", "greece": "GR",
    "hong kong": "HK", "hungary": "HU", "india": "IN", "indonesia": "ID", "iran": "IR", "iraq": "IQ", "ireland": "IE",
    "israel": "IL", "italy": "IT", "jamaica": "JM", "japan": "JP", "jordan": "JO", "kazakhstan": "KZ", "kenya": "KE",
    "kingdom of saudi arabia": "SA", "kyrgyzstan": "KG", "laos": "LA", "latvia": "LV", "lebanon": "LB", "libya": "LY",
    "liechtenstein": "LI", "lithuania": "LT", "luxembourg": "LU", "macedonia": "MK", "madagascar": "MG", "malawi": "MW",
    "malaysia": "MY", "malta": "MT", "mauritius": "MU", "mexico": "MX", "moldova": "MD", "morocco": "MA", "nepal": "NP",
    "netherlands": "NL", "the netherlands": "NL", "new zealand": "NZ", "nicaragua": "NI", "north korea": "KP",
    "north korea (dprk)": "KP", "north macedonia": "MK", "norway": "NO", "oman": "OM", "pakistan": "PK", "panama": "PA",
    "paraguay": "PY", "peru": "PE", "philippines": "PH", "poland": "PL", "portugal": "PT", "qatar": "QA",
    "romania": "RO", "russia": "RU", "saudi arabia": "SA", "senegal": "SN", "serbia": "RS", "singapore": "SG",
    "slovakia": "SK", "somalia": "SO", "south africa": "ZA", "south korea": "KR", "south sudan": "SS", "spain": "ES",
    "sri lanka": "LK", "sudan": "SD", "sweden": "SE", "switzerland": "CH", "syria": "SY", "taiwan": "TW",
    "thailand": "TH", "turkey": "TR", "turkey (turkiye)": "TR", "turkiye": "TR", "turkmenistan": "TM", "u.a.e": "AE",
    "u.a.e.": "AE", "uae": "AE", "uganda": "UG", "uk": "GB", "ukraine": "UA", "united arab emirates": "AE",
    "united kingdom": "GB", "united states": "US", "uzbekistan": "UZ", "venezuela": "VE", "vietnam": "VN",
    "virgin islands, british": "VG", "zimbabwe": "ZW",
}


class Fault(Exception):
    """A source is not as expected; nothing is written."""


def country(name):
    """The code of a country that is known; a fault otherwise, as nothing may be lost in silence."""
    code = COUNTRIES.get(name.replace("\u2019", "'").lower())
    if code is None:
        raise Fault(f"unknown country {name!r}: add it to COUNTRIES")
    return code


def at_end(text):
    """The code of the country that an address ends with, a post code behind it aside."""
    last = re.sub(r"[,\s]+\d[\d\s-]*$", "", text.rstrip(" .")).lower()
    for name, code in sorted(COUNTRIES.items(), key=lambda n: -len(n[0])):
        if last.endswith(name) and (len(last) == len(name) or not last[-len(name) - 1].isalpha()):
            return code
    return ""


def one_line(text):
    """The text with every run of blanks and line ends as one blank."""
    return " ".join(text.split())


def slug(text):
    """Lower-case letters and digits with hyphens; the same as the reader of the Denied Persons List makes ids of."""
    return "-".join(word.lower() for word in re.split(r"[^\w]|_", text) if word)


def folded(text):
    """Letters and digits alone, without marks, to compare two spellings of a name."""
    plain = unicodedata.normalize("NFKD", text.lower()).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]", "", plain)


def iso(month, day, year):
    """A date of three numbers; two digits of a year are 1950 to 2049."""
    month, day, year = int(month), int(day), int(year)
    year += (1900 if year >= 50 else 2000) if year < 100 else 0
    if not (1 <= month <= 12 and 1 <= day <= 31 and 1940 <= year <= 2100):
        raise Fault(f"invalid date {month}/{day}/{year}")
    return f"{year:04}-{month:02}-{day:02}"


def us_date(day):
    """A date as the Federal Register writes it behind a page: 12/22/20."""
    year, month, day = day.split("-")
    return f"{int(month)}/{int(day)}/{year[2:]}"


def notices(text):
    """The notices of the Federal Register in a text, as (volume, page, date or nothing), in order."""
    text = one_line(text)
    found = re.findall(r"(\d+)\s*F\.?\s?R\.?,?\s?(\d+)(?:\D{0,30}?\(?(\d{1,2})/(\d{1,2})/(\d{4}|\d\d)\b)?", text)
    return [(v, p, iso(m, d, y) if m else "") for v, p, m, d, y in found]


def as_written(text):
    """The notices in a text as they are written, cut where each begins; what has no such beginning stays with the one
    before it."""
    text = one_line(text.replace("\ufffd", ""))
    starts = [m.start() for m in re.finditer(r"(?<![\d/])\d+\s*F\.?\s?R\b", text)]
    cuts = [0] + starts[1:] + [len(text)]
    parts = [re.sub(r"\s+and$", "", text[a:b].strip(" ,;")) for a, b in zip(cuts, cuts[1:])]
    return [p for p in parts if p]


def spread_ids(entries):
    """Makes ids unique: entries of one id get the number of their first notice, then a number."""
    for attempt in range(2):
        count = Counter(e["id"] for e in entries)
        seen = Counter()
        for e in entries:
            if count[e["id"]] == 1:
                continue
            seen[e["id"]] += 1
            if attempt == 0 and e["citations"]:
                numbers = re.findall(r"\d+", e["citations"][0])
                e["id"] += "@" + "-".join(numbers[:2])
            elif attempt == 1 and seen[e["id"]] > 1:
                e["id"] += f"-{seen[e['id']]}"
    if len({e["id"] for e in entries}) != len(entries):
        raise Fault("ids are not unique")


def entry(**given):
    """An entry with every column; lists where a column holds several values."""
    many = {"names", "countries", "addresses", "identifiers", "relations", "programmes", "citations", "births", "remarks"}
    made = {c: ([] if c in many else "") for c in COLUMNS}
    unknown = set(given) - set(made)
    if unknown:
        raise Fault(f"unknown columns {sorted(unknown)}")
    made.update(given)
    return made


def cell(value):
    """One cell of a line."""
    values = value if isinstance(value, list) else [value]
    values = [one_line(v) for v in values if one_line(v)]
    for v in values:
        if "|" in v or "\t" in v:
            raise Fault(f"a value holds a separator: {v!r}")
    return MANY.join(values)


def table(entries, records, mended):
    """The text of a file: what was counted, the names of the columns, the entries by id."""
    lines = [f"#records\t{records}"]
    lines += [f"#mended\t{kind}\t{n}" for kind, n in sorted(mended.items()) if n]
    lines.append("\t".join(COLUMNS))
    lines += ["\t".join(cell(e[c]) for c in COLUMNS) for e in sorted(entries, key=lambda e: e["id"])]
    return "\n".join(lines) + "\n"
