//! A screening as the pages show it.

use super::route;
use super::words::{self, marked, shown};
use crate::wording::place;
use crate::wording::{counted, entries};
use ::console::{Answer, Evidence, Finding, Listing, Outcome, Piece, Problem, Severity, bars};
use engine::screen::Engine;
use wire::v1;

/// The outcome.
pub(super) fn outcome(screening: &v1::Screening) -> Outcome {
    outcome_of(screening.outcome())
}

/// An outcome of the wire.
pub(super) fn outcome_of(outcome: v1::screening::Outcome) -> Outcome {
    use v1::screening::Outcome as W;
    match outcome {
        W::NoFinding => Outcome::NoFinding,
        W::Review => Outcome::Review,
        W::Hold => Outcome::Hold,
        // What is not known is not clear.
        W::Refused | W::Unspecified => Outcome::Refused,
    }
}

/// The whole answer.
pub(super) fn answer(engine: &Engine, shipment: &v1::Shipment, screening: &v1::Screening) -> Answer {
    let problem =
        |p: &v1::Problem| Problem { place: place_of(shipment, &p.field_path), description: shown(&p.description) };
    Answer {
        outcome: outcome(screening),
        summary: shown(&screening.summary),
        findings: screening.findings.iter().map(|f| finding(shipment, f)).collect(),
        problems: screening.problems.iter().map(problem).collect(),
        limits: screening.limits_reached.iter().map(|l| shown(l)).collect(),
        map: route::map(engine, shipment),
        basis: basis(screening),
    }
}

/// Where something stands, in words.
fn place_of(shipment: &v1::Shipment, path: &str) -> String {
    let words = place::in_words(shipment, path);
    if words.is_empty() { shown(path) } else { words }
}

fn basis(screening: &v1::Screening) -> String {
    let short = |text: &str| text.trim_start_matches("sha256:").get(..12).unwrap_or_default().to_owned();
    let lists = screening.lists.as_ref().map_or_else(String::new, |lists| {
        let named = counted(lists.count.into(), "list", "lists");
        format!("{named}, {}, oldest of {}; ", entries(lists.entries.into()), lists.oldest)
    });
    let (snapshot, policy) = (short(&screening.snapshot), short(&screening.policy));
    format!("{lists}snapshot {snapshot}, policy {policy}, {}", screening.engine)
}

/// How much attention a finding asks for.
pub(super) fn severity(finding: &v1::Finding) -> Severity {
    use v1::finding::Severity as W;
    match finding.severity() {
        W::Unspecified | W::Info => Severity::Info,
        W::Low => Severity::Low,
        W::Medium => Severity::Medium,
        W::High => Severity::High,
    }
}

/// One finding.
pub(super) fn finding(shipment: &v1::Shipment, finding: &v1::Finding) -> Finding {
    let listing = |entry: &v1::EntryReference, citations: &[String]| Listing {
        name: shown(&entry.name),
        url: words::entry_url(&entry.list, &entry.id),
        list: entry.list_title.clone(),
        effect: entry.effect().as_str_name().to_ascii_lowercase().replace('_', " "),
        citations: citations.join("; "),
    };
    let also = finding.also_listed.iter().filter_map(|l| l.entry.as_ref().map(|e| listing(e, &l.citations)));
    let evidence =
        |e: &v1::Evidence| Evidence { label: e.name.replace('_', " "), detail: shown(&e.detail), points: e.points };
    // A rule holds or does not; its score is no sum.
    let is_sum = finding.evidence.iter().map(|e| i64::from(e.points)).sum::<i64>() == i64::from(finding.score);
    let details: Vec<String> = finding.evidence.iter().map(|e| shown(&e.detail)).collect();
    Finding {
        severity: severity(finding),
        title: words::wire_reason(finding.reason()).to_owned(),
        place: place::in_words(shipment, &finding.field_path),
        text: text(shipment, finding),
        explanation: shown(&finding.explanation),
        score: finding.score,
        matched: shown(&finding.matched_name),
        listing: finding.entry.as_ref().map(|entry| listing(entry, &finding.citations)),
        also: also.collect(),
        bars: if is_sum { bars(finding.evidence.iter().map(evidence).collect()) } else { Vec::new() },
        notes: if is_sum { String::new() } else { details.join("; ") },
        is_shadow: finding.is_shadow,
    }
}

/// The text of the field that a finding points at, with what matched marked.
pub(super) fn text(shipment: &v1::Shipment, finding: &v1::Finding) -> Vec<Piece> {
    if finding.spans.is_empty() {
        return Vec::new();
    }
    match field(shipment, &finding.field_path) {
        Some(text) => marked(&text, &finding.spans),
        // What matched is in the span itself.
        None => finding.spans.iter().map(|s| Piece { text: shown(&s.text), is_marked: true }).collect(),
    }
}

/// The text at a path, read in the JSON form, whose keys paths are made of.
fn field(shipment: &v1::Shipment, path: &str) -> Option<String> {
    let mut value = serde_json::to_value(shipment).ok()?;
    for part in path.split('.') {
        let (key, index) = match part.split_once('[') {
            None => (part, None),
            Some((key, index)) => (key, Some(index.strip_suffix(']')?.parse::<usize>().ok()?)),
        };
        value = value.get_mut(key)?.take();
        if let Some(index) = index {
            value = value.get_mut(index)?.take();
        }
    }
    value.as_str().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_of_a_field_is_found_by_its_path() {
        let party = v1::Party { other_names: vec!["a".into(), "b".into()], ..Default::default() };
        let goods = v1::Goods { hs_code: "88".into(), ..Default::default() };
        let shipment = v1::Shipment { parties: vec![party], goods: vec![goods], ..Default::default() };
        assert_eq!(field(&shipment, "parties[0].otherNames[1]").as_deref(), Some("b"));
        assert_eq!(field(&shipment, "goods[0].hsCode").as_deref(), Some("88"));
        assert_eq!((field(&shipment, "goods[1].hsCode"), field(&shipment, "x[")), (None, None));
    }
}
