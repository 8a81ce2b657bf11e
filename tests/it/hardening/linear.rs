//! Texts made of the lists' own names: eight times the text is no more than some eight times the work.
//!
//! Work is counted, by how often the search asks whether its answer is still wanted: between fields, names and
//! every few comparisons and typos followed. Times are printed beside it; `tests/instructions.py` counts instructions.

use super::hostile::{goods, of_names, of_words, party, ran};
use crate::shared::{Choice, builtin};
use engine::screen::{Now, Scratch, Stop};
use model::shipment::Shipment;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

const SHORT: usize = 8 << 10;
const LONG: usize = 64 << 10;
/// Texts of each kind and length.
const RUNS: u32 = 6;
/// How much more work eight times the text may be: the names of a text are not all alike.
const MOST: u64 = 10;

/// Never stops a search, and counts how often it asks.
#[derive(Default)]
struct Counted(AtomicU64);

impl Stop for Counted {
    fn is_due(&self) -> bool {
        self.0.fetch_add(1, Ordering::Relaxed);
        false
    }
}

/// What several runs took, each on a text of its own: what was searched before is not searched again.
#[derive(Default)]
struct Cost {
    work: u64,
    /// Of the processor.
    time: Duration,
    is_limited: bool,
}

fn cost(bytes: usize, record: impl Fn(usize, &mut Choice) -> Shipment, scratch: &mut Scratch) -> Cost {
    let mut choice = Choice::seeded(bytes as u64);
    let mut cost = Cost::default();
    for _ in 0..RUNS {
        let shipment = record(bytes, &mut choice);
        let asked = Arc::new(Counted::default());
        let before = ran();
        let stop = Arc::clone(&asked) as Arc<dyn Stop>;
        let screening = builtin().screen_until(&shipment, Now::default(), stop, scratch).expect("never stopped");
        cost.time += (ran() - before) / RUNS;
        cost.work += asked.0.load(Ordering::Relaxed);
        cost.is_limited |= !screening.limits_reached.is_empty();
    }
    cost
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
    println!("| text of listed names | work, 8 KiB | 64 KiB | times | time, 8 KiB | 64 KiB | a limit is stated |");
    let mut faults = Vec::new();
    for (what, record) in records {
        let (short, long) = (cost(SHORT, record, &mut scratch), cost(LONG, record, &mut scratch));
        let times = long.work as f64 / short.work as f64;
        let limited = if long.is_limited { "yes" } else { "no" };
        println!(
            "| {what} | {} | {} | {times:.1} | {:.1?} | {:.1?} | {limited} |",
            short.work, long.work, short.time, long.time
        );
        if long.work > short.work * MOST {
            faults.push(format!("{what}: {times:.1} times the work for eight times the text"));
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
