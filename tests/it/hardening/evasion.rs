//! Listed names written so that people read them and programs do not, as a party and in goods; and what looking for them
//! finds in clean texts.

use super::hostile::{goods, party};
use crate::shared::{builtin, goods_lines};
use engine::screen::{Engine, Scratch};
use model::finding::{Finding, Severity};
use model::shipment::Shipment;
use text::may_be_disguised;

/// Names tried.
const NAMES: usize = 150;

type Disguise = (&'static str, fn(&str) -> String);

/// Each way of writing, with the share of names that must be found, in percent.
const DISGUISES: [(Disguise, u32); 14] = [
    (("shown backwards by an override", |n| format!("\u{202e}{}\u{202c}", n.chars().rev().collect::<String>())), 95),
    (("overrides between letters", |n| between(n, "\u{202d}")), 95),
    (("letters in circles", |n| letters(n, |c| char::from_u32(0x24d0 + c))), 95),
    (("white letters in black squares", |n| letters(n, |c| char::from_u32(0x1f170 + c))), 95),
    (("letters in squares", |n| letters(n, |c| char::from_u32(0x1f130 + c))), 95),
    (("letters of flags", |n| letters(n, |c| char::from_u32(0x1f1e6 + c))), 95),
    (("tags alone", |n| n.chars().filter_map(|c| char::from_u32(0xe0000 + u32::from(c))).collect()), 95),
    (("references in HTML", |n| letters_to(n, |c| format!("&#{};", u32::from(c)))), 95),
    (("tags of HTML inside words", |n| halves(n, "<b></b>")), 95),
    (("soft hyphens as references", |n| halves(n, "&shy;")), 95),
    (
        ("every letter doubled", |n| {
            n.chars().flat_map(|c| [c].repeat(if c.is_alphabetic() { 2 } else { 1 })).collect()
        }),
        95,
    ),
    (("digits for letters", |n| n.chars().map(digit).collect()), 90),
    (("letters set apart by blanks", |n| apart(n, " ")), 95),
    (("letters set apart by dots", |n| apart(n, ".")), 95),
];

fn letters(name: &str, of: fn(u32) -> Option<char>) -> String {
    let turned = |c: char| of(u32::from(c.to_ascii_lowercase()) - u32::from('a')).unwrap_or(c);
    name.chars().map(|c| if c.is_ascii_alphabetic() { turned(c) } else { c }).collect()
}

fn letters_to(name: &str, of: fn(char) -> String) -> String {
    name.chars().map(|c| if c.is_ascii_alphabetic() { of(c) } else { c.to_string() }).collect()
}

fn between(name: &str, sign: &str) -> String {
    name.chars().map(|c| format!("{c}{sign}")).collect()
}

/// Puts a sign in the middle of each word.
fn halves(name: &str, sign: &str) -> String {
    let halved = |word: &str| {
        let (left, right) = word.split_at(word.len() / 2);
        format!("{left}{sign}{right}")
    };
    name.split(' ').map(halved).collect::<Vec<_>>().join(" ")
}

/// Every second letter that a digit looks like becomes the digit.
fn digit(c: char) -> char {
    match c.to_ascii_lowercase() {
        'o' => '0',
        'e' => '3',
        'i' => '1',
        's' => '5',
        _ => c,
    }
}

/// The letters of each word set apart, and two blanks between words.
fn apart(name: &str, sign: &str) -> String {
    let one = |word: &str| word.chars().map(String::from).collect::<Vec<_>>().join(sign);
    name.split(' ').map(one).collect::<Vec<_>>().join("  ")
}

/// What asks for a person's attention.
fn found(engine: &Engine, shipment: &Shipment, scratch: &mut Scratch) -> Vec<Finding> {
    let findings = engine.screen(shipment, scratch).findings;
    findings.into_iter().filter(|f| f.entry.is_some() && f.severity > Severity::Info).collect()
}

fn as_party(name: &str) -> Shipment {
    Shipment { parties: vec![party(name.to_owned(), String::new())], ..Shipment::default() }
}

fn in_goods(name: &str) -> Shipment {
    let text = format!("machine parts made for {name} as ordered");
    Shipment { goods: vec![goods(text)], ..Shipment::default() }
}

/// Names of ASCII words, six letters and more, of which every word of letters; every so many of the list.
fn names(engine: &Engine, scratch: &mut Scratch) -> Vec<String> {
    let entries = engine.snapshot().entries();
    let all = entries.iter().filter_map(|e| e.names.first()).map(|n| n.text.as_str());
    let is_plain = |name: &&str| {
        let letters = name.chars().filter(char::is_ascii_alphabetic).count();
        letters >= 6 && name.len() <= 40 && name.chars().all(|c| c.is_ascii_alphabetic() || c == ' ')
    };
    let mut names: Vec<&str> = all.filter(is_plain).collect();
    names.dedup();
    let step = (names.len() / (2 * NAMES)).max(1);
    let is_found = |name: &&&str, scratch: &mut Scratch| {
        !found(engine, &as_party(name), scratch).is_empty() && !found(engine, &in_goods(name), scratch).is_empty()
    };
    names.iter().step_by(step).filter(|n| is_found(n, scratch)).take(NAMES).map(|n| (*n).to_owned()).collect()
}

#[test]
fn disguised_names_are_found() {
    let engine = builtin();
    let mut scratch = Scratch::default();
    let names = names(engine, &mut scratch);
    assert!(names.len() > NAMES / 2, "{} names", names.len());
    let mut faults = Vec::new();
    println!("| {} names written with | as a party | in goods |", names.len());
    for ((what, disguise), least) in DISGUISES {
        // A name without a letter that a digit looks like is not disguised.
        let tried: Vec<(&String, String)> = names.iter().map(|n| (n, disguise(n))).filter(|(n, d)| *n != d).collect();
        let share = |of: fn(&str) -> Shipment, scratch: &mut Scratch| {
            let hits = tried.iter().filter(|(_, d)| !found(engine, &of(d), scratch).is_empty()).count();
            (hits * 1000 / tried.len().max(1)) as u32
        };
        let (party, goods) = (share(as_party, &mut scratch), share(in_goods, &mut scratch));
        println!("| {what} | {}.{} % | {}.{} % |", party / 10, party % 10, goods / 10, goods % 10);
        if party.min(goods) < least * 10 {
            let missed: Vec<&String> = tried
                .iter()
                .filter(|(_, d)| {
                    found(engine, &as_party(d), &mut scratch).is_empty()
                        || found(engine, &in_goods(d), &mut scratch).is_empty()
                })
                .map(|(_, d)| d)
                .take(4)
                .collect();
            faults.push(format!("{what}: {missed:?}"));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn clean_texts_are_as_quiet_as_before() {
    let Some(lines) = goods_lines() else { return };
    let engine = builtin();
    let mut scratch = Scratch::default();
    let (mut read, mut more, mut findings) = (0, 0, 0);
    for line in &lines {
        read += usize::from(may_be_disguised(line));
        let shipment = Shipment { goods: vec![goods(line.clone())], ..Shipment::default() };
        let found = found(engine, &shipment, &mut scratch);
        let is_of_disguise = |f: &Finding| f.evidence.iter().any(|e| e.detail.contains("disguised"));
        findings += found.len();
        more += found.iter().filter(|f| is_of_disguise(f)).count();
    }
    println!(
        "{} goods texts: {read} read a second time for disguises, {findings} findings, {more} of them of a disguise",
        lines.len()
    );
    assert!(more * 10_000 <= lines.len(), "{more} findings in {} clean texts", lines.len());
    assert!(read * 20 <= lines.len(), "{read} of {} texts are read twice", lines.len());
}
