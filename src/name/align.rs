//! Which words of one name stand for which words of the other.

use super::parse::{Class, View, Word};
use super::similar::{Likeness, distant, likeness};
use super::tables::Tables;

/// Words of one name that are aligned; further ones count as unmatched.
pub(super) const MAX_WORDS: usize = 24;

/// Words `left.0..left.1` stand for `right.0..right.1`, with how much they are alike (1..=1000).
#[derive(Clone, Copy, Debug)]
pub(super) struct Pair {
    pub(super) left: (u8, u8),
    pub(super) right: (u8, u8),
    pub(super) alike: u16,
    pub(super) how: Likeness,
}

impl Pair {
    /// Whether words were split or joined.
    pub(super) fn is_respaced(&self) -> bool {
        self.left.1 - self.left.0 > 1 || self.right.1 - self.right.0 > 1
    }
}

/// The words of one side that take part: everything but legal forms.
#[derive(Clone, Copy)]
pub(super) struct Side {
    words: [Word; MAX_WORDS],
    taken: [bool; MAX_WORDS],
    len: usize,
}

impl Side {
    pub(super) fn of(view: &View<'_>) -> Self {
        let blank = Word { start: 0, end: 0, class: Class::Particle, weight: 0 };
        let mut side = Self { words: [blank; MAX_WORDS], taken: [false; MAX_WORDS], len: 0 };
        for word in view.words.iter().filter(|w| !matches!(w.class, Class::LegalForm(_))).take(MAX_WORDS) {
            side.words[side.len] = *word;
            side.len += 1;
        }
        side
    }

    pub(super) fn words(&self) -> &[Word] {
        &self.words[..self.len]
    }

    pub(super) fn is_taken(&self, at: usize) -> bool {
        self.taken[at]
    }

    fn take(&mut self, range: (u8, u8)) {
        self.taken[usize::from(range.0)..usize::from(range.1)].fill(true);
    }

    fn is_free(&self, range: (usize, usize)) -> bool {
        range.1 <= self.len && !self.taken[range.0..range.1].contains(&true)
    }

    /// The letters of adjacent words, or `None` when a legal form stands between them.
    fn letters<'a>(&self, text: &'a str, range: (usize, usize)) -> Option<&'a str> {
        let words = &self.words[range.0..range.1];
        words
            .windows(2)
            .all(|w| w[0].end == w[1].start)
            .then(|| &text[words[0].start as usize..words[words.len() - 1].end as usize])
    }
}

/// The pairs found, in no particular order.
pub(super) struct Alignment {
    pub(super) left: Side,
    pub(super) right: Side,
    pairs: [Option<Pair>; MAX_WORDS],
    len: usize,
}

impl Alignment {
    pub(super) fn pairs(&self) -> impl Iterator<Item = &Pair> {
        self.pairs[..self.len].iter().flatten()
    }

    fn push(&mut self, pair: Pair) {
        if self.len < MAX_WORDS {
            self.left.take(pair.left);
            self.right.take(pair.right);
            self.pairs[self.len] = Some(pair);
            self.len += 1;
        }
    }
}

/// Aligns equal words first, then words split or joined, then words that are alike, the heaviest first.
pub(super) fn align(left: &View<'_>, right: &View<'_>) -> Alignment {
    let mut found = Alignment { left: Side::of(left), right: Side::of(right), pairs: [None; MAX_WORDS], len: 0 };
    equal_words(&mut found, left, right);
    if found.left.taken[..found.left.len].contains(&false) && found.right.taken[..found.right.len].contains(&false) {
        respaced_words(&mut found, left, right);
        alike_words(&mut found, left, right);
        initial_words(&mut found, left, right);
        last_word(&mut found, left, right);
    }
    found
}

fn equal_words(found: &mut Alignment, left: &View<'_>, right: &View<'_>) {
    let mut next = 0;
    for l in 0..found.left.len {
        let word = found.left.words[l];
        let letters = left.letters(&word);
        // Start behind the last match, so that repeated words pair up in order.
        let order = (next..found.right.len).chain(0..next.min(found.right.len));
        for r in order {
            let other = found.right.words[r];
            if found.right.taken[r] || !same_word(letters, &word, right.letters(&other), &other) {
                continue;
            }
            found.push(Pair { left: one(l), right: one(r), alike: 1000, how: Likeness::Equal });
            next = r + 1;
            break;
        }
    }
}

fn same_word(left: &str, l: &Word, right: &str, r: &Word) -> bool {
    left == right || matches!((l.class, r.class), (Class::Number(a), Class::Number(b)) if a == b)
}

fn one(at: usize) -> (u8, u8) {
    (at as u8, at as u8 + 1)
}

/// Two to four words of one side written as one word on the other.
fn respaced_words(found: &mut Alignment, left: &View<'_>, right: &View<'_>) {
    for count in [2, 3, 4] {
        for l in 0..found.left.len {
            for r in 0..found.right.len {
                for (lr, rr) in [((l, l + count), (r, r + 1)), ((l, l + 1), (r, r + count))] {
                    if !found.left.is_free(lr) || !found.right.is_free(rr) {
                        continue;
                    }
                    let (Some(a), Some(b)) = (found.left.letters(left.text, lr), found.right.letters(right.text, rr))
                    else {
                        continue;
                    };
                    if a.len() < 4 || a.len().abs_diff(b.len()) > 2 {
                        continue;
                    }
                    let alike = if a == b {
                        Some((990, Likeness::Equal))
                    } else if a.len() >= 6 {
                        likeness(a, b, false).filter(|l| is_firm(*l, a.len())).map(|l| (l.0 - l.0 / 30, l.1))
                    } else {
                        None
                    };
                    if let Some((alike, how)) = alike {
                        let narrow = |range: (usize, usize)| (range.0 as u8, range.1 as u8);
                        found.push(Pair { left: narrow(lr), right: narrow(rr), alike, how });
                    }
                }
            }
        }
    }
}

/// When each side is left with one telling word and the rest agrees, the two may be one word badly written.
fn last_word(found: &mut Alignment, left: &View<'_>, right: &View<'_>) {
    let left_over = |side: &Side| {
        let mut over = (0..side.len).filter(|&at| !side.taken[at] && side.words[at].weight > 60);
        over.next().filter(|_| over.next().is_none())
    };
    let rest_agrees = found.pairs().any(|p| {
        p.alike >= 850 && p.how != Likeness::Initial && found.right.words[usize::from(p.right.0)].weight >= 150
    });
    let (Some(l), Some(r)) = (left_over(&found.left), left_over(&found.right)) else { return };
    let (a, b) = (found.left.words[l], found.right.words[r]);
    if rest_agrees
        && a.class == Class::Distinctive
        && b.class == Class::Distinctive
        && let Some(alike) = distant(left.letters(&a), right.letters(&b))
    {
        found.push(Pair { left: one(l), right: one(r), alike, how: Likeness::Distant });
    }
}

/// Letters of joined words are easily alike by accident: a slip needs eight of them.
fn is_firm(alike: (u16, Likeness), letters: usize) -> bool {
    matches!(alike.1, Likeness::Romanisation) || (alike.1 == Likeness::Typo && letters >= 8)
}

/// `PLA` for People's Liberation Army, `JC` for Jean-Claude: a word made of the first letters of adjacent words.
fn initial_words(found: &mut Alignment, left: &View<'_>, right: &View<'_>) {
    for is_left in [true, false] {
        let (short_view, long_view) = if is_left { (left, right) } else { (right, left) };
        let (short, long) = if is_left { (found.left, found.right) } else { (found.right, found.left) };
        let rest_agrees = found.len > 0;
        for s in 0..short.len {
            let letters = short_view.letters(&short.words[s]);
            let count = letters.chars().count();
            let enough = count >= 3 || (count == 2 && rest_agrees);
            if short.taken[s] || !enough || count > 6 || !letters.is_ascii() {
                continue;
            }
            for l in 0..long.len {
                // Small words may be left out of an acronym.
                let spelt = long.words[l..].iter().filter(|w| w.class != Class::Particle).take(count);
                if long.taken[l] || long.words[l].class == Class::Particle {
                    continue;
                }
                let initials = spelt.clone().map(|w| long_view.letters(w).as_bytes().first().copied());
                let end = long
                    .words
                    .iter()
                    .position(|w| spelt.clone().last().is_some_and(|e| e.start == w.start && e.end == w.end));
                let Some(end) = end.map(|at| at + 1) else { continue };
                if long.is_free((l, end)) && initials.eq(letters.bytes().map(Some)) {
                    let (a, b) = (one(s), (l as u8, end as u8));
                    let (lr, rr) = if is_left { (a, b) } else { (b, a) };
                    found.push(Pair { left: lr, right: rr, alike: 850, how: Likeness::Acronym });
                    break;
                }
            }
        }
    }
}

fn alike_words(found: &mut Alignment, left: &View<'_>, right: &View<'_>) {
    let (l_traits, r_traits) = (traits(&found.left, left), traits(&found.right, right));
    let mut pairs: [Option<(u32, Pair)>; MAX_WORDS] = [None; MAX_WORDS];
    // The best partner of each left word; taken words are skipped when their turn comes.
    loop {
        let mut best: Option<(u32, Pair)> = None;
        for l in (0..found.left.len).filter(|&l| !found.left.taken[l]) {
            let is_stale = pairs[l].is_none_or(|(_, pair)| found.right.taken[usize::from(pair.right.0)]);
            if is_stale {
                pairs[l] = best_partner(found, left, right, l, &l_traits, &r_traits);
            }
            if let Some((gain, pair)) = pairs[l]
                && best.is_none_or(|(most, _)| gain > most)
            {
                best = Some((gain, pair));
            }
        }
        match best {
            Some((_, pair)) if found.len < MAX_WORDS => found.push(pair),
            _ => return,
        }
    }
}

fn best_partner(
    found: &Alignment,
    left: &View<'_>,
    right: &View<'_>,
    l: usize,
    l_traits: &[Traits; MAX_WORDS],
    r_traits: &[Traits; MAX_WORDS],
) -> Option<(u32, Pair)> {
    let mut best: Option<(u32, Pair)> = None;
    let a = found.left.words[l];
    for r in (0..found.right.len).filter(|&r| !found.right.taken[r]) {
        let b = found.right.words[r];
        let is_generic = a.class == Class::Generic || b.class == Class::Generic;
        if !is_generic && !l_traits[l].may_resemble(r_traits[r]) {
            continue;
        }
        let Some((alike, how)) = likeness(left.letters(&a), right.letters(&b), is_generic) else { continue };
        let gain = u32::from(alike) * (u32::from(a.weight) + u32::from(b.weight) + 1);
        if best.is_none_or(|(most, _)| gain > most) {
            best = Some((gain, Pair { left: one(l), right: one(r), alike, how }));
        }
    }
    best
}

/// What can be told of two words without looking at their letters in order.
#[derive(Clone, Copy, Default)]
struct Traits {
    /// One bit for each consonant group; all bits for other scripts.
    consonants: u32,
    length: usize,
    is_given_name: bool,
}

impl Traits {
    /// Words of much different length or consonants are not alike; forms of one given name can be.
    fn may_resemble(self, other: Self) -> bool {
        (self.is_given_name && other.is_given_name)
            || self.length.min(other.length) == 1
            || (self.length.abs_diff(other.length) <= 3 && (self.consonants ^ other.consonants).count_ones() <= 4)
    }
}

fn traits(side: &Side, view: &View<'_>) -> [Traits; MAX_WORDS] {
    let mut traits = [Traits::default(); MAX_WORDS];
    for (at, word) in side.words().iter().enumerate().filter(|(at, _)| !side.taken[*at]) {
        let letters = view.letters(word);
        let consonants = letters.bytes().fold(0u32, |mask, b| match b {
            b'a' | b'e' | b'i' | b'o' | b'u' | b'y' | b'j' | b'h' => mask,
            b'c' | b'q' | b'k' | b'g' => mask | 1 << 10,
            b's' | b'z' | b'x' => mask | 1 << 18,
            b't' | b'd' => mask | 1 << 19,
            b'b' | b'p' | b'f' | b'v' | b'w' => mask | 1 << 1,
            b'a'..=b'z' => mask | 1 << (b - b'a'),
            b'0'..=b'9' => mask | 1 << 26,
            // Letters of other scripts say nothing here and exclude nothing.
            _ => mask,
        });
        let is_given_name = Tables::get().is_given_name(letters);
        traits[at] = Traits { consonants, length: letters.chars().count(), is_given_name };
    }
    traits
}
