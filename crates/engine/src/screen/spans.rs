//! Spans of a field's text.

use model::finding::Span;

/// The span of the bytes `start..end`, which lie on character boundaries.
pub(super) fn span(text: &str, start: u32, end: u32) -> Span {
    Span { start, end, text: text[start as usize..end as usize].to_owned() }
}
