//! Texts made of the lists' own names: eight times the text costs no more than some eight times the time.

use super::hostile::{goods, of_names, of_words, party, ran};
use crate::shared::{Choice, builtin};
use engine::screen::Scratch;
use model::shipment::Shipment;
use std::time::Duration;

const SHORT: usize = 8 << 10;
const LONG: usize = 64 << 10;
/// Texts of each kind and length.
const RUNS: u32 = 6;
/// What eight times the text may cost; noise of the machine included.
const MOST: u32 = 12;

/// The processor time of several runs, each on a text of its own: what was searched before is not searched again.
fn cost(bytes: usize, record: impl Fn(usize, &mut Choice) -> Shipment, scratch: &mut Scratch) -> (Duration, bool) {
    let mut choice = Choice::seeded(bytes as u64);
    let (mut took, mut is_limited) = (Duration::ZERO, false);
    for _ in 0..RUNS {
        let shipment = record(bytes, &mut choice);
        let before = ran();
        let screening = builtin().screen(&shipment, scratch);
        took += ran() - before;
        is_limited |= !screening.limits_reached.is_empty();
    }
    (took / RUNS, is_limited)
}

#[test]
fn a_text_of_listed_names_costs_its_length() {
    type Record = fn(usize, &mut Choice) -> Shipment;
    let records: [(&str, Record); 8] = [
        ("goods, names with blanks", |n, c| in_goods_of(of_names(n, " ", c))),
        ("goods, names on lines", |n, c| in_goods_of(of_names(n, "\n", c))),
        ("goods, names without anything between", |n, c| in_goods_of(of_names(n, "", c))),
        ("goods, words of names", |n, c| in_goods_of(of_words(n, " ", c))),
        ("party, names with commas", |n, c| of_party(of_names(n, ", ", c), String::new())),
        ("party, names on lines", |n, c| of_party(of_names(n, "\n", c), String::new())),
        ("party, words of names", |n, c| of_party(of_words(n, " ", c), String::new())),
        ("address, words of names", |n, c| of_party("Acme".into(), of_words(n, ", ", c))),
    ];
    // The lists are read before time is taken.
    let mut scratch = Scratch::default();
    builtin().screen(&in_goods_of("warm".into()), &mut scratch);
    println!("| text of listed names | 8 KiB | 64 KiB | times | a limit is stated |");
    let mut faults = Vec::new();
    for (what, record) in records {
        let (short, _) = cost(SHORT, record, &mut scratch);
        let (long, is_limited) = cost(LONG, record, &mut scratch);
        let times = long.as_secs_f64() / short.as_secs_f64();
        println!("| {what} | {short:.1?} | {long:.1?} | {times:.1} | {} |", if is_limited { "yes" } else { "no" });
        if long > short * MOST + Duration::from_millis(50) {
            faults.push(format!("{what}: {times:.1} times for eight times the text"));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

fn in_goods_of(text: String) -> Shipment {
    Shipment { goods: vec![goods(text)], ..Shipment::default() }
}

fn of_party(name: String, address: String) -> Shipment {
    Shipment { parties: vec![party(name, address)], ..Shipment::default() }
}
