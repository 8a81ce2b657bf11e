//! Screenings for reading. Plain text wherever colour is not wanted; the same words either way.

use super::excerpt::{excerpts, field};
use super::text::{page_width, visible, wrap};
use anstyle::{AnsiColor, Style};
use std::io::{self, Write};
use v1::entry::Effect;
use v1::finding::Severity;
use v1::screening::Outcome;
use wire::v1;

/// Findings shown of one shipment; the JSON form has them all.
const FINDINGS: usize = 10;

/// Columns of the labels.
const LABEL: usize = 11;

/// Most columns of an excerpt.
const EXCERPT: usize = 76;

const BOLD: Style = Style::new().bold();
const DIM: Style = Style::new().dimmed();

/// One shipment: what became of it, and each finding.
pub(crate) fn screening(
    out: &mut dyn Write,
    title: &str,
    shipment: Option<&v1::Shipment>,
    screening: &v1::Screening,
) -> io::Result<()> {
    let style = outcome_style(screening.outcome());
    let outcome = screening.outcome().as_str_name();
    writeln!(out, "{BOLD}{}{BOLD:#}  {style}{outcome}{style:#}", visible(title))?;
    for problem in &screening.problems {
        let path = if problem.field_path.is_empty() { "record" } else { &problem.field_path };
        labelled(out, "  ", &visible(path), &problem.description)?;
    }
    if !screening.findings.is_empty() && !screening.summary.is_empty() {
        labelled(out, "  ", "summary", &screening.summary)?;
    }
    for found in screening.findings.iter().take(FINDINGS) {
        finding(out, shipment, found)?;
    }
    if screening.findings.len() > FINDINGS {
        writeln!(out, "\n  and {} more findings (use --format json)", screening.findings.len() - FINDINGS)?;
    }
    for limit in &screening.limits_reached {
        labelled(out, "  ", "cut short", limit)?;
    }
    if !screening.findings.is_empty() || !screening.problems.is_empty() {
        writeln!(out)?;
    }
    Ok(())
}

/// What everything was screened with.
pub(crate) fn identity(out: &mut dyn Write, snapshot: &str, policy: &str, engine: &str) -> io::Result<()> {
    writeln!(out, "{DIM}snapshot {}, policy {}, {engine}{DIM:#}", short(snapshot), short(policy))
}

/// The first digits of a fingerprint; the JSON form has all of it.
pub(crate) fn short(fingerprint: &str) -> &str {
    fingerprint.get(.."sha256:".len() + 12).unwrap_or(fingerprint)
}

fn finding(out: &mut dyn Write, shipment: Option<&v1::Shipment>, found: &v1::Finding) -> io::Result<()> {
    let style = severity_style(found.severity());
    let severity = found.severity().as_str_name();
    writeln!(out)?;
    writeln!(out, "  {style}{}{style:#}  {severity}  score {}", found.reason().as_str_name(), found.score)?;
    let text = shipment.and_then(|s| field(s, &found.field_path));
    let place = shipment.map_or_else(String::new, |s| place_in_words(s, &found.field_path));
    if !found.field_path.is_empty() {
        writeln!(out, "    {place}{DIM}{}{DIM:#}", visible(&found.field_path))?;
    }
    if let Some(text) = text {
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
    }
    if let Some(entry) = &found.entry {
        let title = if entry.list_title.is_empty() { &entry.list } else { &entry.list_title };
        row(out, "list", title)?;
        row(out, "entry", &format!("{} [{}/{}]", entry.name, entry.list, entry.id))?;
        if found.matched_name != entry.name && !found.matched_name.is_empty() {
            row(out, "matched", &found.matched_name)?;
        }
        row(out, "effect", effect_in_words(entry.effect()))?;
    } else if !found.matched_name.is_empty() {
        row(out, "matched", &found.matched_name)?;
    }
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
    if !found.licence_policy.is_empty() {
        row(out, "review", &found.licence_policy)?;
    }
    for listing in &found.also_listed {
        let Some(entry) = &listing.entry else { continue };
        let title = if entry.list_title.is_empty() { &entry.list } else { &entry.list_title };
        let mut text =
            format!("{title}: {} [{}/{}]; {}", entry.name, entry.list, entry.id, effect_in_words(entry.effect()));
        for more in [listing.citations.join("; "), listing.effective.clone()] {
            if !more.is_empty() {
                text.push_str("; ");
                text.push_str(&more);
            }
        }
        row(out, "also", &format!("{text} ({})", listing.linked_by))?;
    }
    if !found.explanation.is_empty() {
        row(out, "why", &found.explanation)?;
    }
    Ok(())
}

fn row(out: &mut dyn Write, label: &str, text: &str) -> io::Result<()> {
    labelled(out, "    ", label, text)
}

/// A label and wrapped text beside it.
pub(crate) fn labelled(out: &mut dyn Write, indent: &str, label: &str, text: &str) -> io::Result<()> {
    let width = page_width().saturating_sub(indent.len() + LABEL);
    let mut label = format!("{label:<width$}", width = LABEL - 1);
    for line in wrap(text, width) {
        writeln!(out, "{indent}{DIM}{label}{DIM:#} {line}")?;
        label = " ".repeat(LABEL - 1);
    }
    Ok(())
}

fn outcome_style(outcome: Outcome) -> Style {
    match outcome {
        Outcome::Hold => AnsiColor::Red.on_default().bold(),
        Outcome::Review => AnsiColor::Yellow.on_default().bold(),
        Outcome::NoFinding => AnsiColor::Green.on_default(),
        Outcome::Refused | Outcome::Unspecified => AnsiColor::Magenta.on_default().bold(),
    }
}

fn severity_style(severity: Severity) -> Style {
    match severity {
        Severity::High => AnsiColor::Red.on_default().bold(),
        Severity::Medium => AnsiColor::Yellow.on_default().bold(),
        Severity::Low => AnsiColor::Yellow.on_default(),
        Severity::Info | Severity::Unspecified => AnsiColor::Cyan.on_default(),
    }
}

/// What a listing means for a shipment. Lists about securities or tenders are the ones most often misread.
pub(crate) fn effect_in_words(effect: Effect) -> &'static str {
    match effect {
        Effect::Blocking => "blocked: dealings are prohibited",
        Effect::Licence => "licence required",
        Effect::Investment => "securities and banking only, not a shipment ban",
        Effect::Procurement => "public procurement only, not a shipment ban",
        Effect::Equipment => "authorisation of equipment only, not a shipment ban",
        Effect::ForcedLabour => "imports are presumed made with forced labour",
        Effect::Watch => "no legal effect, reported for attention",
        Effect::Unspecified => "the list does not say",
    }
}

/// `consignee  `, `goods line 2, HS code  ` or `route, destination  `, to stand before the path; empty when there is
/// nothing to add.
fn place_in_words(shipment: &v1::Shipment, path: &str) -> String {
    if let Some(rest) = path.strip_prefix("route.") {
        let leg = rest.split('.').next().unwrap_or_default();
        return format!("route, {}  ", key_in_words(leg));
    }
    let Some((head, rest)) = path.split_once("].") else { return String::new() };
    let Some((what, index)) = head.split_once('[') else { return String::new() };
    let Ok(index) = index.parse::<usize>() else { return String::new() };
    match what {
        "parties" => {
            let role = shipment.parties.get(index).map(v1::Party::role).unwrap_or_default();
            let role = match role {
                v1::party::Role::Unspecified => "party".to_owned(),
                role => role.as_str_name().to_ascii_lowercase().replace('_', " "),
            };
            if rest == "name" { format!("{role}  ") } else { format!("{role}, {}  ", key_in_words(rest)) }
        }
        "goods" => format!("goods line {}, {}  ", index + 1, key_in_words(rest)),
        "vessels" => "vessel  ".to_owned(),
        _ => String::new(),
    }
}

/// `hsCode` as `HS code`, `otherNames[0]` as `other name 1`.
fn key_in_words(key: &str) -> String {
    let mut words = String::new();
    for c in key.chars() {
        match c {
            'A'..='Z' => words.extend([' ', c.to_ascii_lowercase()]),
            '_' => words.push(' '),
            '.' => words.push_str(", "),
            c => words.push(c),
        }
    }
    if let Some((list, (index, rest))) = words.split_once('[').and_then(|(l, r)| Some((l, r.split_once(']')?)))
        && let Ok(index) = index.parse::<usize>()
    {
        words = format!("{} {}{rest}", list.trim_end_matches('s'), index + 1);
    }
    words.replace("hs code", "HS code").replace("eccn", "ECCN")
}

#[cfg(test)]
mod tests {
    use super::*;

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
            findings: vec![finding; FINDINGS + 2],
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
        assert!(text.ends_with("\n  and 2 more findings (use --format json)\n\n"), "{text}");
        assert_eq!(text.matches("PARTY_LISTED").count(), FINDINGS);
    }

    #[test]
    fn places_are_told_in_words() {
        let shipment = example().0;
        for (path, words) in [
            ("parties[0].name", "consignee  "),
            ("parties[0].otherNames[1]", "consignee, other name 2  "),
            ("parties[0].structuredAddress.postCode", "consignee, structured address, post code  "),
            ("goods[1].hsCode", "goods line 2, HS code  "),
            ("goods[0].otherHsCodes[0]", "goods line 1, other HS code 1  "),
            ("route.transshipment[0].text", "route, transshipment 1  "),
            ("route.destination.country", "route, destination  "),
            ("reference", ""),
        ] {
            assert_eq!(place_in_words(&shipment, path), words, "{path}");
        }
    }
}
