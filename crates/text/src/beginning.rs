//! The beginning of a text, for work that must not grow with its length.

/// At most the first `bytes` bytes of a text, cut before a character rather than in it.
pub fn beginning(text: &str, bytes: usize) -> &str {
    let mut end = bytes.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_stay_whole() {
        let texts: Vec<&str> = (0..=7).map(|bytes| beginning("aé漢", bytes)).collect();
        assert_eq!(texts, ["", "a", "a", "aé", "aé", "aé", "aé漢", "aé漢"]);
    }
}
