//! The tables manipulations are made from.
//!
//! They are written for the measurement and shared with nothing that is measured: an engine that took its test
//! from its own tables would pass whatever they lack.

/// Rows of the keyboard, as most of the world's shipping clerks have it.
const KEYBOARD: [&str; 3] = ["qwertyuiop", "asdfghjkl", "zxcvbnm"];

/// The neighbours of a small letter on the keyboard: beside it, above and below.
pub(super) fn neighbours(letter: char) -> Vec<char> {
    let Some((row, at)) = KEYBOARD.iter().enumerate().find_map(|(row, keys)| Some((row, keys.find(letter)?))) else {
        return Vec::new();
    };
    let key = |row: usize, at: usize| KEYBOARD.get(row).and_then(|keys| keys.chars().nth(at));
    // Each row stands half a key to the right of the one above.
    let above = row.checked_sub(1);
    [
        at.checked_sub(1).and_then(|at| key(row, at)),
        key(row, at + 1),
        above.and_then(|row| key(row, at)),
        above.and_then(|row| key(row, at + 1)),
        key(row + 1, at),
        at.checked_sub(1).and_then(|at| key(row + 1, at)),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Latin letters, and their Cyrillic twins below them.
pub(super) const CYRILLIC: [&str; 2] = ["ABCEHIJKMOPSTXYaceijopsxy", "АВСЕНІЈКМОРЅТХУасеіјорѕху"];
/// Latin letters, and their Greek twins below them.
pub(super) const GREEK: [&str; 2] = ["ABEHIKMNOPTXYZo", "ΑΒΕΗΙΚΜΝΟΡΤΧΥΖο"];

/// Latin letters and the same with a mark, as writers in other languages put it.
pub(super) const MARKED: [(char, &str); 14] = [
    ('a', "áäâãå"),
    ('c', "çčć"),
    ('d', "ď"),
    ('e', "éèëê"),
    ('g', "ğ"),
    ('i', "íïî"),
    ('l', "ĺ"),
    ('n', "ñń"),
    ('o', "óöôõ"),
    ('r', "ř"),
    ('s', "šşś"),
    ('t', "ț"),
    ('u', "úüûū"),
    ('z', "žżź"),
];

/// Letters that Unicode does not take apart into a letter and a mark.
pub(super) const UNMARKED: [(char, &str); 12] = [
    ('ø', "o"),
    ('Ø', "O"),
    ('ł', "l"),
    ('Ł', "L"),
    ('đ', "d"),
    ('Đ', "D"),
    ('ı', "i"),
    ('ß', "ss"),
    ('æ', "ae"),
    ('Æ', "AE"),
    ('œ', "oe"),
    ('ə', "e"),
];

/// Habits of romanisation: what one system writes, and what another writes for it. `^` stands for the start of a
/// word, `$` for its end.
///
/// Source: the names of the same people in English, French and German papers (Yuri, Iouri; Mahmud, Mahmoud,
/// Mahmood), the BGN/PCGN and ISO 9 systems, Hanyu pinyin and Wade-Giles.
#[rustfmt::skip]
pub(super) const HABITS: [(&str, &str); 45] = [
    ("kh", "h"), ("kh", "ch"), ("y", "i"), ("y$", "i"), ("i$", "y"), ("iy$", "y"), ("ij$", "y"), ("ph", "f"),
    ("f$", "ph"), ("ou", "u"), ("u", "ou"), ("oo", "u"), ("^ju", "dju"), ("ee", "i"), ("zh", "j"), ("dj", "j"),
    ("^ja", "dja"), ("^j", "y"), ("sh", "ch"), ("sh", "s"), ("q", "k"), ("gh", "g"), ("dh", "d"),
    ("v", "w"), ("w", "v"), ("ev$", "eff"), ("ov$", "off"), ("ya", "ia"), ("ia$", "iya"), ("yu", "iu"),
    ("^yu", "iou"), ("^ye", "e"), ("^e", "ye"), ("ks", "x"), ("x", "ks"), ("ts", "tz"), ("ei", "ai"), ("ay", "ai"),
    ("ai", "ay"), ("aa", "a"), ("eh$", "a"), ("ah$", "a"), ("ed$", "ad"), ("^al", "el"), ("^el", "al"),
];

/// English and trade words of companies' names, which nobody romanises another way.
#[rustfmt::skip]
pub(super) const ENGLISH: [&str; 96] = [
    "academy", "agency", "air", "airlines", "aerospace", "and", "association", "authority", "aviation", "bank",
    "base", "board", "branch", "brothers", "bureau", "business", "center", "central", "centre", "chemical", "china",
    "city", "commercial", "committee", "communication", "company", "complex", "construction", "consulting",
    "corporation", "defence", "defense", "department", "design", "development", "east", "electric", "electronics",
    "energy", "engineering", "enterprise", "enterprises", "equipment", "establishment", "export", "factory",
    "federal", "finance", "for", "force", "foreign", "foundation", "general", "global", "group", "heavy", "high",
    "holding", "holdings", "import", "industrial", "industries", "industry", "institute", "insurance",
    "international", "investment", "joint", "laboratory", "liability", "limited", "logistics", "management",
    "manufacturing", "marine", "maritime", "military", "ministry", "national", "oil", "organization", "petroleum",
    "plant", "production", "products", "research", "science", "scientific", "security", "services", "shipping",
    "stock", "systems", "technology", "trading", "university",
];

/// Legal forms that say the same; a company may write itself by any of a row.
pub(super) const FORMS: [&[&str]; 26] = [
    &["Co., Ltd.", "Co. Ltd", "Company Limited", "Co.,Ltd", "Co., Limited", "Company Ltd."],
    &["Ltd.", "Ltd", "Limited"],
    &["LLC", "L.L.C.", "Limited Liability Company", "OOO"],
    &["Inc.", "Inc", "Incorporated"],
    &["Corp.", "Corp", "Corporation"],
    &["JSC", "J.S.C.", "Joint Stock Company", "Joint-Stock Company", "AO"],
    &["OJSC", "Open Joint Stock Company", "OAO", "Open Joint-Stock Company"],
    &["PJSC", "Public Joint Stock Company", "PAO"],
    &["CJSC", "Closed Joint Stock Company", "ZAO"],
    &["GmbH", "G.m.b.H.", "Gesellschaft mit beschrankter Haftung"],
    &["AG", "A.G.", "Aktiengesellschaft"],
    &["S.A.", "SA", "Sociedad Anonima", "Societe Anonyme"],
    &["S.A. de C.V.", "SA de CV", "S.A. DE CV"],
    &["S. de R.L. de C.V.", "S de RL de CV"],
    &["S.A.S.", "SAS"],
    &["S.R.L.", "SRL", "S. de R.L."],
    &["SARL", "S.A.R.L."],
    &["S.p.A.", "SpA", "Societa per Azioni"],
    &["B.V.", "BV", "Besloten Vennootschap"],
    &["Ltda.", "Ltda", "Limitada"],
    &["Sdn Bhd", "Sdn. Bhd.", "Sendirian Berhad"],
    &["Pte Ltd", "Pte. Ltd.", "Private Limited"],
    &["Pvt. Ltd.", "Pvt Ltd", "(Pvt) Ltd", "(Private) Limited"],
    &["FZE", "F.Z.E.", "Free Zone Establishment"],
    &["d.o.o.", "DOO", "D.O.O."],
    &["A.S.", "AS", "Anonim Sirketi"],
];

/// Countries that write Latin letters, and whose people's names nobody romanises.
#[rustfmt::skip]
pub(super) const LATIN_COUNTRIES: [&str; 61] = [
    "AD", "AO", "AR", "AT", "AU", "BE", "BO", "BR", "BZ", "CA", "CH", "CL", "CO", "CR", "CU", "CZ", "DE", "DK", "DM",
    "DO", "EC", "EE", "ES", "FI", "FR", "GB", "GQ", "GT", "GW", "HN", "HR", "HT", "HU", "IE", "IT", "JM", "LI", "LT",
    "LU", "LV", "MT", "MX", "MZ", "NI", "NL", "NO", "NZ", "PA", "PE", "PH", "PL", "PR", "PT", "PY", "SE", "SI", "SK",
    "SV", "US", "UY", "VE",
];

/// Cyrillic letters by the BGN/PCGN 1947 system, simplified as passports have it.
#[rustfmt::skip]
pub(super) const RUSSIAN: [(char, &str); 37] = [
    ('а', "a"), ('б', "b"), ('в', "v"), ('г', "g"), ('д', "d"), ('е', "e"), ('ё', "yo"), ('ж', "zh"), ('з', "z"),
    ('и', "i"), ('й', "y"), ('к', "k"), ('л', "l"), ('м', "m"), ('н', "n"), ('о', "o"), ('п', "p"), ('р', "r"),
    ('с', "s"), ('т', "t"), ('у', "u"), ('ф', "f"), ('х', "kh"), ('ц', "ts"), ('ч', "ch"), ('ш', "sh"),
    ('щ', "shch"), ('ъ', ""), ('ы', "y"), ('ь', ""), ('э', "e"), ('ю', "yu"), ('я', "ya"), ('і', "i"), ('ї', "yi"),
    ('є', "ye"), ('ў', "w"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn twins_stand_one_below_the_other() {
        for [latin, twins] in [CYRILLIC, GREEK] {
            assert_eq!(latin.chars().count(), twins.chars().count());
            assert!(latin.is_ascii() && twins.chars().all(|c| !c.is_ascii()));
        }
    }

    #[test]
    fn neighbours_are_near() {
        assert_eq!(neighbours('g'), ['f', 'h', 't', 'y', 'b', 'v']);
        assert!(neighbours('q').contains(&'a') && neighbours('m').contains(&'n'));
    }
}
