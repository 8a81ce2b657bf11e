//! Compiled lists that are kept and read back: on real lists the same index, byte for byte, and the same answers.

use crate::shared::{Choice, data, goods_lines};
use current::{Current, Keep, Recipe};
use engine::rule::Rules;
use engine::screen::{Engine, Limits, Scratch};
use lists::Source;
use model::binary::BytesOut;
use model::shipment::{Goods, Party, Shipment};
use sha2::{Digest as _, Sha256};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Records of each kind.
const RECORDS: usize = 1_000;

fn current(lists: &[PathBuf]) -> Current {
    let files = lists.iter().cloned().map(Source::Path);
    Current::new(Recipe {
        sources: [Source::Builtin].into_iter().chain(files).collect(),
        policy: Arc::default(),
        limits: Limits::default(),
        rules: Rules::builtin(),
    })
}

/// A digest of all that was compiled.
fn compiled(engine: &Engine) -> Vec<u8> {
    let mut all = Sha256::new();
    let mut part = Vec::new();
    let written = engine.write_parts(&mut |name, write| {
        part.clear();
        let mut out = BytesOut::new(&mut part);
        write(&mut out);
        out.finish()?;
        all.update(name);
        all.update(&part);
        Ok(())
    });
    written.expect("memory takes it");
    all.finalize().to_vec()
}

/// Listed names, some of them misspelt, persons that nobody lists, and goods.
fn records(engine: &Engine, folder: &Path) -> Vec<Shipment> {
    let mut choice = Choice::seeded(8);
    let entries = engine.snapshot().entries();
    let names: Vec<&str> = entries.iter().flat_map(|e| &e.names).map(|name| name.text.as_str()).collect();
    let mut parties: Vec<String> = (0..RECORDS).map(|_| names[choice.below(names.len())].to_owned()).collect();
    for at in 0..RECORDS {
        let mut letters: Vec<char> = parties[at].chars().collect();
        let one = choice.below(letters.len());
        let other = (one + 1).min(letters.len() - 1);
        letters.swap(one, other);
        parties.push(letters.into_iter().collect());
    }
    let persons = fs::read_to_string(folder).expect("the file reads");
    parties.extend(persons.lines().take(RECORDS).map(str::to_owned));
    let addresses: Vec<&str> = entries.iter().flat_map(|e| &e.addresses).map(|a| a.text.as_str()).collect();
    let party = |name| Party { name, address: addresses[choice.below(addresses.len())].to_owned(), ..Party::default() };
    let parties = parties.into_iter().map(party).map(|p| Shipment { parties: vec![p], ..Shipment::default() });
    let goods = goods_lines().unwrap_or_default().into_iter().step_by(7).take(RECORDS);
    let goods = goods.map(|description| Goods { description, ..Goods::default() });
    parties.chain(goods.map(|goods| Shipment { goods: vec![goods], ..Shipment::default() })).collect()
}

#[test]
fn real_lists_read_back_are_those_compiled_and_answer_alike() {
    let files = ["us/csl_2022-05.csv.gz", "un/un_2026-02-27.xml", "uk/ofsi_2025-04-10.csv.gz", "au/dfat_2026-02.xlsx"];
    let files: Option<Vec<PathBuf>> = files.iter().map(|file| data(&format!("lists/{file}"))).collect();
    let (Some(files), Some(persons)) = (files, data("benchmarks/clean_person_names.txt")) else { return };
    let folder = tempfile::tempdir().expect("a folder");
    let keeping = || current(&files).keeping_compiled(folder.path(), Keep::First).reload().expect("the lists load").now;
    let first = keeping();
    let written = fs::metadata(folder.path().join("compiled/lists")).and_then(|kept| kept.modified()).expect("kept");
    let second = keeping();
    let again = fs::metadata(folder.path().join("compiled/lists")).and_then(|kept| kept.modified()).expect("kept");
    assert_eq!(written, again, "the second reads what the first kept");
    assert!(first.engine().snapshot().is_as(second.engine().snapshot()));
    assert_eq!(first.engine().snapshot().entries(), second.engine().snapshot().entries());
    assert_eq!(compiled(first.engine()), compiled(second.engine()));
    let (mut one, mut other) = (Scratch::default(), Scratch::default());
    let mut findings = 0;
    for shipment in records(first.engine(), &persons) {
        let answer = first.engine().screen(&shipment, &mut one);
        assert_eq!(answer, second.engine().screen(&shipment, &mut other));
        findings += answer.findings.len();
    }
    assert!(findings > RECORDS, "{findings}");
}
