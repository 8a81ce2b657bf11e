//! Fields that cannot be read, each with its path. The rest of the record is screened.

use super::code::is_blank;
use super::date::Unreadable;
use jiff::civil::Date;
use model::country::Country;
use model::shipment::{Problem, UnreadField};
use std::fmt;

/// How many problems of one shipment are reported at most; a last one counts the rest.
pub const MAX_PROBLEMS: usize = 50;

/// Converts each item, with its place in the series.
pub(super) fn indexed<A, B>(items: Vec<A>, mut convert: impl FnMut(usize, A) -> B) -> Vec<B> {
    items.into_iter().enumerate().map(|(i, item)| convert(i, item)).collect()
}

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

/// Whether a rule needs a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Need {
    /// A rule does without it: the outcome is at least REVIEW.
    Review,
    /// Only the record is poorer.
    Record,
}

/// What could not be read so far.
#[derive(Default)]
pub(super) struct Faults {
    unread: Vec<UnreadField>,
    more: usize,
    more_need_review: bool,
}

impl Faults {
    /// Begins with what the caller could not read.
    pub(super) fn of(given: Vec<crate::v1::UnreadField>) -> Self {
        let mut faults = Self::default();
        for field in given {
            let need = if field.needs_review { Need::Review } else { Need::Record };
            faults.add(&field.field_path, field.description, need);
        }
        faults
    }

    pub(super) fn add(&mut self, at: &dyn fmt::Display, description: String, need: Need) {
        let needs_review = need == Need::Review;
        if self.unread.len() < MAX_PROBLEMS {
            let problem = Problem { field_path: at.to_string(), description };
            self.unread.push(UnreadField { problem, needs_review });
        } else {
            self.more += 1;
            self.more_need_review |= needs_review;
        }
    }

    /// Reads a code or an English name.
    pub(super) fn country(&mut self, text: &str, at: &dyn fmt::Display, need: Need) -> Option<Country> {
        if text.is_empty() {
            return None;
        }
        let country = read_country(text);
        if country.is_none() && !is_blank(text) {
            let text = clipped(text.trim());
            self.add(at, format!("`{text}` is not a country; expected an ISO 3166-1 code or an English name"), need);
        }
        country
    }

    /// Reads a date by `read`, for example [`super::date::first_day`].
    pub(super) fn date(
        &mut self,
        text: &str,
        read: fn(&str) -> Result<Date, Unreadable>,
        at: &dyn fmt::Display,
        need: Need,
    ) -> Option<Date> {
        if is_blank(text) {
            return None;
        }
        match read(text) {
            Ok(date) => Some(date),
            Err(why) => {
                self.add(at, format!("`{}` {}", clipped(text.trim()), why.expected()), need);
                None
            }
        }
    }

    /// Reads a value that no rule needs and that may be left out; `expected` completes "X is not ...".
    pub(super) fn value<T>(
        &mut self,
        text: &str,
        read: impl FnOnce(&str) -> Option<T>,
        expected: &str,
        at: &dyn fmt::Display,
    ) -> Option<T> {
        if is_blank(text) {
            return None;
        }
        let value = read(text.trim());
        if value.is_none() {
            self.add(at, format!("`{}` is not {expected}", clipped(text)), Need::Record);
        }
        value
    }

    /// A well-formed UN/LOCODE in capitals, or an empty text.
    pub(super) fn locode(&mut self, text: String, at: &dyn fmt::Display) -> String {
        if is_blank(&text) {
            return String::new();
        }
        // "CN SHA" is how UNECE prints it.
        let code: String = text.chars().filter(|c| *c != ' ').map(|c| c.to_ascii_uppercase()).collect();
        let is_well_formed = code.len() == 5
            && code.bytes().take(2).all(|b| b.is_ascii_uppercase())
            && code.bytes().skip(2).all(|b| b.is_ascii_alphanumeric());
        if is_well_formed {
            return code;
        }
        let expected = "is not a UN/LOCODE; expected five characters, for example CNSHA";
        self.add(at, format!("`{}` {expected}", clipped(text.trim())), Need::Review);
        String::new()
    }

    pub(super) fn finish(mut self) -> Vec<UnreadField> {
        if self.more > 0 {
            let noun = if self.more == 1 { "more field is" } else { "more fields are" };
            let description = format!("{} {noun} not listed here", self.more);
            let problem = Problem { field_path: String::new(), description };
            self.unread.push(UnreadField { problem, needs_review: self.more_need_review });
        }
        self.unread
    }
}

/// A code, a name, or both: `CN`, `CHN`, `China`, `CN - China`, `China (CN)`.
fn read_country(text: &str) -> Option<Country> {
    if let Some(country) = Country::parse(text) {
        return Some(country);
    }
    let mut parts = text.split(['-', '–', '/', '(', ')', ':', ',', '|']).map(str::trim).filter(|p| !p.is_empty());
    let first = Country::parse(parts.next()?)?;
    let second = Country::parse(parts.next()?)?;
    // "Congo - Kinshasa" is not the Congo: all that is written must be understood.
    (first == second && parts.all(|part| Country::parse(part) == Some(first))).then_some(first)
}

/// At most 40 characters of a value, so that a problem stays readable.
fn clipped(text: &str) -> &str {
    text.char_indices().nth(40).map_or(text, |(end, _)| &text[..end])
}
