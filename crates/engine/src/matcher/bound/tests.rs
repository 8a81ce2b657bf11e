//! The bound against the comparison: what it rules out must not score as much as the floor.

use super::*;
use crate::matcher::Index;
use crate::name::{Margins, View, Word, compare, parse};
use lists::Source;
use model::finding::EvidenceKind;
use model::ids::NameId;
use std::path::PathBuf;
use std::sync::Arc;
use text::{Folded, Reading};

const FLOOR: u16 = 700;

/// A small generator, the same on every run (xorshift64*).
struct Choice(u64);

impl Choice {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) as usize % bound
    }
}

/// The built-in lists, and the real ones where they are.
fn indexes() -> Vec<Index> {
    let real = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/lists");
    let files = ["us/csl_2022-05.csv.gz", "un/un_2026-02-27.xml"].map(|name| real.join(name));
    let sources = std::iter::once(Source::Curated).chain(files.into_iter().filter(|f| f.exists()).map(Source::Path));
    sources
        .map(|source| {
            let snapshot = lists::load(&[source]).expect("the list loads");
            Index::compile(Arc::new(snapshot)).expect("the list compiles")
        })
        .collect()
}

/// The name as somebody else may write it: a typo, words left out, turned, joined, split or shortened to an initial.
fn written_otherwise(name: &str, choice: &mut Choice) -> String {
    let mut words: Vec<String> = name.split_whitespace().map(str::to_owned).collect();
    for _ in 0..choice.below(3) {
        let at = choice.below(words.len());
        let mut letters: Vec<char> = words[at].chars().collect();
        let place = choice.below(letters.len());
        match choice.below(9) {
            0 => letters[place] = char::from(b'a' + choice.below(26) as u8),
            1 if letters.len() > 1 => drop(letters.remove(place)),
            2 => letters.insert(place, char::from(b'a' + choice.below(26) as u8)),
            3 if place + 1 < letters.len() => letters.swap(place, place + 1),
            4 => letters.insert(place, ' '),
            5 => letters.truncate(1),
            6 if words.len() > 1 => drop(words.remove(at)),
            7 => words.swap(0, at),
            _ if at + 1 < words.len() => {
                let next = words.remove(at + 1);
                words[at].push_str(&next);
            }
            _ => {}
        }
        if let Some(word) = words.get_mut(at)
            && !letters.is_empty()
            && choice.below(2) == 0
        {
            *word = letters.into_iter().collect();
        }
    }
    words.join(" ")
}

#[test]
fn what_the_bound_rules_out_is_no_match() {
    let mut choice = Choice(20_261_124);
    let mut all_wrong = Vec::new();
    for index in indexes() {
        let names = index.names().len();
        let (mut passed, mut ruled_out, mut wrong) = (0u32, 0u32, Vec::new());
        let (mut field, mut known) = (SignedField::default(), AllCounterparts::default());
        known.reset(index.vocabulary.len());
        for round in 1..=4_000 {
            let id = NameId::from_index(choice.below(names));
            let listed = index.name(id);
            let text = written_otherwise(&index.spelling(listed).text, &mut choice);
            let folded = Folded::of(&text, Reading::Plain);
            let parsed = [false, true].map(|is_person| {
                let mut words = Vec::new();
                parse(folded.as_text(), is_person, &index, &mut words);
                words
            });
            // The name it was made of, and names that share a word or nothing with it.
            let related = folded.tokens().iter().filter_map(|t| index.vocabulary.id(folded.text(*t)));
            let mut others: Vec<NameId> =
                related.flat_map(|word| index.anchors.of(word).iter().take(40).map(|anchored| anchored.name)).collect();
            others.push(id);
            others.extend((0..10).map(|_| NameId::from_index(choice.below(names))));
            for other in others {
                let record = index.name(other);
                let view = View { text: folded.squeezed(), words: &parsed[usize::from(record.is_person)] };
                let words = view.words.iter().filter(|w| !matches!(w.class, Class::LegalForm(_)));
                let signed = |w: &Word| FieldWord {
                    signature: Signature::of(view.letters(w)),
                    class: w.class,
                    weight: w.weight,
                };
                field.set(words.map(signed));
                let listed = index.listed(record);
                let listed = listed.view();
                let (is_person, known) = (record.is_person, &mut known);
                let bound = Bound { field: &field, is_person, known, round, floor: FLOOR };
                let may = index.may_reach(bound, view, record);
                if may {
                    passed += 1;
                    continue;
                }
                ruled_out += 1;
                let score = compare(view, listed, Margins::Count, None).score;
                // Equal letters are found by the exact stage, however they are spaced.
                if score >= FLOOR && view.squeezed() != listed.squeezed() {
                    let mut evidence = Vec::new();
                    compare(view, listed, Margins::Count, Some(&mut evidence));
                    // Names that are the initials of each other are compared without asking the bound.
                    if evidence.iter().any(|e| e.kind == EvidenceKind::Acronym) {
                        continue;
                    }
                    let how: Vec<String> =
                        evidence.iter().map(|e| format!("{} {}", e.kind.as_str(), e.detail)).collect();
                    wrong.push(format!("{score} {text} | {} | {}", index.spelling(record).text, how.join("; ")));
                }
            }
        }
        wrong.sort();
        wrong.dedup();
        all_wrong.append(&mut wrong);
        assert!(ruled_out > passed / 4, "a bound that lets everything pass shows nothing");
    }
    assert!(all_wrong.is_empty(), "{} names: {all_wrong:#?}", all_wrong.len());
}
