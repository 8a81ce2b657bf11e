//! Text on a terminal: what is shown of characters that would act instead of being read, and wrapping by columns.

pub(crate) use crate::wording::visible::{shown, visible};

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Columns that a character takes.
pub(crate) fn columns(c: char) -> usize {
    c.width().unwrap_or(0)
}

/// Lines of at most `width` columns, broken at blanks; a longer word stands on a line of its own.
pub(crate) fn wrap(text: &str, width: usize) -> Vec<String> {
    let text = visible(&text.replace(['\r', '\n'], " "));
    let mut lines = Vec::new();
    let mut line = String::new();
    let mut used = 0;
    for word in text.split_whitespace() {
        let columns = word.width();
        if used > 0 && used + 1 + columns > width {
            lines.push(std::mem::take(&mut line));
            used = 0;
        }
        if used > 0 {
            line.push(' ');
            used += 1;
        }
        line.push_str(word);
        used += columns;
    }
    lines.push(line);
    lines
}

/// The text in at most `width` columns; what is cut ends in an ellipsis, behind a whole word where one fits.
pub(crate) fn clipped(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let mut out = String::new();
    let mut used = 1;
    let mut whole_words = 0;
    for c in text.chars() {
        used += columns(c);
        if c.is_whitespace() {
            whole_words = out.len();
        }
        if used > width {
            break;
        }
        out.push(c);
    }
    // A word longer than the place is cut where the place ends.
    if whole_words > 0 {
        out.truncate(whole_words);
    }
    out.truncate(out.trim_end_matches([' ', ',', ';', ':', '(', '"']).len());
    out.push('\u{2026}');
    out
}

/// Columns to fill: those of the terminal, within reason, or 100.
pub(crate) fn page_width() -> usize {
    terminal_size::terminal_size().map_or(100, |(width, _)| usize::from(width.0).clamp(60, 120))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wrapping_counts_columns_and_not_characters() {
        assert_eq!(wrap("深圳 大疆 x", 9), ["深圳 大疆", "x"]);
        assert_eq!(wrap("", 9), [""]);
        assert_eq!((clipped("深圳 大疆", 9), clipped("深圳 大疆", 8)), ("深圳 大疆".into(), "深圳\u{2026}".into()));
        assert_eq!(
            (clipped("freight forwarding", 12), clipped("forwarding", 6)),
            ("freight\u{2026}".into(), "forwa\u{2026}".into())
        );
    }
}
