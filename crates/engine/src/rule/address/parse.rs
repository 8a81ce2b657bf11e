//! An address taken apart: units, floors, house numbers with their streets, and the words that say where.
//!
//! Nothing here knows the grammar of a country: numbers are told apart by the word or mark beside them, and what is
//! neither a number nor a word of `lists/addresses.toml` says where the place is.

mod house;
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
        parsed.give_streets();
        parsed
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

    /// A number: of a floor, an ordinal, a postal code, the name of a street or, for all else, of a house.
    fn take_number(&mut self, tokens: &[Token<'_>], at: usize) -> usize {
        let token = &tokens[at];
        if token.before_floor(tokens, at) {
            self.floors.push(trimmed(token.digits()));
            return at + 2;
        }
        if let Some(next) = self.take_ordinal(tokens, at) {
            return next;
        }
        let Some(code) = compound(tokens, at) else {
            self.take_post_code(tokens, at);
            return at + 1;
        };
        if self.is_number_of_street(tokens, at, &code) {
            self.ordinals.push(code.first);
            return code.next;
        }
        self.take_house_number(tokens, at, &code)
    }

    /// An ordinal is a word: "4th Avenue", "3 rd Ring Road".
    fn take_ordinal(&mut self, tokens: &[Token<'_>], at: usize) -> Option<usize> {
        let token = &tokens[at];
        let ending = tokens.get(at + 1).filter(|t| t.gap == Gap::Blank && ends_ordinal(token.digits(), t.text));
        let is_apart = ending.is_some_and(|t| {
            matches!(t.text, "nd" | "th") || tokens.get(at + 2).is_some_and(|t| t.gap == Gap::Blank && !t.is_number())
        });
        if !token.is_ordinal() && !is_apart {
            return None;
        }
        let text = token.digits().to_owned() + "th";
        self.places.push(Place { text, joins: false, street: None });
        if is_apart {
            self.ordinals.extend(token.digits().parse::<u32>());
        }
        Some(at + 1 + usize::from(is_apart))
    }

    /// Postal codes; not post boxes and telephones.
    fn take_post_code(&mut self, tokens: &[Token<'_>], at: usize) {
        let digits = tokens[at].digits();
        let is_box = at.checked_sub(1).is_some_and(|n| matches!(tokens[n].text, "box" | "tel" | "fax"));
        if (5..=7).contains(&digits.len()) && !is_box {
            self.posts.push(digits.as_bytes()[0]);
        }
    }

    /// Whether the number is the name of a street; a word for a street that waits for its name then has it.
    fn is_number_of_street(&mut self, tokens: &[Token<'_>], at: usize, code: &Compound) -> bool {
        // "Street 105", "St. No. 4": the street has a number for a name.
        let street_at = at.checked_sub(1 + usize::from(is_after_number_word(tokens, at)));
        if self.is_nameless && tokens[at].gap != Gap::Break && street_at.is_some_and(|n| is_street(tokens, n)) {
            self.is_nameless = false;
            return true;
        }
        // "No. 5 Road", "1410 Sokak": so has this one. Behind "12 Rue" comes the name.
        let Some(Kind::Street(_, is_behind)) = kind_of(tokens, code.next) else { return false };
        let ends = tokens.get(code.next + 1).is_none_or(|t| t.gap == Gap::Break || t.is_number());
        tokens[code.next].gap != Gap::Break && (is_behind || ends)
    }

    /// A number of a house, or how many buildings there are.
    fn take_house_number(&mut self, tokens: &[Token<'_>], at: usize, code: &Compound) -> usize {
        let token = &tokens[at];
        let before = at.checked_sub(1).map(|n| &tokens[n]);
        let leads = leads_to_street(tokens, code.next);
        let is_beside = before.is_some_and(|_| is_street(tokens, at - 1))
            || self.places.last().is_some_and(|p| p.street.is_some() && before.is_some_and(|t| t.text == p.text));
        // "Nathan Road 610"; in "Main Road, 5 Side Street" the number belongs to what follows.
        let after_street = is_beside && (token.gap != Gap::Break || leads.is_none());
        let is_marked = is_after_number_word(tokens, at) || after_street || leads.is_some();
        // "4 Buildings" is no house number.
        let counts_blocks = tokens
            .get(at + 1)
            .is_some_and(|t| t.gap == Gap::Blank && t.text.ends_with('s') && kinds().get(t.text) == Some(&Kind::Block));
        if counts_blocks && !is_marked {
            self.blocks.push(trimmed(token.digits()));
            return at + 2;
        }
        let side = match leads {
            _ if after_street => Side::Before,
            Some(Gap::Break) => Side::Behind,
            _ => Side::Own,
        };
        self.named_from = self.places.len();
        self.house(code, is_marked, side);
        code.next
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

/// Whether a word for numbers stands before the token, in the same part: `No. 5`, `House 5`.
fn is_after_number_word(tokens: &[Token<'_>], at: usize) -> bool {
    let is_number_word = |t: &Token<'_>| kinds().get(t.text) == Some(&Kind::Number) || t.text == "house";
    tokens[at].gap != Gap::Break && at.checked_sub(1).is_some_and(|n| is_number_word(&tokens[n]))
}

fn is_street(tokens: &[Token<'_>], at: usize) -> bool {
    matches!(kind_of(tokens, at), Some(Kind::Street(..)))
}

fn is_floor(tokens: &[Token<'_>], at: usize) -> bool {
    kind_of(tokens, at) == Some(Kind::Floor) && tokens[at].gap != Gap::Break
}

/// Whether these letters end the ordinal of these digits: `3` and `rd`.
fn ends_ordinal(digits: &str, ending: &str) -> bool {
    let is_teen = digits.len() >= 2 && digits.as_bytes()[digits.len() - 2] == b'1';
    match ending {
        "th" => true,
        "st" => digits.ends_with('1') && !is_teen,
        "nd" => digits.ends_with('2') && !is_teen,
        "rd" => digits.ends_with('3') && !is_teen,
        _ => false,
    }
}

/// What stands before the next word where a word for a street follows with nothing but names between: `610 Nathan Road`,
/// `75-77, Fa Yuen Street`.
fn leads_to_street(tokens: &[Token<'_>], from: usize) -> Option<Gap> {
    for n in 0..6 {
        let token = tokens.get(from + n)?;
        if n > 0 && token.gap == Gap::Break {
            return None;
        }
        match kind_of(tokens, from + n) {
            Some(Kind::Street(_, is_behind)) => return (n > 0 || !is_behind).then_some(tokens[from].gap),
            Some(Kind::Unit | Kind::Floor | Kind::Block | Kind::Number) => return None,
            _ if token.is_number() && !token.is_ordinal() => return None,
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests;
