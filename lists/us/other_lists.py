"""The other lists as a third party parsed them from the publishers' files."""

import re
from collections import Counter

from shape import Fault, as_written, at_end, country, entry, folded, iso, notices, one_line, slug, spread_ids, us_date

MONTHS = ["january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
          "december"]


def military_end_users(entities):
    mended, entries = Counter(), []
    for e in entities:
        register = notices(e["federal_register"])
        remarks = [e["notes"]] if e["notes"] else []
        entries.append(entry(
            id=f"{country(e['country']).lower()}-{slug(e['name'])}",
            names=[e["name"]] + e["aliases"],
            countries=[country(e["country"])],
            addresses=[f"{country(e['country'])}: {e['address'].rstrip('.')}"],
            citations=[f"{v} FR {p}, {us_date(d)}" for v, p, d in register],
            requirement="supp2",
            policy="meu",
            published=min(d for _, _, d in register),
            remarks=remarks,
        ))
    spread_ids(entries)
    return entries, mended


# Where the name of a denied person was cut at a comma, its legal form begins the address.
CUT_FORM = re.compile(r"^((?:INC|LTD|LLC|CORP|CO)\b\.?)\)?,\s*")


def denied_persons(entities):
    """One entry for a name and the first notice of its order, as the reader of BIS's own file makes them."""
    mended, by_id = Counter(), {}
    for e in entities:
        name, address = one_line(e["name"]), one_line(e["address"])
        cut = CUT_FORM.match(address)
        if cut:
            mended["form_in_address"] += 1
            bracket = ")" if name.count("(") > name.count(")") else ""
            name, address = f"{name}, {cut.group(1)}{bracket}", address[cut.end():]
        register = re.findall(r"\d+", e["federal_register"])
        key = f"{slug(name)}@{register[0]}-{register[1]}" if len(register) > 1 else slug(name)
        ends = re.search(r"Expires: (\d{4}-\d\d-\d\d)", e["notes"])
        kind = re.search(r"Type of denial: ([^;]+)", e["notes"])
        cited = as_written(e["federal_register"])
        code = country(e["country"])
        one = by_id.get(key)
        if one is None:
            one = by_id[key] = entry(id=key, names=[name], effective=e["effective_date"],
                                     ends=ends.group(1) if ends else "none")
        else:
            one["ends"] = max(one["ends"], ends.group(1)) if ends and one["ends"] != "none" else "none"
            one["effective"] = min(one["effective"], e["effective_date"])
        add(one["names"], e["aliases"])
        add(one["addresses"], [f"{code}: {address}"])
        add(one["citations"], cited)
        add(one["remarks"], [f"Type of denial: {kind.group(1)}"] if kind else [])
    for one in by_id.values():
        one["ends"] = "" if one["ends"] == "none" else one["ends"]
    return list(by_id.values()), mended


def add(values, more):
    values.extend(m for m in more if m and m not in values)


def military_companies(entities):
    """Section 1260H: each company, and each subsidiary that the notice lists under it."""
    mended, entries, parents = Counter(), [], {}
    for e in entities:
        cited = notices(e["federal_register"])
        volume, page, _ = cited[0]
        base = dict(kind="company", countries=[country(e["country"])], published=e["effective_date"],
                    citations=[f"{volume} FR {page}, {us_date(e['effective_date'])}"])
        note = one_line(e["notes"] or "")
        listed = re.match(r"Listed together with subsidiaries: (.*?)\. \| ", note)
        entries.append(entry(id=slug(e["name"]), names=[e["name"]] + e["aliases"], **base))
        for name in subsidiaries(listed.group(1)) if listed else []:
            main, others = former_and_short(name)
            # The seat of a subsidiary is not given: some are American.
            entries.append(entry(id=slug(main), names=[main] + others, relations=[f"subsidiary_of: {e['name']}"],
                                 **{**base, "countries": []}))
            parents[main] = e["name"]
    mended["subsidiary_of_notice"] = len(parents)
    spread_ids(entries)
    return entries, mended


LEGAL = r"(?:Ltd|LTD|Inc|Co|LLC|Limited|S\.L\.U|Corp)\b\.?"


def subsidiaries(text):
    """The names of an enumeration; a legal form behind a comma belongs to the name before it."""
    text = text.replace(" . ", ", ").replace("Corporation Shanghai", "Corporation, Shanghai")
    names = []
    for part in re.split(r",\s+(?:and\s+)?(?![^()]*\))", text):
        if names and (re.fullmatch(LEGAL + r"(?: \([^()]*(?:\([^()]*\))?[^()]*\))?", part) or part == "Americas"):
            names[-1] += ", " + part
        else:
            names.append(re.sub(r"^and ", "", part))
    return [n.strip() for n in names if n.strip()]


def former_and_short(name):
    """"X (formerly Y (Z))" as X, and ~Y and Z."""
    found = re.fullmatch(r"(.*?)\s*\(formerly (.*)\)", name)
    if not found:
        return name, []
    inner = re.fullmatch(r"(.*?)\s*\(([^()]+)\)", found.group(2))
    if inner:
        return found.group(1), ["~" + inner.group(1), "~" + inner.group(2)]
    return found.group(1), ["~" + found.group(2)]


def investment_companies(entities, numbers):
    """The NS-CMIC List, with OFAC's own numbers (by USCC or name) from the Consolidated Screening List."""
    mended, entries = Counter(), []
    for e in entities:
        notes = dict(part.split(": ", 1) for part in e["notes"].split("; ") if ": " in part)
        uscc = re.match(r"([0-9A-Z]{18}) \(China\)", notes.get("USCC", ""))
        uscc = uscc.group(1) if uscc else ""
        names = [e["name"]] + [a for a in e["aliases"] if a != e["name"]]
        number = numbers.get(uscc) or next((numbers[folded(n)] for n in names if folded(n) in numbers), None)
        if number is None:
            raise Fault(f"{e['name']}: no number of OFAC")
        published = re.fullmatch(r"(\d\d) (\w{3}) (\d{4})", notes["Listing Date (CMIC)"])
        month = next(i for i, m in enumerate(MONTHS, 1) if m.startswith(published.group(2).lower()))
        linked = notes.get("Linked To")
        entries.append(entry(
            id=number,
            kind="company",
            names=names,
            countries=[country(e["country"])],
            addresses=[f"{at_end(a) or country(e['country'])}: {a}" for a in re.split(r"; (?=[A-Z0-9])", e["address"])],
            identifiers=[f"uscc: {uscc}: CN"] if uscc else [],
            relations=[f"linked_to: {linked}"] if linked else [],
            programmes=[notes["Program"]],
            citations=[f"OFAC NS-CMIC List, entry {number}"],
            effective=e["effective_date"],
            published=iso(month, published.group(1), published.group(3)),
            remarks=[f"Target type: {notes['Target Type']}"] if "Target Type" in notes else [],
        ))
    spread_ids(entries)
    return entries, mended


def forced_labour(entities):
    """The UFLPA Entity List. A party that stands under two grounds is one entry with both."""
    mended, by_key = Counter(), {}
    for e in entities:
        name, covers = covered(one_line(e["name"]))
        names = [name]
        for alias in e["aliases"]:
            parts = re.split(r"\s+and\s+(?=formerly known as )", alias)
            if len(parts) == 1 and re.search(r"\bCo\.?(?:, Ltd)?\.? and [A-Z]", alias):
                parts = re.split(r"\s+and\s+", alias)
            if len(parts) > 1:
                mended["joined_aliases"] += 1
            names += [re.sub(r"^formerly known as\s+", "~", p) for p in parts]
        month, day, year = re.fullmatch(r"(\w+) (\d+), (\d{4})", e["effective_date"]).groups()
        effective = iso(MONTHS.index(month.lower()) + 1, day, year)
        grounds = re.findall(r"2\(d\)\(2\)\(B\)\((\w+)\)", e["notes"])
        key = folded(re.sub(r"\s*\([A-Z]+\)$", "", name))
        one = by_key.get(key)
        if one is None:
            one = by_key[key] = entry(id=slug(name), names=[name], countries=[country(e["country"])],
                                      effective=effective, citations=[])
        else:
            mended["same_party"] += 1
            one["effective"] = min(one["effective"], effective)
        known = {folded(n) for n in one["names"]}
        add(one["names"], [n for n in names if n.startswith("~") or folded(n) not in known])
        add(one["citations"], [f"Pub. L. 117-78, Sec. 2(d)(2)(B)({g})" for g in grounds])
        if covers or "subordinate and affiliated" in e["notes"]:
            add(one["remarks"], ["Listed with its subsidiaries" if covers else
                                 "Listed with its subordinate and affiliated entities"])
    entries = list(by_key.values())
    spread_ids(entries)
    return entries, mended


def covered(name):
    """The name without "and (its) subsidiaries" behind it, and whether it stood there."""
    cut = re.sub(r",?\s+and (?:its )?(?:subsidiaries|Subsidiaries|subordinates)$", "", name)
    return cut, cut != name


def covered_equipment(entities):
    """The FCC's Covered List: producers and providers, and two categories without a name."""
    mended, entries = Counter(), []
    for e in entities:
        is_category = "Category listing" in e["notes"]
        name = one_line(e["name"])
        entries.append(entry(
            id=slug(name)[:60].rstrip("-"),
            kind="category" if is_category else "",
            names=[] if is_category else [name],
            countries=[] if not e["country"] else [country(e["country"])],
            citations=["FCC Covered List, entry of " + e["effective_date"]],
            published=e["effective_date"],
            remarks=[f"Category: {name}" if is_category else "Covers: " + re.sub(r"…$", "...", one_line(e["notes"]))],
        ))
    spread_ids(entries)
    return entries, mended


# Orders that name several parties, goods, a region or a ship: what they name, read by hand.
ORDERS = {
    "Fuchu Prison; Union Kogyo Co., Ltd.": [["Fuchu Prison"], ["Union Kogyo Co., Ltd."]],
    "Nanhu Tree Farm, Zhejiang Sanmei Tea Co., Ltd.; Imaizumi Tea Manufacturing & Trading Co., Ltd. (of Nagoya, Japan)": [
        ["Nanhu Tree Farm"], ["Zhejiang Sanmei Tea Co., Ltd."], ["Imaizumi Tea Manufacturing & Trading Co., Ltd."]],
    "Kumar Carpet Pvt., Singhe Carpet Pvt., Ltd., Norsang Carpet Industries Pvt., Ltd., Annapurna Carpet, Everest "
    "Carpet, Valley Carpet, and K.K. Carpet Industries; Kathmandu.": [
        ["Kumar Carpet Pvt."], ["Singhe Carpet Pvt., Ltd."], ["Norsang Carpet Industries Pvt., Ltd."],
        ["Annapurna Carpet"], ["Everest Carpet"], ["Valley Carpet"], ["K.K. Carpet Industries"]],
    "Yili Zhuowan Garment Manufacturing Co., Ltd. and Baoding LYSZD Trade and Business Co., Ltd.": [
        ["Yili Zhuowan Garment Manufacturing Co., Ltd."], ["Baoding LYSZD Trade and Business Co., Ltd."]],
    "Agropecuarios Tom S.A. de C.V. and Horticola Tom S.A. de C.V. and their subsidiaries": [
        ["Agropecuarios Tom S.A. de C.V."], ["Horticola Tom S.A. de C.V."]],
    "Shanghai Select Safety Products Company, Limited and its two subsidiaries from China, Select (Nantong) Safety "
    "Products Co. Limited and Select Protective Technology (HK) Limited.": [
        ["Shanghai Select Safety Products Company, Limited"], ["Select (Nantong) Safety Products Co. Limited"],
        ["Select Protective Technology (HK) Limited"]],
    "State Penitentiary, Ciudad Victoria, Tamaulipas, Mexico": [["State Penitentiary, Ciudad Victoria, Tamaulipas"]],
    "Sichuan (Szechuan) Xinsheng (New Life) Labor Factory": [
        ["Sichuan Xinsheng Labor Factory", "Szechuan Xinsheng Labor Factory", "Sichuan New Life Labor Factory"]],
    "Wulin (or Wuling) Machinery Works": [["Wulin Machinery Works", "Wuling Machinery Works"]],
    "Fishing Vessels owned by Dalian Ocean Fishing Co. Ltd.": [["Dalian Ocean Fishing Co. Ltd."]],
    "Xinjiang Production and Construction Corporation (XPCC) and its subordinates": [
        ["Xinjiang Production and Construction Corporation (XPCC)"]],
}
CATEGORIES = {
    "All Turkmenistan Cotton or products produced in whole or in part with Turkmenistan cotton.",
    "Artisanal Small Mines",
    "Tobacco produced in Malawi and products containing tobacco produced in Malawi",
    "Xinjiang Uyghur Autonomous Region (XUAR)",
}


def withhold_release(entities):
    """CBP's Withhold Release Orders and Findings: one entry for a party, with every order on it."""
    mended, by_key = Counter(), {}
    for e in entities:
        listed = one_line(e["name"])
        order, *rest = [p.strip() for p in re.split(r"; (?=(?:Industry|Merchandise|Remarks): )", one_line(e["notes"]))]
        facts = dict(p.split(": ", 1) for p in rest)
        covers = False
        if listed in CATEGORIES:
            parties = [[]]
        elif listed in ORDERS:
            parties = ORDERS[listed]
            mended["by_hand"] += 1
        else:
            name, covers = covered(re.sub(r"^Fishing Vessel: ", "", listed))
            parties = [[re.sub(r"\.\.$", ".", name)]]
        aliases = [p for a in e["aliases"] for p in a.split("; ")]
        active = e["status"] in ("Active", "Partially Modified")
        for names in parties:
            key = slug(names[0] if names else listed)[:60].rstrip("-")
            one = by_key.setdefault(key, entry(
                id=key,
                kind="category" if not names else "vessel" if listed.startswith("Fishing Vessel: ") else "",
                effect="" if active else "watch",
                countries=[country(e["country"])] if e["country"] != "Fishing Vessels" else [],
                effective=e["effective_date"],
            ))
            one["effective"] = min(one["effective"], e["effective_date"])
            add(one["names"], names + (aliases if len(parties) == 1 else []))
            add(one["citations"], [f"CBP {order} of {e['effective_date']}"])
            register = notices(facts.get("Remarks", ""))
            add(one["citations"], [f"{v} FR {p}" for v, p, _ in register])
            add(one["remarks"], [f"Merchandise: {facts['Merchandise']}"] if "Merchandise" in facts else [])
            add(one["remarks"], [f"Status: {e['status']}"] if e["status"] != "Active" else [])
            add(one["remarks"], [f"Listed as: {listed}"] if names != [listed] else [])
            add(one["remarks"], ["Listed with its subsidiaries"] if covers else [])
            if "superseded by enforcement of UFLPA" in facts.get("Remarks", ""):
                add(one["remarks"], ["Enforced as UFLPA rebuttable presumption"])
    mended["orders_on_one_party"] = sum(len(o["citations"]) > 1 for o in by_key.values())
    return list(by_key.values()), mended


# An order against several parties: each of them.
DEBARRED = {
    "Dominguez, Carlos; Elint, S.A., Spain Night Vision, S.A., and SNV, S.A": [
        "Dominguez, Carlos", "Elint, S.A.", "Spain Night Vision, S.A.", "SNV, S.A"],
    "Kam-Tech Systems, Ltd. and David Menashe": ["Kam-Tech Systems, Ltd.", "David Menashe"],
    "Lavery III, Henry L., and Security Assistance International, Inc.": [
        "Lavery III, Henry L.", "Security Assistance International, Inc."],
}


def debarred(statutory, administrative):
    """State's debarred parties, by statute and by administrative order."""
    mended, entries = Counter(), []
    for ground, entities in (("Statutory debarment", statutory), ("Administrative debarment", administrative)):
        for e in entities:
            names = DEBARRED.get(e["name"])
            if names:
                mended["by_hand"] += 1
            for name in names or [e["name"]]:
                name, *inner = re.split(r";?\s*\ba\.k\.a\.?\s+", one_line(name))
                aliases = [re.sub(r"^a\.k\.a\.?\s+", "", a) for a in e["aliases"]]
                mended["alias_mark"] += len(inner) + sum(a != b for a, b in zip(aliases, e["aliases"]))
                born = re.search(r"Date of birth: (\w+), (\d{4})", e["notes"] or "")
                entries.append(entry(
                    id=slug(name),
                    names=[name] + inner + aliases,
                    citations=as_written(e["federal_register"]),
                    programmes=[ground],
                    effective=e["effective_date"],
                    births=[f"{born.group(2)}-{MONTHS.index(born.group(1).lower()) + 1:02}"] if born else [],
                ))
    entries = merged_repeats(entries, mended)
    spread_ids(entries)
    return entries, mended


def merged_repeats(entries, mended):
    """Entries of one name and birth become one: the register repeats a party for each of its orders."""
    kept = {}
    for e in entries:
        key = (folded(e["names"][0]), tuple(e["births"]), tuple(e["programmes"]))
        if key not in kept:
            kept[key] = e
            continue
        mended["same_party"] += 1
        one = kept[key]
        one["effective"] = min(one["effective"], e["effective"])
        for column in ("names", "citations"):
            add(one[column], e[column])
    return list(kept.values())


# Countries of the table that say where a party is, not which country it is of.
NOT_COUNTRIES = {"Middle East Region", "Turkish individual", "North Korean entity in China"}


def nonproliferation(entities):
    """State's nonproliferation sanctions: parties with a measure that has not ended. The table keeps the ended ones."""
    mended, by_key = Counter(), {}
    for e in entities:
        measures = [m for m in e["notes"].split(" | ") if m.startswith("Authority: ")]
        running = [m for m in measures if is_running(m)]
        if not running:
            mended["ended"] += 1
            continue
        name = re.sub(r",? and$", "", one_line(e["name"])).rstrip(".") if not e["name"].endswith("Co.") else e["name"]
        place = e["country"] or ""
        country_name = re.search(r"\s+\((China|Turkey)\)$", name)
        if country_name:
            name = name[: country_name.start()]
        code = [country(place)] if place and place not in NOT_COUNTRIES else []
        key = (folded(name), tuple(code))
        one = by_key.setdefault(key, entry(id=slug(re.sub(r",? and its sub-?units and successors$", "", name)),
                                           names=[name], countries=code))
        for m in running:
            authority = re.match(r"Authority: (.*?); imposed", m).group(1)
            imposed = re.search(r"imposed (\d+)/(\d+)/(\d{4});", m)
            register = m.split("; ")[-1]
            add(one["programmes"], [authority])
            add(one["citations"], [one_line(register).rstrip(",")])
            if imposed:
                day = iso(*imposed.groups())
                one["effective"] = min(one["effective"] or day, day)
            else:
                mended["impossible_date"] += 1
        add(one["names"], [p for a in e["aliases"] for p in (a.split(", ") if "RDIPE" in a else [a])])
        add(one["remarks"], [place] if place in NOT_COUNTRIES else [])
        add(one["remarks"], [n for n in e["notes"].split(" | ") if not n.startswith("Authority: ")])
    entries = list(by_key.values())
    spread_ids(entries)
    return entries, mended


def is_running(measure):
    """Whether a measure of the table is in force: its status says active, or that some sanctions remain."""
    status = re.search(r"status: ([^;]*)", measure)
    if not status:
        raise Fault(f"no status in {measure!r}")
    status = status.group(1)
    if status == "Active" or "other sanctions remain" in status:
        return True
    if re.match(r"(Expired|Lifted|Terminated|Waived|All provisions expired|procurement ban ended.*removed)", status):
        return False
    raise Fault(f"unknown status {status!r}")
