//! `GOODS_INVALID_TEXT`: a goods text that is no description at all.

use super::Case;
use super::draft::{Draft, Ruled, whole};
use crate::explain::rules as explain;
use model::finding::{Reason, Severity};

/// `GOODS_INVALID_TEXT`.
pub(super) fn find(case: &Case<'_>, out: &mut Vec<Ruled>) -> Option<&'static str> {
    let mut has_text = false;
    for (line, goods) in case.shipment.goods.iter().enumerate() {
        let text = &goods.description;
        if text.trim().is_empty() {
            continue;
        }
        has_text = true;
        let Some(why) = invalid(text) else { continue };
        let field = explain::goods_field(case.shipment.goods.len(), line, "description");
        out.push(
            Draft {
                reason: Reason::GoodsInvalidText,
                severity: Severity::Low,
                score: 1000,
                path: format!("goods[{line}].description"),
                spans: whole(text),
                matched: String::new(),
                fact: None,
                evidence: Vec::new(),
                wording: explain::invalid_text(&field, text, why),
            }
            .finish(),
        );
    }
    (!has_text).then_some("no goods line has a description")
}

/// Why a text is no description at all.
pub(super) fn invalid(text: &str) -> Option<&'static str> {
    const FILES: [&str; 12] =
        [".pdf", ".doc", ".docx", ".xls", ".xlsx", ".jpg", ".jpeg", ".png", ".gif", ".txt", ".csv", ".zip"];
    let text = text.trim();
    let mut signs = text.chars().filter(|c| !c.is_whitespace());
    let first = signs.next()?;
    if text.chars().filter(|c| !c.is_whitespace()).nth(2).is_some() && signs.all(|c| c.eq_ignore_ascii_case(&first)) {
        return Some("is one sign over and over");
    }
    if !text.chars().any(char::is_alphanumeric) {
        return Some("is signs only");
    }
    if !text.chars().any(char::is_alphabetic) {
        return Some("is digits only");
    }
    let last = text.len().checked_sub(5).and_then(|at| text.get(at..)).unwrap_or(text).to_ascii_lowercase();
    if !text.contains(char::is_whitespace) && FILES.iter().any(|end| last.ends_with(end)) {
        return Some("is the name of a file");
    }
    None
}
