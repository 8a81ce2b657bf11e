//! One party asked about, and the entries that it may be: what yente, watchman and OpenRefine ask.
//!
//! The party is screened as the party or vessel of a shipment, so an entry is found here if and only if it is reported there,
//! with the same score and reasons. Where the caller wants names below the threshold too, a search adds them, never
//! above it.

use super::listed::{Schema, identifier_of};
use crate::service::batch;
use crate::service::guard::failure::Failure;
use crate::service::pool::Wanted;
use crate::service::recording::{Recorded, Recording};
use engine::screen::{Engine, Scratch};
use model::entry::Entry;
use model::ids::EntryId;
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::sync::Arc;
use wire::v1;
use wire::v1::finding::{Reason, Severity};

/// Names of one party at most, and bytes of each text.
const MAX_NAMES: usize = 50;
const MAX_TEXT: usize = 4096;

/// Names that are searched for below the threshold, at most: a search costs more than a screening.
const MAX_SEARCHED: usize = 3;

/// A party asked about.
#[derive(Clone, Debug, Default)]
pub(in crate::service) struct Party {
    pub(in crate::service) names: Vec<String>,
    pub(in crate::service) addresses: Vec<String>,
    pub(in crate::service) countries: Vec<String>,
    pub(in crate::service) identifiers: Vec<v1::Identifier>,
    pub(in crate::service) born: String,
    pub(in crate::service) incorporated: String,
    pub(in crate::service) is_vessel: bool,
}

/// An entry that the party may be.
#[derive(Clone, Debug)]
pub(in crate::service) struct Match<'e> {
    pub(in crate::service) entry: &'e Entry,
    /// 0..=1000.
    pub(in crate::service) score: u16,
    /// The spelling or number of the entry that matched.
    pub(in crate::service) matched_name: String,
    pub(in crate::service) evidence: Vec<v1::Evidence>,
    /// One sentence.
    pub(in crate::service) explanation: String,
}

/// Which matches are wanted.
pub(in crate::service) struct Wants<'w> {
    /// The least score.
    pub(in crate::service) least: u16,
    /// Which entries count at all.
    pub(in crate::service) keep: &'w dyn Fn(&Engine, &Entry) -> bool,
}

impl Party {
    /// The party that properties of an entity describe.
    pub(in crate::service) fn of_properties(schema: Schema, properties: &Map<String, Value>) -> Self {
        let texts = |property: &str| -> Vec<String> {
            let values = properties.get(property).and_then(Value::as_array);
            values.into_iter().flatten().filter_map(|v| v.as_str().map(str::to_owned)).collect()
        };
        let first = |property: &str| texts(property).into_iter().next();
        let all = |properties: &[&str]| properties.iter().flat_map(|p| texts(p)).collect();
        let mut party = Self {
            names: all(&["name", "alias", "weakAlias", "previousName", "abbreviation"]),
            addresses: texts("address"),
            countries: all(&["country", "nationality", "citizenship", "jurisdiction", "mainCountry", "flag"]),
            identifiers: Vec::new(),
            born: first("birthDate").unwrap_or_default(),
            incorporated: first("incorporationDate").unwrap_or_default(),
            is_vessel: schema == Schema::Vessel,
        };
        let parts = ["firstName", "secondName", "middleName", "fatherName", "lastName"];
        let parts: Vec<String> = parts.iter().filter_map(|p| first(p)).collect();
        if parts.len() > 1 {
            party.names.push(parts.join(" "));
        }
        for property in properties.keys() {
            let Some(kind) = identifier_of(property, schema) else { continue };
            let number = |value| v1::Identifier { r#type: kind as i32, value, country: String::new() };
            party.identifiers.extend(texts(property).into_iter().map(number));
        }
        party
    }

    /// Whether there is something to look for.
    pub(in crate::service) fn is_empty(&self) -> bool {
        self.names.is_empty() && self.identifiers.is_empty()
    }

    /// As a shipment that has this party alone.
    fn shipment(&self) -> v1::Shipment {
        let clip = |texts: &[String]| -> Vec<String> { texts.iter().take(MAX_NAMES).cloned().collect() };
        let (mut names, country) = (clip(&self.names), self.countries.first().cloned().unwrap_or_default());
        let mut shipment = v1::Shipment::default();
        if self.is_vessel {
            let imo = self.identifiers.iter().find(|i| i.r#type() == v1::identifier::Type::Imo);
            let imo = imo.map(|i| i.value.clone()).unwrap_or_default();
            let vessel = |name| v1::Vessel { name, imo: imo.clone(), flag: country.clone() };
            if names.is_empty() {
                names.push(String::new());
            }
            shipment.vessels = names.into_iter().map(vessel).collect();
            names = Vec::new();
        }
        let name = if names.is_empty() { String::new() } else { names.remove(0) };
        let identifiers: Vec<_> = self.identifiers.iter().take(MAX_NAMES).cloned().collect();
        if !self.is_vessel || !identifiers.is_empty() {
            shipment.parties.push(v1::Party {
                name,
                other_names: names,
                address: self.addresses.first().cloned().unwrap_or_default(),
                country,
                identifiers,
                born: self.born.clone(),
                incorporated: self.incorporated.clone(),
                ..v1::Party::default()
            });
        }
        shipment
    }

    /// The entries that the party may be, best first; the answer may leave when the second is ready; `least` and `keep` say which are wanted.
    ///
    /// # Errors
    /// When the party cannot be screened, or nobody waits for the answer any more.
    pub(in crate::service) fn find<'l>(
        &self,
        recording: &'l Recording,
        wants: &Wants<'_>,
        wanted: &Arc<Wanted>,
        scratch: &mut Scratch,
    ) -> Result<(Vec<Match<'l>>, Recorded), Failure> {
        if let Some(long) = self.names.iter().chain(&self.addresses).find(|text| text.len() > MAX_TEXT) {
            return Err(Failure::Malformed(format!("a text has {} bytes; expected at most {MAX_TEXT}", long.len())));
        }
        let engine = recording.loaded().engine();
        let mut found: BTreeMap<EntryId, Match<'l>> = BTreeMap::new();
        let (screening, recorded) = batch::screen_recorded(recording, self.shipment(), wanted, scratch)?;
        for finding in &screening.findings {
            add_finding(engine, finding, &mut found);
        }
        let threshold = engine.policy().thresholds().party_review;
        if wants.least < threshold {
            for name in self.names.iter().take(MAX_SEARCHED).filter(|name| !name.trim().is_empty()) {
                add_searched(engine, name, threshold, scratch, &mut found);
            }
        }
        let mut matches: Vec<_> = found.into_values().collect();
        matches.retain(|m| m.score >= wants.least && (wants.keep)(engine, m.entry));
        // The map has them in order of their ids; a stable sort keeps that among equals.
        matches.sort_by_key(|m| std::cmp::Reverse(m.score));
        Ok((matches, recorded))
    }
}

/// Whether a finding says that the party is the entry.
fn is_identity(reason: Reason) -> bool {
    matches!(
        reason,
        Reason::PartyListed
            | Reason::PartyListedWeak
            | Reason::PartyIdentifier
            | Reason::PartyWatch
            | Reason::TextListed
    )
}

/// The entry of a finding, and the others that list the same party.
fn add_finding<'l>(engine: &'l Engine, finding: &v1::Finding, found: &mut BTreeMap<EntryId, Match<'l>>) {
    if !is_identity(finding.reason()) {
        return;
    }
    let threshold = engine.policy().thresholds().party_review;
    // A weak name alone is for information: it never counts as a match.
    let is_weak = finding.reason() == Reason::PartyListedWeak && finding.severity() == Severity::Info;
    let score = u16::try_from(finding.score).unwrap_or(1000);
    let score = if is_weak { score.min(threshold.saturating_sub(1)) } else { score };
    let references = finding.entry.iter().map(|entry| (entry, None));
    let linked = finding.also_listed.iter().filter_map(|l| l.entry.as_ref().map(|entry| (entry, Some(l))));
    for (reference, linked) in references.chain(linked) {
        let list = model::entry::ListId::new(&reference.list);
        let Some(id) = engine.snapshot().id_of(&list, &reference.id) else { continue };
        let explanation = match linked {
            None => finding.explanation.clone(),
            Some(l) => format!("{} The same party is listed here too ({}).", finding.explanation, l.linked_by),
        };
        let matched = Match {
            entry: engine.snapshot().entry_at(id),
            score,
            matched_name: finding.matched_name.clone(),
            evidence: finding.evidence.clone(),
            explanation,
        };
        let known = found.entry(id).or_insert_with(|| matched.clone());
        if known.score < score {
            *known = matched;
        }
    }
}

/// What a search finds beside, below the threshold.
fn add_searched<'l>(
    engine: &'l Engine,
    name: &str,
    threshold: u16,
    scratch: &mut Scratch,
    found: &mut BTreeMap<EntryId, Match<'l>>,
) {
    for hit in engine.search(name, 50, scratch) {
        let Some(id) = engine.snapshot().id_of(&hit.entry.list, &hit.entry.id) else { continue };
        found.entry(id).or_insert_with(|| {
            let score = hit.score.get().min(threshold.saturating_sub(1));
            let detail =
                format!("`{}` and `{}` are alike; screening does not report it", name.trim(), hit.matched_name);
            Match {
                entry: hit.entry,
                score,
                matched_name: hit.matched_name.to_owned(),
                evidence: vec![v1::Evidence {
                    name: "search".to_owned(),
                    points: i32::from(score),
                    detail: detail.clone(),
                }],
                explanation: detail,
            }
        });
    }
}
