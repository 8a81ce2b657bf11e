//! Relations that running text of the UN and the EU states in a set phrase at the start of a sentence:
//! "Subsidiary of X.", "Owned by X (TAi.010)", "Associated entities: X; Y.".
//!
//! Only what can be read in one way is taken: a name alone after the phrase. Where two names are joined
//! by "and", or the sentence goes on in a way that leaves open where the name ends, the text stays text.

use model::entry::{Relation, RelationKind};

/// What a sentence begins with, whatever the case of its first letter, and how the entry relates to the party named.
/// Longer ones first: "owned or controlled by, or acts on behalf of" says less than "owned by".
const PHRASES: &[(&str, RelationKind)] = &[
    ("owned or controlled by, or acts on behalf of, ", RelationKind::LinkedTo),
    ("owned or controlled by, or acting on behalf of, ", RelationKind::LinkedTo),
    ("owned or controlled by or acting on behalf of ", RelationKind::LinkedTo),
    ("owned or controlled by ", RelationKind::SubsidiaryOf),
    ("owned and controlled by ", RelationKind::SubsidiaryOf),
    ("owned by ", RelationKind::SubsidiaryOf),
    ("subsidiary of ", RelationKind::SubsidiaryOf),
    ("branch of ", RelationKind::BranchOf),
    ("parent company: ", RelationKind::SubsidiaryOf),
    ("parent: ", RelationKind::SubsidiaryOf),
];

/// What a list of parties begins with; its items are parted by semicolons.
const LISTS: &[&str] = &["associated entities: ", "associated entity: "];

/// Where a name behind a phrase ends.
const ENDS: &[&str] = &[", ", "; ", " (", " which ", " who ", " that ", " and is ", " already ", ": "];

/// Words that end in a full stop inside a name.
const SHORTENED: &[&str] = &["co", "ltd", "inc", "corp", "dr", "st"];

/// Calls `found` with each relation that the text states; the text is on one line.
pub(crate) fn stated_relations(text: &str, mut found: impl FnMut(Relation)) {
    for sentence in starts(text) {
        let after = |phrase: &str| {
            let head = sentence.get(..phrase.len())?;
            head.eq_ignore_ascii_case(phrase).then(|| sentence[phrase.len()..].trim_start())
        };
        if let Some((rest, kind)) = PHRASES.iter().find_map(|(phrase, kind)| Some((after(phrase)?, *kind))) {
            let end = ENDS.iter().filter_map(|e| rest.find(e)).min().unwrap_or(rest.len());
            if let Some(name) = party(&rest[..end.min(full_stop(rest))]) {
                found(Relation::named(kind, name));
            }
        } else if let Some(rest) = LISTS.iter().find_map(|list| after(list)) {
            for item in rest[..full_stop(rest)].split(';') {
                let (name, said) = item.trim().split_once(" (").unwrap_or((item.trim(), ""));
                let kind = if said == "parent company)" { RelationKind::SubsidiaryOf } else { RelationKind::LinkedTo };
                // Something behind the bracket: not a name and its initials.
                if said.find(')').is_none_or(|at| at + 1 == said.len())
                    && let Some(name) = party(name)
                {
                    found(Relation::named(kind, name));
                }
            }
        }
    }
}

/// The text from the start of each sentence on.
fn starts(text: &str) -> impl Iterator<Item = &str> {
    let behind = text.match_indices(['.', ';']).filter(|(at, _)| text[at + 1..].starts_with(' '));
    std::iter::once(0).chain(behind.map(|(at, _)| at + 2)).map(|at| text[at..].trim_start())
}

/// Where the sentence ends; a full stop behind a word that is written short does not end it.
fn full_stop(text: &str) -> usize {
    let ends = |at: usize| {
        let word = text[..at].rsplit([' ', '.']).next().unwrap_or_default();
        !SHORTENED.iter().any(|s| word.eq_ignore_ascii_case(s))
    };
    let stops = text.match_indices('.').map(|(at, _)| at);
    let mut behind = stops.filter(|&at| text[at + 1..].starts_with(' ') || at + 1 == text.len());
    behind.find(|&at| ends(at)).unwrap_or(text.len())
}

/// The name, if it is nothing but one.
fn party(text: &str) -> Option<&str> {
    let name = text.trim();
    let name = name.strip_prefix("the ").or(name.strip_prefix("The ")).unwrap_or(name);
    let says_more = [" and ", " or ", ", ", "sanctioned", "designated", "listed", "http"];
    let begins = name.chars().next().is_some_and(|c| c.is_uppercase() || c.is_numeric());
    (begins && (2..=80).contains(&name.len()) && !says_more.iter().any(|w| name.contains(w))).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<(RelationKind, String)> {
        let mut all = Vec::new();
        stated_relations(text, |r| all.push((r.kind, r.name)));
        all
    }

    #[test]
    fn set_phrases_name_one_party_each() {
        use RelationKind as K;
        for (text, kind, name) in [
            ("Subsidiary of Alpha Heavy Works. Date of listing 23.5.2011.", K::SubsidiaryOf, "Alpha Heavy Works"),
            ("Makes pumps. Owned by Ahmed the Elder (TAi.010). Review pursuant", K::SubsidiaryOf, "Ahmed the Elder"),
            ("owned by JSC Alpha", K::SubsidiaryOf, "JSC Alpha"),
            ("Owned or controlled by, or acts on behalf of, ALPHA", K::LinkedTo, "ALPHA"),
            ("Owned or controlled by the Alpha Co. Ltd., which makes pumps", K::SubsidiaryOf, "Alpha Co. Ltd."),
            ("Branch of ALPHA, which produces pumps", K::BranchOf, "ALPHA"),
            ("Associated entity: JSC Alpha Concern", K::LinkedTo, "JSC Alpha Concern"),
            ("Associated entities: Alpha Works (parent company)", K::SubsidiaryOf, "Alpha Works"),
        ] {
            assert_eq!(read(text), [(kind, name.to_owned())], "{text}");
        }
        let several = read("Associated entities: Alpha Works (AW); Beta Works (BW). Website: www.example.org");
        assert_eq!(several, [(K::LinkedTo, "Alpha Works".to_owned()), (K::LinkedTo, "Beta Works".to_owned())]);
    }

    #[test]
    fn what_can_be_read_in_two_ways_stays_text() {
        for text in [
            "Owned by Alpha and Beta",
            "state-owned by law",
            "Owned or controlled by EU-sanctioned Alpha, involved in pumps",
            "a company owned by Alpha",
            "Associated entities: Alpha, Beta and Gamma",
            "Associated entities: Alpha (a) Beta (b)",
            "subsidiary of a holding",
            "Owned by ",
            "",
        ] {
            assert_eq!(read(text), [], "{text}");
        }
    }
}
