"""The Entity List (Supplement No. 4 to Part 744 of the EAR) as a third party parsed it: takes names, addresses and
notices apart where that parse mixed them, and counts each mend. Text that no rule reads for certain is in `HAND`."""

import re
from collections import Counter

from shape import Fault, at_end, country, entry, notices, one_line, slug, spread_ids, us_date

# What no rule can tell, read by hand in the source: by name and country, what to set instead.
HAND = {
    ("aBensa FZ LLC", "United Arab Emirates"): {"alias_ends": "BiotaGroup Company"},
    ("OOO 'DSK'", "Russia"): {"alias_ends": "OOO 'Dorozhnaya Stroitelnaya Kompania'"},
    ("JLD Technology", "China"): {"name": "JLD Technology, Hong Kong Co., Ltd.", "address_cut": "Hong Kong Co., Ltd., "},
    ("Maple Engineering Pvt. Ltd. Consultants", "Pakistan"): {
        "name": "Maple Engineering Pvt. Ltd. Consultants, Importers and Exporters",
        "address_cut": "Importers and Exporters, ",
    },
    ("Kamensk-Uralsky Metallurgical Works J.S. Co. 5 Zavodskaya St.", "Russia"): {
        "name": "Kamensk-Uralsky Metallurgical Works J.S. Co.",
        "address": "5 Zavodskaya St., Kamensk Uralsky, 623405 Sverdlovsk region, Russia",
    },
    ("China Electronic Technology Group Corporation No. 11 Research Institute", "China"): {
        "more": ["Beijing Laiyin Company Ltd"],
        "address_cut": "Subordinate institution Beijing Laiyin Company Ltd, a.k.a., the following one alias, ",
    },
    ("Chinese Academy of Engineering Physics", "China"): {"more": ["901 Institute"]},
    ("Leon Technology Co., Ltd.", "China"): {
        "replace": {"Xinjiang Leon Telecom; and Technology": ["Xinjiang Leon Telecom and Technology"]},
    },
    ("Yuliya L. Molkova-Poluh", "Russia"): {
        "replace": {"Yuliya Leonidovna; Molkova-Polyukh": ["Yuliya Leonidovna Molkova-Polyukh"]},
    },
    ("Pakistan Atomic Energy Commission (PAEC)", "Pakistan"): {
        "replace": {
            "Power Plant Workshops, P.O. Box 1114, Islamabad": ["PAEC Power Plant Workshops"],
            "Pakistan Institute for Nuclear Science and Technology (PINSTECH), Nilore, Islamabad": [
                "Pakistan Institute for Nuclear Science and Technology (PINSTECH)"
            ],
            # What follows describes plants and names nobody.
            "Nuclear reactors (including power plants), fuel reprocessing and enrichment facilities, all uranium "
            "processing, conversion and enrichment facilities, heavy water production facilities and any collocated "
            "ammonia plants": [],
        },
    },
    ("Department of Atomic Energy", "India"): {
        "replace": {
            "Nuclear reactors (including power plants) not under International Atomic Energy Agency (IAEA) "
            "safeguards, (excluding Kundankulam 1 and 2)": [],
            "Fuel reprocessing and enrichment facilities": [],
            "Heavy water production facilities and their collocated ammonia plants": [],
        },
    },
    ("All-Russian Scientific Research Institute of Technical Physics (VNIITF)", "Russia"): {
        "replace": {
            "Chelyabinsk-70, (Address: P.O. Box 245, 456770, Snezhinsk, Chelyabinsk Region Russia); and any "
            "nuclear-related entities, institutes, or centers located in Snezhinsk": ["Chelyabinsk-70"],
        },
        "address": "P.O. Box 245, 456770, Snezhinsk, Chelyabinsk Region, Russia",
    },
    ("All-Russian Scientific Research Institute of Experimental Physics (VNIIEF)", "Russia"): {
        "replace": {
            "Arzamas-16, (Address: 37 Mira Ave. Sarov, Nizhny Novgorod Region, 607188 Russia); and any "
            "nuclear-related entities, institutes or centers located in Sarov (Kremlev)": ["Arzamas-16"],
        },
        "address": "37 Mira Ave. Sarov, Nizhny Novgorod Region, 607188 Russia",
    },
}

# Huawei's row lists its affiliates, and the parse put them all into one address. Their names as they stand there, in
# order; behind each stands its address. Of three the parse kept only aliases, as if they were Huawei's; their names are
# those of the same rows in the Consolidated Screening List of May 2022.
HUAWEI = ("Huawei Technologies Co., Ltd.", "China")
HUAWEI_ENDS = "Tsim Sha Tsui, Kowloon, Hong Kong. "
HUAWEI_ALIASES = ["Beijing Huawei Longshine", "Huawei Marine", "Shenzhen Huawei Agisson Electric Co., Ltd."]
HUAWEI_AFFILIATES = [
    ("Hangzhou New Longshine Information Technology Co., Ltd., ", ["Hangzhou New Longshine Information Technology Co., Ltd."]),
    ("Hangzhou Huawei Communication Technology Co., Ltd., ", ["Hangzhou Huawei Communication Technology Co., Ltd."]),
    ("Hangzhou Huawei Enterprises, ", ["Hangzhou Huawei Enterprises"]),
    ("Huawei Digital Technologies (Suzhou) Co., Ltd., ", ["Huawei Digital Technologies (Suzhou) Co., Ltd."]),
    ("HMN Technologies; Huahai Zhihui Technology Co., Ltd.; and HMN Tech. ",
     ["Huawei Marine Networks Co., Ltd.", "Huawei Marine", "HMN Technologies", "Huahai Zhihui Technology Co., Ltd.", "HMN Tech"]),
    ("Huawei Mobile Technology Ltd., ", ["Huawei Mobile Technology Ltd."]),
    ("Huawei Tech. Investment Co., ", ["Huawei Tech. Investment Co."]),
    ("Huawei Technology Co., Ltd. Chengdu Research Institute, ", ["Huawei Technology Co., Ltd. Chengdu Research Institute"]),
    ("Huawei Technology Co., Ltd. Hangzhou Research Institute, ", ["Huawei Technology Co., Ltd. Hangzhou Research Institute"]),
    ("Huawei Technologies Co., Ltd. Beijing Research Institute, ", ["Huawei Technologies Co., Ltd. Beijing Research Institute"]),
    ("Huawei Technologies Co., Ltd. Material Characterization Lab, ",
     ["Huawei Technologies Co., Ltd. Material Characterization Lab"]),
    ("Huawei Technologies Co., Ltd. Xi'an Research Institute, ", ["Huawei Technologies Co., Ltd. Xi'an Research Institute"]),
    ("Huawei Terminal (Shenzhen) Co., Ltd., ", ["Huawei Terminal (Shenzhen) Co., Ltd."]),
    ("Nanchang Huawei Communication Technology, ", ["Nanchang Huawei Communication Technology"]),
    ("Ningbo Huawei Computer & Net Co., Ltd., ", ["Ningbo Huawei Computer & Net Co., Ltd."]),
    ("Shanghai Huawei Technologies Co., Ltd., ", ["Shanghai Huawei Technologies Co., Ltd."]),
    ("China. Building 2, Area B, Putian",
     ["Shenzhen Huawei Anjiexin Electricity Co., Ltd.", "Shenzhen Huawei Agisson Electric Co., Ltd."]),
    ("Shenzhen Huawei New Technology Co., Ltd., ", ["Shenzhen Huawei New Technology Co., Ltd."]),
    ("Shenzhen Huawei Technology Service, ", ["Shenzhen Huawei Technology Service"]),
    ("Shenzhen Huawei Technologies Software, ", ["Shenzhen Huawei Technologies Software"]),
    ("Zhejiang Huawei Communications Technology Co., Ltd., ", ["Zhejiang Huawei Communications Technology Co., Ltd."]),
]

FORMS = r"(?:Co|Ltd|LTD|LLC|Inc|Corp|Limited|JSC|GmbH|Pvt|Pte|PTE|Sdn|Bhd|S\.?A|B\.?V)\b"
SEE = re.compile(r"[;,.]?\s*\(?\b(See (?:also )?(?:the )?(?:alternate )?[^()]*(?:\([^()]*\))?[^()]*)\)?\s*\.?\s*$", re.I)
ALIAS_NOTE = re.compile(r"^(?:and )?(?:a\.?k\.?a\.?,?\s*)?(?:the following (?:\w+) alias(?:es)?\s*[:,]\s*)", re.I)
LABEL = re.compile(r"^(?:(?:The following )?Address(?:es)?\b[^:]{0,120}|Alt\.? Address):\s*", re.I)


def read(entities):
    """The entries and what was mended."""
    mended = Counter()
    # A few rows give a page without its day; other rows of the same page have it.
    days = {(v, p): d for e in entities for v, p, d in notices(e["federal_register"]) if d}
    entries = []
    for e in entities:
        if (e["name"], e["country"]) == HUAWEI:
            e, affiliates = huawei(e)
            entries += [one(a, days, mended) for a in affiliates]
            for entry_of in entries[-len(affiliates):]:
                entry_of["relations"] = ["linked_to: Huawei Technologies Co., Ltd."]
                entry_of["remarks"].append("Listed as an affiliated entity in the row of Huawei Technologies Co., Ltd.")
            mended["affiliate_in_address"] += len(affiliates)
        entries.append(one(e, days, mended))
    spread_ids(entries)
    return entries, mended


def one(e, days, mended):
    hand = HAND.get((e["name"], e["country"]), {})
    heading = country(e["country"])
    remarks, more = [], list(hand.get("more", []))
    name = one_line(e["name"])
    address = one_line(hand.get("address", e["address"] or ""))
    if hand:
        mended["by_hand"] += 1
    if "address_cut" in hand:
        if not address.startswith(hand["address_cut"]):
            raise Fault(f"{name}: the address does not begin with {hand['address_cut']!r}")
        address = address[len(hand["address_cut"]):]
    name, address = closed_bracket(hand.get("name", name), address, mended)
    cut = re.search(r"\s*\((See [^()]*)\)$", name)
    if cut:
        remarks.append(cut.group(1))
        name = name[: cut.start()]
        mended["see_in_name"] += 1
    aliases = [one_line(a) for a in e["aliases"]]
    for listed, instead in hand.get("replace", {}).items():
        if listed not in aliases:
            raise Fault(f"{name}: no alias {listed!r}")
        at = aliases.index(listed)
        aliases[at:at + 1] = instead
        if not instead:
            remarks.append("Covers: " + listed)
    if not address and aliases:
        aliases[-1], address = address_in_alias(aliases[-1], e["country"], hand, mended)
    names = [name] + [a for alias in aliases for a in alias_parts(alias, mended)]
    if not address_only(name):
        found, address = alias_in_address(address, mended)
        names += found
    names += more
    addresses, seen = address_parts(address, heading, mended)
    remarks += seen
    if e["country"] == "Crimea Region of Ukraine":
        remarks.append("Listed under: Crimea Region of Ukraine")
    register = [(v, p, d or days.get((v, p), "")) for v, p, d in notices(e["federal_register"])]
    if not register:
        raise Fault(f"{name}: no notice in {e['federal_register']!r}")
    dates = [d for _, _, d in register if d]
    kind = ""
    if address_only(name):
        remarks.insert(0, f"Listed as: {name}")
        kind, names = "address", []
    elif name.endswith("subordinate institution:"):
        # The part's name is lost; what is left of it is its alias.
        mended["part_without_name"] += 1
        remarks.append(f"Listed as: {name}")
        names = names[1:]
    return entry(
        id=f"{heading.lower()}-{slug(name if not kind else e['name'])}",
        kind=kind,
        names=unique(names),
        countries=[heading],
        addresses=addresses,
        citations=[f"{v} FR {p}, {us_date(d)}" if d else f"{v} FR {p}" for v, p, d in register],
        requirement=requirement(e["notes"]),
        published=min(dates) if dates else "",
        remarks=remarks,
    )


def huawei(e):
    """Huawei's own row, and one for each affiliate in it."""
    text, at = e["address"], e["address"].index(HUAWEI_ENDS) + len(HUAWEI_ENDS)
    own = text[:at]
    places = []
    for mark, names in HUAWEI_AFFILIATES:
        found = text.find(mark, at)
        if found < 0:
            raise Fault(f"Huawei's row has no {mark!r}")
        start = found + (len(mark) if not mark.startswith("China. ") else len("China. "))
        places.append((found, start, names))
        at = start
    ends = [p[0] for p in places[1:]] + [len(text)]
    rows = [{**e, "name": names[0], "aliases": names[1:], "address": text[start:end].strip()}
            for (_, start, names), end in zip(places, ends)]
    longshine = ["Beijing Huawei Longshine Information Technology Co., Ltd.", "Beijing Huawei Longshine"]
    rows.append({**e, "name": longshine[0], "aliases": longshine[1:], "address": None})
    return {**e, "address": own, "aliases": [a for a in e["aliases"] if a not in HUAWEI_ALIASES]}, rows


def address_only(name):
    return re.fullmatch(r"Address \d+", name) is not None


def unique(names):
    kept = []
    for name in names:
        name = name.strip()
        if name and name not in kept:
            kept.append(name)
    return kept


def closed_bracket(name, address, mended):
    """A bracket of aliases that the parse left open in the name: it ends in the address, or with the name."""
    if name.count("(") <= name.count(")"):
        return name, address
    mended["open_bracket"] += 1
    end = address.find(")")
    opened = address.find("(")
    if end >= 0 and (opened < 0 or end < opened):
        inner = address[:end].strip()
        inner = re.sub(r"^and ", "", inner)
        inner = re.sub(r";?\s+and (?=[A-Z])", "; ", inner.replace(";'", "';"))
        joint = " " if name.endswith("(a.k.a.") else "; "
        return f"{name}{joint}{inner})", address[end + 1:].lstrip(" ,;")
    return f"{name})", address


def address_in_alias(alias, heading, hand, mended):
    """Splits the last alias of an entry without an address where its address begins."""
    if "alias_ends" in hand:
        end = hand["alias_ends"]
        if not alias.startswith(end):
            raise Fault(f"the alias {alias!r} does not begin with {end!r}")
        mended["address_in_alias"] += 1
        return end, alias[len(end):].lstrip(" .,'")
    for found in re.finditer(r"[.,]'?\s+", alias):
        before, rest = alias[: found.start()], alias[found.end():]
        last = re.split(r"[\s.]", before)[-1]
        initial = found.group().startswith(".") and len(last.strip("'")) < 2
        if initial or re.match(FORMS, rest) or not is_address(rest, heading):
            continue
        keeps_dot = found.group().startswith(".") and re.search(r"\b(Co|Ltd|LTD|Inc|Corp)$", before)
        mended["address_in_alias"] += 1
        return before + ("." if keeps_dot else "") + ("'" if found.group()[1:2] == "'" else ""), rest
    return alias, ""


def is_address(text, heading):
    """Whether the text can be nothing but an address: a number in it, or the country at its end."""
    head = SEE.sub("", text).rstrip(" .").lower()
    ends = head.endswith((heading.lower(), "u.a.e")) or heading == "Crimea Region of Ukraine"
    return bool(ends or re.search(r"\d", text) and "," in text)


def alias_parts(alias, mended):
    """The spellings of one alias of the parse."""
    text = re.sub(r";'", "';", alias)
    text = re.sub(r"[;,]\s*(?:and)?\s*$", "", text).strip()
    text = re.sub(r",?\s*a\.k\.a\.,?\s*the following \w+ alias(?:es)?\s*:?$", "", text, flags=re.I)
    located = re.search(r";\s*\(all of preceding located [^()]*\)$", text)
    if located:
        text = text[: located.start()]
    if text != alias:
        mended["alias_end"] += 1
    parts = [p for p in re.split(r";(?:\s*(?:and\b|—))?\s*", text) if p]
    joined = [q for p in parts for q in re.split(r",?\s+a\.k\.a\.,?\s+", p)] if "(a.k.a." not in text else parts
    if len(joined) > 1:
        mended["joined_aliases"] += 1
    spelled = []
    for part in joined:
        former = re.match(r"^(?:f\.?k\.?a\.?|formerly known as|formerly),?\s+", part, re.I)
        spelled.append(("~" + part[former.end():]) if former else part)
    return [re.sub(r"^and (?=[A-Z])", "", p).strip(" ,") for p in spelled]


def alias_in_address(address, mended):
    """Aliases that the parse left at the start of the address, and the rest."""
    note = ALIAS_NOTE.match(address)
    if note and note.end():
        mended["alias_note_in_address"] += 1
        return [], address[note.end():]
    if re.match(r"^a\.k\.a,?\s", address):
        mended["alias_note_in_address"] += 1
        return [], re.sub(r"^a\.k\.a,?\s+", "", address)
    bracket = re.match(r"^\(a\.?k\.?a\.?,?\s*([^()]*)\),?\s*", address)
    if bracket:
        mended["alias_in_address"] += 1
        return re.split(r",\s+|\s+and\s+", bracket.group(1)), address[bracket.end():]
    listed = re.match(r"^((?:[A-Z][^.:;\d]*\.\s+){1,9})The following addresses apply", address)
    if listed:
        mended["alias_in_address"] += 1
        names = [re.sub(r"^Subordinate institution ", "", n) for n in re.split(r"\.\s+", listed.group(1)) if n]
        return names, address[listed.end(1):]
    return [], address


def address_parts(text, heading, mended):
    """The addresses with their countries, and the notes that point to other rows."""
    notes = []
    while True:
        see = SEE.search(text)
        if not see or not text:
            break
        note = see.group(1).strip(" .")
        if note.count("(") > note.count(")"):
            note += ")"
        notes.append(note)
        text = text[: see.start()].rstrip(" ;,")
    parts = [p for p in re.split(r"\.?\s*\bAlt\.? Address:\s*", text)]
    if len(parts) > 1:
        mended["alternate_address"] += len(parts) - 1
    addresses = []
    for part in (q for p in parts for q in outside_brackets(p)):
        labelled = LABEL.match(part)
        if labelled:
            mended["address_label"] += 1
            part = part[labelled.end():]
        part = re.sub(r"^(?:and\b[;,]?\s*)+", "", part.strip(" ,;")).strip(" ,;")
        if not part:
            continue
        if not re.search(r"\b(?:Rd|St|Ave|Co|Ltd|Bldg|U\.A\.E|No|S\.R\.L|N\.T)\.$", part):
            part = part.rstrip(". ")
        addresses.append(f"{at_end(part) or heading}: {part}")
    return unique(addresses), notes


def outside_brackets(text):
    """The text cut at semicolons outside brackets."""
    parts, depth, start = [], 0, 0
    for at, c in enumerate(text):
        depth += (c == "(") - (c == ")")
        if c == ";" and depth <= 0:
            parts.append(text[start:at])
            start = at + 1
    return parts + [text[start:]]


SECTION = re.compile(r"\d{3}\.\d+(?:\([a-z0-9]+\))*", re.I)


def requirement(notes):
    """The licence requirement as a code of `wording.toml`, with the sections that it cites behind it."""
    text = one_line(notes)
    low = text.lower()
    # "744.2l(b)" with a letter l, "734.9(g)3" with its footnote.
    cited = re.sub(r"(\d)l\(", r"\g<1>1(", low)
    sections = []
    main = cited.split("this license requirement")[0]
    for found in SECTION.findall(main):
        found = re.sub(r"^734\.9\(g\)3?$", "734.9(g)", found)
        if found not in sections:
            sections.append(found)
    if "ccl" in low:
        code = "ccl-ear99-supp7" if "ear99" in low.replace(" ", "") else "ccl-supp7"
        sections = []
    elif "when used in projects" in low:
        code, sections = "ear-projects", ["746.8(a)(4)"]
    elif "except for: —crude oil" in low:
        code = "ear-except-oil"
    elif "ear99-designated technology for the operation" in low:
        code = "ear-except-uav-operator"
    elif "office of foreign assets contro" in low:
        code = "ear-except-ofac"
    elif "also extend to any" in low:
        code = "ear-extended"
    elif "license exception gov" in low:
        code = "ear-gov-usgs" if "geological" in low else "ear-gov"
    elif "all items subject to the ear" in low:
        code = "ear"
    else:
        raise Fault(f"unknown requirement {text!r}")
    return " ".join([code] + sections)
