#!/usr/bin/env python3
"""Writes lists/country_names.txt: names of countries in many languages.

The names are those of the Unicode Common Locale Data Repository (CLDR), under the Unicode licence in
lists/LICENSE.unicode, as the package babel carries them; the forms of EXTRA are written here, from general knowledge of how
documents write countries. Run it with a Python that has babel 2.19:

    python3 lists/country_names.py > lists/country_names.txt

A line is a country: its code, the names of the languages that party cells are read in, and the names of others; fields are
separated by tabs, names by semicolons. Names of fewer than four plain letters are left out, because they are too often
something else.
"""

import re
import sys

import babel
from babel import Locale

# Languages in which a party cell is read.
READ = ["es", "pt", "fr", "de", "it", "tr", "ru", "ar", "zh", "zh_Hant"]
# Languages in which a field that holds a country is read as well.
OTHERS = [
    "az", "be", "bg", "cs", "da", "el", "et", "fa", "fi", "he", "hr", "hu", "hy", "id", "ja", "ka", "kk", "ko", "ky", "lt", "lv",
    "nb", "nl", "pl", "ro", "sk", "sl", "sr", "sr_Latn", "sv", "uk", "uz", "vi",
]
# Long and everyday forms that CLDR does not give as the name of a country.
EXTRA = {
    "AE": ["ОАЭ", "EAU", "E.A.U.", "VAE", "BAE", "阿联酋", "阿聯酋", "الإمارات", "Emiratos Árabes", "Emirados Árabes", "Emirats"],
    "BA": ["Bosnien", "Bósnia", "Bosnie", "Босния"],
    "BY": ["Республика Беларусь", "Белоруссия", "República de Belarús", "Bielorrusia", "Bielorrússia", "Biélorussie",
           "Weißrussland", "Weissrussland", "Bielorussia", "Беларусь", "روسيا البيضاء", "白俄罗斯共和国"],
    "CD": ["ДР Конго", "RD Congo", "RDC"],
    "CH": ["Швейцарская Конфедерация"],
    "CI": ["Costa de Marfil", "Costa do Marfim", "Elfenbeinküste", "Fildişi Sahili", "Берег Слоновой Кости"],
    "CN": ["КНР", "Китайская Народная Республика", "中华人民共和国", "中華人民共和國", "中国大陆", "中國大陸", "República Popular China",
           "República Popular da China", "République populaire de Chine", "Volksrepublik China", "Repubblica Popolare Cinese",
           "Çin Halk Cumhuriyeti", "جمهورية الصين الشعبية"],
    "CU": ["República de Cuba", "Республика Куба"],
    "CZ": ["República Checa", "República Tcheca", "République tchèque", "Tschechische Republik", "Repubblica Ceca",
           "Çek Cumhuriyeti", "Чешская Республика"],
    "DE": ["ФРГ", "Bundesrepublik Deutschland", "República Federal de Alemania", "Federal Almanya"],
    "GB": ["Великобритания", "Соединённое Королевство", "Англия", "Gran Bretaña", "Grã-Bretanha", "Grande-Bretagne",
           "Großbritannien", "Gran Bretagna", "İngiltere", "Büyük Britanya", "Inglaterra", "Angleterre", "بريطانيا", "大不列颠"],
    "HK": ["香港", "中国香港", "中國香港", "Гонконг", "هونغ كونغ", "홍콩"],
    "IR": ["Исламская Республика Иран", "ИРИ", "República Islámica de Irán", "República Islâmica do Irã", "Irão",
           "République islamique d'Iran", "Islamische Republik Iran", "Repubblica Islamica dell'Iran",
           "İran İslam Cumhuriyeti", "جمهورية إيران الإسلامية", "جمهوری اسلامی ایران", "伊朗伊斯兰共和国"],
    "KG": ["Киргизская Республика", "Киргизия", "Кыргызская Республика", "Кыргызстан", "Kirguistán", "Kirghizistan"],
    "KP": ["КНДР", "Северная Корея", "Corea del Norte", "RPD de Corea", "República Popular Democrática de Corea", "RPDC",
           "Corée du Nord", "Nordkorea", "朝鲜民主主义人民共和国", "朝鮮", "北朝鮮", "북한", "조선민주주의인민공화국"],
    "KR": ["Республика Корея", "Южная Корея", "República de Corea", "République de Corée", "Republik Korea", "韩国", "韓國", "대한민국"],
    "KZ": ["Республика Казахстан"],
    "LA": ["Лаосская Народно-Демократическая Республика"],
    "MD": ["Молдавия", "Республика Молдова", "Moldavia", "Moldávia", "Moldavie", "Moldawien"],
    "MM": ["Бирма", "Birmania", "Birmânia", "Birmanie", "Birma"],
    "MO": ["澳门", "澳門", "中国澳门", "Макао", "ماكاو"],
    "NL": ["Holanda", "Pays Bas", "Hollande", "Olanda", "Hollanda", "Голландия", "荷兰王国"],
    "PS": ["Palestina", "Палестина", "Filistin", "Palästina", "فلسطين", "غزة", "قطاع غزة", "巴勒斯坦", "Cisjordania", "Gaza"],
    "RU": ["РФ", "Российская Федерация", "Russische Föderation", "Federación de Rusia", "Federación Rusa", "Federação Russa",
           "Federação da Rússia", "Fédération de Russie", "Federazione Russa", "Rusya Federasyonu", "Rossiya", "Rossija",
           "Rußland", "الاتحاد الروسي", "روسيا الاتحادية", "俄罗斯联邦", "俄羅斯聯邦", "俄国", "俄國"],
    "SY": ["САР", "Сирийская Арабская Республика", "República Árabe Siria", "República Árabe da Síria",
           "République arabe syrienne", "Arabische Republik Syrien", "Suriye Arap Cumhuriyeti", "الجمهورية العربية السورية", "سورية"],
    "TR": ["Турецкая Республика", "Türkiye Cumhuriyeti", "Turquia", "Turquie"],
    "TW": ["台湾", "臺灣", "台灣", "中国台湾", "Тайвань", "Formosa"],
    "UA": ["Украина", "Україна"],
    "US": ["США", "Соединённые Штаты Америки", "Estados Unidos de América", "EE.UU.", "EEUU", "EUA", "États-Unis d'Amérique",
           "Vereinigte Staaten von Amerika", "Stati Uniti d'America", "Amerika Birleşik Devletleri",
           "الولايات المتحدة الأمريكية", "美利坚合众国", "Amerika"],
    "UZ": ["Республика Узбекистан"],
    "VE": ["República Bolivariana de Venezuela"],
    "VN": ["СРВ", "Vietnã"],
    "ZA": ["ЮАР", "Sudáfrica"],
}
# Also names of people, towns, streets and firms: not looked for in cells.
AMBIGUOUS = {
    "granada", "maurice", "amerika", "formosa", "kuba", "gaza", "dominica", "dominique", "islandia", "salvador", "georgie",
    "georgien", "maurizio", "santa lucia", "santa helena", "san martin", "sao martinho", "sint maarten", "saint martin",
    "monaco", "jordania", "giordania", "norfolk", "emirats", "rdc", "man", "oman", "inde", "mali", "turks", "guam", "reunion",
    "la reunion", "barbados", "martinique", "martinica", "martinik", "bermuda", "bermudes", "curazao", "samoa", "palau",
}


def is_latin(text):
    return all(ord(c) < 0x250 or 0x1E00 <= ord(c) <= 0x1EFF for c in text if c.isalpha())


def forms(name):
    """The name, and without what stands in brackets."""
    yield name
    bare = re.sub(r"\s*[(（].*?[)）]", "", name).strip()
    if bare:
        yield bare


def is_kept(name):
    letters = sum(c.isalpha() for c in name)
    # "Irã", "Çin": three letters, one of which is rarely another word's.
    least = 2 if not is_latin(name) else 4 if name.isascii() else 3
    return letters >= least and not re.search(r"[;\t\n]", name)


def main():
    codes = sorted(c for c in Locale("en").territories if re.fullmatch("[A-Z]{2}", c))
    not_countries = {"AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ"}
    print("# Names of countries in many languages; see lists/country_names.py, which writes this file.")
    print(f"# Source: Unicode CLDR as of babel {babel.__version__}, licence in lists/LICENSE.unicode; some forms written here.")
    for code in codes:
        if code in not_countries:
            continue
        seen = set()
        columns = ([], [])
        def take(name, column):
            for form in forms(name):
                if is_kept(form) and form not in seen:
                    seen.add(form)
                    is_plain = form.lower() not in AMBIGUOUS
                    columns[column if is_plain else 1].append(form)
        for language in READ:
            take(Locale.parse(language).territories.get(code, ""), 0)
        for name in EXTRA.get(code, []):
            take(name, 0)
        for language in OTHERS:
            take(Locale.parse(language).territories.get(code, ""), 1)
        print("\t".join([code, "; ".join(columns[0]), "; ".join(columns[1])]))
    sys.stdout.flush()


if __name__ == "__main__":
    main()
