//! A name followed along a text, letter by letter, with few edits.

/// How one side of the anchor was followed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::matcher) struct Followed {
    /// Letters added, left out, exchanged or replaced.
    pub(in crate::matcher) edits: u8,
    /// Bytes of the text.
    pub(in crate::matcher) bytes: u32,
    /// Where in the pattern the first two edits are, in bytes from the anchor.
    pub(in crate::matcher) at: [u16; 2],
}

impl Followed {
    fn with_edit(mut self, at: u16) -> Self {
        self.at[usize::from(self.edits).min(1)] = at;
        self.edits += 1;
        self
    }
}

/// Follows the whole pattern along the text with at most `budget` edits. `ends` says whether a word of the text may
/// end after so many bytes.
pub(in crate::matcher) fn follow(
    pattern: impl Iterator<Item = char> + Clone,
    text: impl Iterator<Item = char> + Clone,
    budget: u8,
    ends: &impl Fn(u32) -> bool,
) -> Option<Followed> {
    step(pattern, text, budget, 0, 0, ends)
}

/// The same from `bytes` bytes of the text and `at` bytes of the pattern on.
fn step(
    mut pattern: impl Iterator<Item = char> + Clone,
    mut text: impl Iterator<Item = char> + Clone,
    budget: u8,
    mut bytes: u32,
    mut at: u16,
    ends: &impl Fn(u32) -> bool,
) -> Option<Followed> {
    loop {
        let (mut next, mut ahead) = (pattern.clone(), text.clone());
        let (wanted, given) = (next.next(), ahead.next());
        let size = |c: char| c.len_utf8() as u32;
        let Some(wanted) = wanted else {
            if ends(bytes) {
                return Some(Followed { edits: 0, bytes, at: [0; 2] });
            }
            // A letter too many at the end of the name.
            let given = given.filter(|c| budget > 0 && !c.is_ascii_digit() && ends(bytes + size(*c)))?;
            return Some(Followed { edits: 0, bytes: bytes + size(given), at: [0; 2] }.with_edit(at));
        };
        if given == Some(wanted) {
            bytes += size(wanted);
            at += wanted.len_utf8() as u16;
            (pattern, text) = (next, ahead);
            continue;
        }
        // Another digit is another number, not a typo.
        if budget == 0 || wanted.is_ascii_digit() {
            return None;
        }
        let (budget, step_at) = (budget - 1, at + wanted.len_utf8() as u16);
        let left_out = step(next.clone(), text, budget, bytes, step_at, ends);
        let mut best = left_out;
        let mut consider = |found: Option<Followed>| {
            if let Some(found) = found
                && best.is_none_or(|b| found.edits < b.edits)
            {
                best = Some(found);
            }
        };
        if let Some(given) = given {
            let used = bytes + size(given);
            consider(step(next.clone(), ahead.clone(), budget, used, step_at, ends));
            if !given.is_ascii_digit() {
                consider(step(pattern, ahead.clone(), budget, used, at, ends));
            }
            let (mut over, mut under) = (next, ahead);
            if over.next() == Some(given) && under.next() == Some(wanted) {
                let turned = step(over, under, budget, used + size(wanted), step_at + given.len_utf8() as u16, ends);
                consider(turned);
            }
        }
        return best.map(|found| found.with_edit(at));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edits(pattern: &str, text: &str, budget: u8) -> Option<(u8, u32)> {
        let end = text.len() as u32;
        follow(pattern.chars(), text.chars(), budget, &|bytes| bytes == end).map(|f| (f.edits, f.bytes))
    }

    #[test]
    fn edits_are_counted_and_digits_are_never_edited() {
        for (pattern, text, expected) in [
            ("oboronlogistics", "oboronlogistics", Some(0)),
            ("oboronlogistics", "oboroncogistics", Some(1)),
            ("oboronlogistics", "oboronlogistic", Some(1)),
            ("oboronlogistics", "oboronlogisticss", Some(1)),
            ("oboronlogistics", "oborolnogistics", Some(1)),
            ("oboronlogistics", "boronlogistics", Some(1)),
            ("oboronlogistics", "boronlogisticz", None),
            ("калашников", "калошников", Some(1)),
            ("yard1221", "yard1222", None),
            ("yard1221", "yard12211", None),
        ] {
            assert_eq!(edits(pattern, text, 1).map(|s| s.0), expected, "{text}");
        }
        assert_eq!(edits("oboronlogistics", "boronlogisticz", 2), Some((2, 14)));
    }

    #[test]
    fn the_text_may_go_on_behind_a_word() {
        let ends = |bytes: u32| bytes == 8;
        let found = follow("kronshta".chars(), "kronshtadtplant".chars(), 1, &ends);
        assert_eq!(found.map(|f| (f.edits, f.bytes)), Some((0, 8)));
    }
}
