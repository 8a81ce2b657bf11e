//! What was sent beside what is listed, field by field, and whether the two agree.

use crate::service::console::answer;
use crate::service::console::words::{self, shown};
use crate::wording::counted;
use ::console::{Piece, Side, Verdict};
use engine::screen::Engine;
use model::country::Country;
use model::entry::Entry;
use wire::v1;

/// Listed values of one field that are shown; the entry's page has all of them.
const MOST: usize = 8;

/// The rows of a finding that rests on an entry.
pub(super) fn sides(
    engine: &Engine,
    shipment: &v1::Shipment,
    finding: &v1::Finding,
    entry: Option<&Entry>,
) -> Vec<Side> {
    let party = party_of(shipment, &finding.field_path);
    let mut rows = vec![name(shipment, finding, entry)];
    let Some(party) = party else {
        rows.extend(entry.map(meaning));
        return rows;
    };
    let role = v1::party::Role::try_from(party.role).unwrap_or_default();
    if role != v1::party::Role::Unspecified {
        let sent = role.as_str_name().to_ascii_lowercase().replace('_', " ");
        let listed = entry.map(|e| words::kind(e.kind).to_owned());
        rows.push(side("Role and kind", plain(&sent), listed.into_iter().collect(), Verdict::Open));
    }
    rows.push(country(party, finding, entry));
    rows.push(address(engine, party, finding, entry));
    rows.push(numbers(party, finding, entry));
    rows.extend(births(party, finding, entry));
    rows.extend(entry.map(meaning));
    rows.retain(|row| !row.sent.is_empty() || !row.listed.is_empty());
    rows
}

/// The party that a path leads into.
pub(super) fn party_of<'s>(shipment: &'s v1::Shipment, path: &str) -> Option<&'s v1::Party> {
    let at = path.strip_prefix("parties[")?.split(']').next()?.parse::<usize>().ok()?;
    shipment.parties.get(at)
}

fn plain(text: &str) -> Vec<Piece> {
    if wire::is_blank(text) { Vec::new() } else { vec![Piece { text: shown(text), is_marked: false }] }
}

fn side(label: &'static str, sent: Vec<Piece>, listed: Vec<String>, verdict: Verdict) -> Side {
    let more = listed.len().saturating_sub(MOST);
    let listed: Vec<String> = listed.into_iter().take(MOST).map(|text| shown(&text)).collect();
    // What is known on one side alone neither agrees nor differs.
    let verdict = if sent.is_empty() || listed.is_empty() { Verdict::Open } else { verdict };
    let more = if more > 0 { format!("and {} more", counted(more as u64, "line", "lines")) } else { String::new() };
    Side { label, sent, listed, more, verdict }
}

/// What the evidence says of a field: the first kind that is there decides.
fn by_evidence(finding: &v1::Finding, kinds: &[(&str, Verdict)]) -> Option<Verdict> {
    let has = |kind: &str| finding.evidence.iter().any(|e| e.name == kind);
    kinds.iter().find(|(kind, _)| has(kind)).map(|(_, verdict)| *verdict)
}

fn name(shipment: &v1::Shipment, finding: &v1::Finding, entry: Option<&Entry>) -> Side {
    let mut listed = vec![finding.matched_name.clone()];
    let primary = entry.map(|e| e.primary_name().to_owned());
    listed.extend(primary.filter(|name| *name != finding.matched_name).map(|name| format!("{name} (primary name)")));
    listed.retain(|name| !name.is_empty());
    let verdict = if finding.score >= 1000 { Verdict::Agrees } else { Verdict::Near };
    side("Name", answer::text(shipment, finding), listed, verdict)
}

fn country(party: &v1::Party, finding: &v1::Finding, entry: Option<&Entry>) -> Side {
    let listed: Vec<Country> = entry.map(|e| e.all_countries().collect()).unwrap_or_default();
    let mut names: Vec<String> = Vec::new();
    for country in &listed {
        if !names.iter().any(|name| name == country.name()) {
            names.push(country.name().to_owned());
        }
    }
    let sent = Country::parse(&party.country);
    let compared = sent.map(|c| if listed.contains(&c) { Verdict::Agrees } else { Verdict::Differs });
    let kinds = [("country_agrees", Verdict::Agrees), ("country_differs", Verdict::Differs)];
    let verdict = compared.or_else(|| by_evidence(finding, &kinds)).unwrap_or(Verdict::Open);
    let in_words = sent.filter(|c| c.name() != party.country).map(|c| format!("{} ({})", party.country, c.name()));
    side("Country", plain(in_words.as_deref().unwrap_or(&party.country)), names, verdict)
}

fn address(engine: &Engine, party: &v1::Party, finding: &v1::Finding, entry: Option<&Entry>) -> Side {
    let sent = match &party.structured_address {
        Some(parts) if wire::is_blank(&party.address) => {
            let parts = [&parts.street_number, &parts.street, &parts.post_code, &parts.city, &parts.region];
            parts.into_iter().filter(|p| !p.is_empty()).map(String::as_str).collect::<Vec<_>>().join(" ")
        }
        _ => party.address.clone(),
    };
    let listed = entry.map(|e| e.addresses.iter().map(|a| a.text.clone()).filter(|t| !t.is_empty()).collect());
    let kinds = ["same_unit", "same_house", "same_building", "address_agrees"].map(|kind| (kind, Verdict::Agrees));
    let snapshot = engine.snapshot();
    let is_listed = |e: &Entry| {
        let of = snapshot.id_of(&e.list, &e.id);
        engine.addresses().find(&sent).0.iter().any(|hit| Some(hit.entry) == of)
    };
    let found = entry.filter(|e| !sent.is_empty() && is_listed(e)).map(|_| Verdict::Agrees);
    // Two addresses of one party may well differ, so nothing else is said.
    let verdict = by_evidence(finding, &kinds).or(found).unwrap_or(Verdict::Open);
    side("Address", plain(&sent), listed.unwrap_or_default(), verdict)
}

fn numbers(party: &v1::Party, finding: &v1::Finding, entry: Option<&Entry>) -> Side {
    let bare =
        |text: &str| text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_uppercase).collect::<String>();
    let sent: Vec<&str> = party.identifiers.iter().map(|i| i.value.as_str()).collect();
    let listed = entry.map(|e| e.identifiers.as_slice()).unwrap_or_default();
    let is_same = sent.iter().any(|s| listed.iter().any(|l| bare(s) == bare(&l.value)));
    let kinds = [
        ("identifier", Verdict::Agrees),
        ("identifier_agrees", Verdict::Agrees),
        ("identifier_differs", Verdict::Differs),
    ];
    let verdict = if is_same { Verdict::Agrees } else { by_evidence(finding, &kinds).unwrap_or(Verdict::Open) };
    let listed = listed.iter().map(|i| format!("{} {}", words::identifier(i.kind), i.value)).collect();
    side("Numbers", plain(&sent.join(", ")), listed, verdict)
}

fn births(party: &v1::Party, finding: &v1::Finding, entry: Option<&Entry>) -> Option<Side> {
    let listed = entry.map(|e| e.births.clone()).unwrap_or_default();
    let sent = if party.born.is_empty() { &party.incorporated } else { &party.born };
    let kinds = [
        ("birth_agrees", Verdict::Agrees),
        ("incorporation_agrees", Verdict::Agrees),
        ("birth_near", Verdict::Near),
        ("incorporation_near", Verdict::Near),
        ("birth_differs", Verdict::Differs),
        ("incorporation_differs", Verdict::Differs),
    ];
    let verdict = by_evidence(finding, &kinds).unwrap_or(Verdict::Open);
    (!sent.is_empty() || !listed.is_empty()).then(|| side("Born or founded", plain(sent), listed, verdict))
}

/// What the listing means, and where it is published.
fn meaning(entry: &Entry) -> Side {
    let lines = [words::meaning(entry.effect).to_owned()].into_iter().chain(entry.citations.iter().cloned());
    let mut row = side("Effect", Vec::new(), lines.collect(), Verdict::Open);
    row.sent = vec![Piece { text: String::new(), is_marked: false }];
    row
}
