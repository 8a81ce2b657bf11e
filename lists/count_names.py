#!/usr/bin/env python3
"""Counts how many people of a region bear a given or family name, for `lists/person_names.tsv`.

    python3 lists/count_names.py name2nats.pkl DAY > lists/person_names.tsv

Source: the people of the English Wikipedia of 2020-06-01 with their nationalities, 1,074,617 names, as the Python package
name2nat 0.5.1 holds them (`name2nat/name2nats.pkl`; Apache License 2.0). Its author read the titles and the categories of the
articles, whose text is under CC BY-SA 3.0. Only words and counts are kept, and only of words that many bear: no person can
be read from the file. The pickle is read with a reader that makes lists and texts and refuses everything else.

Nationalities are put together into regions that share their names. Wikipedia writes of more people of one country than of
another, so the program compares shares of each region's own people.
The package has next to nobody of some countries, since it looks for the noun and their adjective is another word (Poland,
Sweden, Denmark, Finland, Turkey, Spain, Switzerland, Serbia, Croatia, Slovenia, New Zealand, South Africa): they are of the
region of their neighbours where that shares their names, and of none where it doesn't.

`--half dev` counts every second person only (by the first byte of the SHA-256 of the name).
"""

import argparse
import hashlib
import pickle
import sys
import unicodedata

# Regions: the nationalities counted, as the package calls them, and the countries whose parties are of the region.
REGIONS = {
    "english": (
        "American English British Welsh Manx Irish Australian Canadian Bermudian Gibraltarian",
        "US GB IE AU CA NZ BM GI IM JE GG",
    ),
    "caribbean": ("Jamaican Bahamian Barbadian Guyanese Belizean Grenadian Vincentian Tobagonian", "JM BS BB GY BZ GD VC TT AG DM LC KN"),
    "spanish": (
        "Argentine Mexican Chilean Colombian Uruguayan Cuban Venezuelan Dominican Peruvian Paraguayan Ecuadorian Bolivian"
        " Guatemalan Salvadoran Honduran Panamanian Nicaraguan Catalan Basque Andorran",
        "ES AR MX CL CO UY CU VE DO PE PY EC BO GT SV HN PA NI CR PR AD",
    ),
    "philippine": ("Filipino", "PH"),
    "portuguese": ("Portuguese Brazilian Angolan Mozambican", "PT BR AO MZ CV GW ST TL"),
    "french": ("French Belgian Breton Haitian", "FR BE LU MC HT"),
    "german": ("German Austrian", "DE AT CH LI"),
    "dutch": ("Dutch Surinamese Aruban", "NL SR AW CW"),
    "italian": ("Italian Sammarinese Maltese", "IT SM MT VA"),
    "nordic": ("Norwegian Faroese Dane", "NO SE DK FO IS"),
    "baltic": ("Estonian Latvian Lithuanian", "EE LV LT"),
    "west_slavic": ("Czech Slovak", "CZ SK"),
    "hungarian": ("Hungarian", "HU"),
    "romanian": ("Romanian Moldovan", "RO MD"),
    "south_slavic": ("Bulgarian Macedonian Montenegrin Bosniak Slovene Serb Croat", "BG MK ME BA RS HR SI"),
    "albanian": ("Albanian", "AL XK"),
    "greek": ("Greek Cypriot", "GR CY"),
    "east_slavic": ("Russian Ukrainian Belarusian", "RU UA BY"),
    "armenian": ("Armenian", "AM"),
    "georgian": ("Georgian", "GE"),
    "azerbaijani": ("Azerbaijani Turk", "AZ"),
    "central_asian": ("Kazakh Kyrgyz Uzbek Tajik", "KZ KG UZ TJ TM"),
    "hebrew": ("Israeli", "IL"),
    "arab": (
        "Egyptian Saudi Iraqi Lebanese Syrian Emirati Qatari Palestinian Jordanian Kuwaiti Sudanese Yemeni Libyan Bahraini"
        " Omani Syriac",
        "EG SA IQ LB SY AE QA PS JO KW SD YE LY BH OM",
    ),
    "maghreb": ("Algerian Moroccan Tunisian Mauritanian", "DZ MA TN MR EH"),
    "iranian": ("Iranian", "IR"),
    "afghan": ("Afghan", "AF"),
    "pakistani": ("Pakistani", "PK"),
    "bangladeshi": ("Bangladeshi", "BD"),
    "indian": ("Indian Tamil Nepalese Mauritian Bhutanese", "IN NP LK MU BT"),
    "chinese": ("Chinese Taiwanese Singaporean", "CN TW HK MO SG"),
    "korean": ("Korean", "KR KP"),
    "japanese": ("Japanese", "JP"),
    "vietnamese": ("Vietnamese", "VN"),
    "thai": ("Thai Lao", "TH LA"),
    "burmese": ("Burmese", "MM"),
    "khmer": ("Cambodian", "KH"),
    "mongolian": ("Mongolian", "MN"),
    "malay": ("Malaysian Bruneian", "MY BN"),
    "indonesian": ("Indonesian", "ID"),
    "horn": ("Ethiopian Eritrean Somali Djiboutian", "ET ER SO DJ"),
    "east_african": ("Kenyan Ugandan Tanzanian Zambian Malawian Rwandan Burundian", "KE UG TZ ZM MW RW BI"),
    "anglo_west_african": ("Nigerian Ghanaian Liberian Gambian", "NG GH LR GM SL"),
    "franco_african": (
        "Cameroonian Senegalese Guinean Malian Burkinabé Togolese Beninese Gabonese Nigerien Chadian Congolese",
        "CM SN GN ML BF TG BJ GA NE TD CD CG CF CI",
    ),
    "southern_african": ("Namibian Botswana Swazi Sotho", "NA BW SZ LS ZA ZW"),
}

# A word counts in a region from this part of its people on, in millionths, and this many people.
LEAST_SHARE = 400
LEAST_PEOPLE = 4

LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ß": "ss", "æ": "ae", "œ": "oe", "ı": "i", "ð": "d", "þ": "th", "ə": "a"})
APOSTROPHES = str.maketrans("", "", "'`´ʻʼʽʾʿ‘’‛")


class Texts(pickle.Unpickler):
    """Reads lists, dictionaries and texts, and refuses what would run code."""

    def find_class(self, module, name):
        raise pickle.UnpicklingError(f"expected lists and texts only, found {module}.{name}")


def words(name):
    """The words of a name as the engine folds them: lower-case, without marks, parted by all else."""
    plain = unicodedata.normalize("NFKD", name.lower().translate(APOSTROPHES))
    plain = "".join(c for c in plain if not unicodedata.combining(c)).translate(LETTERS)
    found = {word for word in "".join(c if c.isalpha() else " " for c in plain).split() if len(word) > 1}
    return {word for word in found if word.isascii()}


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("pickle", type=argparse.FileType("rb"))
    options.add_argument("day", help="the day the package was read, such as 2026-12-01")
    options.add_argument("--half", choices=["dev", "held"])
    options = options.parse_args()
    people = Texts(options.pickle).load()
    region_of = {nation: region for region, (nations, _) in REGIONS.items() for nation in nations.split()}
    totals = dict.fromkeys(REGIONS, 0)
    counts = {}
    for name, nations in people.items():
        if options.half and hashlib.sha256(name.encode()).digest()[0] % 2 != ["dev", "held"].index(options.half):
            continue
        of_name = words(name)
        for region in {region_of[nation] for nation in nations if nation in region_of}:
            totals[region] += 1
            for word in of_name:
                of_word = counts.setdefault(word, {})
                of_word[region] = of_word.get(region, 0) + 1
    missing = [region for region, total in totals.items() if total < 100]
    if missing:
        sys.exit(f"{options.pickle.name}: expected a hundred people and more of every region, found fewer of {', '.join(missing)}")
    kept = {}
    for word, of_word in counts.items():
        usual = [
            (region, of_word[region])
            for region in REGIONS
            if of_word.get(region, 0) >= LEAST_PEOPLE and of_word[region] * 1_000_000 >= LEAST_SHARE * totals[region]
        ]
        if usual:
            kept[word] = usual
    codes = {region: countries.split()[0].lower() for region, (_, countries) in REGIONS.items()}
    print("# Words of people's names, and how many people of each region bear them. Made by lists/count_names.py.")
    print("# Source: titles and nationalities of the people of the English Wikipedia of 2020-06-01 (CC BY-SA 3.0), as the Python")
    print(f"# package name2nat 0.5.1 (Apache License 2.0) holds them, read {options.day}. Only words and counts are kept.")
    print("# A region is a line of its code, its people and its countries; then a line for each word.")
    for region, (_, countries) in REGIONS.items():
        print(f"{codes[region]}\t{totals[region]}\t{countries}")
    print()
    for word in sorted(kept):
        print(word + "\t" + " ".join(f"{codes[region]}{count}" for region, count in kept[word]))


if __name__ == "__main__":
    main()
