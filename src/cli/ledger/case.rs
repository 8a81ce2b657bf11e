//! `ledger case`: alerts are worked on.

use super::super::engine::{Lists, PolicyFile};
use super::super::output::{Format, OutputError, json_line, say};
use super::super::table::labelled;
use super::super::text::visible;
use super::super::values::date;
use super::open::{Place, today};
use crate::evidence::export;
use anyhow::Context as _;
use jiff::civil::Date;
use ledger::case::{Action, Case, Decision, Step};
use ledger::index::{Alert, CaseQuery};
use ledger::{Ledger, Ruling};
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

/// Lists, shows and decides cases: alerts of one party and one entry are one case.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Lists cases, those that are due first.
    List(List),
    /// Shows a case with everything that happened to it.
    Show(Show),
    /// Gives a case to somebody; to nobody with an empty name.
    Assign {
        #[command(flatten)]
        at: At,
        /// To whom.
        #[arg(long, value_name = "NAME")]
        to: String,
    },
    /// Moves the day on which a case is due.
    Due {
        #[command(flatten)]
        at: At,
        /// The new day, YYYY-MM-DD.
        #[arg(long, value_name = "DATE", value_parser = date)]
        on: Date,
    },
    /// Adds a note.
    Note {
        #[command(flatten)]
        at: At,
    },
    /// Rules on a case.
    Decide(Decide),
    /// Approves what waits for a second person.
    Approve {
        #[command(flatten)]
        at: At,
    },
    /// Rejects what waits for a second person.
    Reject {
        #[command(flatten)]
        at: At,
    },
    /// Opens a closed case again.
    Reopen {
        #[command(flatten)]
        at: At,
        /// Why.
        #[arg(long, value_name = "TEXT")]
        why: String,
    },
    /// Lists the exceptions in force; with --review, holds them against the lists and the policy of today.
    Exceptions(Exceptions),
    /// Writes a case into a new folder, for an examiner: a page, requests, answers and proofs.
    Export {
        #[command(flatten)]
        place: Place,
        /// The case.
        #[arg(value_name = "CASE")]
        case: String,
        /// The new folder.
        #[arg(long, value_name = "DIR")]
        out: PathBuf,
    },
}

/// A step in a case.
#[derive(Debug, clap::Args)]
struct At {
    #[command(flatten)]
    place: Place,
    /// The case.
    #[arg(value_name = "CASE")]
    case: String,
    /// Who.
    #[arg(long, value_name = "NAME")]
    by: String,
    /// The revision of the case that was looked at; a case that has changed since is not touched. Without it: the present one.
    #[arg(long, value_name = "N")]
    revision: Option<u64>,
    /// What there is to say.
    #[arg(long, value_name = "TEXT", default_value = "")]
    note: String,
    /// File that is kept with the step. May be repeated.
    #[arg(long, value_name = "FILE")]
    attach: Vec<PathBuf>,
}

impl At {
    fn open(&self) -> anyhow::Result<(Ledger, u64, Vec<String>)> {
        let ledger = self.place.write()?;
        let (case, ..) = ledger.case(&self.case)?;
        let keep = |path: &PathBuf| -> anyhow::Result<String> {
            let bytes = std::fs::read(path).with_context(|| format!("read {}", path.display()))?;
            Ok(ledger.keep(&bytes)?)
        };
        let attachments = self.attach.iter().map(keep).collect::<Result<_, _>>()?;
        let revision = self.revision.unwrap_or(case.revision);
        Ok((ledger, revision, attachments))
    }

    fn step(&self, action: Action, out: &mut dyn Write) -> anyhow::Result<()> {
        let (ledger, revision, attachments) = self.open()?;
        let (case, by, note) = (self.case.clone(), self.by.clone(), self.note.clone());
        let case = ledger.step(&Step { case, revision, by, note, attachments, action }, today())?;
        line(out, &case).map_err(OutputError)?;
        Ok(())
    }
}

#[derive(Debug, clap::Args)]
struct List {
    #[command(flatten)]
    place: Place,
    /// Only in this state: open, escalated, pending or closed.
    #[arg(long, value_parser = ["open", "escalated", "pending", "closed"])]
    state: Option<String>,
    /// Only of this person.
    #[arg(long, value_name = "NAME")]
    assignee: Option<String>,
    /// Only in this queue.
    #[arg(long, value_name = "NAME")]
    queue: Option<String>,
    /// Only due on this day or before, YYYY-MM-DD.
    #[arg(long, value_name = "DATE", value_parser = date)]
    due_by: Option<Date>,
    /// Only of parties whose name has this in it, however it is written.
    #[arg(long, value_name = "TEXT")]
    party: Option<String>,
    /// Only with an alert about the shipment of this reference.
    #[arg(long, value_name = "REFERENCE")]
    reference: Option<String>,
    /// At most so many.
    #[arg(long, value_name = "N", default_value_t = 50)]
    limit: usize,
    /// Form of the output.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

#[derive(Debug, clap::Args)]
struct Show {
    #[command(flatten)]
    place: Place,
    /// The case.
    #[arg(value_name = "CASE")]
    case: String,
    /// Form of the output.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

#[derive(Debug, clap::Args)]
struct Decide {
    #[command(flatten)]
    at: At,
    /// What: false_positive, true_match, escalate or release.
    #[arg(value_parser = decision)]
    decision: Decision,
    /// Why, one of the reasons of the settings.
    #[arg(long, value_name = "REASON")]
    reason: String,
    /// Only this alert of the case, by its record; the case stays open for the others. May be repeated. Without it: all that
    /// are undecided.
    #[arg(long, value_name = "RECORD")]
    record: Vec<u64>,
    /// Lower later findings of the same party and entry up to this day, YYYY-MM-DD.
    #[arg(long, value_name = "DATE", value_parser = date)]
    except_until: Option<Date>,
}

fn decision(word: &str) -> Result<Decision, String> {
    Decision::parse(word).ok_or_else(|| format!("expected one of {}", Decision::ALL.map(Decision::as_str).join(", ")))
}

#[derive(Debug, clap::Args)]
struct Exceptions {
    #[command(flatten)]
    place: Place,
    /// Hold them against the lists and the policy named; those that no longer hold are void, and their cases open again.
    #[arg(long)]
    review: bool,
    #[command(flatten)]
    lists: Lists,
    #[command(flatten)]
    policy: PolicyFile,
}

impl Args {
    pub(super) fn run(&self, out: &mut dyn Write) -> anyhow::Result<ExitCode> {
        match &self.command {
            Command::List(args) => args.run(out)?,
            Command::Show(args) => args.run(out)?,
            Command::Assign { at, to } => at.step(Action::Assign { to: to.clone() }, out)?,
            Command::Due { at, on } => at.step(Action::Due { on: *on }, out)?,
            Command::Note { at } => at.step(Action::Note, out)?,
            Command::Decide(args) => args.run(out)?,
            Command::Approve { at } => at.step(Action::Approve, out)?,
            Command::Reject { at } => at.step(Action::Reject, out)?,
            Command::Reopen { at, why } => at.step(Action::Reopen { why: why.clone() }, out)?,
            Command::Exceptions(args) => args.run(out)?,
            Command::Export { place, case, out: folder } => {
                export(&place.read()?, case, folder)?;
                say(format_args!("case {case} is in {}", folder.display()));
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}

impl List {
    fn run(&self, out: &mut dyn Write) -> anyhow::Result<()> {
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        let query = CaseQuery {
            state: text(&self.state),
            assignee: text(&self.assignee),
            queue: text(&self.queue),
            due_by: self.due_by.map(|d| d.to_string()).unwrap_or_default(),
            party: text(&self.party),
            reference: text(&self.reference),
            limit: self.limit,
            ..CaseQuery::default()
        };
        for case in self.place.read()?.cases(&query)? {
            let printed = match self.format {
                Format::Json => json_line(out, &case),
                Format::Table => line(out, &case),
            };
            printed.map_err(OutputError)?;
        }
        Ok(())
    }
}

impl Show {
    fn run(&self, out: &mut dyn Write) -> anyhow::Result<()> {
        let ledger = self.place.read()?;
        let (case, events, records) = ledger.case(&self.case)?;
        let alerts = ledger.rulings(&self.case)?;
        let print = |out: &mut dyn Write| -> io::Result<()> {
            if self.format == Format::Json {
                let events: Vec<_> = events
                    .iter()
                    .map(|e| serde_json::json!({"revision": e.revision, "record": e.number, "said": e.said}))
                    .collect();
                let ruled: Vec<_> = alerts
                    .iter()
                    .filter_map(|a| a.ruled.map(|(decision, step)| (a.number, decision, step)))
                    .map(
                        |(record, d, step)| serde_json::json!({"record": record, "decision": d.as_str(), "step": step}),
                    )
                    .collect();
                let all = serde_json::json!({"case": case, "events": events, "records": records, "ruled": ruled});
                return json_line(out, &all);
            }
            line(out, &case)?;
            labelled(out, "  ", "open", &case.why)?;
            for event in &events {
                labelled(out, "  ", &event.revision.to_string(), &format!("{} (record {})", event.said, event.number))?;
            }
            let record = |alert: &Alert| match alert.ruled {
                Some((decision, _)) => format!("{} ({})", alert.number, decision.as_str()),
                None => alert.number.to_string(),
            };
            labelled(out, "  ", "records", &alerts.iter().map(record).collect::<Vec<_>>().join(", "))
        };
        print(out).map_err(OutputError)?;
        Ok(())
    }
}

impl Decide {
    fn run(&self, out: &mut dyn Write) -> anyhow::Result<()> {
        let (ledger, revision, attachments) = self.at.open()?;
        let ruling = Ruling {
            case: self.at.case.clone(),
            revision,
            by: self.at.by.clone(),
            note: self.at.note.clone(),
            attachments,
            decision: self.decision,
            reason: self.reason.clone(),
            exception_until: self.except_until,
        };
        let case = ledger.decide_some(ruling, &self.record, today())?;
        line(out, &case).map_err(OutputError)?;
        Ok(())
    }
}

impl Exceptions {
    fn run(&self, out: &mut dyn Write) -> anyhow::Result<()> {
        let print = |out: &mut dyn Write, ledger: &Ledger| -> anyhow::Result<()> {
            for (case, exception) in ledger.exceptions()? {
                let text = format!("{} until {}", visible(&exception.party), exception.expires);
                labelled(out, "", &case.id, &text).map_err(OutputError)?;
            }
            Ok(())
        };
        if !self.review {
            return print(out, &self.place.read()?);
        }
        let ledger = self.place.write()?;
        let policy = self.policy.load()?;
        for (case, void) in ledger.review_exceptions(&self.lists.load()?, policy.fingerprint(), today())? {
            say(format_args!("case {case} is open again: {}", void.why()));
        }
        print(out, &ledger)
    }
}

/// A case in a line.
fn line(out: &mut dyn Write, case: &Case) -> io::Result<()> {
    let entry = if case.entry.is_empty() {
        "rules".to_owned()
    } else {
        format!("{} ({}/{})", case.entry_name, case.list, case.entry)
    };
    let who = if case.assignee.is_empty() { &case.queue } else { &case.assignee };
    writeln!(
        out,
        "case {}  {}  revision {}  due {}  {}  {}: {}",
        case.id,
        case.state.as_str(),
        case.revision,
        case.due,
        visible(who),
        visible(&case.party),
        visible(&entry)
    )
}
