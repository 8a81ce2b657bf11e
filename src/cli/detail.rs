//! A screening with every detail: the text, the entry, its legal basis and why it is reported.

use super::cells;
use super::excerpt::{excerpts, field};
use super::table::{BOLD, DIM, effect_in_words, labelled, outcome_style, severity_style};
use super::text::{page_width, visible};
use crate::wording::place;
use std::io::{self, Write};
use wire::v1;

/// Most columns of an excerpt.
const EXCERPT: usize = 76;

/// One shipment: its outcome, and every finding.
pub(super) fn screening(
    out: &mut dyn Write,
    title: &str,
    shipment: Option<&v1::Shipment>,
    screening: &v1::Screening,
) -> io::Result<()> {
    heading(out, title, screening)?;
    if !screening.findings.is_empty() && !screening.summary.is_empty() {
        labelled(out, "  ", "summary", &screening.summary)?;
    }
    for found in &screening.findings {
        finding(out, shipment, found)?;
    }
    if !screening.findings.is_empty() && !screening.cells.is_empty() {
        writeln!(out)?;
    }
    cells::read(out, shipment, screening)?;
    limits(out, screening)?;
    if screening.findings.is_empty() && screening.problems.is_empty() { Ok(()) } else { writeln!(out) }
}

/// The title of a shipment with its outcome, and the problems of its record.
pub(super) fn heading(out: &mut dyn Write, title: &str, screening: &v1::Screening) -> io::Result<()> {
    let style = outcome_style(screening.outcome());
    let outcome = screening.outcome().as_str_name();
    writeln!(out, "{BOLD}{}{BOLD:#}  {style}{outcome}{style:#}", visible(title))?;
    for problem in &screening.problems {
        let path = if problem.field_path.is_empty() { "record" } else { &problem.field_path };
        labelled(out, "  ", &visible(path), &problem.description)?;
    }
    Ok(())
}

/// The limits that were reached.
pub(super) fn limits(out: &mut dyn Write, screening: &v1::Screening) -> io::Result<()> {
    screening.limits_reached.iter().try_for_each(|limit| labelled(out, "  ", "truncated", limit))
}

/// The rules that ran and those that could not, where they are wanted.
pub(super) fn rules(out: &mut dyn Write, screening: &v1::Screening, wanted: bool) -> io::Result<()> {
    if !wanted || screening.rules_run.is_empty() && screening.rules_skipped.is_empty() {
        return Ok(());
    }
    labelled(out, "  ", "rules run", &screening.rules_run.join(", "))?;
    for skipped in &screening.rules_skipped {
        labelled(out, "  ", "not run", &format!("{}: {}", skipped.rule, skipped.cause))?;
    }
    writeln!(out)
}

fn finding(out: &mut dyn Write, shipment: Option<&v1::Shipment>, found: &v1::Finding) -> io::Result<()> {
    let style = severity_style(found.severity());
    let severity = found.severity().as_str_name();
    writeln!(out)?;
    writeln!(out, "  {style}{}{style:#}  {severity}  score {}", found.reason().as_str_name(), found.score)?;
    input(out, shipment, found)?;
    listed(out, found)?;
    basis(out, found)?;
    for listing in &found.also_listed {
        also_listed(out, listing)?;
    }
    if found.explanation.is_empty() { Ok(()) } else { row(out, "why", &found.explanation) }
}

/// The field, and the text with what matched marked in it.
fn input(out: &mut dyn Write, shipment: Option<&v1::Shipment>, found: &v1::Finding) -> io::Result<()> {
    if !found.field_path.is_empty() {
        let words = shipment.map_or_else(String::new, |s| place::in_words(s, &found.field_path));
        let gap = if words.is_empty() { "" } else { "  " };
        writeln!(out, "    {words}{gap}{DIM}{}{DIM:#}", visible(&found.field_path))?;
    }
    let Some(text) = shipment.and_then(|s| field(s, &found.field_path)) else { return Ok(()) };
    let style = severity_style(found.severity());
    for excerpt in excerpts(text, &found.spans, EXCERPT.min(page_width() - 6)) {
        write!(out, "      ")?;
        for (part, matched) in &excerpt.parts {
            if *matched {
                write!(out, "{BOLD}{part}{BOLD:#}")?;
            } else {
                write!(out, "{part}")?;
            }
        }
        writeln!(out, "\n      {style}{}{style:#}", excerpt.carets)?;
    }
    Ok(())
}

/// The entry, or the name that matched without one.
fn listed(out: &mut dyn Write, found: &v1::Finding) -> io::Result<()> {
    let Some(entry) = &found.entry else {
        return if found.matched_name.is_empty() { Ok(()) } else { row(out, "matched", &found.matched_name) };
    };
    row(out, "list", title(entry))?;
    row(out, "entry", &format!("{} [{}/{}]", entry.name, entry.list, entry.id))?;
    if found.matched_name != entry.name && !found.matched_name.is_empty() {
        row(out, "matched", &found.matched_name)?;
    }
    row(out, "effect", effect_in_words(entry.effect()))
}

/// The legal basis: citations, dates, licence requirement and review policy.
fn basis(out: &mut dyn Write, found: &v1::Finding) -> io::Result<()> {
    if !found.citations.is_empty() {
        row(out, "citations", &found.citations.join("; "))?;
    }
    match (found.effective.as_str(), found.published.as_str()) {
        ("", "") => {}
        ("", published) => row(out, "dates", &format!("published {published}"))?,
        (effective, "") => row(out, "dates", &format!("in force from {effective}"))?,
        (effective, published) => row(out, "dates", &format!("in force from {effective}, published {published}"))?,
    }
    if !found.licence_requirement.is_empty() {
        row(out, "licence", &found.licence_requirement)?;
    }
    if found.licence_policy.is_empty() { Ok(()) } else { row(out, "review", &found.licence_policy) }
}

/// Another listing of the same party.
fn also_listed(out: &mut dyn Write, listing: &v1::Listing) -> io::Result<()> {
    let Some(entry) = &listing.entry else { return Ok(()) };
    let effect = effect_in_words(entry.effect());
    let mut text = format!("{}: {} [{}/{}]; {effect}", title(entry), entry.name, entry.list, entry.id);
    for more in [listing.citations.join("; "), listing.effective.clone()] {
        if !more.is_empty() {
            text.push_str("; ");
            text.push_str(&more);
        }
    }
    row(out, "also", &format!("{text} ({})", listing.linked_by))
}

fn title(entry: &v1::EntryReference) -> &str {
    if entry.list_title.is_empty() { &entry.list } else { &entry.list_title }
}

fn row(out: &mut dyn Write, label: &str, text: &str) -> io::Result<()> {
    labelled(out, "    ", label, text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use v1::entry::Effect;
    use v1::finding::Severity;
    use v1::screening::Outcome;

    fn example() -> (v1::Shipment, v1::Screening) {
        let name = "C/O HARBOUR WREN LOGISTICS\nSZ DJI TECHNO\nLOGY CO.,LTD";
        let start = name.find("SZ").expect("is there") as u32;
        let end = name.len() as u32;
        let party = v1::Party { role: v1::party::Role::Consignee as i32, name: name.to_owned(), ..Default::default() };
        let finding = v1::Finding {
            reason: v1::finding::Reason::PartyListed as i32,
            severity: Severity::High as i32,
            score: 980,
            field_path: "parties[0].name".to_owned(),
            spans: vec![v1::Span { start, end, text: name[start as usize..].to_owned() }],
            entry: Some(v1::EntryReference {
                list: "us-bis-el".to_owned(),
                id: "17".to_owned(),
                name: "SZ DJI Technology Co., Ltd.".to_owned(),
                effect: Effect::Licence as i32,
                list_title: "BIS Entity List".to_owned(),
                ..Default::default()
            }),
            matched_name: "SZ DJI Technology Co., Ltd.".to_owned(),
            citations: vec!["85 FR 83420".to_owned()],
            licence_requirement: "For all items subject to the EAR. ".repeat(4),
            effective: "2020-12-18".to_owned(),
            published: "2020-12-22".to_owned(),
            explanation: "The consignee is the listed company.".to_owned(),
            ..Default::default()
        };
        let screening = v1::Screening {
            outcome: Outcome::Hold as i32,
            findings: vec![finding; 12],
            summary: "Hold: it is listed.".to_owned(),
            ..Default::default()
        };
        (v1::Shipment { parties: vec![party], ..Default::default() }, screening)
    }

    #[test]
    fn a_finding_reads_from_what_to_why() {
        let (shipment, answer) = example();
        let mut out = anstream::StripStream::new(Vec::new());
        screening(&mut out, "TW-1", Some(&shipment), &answer).expect("writes to memory");
        let text = String::from_utf8(out.into_inner()).expect("is UTF-8");
        let want = "\
TW-1  HOLD
  summary    Hold: it is listed.

  PARTY_LISTED  HIGH  score 980
    consignee  parties[0].name
      C/O HARBOUR WREN LOGISTICS\u{21b5}SZ DJI TECHNO\u{21b5}LOGY CO.,LTD
                                 ^^^^^^^^^^^^^^^^^^^^^^^^^^
    list       BIS Entity List
    entry      SZ DJI Technology Co., Ltd. [us-bis-el/17]
    effect     licence required
    citations  85 FR 83420
    dates      in force from 2020-12-18, published 2020-12-22
    licence    For all items subject to the EAR. For all items subject to the EAR. For all items
               subject to the EAR. For all items subject to the EAR.
    why        The consignee is the listed company.
";
        assert!(text.starts_with(want), "{text}");
        assert_eq!(text.matches("PARTY_LISTED").count(), 12, "every finding is shown");
    }
}
