//! Numbers and codes: matched exactly, wherever they stand.

use model::binary::{Binary, BytesIn, BytesOut, Malformed};
use model::country::Country;
use model::entry::{Identifier, IdentifierType, has_right_check_digits};
use model::ids::EntryId;
use model::snapshot::Snapshot;
use rustc_hash::FxHashMap;
use text::Folded;

/// Listed numbers by their letters and digits, each with its entry and which of the entry's identifiers it is.
#[derive(Debug, Default)]
pub(super) struct Identifiers {
    by_value: FxHashMap<Box<str>, Vec<(EntryId, u16)>>,
    /// Bytes of the longest.
    longest: usize,
}

/// A listed number found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IdentifierHit {
    /// The entry that lists it.
    pub entry: EntryId,
    /// Which of its identifiers.
    pub identifier: u16,
    /// First squeezed byte.
    pub start: u32,
    /// One past the last squeezed byte.
    pub end: u32,
}

impl Binary for Identifiers {
    #[expect(clippy::disallowed_methods, reason = "they are sorted at once")]
    fn write_to(&self, out: &mut BytesOut<'_>) {
        let Self { by_value, longest } = self;
        let mut sorted: Vec<_> = by_value.iter().collect();
        sorted.sort_unstable();
        sorted.len().write_to(out);
        for (key, places) in sorted {
            key.write_to(out);
            places.write_to(out);
        }
        longest.write_to(out);
    }

    fn read_from(bytes: &mut BytesIn<'_>) -> Result<Self, Malformed> {
        type Places = Vec<(EntryId, u16)>;
        let all: Vec<(Box<str>, Places)> = Binary::read_from(bytes)?;
        Ok(Self { by_value: all.into_iter().collect(), longest: Binary::read_from(bytes)? })
    }
}

/// Words of running text that announce a number.
const KEYWORDS: [&str; 14] = [
    "imo",
    "inn",
    "инн",
    "ogrn",
    "огрн",
    "uscc",
    "lei",
    "mmsi",
    "passport",
    "tax",
    "reg",
    "registration",
    "swift",
    "bic",
];

impl Identifiers {
    /// Indexes the numbers of a snapshot that are specific enough.
    pub(super) fn build(snapshot: &Snapshot) -> Self {
        let mut index = Self::default();
        for (id, entry) in snapshot.numbered() {
            for (at, identifier) in entry.identifiers.iter().enumerate() {
                let key = key(&identifier.value);
                if is_specific(&key) {
                    index.longest = index.longest.max(key.len());
                    index.by_value.entry(key.into()).or_default().push((id, at as u16));
                }
            }
        }
        index
    }

    /// Entries that list this number of a party or vessel. Type and country must not contradict.
    pub(super) fn of_party(&self, given: &Identifier, snapshot: &Snapshot, mut found: impl FnMut(EntryId, u16)) {
        for &(entry, at) in self.by_value.get(key(&given.value).as_str()).into_iter().flatten() {
            let listed = &snapshot.entry_at(entry).identifiers[usize::from(at)];
            if may_be_one_type(given.kind, listed.kind) && may_be_one_country(given.country, listed.country) {
                found(entry, at);
            }
        }
    }

    /// Listed numbers in running text. A short or common number needs its keyword before it.
    pub(super) fn in_text(&self, folded: &Folded, snapshot: &Snapshot, mut found: impl FnMut(IdentifierHit)) {
        let tokens = folded.tokens();
        for (at, token) in tokens.iter().enumerate() {
            let text = folded.text(*token);
            // Almost every token of running text ends here.
            if text.len() < 5 || text.len() > self.longest + 8 || !text.bytes().any(|b| b.is_ascii_digit()) {
                continue;
            }
            let keyword_before = at > 0
                && (KEYWORDS.contains(&folded.text(tokens[at - 1]))
                    || (at > 1
                        && is_filler(folded.text(tokens[at - 1]))
                        && KEYWORDS.contains(&folded.text(tokens[at - 2]))));
            let mut look = |text: &str, start: u32, with_keyword: bool| {
                for &(entry, identifier) in self.by_value.get(text).into_iter().flatten() {
                    let listed = &snapshot.entry_at(entry).identifiers[usize::from(identifier)];
                    if with_keyword || needs_no_keyword(listed.kind, text) {
                        found(IdentifierHit { entry, identifier, start, end: token.end });
                    }
                }
            };
            look(text, token.start, keyword_before);
            for keyword in KEYWORDS {
                if let Some(rest) = text.strip_prefix(keyword).filter(|r| r.len() >= 5) {
                    look(rest, token.start + keyword.len() as u32, true);
                }
            }
        }
    }
}

/// What is compared of a number: its folded letters and digits, without `imo` before digits.
pub fn key(value: &str) -> String {
    let folded = Folded::of(value, text::Reading::Plain);
    let squeezed = folded.squeezed();
    squeezed.strip_prefix("imo").filter(|rest| rest.bytes().all(|b| b.is_ascii_digit())).unwrap_or(squeezed).to_owned()
}

/// Whether the number is long enough to mean one party: five letters or digits with four digits among them, or eight.
pub fn is_specific(key: &str) -> bool {
    key.len() >= 5 && key.bytes().filter(u8::is_ascii_digit).count() >= 4 || key.len() >= 8 && key.is_ascii()
}

/// Whether the word may stand between a keyword and its number: `IMO no 9074729`.
fn is_filler(word: &str) -> bool {
    matches!(word, "no" | "nr" | "number" | "code" | "id" | "n")
}

/// Whether a number of this kind is known by its form alone, so that it needs no keyword in running text.
fn needs_no_keyword(kind: IdentifierType, text: &str) -> bool {
    // Seven digits with a right check digit are too common to mean a ship.
    kind != IdentifierType::Imo && has_right_check_digits(kind, text) == Some(true)
}

/// Whether two types can name the same number: a list's "tax number" may be the caller's INN.
fn may_be_one_type(given: IdentifierType, listed: IdentifierType) -> bool {
    use IdentifierType as T;
    let group = |kind| match kind {
        T::Uscc | T::Inn | T::Ogrn | T::Tax | T::Registration | T::Lei => 1,
        T::Passport | T::NationalId => 2,
        T::Imo => 3,
        T::Mmsi => 4,
        T::Bic => 5,
        T::Aircraft => 6,
        T::Other => 0,
    };
    group(given) == 0 || group(listed) == 0 || group(given) == group(listed)
}

/// Whether both issuers can be one country; an unknown one can be any.
fn may_be_one_country(given: Option<Country>, listed: Option<Country>) -> bool {
    given.is_none() || listed.is_none() || given == listed
}
