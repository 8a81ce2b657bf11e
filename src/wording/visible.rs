//! What is shown of characters that would act instead of being read.

/// How a character is shown. Shipment texts come from strangers: an escape sequence or a direction mark among them
/// must be seen and not obeyed.
pub fn shown(c: char) -> Option<String> {
    match c {
        '\n' | '\u{2028}' | '\u{2029}' => Some("\u{21b5}".to_owned()),
        '\r' => Some(String::new()),
        '\t' => Some(" ".to_owned()),
        '\0'..='\x1f' => char::from_u32(0x2400 + u32::from(c)).map(String::from),
        '\x7f'..='\u{9f}'
        | '\u{ad}'
        | '\u{61c}'
        | '\u{180e}'
        | '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{feff}'
        | '\u{e0000}'..='\u{e007f}' => Some(format!("<U+{:04X}>", u32::from(c))),
        _ => None,
    }
}

/// The whole text as it is shown.
pub fn visible(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match shown(c) {
            Some(mark) => out.push_str(&mark),
            None => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_act_is_shown_instead() {
        assert_eq!(visible("a\x1b[31mb\u{202e}c\r\nd"), "a\u{241b}[31mb<U+202E>c\u{21b5}d");
    }
}
