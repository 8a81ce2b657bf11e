//! How old lists are, in words.

use super::counted;
use v1::list_age::Basis;
use wire::v1;

/// What a list's age counts from: `published 2026-11-20`, `file dated 2026-11-20`.
pub fn dated(age: &v1::ListAge) -> String {
    let day = age.since.get(..10).unwrap_or_default();
    match age.basis() {
        _ if day.is_empty() => "without a date".to_owned(),
        Basis::Confirmed => format!("confirmed {day}"),
        Basis::Published => format!("published {day}"),
        Basis::FileTime => format!("file dated {day}"),
        Basis::Read => format!("read {day}"),
        // A service of an earlier version says no more.
        Basis::Unspecified => format!("of {day}"),
    }
}

/// A duration in hours or days.
pub fn duration(hours: u32) -> String {
    if hours < 72 { counted(hours.into(), "hour", "hours") } else { counted((hours / 24).into(), "day", "days") }
}
