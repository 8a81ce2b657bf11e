//! Words for people, the same on a terminal and in a browser: numbers in sentences, places of a shipment, and signs for
//! characters that would act.

pub mod ages;
pub mod place;
pub mod visible;

/// Digits in groups of three: `1,234,567`.
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.char_indices() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// A number with its noun: `1 entry`, `1,204 entries`.
pub fn counted(number: u64, one: &str, many: &str) -> String {
    format!("{} {}", grouped(number), if number == 1 { one } else { many })
}

/// A number of listed entries: `1 entry`, `1,204 entries`.
pub fn entries(number: u64) -> String {
    counted(number, "entry", "entries")
}

/// A number of names: `1 name`, `2 names`.
pub fn names(number: u64) -> String {
    counted(number, "name", "names")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nouns_agree_with_their_number() {
        assert_eq!((entries(0).as_str(), entries(1).as_str()), ("0 entries", "1 entry"));
        assert_eq!(counted(1_234_567, "finding", "findings"), "1,234,567 findings");
        assert_eq!((grouped(999), grouped(1000)), ("999".to_owned(), "1,000".to_owned()));
    }
}
