//! Single questions to the engine: is the entry found, by name or by number, and how?

use engine::screen::{Engine, Scratch};
use model::entry::{Entry, Identifier};
use model::finding::{Finding, Reason, Severity};
use model::shipment::{Party, Shipment};

/// The best score of an entry as a party, where the name stands alone.
pub(super) fn score_alone(engine: &Engine, entry: &Entry, name: &str, scratch: &mut Scratch) -> u16 {
    party_score(&engine.screen(&consignee(name), scratch).findings, entry)
}

/// A shipment that gives a number in the field for it.
pub(super) fn in_own_field(number: &Identifier) -> Shipment {
    let party = Party { identifiers: vec![number.clone()], ..Party::default() };
    Shipment { parties: vec![party], ..Shipment::default() }
}

/// Whether an entry with the number is reported for it above INFO.
pub(super) fn finds_number(engine: &Engine, shipment: &Shipment, number: &str, scratch: &mut Scratch) -> bool {
    let has_it = |list: &str, id: &str| {
        let entry = engine.snapshot().entry(Some(list), id);
        entry.is_some_and(|entry| entry.identifiers.iter().any(|identifier| identifier.value == number))
    };
    engine.screen(shipment, scratch).findings.iter().any(|f| {
        let reported = f.entry.iter().chain(f.also_listed.iter().map(|listing| &listing.entry));
        f.reason == Reason::PartyIdentifier
            && f.severity > Severity::Info
            && reported.into_iter().any(|e| has_it(e.list.as_str(), &e.id))
    })
}

/// A shipment with the cell as a party's name.
pub(super) fn consignee(cell: &str) -> Shipment {
    let party = Party { name: cell.to_owned(), ..Party::default() };
    Shipment { parties: vec![party], ..Shipment::default() }
}

/// The best score above INFO of the entry as a party; 0 where it is not reported as one.
pub(super) fn party_score(findings: &[Finding], entry: &Entry) -> u16 {
    let as_party = by_name(findings, entry).filter(|f| f.reason != Reason::TextListed);
    as_party.map(|f| f.score.get()).max().unwrap_or(0)
}

/// The findings above INFO that report the entry by name.
pub(super) fn by_name<'a>(findings: &'a [Finding], entry: &'a Entry) -> impl Iterator<Item = &'a Finding> {
    findings.iter().filter(move |f| {
        let by_name = [Reason::PartyListed, Reason::PartyListedWeak, Reason::PartyWatch, Reason::TextListed];
        let mut reported = f.entry.iter().chain(f.also_listed.iter().map(|listing| &listing.entry));
        f.severity > Severity::Info
            && by_name.contains(&f.reason)
            && reported.any(|e| e.list == entry.list && e.id == entry.id)
    })
}
