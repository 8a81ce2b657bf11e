//! Finds a text among those that an entry has already, in time that does not grow with their number.

use rustc_hash::FxHashMap;

/// Up to so many, one look at each is quicker than a table.
const FEW: usize = 24;

/// Where texts stand; asked with the same growing series each time, in which no text stands twice.
#[derive(Default)]
pub(super) struct Lookup {
    known: FxHashMap<Box<str>, usize>,
}

impl Lookup {
    /// The place of `text` in `all`.
    pub(super) fn place<T>(&mut self, all: &[T], text: &str, of: impl Fn(&T) -> &str) -> Option<usize> {
        if all.len() < FEW {
            return all.iter().position(|one| of(one) == text);
        }
        for (at, one) in all.iter().enumerate().skip(self.known.len()) {
            self.known.insert(of(one).into(), at);
        }
        self.known.get(text).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_and_many_are_found_alike() {
        let (mut lookup, mut all): (Lookup, Vec<String>) = Default::default();
        for at in 0..200 {
            let text = format!("name {at}");
            assert_eq!(lookup.place(&all, &text, String::as_str), None);
            all.push(text);
            let first = format!("name {}", at / 2);
            assert_eq!(lookup.place(&all, &first, String::as_str), Some(at / 2));
        }
    }
}
