//! The result of an attempt to fetch a publication, in one line for logs and people.

use jiff::Timestamp;
use jiff::civil::Date;
use std::fmt;

/// The result of one attempt.
#[derive(Clone, Debug)]
pub struct Report {
    /// Id of the publication.
    pub publication: String,
    /// When.
    pub at: Timestamp,
    /// The result.
    pub done: Done,
    /// The day of the publication in force now, or when it was fetched where the file does not say.
    pub in_force: Option<Date>,
}

/// The result of one attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Done {
    /// The publisher has nothing newer.
    Unchanged,
    /// It came into force.
    Updated {
        /// Entries that are new.
        added: usize,
        /// Entries that were removed.
        removed: usize,
        /// Entries that differ.
        changed: usize,
        /// Entries now.
        entries: usize,
    },
    /// The newest publication is quarantined, for these reasons.
    Quarantined(String),
    /// It could not be fetched, for this reason; so many attempts have failed in a row.
    Failed(String, u32),
    /// Another process is fetching it.
    Busy,
}

impl Report {
    /// Whether another publication is in force now.
    pub fn is_update(&self) -> bool {
        matches!(self.done, Done::Updated { .. })
    }

    /// Whether a person should look.
    pub fn needs_attention(&self) -> bool {
        matches!(self.done, Done::Quarantined(_) | Done::Failed(..))
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.publication)?;
        let stays = match self.in_force {
            Some(day) => format!("the publication of {day} stays in force"),
            None => "no publication is in force".to_owned(),
        };
        match &self.done {
            Done::Unchanged => write!(f, "unchanged"),
            Done::Updated { added, removed, changed, entries } => {
                write!(f, "updated: {entries} entries (+{added} -{removed} ~{changed})")?;
                self.in_force.map_or(Ok(()), |day| write!(f, ", publication of {day}"))
            }
            Done::Quarantined(why) => write!(
                f,
                "quarantined: {why}; {stays}; to use it, run `tidewaiter lists accept {} --note TEXT`",
                self.publication
            ),
            Done::Failed(why, failures) => {
                write!(f, "failed: {why}; {stays}")?;
                if *failures > 1 { write!(f, "; {failures} failures in a row") } else { Ok(()) }
            }
            Done::Busy => write!(f, "another process is fetching it"),
        }
    }
}
