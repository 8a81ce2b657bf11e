//! What else in the record points to a row, or away from it.

use crate::country::Country;
use crate::entry::Entry;
use crate::name::Tables;
use crate::shipment::Party;
use crate::text::{Folded, Reading};

/// What a party's other data say about a row.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Corroboration {
    /// The countries agree, differ, or one is not known.
    pub(super) country: Option<bool>,
    /// The addresses share telling words.
    pub(super) address: bool,
}

impl Corroboration {
    /// Compares a party with a row.
    pub(super) fn of(party: &Party, entry: &Entry) -> Self {
        let country = party.country.and_then(|given| agree(given, entry));
        let given = party.whole_address();
        let address = !given.is_empty() && shares_address(&given, entry);
        Self { country, address }
    }

    /// Whether anything speaks for the row.
    pub(super) fn speaks_for(self) -> bool {
        self.address || self.country == Some(true)
    }
}

fn agree(given: Country, entry: &Entry) -> Option<bool> {
    let mut listed = entry.all_countries().peekable();
    listed.peek()?;
    Some(listed.any(|c| c == given || is_same_customs(c, given)))
}

/// Rows list Hong Kong and Macau under China and under their own codes.
fn is_same_customs(a: Country, b: Country) -> bool {
    let china = |c: Country| matches!(c.code(), "CN" | "HK" | "MO");
    china(a) && china(b)
}

/// Two telling words, or one and a number, of an address stand in one address of the row.
fn shares_address(given: &str, entry: &Entry) -> bool {
    let given = Folded::of(given, Reading::Plain);
    let tables = Tables::get();
    entry.addresses.iter().any(|address| {
        let listed = Folded::of(&address.text, Reading::Plain);
        let mut words = 0;
        let mut numbers = 0;
        for token in given.tokens() {
            let word = given.text(*token);
            if !listed.tokens().iter().any(|t| listed.text(*t) == word) {
                continue;
            }
            if word.bytes().any(|b| b.is_ascii_digit()) {
                numbers += 1;
            } else if word.len() >= 4 && !tables.is_everyday(word) && !tables.is_place(word) {
                words += 1;
            }
        }
        words >= 2 || (words == 1 && numbers >= 1)
    })
}
