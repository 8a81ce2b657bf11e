//! Texts that cost most, made of the lists' own names.

use crate::shared::{Choice, builtin};
use model::shipment::{Goods, Party, Role, Shipment};
use std::time::Duration;

/// Text of about so many bytes, of listed names with this between them.
pub(super) fn of_names(bytes: usize, between: &str, choice: &mut Choice) -> String {
    let entries: Vec<_> = builtin().snapshot().entries().iter().filter(|e| !e.names.is_empty()).collect();
    let mut text = String::new();
    while text.len() < bytes {
        let entry = entries[choice.below(entries.len())];
        let name = &entry.names[choice.below(entry.names.len())].text;
        if !text.is_empty() {
            text.push_str(between);
        }
        text.push_str(name);
    }
    text::beginning(&text, bytes).to_owned()
}

/// Text of about so many bytes, of the words of listed names in any order.
pub(super) fn of_words(bytes: usize, between: &str, choice: &mut Choice) -> String {
    let names = of_names(bytes, " ", choice);
    let mut words: Vec<&str> = names.split(' ').collect();
    for at in (1..words.len()).rev() {
        words.swap(at, choice.below(at + 1));
    }
    text::beginning(&words.join(between), bytes).to_owned()
}

/// A party that says this.
pub(super) fn party(name: String, address: String) -> Party {
    Party { role: Some(Role::Consignee), name, address, ..Party::default() }
}

/// Goods that say this.
pub(super) fn goods(description: String) -> Goods {
    Goods { description, ..Goods::default() }
}

/// Records that cost most, each as large as a message may be or as the limits of a record allow.
pub(super) fn shipments() -> Vec<(&'static str, Shipment)> {
    let mut choice = Choice::seeded(16);
    const FIELD: usize = 65_536;
    let shipment = |parties: Vec<Party>, goods: Vec<Goods>| Shipment { parties, goods, ..Shipment::default() };
    let mut all = Vec::new();
    let plain = "machine parts of steel, spare bolts and 40 cartons of printed matter; ";
    let lines = (0..1000).map(|_| goods(plain.repeat(15_000 / plain.len()))).collect();
    all.push(("ordinary words in 1,000 goods lines", shipment(vec![party("Acme".into(), String::new())], lines)));
    let lines = (0..200).map(|_| goods(of_names(FIELD, " ", &mut choice))).collect();
    all.push(("listed names in goods lines", shipment(Vec::new(), lines)));
    let lines = (0..200).map(|_| goods(of_words(FIELD, " ", &mut choice))).collect();
    all.push(("words of listed names in goods lines", shipment(Vec::new(), lines)));
    for (what, between) in [("with commas", ", "), ("on lines", "\n"), ("with blanks", " "), ("with c/o", " c/o ")] {
        let parties = (0..200).map(|_| party(of_names(FIELD, between, &mut choice), String::new())).collect();
        all.push((what, shipment(parties, Vec::new())));
    }
    let addresses = (0..200).map(|_| party("Acme".into(), of_words(FIELD, ", ", &mut choice))).collect();
    all.push(("addresses", shipment(addresses, Vec::new())));
    let mut many = party("Acme".into(), String::new());
    many.other_names = (0..200).map(|_| of_names(FIELD, " ", &mut choice)).collect();
    all.push(("other names", shipment(vec![many], Vec::new())));
    let numbers = (0..200).map(|at| party("Acme".into(), format!("{at} ").repeat(FIELD / 4))).collect();
    all.push(("numbers", shipment(numbers, Vec::new())));
    let lines = (0..200).map(|_| goods("shipper: consignee: notify: made by ".repeat(FIELD / 36))).collect();
    all.push(("words that open parties", shipment(Vec::new(), lines)));
    all
}

/// What this thread has had of the processor: other work on the machine does not count.
pub(super) fn ran() -> Duration {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").expect("Linux says how long a thread ran");
    Duration::from_nanos(text.split(' ').next().and_then(|n| n.parse().ok()).expect("nanoseconds"))
}
