//! A listed name written another way: what typists, forms, registries and evaders make of it.
//!
//! Each function answers `None` where the manipulation does not apply or would change nothing.

use super::choice::Choice;
use super::kind::Kind;
use super::letters;
use super::words::{self, Romanised};
use model::entry::{Entry, EntryKind};

/// Characters of a line, as the address lines of trade messages have it.
pub(super) const LINE: usize = 35;

/// The name of an entry as `kind` writes it.
pub(super) fn written(
    kind: Kind,
    name: &str,
    of: &Entry,
    romanised: &Romanised,
    choice: &mut Choice,
) -> Option<String> {
    let is_person = of.kind == EntryKind::Person;
    let is_company = matches!(of.kind, EntryKind::Company | EntryKind::Unknown);
    let written = match kind {
        Kind::Verbatim => return Some(name.to_owned()),
        Kind::NativeScript => return letters::is_native(name).then(|| name.to_owned()),
        Kind::Typo => letters::typo(name, choice),
        Kind::Drop => letters::drop(name, choice),
        Kind::Swap => letters::swap(name, choice),
        Kind::Double => letters::double(name, choice),
        Kind::VowelSwap => letters::vowel(name, choice),
        Kind::StrayBlank => letters::blank(name, choice),
        Kind::Glued => words::glued(name, choice),
        Kind::Order if is_person => words::turned(name),
        Kind::Order => words::exchanged(name, choice),
        Kind::Initials => is_person.then(|| words::initials(name, choice)).flatten(),
        Kind::LegalFormDropped => is_company.then(|| words::without_form(name)).flatten(),
        Kind::LegalFormChanged => is_company.then(|| words::other_form(name, choice)).flatten(),
        Kind::Punctuation => words::punctuation(name, choice),
        Kind::Diacritics => letters::diacritics(name, choice),
        Kind::LookAlikes => letters::look_alikes(name, choice),
        Kind::Romanisation if letters::is_native(name) => Some(letters::romanised(name)),
        Kind::Romanisation => words::romanisation(name, of, romanised, choice),
        Kind::LineBreak => (name.chars().count() > LINE).then(|| wrapped(name)),
    };
    written.filter(|w| w != name && w.chars().any(char::is_alphanumeric))
}

/// The text in lines of [`LINE`] characters, broken wherever that falls.
fn wrapped(text: &str) -> String {
    let all: Vec<char> = text.chars().collect();
    all.chunks(LINE).map(|line| line.iter().collect::<String>()).collect::<Vec<_>>().join("\n")
}

/// A goods line that carries `name`, at a blank of the line chosen at random.
pub(super) fn carried(line: &str, name: &str, choice: &mut Choice) -> String {
    let (before, after) = cut(line, choice);
    joined(before, name, after)
}

/// A goods line in lines of [`LINE`] characters of which one ends inside `name`; `None` for a name of one letter.
pub(super) fn broken(line: &str, name: &str, choice: &mut Choice) -> Option<String> {
    let letters: Vec<char> = name.chars().collect();
    if letters.len() < 2 {
        return None;
    }
    let at = 1 + choice.below(letters.len().min(LINE) - 1);
    let (before, after) = cut(line, choice);
    // As many words before the name as its first line has room for.
    let room = LINE.saturating_sub(at + 1);
    let mut start = before.len();
    for (byte, _) in before.char_indices().rev() {
        let is_word = byte == 0 || before[..byte].ends_with(' ');
        if before[byte..].chars().count() > room {
            break;
        }
        if is_word {
            start = byte;
        }
    }
    let first = joined(&before[start..], &letters[..at].iter().collect::<String>(), "");
    let rest = joined("", &letters[at..].iter().collect::<String>(), after);
    Some(format!("{first}\n{}", wrapped(&rest)))
}

fn cut<'a>(line: &'a str, choice: &mut Choice) -> (&'a str, &'a str) {
    let line = line.trim();
    let mut places = vec![0, line.len()];
    places.extend(line.match_indices(' ').map(|(at, _)| at));
    let at = places[choice.below(places.len())];
    (line[..at].trim(), line[at..].trim())
}

fn joined(before: &str, name: &str, after: &str) -> String {
    [before, name, after].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::entry::{Effect, ListId, Name, NameKind};

    #[test]
    fn every_kind_changes_what_it_says() {
        let company = "Müller Khatam Trading, OOO Ltd.";
        let person = "BLANCO PUERTA, Edgar Fernando";
        let entry = |kind| Entry::new(ListId::new("test"), "1", kind, Effect::Blocking);
        let mut known = entry(EntryKind::Person);
        known.names.push(Name::new("KHATAM, Ali", NameKind::Primary));
        let romanised = Romanised::of(&[known]);
        let mut choice = Choice::new(1, "test");
        for kind in Kind::ALL {
            let (name, of) = match kind {
                Kind::NativeScript => ("Концерн Калашников", EntryKind::Company),
                Kind::Order | Kind::Initials => (person, EntryKind::Person),
                Kind::LineBreak => ("Joint Stock Company Scientific Research Institute", EntryKind::Unknown),
                _ => (company, EntryKind::Company),
            };
            let made = written(kind, name, &entry(of), &romanised, &mut choice).unwrap();
            assert_eq!(made == name, kind.is_control(), "{kind:?}: {made}");
        }
        assert_eq!(written(Kind::Initials, company, &entry(EntryKind::Company), &romanised, &mut choice), None);
        assert_eq!(written(Kind::NativeScript, company, &entry(EntryKind::Company), &romanised, &mut choice), None);
    }

    #[test]
    fn a_broken_line_breaks_inside_the_name_and_keeps_to_its_width() {
        let mut choice = Choice::new(2, "test");
        for _ in 0..200 {
            let text = broken("spare parts for agricultural tractors and pumps", "EP-CFM Kavir", &mut choice).unwrap();
            assert!(text.lines().all(|l| l.chars().count() <= LINE), "{text}");
            assert!(text.replace('\n', "").contains("EP-CFM Kavir") && !text.contains("EP-CFM Kavir"), "{text}");
        }
        assert_eq!(broken("parts", "X", &mut choice), None);
    }
}
