"""What the Consolidated Screening List of May 2022 adds and checks: licence policies and first days of entries that no
notice has amended since, and OFAC's numbers."""

import csv
import gzip
import re

from shape import folded, iso, one_line

AS_OF = "2022-05"

# The review policies of the list by code; the words of each code are in `wording.toml`.
POLICIES = [
    ("denial", r"presumption of denial\.?"),
    ("policy-denial", r"policy of denial\.?"),
    ("policy-denial-russia", r"policy of denial\. see §§ 746\.8\(b\) and 744\.21\(e\)\.?"),
    ("see-746-5", r"see §\s*746\.5\(b\) of the ear\.?"),
    ("ear99-approval", r"case-by-case for all items listed on the ccl\. presumption of approval for ear99 items\.?"),
    ("case-by-case", r"case-by-case basis\.?"),
    ("surveillance", r"case-by-case review for eccns 1a004\.c, .* 2e983, and for ear99 items described in the note to "
                     r"eccn 1a995; cas[ea]-by-case review for items necessary to detect, identify and treat infectious "
                     r"disease; and presumption of denial for all other items subject to the ear\.?"),
    ("infectious", r"case-by-case review for items necessary to detect, identify and treat infectious disease\.? ?;?"
                   r"(?: and)? presumption of denial for all other items subject to the ear\.?"),
    ("advanced-chips", r"presumption of denial for items uniquely required for production of semiconducto ?rs at advanced "
                       r"technology nodes .*; case by case for all other items\.?"),
]


class ScreeningList:
    """The rows of one list."""

    def __init__(self, path):
        with gzip.open(path, "rt", encoding="utf-8") as file:
            self.rows = list(csv.DictReader(file))

    def of(self, source):
        return [r for r in self.rows if r["source"].startswith(source)]

    def numbers_of_ofac(self):
        """OFAC's numbers of the NS-CMIC List, by USCC and by every name."""
        numbers = {}
        for row in self.of("Non-SDN Chinese Military-Industrial Complex"):
            for uscc in re.findall(r"\b[0-9A-Z]{18}\b", row["ids"]):
                numbers[uscc] = row["_id"]
            for name in [row["name"]] + row["alt_names"].split("; "):
                numbers.setdefault(folded(name), row["_id"])
        return numbers

    def add_to(self, entries):
        """Adds policy and first day to the entries of the Entity List that are in both and were not amended since;
        returns how many, and the rows of each entry that is in both."""
        rows = {}
        for row in self.of("Entity List"):
            for country in countries_of(row):
                rows.setdefault((plain(row["name"]), country), []).append(row)
        both, added = {}, {"policy": 0, "effective": 0}
        for e in entries:
            found = rows.get((plain(e["names"][0]), e["countries"][0]), []) if e["names"] else []
            if not found:
                continue
            both[e["id"]] = found
            last = max((us(c) for c in e["citations"] if us(c)), default="")
            if len(found) != 1 or not last or last > f"{AS_OF}-31":
                continue
            code = policy(found[0]["license_policy"])
            if code:
                e["policy"] = code
                added["policy"] += 1
            start = found[0]["start_date"]
            if start and e["published"] and start < e["published"] and start[:4] >= str(int(e["published"][:4]) - 1):
                e["effective"] = start
                added["effective"] += 1
        return added, both


def policy(text):
    text = one_line(text).lower()
    return next((code for code, pattern in POLICIES if re.fullmatch(pattern, text)), "")


def plain(name):
    """A name for the comparison of the two: without what either puts behind it."""
    name = re.sub(r"\s*\((?:a\.?k\.?a|f\.?k\.?a|See )[^()]*\)?", "", name, flags=re.I)
    return folded(re.sub(r"[,.]\s*$", "", name))


def countries_of(row):
    return set(re.findall(r"\b([A-Z]{2})(?=;|$)", row["addresses"])) | {""}


def us(citation):
    found = re.search(r", (\d+)/(\d+)/(\d+)$", citation)
    return iso(*found.groups()) if found else ""
