//! A case as a folder that stands for itself: what one hands to an examiner.

use jiff::Timestamp;
use ledger::case::Case;
use ledger::index::Event;
use ledger::keep::kept_snapshot;
use ledger::{Error, Ledger, Result, Shown};
use quick_xml::escape::escape;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use wire::{entry_to_wire, v1};

const STYLE: &str = "body{font:11pt/1.45 sans-serif;max-width:50em;margin:2em auto;color:#111}h1,h2{font-weight:600}\
    table{border-collapse:collapse;width:100%}th,td{border:1px solid #999;padding:.3em .5em;text-align:left;vertical-align:top}\
    th{width:12em;background:#eee}pre{white-space:pre-wrap;border:1px solid #ccc;padding:.6em;font-size:9pt}\
    @media print{h2{break-before:page}h2:first-of-type{break-before:auto}}";

/// Writes a case into a new folder: a page for reading and printing, each request and answer as JSON, each proof as a
/// paper that `examples/ledger/verify.py` checks.
///
/// # Errors
/// When there is no such case, a screening of it is erased, or the folder is there already.
pub fn export(ledger: &Ledger, id: &str, folder: &Path) -> Result<()> {
    let (case, events, alerts) = ledger.case(id)?;
    let failed = |path: &Path| {
        let path = path.to_owned();
        move |source| Error::Io { what: "write", path, source }
    };
    if folder.exists() {
        return Err(Error::NotEmpty { path: folder.to_owned() });
    }
    fs::create_dir_all(folder).map_err(failed(folder))?;
    let write = |name: String, text: String| {
        let path = folder.join(name);
        fs::write(&path, text).map_err(failed(&path))
    };
    let json = |value: &dyn erased::Json| value.json();
    let mut page = head(&case, &events);
    for number in &alerts {
        let shown = ledger.show(*number)?;
        write(format!("record-{number}-request.json"), json(&shown.request))?;
        write(format!("record-{number}-answer.json"), json(&shown.answer))?;
        section(&mut page, ledger, &case, &shown)?;
    }
    // Records that are newer than the last signed head are proven with the next one.
    for number in alerts.iter().copied().chain(events.iter().map(|event| event.number)) {
        if let Ok(paper) = ledger.prove(number, true) {
            write(format!("record-{number}-proof.json"), json(&paper))?;
        }
    }
    page.push_str("</body></html>\n");
    write("index.html".to_owned(), page)
}

/// Values with a JSON form, of several types.
mod erased {
    pub(super) trait Json {
        fn json(&self) -> String;
    }

    impl<T: serde::Serialize> Json for T {
        fn json(&self) -> String {
            serde_json::to_string_pretty(self).expect("a message has a JSON form") + "\n"
        }
    }
}

fn row(page: &mut String, label: &str, value: &str) {
    if !value.is_empty() {
        let _written = writeln!(page, "<tr><th>{}</th><td>{}</td></tr>", escape(label), escape(value));
    }
}

/// The case itself, and everything that happened to it.
fn head(case: &Case, events: &[Event]) -> String {
    let title = escape(format!("Case {}", case.id)).into_owned();
    let mut page = format!(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>{title}</title><style>{STYLE}</style></head>\
         <body>\n<h1>{title}</h1>\n<table>\n"
    );
    row(&mut page, "Party", &case.party);
    row(&mut page, "Entry", format!("{} {} {}", case.entry_name, case.list, case.entry).trim());
    row(&mut page, "State", case.state.as_str());
    row(&mut page, "Open because", &case.why);
    row(&mut page, "Queue", &case.queue);
    row(&mut page, "Assigned to", &case.assignee);
    row(&mut page, "Due", &case.due.to_string());
    if let Some(decided) = &case.decided {
        row(&mut page, "Decision", &format!("{} ({}) by {}", decided.decision.as_str(), decided.reason, decided.by));
        row(&mut page, "Second person", &decided.approved_by);
        if let Some(exception) = &decided.exception {
            row(&mut page, "Exception", &format!("until {}, for {}", exception.expires, exception.party));
        }
    }
    row(&mut page, "Exported", &Timestamp::now().to_string());
    page.push_str("</table>\n<h2>What happened</h2>\n<table>\n");
    for event in events {
        row(&mut page, &format!("{} (record {})", event.revision, event.number), &event.said);
    }
    page.push_str("</table>\n");
    page
}

/// One screening: the request, what was found, and the entry as it was.
fn section(page: &mut String, ledger: &Ledger, case: &Case, shown: &Shown) -> Result<()> {
    let answer = &shown.answer;
    let _written = writeln!(page, "<h2>Record {}: {}</h2>\n<table>", shown.number, escape(&answer.reference));
    row(page, "Screened", &shown.time.to_string());
    row(page, "Asked by", &shown.caller);
    row(page, "Outcome", answer.outcome().as_str_name());
    row(page, "Summary", &answer.summary);
    row(page, "Lists", &answer.snapshot);
    row(page, "Policy", &answer.policy);
    row(page, "Engine", &answer.engine);
    for finding in &answer.findings {
        row(page, &finding_label(finding), &finding.explanation);
    }
    page.push_str("</table>\n<h3>Request</h3>\n");
    let json = |value: &dyn erased::Json| escape(value.json()).into_owned();
    let _written = writeln!(page, "<pre>{}</pre>", json(&shown.request));
    if !case.entry.is_empty() && !shown.context.lists.is_empty() {
        let lists = kept_snapshot(ledger.layout(), &shown.context.lists)?;
        if let Some(entry) = lists.entry(Some(&case.list), &case.entry) {
            let _written = writeln!(page, "<h3>The entry as it was</h3>\n<pre>{}</pre>", json(&entry_to_wire(entry)));
        }
    }
    Ok(())
}

fn finding_label(finding: &v1::Finding) -> String {
    format!("{} {} {}", finding.reason().as_str_name(), finding.severity().as_str_name(), finding.field_path)
}
