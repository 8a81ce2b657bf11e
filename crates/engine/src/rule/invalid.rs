//! `GOODS_INVALID_TEXT`: a goods text that does not describe goods.

use super::case::Case;
use super::draft::{Draft, whole};
use super::fact::{GoodsLine, NoText, RuleFact, Ruled};
use model::finding::{Reason, Severity};

/// `GOODS_INVALID_TEXT`.
pub(super) fn find(case: &Case<'_>, out: &mut Vec<Ruled>) -> Option<&'static str> {
    let mut has_text = false;
    for (line, goods) in case.shipment.goods.iter().enumerate() {
        if case.stop.is_due() {
            break;
        }
        let text = &goods.description;
        if text.trim().is_empty() {
            continue;
        }
        has_text = true;
        let Some(why) = invalid(text) else { continue };
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
                says: RuleFact::InvalidText {
                    line: GoodsLine { line, of: case.shipment.goods.len() },
                    text: text.clone(),
                    why,
                },
            }
            .finish(),
        );
    }
    (!has_text).then_some("no goods line has a description")
}

/// Why a text does not describe goods.
pub(super) fn invalid(text: &str) -> Option<NoText> {
    const FILES: [&str; 12] =
        [".pdf", ".doc", ".docx", ".xls", ".xlsx", ".jpg", ".jpeg", ".png", ".gif", ".txt", ".csv", ".zip"];
    let text = text.trim();
    let mut characters = text.chars().filter(|c| !c.is_whitespace());
    let first = characters.next()?;
    if text.chars().filter(|c| !c.is_whitespace()).nth(2).is_some()
        && characters.all(|c| c.eq_ignore_ascii_case(&first))
    {
        return Some(NoText::OneCharacter);
    }
    if !text.chars().any(char::is_alphanumeric) {
        return Some(NoText::NoLetters);
    }
    if !text.chars().any(char::is_alphabetic) {
        return Some(NoText::DigitsOnly);
    }
    let last = text.len().checked_sub(5).and_then(|at| text.get(at..)).unwrap_or(text).to_ascii_lowercase();
    if !text.contains(char::is_whitespace) && FILES.iter().any(|end| last.ends_with(end)) {
        return Some(NoText::FileName);
    }
    None
}
