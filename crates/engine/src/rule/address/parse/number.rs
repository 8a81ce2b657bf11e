//! What a number in an address is of: a floor, an ordinal, a postal code, a street or a house.

use super::house::Side;
use super::tokens::{Compound, Gap, Token, compound, kind_of, trimmed};
use super::words::{Kind, kinds};
use super::{Parsed, Place};

impl Parsed {
    /// A number: of a floor, an ordinal, a postal code, the name of a street or, for all else, of a house.
    pub(super) fn take_number(&mut self, tokens: &[Token<'_>], at: usize) -> usize {
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
}

/// Whether a word for numbers stands before the token, in the same part: `No. 5`, `House 5`.
fn is_after_number_word(tokens: &[Token<'_>], at: usize) -> bool {
    let is_number_word = |t: &Token<'_>| kinds().get(t.text) == Some(&Kind::Number) || t.text == "house";
    tokens[at].gap != Gap::Break && at.checked_sub(1).is_some_and(|n| is_number_word(&tokens[n]))
}

fn is_street(tokens: &[Token<'_>], at: usize) -> bool {
    matches!(kind_of(tokens, at), Some(Kind::Street(..)))
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
