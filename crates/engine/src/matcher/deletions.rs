//! A symmetric-delete index: words within one or two edits of a word, without looking at the others.
//!
//! Two words within `k` edits share a form that both reach by deleting at most `k` letters. Every such form of
//! every indexed word is a key; a look-up makes the forms of the word asked for and collects who shares them.
//! Keys are 32-bit hashes in buckets; the comparison that follows drops words that only share a hash.

use super::vocabulary::WordId;

/// Deletion forms of words, hashed, in buckets by the hash's upper bits.
#[derive(Debug, Default)]
pub(super) struct Deletions {
    /// Where each bucket starts in the forms; one more than there are buckets.
    starts: Vec<u32>,
    /// Of each form, the bits of its hash that do not count for its bucket.
    rests: Vec<u16>,
    /// The word of each form.
    words: Vec<WordId>,
    /// How many lower bits of a hash do not count for its bucket.
    shift: u32,
}

model::binary_fields!(Deletions { starts, rests, words, shift });

/// Bits of a hash that number a bucket: at least as many as leave two bytes of it, and so many that a bucket has a few forms.
const LEAST_BITS: u32 = 16;
const MOST_BITS: u32 = 24;
const FORMS_OF_A_BUCKET: usize = 4;

/// Deletions by length in letters: none below four, one below nine, then two.
fn budget(letters: usize) -> usize {
    match letters {
        0..=3 => 0,
        4..=8 => 1,
        _ => 2,
    }
}

impl Deletions {
    /// Indexes the words given, which are iterated three times: the forms themselves would take more memory than all that is
    /// kept of them.
    pub(super) fn build<'a>(words: impl Iterator<Item = (&'a str, WordId)> + Clone) -> Self {
        let count: usize = words.clone().map(|(word, _)| form_count(word)).sum();
        let bits = (count / FORMS_OF_A_BUCKET).max(1).ilog2().clamp(LEAST_BITS, MOST_BITS);
        let shift = u32::BITS - bits;
        let mut starts = vec![0u32; (1 << bits) + 1];
        for (word, _) in words.clone() {
            each_form(word, |hash| starts[(hash >> shift) as usize + 1] += 1);
        }
        for at in 1..starts.len() {
            starts[at] += starts[at - 1];
        }
        let mut next = starts.clone();
        let (mut rests, mut of_forms) = (vec![0; count], vec![0; count]);
        for (word, id) in words {
            each_form(word, |hash| {
                let slot = &mut next[(hash >> shift) as usize];
                rests[*slot as usize] = rest(hash, shift);
                of_forms[*slot as usize] = id;
                *slot += 1;
            });
        }
        Self { starts, rests, words: of_forms, shift }
    }

    /// Calls `found` with every indexed word that may be near; a word may come more than once.
    pub(super) fn look_up(&self, word: &str, mut found: impl FnMut(WordId)) {
        if self.words.is_empty() {
            return;
        }
        each_form(word, |hash| {
            let bucket = (hash >> self.shift) as usize;
            let range = self.starts[bucket] as usize..self.starts[bucket + 1] as usize;
            let sought = rest(hash, self.shift);
            for (rest, id) in self.rests[range.clone()].iter().zip(&self.words[range]) {
                if *rest == sought {
                    found(*id);
                }
            }
        });
    }
}

/// The bits of a hash below those of its bucket.
fn rest(hash: u32, shift: u32) -> u16 {
    (hash & ((1 << shift) - 1)) as u16
}

/// How many forms [`each_form`] makes.
fn form_count(word: &str) -> usize {
    let letters = word.chars().count();
    match budget(letters) {
        _ if letters > MOST_LETTERS => 1,
        0 => 1,
        1 => 1 + letters,
        _ => 1 + letters + letters * (letters - 1) / 2,
    }
}

/// Letters of a word of which forms are made; longer ones are only looked up as they are.
const MOST_LETTERS: usize = 40;
/// What the hash of a form is a polynomial in, so that the hashes of the parts around what is left out make it.
const FACTOR: u64 = 0xf135_7aea_2e62_a9c5;

/// The word itself and what is left of it after each choice of deletions, hashed.
fn each_form(word: &str, mut form: impl FnMut(u32)) {
    // Of the letters before each place, and of those from it on, each letter times a power of the factor.
    let (mut before, mut power) = ([0u64; MOST_LETTERS + 1], [1u64; MOST_LETTERS + 1]);
    let mut letters = 0;
    let mut whole = 0u64;
    for c in word.chars() {
        whole = whole.wrapping_mul(FACTOR).wrapping_add(u64::from(u32::from(c)) + 1);
        letters += 1;
        if letters <= MOST_LETTERS {
            before[letters] = whole;
            power[letters] = power[letters - 1].wrapping_mul(FACTOR);
        }
    }
    form(finished(whole));
    let budget = budget(letters);
    if budget == 0 || letters > MOST_LETTERS {
        return;
    }
    // Of the letters from one place up to another.
    let part = |from: usize, to: usize| before[to].wrapping_sub(before[from].wrapping_mul(power[to - from]));
    for (first, &upto) in before.iter().enumerate().take(letters) {
        let without =
            |prefix: u64, at: usize| prefix.wrapping_mul(power[letters - at - 1]).wrapping_add(part(at + 1, letters));
        form(finished(without(upto, first)));
        if budget == 2 {
            for second in first + 1..letters {
                let between = second - first - 1;
                let prefix = upto.wrapping_mul(power[between]).wrapping_add(part(first + 1, second));
                form(finished(without(prefix, second)));
            }
        }
    }
}

/// The hash of a polynomial: its upper bits, mixed, since the lower ones hang on the last letters alone.
fn finished(hash: u64) -> u32 {
    ((hash ^ hash >> 32).wrapping_mul(FACTOR) >> 32) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn makes_as_many_forms_as_are_counted() {
        for word in ["", "dji", "autel", "technology", "äöüßéèêñçøåæœ", &"long".repeat(11)] {
            let mut made = 0;
            each_form(word, |_| made += 1);
            assert_eq!(made, form_count(word), "{word}");
        }
    }

    #[test]
    fn finds_words_within_the_budget() {
        let words = ["technology", "skolkovo", "autel", "dji"];
        let index = Deletions::build(words.iter().zip(0..).map(|(w, id)| (*w, id)));
        let near = |word: &str| {
            let mut found = Vec::new();
            index.look_up(word, |id| found.push(id));
            found.sort_unstable();
            found.dedup();
            found
        };
        assert_eq!(near("tehcnoloyg"), [0]);
        assert_eq!(near("skolcovo"), [1]);
        assert_eq!(near("autl"), [2]);
        assert_eq!(near("djl"), [0; 0]);
    }
}
