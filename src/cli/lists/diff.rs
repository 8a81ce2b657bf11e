//! `lists diff`: what came, went and changed between two states of the lists.

use super::super::output::{Format, json_line};
use super::super::table::labelled;
use super::super::text::visible;
use crate::wording::grouped;
use anyhow::Context as _;
use jiff::civil::Date;
use lists::{Delta, Snapshot, Source};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use wire::delta_to_wire;

/// What differs between two list files, or two days of the data directory.
pub(super) fn between(before: &str, after: &str, only: Option<&str>, data_dir: Option<&Path>) -> anyhow::Result<Delta> {
    let state = |text: &str| -> anyhow::Result<Snapshot> {
        let day: Option<Date> = text.parse().ok().filter(|_| text.len() == 10);
        let Some(day) = day else { return Ok(lists::load(&[Source::Path(PathBuf::from(text))])?) };
        let folder = data_dir.context("a day needs a data directory: give --data-dir DIR")?;
        let source = Source::StoreOn(folder.to_owned(), day);
        lists::load(&[source]).with_context(|| format!("no publication was known on {day}"))
    };
    let delta = Delta::between(&state(before)?, &state(after)?, only);
    Ok(delta)
}

/// Prints the difference.
pub(super) fn print(out: &mut dyn Write, format: Format, delta: &Delta) -> io::Result<()> {
    if format == Format::Json {
        return json_line(out, &delta_to_wire(delta));
    }
    for list in &delta.lists {
        writeln!(
            out,
            "{}: {} added, {} removed, {} changed, {} unchanged",
            list.list,
            grouped(list.added.len() as u64),
            grouped(list.removed.len() as u64),
            grouped(list.changed.len() as u64),
            grouped(list.unchanged.into())
        )?;
        for (sign, entries) in [("+", &list.added), ("-", &list.removed)] {
            for entry in entries {
                writeln!(out, "  {sign} {}  [{}]", visible(entry.primary_name()), visible(&entry.id))?;
            }
        }
        for change in &list.changed {
            let before = change.previous_id.as_ref().map_or_else(String::new, |id| format!(", before {}", visible(id)));
            writeln!(out, "  ~ {}  [{}{before}]", visible(&change.name), visible(&change.id))?;
            for field in &change.fields {
                for (sign, values) in [("-", &field.removed), ("+", &field.added)] {
                    for value in values {
                        labelled(out, "      ", field.field, &format!("{sign} {value}"))?;
                    }
                }
            }
        }
    }
    if delta.lists.is_empty() { writeln!(out, "no difference") } else { Ok(()) }
}
