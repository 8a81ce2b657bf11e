//! Addresses: a party that sits where a list says.

use super::engine::Engine;
use super::listings::is_same_party;
use crate::fact::{AddressFact, Fact, Found};
use crate::matcher::StopCheck;
use crate::place::Place;
use crate::policy::FieldKind;
use crate::rule::{AddressHit, Prepared, Sameness};
use model::country::Country;
use model::entry::EntryKind;
use model::finding::{Evidence, EvidenceKind, Finding, Reason, Score, Severity, Span};
use model::ids::EntryId;
use model::shipment::{Party, Shipment};
use std::cmp::Reverse;

/// Addresses of one name field that are compared, at most.
const MAX_IN_CELL: usize = 4;
/// Entries reported for one party, at most; the others are counted.
const MAX_ENTRIES: usize = 5;

/// Findings on the addresses of every party, beside those known already, and the limits that were reached.
pub(super) fn judge(
    engine: &Engine,
    shipment: &Shipment,
    prepared: &Prepared,
    known: &[Found],
    stop: &mut StopCheck,
) -> (Vec<Found>, Vec<String>) {
    let (mut findings, mut truncated) = (Vec::new(), Vec::new());
    if !engine.policy().is_on(Reason::PartyAddress) {
        return (findings, truncated);
    }
    for (at, party) in shipment.parties.iter().enumerate() {
        if stop.is_due() {
            break;
        }
        let joined = party.structured_address.joined();
        // Parts are one address; the text beside them may be the same or another one.
        let given = [
            (Place::PartyAddress(at as u32), party.address.as_str()),
            (Place::PartyStructuredAddress(at as u32), joined.as_str()),
        ];
        let of_cell = prepared.cell(at).addresses().take(MAX_IN_CELL);
        let of_cell = of_cell.map(|segment| (Place::PartyName(at as u32), &party.name[segment.span()]));
        let mut hits: Vec<(Place, &str, AddressHit)> = Vec::new();
        // Without an address the listed ones need not be there either.
        for (place, text) in given.into_iter().chain(of_cell).filter(|(_, text)| !text.is_empty()) {
            let addresses = engine.addresses();
            let (found, is_truncated) = match place {
                Place::PartyAddress(at) => addresses.find_folded(text, prepared.address(at as usize)),
                _ => addresses.find(text),
            };
            if is_truncated {
                truncated.push(format!("{place}: more listed addresses are similar than are compared; not all were"));
            }
            hits.extend(found.into_iter().map(|hit| (place, text, hit)));
        }
        let said = party.country.or(prepared.cell(at).country);
        let is_sure = |place: Place, hit: &AddressHit| {
            // What stands in a name field is an address by our reading only: the country must agree as well.
            let listed = engine.snapshot().entry_at(hit.entry).addresses[usize::from(hit.address)].country;
            !matches!(place, Place::PartyName(_)) || said.is_some_and(|said| listed.is_some_and(|l| is_same(said, l)))
        };
        hits.retain(|(place, _, hit)| {
            is_sure(*place, hit) && counts(engine, shipment, party, hit) && !is_known(engine, known, at, hit.entry)
        });
        hits.sort_by_key(|(place, _, hit)| (Reverse(hit.sameness), Reverse(hit.score), hit.entry, *place));
        let mut seen: Vec<EntryId> = Vec::new();
        hits.retain(|(.., hit)| {
            let is_new = !seen.contains(&hit.entry);
            seen.push(hit.entry);
            is_new
        });
        // A building that many share is reported once, for the strongest entry.
        let distinctive = hits.iter().filter(|(.., hit)| hit.sameness > Sameness::Building).count();
        let reported = distinctive.clamp(1, MAX_ENTRIES).min(hits.len());
        let more = hits.len() - reported;
        for (place, text, hit) in hits.into_iter().take(reported) {
            let start = if place == Place::PartyName(at as u32) { offset(&party.name, text) } else { 0 };
            findings.push(finding(engine, place, (text, start), hit, more));
        }
    }
    (findings, truncated)
}

fn counts(engine: &Engine, shipment: &Shipment, party: &Party, hit: &AddressHit) -> bool {
    let entry = engine.snapshot().entry_at(hit.entry);
    let listed = entry.addresses[usize::from(hit.address)].country;
    let agrees = match (party.country, listed) {
        (Some(given), Some(listed)) => is_same(given, listed),
        _ => true,
    };
    let review = engine.policy().limits(entry.list.as_str(), entry.effect, party.role, FieldKind::PartyAddress).review;
    let is_enough = hit.sameness == Sameness::Building || hit.score >= review;
    agrees && is_enough && entry.in_force(shipment.as_of, shipment.known_on)
}

fn is_same(given: Country, listed: Country) -> bool {
    given == listed || (is_china(given) && is_china(listed))
}

/// Lists give addresses in Hong Kong and Macau under China and under their own codes.
fn is_china(country: Country) -> bool {
    matches!(country.code(), "CN" | "HK" | "MO")
}

/// Whether the party is reported for this entry, or another of the same listed party, already.
fn is_known(engine: &Engine, known: &[Found], party: usize, entry: EntryId) -> bool {
    known.iter().any(|found| {
        found.place.party() == Some(party)
            && found.finding.severity >= Severity::Medium
            && found.finding.reason != Reason::TextListed
            && found.entry().is_some_and(|known| is_same_party(engine, known, entry))
    })
}

/// Where a part of a text begins.
fn offset(whole: &str, part: &str) -> u32 {
    (part.as_ptr() as usize).saturating_sub(whole.as_ptr() as usize) as u32
}

/// `text` is the address as sent, with the byte of its field at which it begins.
fn finding(engine: &Engine, place: Place, (text, start): (&str, u32), hit: AddressHit, more: usize) -> Found {
    let entry = engine.snapshot().entry_at(hit.entry);
    let listed = &entry.addresses[usize::from(hit.address)].text;
    let severity = match (hit.sameness, entry.kind) {
        (Sameness::Unit, EntryKind::Address) => Severity::Medium,
        (Sameness::Unit | Sameness::House, _) => Severity::Low,
        (Sameness::Building, _) => Severity::Info,
    };
    let severity = severity.min(engine.policy().ceiling(entry.effect));
    let evidence_kind = match hit.sameness {
        Sameness::Unit => EvidenceKind::SameUnit,
        Sameness::House => EvidenceKind::SameHouse,
        Sameness::Building => EvidenceKind::SameBuilding,
    };
    let detail = match more {
        0 => format!("listed as {listed}"),
        1 => format!("listed as {listed}; one more entry has this building or house"),
        more => format!("listed as {listed}; {more} more entries have this building or house"),
    };
    let is_text = matches!(place, Place::PartyAddress(_) | Place::PartyName(_));
    let whole = Span { start, end: start + text.len() as u32, text: text.to_owned() };
    let list_title = engine.snapshot().title(&entry.list);
    let finding = Finding {
        score: Score::clamped(i32::from(hit.score)),
        spans: if is_text { vec![whole] } else { Vec::new() },
        matched_name: listed.clone(),
        evidence: vec![Evidence::new(evidence_kind, i32::from(hit.score), detail)],
        ..Finding::new(Reason::PartyAddress, severity, place.to_string()).on_entry(entry, list_title)
    };
    let fact = AddressFact { entry: hit.entry, text: text.to_owned(), sameness: hit.sameness };
    Found { place, finding, fact: Fact::Address(fact) }
}
