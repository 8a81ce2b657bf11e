//! Cells that hold a code or several: HS codes, and the words people write for "nothing".

use super::number::narrow;

/// Whether a text says nothing: empty, dashes, or a word such as `N/A` or `unknown`. `NA` is one of them, and is Namibia
/// where a country stands.
pub fn is_blank(text: &str) -> bool {
    let text = text.trim();
    if text.chars().all(|c| matches!(c, '-' | '–' | '—' | '_' | '.' | '*' | '?' | '/')) {
        return true;
    }
    const WORDS: [&str; 14] = [
        "n/a",
        "#n/a",
        "na",
        "n.a.",
        "nil",
        "none",
        "null",
        "nan",
        "unknown",
        "not available",
        "not applicable",
        "n\\a",
        "not known",
        "unspecified",
    ];
    WORDS.iter().any(|word| text.eq_ignore_ascii_case(word))
}

/// The HS codes of a cell: between commas, semicolons, strokes, bars or line breaks, each without a label such as `HS`.
pub(super) fn hs_codes(cell: &str) -> impl Iterator<Item = String> + '_ {
    cell.split([';', ',', '|', '/', '\n', '\r', '、', '，', '；']).flat_map(blocks).filter(|code| !is_blank(code))
}

/// Codes between blanks are several codes when each is long enough to be one; "8525 89 00" is one.
fn blocks(part: &str) -> Vec<String> {
    let narrow: String = part.chars().map(narrow).collect();
    let mut words: Vec<&str> = narrow.split_whitespace().collect();
    words.retain(|w| {
        !matches!(
            w.to_ascii_uppercase().trim_matches(['.', ':', '#']),
            "HS" | "HTS" | "CODE" | "CODES" | "HSCODE" | "TARIC" | "NCM"
        )
    });
    let digits = |w: &str| w.bytes().filter(u8::is_ascii_digit).count();
    if words.len() > 1 && words.iter().all(|w| digits(w) >= 6) {
        return words.into_iter().map(without_label).collect();
    }
    vec![without_label(&words.join(" "))]
}

fn without_label(code: &str) -> String {
    let upper = code.to_ascii_uppercase();
    let rest = ["HTS", "HS"].iter().find_map(|label| {
        let rest = upper.strip_prefix(label)?.trim_start_matches([':', '.', '#', ' ', '-']);
        rest.starts_with(|c: char| c.is_ascii_digit()).then_some(rest.len())
    });
    rest.map_or(code, |length| &code[code.len() - length..]).trim().to_owned()
}

/// What is wrong with an HS code, if anything.
pub(super) fn hs_problem(code: &str) -> Option<String> {
    if let Some(letter) = code.chars().find(|c| !c.is_ascii_digit() && !matches!(c, '.' | ' ' | '-')) {
        return Some(format!("`{code}` holds `{letter}`; expected an HS code of digits, for example 8525.89"));
    }
    let digits = code.bytes().filter(u8::is_ascii_digit).count();
    if digits > 14 {
        return Some(format!("`{code}` has {digits} digits; expected an HS code of 2 to 14"));
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_may_hold_several_codes() {
        let codes = |cell: &str| hs_codes(cell).collect::<Vec<_>>();
        assert_eq!(codes("HS 010121;852589"), ["010121", "852589"]);
        assert_eq!(codes("8525.89.00"), ["8525.89.00"]);
        assert_eq!(codes("8525 89 00"), ["8525 89 00"]);
        assert_eq!(codes("852589 010121"), ["852589", "010121"]);
        assert_eq!(codes("８５２５８９"), ["852589"]);
        assert_eq!(codes("HS: 8525.89 / 880622"), ["8525.89", "880622"]);
        assert_eq!(codes("HS852589"), ["852589"]);
        assert_eq!(codes("-"), Vec::<String>::new());
        assert!(hs_problem("85O589").is_some_and(|p| p.contains("`O`")));
        assert_eq!(hs_problem("8525.89.00"), None);
    }

    #[test]
    fn words_for_nothing_are_nothing() {
        for text in ["", " ", "-", "---", "N/A", "n/a", "#N/A", "unknown", "None", "."] {
            assert!(is_blank(text), "{text}");
        }
        for text in ["CN", "Nile Trading", "0", "-1"] {
            assert!(!is_blank(text), "{text}");
        }
    }
}
