//! An address taken apart: units, floors, house numbers with their streets, and the words that say where.
//!
//! Nothing here knows the grammar of a country: numbers are told apart by the word or mark beside them, and what is
//! neither a number nor a word of `lists/addresses.toml` says where the place is.

mod house;
mod number;
mod tokens;
mod words;

pub(super) use house::House;
pub(super) use words::Street;

use house::Side;
use std::ops::Range;
use text::{Folded, Reading};
use tokens::{Compound, Gap, Token, compound, kind_of, tokens, trimmed};
use words::{Kind, kinds};

/// A word that says where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Place {
    /// Folded letters.
    pub(super) text: String,
    /// Whether the next one stands right behind it, so that the two may be one word written apart.
    pub(super) joins: bool,
    /// The kind of street it names: a word such as Road stands beside it.
    pub(super) street: Option<Street>,
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
    /// Numbers that are names of streets: `4th Avenue`, `No. 5 Road`, `Street 105`.
    pub(super) ordinals: Vec<u32>,
    /// First digits of postal codes.
    pub(super) posts: Vec<u8>,
    /// Where the places of each part begin; a comma begins a part.
    parts: Vec<usize>,
    /// Where the places that a word for a street would name begin; only while an address is read.
    named_from: usize,
    /// A word for a street stood without a name; only while an address is read.
    is_nameless: bool,
    /// That word came first, as in `ul. Lenina`: the next word names it.
    begins: Option<Street>,
}

model::binary_fields!(Place { text, joins, street });
model::binary_fields!(Parsed {
    units,
    floors,
    houses,
    blocks,
    places,
    directions,
    ordinals,
    posts,
    parts,
    named_from,
    is_nameless,
    begins,
});

/// Longest address that is taken apart, in bytes; the rest says nothing new.
const MAX_BYTES: usize = 2_000;

impl Parsed {
    pub(super) fn of(text: &str) -> Self {
        Self::of_folded(text, &Folded::of(text, Reading::Plain))
    }

    /// The same of a text that is folded as written already.
    pub(super) fn of_folded(text: &str, plain: &Folded) -> Self {
        if let Some((end, _)) = text.char_indices().nth(MAX_BYTES) {
            return Self::of(&text[..end]);
        }
        let reading = match (plain.has_look_alikes(), plain.is_foreign()) {
            (true, _) => Some(Reading::LookAlike),
            (false, true) => Some(Reading::Romanised),
            (false, false) => None,
        };
        let other = reading.map(|reading| Folded::of(text, reading));
        let tokens: Vec<Token<'_>> = tokens(other.as_ref().unwrap_or(plain), text);
        let mut parsed = Self::default();
        let mut at = 0;
        while at < tokens.len() {
            at = parsed.take(&tokens, at);
        }
        parsed.give_streets();
        parsed
    }

    /// Gives back memory that was needed to read the address only: a listed one is held as long as the lists.
    pub(super) fn shrink(&mut self) {
        self.parts = Vec::new();
        self.places.shrink_to_fit();
        self.houses.shrink_to_fit();
        self.ordinals.shrink_to_fit();
        self.posts.shrink_to_fit();
        for texts in [&mut self.units, &mut self.floors, &mut self.blocks, &mut self.directions] {
            texts.shrink_to_fit();
        }
    }

    /// Takes what begins at token `at`; gives where the next begins.
    fn take(&mut self, tokens: &[Token<'_>], at: usize) -> usize {
        let token = &tokens[at];
        if token.gap == Gap::Break {
            self.parts.push(self.places.len());
            self.named_from = self.places.len();
            self.is_nameless &= token.is_number();
            self.begins = None;
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
        if let Some(code) = compound(tokens, at) {
            return self.take_code(tokens, at, code);
        }
        match kind_of(tokens, at) {
            Some(Kind::Unit) => self.take_unit(tokens, at + 1),
            Some(Kind::Floor) => match tokens.get(at + 1).filter(|t| t.is_number() && t.gap != Gap::Break) {
                // "11/F Building 3" has given its floor already: this is "Floor 11".
                Some(next) if token.text.len() > 1 && !next.before_floor(tokens, at + 1) => {
                    self.floors.push(trimmed(next.digits()));
                    at + 2
                }
                _ => at + 1,
            },
            Some(Kind::Number) => self.take_lettered(tokens, at + 1),
            Some(Kind::Block) => self.take_block(tokens, at + 1),
            Some(Kind::Street(kind, is_behind)) => self.take_street(tokens, at, kind, is_behind),
            Some(Kind::Ordinal(number)) if is_floor(tokens, at + 1) => {
                self.floors.push(number.to_string());
                at + 2
            }
            Some(Kind::Generic) if token.text == "ground" && is_floor(tokens, at + 1) => {
                self.floors.push("g".to_owned());
                at + 2
            }
            Some(Kind::Direction | Kind::Ordinal(_) | Kind::Generic) => at + 1,
            // "B Building".
            None if token.text.len() == 1 && self.is_before_block(tokens, at + 1) => {
                self.blocks.push(token.text.to_owned());
                at + 2
            }
            None if token.text.len() == 1 => at + 1,
            None => {
                self.take_place(tokens, at);
                at + 1
            }
        }
    }

    /// A word that the table does not have says where.
    fn take_place(&mut self, tokens: &[Token<'_>], at: usize) {
        let joins = tokens.get(at + 1).is_some_and(|t| {
            matches!(t.gap, Gap::Blank | Gap::Other) && !t.is_number() && !kinds().contains_key(t.text)
        });
        self.is_nameless = false;
        self.places.push(Place { text: tokens[at].text.to_owned(), joins, street: self.begins.take() });
    }

    /// A word for a street: it names the places of its part, or the next word names it.
    fn take_street(&mut self, tokens: &[Token<'_>], at: usize, kind: Street, is_behind: bool) -> usize {
        let from = self.named_from.min(self.places.len());
        for place in &mut self.places[from..] {
            place.street = Some(kind);
        }
        self.take_directions(tokens, at);
        self.is_nameless = from == self.places.len();
        self.begins = (self.is_nameless && !is_behind).then_some(kind);
        self.named_from = self.places.len();
        at + 1
    }

    /// What follows a word for units: `Flat/Rm 2309`, `Unit 701-702`, `Room B`, `Office No. 4`.
    fn take_unit(&mut self, tokens: &[Token<'_>], from: usize) -> usize {
        let mut at = from;
        while tokens
            .get(at)
            .is_some_and(|t| t.gap != Gap::Break && matches!(kinds().get(t.text), Some(Kind::Unit | Kind::Number)))
        {
            at += 1;
        }
        let may = tokens.get(at).is_some_and(|t| t.gap != Gap::Break && !t.before_floor(tokens, at));
        take_codes(&mut self.units, tokens, at).filter(|_| may).unwrap_or(from)
    }

    /// What follows a word for buildings: `Block A`, `Sector I-8/4`.
    fn take_block(&mut self, tokens: &[Token<'_>], from: usize) -> usize {
        let may = tokens.get(from).is_some_and(|t| t.gap != Gap::Break && !t.before_floor(tokens, from));
        if !may {
            return from;
        }
        take_codes(&mut self.blocks, tokens, from).unwrap_or(from)
    }

    /// Whether a word for buildings stands here that has no code of its own behind it.
    fn is_before_block(&self, tokens: &[Token<'_>], at: usize) -> bool {
        kind_of(tokens, at) == Some(Kind::Block)
            && tokens[at].gap != Gap::Break
            && !tokens.get(at + 1).is_some_and(|t| t.gap != Gap::Break && t.is_code())
            && !matches!(kind_of(tokens, at + 1), Some(Kind::Street(..)))
    }

    /// A code that begins with letters: `A-17-8`, `G-6 Markaz`, `D-65451`.
    fn take_code(&mut self, tokens: &[Token<'_>], at: usize, code: Compound) -> usize {
        if self.is_before_block(tokens, code.next) {
            self.blocks.push(code.text);
            return code.next + 1;
        }
        let is_marked = at.checked_sub(1).is_some_and(|n| kinds().get(tokens[n].text) == Some(&Kind::Number));
        self.house(&code, is_marked, Side::Own);
        code.next
    }

    /// `No. A2`: a letter and a number in one, behind a word for numbers.
    fn take_lettered(&mut self, tokens: &[Token<'_>], at: usize) -> usize {
        let Some(token) = tokens.get(at).filter(|t| t.gap != Gap::Break && t.is_code() && t.text.len() > 1) else {
            return at;
        };
        let number = token.text.get(1..).filter(|n| n.bytes().all(|b| b.is_ascii_digit()));
        let Some(first) = number.and_then(|n| n.parse().ok()).filter(|_| !token.is_number()) else { return at };
        let letter = token.text.as_bytes()[0];
        let code = Compound { letter, first, last: first, text: String::new(), next: at + 1 };
        self.house(&code, true, Side::Own);
        at + 1
    }

    /// Directions and ordinals in the part of the street at `at`, and right behind it: `East Road`, `South 4th Ave`.
    fn take_directions(&mut self, tokens: &[Token<'_>], at: usize) {
        let mut see = |n: usize| match kind_of(tokens, n) {
            Some(Kind::Direction) => self.directions.push(tokens[n].text.to_owned()),
            Some(Kind::Ordinal(number)) => self.ordinals.push(number),
            _ if tokens[n].is_ordinal() => self.ordinals.extend(tokens[n].digits().parse::<u32>()),
            _ => {}
        };
        let mut from = at;
        while from > 0 && tokens[from].gap != Gap::Break && at - from < 4 {
            from -= 1;
            see(from);
        }
        if tokens.get(at + 1).is_some_and(|t| t.gap != Gap::Break) && kind_of(tokens, at + 1) == Some(Kind::Direction) {
            see(at + 1);
        }
    }

    fn house(&mut self, code: &Compound, is_marked: bool, where_to_look: Side) {
        let part = self.parts.len().saturating_sub(1);
        let Compound { first, last, letter, .. } = *code;
        self.houses.push(House { first, last, letter, is_marked, street: 0..0, where_to_look, part });
    }

    /// Gives every house the places that stand with its number.
    fn give_streets(&mut self) {
        let ends = self.parts.iter().skip(1).copied().chain([self.places.len()]);
        let parts: Vec<Range<usize>> = self.parts.iter().zip(ends).map(|(&from, to)| from..to).collect();
        for house in &mut self.houses {
            let own = parts[house.part].clone();
            let before = || parts[..house.part].iter().rev().find(|p| !p.is_empty()).cloned();
            let behind = || parts[house.part + 1..].iter().find(|p| !p.is_empty()).cloned();
            house.street = match house.where_to_look {
                Side::Behind => behind().unwrap_or(own),
                _ if !own.is_empty() => own,
                Side::Before => before().unwrap_or(own),
                Side::Own => {
                    // A number between commas: what stands before it or behind it may be the street.
                    let (before, behind) = (before().unwrap_or(own.clone()), behind().unwrap_or(own));
                    before.start..behind.end
                }
            };
        }
    }
}

/// Takes one code, or several joined by hyphens and ampersands; gives where the next token begins.
fn take_codes(into: &mut Vec<String>, tokens: &[Token<'_>], at: usize) -> Option<usize> {
    let Some(code) = compound(tokens, at) else {
        let token = tokens.get(at).filter(|t| t.is_code())?;
        into.push(trimmed(token.text));
        return Some(at + 1);
    };
    // "701-702" are two units, "9-2" and "M-9" are one.
    if code.last > code.first {
        into.push(code.first.to_string());
        into.push(code.last.to_string());
    } else {
        into.push(code.text);
    }
    Some(code.next)
}

fn is_floor(tokens: &[Token<'_>], at: usize) -> bool {
    kind_of(tokens, at) == Some(Kind::Floor) && tokens[at].gap != Gap::Break
}

#[cfg(test)]
mod tests;
