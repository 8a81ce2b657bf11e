//! The words on a list that is older than it may be.

use super::words::the;
use model::finding::StaleList;

/// One sentence on a list that is older than it may be.
pub(super) fn sentence(list: &StaleList) -> String {
    let age = match list.age_hours {
        Some(hours) => format!("was last known to be current {} ago", hours_in_words(hours)),
        None => "has never been known to be current".to_owned(),
    };
    format!(
        "The {} {age}, and {} are allowed: what was listed since is not screened against.",
        the(&list.title).trim_start_matches("the "),
        hours_in_words(list.limit_hours)
    )
}

/// Its clause in the summary.
pub(super) fn clause(list: &StaleList) -> String {
    let age = match list.age_hours {
        Some(hours) => format!("is {} old", hours_in_words(hours)),
        None => "is of unknown age".to_owned(),
    };
    format!("{} {age}, and {} are allowed", the(&list.title), hours_in_words(list.limit_hours))
}

fn hours_in_words(hours: u32) -> String {
    match hours {
        1 => "1 hour".to_owned(),
        0..72 => format!("{hours} hours"),
        _ => format!("{} days", hours / 24),
    }
}
