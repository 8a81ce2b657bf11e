//! Answers as texts that stand for themselves: beside each entry its list, its citation and the age of the list.

use crate::wording::ages::{dated, duration};
use crate::wording::visible::visible;
use crate::wording::{counted, entries};
use std::fmt::Write as _;
use wire::v1;

/// Findings, results or lines of one kind that a text names.
const MOST: usize = 50;

/// A text of a stranger in one line, without what would act.
pub(super) fn plain(text: &str) -> String {
    visible(text)
}

/// Where an entry stands: its list with its id, the publication, and the age of the list.
fn source(ages: &[v1::ListAge], list: &str, title: &str, id: &str, citations: &[String]) -> String {
    let title = if title.is_empty() { String::new() } else { format!(" ({title})") };
    let cited = if citations.is_empty() { "no citation given".to_owned() } else { plain(&citations.join("; ")) };
    format!("[entry {list}/{}{title}; citation: {cited}; list {}]", plain(id), age(ages, list))
}

/// How old a list is, in words.
fn age(ages: &[v1::ListAge], list: &str) -> String {
    let Some(age) = ages.iter().find(|age| age.list == list) else { return "of unknown age".to_owned() };
    let stale = if age.is_stale { ", STALE: older than it may be" } else { "" };
    if age.since.is_empty() {
        return format!("{}{stale}", dated(age));
    }
    format!("{}, {} old{stale}", dated(age), duration(age.age_hours))
}

/// What all lists come to, for answers that name no entry.
fn basis(ages: &[v1::ListAge]) -> String {
    let oldest = ages.iter().filter(|age| !age.since.is_empty()).max_by_key(|age| age.age_hours);
    let oldest = oldest.map(|age| format!("; the oldest is {}, {} old", age.list, duration(age.age_hours)));
    let stale: Vec<&str> = ages.iter().filter(|age| age.is_stale).map(|age| age.list.as_str()).collect();
    let stale = if stale.is_empty() { String::new() } else { format!("; STALE: {}", stale.join(", ")) };
    let total = ages.iter().map(|age| u64::from(age.entries)).sum();
    let lists = counted(ages.len() as u64, "list", "lists");
    format!("Rests on {lists} with {}{}{stale}.", entries(total), oldest.unwrap_or_default())
}

/// A screening.
pub(super) fn screening(screening: &v1::Screening, ages: &[v1::ListAge]) -> String {
    let mut text = format!("{}: {}\n", screening.outcome().as_str_name(), plain(&screening.summary));
    for finding in screening.findings.iter().take(MOST) {
        let severity = finding.severity().as_str_name();
        let reason = finding.reason().as_str_name();
        let _ = write!(text, "- {severity} {reason}, score {}: {}", finding.score, plain(&finding.explanation));
        if let Some(entry) = &finding.entry {
            let _ = write!(text, " {}", source(ages, &entry.list, &entry.list_title, &entry.id, &finding.citations));
        }
        for also in &finding.also_listed {
            if let Some(entry) = &also.entry {
                let place = source(ages, &entry.list, &entry.list_title, &entry.id, &also.citations);
                let _ = write!(text, " Also listed: {} {place}", plain(&entry.name));
            }
        }
        text.push('\n');
    }
    left_out(&mut text, screening.findings.len());
    for problem in &screening.problems {
        let _ = writeln!(text, "- Not read: {}: {}", problem.field_path, plain(&problem.description));
    }
    for limit in &screening.limits_reached {
        let _ = writeln!(text, "- Not everything was screened: {}", plain(limit));
    }
    text + &basis(ages) + " NO_FINDING is not an approval."
}

fn left_out(text: &mut String, all: usize) {
    if all > MOST {
        let _ = writeln!(text, "- and {} more, not named here", all - MOST);
    }
}

/// Results of a search.
pub(super) fn results(results: &[v1::SearchResult], ages: &[v1::ListAge]) -> String {
    let mut text = format!("{} found.\n", entries(results.len() as u64));
    for result in results.iter().take(MOST) {
        let Some(entry) = &result.entry else { continue };
        let name = entry.names.first().map_or("", |n| n.text.as_str());
        let place = source(ages, &entry.list, "", &entry.id, &entry.citations);
        let matched = plain(&result.matched_name);
        let _ = writeln!(text, "- {}, score {} by the name {matched} {place}", plain(name), result.score);
    }
    left_out(&mut text, results.len());
    text + &basis(ages)
}

/// One entry.
pub(super) fn entry(entry: &v1::Entry, ages: &[v1::ListAge]) -> String {
    let name = entry.names.first().map_or("", |n| n.text.as_str());
    let place = source(ages, &entry.list, "", &entry.id, &entry.citations);
    let mut text = format!("{} {place}\n", plain(name));
    let mut line = |label: &str, values: Vec<String>| {
        if !values.is_empty() {
            let shown: Vec<String> = values.iter().take(MOST).map(|value| plain(value)).collect();
            let _ = writeln!(text, "{label}: {}", shown.join("; "));
        }
    };
    line("Effect", vec![entry.effect().as_str_name().to_owned()]);
    line("Other names", entry.names.iter().skip(1).map(|n| n.text.clone()).collect());
    line("Countries", entry.countries.clone());
    line("Addresses", entry.addresses.iter().map(|a| a.text.clone()).filter(|t| !t.is_empty()).collect());
    line("Numbers", entry.identifiers.iter().map(|i| i.value.clone()).collect());
    line("Programmes", entry.programmes.clone());
    let texts = [
        ("Licence requirement", &entry.licence_requirement),
        ("Licence policy", &entry.licence_policy),
        ("Remarks", &entry.remarks),
        ("Published at", &entry.source_url),
    ];
    for (label, value) in texts {
        line(label, Some(value.clone()).filter(|v| !v.is_empty()).into_iter().collect());
    }
    text
}

/// Two names compared.
pub(super) fn compared(compared: &v1::CompareNamesResponse, ages: &[v1::ListAge]) -> String {
    let is = if compared.r#match { "the names match" } else { "the names do not match" };
    let mut text = format!("Score {} of 1000: {is}. {}\n", compared.score, plain(&compared.explanation));
    for evidence in compared.evidence.iter().take(MOST) {
        let (name, detail) = (evidence.name.replace('_', " "), plain(&evidence.detail));
        let _ = writeln!(text, "- {:+} {name}: {detail}", evidence.points);
    }
    text + "Names alone were compared, without a list. " + &basis(ages)
}

/// The lists in force.
pub(super) fn status(status: &v1::GetStatusResponse) -> String {
    let mut text = format!("Snapshot {}.\n", status.snapshot);
    for list in &status.lists {
        let ages: Vec<v1::ListAge> = list.age.iter().cloned().collect();
        let held = entries(list.entries.into());
        let _ = writeln!(text, "- {} {}: {held}, {}", list.list, plain(&list.title), age(&ages, &list.list));
    }
    for missing in &status.missing {
        let _ = writeln!(text, "- MISSING: {}", plain(missing));
    }
    if !status.last_failure.is_empty() {
        let _ = writeln!(text, "- The last load failed: {}", plain(&status.last_failure));
    }
    for publication in status.publications.iter().filter(|p| !p.quarantined.is_empty()) {
        let _ = writeln!(text, "- QUARANTINED {}: {}", publication.publication, plain(&publication.quarantined));
    }
    text
}
