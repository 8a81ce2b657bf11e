//! Finds, inside a listed name, what is not the name: aliases, what else the entry covers, remarks, a place. Pure text; `name_repair` decides, cuts and counts.

use model::country::Country;
use model::entry::{Address, NameKind};

/// Words that announce another name. Plain words do so only inside brackets: "YK-AKA" is a name.
const MARKERS: &[(&str, NameKind, bool)] = &[
    ("a.k.a.", NameKind::Alias, true),
    ("f.k.a.", NameKind::Former, true),
    ("n.k.a.", NameKind::Alias, true),
    ("a/k/a", NameKind::Alias, true),
    ("f/k/a", NameKind::Former, true),
    ("d/b/a", NameKind::Alias, true),
    ("also known as", NameKind::Alias, false),
    ("formerly known as", NameKind::Former, false),
    ("formerly", NameKind::Former, false),
    ("aka", NameKind::Alias, false),
    ("fka", NameKind::Former, false),
];

/// The name without what follows a marker, and the names that followed it.
pub(super) fn also_known_as(text: &str) -> Option<(String, Vec<(String, NameKind)>)> {
    for (open, close) in [('(', ')'), ('[', ']')] {
        for (start, _) in text.match_indices(open) {
            let inner = &text[start + 1..];
            if let Some((rest, kind)) = after_marker(inner, false) {
                let end = closing(inner, open, close).unwrap_or(inner.len());
                let names = &rest[..rest.len() - (inner.len() - end)];
                let tail = inner.get(end + 1..).unwrap_or_default();
                let outer = format!("{} {}", text[..start].trim_end(), tail.trim_start());
                return Some((outer.trim().to_owned(), pieces(names, kind, open == '[')));
            }
        }
    }
    // Outside brackets only the dotted forms, at the start or behind a blank; each has its mark behind one letter.
    let bytes = text.as_bytes();
    let may_begin = |at: usize| (at == 0 || bytes[at - 1] == b' ') && matches!(bytes.get(at + 1), Some(b'.' | b'/'));
    for at in (0..bytes.len()).filter(|&at| may_begin(at) && bytes[at].is_ascii()) {
        if let Some((rest, kind)) = after_marker(&text[at..], true) {
            let outer = text[..at].trim_end_matches([' ', ',']).to_owned();
            return Some((outer, pieces(rest, kind, false)));
        }
    }
    None
}

/// What follows a marker at the start of the text.
fn after_marker(text: &str, dotted_only: bool) -> Option<(&str, NameKind)> {
    let (rest, kind) = MARKERS.iter().find_map(|&(marker, kind, dotted)| {
        let head = text.get(..marker.len())?;
        let rest = &text[marker.len()..];
        let ends = dotted || rest.starts_with([' ', ',', ':']);
        (head.eq_ignore_ascii_case(marker) && ends && (dotted || !dotted_only)).then_some((rest, kind))
    })?;
    let rest = rest.trim_start_matches([' ', ',', ':']);
    (!rest.is_empty()).then_some((rest, kind))
}

/// Where the bracket before `text` closes.
fn closing(text: &str, open: char, close: char) -> Option<usize> {
    let mut depth = 0_usize;
    for (at, c) in text.char_indices() {
        if c == open {
            depth += 1;
        } else if c == close {
            if depth == 0 {
                return Some(at);
            }
            depth -= 1;
        }
    }
    None
}

/// The names behind a marker, split at ";"; in square brackets at "," as well, where every piece has several words
/// and so none can be the ", Inc." of its neighbour.
fn pieces(text: &str, kind: NameKind, at_commas: bool) -> Vec<(String, NameKind)> {
    let commas: Vec<&str> = text.split(", ").collect();
    let split = if at_commas && commas.iter().all(|p| p.split_whitespace().count() > 1) {
        commas
    } else {
        text.split(';').collect()
    };
    split.into_iter().map(str::trim).filter(|p| !p.is_empty()).map(|p| (p.to_owned(), kind)).collect()
}

/// Where the name ends and a set phrase begins that says what else the entry covers: ", and its sub-units and
/// successors", or ", including ... wherever located".
pub(super) fn covering_tail(text: &str) -> Option<usize> {
    if let Some(at) = text.find(", including ")
        && text[at..].contains("wherever located")
    {
        return Some(at);
    }
    let at = text.rfind(" and any ").or_else(|| text.rfind(" and its ")).or_else(|| text.rfind(" and all "))?;
    let mut covers = false;
    for word in text[at..].split([' ', ',']).filter(|w| !w.is_empty()) {
        match word {
            "successor" | "successors" | "sub-unit" | "sub-units" | "subunit" | "subunits" | "subsidiary"
            | "subsidiaries" | "affiliates" => covers = true,
            "and" | "any" | "its" | "all" | "or" | "thereof" => {}
            _ => return None,
        }
    }
    covers.then(|| text[..at].trim_end_matches([',', ' ']).len())
}

/// The name without a bracket at its end that says what the party is, and that bracket.
pub(super) fn annotation(text: &str) -> Option<(String, String)> {
    let (open, close) = if text.ends_with(')') {
        ('(', ')')
    } else if text.ends_with(']') {
        ('[', ']')
    } else {
        return None;
    };
    let start = text
        .match_indices(open)
        .map(|(at, _)| at)
        .find(|&at| closing(&text[at + 1..], open, close).is_some_and(|end| at + 1 + end + 1 == text.len()))?;
    let inner = &text[start + 1..text.len() - 1];
    let says = inner.starts_with("a subordinate ")
        || inner.starts_with("Parent Organization:")
        || inner.starts_with("See alternate address")
        || inner.ends_with(" individual")
        || inner.contains(" individual in ")
        || inner.ends_with(" Official");
    let rest = text[..start].trim_end();
    if !says || rest.is_empty() {
        return None;
    }
    // One annotation may follow another.
    Some(annotation(rest).map_or_else(|| (rest.to_owned(), inner.to_owned()), |(rest, _)| (rest, inner.to_owned())))
}

/// Parent, part, and whether the entry lists the parent as well, where it names a part under its parent.
pub(super) fn split_parent(text: &str) -> Option<(&str, &str, bool)> {
    const MARKS: &[(&str, bool)] = &[
        (". Affiliated Entity:", false),
        (". Subordinate Institution -", false),
        (". Subordinate Institution:", false),
        (" entity:", false),
        (" subordinate institution:", false),
        (", and subordinate entity ", true),
    ];
    MARKS.iter().find_map(|&(mark, both)| {
        let (parent, part) = text.split_once(mark)?;
        let (parent, part) = (parent.trim(), part.trim());
        match (parent.is_empty() || part.is_empty(), is_generic(part)) {
            (false, false) => Some((parent, part, both)),
            // Where the parent is listed too, it is what can be screened for.
            (false, true) if both => Some((part, parent, false)),
            _ => None,
        }
    })
}

/// Whether a part's name says nothing without its parent's: "699 Factory", "Second Design Department".
fn is_generic(part: &str) -> bool {
    const WORDS: &[&str] = &[
        "Academy",
        "Bureau",
        "Center",
        "Department",
        "Design",
        "Factory",
        "First",
        "Institute",
        "Plant",
        "Research",
        "Second",
        "Third",
    ];
    part.starts_with("Nuclear reactors")
        || part.split_whitespace().all(|w| w.starts_with(|c: char| c.is_ascii_digit()) || WORDS.contains(&w))
}

/// Where the legal form ends, when only places follow it that the entry's own addresses hold.
pub(super) fn place_tail(text: &str, addresses: &[Address]) -> Option<usize> {
    let mut from = 0;
    let mut cut = None;
    for piece in text.split(", ") {
        let end = from + piece.len();
        let last = piece.rsplit(' ').next().unwrap_or_default();
        if is_legal_form(last) {
            cut = Some(end);
        }
        from = end + 2;
    }
    let cut = cut?;
    let tail = text.get(cut + 2..)?;
    let confirmed = tail.split(", ").any(|piece| is_place_of(piece, addresses));
    let certain = confirmed && tail.split(", ").all(|p| is_place_of(p, addresses) || is_province_of(p, addresses));
    certain.then_some(cut)
}

fn is_place_of(piece: &str, addresses: &[Address]) -> bool {
    if piece.is_empty() || piece.chars().any(|c| c.is_ascii_digit()) {
        return false;
    }
    let country = Country::parse(piece);
    addresses.iter().any(|a| {
        (country.is_some() && country == a.country) || a.text.split([',', '.']).any(|part| alike(part.trim(), piece))
    })
}

/// Whether two places are written alike; "?" stands for a character that was lost.
fn alike(known: &str, piece: &str) -> bool {
    known.chars().count() == piece.chars().count()
        && known.chars().zip(piece.chars()).all(|(a, b)| b == '?' || a.eq_ignore_ascii_case(&b))
}

/// A province behind its city, which the addresses of such entries leave out. Only entries from China do this.
fn is_province_of(piece: &str, addresses: &[Address]) -> bool {
    const PROVINCES: &[&str] = &[
        "Anhui",
        "Fujian",
        "Gansu",
        "Guangdong",
        "Guangxi",
        "Guizhou",
        "Hainan",
        "Hebei",
        "Heilongjiang",
        "Henan",
        "Hubei",
        "Hunan",
        "Inner Mongolia",
        "Jiangsu",
        "Jiangxi",
        "Jilin",
        "Liaoning",
        "Ningxia",
        "Qinghai",
        "Shaanxi",
        "Shandong",
        "Shanxi",
        "Sichuan",
        "Tibet",
        "Xinjiang",
        "Yunnan",
        "Zhejiang",
    ];
    let china = Country::from_code("CN");
    PROVINCES.contains(&piece) && addresses.iter().any(|a| a.country == china)
}

fn is_legal_form(word: &str) -> bool {
    const FORMS: &[&str] =
        &["ltd", "limited", "inc", "incorporated", "llc", "corp", "corporation", "gmbh", "jsc", "oao", "ooo", "plc"];
    let word = word.trim_end_matches('.');
    FORMS.iter().any(|f| word.eq_ignore_ascii_case(f))
}
