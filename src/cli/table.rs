//! What the forms for reading share: labels, colours, and the words for effects. Plain text wherever colour is not
//! wanted; the same words either way.

use super::text::{page_width, wrap};
use anstyle::{AnsiColor, Style};
use std::io::{self, Write};
use v1::entry::Effect;
use v1::finding::Severity;
use v1::screening::Outcome;
use wire::v1;

/// Columns of the labels.
const LABEL: usize = 11;

pub(super) const BOLD: Style = Style::new().bold();
pub(super) const DIM: Style = Style::new().dimmed();

/// What everything was screened with.
pub(super) fn identity(out: &mut dyn Write, snapshot: &str, policy: &str, engine: &str) -> io::Result<()> {
    writeln!(out, "{DIM}snapshot {}, policy {}, {engine}{DIM:#}", short(snapshot), short(policy))
}

/// The first digits of a fingerprint; the JSON form has all of it.
pub(super) fn short(fingerprint: &str) -> &str {
    fingerprint.get(.."sha256:".len() + 12).unwrap_or(fingerprint)
}

/// A label and wrapped text beside it.
pub(super) fn labelled(out: &mut dyn Write, indent: &str, label: &str, text: &str) -> io::Result<()> {
    let width = page_width().saturating_sub(indent.len() + LABEL);
    let mut label = format!("{label:<width$}", width = LABEL - 1);
    for line in wrap(text, width) {
        writeln!(out, "{indent}{DIM}{label}{DIM:#} {line}")?;
        label = " ".repeat(LABEL - 1);
    }
    Ok(())
}

/// The colour of an outcome.
pub(super) fn outcome_style(outcome: Outcome) -> Style {
    match outcome {
        Outcome::Hold => AnsiColor::Red.on_default().bold(),
        Outcome::Review => AnsiColor::Yellow.on_default().bold(),
        Outcome::NoFinding => AnsiColor::Green.on_default(),
        Outcome::Refused | Outcome::Unspecified => AnsiColor::Magenta.on_default().bold(),
    }
}

/// The colour of a severity.
pub(super) fn severity_style(severity: Severity) -> Style {
    match severity {
        Severity::High => AnsiColor::Red.on_default().bold(),
        Severity::Medium => AnsiColor::Yellow.on_default().bold(),
        Severity::Low => AnsiColor::Yellow.on_default(),
        Severity::Info | Severity::Unspecified => AnsiColor::Cyan.on_default(),
    }
}

/// What a listing means for a shipment. Lists about securities or tenders are the ones most often misread.
pub(super) fn effect_in_words(effect: Effect) -> &'static str {
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

/// The same in one or two words, for a line.
pub(super) fn effect_in_short(effect: Effect) -> &'static str {
    match effect {
        Effect::Blocking => "blocked",
        Effect::Licence => "licence required",
        Effect::Investment => "securities only",
        Effect::Procurement => "procurement only",
        Effect::Equipment => "equipment only",
        Effect::ForcedLabour => "forced labour",
        Effect::Watch => "watched, no legal effect",
        Effect::Unspecified => "effect not given",
    }
}
