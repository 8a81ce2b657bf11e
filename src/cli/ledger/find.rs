//! `ledger find` and `ledger show`.

use super::super::output::{Format, OutputError, json_line};
use super::super::text::visible;
use super::super::values::date;
use super::super::{detail, table};
use super::open::Place;
use anyhow::{Context as _, ensure};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use ledger::index::Query;
use ledger::{Ledger, Unread};
use serde_json::json;
use std::io::Write;
use std::process::ExitCode;
use wire::v1;

/// Finds recorded screenings, the latest first.
#[derive(Debug, clap::Args)]
pub(super) struct Find {
    #[command(flatten)]
    place: Place,
    /// Reference of the shipment.
    #[arg(long, value_name = "REFERENCE")]
    reference: Option<String>,
    /// Name of a party or vessel, however it is written; a * at the end stands for any rest.
    #[arg(long, value_name = "NAME")]
    party: Option<String>,
    /// List of an entry that was found.
    #[arg(long, value_name = "LIST")]
    list: Option<String>,
    /// Id of an entry that was found.
    #[arg(long, value_name = "ID")]
    entry: Option<String>,
    /// Reason of a finding, for example PARTY_LISTED.
    #[arg(long, value_name = "REASON")]
    reason: Option<String>,
    /// Outcome: NO_FINDING, REVIEW, HOLD or REFUSED.
    #[arg(long, value_name = "OUTCOME")]
    outcome: Option<String>,
    /// Who asked.
    #[arg(long, value_name = "NAME")]
    caller: Option<String>,
    /// From this day on, YYYY-MM-DD, UTC.
    #[arg(long, value_name = "DATE", value_parser = date)]
    from: Option<Date>,
    /// Up to this day, YYYY-MM-DD, UTC.
    #[arg(long, value_name = "DATE", value_parser = date)]
    until: Option<Date>,
    /// At most so many.
    #[arg(long, value_name = "N", default_value_t = 50)]
    limit: usize,
    /// Form of the output.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

impl Find {
    pub(super) fn run(&self, out: &mut dyn Write) -> anyhow::Result<ExitCode> {
        let ledger = self.place.read()?;
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        let reason = self.reason.as_ref().map(|word| {
            v1::finding::Reason::from_str_name(word)
                .with_context(|| format!("unknown reason `{word}`; docs/reasons.md has all"))
        });
        let outcome = self.outcome.as_ref().map(|word| {
            let outcome = v1::screening::Outcome::from_str_name(word);
            outcome.with_context(|| format!("unknown outcome `{word}`; expected NO_FINDING, REVIEW, HOLD or REFUSED"))
        });
        let start = |day: Date| day.to_zoned(TimeZone::UTC).map(|z| z.timestamp());
        let from = self.from.map(start).transpose()?.map(|at| ledger.first_at(at)).transpose()?;
        let after = self.until.map(|day| start(day.tomorrow()?)).transpose()?;
        let query = Query {
            reference: text(&self.reference),
            party: text(&self.party),
            list: text(&self.list),
            entry: text(&self.entry),
            reason: reason.transpose()?,
            outcome: outcome.transpose()?,
            caller: text(&self.caller),
            from: from.unwrap_or(0),
            until: after.map(|at| ledger.first_at(at)).transpose()?,
            limit: self.limit,
        };
        for found in ledger.find(&query)? {
            let time = ledger.time_of(found.number)?;
            let outcome = found.outcome.as_str_name();
            let printed = match self.format {
                Format::Json => json_line(
                    out,
                    &json!({"record": found.number, "time": time.to_string(), "outcome": outcome,
                        "reference": found.reference, "caller": found.caller}),
                ),
                Format::Table => {
                    let reference = visible(&found.reference);
                    writeln!(
                        out,
                        "{:>10}  {}  {outcome:<10}  {reference}  {}",
                        found.number,
                        seconds(time),
                        found.caller
                    )
                }
            };
            printed.map_err(OutputError)?;
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// A time to the second.
fn seconds(time: Timestamp) -> String {
    time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// Shows a record: the answer as it was given, or what another record says.
#[derive(Debug, clap::Args)]
pub(super) struct Show {
    #[command(flatten)]
    place: Place,
    /// Number of the record.
    #[arg(value_name = "RECORD")]
    record: u64,
    /// Form of the output; JSON has the request, too.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

impl Show {
    pub(super) fn run(&self, out: &mut dyn Write) -> anyhow::Result<ExitCode> {
        let ledger = self.place.read()?;
        let sealed = ledger.sealed(self.record)?;
        if sealed.kind != ledger::Kind::Screening {
            return self.other(&ledger, out);
        }
        let shown = ledger.show(self.record)?;
        let printed = match self.format {
            Format::Json => json_line(
                out,
                &json!({"record": shown.number, "time": shown.time.to_string(), "caller": shown.caller,
                    "trace": shown.trace, "request": shown.request, "answer": shown.answer,
                    "unread": shown.unread.as_ref().map(|u| String::from_utf8_lossy(&u.bytes))}),
            ),
            Format::Table => detail::screening(out, &shown.answer.reference, Some(&shown.request), &shown.answer)
                .and_then(|()| table::identity(out, &shown.answer.snapshot, &shown.answer.policy, &shown.answer.engine))
                .and_then(|()| {
                    let by = if shown.caller.is_empty() { String::new() } else { format!(" by {}", shown.caller) };
                    writeln!(out, "record {}, {}{by}", shown.number, shown.time)
                })
                .and_then(|()| shown.unread.as_ref().map_or(Ok(()), |unread| received(out, unread))),
        };
        printed.map_err(OutputError)?;
        Ok(ExitCode::SUCCESS)
    }

    /// A record that is no screening.
    fn other(&self, ledger: &Ledger, out: &mut dyn Write) -> anyhow::Result<ExitCode> {
        let (kind, text) = ledger.text_of(self.record)?;
        ensure!(
            !text.is_empty(),
            "record {} is a {} record and has no form to be shown in",
            self.record,
            kind.as_str()
        );
        writeln!(out, "{} {}", kind.as_str(), visible(&text)).map_err(OutputError)?;
        Ok(ExitCode::SUCCESS)
    }
}

/// What was received in place of a record that can be read.
fn received(out: &mut dyn Write, unread: &Unread) -> std::io::Result<()> {
    let text = String::from_utf8_lossy(&unread.bytes);
    let more = if unread.sha256.is_empty() { String::new() } else { format!(", the first of {}", unread.length) };
    writeln!(out, "received ({} bytes{more}): {}", unread.bytes.len(), visible(&text))
}
