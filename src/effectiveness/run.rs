//! Screens what was drawn, and says for each name whether its entry was reported.

use super::draw::Case;
use super::kind::{Field, Length};
use super::outcome::Outcome;
use super::report::{self, Clean, CleanAlert};
use super::share::per_million;
use super::strengths::Strengths;
use engine::screen::{Engine, Scratch};
use model::entry::{Entry, EntryKind};
use model::finding::{Finding, Reason, Screening, Severity};
use model::shipment::{Goods, Party, Shipment, Vessel};
use rayon::prelude::*;
use text::{Folded, Reading};

/// Screens every case, on all cores; in the order given.
pub(super) fn cases(engine: &Engine, cases: Vec<Case>) -> Vec<Outcome> {
    let strengths = Strengths::of(engine);
    cases
        .into_par_iter()
        .map_init(Scratch::default, |scratch, case| {
            let entry = &engine.snapshot().entries()[case.entry as usize];
            let screening = engine.screen(&shipment(case.field, entry.kind, &case.text), scratch);
            let listed = entry.names[usize::from(case.name)].text.clone();
            let of_entry = screening.findings.iter().filter(|f| is_name_of(f, entry));
            Outcome {
                entry_kind: entry.kind,
                length: Length::of(&listed),
                reach: strengths.reach(engine, case.field, (case.entry, case.name)),
                list: entry.list.to_string(),
                id: entry.id.clone(),
                alert: of_entry.filter(|f| f.severity > Severity::Info).map(|f| f.score.get()).max(),
                rank: rank(engine, &screening, entry, &listed),
                listed,
                case,
            }
        })
        .collect()
}

/// Screens clean records, on all cores: the counts, and the best score of each alert.
pub(super) fn clean(engine: &Engine, field: Field, records: &[String]) -> (Option<Clean>, Vec<u16>) {
    if records.is_empty() {
        return (None, Vec::new());
    }
    let strongest: Vec<Option<(Severity, u16, String)>> = records
        .par_iter()
        .map_init(Scratch::default, |scratch, text| {
            let screening = engine.screen(&shipment(field, EntryKind::Unknown, text), scratch);
            let named = |f: &&Finding| f.entry.is_some();
            let best = screening.findings.iter().filter(named).max_by_key(|f| (f.severity, f.score))?;
            Some((best.severity, best.score.get(), best.matched_name.clone()))
        })
        .collect();
    let of = |wanted: Severity| strongest.iter().flatten().filter(|(severity, ..)| *severity == wanted).count() as u32;
    let is_alert = |best: &&(Severity, u16, String)| best.0 > Severity::Info;
    let alerts = strongest.iter().flatten().filter(is_alert).count() as u32;
    let with_text = records.iter().zip(&strongest).filter_map(|(text, best)| Some((text, best.as_ref()?)));
    let examples = with_text.filter(|(_, best)| is_alert(best)).map(|(text, (_, score, listed))| CleanAlert {
        text: text.clone(),
        listed: listed.clone(),
        score: *score,
    });
    let counts = Clean {
        records: records.len() as u32,
        alerts,
        alerts_per_million: per_million(alerts, records.len() as u32),
        high: of(Severity::High),
        medium: of(Severity::Medium),
        low: of(Severity::Low),
        info: of(Severity::Info),
        examples: report::examples(examples),
    };
    let scores = strongest.iter().flatten().filter(is_alert).map(|best| best.1).collect();
    (Some(counts), scores)
}

/// The shipment that says `text` in the field: vessels and aircraft stand in the vessel's name.
pub(super) fn shipment(field: Field, kind: EntryKind, text: &str) -> Shipment {
    let text = text.to_owned();
    match (field, kind) {
        (Field::Text, _) => {
            Shipment { goods: vec![Goods { description: text, ..Goods::default() }], ..Shipment::default() }
        }
        (Field::Party, EntryKind::Vessel | EntryKind::Aircraft) => {
            Shipment { vessels: vec![Vessel { name: text, ..Vessel::default() }], ..Shipment::default() }
        }
        (Field::Party, _) => {
            Shipment { parties: vec![Party { name: text, ..Party::default() }], ..Shipment::default() }
        }
    }
}

/// Whether the finding reports the entry for a name.
pub(super) fn is_name_of(finding: &Finding, entry: &Entry) -> bool {
    finding.reason != Reason::PartyIdentifier
        && finding
            .entry
            .iter()
            .chain(finding.also_listed.iter().map(|l| &l.entry))
            .any(|e| e.list == entry.list && e.id == entry.id)
}

fn rank(engine: &Engine, screening: &Screening, entry: &Entry, listed: &str) -> Option<usize> {
    let at = screening.findings.iter().position(|f| is_name_of(f, entry))?;
    let letters = |name: &str| Folded::of(name, Reading::Plain).squeezed().to_owned();
    let right = letters(listed);
    let mut before = Vec::new();
    for found in screening.findings[..at].iter().filter_map(|f| f.entry.as_ref()) {
        let other = engine.snapshot().entry(Some(found.list.as_str()), &found.id);
        let is_right = other.is_some_and(|other| other.names.iter().any(|name| letters(&name.text) == right));
        let place = (&found.list, &found.id);
        if !is_right && !before.contains(&place) {
            before.push(place);
        }
    }
    Some(before.len() + 1)
}
