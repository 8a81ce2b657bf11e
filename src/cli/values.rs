//! Values that several subcommands take: dates, countries, roles, column mappings, the outcome that fails a run.

use super::output::say;
use crate::batch::adapter::InputKind;
use crate::batch::columns::Mapping;
use crate::batch::input::Format;
use crate::batch::report::Report;
use anyhow::Context as _;
use clap::ValueEnum;
use jiff::civil::Date;
use model::country::Country;
use model::finding::Outcome;
use model::shipment::Role;
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
    Role::parse(&text.trim().to_ascii_lowercase().replace(['-', ' '], "_")).ok_or(ValueError::Role)
}

/// How the input's columns are read.
#[derive(Clone, Debug, clap::Args)]
pub(super) struct Columns {
    /// Read a CSV column that has another name, for example "Goods Description=description". May be repeated.
    #[arg(long, value_name = "COLUMN=FIELD")]
    pub(super) map: Vec<String>,
    /// What the input is. Without it, the content decides.
    #[arg(long, value_enum, default_value_t)]
    pub(super) input_format: InputKind,
}

impl Columns {
    /// The mapping that the options ask for.
    pub(super) fn mapping(&self) -> anyhow::Result<Mapping> {
        Ok(Mapping::parse(&self.map).map_err(anyhow::Error::msg).context("--map")?.of_kind(self.input_format))
    }
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
    /// 1 where the outcome wanted or a worse one occurred, else 0.
    pub(super) fn exit_code(wanted: Option<Self>, report: &Report) -> ExitCode {
        let worst = match wanted {
            None => return ExitCode::SUCCESS,
            Some(Self::Review) => Outcome::Review,
            Some(Self::Hold) => Outcome::Hold,
        };
        if report.reaches(worst) { ExitCode::from(1) } else { ExitCode::SUCCESS }
    }
}

/// Warns of the columns that screening does not read, once a file.
pub(super) fn warn_of_unknown_columns(name: &str, format: &Format) {
    let Format::Csv(header) = format else { return };
    let unknown: Vec<_> = header.unknown().map(|c| format!("{c:?}")).collect();
    if !unknown.is_empty() {
        let (columns, are) = if unknown.len() == 1 { ("column", "is") } else { ("columns", "are") };
        say(format_args!(
            "warning: {name}: {columns} {} {are} not screened (--map COLUMN=FIELD reads one under another name)",
            unknown.join(", ")
        ));
    }
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
