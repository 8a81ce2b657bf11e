//! Rust source as tokens: enough to read imports and paths, without comments, strings and what only tests compile.

/// Splits source text into words, `::` and single punctuation marks. Comments, lifetimes and blanks are left out;
/// every string and character becomes one token `"`; numbers stay as they are.
pub(crate) fn tokens(text: &str) -> Vec<String> {
    let bytes = text.as_bytes();
    let (mut at, mut tokens) = (0, Vec::new());
    while at < bytes.len() {
        let rest = &text[at..];
        let first = rest.chars().next().expect("there is text left");
        at += if first.is_whitespace() {
            first.len_utf8()
        } else if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("/*") {
            block_comment(rest)
        } else if let Some(length) = literal(rest) {
            let is_number = first.is_ascii_digit();
            tokens.push(if is_number { rest[..length].to_owned() } else { "\"".to_owned() });
            length
        } else if first == '\'' {
            1 + word(&rest[1..])
        } else if word(rest) > 0 {
            let length = word(rest);
            tokens.push(rest[..length].to_owned());
            length
        } else if rest.starts_with("::") {
            tokens.push("::".to_owned());
            2
        } else {
            tokens.push(first.to_string());
            first.len_utf8()
        };
    }
    tokens
}

/// The length of the word that the text begins with, 0 if it begins with none.
fn word(text: &str) -> usize {
    text.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(text.len())
}

/// The length of a block comment; they nest.
fn block_comment(text: &str) -> usize {
    let (mut depth, mut at) = (0, 0);
    while at < text.len() {
        match &text.as_bytes()[at..] {
            [b'/', b'*', ..] => (depth, at) = (depth + 1, at + 2),
            [b'*', b'/', ..] => (depth, at) = (depth - 1, at + 2),
            _ => at += 1,
        }
        if depth == 0 {
            break;
        }
    }
    at
}

/// The length of a string, character or number that the text begins with.
fn literal(text: &str) -> Option<usize> {
    if text.starts_with(|c: char| c.is_ascii_digit()) {
        return Some(word(text));
    }
    let prefix = ["br", "cr", "b", "c", "r", ""].into_iter().find(|prefix| {
        let rest = text.strip_prefix(prefix).unwrap_or("");
        let hashes = rest.trim_start_matches('#');
        rest.starts_with(['"', '\'']) || (prefix.ends_with('r') && hashes.len() < rest.len() && hashes.starts_with('"'))
    })?;
    let rest = &text[prefix.len()..];
    if rest.starts_with('\'') {
        return character(rest).filter(|_| !prefix.ends_with('r')).map(|length| prefix.len() + length);
    }
    if prefix.ends_with('r') {
        let hashes = rest.len() - rest.trim_start_matches('#').len();
        let close = format!("\"{}", "#".repeat(hashes));
        let open = prefix.len() + hashes + 1;
        return Some(text[open..].find(&close).map_or(text.len(), |end| open + end + close.len()));
    }
    let mut is_escaped = false;
    for (at, c) in rest.char_indices().skip(1) {
        match c {
            _ if is_escaped => is_escaped = false,
            '\\' => is_escaped = true,
            '"' => return Some(prefix.len() + at + 1),
            _ => {}
        }
    }
    Some(text.len())
}

/// The length of a character in quotes; `None` for a lifetime.
fn character(text: &str) -> Option<usize> {
    let mut inside = text.char_indices().skip(1);
    let (_, first) = inside.next()?;
    if first != '\\' {
        return inside.next().filter(|(_, c)| *c == '\'').map(|(at, _)| at + 1);
    }
    inside.next()?;
    inside.find(|(_, c)| *c == '\'').map(|(at, _)| at + 1)
}

/// The tokens without the items that stand under `#[cfg(test)]`.
pub(crate) fn without_tests(tokens: &[String]) -> Vec<String> {
    const MARK: [&str; 7] = ["#", "[", "cfg", "(", "test", ")", "]"];
    let (mut at, mut kept) = (0, Vec::new());
    while at < tokens.len() {
        if tokens[at..].iter().take(MARK.len()).eq(MARK.iter()) {
            at += MARK.len();
            at += item(&tokens[at..]);
        } else {
            kept.push(tokens[at].clone());
            at += 1;
        }
    }
    kept
}

/// The number of tokens of the item, field or statement that the tokens begin with.
fn item(tokens: &[String]) -> usize {
    let (mut depth, mut is_item, mut has_block) = (0usize, false, false);
    for (at, token) in tokens.iter().enumerate() {
        match token.as_str() {
            "(" | "[" | "{" => depth += 1,
            // The end of what the field or statement stands in.
            ")" | "]" | "}" if depth == 0 => return at,
            ")" | "]" => depth -= 1,
            "}" => {
                depth -= 1;
                if depth == 0 && has_block {
                    return at + 1;
                }
            }
            ";" if depth == 0 => return at + 1,
            "," if depth == 0 && !is_item => return at + 1,
            "use" if depth == 0 => is_item = true,
            // `const fn` has a block, `const NAME` ends at a semicolon.
            "fn" | "mod" | "impl" | "struct" | "enum" | "trait" if depth == 0 => (is_item, has_block) = (true, true),
            _ => {}
        }
    }
    tokens.len()
}

#[test]
fn source_is_read_without_what_is_no_code() {
    let text = r##"
        /* a /* nested */ use crate::gone; */ // use crate::gone;
        use crate::kept; const A: &str = "use crate::gone;"; let c = '\''; let d: &'a str = r#"crate::"gone" "#;
        #[cfg(test)] mod tests { use super::gone; }
        #[cfg(test)] use crate::{gone, also::gone};
        #[cfg(test)] const fn gone() { 1 }
        fn stays(x: [u8; 3]) { b'x'; b"gone"; '"'; 'x: loop {} }
        struct S { #[cfg(test)] gone: u8, kept: u8 }
    "##;
    let read = without_tests(&tokens(text)).join(" ");
    assert_eq!(
        read,
        "use crate :: kept ; const A : & str = \" ; let c = \" ; let d : & str = \" ; \
         fn stays ( x : [ u8 ; 3 ] ) { \" ; \" ; \" ; : loop { } } \
         struct S { kept : u8 }"
    );
}
