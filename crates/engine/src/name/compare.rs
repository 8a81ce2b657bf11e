//! The comparison itself: alignment, weights, contradictions, order, numbers and legal forms, in integers.

mod forms;
mod order;
mod tally;
mod told;

use super::align::{Alignment, Pair, align};
use super::parse::{Class, View, Word};
use super::similar::Likeness;
use forms::{Forms, legal_forms};
use model::finding::{Evidence, EvidenceKind};
use order::{Order, Parts, has_other_first_name, has_turned_patronymic};
use tally::Tally;
use told::{explain_pair, explain_unmatched};

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
        explain_unmatched(EvidenceKind::ExtraWord, left.letters(word), word, evidence.as_deref_mut());
    }
    for word in found.right.left_over() {
        tally.unmatched_right(word);
        explain_unmatched(EvidenceKind::MissingWord, right.letters(word), word, evidence.as_deref_mut());
    }

    let syllabic = |words: &[&Word]| words.len() >= 2 && words.iter().all(|w| w.traits.is_syllable);
    tally.is_syllabic = syllabic(found.left.words()) || syllabic(found.right.words());
    let mut score = tally.score();
    let mut charge = |score: &mut i64, kind: EvidenceKind, points: i64, detail: &str| {
        *score += points;
        if let Some(out) = evidence.as_deref_mut() {
            out.push(Evidence { kind, points: points as i32, detail: detail.to_owned() });
        }
    };
    if tally.left_numbers > 0 && tally.right_numbers > 0 {
        charge(&mut score, EvidenceKind::NumberDiffers, -250, "the names carry different numbers");
    } else if tally.left_numbers + tally.right_numbers > 0 {
        charge(&mut score, EvidenceKind::NumberMissing, -180, "only one name carries a number");
    }
    if ordered.is_broken {
        charge(&mut score, EvidenceKind::WordOrder, -20, "the words stand in another order");
    }
    if tally.weighty <= 1 && tally.is_worst_pair_unequal {
        let points = match tally.matched_letters {
            6.. => -80 - halved_above(score - 80, 740, 30),
            5 => -120,
            // In three or four letters another letter is another name, unless they are the initials of the other.
            4 if found.is_whole_acronym => -120,
            _ if found.is_whole_acronym => -240,
            _ => -200,
        };
        charge(
            &mut score,
            EvidenceKind::SingleWord,
            points,
            "only one distinctive word is alike, and not letter for letter",
        );
    }
    if tally.weighty <= 1 && tally.left_only > 0 && score > ONE_OF_SEVERAL {
        let points = ONE_OF_SEVERAL - score;
        charge(&mut score, EvidenceKind::OneOfSeveral, points, "one word is alike among several that tell");
    }
    let forms = legal_forms(&left, &right, inside);
    if forms != Forms::Equal {
        let (points, detail) = forms.weigh();
        charge(&mut score, EvidenceKind::LegalForm, points, detail);
    }
    if found.pairs().any(|p| p.how == Likeness::Distant) {
        charge(&mut score, EvidenceKind::DistantWord, -60, "one word differs by more than a slip");
    }
    if found.pairs().any(|p| p.how == Likeness::Faint) {
        charge(&mut score, EvidenceKind::FaintWord, -220, "one word is hardly alike");
    }
    if tally.left_initials > 0 && tally.right_initials > 0 {
        charge(&mut score, EvidenceKind::InitialDiffers, -150, "the initials differ");
    }
    if tally.equal == 0 && tally.distinctive >= 2 && tally.left_unmatched.max(tally.right_unmatched) > 150 {
        charge(
            &mut score,
            EvidenceKind::NoneEqual,
            -100,
            "no telling word is equal letter for letter, and others are left over",
        );
    }
    if tally.left_places > 0 && tally.right_places > 0 {
        charge(&mut score, EvidenceKind::PlaceDiffers, -150, "the names carry different places");
    } else if tally.left_places + tally.right_places > 0 {
        charge(&mut score, EvidenceKind::PlaceMissing, -30, "only one name carries a place");
    }
    if tally.left_trade > 0 && tally.right_trade > 0 {
        charge(&mut score, EvidenceKind::TradeDiffers, -70, "the names carry different trade words");
    }
    if (tally.left_trade > 0) != (tally.right_trade > 0) && tally.weighty <= 2 {
        let points = if tally.weighty <= 1 { -120 } else { -halved_above(score, 720, 40) };
        charge(&mut score, EvidenceKind::TradeMissing, points, "few words in common, and only one name says the trade");
    }
    if (tally.left_telling > 0) != (tally.right_telling > 0) && tally.distinctive <= 2 && score > 740 {
        let points = -halved_above(score, 740, 60);
        charge(
            &mut score,
            EvidenceKind::FewInCommon,
            points,
            "few telling words in common, and only one name has others",
        );
    }
    if tally.weighty == 2 && tally.worst_shortfall > 130 && score > 720 {
        let points = -halved_above(score, 720, 60);
        charge(&mut score, EvidenceKind::UncertainWord, points, "one of two words that tell is alike, and no more");
    }
    if tally.distinctive == 0 && found.pairs().any(|p| p.how == Likeness::ShortForm) {
        charge(&mut score, EvidenceKind::ShortFormAlone, -250, "nothing in common but a trade word cut short");
    }
    if tally.left_patronymics > 0 && tally.right_patronymics > 0 {
        charge(&mut score, EvidenceKind::PatronymicDiffers, -150, "the fathers' names differ");
    }
    let parts = Parts::of(&found);
    if let Some((kind, points, detail)) = parts.weigh(&tally, ordered.is_broken) {
        charge(&mut score, kind, points, detail);
    }
    if tally.kunya_missing {
        let points = if tally.distinctive <= 1 { -120 } else { -70 };
        charge(
            &mut score,
            EvidenceKind::KunyaMissing,
            points,
            "only one name is that of a father or mother of somebody",
        );
    }
    if tally.kunya_common && tally.distinctive <= 1 {
        charge(
            &mut score,
            EvidenceKind::KunyaAlone,
            -130,
            "nothing in common but whose father or mother they are called",
        );
    }
    if has_other_first_name(&left, &right, &found) {
        charge(
            &mut score,
            EvidenceKind::FirstNameMissing,
            -110,
            "the name by which one is called is not among the other's",
        );
    }
    if tally.left_titles > 0 && tally.right_titles > 0 && tally.distinctive <= 1 {
        charge(&mut score, EvidenceKind::TitleDiffers, -130, "one name in common, under different titles");
    }
    if has_turned_patronymic(&left, &right, &found) {
        charge(&mut score, EvidenceKind::PatronymicTurned, -320, "father and child change places");
    }
    if tally.left_telling > 0 && tally.right_telling > 0 {
        charge(&mut score, EvidenceKind::Contradiction, -60, "both names have a telling word that the other lacks");
    }
    if tally.matched_letters <= 4 && tally.left_unmatched + tally.right_unmatched > 100 {
        charge(&mut score, EvidenceKind::LittleInCommon, -200, "few letters agree and other words differ");
    }
    let respaced = found.pairs().filter(|p| p.is_respaced() && p.how != Likeness::Acronym).count() as i64;
    if respaced > 0 {
        charge(&mut score, EvidenceKind::Respaced, -10 * respaced.min(4), "words are split or joined");
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

/// Half of what a score has above a floor, and no more than `most`: parts what is sure from what is not, and leaves those
/// near the floor in their order.
fn halved_above(score: i64, floor: i64, most: i64) -> i64 {
    ((score - floor) / 2).clamp(0, most)
}

/// The score as it leaves. The lower half is compressed rather than cut off, so that the order of what is hardly alike
/// still means something.
fn settled(score: i64) -> u16 {
    let score = if score >= LOW { score } else { LOW * (score + TOP) / (LOW + TOP) };
    score.clamp(0, MOST_FOR_UNEQUAL) as u16
}

/// How many words of the one name end where none of the other does; both have the same letters.
fn ends_lacking(one: &View<'_>, other: &View<'_>) -> usize {
    let base = |view: &View<'_>| view.words.first().map_or(0, |w| w.start);
    // Ends come in order on both sides: one walk, however many words there are.
    let mut ends = other.words.iter().map(|w| w.end - base(other)).peekable();
    let mut is_end = |end: u32| {
        while ends.next_if(|e| *e < end).is_some() {}
        ends.peek() == Some(&end)
    };
    one.words.iter().filter(|w| !is_end(w.end - base(one))).count()
}

/// Equal letters; the words may be split otherwise.
fn identical(left: View<'_>, right: View<'_>, evidence: Option<&mut Vec<Evidence>>) -> Compared {
    // The side with more words has the more ends that the other lacks: asked either way, the same.
    let differing = ends_lacking(&left, &right).max(ends_lacking(&right, &left));
    let penalty = (differing * 10).min(50) as u16;
    if let Some(out) = evidence {
        out.push(Evidence {
            kind: EvidenceKind::Identical,
            points: 1000,
            detail: "the names are equal once folded".to_owned(),
        });
        if penalty > 0 {
            out.push(Evidence {
                kind: EvidenceKind::Respaced,
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
