//! The forms of a report: a table for reading, Markdown for documents, JSON for programs.

use super::block::{Block, Page};
use serde::Serialize;
use std::io::{self, Write};
use unicode_width::UnicodeWidthStr as _;

/// Most columns of a cell in the form for reading.
const CELL: usize = 48;

/// JSON: stable keys, integers, shares in thousandths.
///
/// # Errors
/// When `out` cannot be written.
pub fn json(report: &impl Serialize, out: &mut dyn Write) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, report)?;
    writeln!(out)
}

/// Markdown. `notes` stand below the title.
pub(super) fn markdown(page: &Page, notes: &[String], out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "# {}", page.title)?;
    for note in notes {
        writeln!(out, "\n{note}")?;
    }
    if !page.command.is_empty() {
        writeln!(out, "\n```\n{}\n```", page.command)?;
    }
    for block in &page.blocks {
        match block {
            Block::Heading(text) => writeln!(out, "\n## {text}")?,
            Block::Paragraph(text) => writeln!(out, "\n{text}")?,
            Block::Table { header, rows, is_text } => {
                writeln!(out, "\n| {} |", header.join(" | "))?;
                let align = |at: usize| if at == 0 || *is_text { "---" } else { "---:" };
                writeln!(out, "| {} |", (0..header.len()).map(align).collect::<Vec<_>>().join(" | "))?;
                for row in rows {
                    let cells: Vec<String> = row.iter().map(|cell| escaped(cell)).collect();
                    writeln!(out, "| {} |", cells.join(" | "))?;
                }
            }
        }
    }
    Ok(())
}

/// A cell that cannot end the cell, the line or the table.
fn escaped(cell: &str) -> String {
    let mut safe = String::with_capacity(cell.len());
    for c in cell.chars() {
        match c {
            '\n' => safe.push_str("<br>"),
            '|' | '\\' | '`' | '*' | '_' | '<' | '>' | '[' | ']' => safe.extend(['\\', c]),
            c if c.is_control() => safe.push('\u{fffd}'),
            c => safe.push(c),
        }
    }
    safe
}

/// Columns for reading.
pub(super) fn table(page: &Page, notes: &[String], out: &mut dyn Write) -> io::Result<()> {
    for note in notes {
        writeln!(out, "{note}")?;
    }
    for block in &page.blocks {
        match block {
            Block::Heading(text) => writeln!(out, "\n{}", text.to_uppercase())?,
            Block::Paragraph(text) => writeln!(out, "{text}")?,
            Block::Table { header, rows, is_text } => columns(out, header, rows, *is_text)?,
        }
    }
    if !page.command.is_empty() {
        writeln!(out, "{}", page.command)?;
    }
    Ok(())
}

fn columns(out: &mut dyn Write, header: &[String], rows: &[Vec<String>], is_text: bool) -> io::Result<()> {
    let rows: Vec<Vec<String>> = rows.iter().map(|row| row.iter().map(|cell| shown(cell)).collect()).collect();
    let width = |at: usize| {
        let cells = rows.iter().filter_map(|row| row.get(at)).chain(header.get(at));
        cells.map(|cell| cell.width()).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..header.len()).map(width).collect();
    for row in std::iter::once(header).chain(rows.iter().map(Vec::as_slice)) {
        let mut line = String::new();
        for (at, (cell, width)) in row.iter().zip(&widths).enumerate() {
            let pad = " ".repeat(width.saturating_sub(cell.width()));
            line.push_str(if at == 0 { "  " } else { "   " });
            line.push_str(&if at == 0 || is_text { format!("{cell}{pad}") } else { format!("{pad}{cell}") });
        }
        writeln!(out, "{}", line.trim_end())?;
    }
    Ok(())
}

/// A cell without control characters, not wider than [`CELL`].
fn shown(cell: &str) -> String {
    let mut text: String = cell
        .chars()
        .map(|c| {
            if c == '\n' {
                '⏎'
            } else if c.is_control() {
                '\u{fffd}'
            } else {
                c
            }
        })
        .collect();
    if text.width() > CELL {
        while text.width() >= CELL {
            text.pop();
        }
        text.push('…');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_stays_a_cell() {
        assert_eq!(escaped("a|b\nc*"), "a\\|b<br>c\\*");
        assert_eq!(shown("a\nb\u{1b}[0m"), "a⏎b\u{fffd}[0m");
        assert_eq!(shown(&"名".repeat(40)).width(), CELL - 1);
    }
}
