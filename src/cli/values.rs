//! Values that several subcommands take: dates, countries, roles, column mappings, the outcome that fails a run.

use super::output::say;
use crate::batch::input::Format;
use crate::batch::report::Report;
use clap::ValueEnum;
use jiff::civil::Date;
use model::country::Country;
use model::finding::Outcome;
use model::shipment::Role;
use records::columns::{Field, Meaning, PartyField, meaning};
use std::process::ExitCode;

/// A value that an option cannot take; clap names the option and the value.
#[derive(Debug, thiserror::Error)]
pub(super) enum ValueError {
    /// Not a date.
    #[error("invalid date: expected YYYY-MM-DD, for example 2026-03-31")]
    Date,
    /// Not a country.
    #[error("unknown country: expected an ISO 3166-1 alpha-2 code or an English name, for example CN or China")]
    Country,
    /// Not a role.
    #[error("unknown role: expected one of {}", Role::ALL.map(Role::as_str).join(", "))]
    Role,
}

/// A date as records write it, YYYY-MM-DD, and nothing looser.
pub(super) fn date(text: &str) -> Result<Date, ValueError> {
    let date: Option<Date> = text.parse().ok().filter(|_| text.len() == 10);
    date.ok_or(ValueError::Date)
}

/// A country by its code or English name.
pub(super) fn country(text: &str) -> Result<Country, ValueError> {
    Country::parse(text).ok_or(ValueError::Country)
}

/// A party's role, in any case, with hyphens, underscores or blanks.
pub(super) fn role(text: &str) -> Result<Role, ValueError> {
    // The word of a column header is as good: "Notify Party", "Empfänger".
    let by_header = || match meaning(text) {
        Meaning::Field(Field::Party(role, PartyField::Name)) => role,
        _ => None,
    };
    Role::parse(text).or_else(by_header).ok_or(ValueError::Role)
}

/// An outcome that the exit code should report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum FailOn {
    /// REVIEW, HOLD or REFUSED.
    Review,
    /// HOLD or REFUSED.
    Hold,
}

impl FailOn {
    /// 1 where the outcome wanted or a worse one occurred, 3 where records were refused and that is not allowed, else 0.
    pub(super) fn exit_code(wanted: Option<Self>, allow_refused: bool, report: &Report) -> ExitCode {
        let worst = wanted.map(|wanted| match wanted {
            Self::Review => Outcome::Review,
            Self::Hold => Outcome::Hold,
        });
        if worst.is_some_and(|worst| report.reaches(worst)) {
            return ExitCode::from(1);
        }
        // A record that was not screened is not cleared.
        if report.outcome(Outcome::Refused) > 0 && !allow_refused { ExitCode::from(3) } else { ExitCode::SUCCESS }
    }
}

/// Says what is made of each column, once a file.
pub(super) fn say_columns(name: &str, format: &Format) {
    let Format::Csv(header) = format else { return };
    say(format_args!("{name}: {}", header.summary()));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_read_or_said_to_be_wrong() {
        assert!(date("2026-03-31").is_ok() && date("2026-3-31").is_err() && date("2026-02-30").is_err());
        assert_eq!(role("Notify-Party").ok(), Role::parse("notify_party"));
        assert!(role("boss").unwrap_err().to_string().contains("consignee"));
        assert!(country("Atlantis").unwrap_err().to_string().starts_with("unknown country"));
    }
}
