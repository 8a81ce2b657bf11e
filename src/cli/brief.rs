//! A screening that fits a screen: a summary, then one line a finding, strongest first. Findings that make up a combination stand
//! under it.

use super::detail::{heading, limits};
use super::table::{DIM, effect_in_short, severity_style};
use super::text::{clipped, page_width, visible, wrap};
use crate::wording::counted;
use crate::wording::place;
use std::io::{self, Write};
use v1::finding::Reason;
use wire::v1;

/// Findings shown of one shipment.
const FINDINGS: usize = 12;

/// Lines of the summary, at most.
const SUMMARY: usize = 4;

/// Most columns of the matched text in a line.
const MATCHED: usize = 36;

/// One shipment: its outcome, and a line for each finding.
pub(super) fn screening(
    out: &mut dyn Write,
    title: &str,
    shipment: Option<&v1::Shipment>,
    screening: &v1::Screening,
) -> io::Result<()> {
    heading(out, title, screening)?;
    summary(out, screening)?;
    let lines = lines(&screening.findings);
    for line in lines.iter().take(FINDINGS) {
        finding(out, shipment, line)?;
    }
    if lines.len() > FINDINGS {
        let more = counted((lines.len() - FINDINGS) as u64, "more finding", "more findings");
        writeln!(out, "  and {more}; --explain shows all")?;
    }
    limits(out, screening)
}

/// What the answer rests on, below the outcome, in a few lines.
fn summary(out: &mut dyn Write, screening: &v1::Screening) -> io::Result<()> {
    if screening.findings.is_empty() || screening.summary.is_empty() {
        return Ok(());
    }
    let mut lines = wrap(&screening.summary, page_width() - 3);
    if lines.len() > SUMMARY {
        lines.truncate(SUMMARY);
        lines[SUMMARY - 1].push('\u{2026}');
    }
    lines.iter().try_for_each(|line| writeln!(out, "  {line}"))
}

/// A finding to be shown, and whether it belongs to the combination above it.
struct Line<'a> {
    finding: &'a v1::Finding,
    is_part: bool,
}

/// The findings in their order; the parts of a combination follow it, but for those that are stronger than it.
fn lines(findings: &[v1::Finding]) -> Vec<Line<'_>> {
    let mut lines: Vec<Line<'_>> = Vec::with_capacity(findings.len());
    let mut is_shown = vec![false; findings.len()];
    for (at, finding) in findings.iter().enumerate() {
        if is_shown[at] {
            continue;
        }
        is_shown[at] = true;
        lines.push(Line { finding, is_part: false });
        let parts = parts(finding);
        for (at, part) in findings.iter().enumerate() {
            let is_combined = part.reason() != Reason::Combination && parts.contains(&part.reason().as_str_name());
            if is_combined && !is_shown[at] {
                is_shown[at] = true;
                lines.push(Line { finding: part, is_part: true });
            }
        }
    }
    lines
}

/// The reasons that a combination combines.
fn parts(finding: &v1::Finding) -> Vec<&str> {
    if finding.reason() != Reason::Combination {
        return Vec::new();
    }
    finding.evidence.iter().filter(|e| e.name == "part").map(|e| e.detail.as_str()).collect()
}

fn finding(out: &mut dyn Write, shipment: Option<&v1::Shipment>, line: &Line<'_>) -> io::Result<()> {
    let Line { finding, is_part } = line;
    let style = severity_style(finding.severity());
    let severity = finding.severity().as_str_name();
    let indent = if *is_part { "  + " } else { "  " };
    let shadow = if finding.is_shadow { " (shadow mode)" } else { "" };
    let head = format!("{indent}{severity:<6} {:>4} {}{shadow}  ", finding.score, finding.reason().as_str_name());
    let room = page_width().saturating_sub(head.len());
    let text = clipped(&visible(&text(shipment, finding)), room);
    let (before, after) = head.split_at(indent.len() + 6);
    let (blank, severity) = before.split_at(indent.len());
    writeln!(out, "{DIM}{blank}{DIM:#}{style}{severity}{style:#}{after}{text}")
}

/// What was found, where, and which entry it is.
fn text(shipment: Option<&v1::Shipment>, finding: &v1::Finding) -> String {
    let mut place = shipment.map_or_else(String::new, |s| place::in_words(s, &finding.field_path));
    if place.is_empty() {
        place.clone_from(&finding.field_path);
    }
    let parts = parts(finding);
    if !parts.is_empty() {
        let at = if place.is_empty() { String::new() } else { format!(" ({place})") };
        return format!("{}{at}: {}", finding.matched_name.replace('-', " "), parts.join(" + "));
    }
    let Some(entry) = &finding.entry else { return finding.explanation.clone() };
    let matched = finding.spans.first().map_or("", |span| span.text.as_str());
    let matched = clipped(&visible(matched), MATCHED);
    let name = if finding.matched_name.is_empty() { &entry.name } else { &finding.matched_name };
    let more = match finding.also_listed.len() as u64 {
        0 => String::new(),
        more => format!(", {}", counted(more, "more listing", "more listings")),
    };
    // The id of the entry is for --explain: some publishers' fill half a line, and a narrow terminal cuts the end.
    let (list, effect) = (&entry.list, effect_in_short(entry.effect()));
    format!("{place} \"{matched}\": {name} [{list}], {effect}{more}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use v1::entry::Effect;
    use v1::finding::Severity;
    use v1::screening::Outcome;

    fn found(reason: Reason, severity: Severity, explanation: &str) -> v1::Finding {
        v1::Finding {
            reason: reason as i32,
            severity: severity as i32,
            score: 1000,
            explanation: explanation.to_owned(),
            ..Default::default()
        }
    }

    fn shown(shipment: &v1::Shipment, findings: Vec<v1::Finding>) -> String {
        let answer = v1::Screening { outcome: Outcome::Hold as i32, findings, ..Default::default() };
        let mut out = anstream::StripStream::new(Vec::new());
        screening(&mut out, "TW-1", Some(shipment), &answer).expect("writes to memory");
        String::from_utf8(out.into_inner()).expect("is UTF-8")
    }

    #[test]
    fn a_finding_is_one_line_and_a_combination_holds_its_parts() {
        let name = "SZ DJI TECHNO LOGY";
        let party = v1::Party { role: v1::party::Role::Consignee as i32, name: name.to_owned(), ..Default::default() };
        let shipment = v1::Shipment { parties: vec![party], ..Default::default() };
        let entry = v1::EntryReference {
            list: "us-bis-el".to_owned(),
            id: "17".to_owned(),
            name: "SZ DJI".to_owned(),
            effect: Effect::Licence as i32,
            ..Default::default()
        };
        let part = |reason: Reason| v1::Evidence {
            name: "part".to_owned(),
            detail: reason.as_str_name().to_owned(),
            points: 0,
        };
        let listed = v1::Finding {
            field_path: "parties[0].name".to_owned(),
            spans: vec![v1::Span { start: 0, end: 18, text: name.to_owned() }],
            entry: Some(entry),
            also_listed: vec![v1::Listing::default()],
            ..found(Reason::PartyListed, Severity::High, "unused")
        };
        let combination = v1::Finding {
            matched_name: "vague-goods-to-nobody".to_owned(),
            evidence: vec![part(Reason::GoodsVague), part(Reason::RoleMissing)],
            ..found(Reason::Combination, Severity::Medium, "unused")
        };
        let text = shown(
            &shipment,
            vec![
                listed,
                combination,
                found(Reason::GoodsHsUav, Severity::Low, "HS 8806 is a drone."),
                found(Reason::GoodsVague, Severity::Low, "\"parts\" says too little."),
            ],
        );
        let want = "\
TW-1  HOLD
  HIGH   1000 PARTY_LISTED  consignee \"SZ DJI TECHNO LOGY\": SZ DJI [us-bis-el], licence required, 1…
  MEDIUM 1000 COMBINATION  vague goods to nobody: GOODS_VAGUE + ROLE_MISSING
  + LOW    1000 GOODS_VAGUE  \"parts\" says too little.
  LOW    1000 GOODS_HS_UAV  HS 8806 is a drone.
";
        assert_eq!(text, want);
    }

    #[test]
    fn a_long_answer_still_fits_a_screen() {
        let vague = found(Reason::GoodsVague, Severity::Low, &"word ".repeat(90));
        let text = shown(&v1::Shipment::default(), vec![vague; 40]);
        assert_eq!(text.lines().count(), FINDINGS + 2);
        assert!(text.ends_with("  and 28 more findings; --explain shows all\n"), "{text}");
        assert!(text.lines().all(|line| line.chars().count() <= page_width()));
    }
}
