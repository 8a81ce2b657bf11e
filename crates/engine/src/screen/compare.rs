//! Two names compared as screening compares them.

use super::engine::Engine;
use super::ideographs::is_in_ideographs;
use super::meaning::could_be_chance;
use crate::explain;
use crate::matcher::alternatives;
use crate::name::found::{HOMOPHONE, LOOK_ALIKE, ONE_OF_ALTERNATIVES, ROMANISED};
use crate::name::{Bearer, Features, Margins, View, Weight, compare, parse, several};
use model::entry::EntryKind;
use model::finding::{Evidence, EvidenceKind, Score};
use text::{Folded, Reading};

/// How alike two names are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NameComparison {
    /// How alike.
    pub score: Score,
    /// Whether the score reaches the policy's review threshold for party names.
    pub is_match: bool,
    /// What speaks for and against a match, strongest first; the points add up to the score.
    pub evidence: Vec<Evidence>,
    /// One sentence.
    pub explanation: String,
}

impl Engine {
    /// Compares two names as screening does, whole against whole.
    pub fn compare(&self, left: &str, right: &str, kind: EntryKind) -> NameComparison {
        let best = self.compare_readings(left, right, kind);
        let is_match = best.0 >= self.policy().thresholds().party_review;
        let mut evidence = best.1;
        evidence.extend(is_match.then(|| self.chance(left, right, kind, best.0)).flatten());
        evidence.sort_by_key(|e| std::cmp::Reverse(e.points.abs()));
        let explanation = explain::comparison(best.0, is_match, &evidence);
        NameComparison { score: Score::clamped(i32::from(best.0)), is_match, evidence, explanation }
    }

    /// Says when so many names are as close that screening reports the one for the other for information only, unless
    /// something else in the record points to the entry.
    fn chance(&self, left: &str, right: &str, kind: EntryKind, score: u16) -> Option<Evidence> {
        let is_person = kind == EntryKind::Person;
        let folded = [left, right].map(|name| Folded::of(name, Reading::Plain));
        let words = folded.each_ref().map(|folded| {
            let mut words = Vec::new();
            parse(folded.as_text(), is_person, self.index(), &mut words);
            words
        });
        let view = |at: usize| View { text: folded[at].squeezed(), words: &words[at] };
        let of = if is_person { Bearer::Person(None) } else { Bearer::Company };
        let features = Features::of_names(view(0), view(1), of, |_| true);
        let weight = Weight::of(&features, is_person);
        let is_firm = features.is_same_words() || weight.is_firm(&features, score, is_person);
        let said = || could_be_chance(weight, "so screening needs something else that points to the entry");
        (!is_firm).then(|| Evidence::new(EvidenceKind::CouldBeChance, 0, said()))
    }

    /// The best over the names either side gives and the ways their letters can be read.
    fn compare_readings(&self, left: &str, right: &str, kind: EntryKind) -> (u16, Vec<Evidence>) {
        let mut best = self.compare_pair(left, right, kind);
        for l in names_given(left) {
            for r in names_given(right) {
                if (l, r) == (left, right) {
                    continue;
                }
                let found = self.compare_pair(l, r, kind);
                // A part of a name is a little less than the name.
                let score = found.0.saturating_sub(ONE_OF_ALTERNATIVES);
                if score > best.0 {
                    let points = i32::from(score) - i32::from(found.0);
                    best = (score, found.1);
                    let detail = format!("one of several names given: {l} for {r}");
                    best.1.push(Evidence { kind: EvidenceKind::OneOfAlternatives, points, detail });
                }
            }
        }
        best
    }

    fn compare_pair(&self, left: &str, right: &str, kind: EntryKind) -> (u16, Vec<Evidence>) {
        let is_person = kind == EntryKind::Person;
        let plain = (Folded::of(left, Reading::Plain), Folded::of(right, Reading::Plain));
        let mut readings = vec![(Reading::Plain, 0)];
        if plain.0.has_look_alikes() || plain.1.has_look_alikes() {
            readings.push((Reading::LookAlike, LOOK_ALIKE));
        }
        if plain.0.is_foreign() || plain.1.is_foreign() {
            readings.push((Reading::Romanised, ROMANISED));
        }
        // Written otherwise, two names in ideographs are two, however they sound.
        let are_ideographs = is_in_ideographs(left) && is_in_ideographs(right);
        let mut best: Option<(u16, Vec<Evidence>)> = None;
        for (reading, cost) in readings {
            let (l, r) = (Folded::of(left, reading), Folded::of(right, reading));
            let (mut l_words, mut r_words) = (Vec::new(), Vec::new());
            parse(l.as_text(), is_person, self.index(), &mut l_words);
            parse(r.as_text(), is_person, self.index(), &mut r_words);
            let mut evidence = Vec::new();
            let (l, r) = (View { text: l.squeezed(), words: &l_words }, View { text: r.squeezed(), words: &r_words });
            let compared = compare(l, r, Margins::Count, Some(&mut evidence)).score;
            let mut score = compared.saturating_sub(cost);
            if reading != Reading::Plain {
                evidence.push(Evidence {
                    kind: if reading == Reading::LookAlike { EvidenceKind::LookAlike } else { EvidenceKind::Romanised },
                    points: i32::from(score) - i32::from(compared),
                    detail: "letters of another script are read as Latin".to_owned(),
                });
            }
            if reading == Reading::Romanised && are_ideographs && score > HOMOPHONE {
                let points = i32::from(HOMOPHONE) - i32::from(score);
                evidence.push(Evidence::new(EvidenceKind::Homophone, points, "other ideographs of the same sound"));
                score = HOMOPHONE;
            }
            if best.as_ref().is_none_or(|b| score > b.0) {
                best = Some((score, evidence));
            }
        }
        best.unwrap_or_default()
    }
}

/// The text itself, and the names in it where it says that it gives several.
pub(super) fn names_given(text: &str) -> impl Iterator<Item = &str> {
    let announced = several(text).into_iter().map(move |at| &text[at]);
    std::iter::once(text).chain(alternatives(text)).chain(announced)
}
