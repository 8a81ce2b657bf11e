//! The facts of the rule packs, against tables that others made.

use crate::shared::data;
use std::collections::BTreeSet;

#[test]
fn the_priority_codes_and_tiers_are_those_of_the_reference() {
    let Some(path) = data("reference/chpl_2024-02-23.csv") else { return };
    let mut reader = csv::Reader::from_path(path).expect("the file opens");
    let reference: BTreeSet<(String, String)> = reader
        .records()
        .map(|record| record.expect("the file is CSV"))
        .map(|record| (record[0].trim().to_uppercase(), record[1].trim().to_owned()))
        .collect();
    let pack: toml::Table = include_str!("../../lists/packs/chpl.toml").parse().expect("the pack is TOML");
    let text = |value: &toml::Value| value.as_str().expect("it is a text").to_owned();
    let mut shipped = BTreeSet::new();
    for list in pack["list"].as_array().expect("lists") {
        for tier in list["tier"].as_array().expect("tiers") {
            for code in tier["codes"].as_array().expect("codes") {
                shipped.insert((text(&tier["name"]), text(code)));
            }
        }
    }
    assert_eq!(reference.len(), 50);
    assert_eq!(shipped, reference);
}
