//! The lists as one table, a line each: what is in force, how old it is, and when its publisher is asked next.
//!
//! It fits 100 columns, as long as no list has an id of more than [`LONGEST`] letters; such an id has a line of its own.

use super::super::super::in_force::duration;
use super::super::super::table::BOLD;
use super::super::super::text::{visible, wrap};
use crate::wording::grouped;
use jiff::Timestamp;
use std::io::{self, Write};
use unicode_width::UnicodeWidthStr as _;
use wire::v1;

/// The longest id of a list that stands in the line itself.
const LONGEST: usize = 24;

/// How the note begins of a list that is used in place of the one inside the program.
const REPLACES: &str = "used in place of the list inside the program";

/// Columns of the page.
const PAGE: usize = 100;

/// What stands between two columns.
const GAP: &str = "  ";

/// What stands where there is nothing to say.
const NOTHING: &str = "-";

const HEADER: [&str; 7] = ["list", "entries", "published", "fetched", "age", "next check", "state"];

/// One line.
type Row = [String; 7];

/// Prints a line for each list, and for each publication that is to be fetched and is not in force.
pub(super) fn print(out: &mut dyn Write, status: &v1::GetStatusResponse, now: Timestamp) -> io::Result<()> {
    let in_force = status.lists.iter().map(|list| of_list(list, publication_of(list, &status.publications), now));
    let missing = status.publications.iter().filter(|p| p.fetched_at.is_empty()).map(|p| of_publication(p, now));
    let rows: Vec<Row> = in_force.chain(missing).collect();
    let header = HEADER.map(str::to_owned);
    let widths: [usize; 7] = std::array::from_fn(|column| {
        let cells = rows.iter().chain([&header]).map(|row| row[column].width());
        cells.filter(|width| column > 0 || *width <= LONGEST).max().unwrap_or(0)
    });
    writeln!(out, "{BOLD}{}{BOLD:#}", line(&header, &widths))?;
    for mut row in rows {
        if row[0].width() > widths[0] {
            writeln!(out, "{}", std::mem::take(&mut row[0]))?;
        }
        // What does not fit stands below, in the same column.
        let before = widths[..6].iter().sum::<usize>() + 6 * GAP.len();
        let mut states = wrap(&row[6], PAGE.saturating_sub(before)).into_iter();
        row[6] = states.next().unwrap_or_default();
        writeln!(out, "{}", line(&row, &widths))?;
        states.try_for_each(|state| writeln!(out, "{}{state}", " ".repeat(before)))?;
    }
    if status.lists.iter().any(is_built_in) {
        let said = "built in: texts of the day given that a third party read at the publishers; `lists fetch` brings the \
                    publishers' own. `lists status --details` says more of each list.";
        wrap(said, PAGE).iter().try_for_each(|line| writeln!(out, "{line}"))?;
    }
    Ok(())
}

/// The cells in their columns; counts end at the right of theirs.
fn line(row: &Row, widths: &[usize; 7]) -> String {
    let mut text = String::new();
    for (column, (cell, width)) in row.iter().zip(widths).enumerate() {
        let blanks = " ".repeat(width.saturating_sub(cell.width()));
        let cell = if column == 1 { blanks + cell } else { cell.clone() + &blanks };
        text += if column == 0 { "" } else { GAP };
        text += &cell;
    }
    text.trim_end().to_owned()
}

fn is_built_in(list: &v1::ListStatus) -> bool {
    list.source == "builtin"
}

/// The publication that a list was fetched as.
fn publication_of<'a>(
    list: &v1::ListStatus,
    publications: &'a [v1::PublicationStatus],
) -> Option<&'a v1::PublicationStatus> {
    publications.iter().find(|p| {
        let rest = list.source.strip_prefix(&p.publication);
        rest.is_some_and(|rest| rest.starts_with(", fetched ")) && p.lists.contains(&list.list)
    })
}

fn of_list(list: &v1::ListStatus, publication: Option<&v1::PublicationStatus>, now: Timestamp) -> Row {
    let fetched = match (publication, list.source.as_str()) {
        (Some(publication), _) => day_of(&publication.fetched_at),
        (None, "builtin") => "built in".to_owned(),
        (None, "curated") => "curated".to_owned(),
        // Of a service of an earlier version.
        (None, source) if source.contains(", fetched ") => "fetched".to_owned(),
        (None, _) => "file".to_owned(),
    };
    let age = list.age.as_ref();
    let old = age.map_or(NOTHING.to_owned(), |age| match age.since.is_empty() {
        true => "unknown".to_owned(),
        false => duration(age.age_hours),
    });
    [
        visible(&list.list),
        grouped(list.entries.into()),
        day_of(&list.published),
        fetched,
        old,
        publication.map_or(NOTHING.to_owned(), |p| next_check(p, now)),
        state(list, publication),
    ]
}

/// A publication of which nothing is in force.
fn of_publication(publication: &v1::PublicationStatus, now: Timestamp) -> Row {
    let state = match (publication.quarantined.is_empty(), publication.failures) {
        (false, _) => "quarantined".to_owned(),
        (true, 0) => "not fetched".to_owned(),
        (true, failures) => format!("not fetched, {}", failed(failures)),
    };
    let nothing = || NOTHING.to_owned();
    [
        visible(&publication.publication),
        nothing(),
        nothing(),
        "never".to_owned(),
        nothing(),
        next_check(publication, now),
        state,
    ]
}

fn state(list: &v1::ListStatus, publication: Option<&v1::PublicationStatus>) -> String {
    let mut said = Vec::new();
    match &list.age {
        Some(age) if age.is_stale => said.push("stale".to_owned()),
        Some(age) if age.is_old => said.push("old".to_owned()),
        _ => {}
    }
    if let Some(publication) = publication {
        if !publication.quarantined.is_empty() {
            said.push("newer quarantined".to_owned());
        }
        if publication.failures > 0 {
            said.push(failed(publication.failures));
        }
    }
    match (said.is_empty(), list.note.starts_with(REPLACES)) {
        (false, _) => said.join(", "),
        (true, true) => "in place of built in".to_owned(),
        (true, false) => "in force".to_owned(),
    }
}

fn failed(times: u32) -> String {
    format!("failed {times}\u{d7}")
}

fn day_of(time: &str) -> String {
    time.get(..10).unwrap_or(NOTHING).to_owned()
}

/// `in 12 min`, `in 5 h`, `in 6 days`, or `due`.
fn next_check(publication: &v1::PublicationStatus, now: Timestamp) -> String {
    let Ok(at) = publication.next_check.parse::<Timestamp>() else { return NOTHING.to_owned() };
    let minutes = (at.as_second() - now.as_second()).div_euclid(60);
    match minutes {
        ..0 => "due".to_owned(),
        0..120 => format!("in {minutes} min"),
        120..2_880 => format!("in {} h", minutes / 60),
        _ => format!("in {} days", minutes / 1_440),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn printed(status: &v1::GetStatusResponse) -> Vec<String> {
        let mut out = Vec::new();
        print(&mut out, status, "2026-11-30T00:00:00Z".parse().unwrap()).unwrap();
        let text = anstream::adapter::strip_str(std::str::from_utf8(&out).unwrap()).to_string();
        text.lines().map(str::to_owned).collect()
    }

    fn list(id: &str, entries: u32, source: &str, age: Option<(u32, bool)>) -> v1::ListStatus {
        let age = age.map(|(age_hours, is_stale)| v1::ListAge {
            since: "2026-07-09T00:00:00Z".to_owned(),
            age_hours,
            is_stale,
            ..Default::default()
        });
        v1::ListStatus {
            list: id.to_owned(),
            entries,
            published: "2026-07-09".to_owned(),
            source: source.to_owned(),
            age,
            ..Default::default()
        }
    }

    fn publication(id: &str, fetched_at: &str, next_check: &str, failures: u32) -> v1::PublicationStatus {
        v1::PublicationStatus {
            publication: id.to_owned(),
            lists: vec![id.to_owned()],
            fetched_at: fetched_at.to_owned(),
            next_check: next_check.to_owned(),
            failures,
            ..Default::default()
        }
    }

    #[test]
    fn each_list_has_a_line_of_at_most_a_hundred_columns() {
        let long = "a-list-of-our-own-with-a-long-name";
        let newer = "the publication of 2026-11-29 is quarantined: too few".to_owned();
        let quarantined = v1::PublicationStatus {
            quarantined: newer,
            ..publication("eu-fsf", "2026-11-01T08:00:00Z", "2026-11-30T05:00:00Z", 12)
        };
        let status = v1::GetStatusResponse {
            lists: vec![
                list("us-bis-el", 3_431, "builtin", Some((3_456, false))),
                list("un-sc", 1_003, "un-sc, fetched 2026-11-29T23:00:00Z", Some((1, false))),
                list("eu-fsf", 4_808, "eu-fsf, fetched 2026-11-01T08:00:00Z", Some((700, true))),
                list(long, 7, "own.csv", None),
            ],
            publications: vec![
                quarantined,
                publication("un-sc", "2026-11-29T23:00:00Z", "2026-11-30T00:55:00Z", 0),
                publication("us-csl", "", "2026-11-29T23:59:00Z", 3),
            ],
            ..Default::default()
        };
        let lines = printed(&status);
        let expected = [
            "list       entries  published   fetched     age       next check  state",
            "us-bis-el    3,431  2026-07-09  built in    144 days  -           in force",
            "un-sc        1,003  2026-07-09  2026-11-29  1 hour    in 55 min   in force",
            "eu-fsf       4,808  2026-07-09  2026-11-01  29 days   in 5 h      stale, newer quarantined, failed",
            "                                                                  12\u{d7}",
            long,
            "                 7  2026-07-09  file        -         -           in force",
            "us-csl           -  -           never       -         due         not fetched, failed 3\u{d7}",
        ];
        assert_eq!(lines[..expected.len()], expected);
        assert!(lines.iter().all(|line| line.width() <= PAGE), "{lines:#?}");
        assert!(lines.last().unwrap().contains("--details"), "{lines:#?}");
    }
}
