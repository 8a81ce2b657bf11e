//! The legal forms of the world as GLEIF lists them, asked of the tables.

use crate::shared::{csl, data};
use engine::name::{Class, Uniform, Word, parse};
use std::collections::BTreeMap;
use text::{Folded, Reading};

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Script {
    Latin,
    Cyrillic,
    Chinese,
    Other,
}

fn script(text: &str) -> Script {
    let letters = || text.chars().filter(|c| c.is_alphabetic());
    let within = |range: std::ops::RangeInclusive<char>| letters().any(|c| range.contains(&c));
    if letters().all(|c| c <= '\u{24f}') {
        Script::Latin
    } else if within('\u{400}'..='\u{52f}') {
        Script::Cyrillic
    } else if within('\u{4e00}'..='\u{9fff}') && !within('\u{3040}'..='\u{30ff}') && !within('\u{ac00}'..='\u{d7af}') {
        Script::Chinese
    } else {
        Script::Other
    }
}

/// Whether the abbreviation is a legal form beside a name, before it or behind it.
fn is_recognised(form: &str) -> bool {
    let parsed = |name: String| {
        let folded = Folded::of(&name, Reading::Plain);
        let mut words = Vec::new();
        parse(folded.as_text(), false, &Uniform, &mut words);
        words
    };
    let is_form = |word: &Word| matches!(word.class, Class::LegalForm(_));
    let after = parsed(format!("Kestrelvane {form}"));
    let before = parsed(format!("{form} Kestrelvane"));
    (after.len() > 1 && after[1..].iter().all(is_form))
        || before.split_last().is_some_and(|(_, forms)| !forms.is_empty() && forms.iter().all(is_form))
}

#[test]
fn the_legal_forms_of_listed_countries_are_known() {
    let (Some(engine), Some(path)) = (csl(), data("reference/gleif_elf_1.4.1.csv")) else { return };
    let mut rows: BTreeMap<String, usize> = BTreeMap::new();
    for entry in engine.snapshot().entries() {
        let mut countries: Vec<String> = entry.all_countries().map(|c| c.to_string()).collect();
        countries.sort();
        countries.dedup();
        for country in countries {
            *rows.entry(country).or_default() += 1;
        }
    }
    let mut reader = csv::Reader::from_path(path).expect("the file opens");
    let (mut known, mut missed): (BTreeMap<Script, (usize, usize)>, Vec<String>) = Default::default();
    let mut seen = std::collections::BTreeSet::new();
    for record in reader.records() {
        let record = record.expect("the file is CSV");
        if &record[12] != "ACTV" || rows.get(&record[2]).is_none_or(|n| *n <= 20) {
            continue;
        }
        for form in record[9].split(';').chain(record[10].split(';')).map(str::trim).filter(|f| !f.is_empty()) {
            if !seen.insert((record[2].to_owned(), form.to_owned())) {
                continue;
            }
            let of_script = known.entry(script(form)).or_default();
            of_script.1 += 1;
            if is_recognised(form) {
                of_script.0 += 1;
            } else {
                missed.push(format!("{} {form} ({})", &record[2], &record[5]));
            }
        }
    }
    println!("recognised: {known:?}; missed: {missed:#?}");
    for script in [Script::Latin, Script::Cyrillic, Script::Chinese] {
        let (of, all) = known.get(&script).copied().unwrap_or_default();
        assert!(of * 100 >= all * 90, "{script:?}: {of} of {all}");
    }
}
