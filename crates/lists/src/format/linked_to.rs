//! Parties that the remarks of US lists name: "(Linked To: HAMAS)", "Linked To: MAHAN AIR".

use crate::build::EntryBuilder;
use model::entry::{Relation, RelationKind};

const MARK: &str = "Linked To:";

/// Adds every party that the remarks link the entry to.
pub(super) fn add_linked(one: &mut EntryBuilder, remarks: &str) {
    for (at, _) in remarks.match_indices(MARK) {
        let rest = &remarks[at + MARK.len()..];
        let bracketed = remarks[..at].ends_with('(');
        let end = if bracketed { closing(rest) } else { rest.find("; ").unwrap_or(rest.len()) };
        let name = rest[..end].trim();
        let name = if bracketed { name } else { without_stop(name) };
        add_party(one, RelationKind::LinkedTo, name);
    }
}

/// Adds a party by name, where there is one, each once.
pub(super) fn add_party(one: &mut EntryBuilder, kind: RelationKind, name: &str) {
    let name = name.trim();
    if !name.is_empty() {
        one.related(Relation::named(kind, name));
    }
}

/// Where the bracket that was open before the text closes.
fn closing(text: &str) -> usize {
    let mut depth = 0_usize;
    for (at, c) in text.char_indices() {
        match c {
            '(' => depth += 1,
            ')' if depth == 0 => return at,
            ')' => depth -= 1,
            _ => {}
        }
    }
    text.len()
}

/// The full stop of the remarks is not part of a name, that of "S.A." is.
fn without_stop(name: &str) -> &str {
    match name.strip_suffix('.') {
        Some(head) if head.len() < 2 || !head[..head.len() - 1].ends_with(['.', ' ']) || !head.is_ascii() => head,
        _ => name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::entry::EntryKind;

    fn linked(remarks: &str) -> Vec<String> {
        let mut one = EntryBuilder::new("us-ofac-sdn", "1", EntryKind::Company, 1);
        add_linked(&mut one, remarks);
        one.entry.relations.iter().map(|r| r.name.clone()).collect()
    }

    #[test]
    fn parties_are_found_in_both_ways_of_writing() {
        assert_eq!(linked("All offices. (Linked To: ALPHA (HK) LTD) (Linked To: BETA)"), ["ALPHA (HK) LTD", "BETA"]);
        assert_eq!(linked("MMSI 1; Linked To: GALAPAGOS S.A.; Linked To: MAHAN AIR."), ["GALAPAGOS S.A.", "MAHAN AIR"]);
        assert_eq!(linked("nothing"), [""; 0]);
        assert_eq!(linked("(Linked To:"), [""; 0]);
    }
}
