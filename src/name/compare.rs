//! The comparison itself: alignment, weights, contradictions, order, numbers and legal forms, in integers.

use super::align::{Alignment, Pair, align};
use super::parse::{Class, Part, View, Word};
use super::similar::Likeness;
use super::tables::FormClass;
use crate::finding::Evidence;

/// How alike two names are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Compared {
    /// 0..=1000; 1000 only for names that are equal letter for letter once folded.
    pub score: u16,
    /// In [`Margins::Free`], the words of the left side that the name covers, as a range; the whole side otherwise.
    pub covered: (usize, usize),
    /// Distinctive words that found their like.
    pub distinctive: u8,
    /// Every telling word of the right name found its like.
    pub is_complete: bool,
    /// Letters of the words that found their like.
    pub letters: u32,
}

/// Whether left words outside the matched part count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Margins {
    /// Both sides are whole names.
    Count,
    /// The left side is running text that may go on at both ends.
    Free,
}

/// Scores are thousandths; see the module for how they combine.
const TOP: i64 = 1000;
/// No pair of names that differ in any letter scores more.
const MOST_FOR_UNEQUAL: i64 = 990;
/// Below, scores are compressed.
const LOW: i64 = 500;
/// A single word in common, beside other distinctive words, is no match.
const ONE_OF_SEVERAL: i64 = 650;

/// Compares two parsed names. With `evidence`, says what spoke for and against.
pub fn compare(
    left: View<'_>,
    right: View<'_>,
    margins: Margins,
    mut evidence: Option<&mut Vec<Evidence>>,
) -> Compared {
    if margins == Margins::Count && left.squeezed() == right.squeezed() && !left.squeezed().is_empty() {
        return identical(left, right, evidence);
    }
    let found = align(&left, &right);
    let covered = covered(&left, &found, margins);
    let inside = |word: &Word| margins == Margins::Count || (word.start >= covered.0 && word.end <= covered.1);

    let mut tally = Tally::default();
    let mut ordered = Order::default();
    for pair in found.pairs() {
        tally.pair(pair, &found);
        ordered.see(pair);
        if let Some(out) = evidence.as_deref_mut() {
            explain_pair(pair, &found, &left, &right, out);
        }
    }
    for word in found.left.left_over().filter(|word| inside(word)) {
        tally.unmatched_left(word);
        explain_unmatched("extra_word", left.letters(word), word, evidence.as_deref_mut());
    }
    for word in found.right.left_over() {
        tally.unmatched_right(word);
        explain_unmatched("missing_word", right.letters(word), word, evidence.as_deref_mut());
    }

    let syllabic = |words: &[&Word]| words.len() >= 2 && words.iter().all(|w| w.traits.is_syllable);
    tally.is_syllabic = syllabic(found.left.words()) || syllabic(found.right.words());
    let mut score = tally.score();
    let mut charge = |score: &mut i64, name: &'static str, points: i64, detail: &str| {
        *score += points;
        if let Some(out) = evidence.as_deref_mut() {
            out.push(Evidence { name, points: points as i32, detail: detail.to_owned() });
        }
    };
    if tally.left_numbers > 0 && tally.right_numbers > 0 {
        charge(&mut score, "number_differs", -250, "the names carry different numbers");
    } else if tally.left_numbers + tally.right_numbers > 0 {
        charge(&mut score, "number_missing", -180, "only one name carries a number");
    }
    if ordered.is_broken {
        charge(&mut score, "word_order", -20, "the words stand in another order");
    }
    if tally.weighty <= 1 && tally.is_worst_pair_unequal {
        let points = if tally.matched_letters >= 6 { -80 } else { -120 };
        charge(&mut score, "single_word", points, "only one distinctive word is alike, and not letter for letter");
    }
    if tally.weighty <= 1 && tally.left_only > 0 && score > ONE_OF_SEVERAL {
        let points = ONE_OF_SEVERAL - score;
        charge(&mut score, "one_of_several", points, "one word is alike among several that tell");
    }
    let forms = legal_forms(&left, &right, inside);
    if forms != Forms::Equal {
        let (points, detail) = forms.weigh();
        charge(&mut score, "legal_form", points, detail);
    }
    if found.pairs().any(|p| p.how == Likeness::Distant) {
        charge(&mut score, "distant_word", -60, "one word differs by more than a slip");
    }
    if found.pairs().any(|p| p.how == Likeness::Faint) {
        charge(&mut score, "faint_word", -220, "one word is hardly alike");
    }
    if tally.left_initials > 0 && tally.right_initials > 0 {
        charge(&mut score, "initial_differs", -150, "the initials differ");
    }
    if tally.equal == 0 && tally.distinctive >= 2 && tally.left_unmatched.max(tally.right_unmatched) > 150 {
        charge(&mut score, "none_equal", -100, "no telling word is equal letter for letter, and others are left over");
    }
    if tally.left_places > 0 && tally.right_places > 0 {
        charge(&mut score, "place_differs", -150, "the names carry different places");
    } else if tally.left_places + tally.right_places > 0 {
        charge(&mut score, "place_missing", -30, "only one name carries a place");
    }
    if tally.left_trade > 0 && tally.right_trade > 0 {
        charge(&mut score, "trade_differs", -70, "the names carry different trade words");
    }
    if tally.left_patronymics > 0 && tally.right_patronymics > 0 {
        charge(&mut score, "patronymic_differs", -150, "the fathers' names differ");
    }
    let parts = Parts::of(&found);
    if let Some((name, points, detail)) = parts.weigh(&tally, ordered.is_broken) {
        charge(&mut score, name, points, detail);
    }
    if tally.kunya_missing && tally.distinctive <= 1 {
        charge(&mut score, "kunya_missing", -120, "only one name is that of a father or mother of somebody");
    }
    if tally.left_titles > 0 && tally.right_titles > 0 && tally.distinctive <= 1 {
        charge(&mut score, "title_differs", -80, "one name in common, under different titles");
    }
    if has_turned_patronymic(&left, &right, &found) {
        charge(&mut score, "patronymic_turned", -320, "father and child change places");
    }
    if tally.left_telling > 0 && tally.right_telling > 0 {
        charge(&mut score, "contradiction", -60, "both names have a telling word that the other lacks");
    }
    if tally.matched_letters <= 4 && tally.left_unmatched + tally.right_unmatched > 100 {
        charge(&mut score, "little_in_common", -200, "few letters agree and other words differ");
    }
    let respaced = found.pairs().filter(|p| p.is_respaced() && p.how != Likeness::Acronym).count() as i64;
    if respaced > 0 {
        charge(&mut score, "respaced", -10 * respaced.min(4), "words are split or joined");
    }
    let score = if found.is_empty() { 0 } else { settled(score) };
    let words = word_range(&left, covered);
    Compared {
        score,
        covered: words,
        distinctive: tally.distinctive,
        is_complete: tally.right_unmatched <= 60,
        letters: tally.all_letters,
    }
}

/// The score as it leaves. The lower half is compressed rather than cut off, so that the order of what is hardly alike
/// still means something.
fn settled(score: i64) -> u16 {
    let score = if score >= LOW { score } else { LOW * (score + TOP) / (LOW + TOP) };
    score.clamp(0, MOST_FOR_UNEQUAL) as u16
}

/// Equal letters; the words may be split otherwise.
fn identical(left: View<'_>, right: View<'_>, evidence: Option<&mut Vec<Evidence>>) -> Compared {
    let base = left.words.first().map_or(0, |w| w.start);
    let other = right.words.first().map_or(0, |w| w.start);
    let differing = left.words.iter().filter(|l| !right.words.iter().any(|r| r.end - other == l.end - base)).count();
    let penalty = (differing * 10).min(50) as u16;
    if let Some(out) = evidence {
        out.push(Evidence { name: "identical", points: 1000, detail: "the names are equal once folded".to_owned() });
        if penalty > 0 {
            out.push(Evidence {
                name: "respaced",
                points: -i32::from(penalty),
                detail: "words are split or joined".to_owned(),
            });
        }
    }
    let distinctive = right.words.iter().filter(|w| is_telling(w)).count().min(255) as u8;
    Compared {
        score: 1000 - penalty,
        covered: (0, left.words.len()),
        distinctive,
        is_complete: true,
        letters: right.squeezed().len() as u32,
    }
}

/// The bytes of the left text between the first and the last matched word.
fn covered(left: &View<'_>, found: &Alignment<'_>, margins: Margins) -> (u32, u32) {
    if margins == Margins::Count {
        return (left.words.first().map_or(0, |w| w.start), left.words.last().map_or(0, |w| w.end));
    }
    let words = found.left.words();
    // A word that says nothing does not stretch the match.
    let telling = |p: &&Pair| words[usize::from(p.left.0)..usize::from(p.left.1)].iter().any(|w| w.weight > 60);
    let start = found.pairs().filter(telling).map(|p| words[usize::from(p.left.0)].start).min();
    let end = found.pairs().filter(telling).map(|p| words[usize::from(p.left.1) - 1].end).max();
    (start.unwrap_or(0), end.unwrap_or(0))
}

fn word_range(left: &View<'_>, covered: (u32, u32)) -> (usize, usize) {
    let first = left.words.iter().position(|w| w.start >= covered.0).unwrap_or(0);
    let last = left.words.iter().rposition(|w| w.end <= covered.1).map_or(first, |at| at + 1);
    (first, last.max(first))
}

fn is_telling(word: &Word) -> bool {
    matches!(word.class, Class::Distinctive | Class::Everyday)
}

/// The sums the score is made of, in weight times thousandths.
#[derive(Default)]
struct Tally {
    left_weight: i64,
    right_weight: i64,
    /// What likeness short of equality costs.
    shortfall: i64,
    left_unmatched: i64,
    right_unmatched: i64,
    left_initials: u8,
    right_initials: u8,
    left_titles: u8,
    right_titles: u8,
    /// A kunya (`Abu`) that only one name has.
    kunya_missing: bool,
    left_telling: u8,
    right_telling: u8,
    /// Letters of the words that carry weight and found their like.
    matched_letters: u32,
    /// Letters of all words that found their like.
    all_letters: u32,
    left_numbers: u32,
    right_numbers: u32,
    distinctive: u8,
    /// Pairs that carry weight, whatever their class.
    weighty: u8,
    /// Distinctive words that only the left name has.
    left_only: u8,
    is_worst_pair_unequal: bool,
    /// Distinctive words that are equal letter for letter, or romanised otherwise.
    equal: u8,
    left_places: u8,
    right_places: u8,
    /// Trade words and everyday words that only one name has.
    left_trade: u8,
    right_trade: u8,
    left_patronymics: u8,
    right_patronymics: u8,
    /// One name is made of single syllables alone.
    is_syllabic: bool,
}

impl Tally {
    fn pair(&mut self, pair: &Pair, found: &Alignment<'_>) {
        let sum = |words: &[&Word], range: (u8, u8)| {
            words[usize::from(range.0)..usize::from(range.1)].iter().map(|w| i64::from(w.weight)).sum::<i64>()
        };
        let (mut l, mut r) = (sum(found.left.words(), pair.left), sum(found.right.words(), pair.right));
        if pair.is_respaced() && pair.how != Likeness::Acronym {
            // The side that has the word whole knows what it weighs.
            let whole = if pair.left.1 - pair.left.0 == 1 { l } else { r };
            (l, r) = (whole, whole);
        }
        self.left_weight += l;
        self.right_weight += r;
        self.shortfall += (TOP - i64::from(pair.alike)) * (l + r);
        let word = &found.right.words()[usize::from(pair.right.0)];
        if is_telling(word) {
            self.distinctive = self.distinctive.saturating_add(1);
            self.is_worst_pair_unequal |= pair.alike < 990;
            self.equal += u8::from(pair.alike >= 990 || pair.how == Likeness::Romanisation);
        }
        if word.weight >= 150 {
            self.matched_letters += word.end - word.start;
        }
        self.all_letters += word.end - word.start;
        self.weighty += u8::from(word.weight >= 150);
    }

    fn unmatched_left(&mut self, word: &Word) {
        self.left_initials += u8::from(word.class == Class::Initial);
        self.left_titles += u8::from(word.class == Class::Title);
        self.left_places += u8::from(word.class == Class::Place);
        self.left_trade += u8::from(matches!(word.class, Class::Generic | Class::Everyday));
        self.left_patronymics += u8::from(word.traits.part == Part::Patronymic);
        self.kunya_missing |= word.traits.is_kunya;
        self.left_telling += u8::from(is_telling(word));
        self.left_weight += i64::from(word.weight);
        self.left_unmatched += i64::from(word.weight);
        self.left_numbers += u32::from(matches!(word.class, Class::Number(_)));
        self.left_only += u8::from(word.class == Class::Distinctive);
    }

    fn unmatched_right(&mut self, word: &Word) {
        self.right_initials += u8::from(word.class == Class::Initial);
        self.right_titles += u8::from(word.class == Class::Title);
        self.right_places += u8::from(word.class == Class::Place);
        self.right_trade += u8::from(matches!(word.class, Class::Generic | Class::Everyday));
        self.right_patronymics += u8::from(word.traits.part == Part::Patronymic);
        self.kunya_missing |= word.traits.is_kunya;
        self.right_telling += u8::from(is_telling(word));
        self.right_weight += i64::from(word.weight);
        self.right_unmatched += i64::from(word.weight);
        self.right_numbers += u32::from(matches!(word.class, Class::Number(_)));
    }

    /// What both sides keep for themselves contradicts and costs most; what only one side has is an omission.
    fn score(&self) -> i64 {
        let total = self.left_weight + self.right_weight;
        if total == 0 {
            return 0;
        }
        let contradiction = self.left_unmatched.min(self.right_unmatched);
        let omission = (self.left_unmatched - self.right_unmatched).abs();
        // When all of one name stands in the other, the rest is what that writer left out.
        let is_part = self.left_unmatched.min(self.right_unmatched) <= 60;
        let omission_cost = match self.distinctive {
            // Names of single syllables are never shortened: another syllable is another name.
            _ if self.is_syllabic => 1700,
            0 | 1 => 1000,
            _ if is_part => 750,
            _ => 850,
        };
        let loss = self.shortfall + contradiction * 2 * 1400 + omission * omission_cost;
        TOP - loss / total
    }
}

/// Whether the pairs come in the same order on both sides.
#[derive(Default)]
struct Order {
    seen: Vec8,
    is_broken: bool,
}

/// Pairs seen so far as (left, right) starts.
#[derive(Default)]
struct Vec8 {
    items: [(u8, u8); super::align::MAX_WORDS],
    len: usize,
}

impl Order {
    fn see(&mut self, pair: &Pair) {
        let (l, r) = (pair.left.0, pair.right.0);
        self.is_broken |= self.seen.items[..self.seen.len].iter().any(|&(ol, or)| (ol < l) != (or < r));
        if self.seen.len < self.seen.items.len() {
            self.seen.items[self.seen.len] = (l, r);
            self.seen.len += 1;
        }
    }
}

/// What the family and given names of two persons say, where a comma tells them apart.
#[derive(Default)]
struct Parts {
    left_known: bool,
    right_known: bool,
    /// Pairs of a family name with a given name.
    crossed: u8,
    /// Pairs of two family names, or of a family name with a name of unknown part.
    family_pairs: u8,
}

impl Parts {
    fn of(found: &Alignment<'_>) -> Self {
        let known = |words: &[&Word]| words.iter().any(|w| w.traits.part == Part::Family);
        let mut parts =
            Self { left_known: known(found.left.words()), right_known: known(found.right.words()), ..Self::default() };
        if !parts.left_known && !parts.right_known {
            return parts;
        }
        for pair in found.pairs().filter(|p| p.how != Likeness::Initial) {
            let of = |words: &[&Word], range: (u8, u8)| {
                let words = &words[usize::from(range.0)..usize::from(range.1)];
                // A particle (`al-`) says nothing of the name it stands in.
                words.iter().find(|w| w.weight > 60).map(|w| w.traits.part)
            };
            let (Some(l), Some(r)) = (of(found.left.words(), pair.left), of(found.right.words(), pair.right)) else {
                continue;
            };
            match (l, r) {
                (Part::Family, Part::Given) | (Part::Given, Part::Family) => parts.crossed += 1,
                (Part::Family, _) | (_, Part::Family) => parts.family_pairs += 1,
                _ => {}
            }
        }
        parts
    }

    fn weigh(&self, tally: &Tally, is_order_broken: bool) -> Option<(&'static str, i64, &'static str)> {
        let is_partial = tally.left_unmatched.max(tally.right_unmatched) > 100;
        if self.left_known && self.right_known {
            return match (self.family_pairs, self.crossed) {
                (0, 0) => Some(("family_differs", -100, "the family names have nothing in common")),
                (0, _) if is_partial => Some(("names_crossed", -120, "family names stand for given names")),
                (0, _) => Some(("names_swapped", -40, "family and given names change places")),
                (_, 1..) if is_partial => Some(("names_crossed", -60, "a family name stands for a given name")),
                _ => None,
            };
        }
        if self.left_known || self.right_known {
            return (self.family_pairs == 0).then_some(("family_missing", -100, "the family name is missing"));
        }
        (is_order_broken
            && tally.left_unmatched.min(tally.right_unmatched) <= 60
            && is_partial
            && tally.distinctive <= 2)
            .then_some(("turned_and_left_out", -50, "the words stand in another order, and not all of them"))
    }
}

/// `X bin Y` against `Y bin X`: the same words, another person.
fn has_turned_patronymic(left: &View<'_>, right: &View<'_>, found: &Alignment<'_>) -> bool {
    let around = |side: &[&Word], view: &View<'_>| {
        (1..side.len().saturating_sub(1)).find(|&at| matches!(view.letters(&side[at]), "bin" | "ben" | "ibn" | "bint"))
    };
    let (l_words, r_words) = (found.left.words(), found.right.words());
    let (Some(l), Some(r)) = (around(l_words, left), around(r_words, right)) else { return false };
    let pairs = |a: usize, b: usize| found.pairs().any(|p| usize::from(p.left.0) == a && usize::from(p.right.0) == b);
    pairs(l - 1, r + 1) && pairs(l + 1, r - 1)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Forms {
    Equal,
    Alike,
    Missing,
    Differ,
}

impl Forms {
    fn weigh(self) -> (i64, &'static str) {
        match self {
            Self::Equal => (0, "the legal forms are equal"),
            Self::Alike => (-5, "the legal forms are written differently"),
            Self::Missing => (-15, "only one name has a legal form"),
            Self::Differ => (-40, "the legal forms differ"),
        }
    }
}

fn legal_forms(left: &View<'_>, right: &View<'_>, inside: impl Fn(&Word) -> bool) -> Forms {
    // In running text the form may stand right beside the matched part.
    let near = |at: usize| {
        inside(&left.words[at])
            || (at > 0 && inside(&left.words[at - 1]))
            || left.words.get(at + 1).is_some_and(&inside)
    };
    let form = |view: &View<'_>, at: usize| match view.words[at].class {
        Class::LegalForm(class) => Some((class, at)),
        _ => None,
    };
    let l: Option<(FormClass, usize)> =
        (0..left.words.len()).rev().filter(|&at| near(at)).find_map(|at| form(left, at));
    let r: Option<(FormClass, usize)> = (0..right.words.len()).rev().find_map(|at| form(right, at));
    match (l, r) {
        (None, None) => Forms::Equal,
        (Some((lc, la)), Some((rc, ra))) => {
            if left.letters(&left.words[la]) == right.letters(&right.words[ra]) {
                Forms::Equal
            } else if lc == rc || lc == FormClass::Other || rc == FormClass::Other {
                Forms::Alike
            } else {
                Forms::Differ
            }
        }
        _ => Forms::Missing,
    }
}

fn explain_pair(pair: &Pair, found: &Alignment<'_>, left: &View<'_>, right: &View<'_>, out: &mut Vec<Evidence>) {
    let name = match pair.how {
        Likeness::Acronym => "acronym",
        _ if pair.is_respaced() => return,
        Likeness::Equal => "same_word",
        Likeness::Nickname => "name_variant",
        Likeness::Romanisation => "romanisation",
        Likeness::Initial => "initial",
        Likeness::ShortForm => "short_form",
        Likeness::Typo => "typo",
        Likeness::Blend => "blend",
        Likeness::Distant => "distant",
        Likeness::Faint => "faint",
    };
    let (l, r) = (&found.left.words()[usize::from(pair.left.0)], &found.right.words()[usize::from(pair.right.0)]);
    let (a, b) = (left.letters(l), right.letters(r));
    let points = if pair.how == Likeness::Equal { 0 } else { i32::from(pair.alike) - 1000 };
    let detail = if a == b { a.to_owned() } else { format!("{a} for {b}") };
    out.push(Evidence { name, points, detail });
}

fn explain_unmatched(name: &'static str, letters: &str, word: &Word, evidence: Option<&mut Vec<Evidence>>) {
    if let Some(out) = evidence {
        out.push(Evidence { name, points: -i32::from(word.weight), detail: letters.to_owned() });
    }
}
