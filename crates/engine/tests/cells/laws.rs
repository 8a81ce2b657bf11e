//! The laws of cells, over the lists and the clean cells: what a goods line would give, a party cell gives too; and what
//! stands beside a name takes nothing from it.

use super::*;

/// Writes a cell of a name and a clean cell.
type Write = fn(&str, &str) -> String;

/// What stands beside a name, as documents put it there.
const BESIDE: &[(&str, Write)] = &[
    ("an address and a name below", |name, clean| format!("{name}\n{clean}")),
    ("an address behind a comma", |name, _| format!("{name}, 14 NORTH SAFFRON ROAD, LEEDS, UNITED KINGDOM")),
    ("a number", |name, _| format!("{name}, VAT NO. GB980780684")),
    ("a contact", |name, _| format!("{name} TEL: +44 20 7946 0123 E-MAIL: info@example.com")),
    ("a relation", |name, clean| format!("{name}\nFOR ACCOUNT OF {clean}")),
    ("care of another party", |name, clean| format!("{name}\nC/O {clean}")),
    ("another party first", |name, clean| format!("{clean}\nALSO NOTIFY: {name}")),
    ("another party first, on its behalf", |name, clean| format!("{clean}\nON BEHALF OF {name}")),
    ("numbered", |name, clean| format!("1. {clean}\n2. {name}")),
];

fn clean_cells() -> Option<Vec<String>> {
    let path = data("goods/clean_parties.txt")?;
    let text = std::fs::read_to_string(path).expect("the file is text");
    Some(text.lines().map(str::to_owned).collect())
}

/// Every name of a list that is found alone, with its entry and score.
fn names_found(engine: &Engine, step: usize) -> Vec<(usize, String, u16)> {
    let mut scratch = Scratch::default();
    let entries = engine.snapshot().entries().iter().enumerate();
    let names = entries.flat_map(|(number, entry)| entry.names.iter().map(move |name| (number, entry, &name.text)));
    names
        .step_by(step)
        .filter_map(|(number, entry, name)| {
            let screening = engine.screen(&party(name), &mut scratch);
            let found = best(&screening, entry)?;
            (found.severity > Severity::Info).then(|| (number, name.clone(), found.score.get()))
        })
        .collect()
}

/// Every so many names of the list are tried: all of them take minutes.
const STEP: usize = 97;

#[test]
fn what_stands_beside_a_listed_name_takes_nothing_from_its_score() {
    let (Some(engine), Some(clean)) = (csl(), clean_cells()) else { return };
    let mut scratch = Scratch::default();
    let (mut all, mut lower) = (0, Vec::new());
    for (at, (number, name, alone)) in names_found(engine, STEP).into_iter().enumerate() {
        let entry = &engine.snapshot().entries()[number];
        for (form, (what, write)) in BESIDE.iter().enumerate() {
            let cell = write(&name, &clean[(at * 31 + form * 17) % clean.len()]);
            let screening = engine.screen(&party(&cell), &mut scratch);
            let score = best(&screening, entry).map_or(0, |found| found.score.get());
            all += 1;
            if score < alone {
                lower.push(format!("{what}: {score} for {alone}: {}", cell.replace('\n', "⏎")));
            }
        }
    }
    println!("{} of {all} lower\n{}", lower.len(), lower.join("\n"));
    assert!(lower.is_empty());
}

#[test]
fn a_clean_cell_gives_what_it_gives_as_goods() {
    let (Some(engine), Some(clean)) = (csl(), clean_cells()) else { return };
    let mut scratch = Scratch::default();
    for line in &clean {
        let in_goods = engine.screen(&goods(line), &mut scratch);
        let in_cell = engine.screen(&party(line), &mut scratch);
        for finding in in_goods.findings.iter().filter(|f| is_name(f.reason) && f.severity > Severity::Info) {
            let reference = finding.entry.as_ref().expect("a name rests on an entry");
            let entry = engine.snapshot().entry(Some(reference.list.as_str()), &reference.id).expect("listed");
            assert!(best(&in_cell, entry).is_some(), "{} is not found in {line:?}", finding.matched_name);
        }
    }
}
