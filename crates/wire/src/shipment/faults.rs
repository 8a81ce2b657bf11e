//! What is wrong with a record, each fault with its path.

use super::MAX_PROBLEMS;
use jiff::civil::Date;
use model::country::Country;
use model::shipment::{Problem, Shipment};
use std::fmt;

/// `parent` + `list[index]`; written out only when something is wrong there.
pub(super) struct At<'a>(pub(super) &'a dyn fmt::Display, pub(super) &'static str, pub(super) usize);

impl fmt::Display for At<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}[{}]", self.0, self.1, self.2)
    }
}

/// `parent.name`.
pub(super) struct Field<'a>(pub(super) &'a dyn fmt::Display, pub(super) &'static str);

impl fmt::Display for Field<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.0, self.1)
    }
}

/// What is wrong so far.
#[derive(Default)]
pub(super) struct Faults {
    problems: Vec<Problem>,
    more: usize,
}

impl Faults {
    pub(super) fn add(&mut self, at: &dyn fmt::Display, description: String) {
        if self.problems.len() < MAX_PROBLEMS {
            self.problems.push(Problem { field_path: at.to_string(), description });
        } else {
            self.more += 1;
        }
    }

    pub(super) fn country(&mut self, code: &str, at: &dyn fmt::Display) -> Option<Country> {
        if code.is_empty() {
            return None;
        }
        let country = Country::from_code(code);
        if country.is_none() {
            self.add(at, format!("`{}` is not an ISO 3166-1 alpha-2 code", clipped(code)));
        }
        country
    }

    pub(super) fn date(&mut self, text: &str, at: &dyn fmt::Display) -> Option<Date> {
        if text.is_empty() {
            return None;
        }
        let date = strict_date(text);
        if date.is_none() {
            self.add(at, format!("`{}` is not a date; expected YYYY-MM-DD", clipped(text)));
        }
        date
    }

    /// Reads a value that may be left out; `expected` completes "X is not ...".
    pub(super) fn value<T>(
        &mut self,
        text: &str,
        read: impl FnOnce(&str) -> Option<T>,
        expected: &str,
        at: &dyn fmt::Display,
    ) -> Option<T> {
        if text.is_empty() {
            return None;
        }
        let value = read(text);
        if value.is_none() {
            self.add(at, format!("`{}` is not {expected}", clipped(text)));
        }
        value
    }

    pub(super) fn locode(&mut self, mut code: String, at: &dyn fmt::Display) -> String {
        // "CN SHA" is how UNECE prints it.
        code.retain(|c| c != ' ');
        code.make_ascii_uppercase();
        let well_formed = code.len() == 5
            && code.bytes().take(2).all(|b| b.is_ascii_uppercase())
            && code.bytes().skip(2).all(|b| b.is_ascii_alphanumeric());
        if !code.is_empty() && !well_formed {
            self.add(
                at,
                format!("`{}` is not a UN/LOCODE; expected five characters, for example CNSHA", clipped(&code)),
            );
        }
        code
    }

    pub(super) fn into_result(mut self, shipment: Shipment) -> Result<Shipment, Vec<Problem>> {
        if self.problems.is_empty() {
            return Ok(shipment);
        }
        if self.more > 0 {
            let description = format!("{} more problems are not listed", self.more);
            self.problems.push(Problem { field_path: String::new(), description });
        }
        Err(self.problems)
    }
}

/// jiff also reads `20260102` and times; a record that means a date writes one.
fn strict_date(text: &str) -> Option<Date> {
    let shape = text.len() == 10
        && text.bytes().enumerate().all(|(i, b)| if i == 4 || i == 7 { b == b'-' } else { b.is_ascii_digit() });
    if shape { text.parse().ok() } else { None }
}

/// At most 40 characters of a value, so that a problem stays readable.
fn clipped(text: &str) -> &str {
    text.char_indices().nth(40).map_or(text, |(end, _)| &text[..end])
}
