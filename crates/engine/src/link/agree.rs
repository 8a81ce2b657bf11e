//! What two entries have in common and what contradicts, to decide whether they list one party.

use super::reason::Agreement;
use model::entry::{Entry, EntryKind, IdentifierType, Name, NameKind};
use std::collections::BTreeSet;
use text::{Folded, Reading};

/// The kind of a group with entries of these two kinds; `None` when they cannot be one party.
pub(super) fn common_kind(a: EntryKind, b: EntryKind) -> Option<EntryKind> {
    match (a, b) {
        (EntryKind::Unknown, known) | (known, EntryKind::Unknown) => Some(known),
        _ => (a == b).then_some(a),
    }
}

/// The type as which numbers of this type are compared, if every number has one holder: lists give INN and OGRN under
/// the general types too.
pub(super) fn belongs_to_one(kind: IdentifierType) -> Option<IdentifierType> {
    use IdentifierType as T;
    match kind {
        T::Imo | T::Uscc | T::Lei | T::Passport => Some(kind),
        T::Inn | T::Tax => Some(T::Tax),
        T::Ogrn | T::Registration => Some(T::Registration),
        _ => None,
    }
}

/// Number types of which a party has one, so that another one is another party. Ships keep their IMO number; companies
/// have one code. Tax and registration numbers differ by country and register.
const ONE_EACH: [IdentifierType; 5] =
    [IdentifierType::Imo, IdentifierType::Uscc, IdentifierType::Lei, IdentifierType::Inn, IdentifierType::Ogrn];

/// Whether the entries cannot be one party: other kinds, other numbers of a type of which a party has one, or other
/// years of birth.
pub(super) fn contradict(a: &Entry, b: &Entry) -> bool {
    if common_kind(a.kind, b.kind).is_none() || has_no_name(a.kind) || has_no_name(b.kind) {
        return true;
    }
    ONE_EACH.into_iter().any(|kind| {
        let of = |e: &Entry| -> Vec<String> {
            let values = e.identifiers.iter().filter(|i| i.kind == kind);
            values.map(|i| i.value.chars().filter(|c| c.is_alphanumeric()).collect()).collect()
        };
        let (ours, theirs) = (of(a), of(b));
        !ours.is_empty() && !theirs.is_empty() && ours.iter().all(|v| !theirs.contains(v))
    }) || births_differ(a, b)
}

fn has_no_name(kind: EntryKind) -> bool {
    matches!(kind, EntryKind::Address | EntryKind::Category)
}

/// Whether the name is no weak one and no acronym, which several parties may share.
pub(super) fn identifies_party(name: &Name) -> bool {
    !name.weak && name.kind != NameKind::Acronym
}

/// Writes the words in alphabetical order, so that "DOE, John" and "John Doe" are one name.
pub(super) fn sorted_words(folded: &Folded, key: &mut String) {
    key.clear();
    let mut words: Vec<&str> = folded.tokens().iter().map(|t| folded.text(*t)).collect();
    words.sort_unstable();
    for word in words {
        if !key.is_empty() {
            key.push(' ');
        }
        key.push_str(word);
    }
}

/// Whether the entries have a name in common, whatever the order of its words.
pub(super) fn shares_name(a: &Entry, b: &Entry) -> bool {
    let keys = |e: &Entry| -> BTreeSet<String> {
        let names = e.names.iter().filter(|n| identifies_party(n));
        names
            .map(|n| {
                let mut key = String::new();
                sorted_words(&Folded::of(&n.text, Reading::Plain), &mut key);
                key
            })
            .collect()
    };
    !keys(a).is_disjoint(&keys(b))
}

/// What agrees beside a name that both entries have; `None` when that is too little.
pub(super) fn agreement(a: &Entry, b: &Entry, names: (&Name, &Name)) -> Option<Agreement> {
    let primaries = [names.0, names.1].into_iter().filter(|n| n.kind == NameKind::Primary).count();
    if [a.kind, b.kind].into_iter().any(|k| matches!(k, EntryKind::Vessel | EntryKind::Aircraft)) {
        return None;
    }
    let folded = Folded::of(&names.0.text, Reading::Plain);
    let (words, letters) = (folded.tokens().len(), folded.squeezed().chars().count());
    if a.list == b.list {
        // Namesakes on one list are two parties to its publisher, unless the entries agree in more.
        return if primaries < 2 {
            None
        } else if shares_address(a, b) {
            Some(Agreement::Address)
        } else {
            shares_citation(a, b).then_some(Agreement::Citation)
        };
    }
    let shares_country = a.all_countries().any(|c| b.all_countries().any(|d| c == d));
    if a.kind == EntryKind::Person || b.kind == EntryKind::Person {
        return if words >= 2 && births_agree(a, b) {
            Some(Agreement::Birth)
        } else {
            (words >= 3 && letters >= 14 && shares_country).then_some(Agreement::Country)
        };
    }
    let is_specific = match (primaries, a.kind, b.kind) {
        // A short alias in common may be the brand of a group; a whole company name has one holder.
        (0, ..) => words >= 4 && letters >= 20,
        // Entries of unknown kind may be persons, whose short names many share.
        (_, EntryKind::Unknown, EntryKind::Unknown) => letters >= 10 || (words >= 3 && letters >= 8),
        (2, ..) => true,
        _ => letters >= 8,
    };
    if is_specific && shares_country {
        return Some(Agreement::Country);
    }
    let says_country = |e: &Entry| e.all_countries().next().is_some();
    (primaries > 0 && words >= 2 && letters >= 16 && !(says_country(a) && says_country(b)))
        .then_some(Agreement::LongName)
}

fn shares_address(a: &Entry, b: &Entry) -> bool {
    let of = |e: &Entry| -> Vec<String> {
        let texts = e.addresses.iter().map(|a| Folded::of(&a.text, Reading::Plain).squeezed().to_owned());
        texts.filter(|t| t.len() >= 10).collect()
    };
    let theirs = of(b);
    of(a).iter().any(|t| theirs.contains(t))
}

/// Whether both cite one page of the Federal Register or one regulation.
pub fn shares_citation(a: &Entry, b: &Entry) -> bool {
    let of = |e: &Entry| -> Vec<String> { e.citations.iter().map(|c| page(c)).filter(|c| c.len() >= 5).collect() };
    let theirs = of(b);
    of(a).iter().any(|c| theirs.contains(c))
}

/// "85 FR 83420, 12/22/20" is the page "85 FR 83420".
fn page(citation: &str) -> String {
    let head = citation.split(',').next().unwrap_or_default();
    head.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The years and whole days that births name.
fn births(entry: &Entry) -> impl Iterator<Item = (&str, Option<&str>)> {
    entry.births.iter().filter_map(|text| {
        let year = text.as_bytes().windows(4).position(|w| w.iter().all(u8::is_ascii_digit))?;
        let day = text.get(year..year + 10).filter(|d| d.as_bytes()[4] == b'-' && d.as_bytes()[7] == b'-');
        Some((text.get(year..year + 4)?, day))
    })
}

fn births_agree(a: &Entry, b: &Entry) -> bool {
    births(a).any(|(year, day)| {
        births(b).any(|(other, other_day)| match (day, other_day) {
            (Some(day), Some(other_day)) => day == other_day,
            _ => year == other,
        })
    })
}

/// Whether both entries say when the party was born, and no year of one is near a year of the other.
fn births_differ(a: &Entry, b: &Entry) -> bool {
    let years = |e: &Entry| births(e).filter_map(|(year, _)| year.parse().ok()).collect::<Vec<i32>>();
    let (ours, theirs) = (years(a), years(b));
    !ours.is_empty() && !theirs.is_empty() && ours.iter().all(|y| theirs.iter().all(|t| (y - t).abs() > 1))
}

/// The entry's permanent reference of the UN Security Council, such as QDi.012, where it cites just one.
pub(super) fn un_reference(entry: &Entry) -> Option<String> {
    let mut found = BTreeSet::new();
    let texts = entry.citations.iter().map(String::as_str).chain(entry.identifiers.iter().map(|i| i.value.as_str()));
    for text in texts {
        references(text, |_, reference| {
            found.insert(reference.to_owned());
        });
    }
    if found.is_empty() {
        // Remarks name relatives and partners too; an entry's own reference is marked.
        references(&entry.remarks, |before, reference| {
            let marker = before.rsplit([';', '.']).next().unwrap_or_default();
            let marker: String = marker.chars().filter(char::is_ascii_alphabetic).collect();
            if ["unref", "un", "unreference", "unreferencenumber", "unsc", "unlistingreference"]
                .contains(&marker.to_ascii_lowercase().as_str())
            {
                found.insert(reference.to_owned());
            }
        });
    }
    (found.len() == 1).then(|| found.pop_first()).flatten()
}

/// Calls `see` with what stands before each text of the form QDi.012, and with that text.
fn references<'a>(text: &'a str, mut see: impl FnMut(&'a str, &'a str)) {
    let bytes = text.as_bytes();
    for (at, window) in bytes.windows(7).enumerate() {
        let fits = window[..2].iter().all(u8::is_ascii_uppercase)
            && matches!(window[2], b'i' | b'e')
            && window[3] == b'.'
            && window[4..].iter().all(u8::is_ascii_digit);
        let begins = at == 0 || !bytes[at - 1].is_ascii_alphanumeric();
        let ends = bytes.get(at + 7).is_none_or(|b| !b.is_ascii_alphanumeric());
        if fits && begins && ends {
            see(&text[..at], &text[at..at + 7]);
        }
    }
}
