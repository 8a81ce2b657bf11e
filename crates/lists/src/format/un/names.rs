//! Splits what is in one name field of the UN list: spellings in two scripts, transliterations, an enumeration, or a
//! note about the spelling. Only where it is certain; everything else stays one spelling.

use crate::build::Spellings;
use model::entry::NameKind;

/// Adds every spelling of a field; the first keeps its kind, those beside a primary name are aliases.
pub(super) fn add(to: &mut Spellings, field: &str, kind: NameKind, weak: bool) {
    let field = to.tidy(field);
    let pieces = enumerated(&field);
    if pieces.len() > 1 {
        to.repairs.add("joined_aliases");
    }
    for (index, piece) in pieces.into_iter().enumerate() {
        one(to, piece, if index == 0 { kind } else { beside(kind) }, weak);
    }
}

/// Adds the spellings that a note gives for an alias; true when the note holds nothing else.
pub(super) fn add_noted(to: &mut Spellings, alias: &str, note: &str, weak: bool) -> bool {
    // "original script: Абу Банат", "Previously listed as. In Arabic: ..."
    if let Some((label, rest)) = note.rsplit_once(':')
        && [" script", "rabic"].iter().any(|end| label.ends_with(end))
        && side(rest) == Some(Side::Native)
    {
        to.add(rest, NameKind::Alias, weak);
        return !label.contains('.');
    }
    // Transliterations of an alias in its own script; a colon or a parenthesis would say something of them.
    if side(alias) == Some(Side::Native) && note.contains(';') && !note.contains([':', '(', ')']) {
        to.repairs.add("joined_aliases");
        for piece in note.split(';') {
            to.add(piece, NameKind::Alias, weak);
        }
        return true;
    }
    false
}

/// Adds the name in its own script; the language may follow in parentheses.
pub(super) fn add_original(to: &mut Spellings, text: &str) {
    if let Some((head, inner)) = closing_parenthesis(text)
        && side(head) == Some(Side::Native)
        && side(inner) == Some(Side::Latin)
    {
        to.repairs.add("annotation_cut");
        to.notes.push(format!("Original script: {inner}"));
        to.add(head, NameKind::Alias, false);
        return;
    }
    to.add(text, NameKind::Alias, false);
}

fn beside(kind: NameKind) -> NameKind {
    if kind == NameKind::Primary { NameKind::Alias } else { kind }
}

fn one(to: &mut Spellings, text: &str, kind: NameKind, weak: bool) {
    let text = text.trim().trim_end_matches([',', ';', ' ']);
    let bare = text.trim_start_matches([')', ' ']);
    if bare.len() < text.len() {
        to.repairs.add("leading_punctuation");
    }
    if let Some((head, inner)) = closing_parenthesis(bare) {
        let pieces = enumerated(inner);
        let first = pieces.first().map_or("", |p| without_label(p));
        if let (Some(a), Some(b)) = (side(head), side(first))
            && a != b
        {
            to.repairs.add("script_split");
            one(to, head, kind, weak);
            for piece in pieces {
                one(to, without_label(piece), beside(kind), weak);
            }
            return;
        }
        if side(head).is_some() && is_annotation(inner) {
            return annotated(to, bare, head, kind, weak);
        }
    }
    if let Some(at) = birth_tail(bare) {
        return annotated(to, bare, bare[..at].trim_end_matches([',', ' ']), kind, weak);
    }
    if let Some((head, tail)) = two_scripts(bare) {
        to.repairs.add("script_split");
        to.add_tidy(head, kind, weak);
        to.add_tidy(tail, beside(kind), weak);
        return;
    }
    to.add_tidy(bare, kind, weak);
}

/// Adds the name in front of what the list says of it, and keeps the whole in the remarks.
fn annotated(to: &mut Spellings, whole: &str, name: &str, kind: NameKind, weak: bool) {
    to.repairs.add("annotation_cut");
    to.notes.push(format!("Listed as: {whole}"));
    to.add_tidy(name, kind, weak);
}

/// The members of "A; B" and "A b) B", outside parentheses.
fn enumerated(text: &str) -> Vec<&str> {
    let bytes = text.as_bytes();
    let (mut pieces, mut start, mut depth) = (Vec::new(), 0, 0_usize);
    for (at, &byte) in bytes.iter().enumerate() {
        match byte {
            b'(' => depth += 1,
            b')' => depth = depth.saturating_sub(1),
            b';' if depth == 0 => {
                pieces.push(&text[start..at]);
                start = at + 1;
            }
            b' ' if depth == 0 && at >= start => {
                if let [b'b'..=b'z', b')', b' ', ..] = bytes[at + 1..] {
                    pieces.push(&text[start..at]);
                    // Behind blank, letter and parenthesis.
                    start = at + 3;
                }
            }
            _ => {}
        }
    }
    pieces.push(&text[start.min(text.len())..]);
    pieces.retain(|p| !p.trim().is_empty());
    pieces
}

/// "head (inner)", where the parenthesis that ends the text is the one meant.
fn closing_parenthesis(text: &str) -> Option<(&str, &str)> {
    let inner = text.strip_suffix(')')?;
    let mut depth = 1_usize;
    for (at, c) in inner.char_indices().rev() {
        match c {
            ')' => depth += 1,
            '(' => {
                depth -= 1;
                if depth == 0 {
                    let head = inner[..at].trim();
                    return (!head.is_empty()).then_some((head, inner[at + 1..].trim()));
                }
            }
            _ => {}
        }
    }
    None
}

/// A spelling without the words that say what it is.
fn without_label(text: &str) -> &str {
    let text = text.trim();
    let text = text.strip_prefix("original script:").unwrap_or(text);
    let text = text.strip_suffix("(original script)").unwrap_or(text);
    text.strip_suffix("- sub-unit name").unwrap_or(text).trim()
}

/// What the list says of a spelling begins in lower case ("birth name", "previously listed as"), or is the reference
/// of another entry; parts of names do not.
fn is_annotation(inner: &str) -> bool {
    let reference = || {
        let (head, number) = inner.split_once('.').unwrap_or_default();
        head.len() == 3 && number.len() == 3 && number.bytes().all(|b| b.is_ascii_digit())
    };
    side(inner) == Some(Side::Latin)
        && (inner.starts_with(|c: char| c.is_lowercase()) || inner.eq_ignore_ascii_case("combat name") || reference())
}

/// Where "born in Kandahar", "born 1 Jan. 1953" begins.
fn birth_tail(text: &str) -> Option<usize> {
    let at = text.find(" born ")?;
    let rest = &text[at + " born ".len()..];
    (rest.starts_with("in ") || rest.starts_with(|c: char| c.is_ascii_digit())).then_some(at)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Latin,
    Native,
}

fn side_of(c: char) -> Option<Side> {
    match c {
        'A'..='Z' | 'a'..='z' | '\u{c0}'..='\u{24f}' | '\u{1e00}'..='\u{1eff}' => Some(Side::Latin),
        // Letters that only modify: the apostrophes of transliteration.
        '\u{2b0}'..='\u{2ff}' => None,
        _ if c.is_alphabetic() => Some(Side::Native),
        _ => None,
    }
}

/// The one side that all letters of a text are on.
fn side(text: &str) -> Option<Side> {
    let mut sides = text.chars().filter_map(side_of);
    let first = sides.next()?;
    sides.all(|s| s == first).then_some(first)
}

/// "Latin native" or "native Latin", with one change of script, and that at a blank.
fn two_scripts(text: &str) -> Option<(&str, &str)> {
    let mut last: Option<Side> = None;
    let mut change = None;
    for (at, c) in text.char_indices() {
        let Some(side) = side_of(c) else { continue };
        if last.is_some_and(|l| l != side) && change.replace(at).is_some() {
            return None;
        }
        last = Some(side);
    }
    let (head, tail) = text.split_at(change?);
    (head.ends_with(' ') && !text.contains(['(', ')'])).then(|| (head.trim_end(), tail))
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::entry::EntryKind;

    fn field(text: &str) -> Vec<String> {
        let mut names = Spellings::new(EntryKind::Company);
        add(&mut names, text, NameKind::Alias, false);
        names.take().into_iter().map(|n| n.text).collect()
    }

    #[test]
    fn two_scripts_in_one_field_become_two_spellings() {
        assert_eq!(field("Abu Muhammad (original script: Абу Мухаммад)"), ["Abu Muhammad", "Абу Мухаммад"]);
        assert_eq!(field("حسن غول (Hassan Ghul; Hassan Gul)"), ["حسن غول", "Hassan Ghul", "Hassan Gul"]);
        assert_eq!(field("Agha Jan Alizai اغا جان عالیزی"), ["Agha Jan Alizai", "اغا جان عالیزی"]);
        assert_eq!(
            field("Hay’at Tahrir (HTS) (هيئة تحرير الشام (original script); Hay’at Tahrir; Tahrir al-Sham)"),
            ["Hay’at Tahrir (HTS)", "هيئة تحرير الشام", "Hay’at Tahrir", "Tahrir al-Sham"]
        );
        assert_eq!(field("شبكة (Ansar Network - sub-unit name)"), ["شبكة", "Ansar Network"]);
        // One script on both sides, or several changes: one spelling.
        assert_eq!(field("華信船務(香港)有限公司"), ["華信船務(香港)有限公司"]);
        assert_eq!(field("Lom-ali Butayev (Butaev)"), ["Lom-ali Butayev (Butaev)"]);
        assert_eq!(field("Al-Haramain (Afghanistan)"), ["Al-Haramain (Afghanistan)"]);
    }

    #[test]
    fn enumerations_are_split_outside_parentheses() {
        assert_eq!(field("M. Sabet; Mohammad Sabet b) M. Javad Sabet; J. Sabet").len(), 4);
        assert_eq!(field("CAGL AIR ; GREAT LAKES COMPANY (GLC)"), ["CAGL AIR", "GREAT LAKES COMPANY", "GLC"]);
        assert_eq!(field("Ansar (sub; unit)"), ["Ansar"]);
    }

    #[test]
    fn what_is_said_of_a_spelling_goes_to_the_remarks() {
        let mut names = Spellings::new(EntryKind::Person);
        for text in [
            "El Para (combat name)",
            "Safia Farkash, born 1 Jan. 1953 (Oman passport no.03825239, expiry 2024.)",
            "Ishaq Akhund born in 1963",
            ") Abdel al Dabissi",
            "“Caesar”",
            "SECOND ACADEMY (KPE.018)",
        ] {
            add(&mut names, text, NameKind::Alias, true);
        }
        let texts: Vec<_> = names.take().into_iter().map(|n| n.text).collect();
        let expected = ["El Para", "Safia Farkash", "Ishaq Akhund", "Abdel al Dabissi", "Caesar", "SECOND ACADEMY"];
        assert_eq!(texts, expected);
        assert_eq!(names.notes[0], "Listed as: El Para (combat name)");
        assert_eq!(names.repairs.count("annotation_cut"), 4);
    }

    #[test]
    fn notes_may_hold_spellings() {
        let mut names = Spellings::new(EntryKind::Person);
        assert!(add_noted(&mut names, "Fackih", "original script: Факих", true));
        assert!(add_noted(&mut names, "حاجى", "Hajji Khan; Haji Khan", false));
        assert!(!add_noted(&mut names, "Ri’ad", "Previously listed as. In Arabic: رياض", false));
        assert!(!add_noted(&mut names, "Khalil", "born 1972", false));
        assert!(!add_noted(&mut names, "Sayf", "DOB: 1963; POB: Egypt", false));
        let found: Vec<_> = names.take().into_iter().map(|n| (n.text, n.weak)).collect();
        let expected = [("Факих", true), ("Hajji Khan", false), ("Haji Khan", false), ("رياض", false)];
        assert_eq!(found, expected.map(|(t, w)| (t.to_owned(), w)));
        add_original(&mut names, "ፍትዊ (Tigrinya)");
        assert_eq!(names.take()[0].text, "ፍትዊ");
    }
}
