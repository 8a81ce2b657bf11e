//! Which words of one name stand for which words of the other.

mod blend;

use super::initials::{acronym, are_initials};
use super::parse::{Class, Traits, View, Word};
use super::similar::{Letters, Likeness, distant, likeness};
use super::sounds::sound_alike;
use super::syllables::syllable_count;
use blend::blended_words;

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
pub(super) struct Side<'a> {
    words: [&'a Word; MAX_WORDS],
    taken: [bool; MAX_WORDS],
    len: usize,
}

static BLANK: Word = Word { start: 0, end: 0, class: Class::Particle, weight: 0, traits: Traits::NONE };

impl<'a> Side<'a> {
    pub(super) fn of(view: &View<'a>) -> Self {
        let mut side = Self { words: [&BLANK; MAX_WORDS], taken: [false; MAX_WORDS], len: 0 };
        for word in view.words.iter().filter(|w| !matches!(w.class, Class::LegalForm(_))).take(MAX_WORDS) {
            side.words[side.len] = word;
            side.len += 1;
        }
        side
    }

    pub(super) fn words(&self) -> &[&'a Word] {
        &self.words[..self.len]
    }

    /// The words that have found no like.
    pub(super) fn left_over(&self) -> impl Iterator<Item = &'a Word> {
        self.words().iter().zip(&self.taken).filter(|(_, taken)| !**taken).map(|(word, _)| *word)
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

    /// The consonants of several words, as [`Traits`] has them.
    fn consonants(&self, range: (usize, usize)) -> u32 {
        self.words[range.0..range.1].iter().fold(0, |all, word| all | word.traits.consonants)
    }

    /// The letters of adjacent words, or `None` when a legal form stands between them.
    fn letters<'t>(&self, text: &'t str, range: (usize, usize)) -> Option<&'t str> {
        let words = &self.words[range.0..range.1];
        words
            .windows(2)
            .all(|w| w[0].end == w[1].start)
            .then(|| &text[words[0].start as usize..words[words.len() - 1].end as usize])
    }
}

/// The pairs found, in no particular order.
pub(super) struct Alignment<'a> {
    pub(super) left: Side<'a>,
    pub(super) right: Side<'a>,
    pairs: [Option<Pair>; MAX_WORDS],
    len: usize,
    /// One name is nothing but the initials of the other.
    pub(super) is_whole_acronym: bool,
    /// The left name is the initials of the right one, rather than the other way about.
    pub(super) is_left_acronym: bool,
}

impl Alignment<'_> {
    pub(super) fn pairs(&self) -> impl Iterator<Item = &Pair> {
        self.pairs[..self.len].iter().flatten()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.len == 0
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
pub(super) fn align<'a>(left: &View<'a>, right: &View<'a>) -> Alignment<'a> {
    let mut found = Alignment {
        left: Side::of(left),
        right: Side::of(right),
        pairs: [None; MAX_WORDS],
        len: 0,
        is_whole_acronym: false,
        is_left_acronym: false,
    };
    equal_words(&mut found, left, right);
    whole_initials(&mut found, left, right);
    if found.left.taken[..found.left.len].contains(&false) && found.right.taken[..found.right.len].contains(&false) {
        respaced_words(&mut found, left, right);
        alike_words(&mut found, left, right);
        initial_words(&mut found, left, right);
        blended_words(&mut found, left, right);
        last_words(&mut found, left, right);
    }
    found
}

fn equal_words(found: &mut Alignment<'_>, left: &View<'_>, right: &View<'_>) {
    let mut next = 0;
    for l in 0..found.left.len {
        let word = found.left.words[l];
        let letters = left.letters(word);
        // Start behind the last match, so that repeated words pair up in order.
        let order = (next..found.right.len).chain(0..next.min(found.right.len));
        for r in order {
            let other = found.right.words[r];
            if found.right.taken[r] || !same_word((letters, word), (right, other)) {
                continue;
            }
            found.push(Pair { left: one(l), right: one(r), alike: 1000, how: Likeness::Equal });
            next = r + 1;
            break;
        }
    }
}

fn same_word((letters, word): (&str, &Word), (right, other): (&View<'_>, &Word)) -> bool {
    (word.traits.hash == other.traits.hash && letters == right.letters(other))
        || matches!((word.class, other.class), (Class::Number(a), Class::Number(b)) if a == b)
}

fn one(at: usize) -> (u8, u8) {
    (at as u8, at as u8 + 1)
}

/// Two to four words of one side written as one word on the other.
fn respaced_words(found: &mut Alignment<'_>, left: &View<'_>, right: &View<'_>) {
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
                    } else if a.len() >= 6 && may_be_joined(found.left.consonants(lr), found.right.consonants(rr)) {
                        joined_likeness(a, b)
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

/// What is left of both sides may be words badly written: the two that resemble each other most.
fn last_words(found: &mut Alignment<'_>, left: &View<'_>, right: &View<'_>) {
    let tells = |side: &Side<'_>, at: usize| {
        !side.taken[at] && side.words[at].weight > 60 && side.words[at].class == Class::Distinctive
    };
    let mut best: Option<(u16, usize, usize)> = None;
    for l in (0..found.left.len).filter(|&at| tells(&found.left, at)) {
        for r in (0..found.right.len).filter(|&at| tells(&found.right, at)) {
            let (a, b) = (found.left.words[l], found.right.words[r]);
            if let Some(alike) = distant(letters(left, a), letters(right, b))
                && best.is_none_or(|(most, ..)| alike > most)
            {
                best = Some((alike, l, r));
            }
        }
    }
    let Some((alike, l, r)) = best else { return };
    let left_over = |side: &Side<'_>| (0..side.len).filter(|&at| !side.taken[at] && side.words[at].weight > 60).count();
    let rest_agrees = found.pairs().any(|p| {
        p.alike >= 850 && p.how != Likeness::Initial && found.right.words[usize::from(p.right.0)].weight >= 150
    });
    let is_all_else = left_over(&found.left) == 1 && left_over(&found.right) == 1 && rest_agrees;
    let how = if is_all_else && alike >= 600 { Likeness::Distant } else { Likeness::Faint };
    found.push(Pair { left: one(l), right: one(r), alike, how });
}

fn letters<'a>(view: &View<'a>, word: &'a Word) -> Letters<'a> {
    Letters { text: view.letters(word), traits: &word.traits }
}

/// Whether words of these consonants are near enough to be worth joining.
fn may_be_joined(left: u32, right: u32) -> bool {
    (left ^ right).count_ones() <= 4
}

/// How alike joined words are to one word. Joined letters are easily alike by accident: eight of them are needed, and
/// lines of Chinese syllables that differ are different names.
fn joined_likeness(a: &str, b: &str) -> Option<(u16, Likeness)> {
    let (l, r) = (Traits::of(a), Traits::of(b));
    let found = likeness(Letters { text: a, traits: &l }, Letters { text: b, traits: &r }, false)?;
    let is_firm = match found.1 {
        Likeness::Romanisation => a.len() >= 8 || found.0 >= 900,
        Likeness::Typo => a.len() >= 8 && (syllable_count(a).is_none() || syllable_count(b).is_none()),
        _ => false,
    };
    is_firm.then(|| (found.0 - found.0 / 30, found.1))
}

/// A name that is nothing but the initials of the other.
fn whole_initials(found: &mut Alignment<'_>, left: &View<'_>, right: &View<'_>) {
    if found.len > 0 || (found.left.len < 2) == (found.right.len < 2) && !is_spaced(&found.left, &found.right) {
        return;
    }
    for (short, long, is_left) in [(left, right, true), (right, left, false)] {
        let Some(letters) = acronym(short) else { continue };
        if are_initials(letters, long) {
            let all = |side: &Side<'_>| (0, side.len as u8);
            let pair = Pair { left: all(&found.left), right: all(&found.right), alike: 870, how: Likeness::Acronym };
            found.push(pair);
            found.is_whole_acronym = true;
            found.is_left_acronym = is_left;
            return;
        }
    }
}

/// Whether one side is single letters.
fn is_spaced(left: &Side<'_>, right: &Side<'_>) -> bool {
    let single = |side: &Side<'_>| side.len > 2 && side.words().iter().all(|w| w.traits.length == 1);
    single(left) != single(right)
}

/// `PLA` for People's Liberation Army, `JC` for Jean-Claude: a word made of the first letters of adjacent words.
fn initial_words(found: &mut Alignment<'_>, left: &View<'_>, right: &View<'_>) {
    for is_left in [true, false] {
        let (short_view, long_view) = if is_left { (left, right) } else { (right, left) };
        let (short, long) = if is_left { (found.left, found.right) } else { (found.right, found.left) };
        let rest_agrees = found.len > 0;
        for s in 0..short.len {
            let letters = short_view.letters(short.words[s]);
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
                    found.push(Pair { left: lr, right: rr, alike: 870, how: Likeness::Acronym });
                    break;
                }
            }
        }
    }
}

fn alike_words(found: &mut Alignment<'_>, left: &View<'_>, right: &View<'_>) {
    let mut pairs: [Option<(u32, Pair)>; MAX_WORDS] = [None; MAX_WORDS];
    // The best partner of each left word; taken words are skipped when their turn comes.
    loop {
        let mut best: Option<(u32, Pair)> = None;
        for l in (0..found.left.len).filter(|&l| !found.left.taken[l]) {
            let is_stale = pairs[l].is_none_or(|(_, pair)| found.right.taken[usize::from(pair.right.0)]);
            if is_stale {
                pairs[l] = best_partner(found, left, right, l);
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

/// Whether two words that a slip could make of each other are two names all the same: both stand in several rows, or
/// are borne by many, and they do not sound alike. A slip makes a word that nobody bears.
fn are_two_names(left: &View<'_>, a: &Word, right: &View<'_>, b: &Word) -> bool {
    let is_borne = |word: &Word| word.class == Class::Distinctive && word.weight < 1000;
    is_borne(a)
        && is_borne(b)
        && a.traits.is_ascii
        && b.traits.is_ascii
        && sound_alike(left.letters(a), right.letters(b)).is_none()
}

fn best_partner(found: &Alignment<'_>, left: &View<'_>, right: &View<'_>, l: usize) -> Option<(u32, Pair)> {
    let mut best: Option<(u32, Pair)> = None;
    let a = found.left.words[l];
    for r in (0..found.right.len).filter(|&r| !found.right.taken[r]) {
        let b = found.right.words[r];
        let is_generic = a.class == Class::Generic || b.class == Class::Generic;
        if !is_generic && !a.traits.may_resemble(&b.traits) {
            continue;
        }
        // Two numbers, or two places that are known, are two however alike they are written.
        if matches!((a.class, b.class), (Class::Number(_), Class::Number(_)) | (Class::Place, Class::Place)) {
            continue;
        }
        let long = if a.end - a.start > b.end - b.start { a } else { b };
        let is_long_generic = long.class == Class::Generic;
        let Some((mut alike, how)) = likeness(letters(left, a), letters(right, b), is_long_generic) else { continue };
        if how == Likeness::Typo && alike < 900 && are_two_names(left, a, right, b) {
            alike = alike.saturating_sub((1000 - alike) / 2).max(1);
        }
        let gain = u32::from(alike) * (u32::from(a.weight) + u32::from(b.weight) + 1);
        if best.is_none_or(|(most, _)| gain > most) {
            best = Some((gain, Pair { left: one(l), right: one(r), alike, how }));
        }
    }
    best
}
