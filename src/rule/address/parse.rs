//! An address taken apart: units, floors, house numbers, and the words that say where.
//!
//! Nothing here knows the grammar of a country: numbers are told apart by the word or mark beside them, and what is
//! neither a number nor a word of `lists/addresses.toml` says where the place is.

use crate::text::{Folded, Reading};
use rustc_hash::FxHashMap;
use serde::Deserialize;
use std::sync::OnceLock;

const TEXT: &str = include_str!("../../../lists/addresses.toml");

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    unit: Vec<String>,
    floor: Vec<String>,
    number: Vec<String>,
    block: Vec<String>,
    street: Vec<String>,
    direction: Vec<String>,
    generic: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Unit,
    Floor,
    Number,
    Block,
    Street,
    Direction,
    Generic,
}

fn kinds() -> &'static FxHashMap<String, Kind> {
    static KINDS: OnceLock<FxHashMap<String, Kind>> = OnceLock::new();
    KINDS.get_or_init(|| {
        let file: File = toml::from_str(TEXT).expect("the words that ship are read by a test");
        let mut kinds = FxHashMap::default();
        // A word of several kinds counts as the one that says most.
        for (words, kind) in [
            (file.generic, Kind::Generic),
            (file.direction, Kind::Direction),
            (file.street, Kind::Street),
            (file.block, Kind::Block),
            (file.number, Kind::Number),
            (file.floor, Kind::Floor),
            (file.unit, Kind::Unit),
        ] {
            kinds.extend(words.into_iter().map(|w| (w, kind)));
        }
        kinds
    })
}

/// The numbers from `first` to `last` of a house, with its letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct House {
    pub(super) first: u32,
    pub(super) last: u32,
    pub(super) letter: u8,
    /// A word such as `No.` or a street stands beside it: it is the house's number and nothing else.
    pub(super) is_marked: bool,
}

impl House {
    /// Whether both may be one house.
    pub(super) fn meets(self, other: Self) -> bool {
        self.first <= other.last
            && other.first <= self.last
            && (self.letter == other.letter || self.letter == 0 || other.letter == 0)
    }
}

/// A word that says where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Place {
    /// Folded letters.
    pub(super) text: String,
    /// Whether the next one stands right behind it, so that the two may be one word written apart.
    pub(super) joins: bool,
    /// Whether it names a street: a word such as Road stands beside it.
    pub(super) is_street: bool,
    /// Whether it names the street of the house number.
    pub(super) is_main: bool,
}

/// An address taken apart.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Parsed {
    /// Numbers or letters of units, without leading zeros.
    pub(super) units: Vec<String>,
    pub(super) floors: Vec<String>,
    pub(super) houses: Vec<House>,
    pub(super) blocks: Vec<String>,
    pub(super) places: Vec<Place>,
    /// Directions beside words for streets.
    pub(super) directions: Vec<String>,
    /// A house number was read, and its street was not.
    awaits_street: bool,
    /// Where the words of the part under reading begin; only while an address is read.
    part: usize,
    /// The word for a street came first, as in `ul. Lenina`: the next word names it.
    street_begins: bool,
}

/// Longest address that is taken apart, in bytes; the rest says nothing new.
const MAX_BYTES: usize = 2_000;

impl Parsed {
    pub(super) fn of(text: &str) -> Self {
        let text = text.char_indices().nth(MAX_BYTES).map_or(text, |(end, _)| &text[..end]);
        let plain = Folded::of(text, Reading::Plain);
        let reading = match (plain.has_look_alikes(), plain.is_foreign()) {
            (true, _) => Some(Reading::LookAlike),
            (false, true) => Some(Reading::Romanised),
            (false, false) => None,
        };
        let folded = reading.map_or(plain, |reading| Folded::of(text, reading));
        let tokens: Vec<Token<'_>> = tokens(&folded, text);
        let mut parsed = Self::default();
        let mut at = 0;
        while at < tokens.len() {
            at = parsed.take(&tokens, at);
        }
        parsed
    }

    /// Takes what begins at token `at`; gives where the next begins.
    fn take(&mut self, tokens: &[Token<'_>], at: usize) -> usize {
        let token = &tokens[at];
        if token.gap == Gap::Break || token.is_number() {
            self.part = self.places.len();
            self.street_begins = false;
        }
        if token.text.len() == 1 && tokens.get(at + 1).is_some_and(|t| t.text == "f" && t.gap == Gap::Slash) {
            // "G/F", "B/F".
            self.floors.push(trimmed(token.text));
            return at + 2;
        }
        if token.is_floor_with_number() {
            self.floors.push(trimmed(token.text.trim_end_matches('f')));
            return at + 1;
        }
        if token.is_number() {
            return self.take_number(tokens, at);
        }
        match kinds().get(token.text) {
            Some(Kind::Unit) => self.take_unit(tokens, at + 1),
            Some(Kind::Floor) => match tokens.get(at + 1).filter(|t| t.is_number() && t.gap != Gap::Break) {
                // "11/F Building 3" has given its floor already: this is "Floor 11".
                Some(next) if token.text.len() > 1 && !next.before_floor(tokens, at + 1) => {
                    self.floors.push(trimmed(next.digits()));
                    at + 2
                }
                _ => at + 1,
            },
            Some(Kind::Number) => at + 1,
            Some(Kind::Block) => match tokens.get(at + 1) {
                Some(next) if next.gap != Gap::Break && next.is_code() && !next.before_floor(tokens, at + 1) => {
                    self.blocks.push(trimmed(next.text));
                    at + 2
                }
                _ => at + 1,
            },
            Some(Kind::Street) => {
                let part = self.part.min(self.places.len());
                let is_main = self.awaits_street && part < self.places.len();
                for place in &mut self.places[part..] {
                    place.is_street = true;
                    place.is_main = is_main;
                }
                self.awaits_street &= !is_main;
                self.take_directions(tokens, at);
                self.street_begins = self.places.len() == part;
                self.part = self.places.len();
                at + 1
            }
            Some(Kind::Direction | Kind::Generic) => at + 1,
            None if token.text.len() == 1 => at + 1,
            None => {
                let joins = tokens.get(at + 1).is_some_and(|t| {
                    matches!(t.gap, Gap::Blank | Gap::Other) && !t.is_number() && !kinds().contains_key(t.text)
                });
                let is_street = std::mem::take(&mut self.street_begins);
                self.places.push(Place {
                    text: token.text.to_owned(),
                    joins,
                    is_street,
                    is_main: is_street && self.awaits_street,
                });
                at + 1
            }
        }
    }

    /// What follows a word for units: `Flat/Rm 2309`, `Unit 701-702`, `Room B`, `Office No. 4`.
    fn take_unit(&mut self, tokens: &[Token<'_>], from: usize) -> usize {
        let mut at = from;
        while tokens.get(at).is_some_and(|t| matches!(kinds().get(t.text), Some(Kind::Unit | Kind::Number))) {
            at += 1;
        }
        let Some(first) = tokens.get(at).filter(|t| t.is_code() && !t.before_floor(tokens, at)) else { return from };
        self.units.push(trimmed(first.text));
        at += 1;
        while let Some(next) = tokens.get(at).filter(|t| t.gap == Gap::Hyphen && t.is_code()) {
            // "1318-19" is 1318 and 1319.
            let last = self.units.last().map(String::as_str).unwrap_or_default();
            let head = last.len().checked_sub(next.text.len()).filter(|n| *n > 0 && next.is_number());
            let full = head.and_then(|n| last.get(..n)).map(|h| format!("{h}{}", next.text));
            self.units.push(full.unwrap_or_else(|| trimmed(next.text)));
            at += 1;
        }
        at
    }

    /// Directions in the part of the street at `at`, and right behind it: `East Road`, `South 4th Ave`, `Road South`.
    fn take_directions(&mut self, tokens: &[Token<'_>], at: usize) {
        let is_direction = |t: &Token<'_>| kinds().get(t.text) == Some(&Kind::Direction);
        let mut from = at;
        while from > 0 && tokens[from].gap != Gap::Break && at - from < 4 {
            from -= 1;
            if is_direction(&tokens[from]) {
                self.directions.push(tokens[from].text.to_owned());
            }
        }
        if let Some(next) = tokens.get(at + 1).filter(|t| t.gap != Gap::Break && is_direction(t)) {
            self.directions.push(next.text.to_owned());
        }
    }

    fn take_number(&mut self, tokens: &[Token<'_>], at: usize) -> usize {
        let token = &tokens[at];
        if token.before_floor(tokens, at) {
            self.floors.push(trimmed(token.digits()));
            return at + 2;
        }
        // An ordinal is a word: "4th Avenue".
        if token.is_ordinal() {
            self.places.push(Place {
                text: token.digits().to_owned() + "th",
                joins: false,
                is_street: false,
                is_main: false,
            });
            return at + 1;
        }
        let digits = token.digits();
        // Post codes and telephone numbers.
        let Some(first) = digits.parse().ok().filter(|_| digits.len() <= 4) else { return at + 1 };
        let letter = token.text.as_bytes().get(digits.len()).copied().unwrap_or_default();
        let before = at.checked_sub(1).and_then(|n| tokens.get(n));
        let after_number = before.is_some_and(|t| kinds().get(t.text) == Some(&Kind::Number));
        let after_street = before.is_some_and(|t| kinds().get(t.text) == Some(&Kind::Street))
            || self.places.last().is_some_and(|p| p.is_street && before.is_some_and(|t| t.text == p.text));
        let is_marked = after_number || after_street || leads_to_street(tokens, at + 1);
        // "4 Buildings" is no house number.
        let counts_blocks = tokens
            .get(at + 1)
            .is_some_and(|t| t.gap == Gap::Blank && t.text.ends_with('s') && kinds().get(t.text) == Some(&Kind::Block));
        if counts_blocks && !is_marked {
            self.blocks.push(trimmed(digits));
            return at + 2;
        }
        if after_street && !after_number {
            // "Nathan Road 610": the street stands before its number.
            let last = self.places.iter().rposition(|p| p.is_street);
            for place in last.map_or(&mut [][..], |last| &mut self.places[..=last]).iter_mut().rev() {
                if !place.is_street {
                    break;
                }
                place.is_main = true;
            }
        } else {
            self.awaits_street = is_marked;
        }
        let mut house = House { first, last: first, letter, is_marked };
        let mut next = at + 1;
        if let Some(end) = tokens.get(next).filter(|t| matches!(t.gap, Gap::Hyphen | Gap::Ampersand) && t.is_number()) {
            let last: u32 = end.digits().parse().unwrap_or(first);
            if end.digits().len() <= 4 && last >= first && last - first <= 100 && !end.before_floor(tokens, next) {
                house.last = last;
                next += 1;
            }
        }
        self.houses.push(house);
        next
    }
}

/// Whether a word for a street follows, with nothing but names between: `610 Nathan Road`, `75-77, Fa Yuen Street`.
fn leads_to_street(tokens: &[Token<'_>], from: usize) -> bool {
    // The second number of a range belongs to the first.
    let from = from + usize::from(tokens.get(from).is_some_and(|t| t.gap == Gap::Hyphen && t.is_number()));
    for (n, token) in tokens.iter().skip(from).take(6).enumerate() {
        if n > 0 && token.gap == Gap::Break {
            return false;
        }
        match kinds().get(token.text) {
            Some(Kind::Street) => return n > 0,
            Some(Kind::Unit | Kind::Floor | Kind::Block | Kind::Number) => return false,
            _ if token.is_number() && !token.is_ordinal() => return false,
            _ => {}
        }
    }
    false
}

/// What stands before a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Gap {
    None,
    Blank,
    Hyphen,
    Slash,
    Ampersand,
    /// A comma, a line break: another part begins.
    Break,
    Other,
}

struct Token<'a> {
    text: &'a str,
    gap: Gap,
}

impl Token<'_> {
    fn digits(&self) -> &str {
        let end = self.text.bytes().position(|b| !b.is_ascii_digit()).unwrap_or(self.text.len());
        &self.text[..end]
    }

    /// Digits, with a letter or an ordinal's ending.
    fn is_number(&self) -> bool {
        let rest = self.text.len() - self.digits().len();
        !self.digits().is_empty() && (rest <= 1 || self.is_ordinal())
    }

    fn is_ordinal(&self) -> bool {
        !self.digits().is_empty() && matches!(&self.text[self.digits().len()..], "st" | "nd" | "rd" | "th")
    }

    /// `16f`, as written in one.
    fn is_floor_with_number(&self) -> bool {
        self.text
            .strip_suffix('f')
            .is_some_and(|n| !n.is_empty() && n.len() <= 3 && n.bytes().all(|b| b.is_ascii_digit()))
    }

    /// A short code: `12`, `19c`, `b`, `a29`, `g01`.
    fn is_code(&self) -> bool {
        let has_digit = self.text.bytes().any(|b| b.is_ascii_digit());
        self.text.len() == 1 || (has_digit && self.text.len() <= 6 && !self.is_ordinal())
    }

    /// `16/F`, `16th Floor`, `14 Floor`: a word for floors follows right behind.
    fn before_floor(&self, tokens: &[Token<'_>], at: usize) -> bool {
        tokens.get(at + 1).is_some_and(|next| {
            kinds().get(next.text) == Some(&Kind::Floor)
                && next.gap != Gap::Break
                && (next.text.len() > 1 || matches!(next.gap, Gap::Slash | Gap::Blank | Gap::Other | Gap::None))
        }) && (self.is_number() || self.text.len() == 1)
    }
}

fn tokens<'a>(folded: &'a Folded, text: &str) -> Vec<Token<'a>> {
    let mut end = 0;
    let mut out = Vec::with_capacity(folded.tokens().len());
    for token in folded.tokens() {
        let word = folded.text(*token);
        let start = token.start as usize;
        let (from, to) = folded.original(start, start + word.len());
        let gap = match text.get(end as usize..from as usize) {
            _ if out.is_empty() => Gap::Break,
            None | Some("") => Gap::None,
            Some(gap) if gap.contains([',', ';', '\n', '\r', '(', ')']) => Gap::Break,
            Some(gap) if gap.contains(['-', '\u{2013}', '\u{2014}']) => Gap::Hyphen,
            Some(gap) if gap.contains('/') => Gap::Slash,
            Some(gap) if gap.contains('&') => Gap::Ampersand,
            Some(gap) if gap.trim().is_empty() => Gap::Blank,
            Some(_) => Gap::Other,
        };
        end = to;
        out.push(Token { text: word, gap });
    }
    out
}

/// Without leading zeros: `04` and `4` are one unit.
fn trimmed(code: &str) -> String {
    let short = code.trim_start_matches('0');
    if short.is_empty() { code.to_owned() } else { short.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> String {
        let p = Parsed::of(text);
        let houses: Vec<String> = p
            .houses
            .iter()
            .map(|h| {
                format!(
                    "{}-{}{}",
                    h.first,
                    h.last,
                    if h.letter == 0 { String::new() } else { char::from(h.letter).into() }
                )
            })
            .collect();
        let places: Vec<&str> = p.places.iter().map(|w| w.text.as_str()).collect();
        format!(
            "u{} f{} h{} b{} {}",
            p.units.join("+"),
            p.floors.join("+"),
            houses.join("+"),
            p.blocks.join("+"),
            places.join(" ")
        )
    }

    #[test]
    fn the_parts_of_real_addresses_are_told_apart() {
        for (text, expected) in [
            (
                "Flat/RM 2309, 23/F, Ho King Commercial Centre, 2-16 Fa Yuen Street, Mong Kok",
                "u2309 f23 h2-16 b ho king fa yuen mong kok",
            ),
            ("2-16 Fayuen Street, Room 04, 16th Floor, Ho King Commercial Center", "u4 f16 h2-16 b fayuen ho king"),
            (
                "Unit 701-702,7/F, Grand Tech Centre, No. 8 On Ping Street, Shatin",
                "u701+702 f7 h8-8 b grand on ping shatin",
            ),
            ("Room 1318-19, 13F, Hollywood Plaza, 610 Nathan Road", "u1318+1319 f13 h610-610 b hollywood nathan"),
            ("Room 19C Lockhart Centre 301-307, Lockhart Rd. Wan Chai", "u19c f h301-307 b lockhart lockhart wan chai"),
            ("14 Floor, West Wing, No.18 Gaoxin South 4th Ave., Shenzhen 518057", "u f14 h18-18 b gaoxin 4th shenzhen"),
            ("Room 203, B Building, No. 57 Busha Road", "u203 f h57-57 b busha"),
            ("Nos. 351 & 353 King's Road", "u f h351-353 b kings"),
            ("14C, Hung Shui Kiu Main Street", "u f h14-14c b hung shui kiu main"),
            ("G/F, No. 89, Fuyan Street", "u fg h89-89 b fuyan"),
            ("Rm G01, G/F, 8 OnPing St", "ug01 fg h8-8 b onping"),
            ("No: 52 Hasat Sk., Kamara Iç Kapi No: 1", "u1 f h52-52 b hasat kamara"),
        ] {
            assert_eq!(shown(text), expected, "{text}");
        }
    }
}
