//! Laws of names that hold whatever the names: each is itself, a field of several names is read as all of them, and
//! long names cost no more than their length.

use super::un_list;
use crate::shared::{Choice, builtin, csl};
use tidewaiter::entry::EntryKind;
use tidewaiter::finding::{Outcome, Reason};
use tidewaiter::name::{Margins, Uniform, View, compare, parse};
use tidewaiter::screen::Scratch;
use tidewaiter::shipment::{Party, Shipment};
use tidewaiter::text::{Folded, Reading};

#[test]
fn every_listed_name_is_itself() {
    for engine in [Some(builtin()), csl(), un_list()].into_iter().flatten() {
        let mut choice = Choice::seeded(11);
        let entries = engine.snapshot().entries();
        for _ in 0..3_000.min(entries.len() * 4) {
            let entry = &entries[choice.below(entries.len())];
            // A row that lists an address has no name.
            let Some(at) = (!entry.names.is_empty()).then(|| choice.below(entry.names.len())) else { continue };
            let name = &entry.names[at].text;
            if !Folded::of(name, Reading::Plain).squeezed().is_empty() {
                assert_eq!(engine.compare(name, name, entry.kind).score.get(), 1000, "{name}");
            }
        }
    }
}

#[test]
fn a_field_of_several_names_is_each_of_them() {
    let engine = builtin();
    for (field, at) in [
        ("Zenith Garden Tools Ltd (formerly SZ DJI Technology Co., Ltd.)", "SZ DJI Technology Co., Ltd"),
        ("ZENITH GARDEN TOOLS LTD A/K/A AUTEL ROBOTICS CO LTD", "AUTEL ROBOTICS CO LTD"),
        ("ООО Ромашка (ранее SZ DJI Technology)", "SZ DJI Technology"),
    ] {
        let party = Party { name: field.to_owned(), ..Party::default() };
        let screening =
            engine.screen(&Shipment { parties: vec![party], ..Shipment::default() }, &mut Scratch::default());
        assert_eq!(screening.outcome, Outcome::Hold, "{field}");
        let found = screening.findings.iter().find(|f| f.reason == Reason::PartyListed).expect("a listed party");
        assert!(found.score.get() >= 900, "{field}: {}", found.score.get());
        assert!(found.evidence.iter().any(|e| e.name == "one_of_alternatives"), "{field}: {:?}", found.evidence);
        let span = &found.spans[0];
        assert_eq!(&field[span.start as usize..span.end as usize], at);
    }
    let compared = engine.compare("Autel Robotics d/b/a Zenith Tools", "Zenith Tools", EntryKind::Company);
    assert!(compared.is_match && compared.evidence.iter().any(|e| e.name == "one_of_alternatives"));
}

#[test]
fn a_name_of_64_kib_is_answered_like_any_other() {
    let mut choice = Choice::seeded(64);
    let words = ["a", "ltd", "al", "bin", "limited liability company", "iii", "zz", "sharikat", "ooo", "technologie"];
    for kind in 0..words.len() + 1 {
        let mut text = String::new();
        while text.len() < 64 << 10 {
            text.push_str(words[if kind < words.len() { kind } else { choice.below(words.len()) }]);
            text.push(' ');
        }
        let folded = Folded::of(&text, Reading::Plain);
        for is_person in [false, true] {
            let mut parsed = Vec::new();
            parse(&folded, folded.tokens(), is_person, &Uniform, &mut parsed);
            // Each token is in one word, and each word has a token: as much work as there is text.
            assert!(parsed.len() <= folded.tokens().len());
            assert_eq!(parsed.last().map(|w| w.end as usize), Some(folded.squeezed().len()));
            let whole = View { text: folded.squeezed(), words: &parsed };
            let rest = View { text: folded.squeezed(), words: &parsed[1..] };
            assert_eq!(compare(whole, whole, Margins::Count, None).score, 1000);
            assert!(compare(whole, rest, Margins::Count, None).score <= 1000);
            assert!(compare(rest, whole, Margins::Free, None).score <= 1000);
        }
    }
}
