//! Texts that several publishers write alike: enumerations, dates, labelled remarks.

use jiff::civil::Date;

/// The text without the line ends and indents of the file.
pub(crate) fn on_one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The parts of a field that semicolons separate; empty ones left out.
pub(crate) fn semicolon_parts(field: &str) -> impl Iterator<Item = &str> {
    field.split(';').map(str::trim).filter(|p| !p.is_empty())
}

/// A remark with its label, `label: text`; `None` where there is nothing to remark.
pub(crate) fn labelled(label: &str, text: &str) -> Option<String> {
    let text = text.trim();
    (!text.is_empty()).then(|| format!("{label}: {text}"))
}

/// The letters and digits of a text, lower case, with single hyphens between: an id made of a name.
pub(crate) fn slug(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in text.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()) {
        if !out.is_empty() {
            out.push('-');
        }
        out.extend(word.chars().flat_map(char::to_lowercase));
    }
    out
}

/// The members of "(1) A (2) B" or "a) A b) B"; a text that is not such an enumeration is its only member.
pub(crate) fn enumerated(text: &str) -> Vec<&str> {
    let text = text.trim();
    let starts = |marks: &dyn Fn(usize) -> String| {
        let mut found: Vec<(usize, usize)> = Vec::new();
        let mut from = 0;
        for n in 0.. {
            let mark = marks(n);
            let at = text[from..]
                .match_indices(mark.as_str())
                .map(|(at, _)| at + from)
                .find(|&at| at == 0 || text[..at].ends_with([' ', ';', ',', '.', '\n']));
            let Some(at) = at else { break };
            if n == 0 && at != 0 {
                break;
            }
            found.push((at, at + mark.len()));
            from = at + mark.len();
            if n == 25 {
                break;
            }
        }
        found
    };
    let numbered = starts(&|n| format!("({})", n + 1));
    let lettered = starts(&|n| format!("{}) ", char::from(b'a' + n as u8)));
    let marks = if numbered.len() >= lettered.len() { numbered } else { lettered };
    if marks.len() < 2 {
        let text = marks.first().map_or(text, |m| &text[m.1..]);
        return if text.is_empty() { Vec::new() } else { vec![text.trim()] };
    }
    let mut pieces = Vec::with_capacity(marks.len());
    for (index, mark) in marks.iter().enumerate() {
        let end = marks.get(index + 1).map_or(text.len(), |next| next.0);
        let piece = text[mark.1..end].trim().trim_end_matches([';', ',', '.']).trim();
        if !piece.is_empty() {
            pieces.push(piece);
        }
    }
    pieces
}

/// A date in one of these forms; an error names them.
pub(crate) fn day(text: &str, forms: &[&str]) -> Option<Date> {
    forms.iter().find_map(|form| Date::strptime(form, text).ok()).filter(|d| (1900..=2200).contains(&d.year()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn enumerations_split_and_other_texts_stay() {
        assert_eq!(enumerated("(1) Germany. (2) Morocco"), ["Germany", "Morocco"]);
        assert_eq!(enumerated("a) Kabul, Afghanistan b) Quetta, Pakistan"), ["Kabul, Afghanistan", "Quetta, Pakistan"]);
        assert_eq!(enumerated("Bank (1) of 2"), ["Bank (1) of 2"]);
        assert_eq!(enumerated("(1) Only one"), ["Only one"]);
        assert_eq!(enumerated("(1)"), [""; 0]);
        assert_eq!(enumerated(""), [""; 0]);
        assert_eq!(enumerated("Алматы a) б"), ["Алматы a) б"]);
    }
}
