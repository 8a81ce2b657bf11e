//! The lists of a run in words: each with its entries and its day, and those that are old.

use super::output::say;
use super::text::{visible, wrap};
pub(super) use crate::wording::ages::{dated, duration};
use crate::wording::{counted, entries, grouped};
use std::collections::BTreeMap;
use wire::v1;

/// Every list with its entries, those of one day together: `published 2026-11-20: un-sc 1,003, eu-fsf 4,808`.
pub(super) fn lines(lists: &[v1::ListAge], width: usize) -> Vec<String> {
    let mut of_day: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for list in lists {
        let named = format!("{} {}", visible(&list.list), grouped(list.entries.into()));
        of_day.entry(dated(list)).or_default().push(named);
    }
    let total: u64 = lists.iter().map(|l| u64::from(l.entries)).sum();
    let mut out = vec![format!("{}, {}", counted(lists.len() as u64, "list", "lists"), entries(total))];
    for (day, named) in of_day {
        let mut indent = "  ";
        for line in wrap(&format!("{day}: {}", named.join(", ")), width.saturating_sub(4)) {
            out.push(format!("{indent}{line}"));
            indent = "    ";
        }
    }
    out
}

/// A line on standard error for lists that are older than they may be, and one for files that are older than a fetched
/// copy may be.
pub(super) fn warn(lists: &[v1::ListAge]) {
    let named = |chosen: &dyn Fn(&v1::ListAge) -> bool| -> Vec<String> {
        let chosen = lists.iter().filter(|l| chosen(l));
        chosen.map(|l| format!("{} ({}, {} old)", visible(&l.list), dated(l), duration(l.age_hours))).collect()
    };
    let stale = named(&|l| l.is_stale);
    if !stale.is_empty() {
        say(format_args!("warning: older than they may be: {}", stale.join(", ")));
    }
    let old = named(&|l| l.is_old);
    if !old.is_empty() {
        let what = "older than a fetched copy may be (freshness.stale_after_hours sets a limit)";
        say(format_args!("warning: {what}: {}", old.join(", ")));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use v1::list_age::Basis;

    #[test]
    fn lists_of_one_day_share_a_line() {
        let age = |list: &str, since: &str, basis: Basis, entries| v1::ListAge {
            list: list.into(),
            since: since.into(),
            basis: basis as i32,
            entries,
            ..Default::default()
        };
        let lists = [
            age("a", "2026-11-20T00:00:00Z", Basis::Published, 1_200),
            age("b", "2026-11-21T09:30:00Z", Basis::FileTime, 7),
            age("c", "2026-11-20T00:00:00Z", Basis::Published, 1),
            age("d", "", Basis::Unspecified, 2),
        ];
        assert_eq!(
            lines(&lists, 80),
            [
                "4 lists, 1,210 entries",
                "  file dated 2026-11-21: b 7",
                "  published 2026-11-20: a 1,200, c 1",
                "  without a date: d 2"
            ]
        );
    }
}
