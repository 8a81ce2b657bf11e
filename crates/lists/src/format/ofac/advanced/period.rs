//! Dates and periods of the advanced form, written as the other forms write them.

use crate::error::ValueError;
use jiff::civil::Date;

/// Year, month and day as far as they are given.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub(super) struct DateParts {
    pub(super) year: Option<i16>,
    pub(super) month: Option<i8>,
    pub(super) day: Option<i8>,
}

impl DateParts {
    /// Takes an element `Year`, `Month` or `Day`.
    pub(super) fn take(&mut self, name: &str, text: &str) -> Result<(), ValueError> {
        let wrong = || ValueError::unexpected("a number", text);
        match name {
            "Year" => self.year = Some(text.parse().map_err(|_| wrong())?),
            "Month" => self.month = Some(text.parse().map_err(|_| wrong())?),
            _ => self.day = Some(text.parse().map_err(|_| wrong())?),
        }
        Ok(())
    }

    /// The day, when all of it is given.
    pub(super) fn date(self) -> Result<Date, ValueError> {
        let (year, month, day) = (self.year.unwrap_or(0), self.month.unwrap_or(0), self.day.unwrap_or(0));
        let date = Date::new(year, month, day).ok().filter(|d| (1900..=2200).contains(&d.year()));
        date.ok_or_else(|| ValueError::unexpected("a day of the calendar", self.numbers()))
    }

    /// The numbers as given.
    pub(super) fn numbers(self) -> String {
        let known = [self.year, self.month.map(i16::from), self.day.map(i16::from)];
        known.iter().flatten().map(i16::to_string).collect::<Vec<_>>().join("-")
    }

    fn is_start_of(self, unit: Unit) -> bool {
        let is = |part: Option<i8>| part.is_none_or(|p| p == 1);
        is(self.day) && (unit == Unit::Month || is(self.month))
    }

    fn is_end_of(self, unit: Unit) -> bool {
        let last = match (self.year, self.month) {
            (Some(year), Some(month)) => Date::new(year, month, 1).map_or(31, |d| d.last_of_month().day()),
            _ => 31,
        };
        self.day.is_none_or(|d| d == last) && (unit == Unit::Month || self.month.is_none_or(|m| m == 12))
    }

    fn text(self, unit: Unit) -> String {
        let year = self.year.unwrap_or(0);
        let month = self.month.and_then(|m| Date::new(2000, m, 1).ok()).map(|d| d.strftime("%b").to_string());
        match (unit, month, self.day) {
            (Unit::Day, Some(month), Some(day)) => format!("{day:02} {month} {year}"),
            (Unit::Day | Unit::Month, Some(month), _) => format!("{month} {year}"),
            _ => year.to_string(),
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Unit {
    Year,
    Month,
    Day,
}

/// A period as the form gives it: the two ends of its start and of its end.
#[derive(Default)]
pub(super) struct Period {
    ends: [Option<DateParts>; 2],
    pub(super) is_approximate: bool,
}

impl Period {
    /// Takes one end: of what is given twice, the start counts from its first day and the end to its last.
    pub(super) fn take(&mut self, is_end: bool, is_to: bool, parts: DateParts) {
        let slot = &mut self.ends[usize::from(is_end)];
        if parts.year.is_some() && (slot.is_none() || is_end == is_to) {
            *slot = Some(parts);
        }
    }

    /// "1962", "Mar 1960", "15 Mar 1960", "circa 1960", "1965 to 1966"; empty when no year is given.
    pub(super) fn text(&self) -> String {
        let [start, end] = self.ends;
        let Some(start) = start.or(end) else { return String::new() };
        let end = end.unwrap_or(start);
        let is_year =
            start.is_start_of(Unit::Year) && end.is_end_of(Unit::Year) && (start != end || start.month.is_none());
        let is_month =
            start.is_start_of(Unit::Month) && end.is_end_of(Unit::Month) && (start != end || start.day.is_none());
        let unit = if is_year {
            Unit::Year
        } else if is_month {
            Unit::Month
        } else {
            Unit::Day
        };
        let (first, last) = (start.text(unit), end.text(unit));
        let circa = if self.is_approximate { "circa " } else { "" };
        if first == last { format!("{circa}{first}") } else { format!("{circa}{first} to {last}") }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(text: &str) -> DateParts {
        let mut parts = DateParts::default();
        for (name, value) in ["Year", "Month", "Day"].into_iter().zip(text.split('-')) {
            parts.take(name, value).unwrap();
        }
        parts
    }

    #[test]
    fn periods_are_written_as_the_other_forms_write_them() {
        for (from, to, written) in [
            ("1962-11-23", "1962-11-23", "23 Nov 1962"),
            ("1962-1-1", "1962-12-31", "1962"),
            ("1962-1-1", "1962-1-1", "01 Jan 1962"),
            ("1960-2-1", "1960-2-29", "Feb 1960"),
            ("1965-1-1", "1966-12-31", "1965 to 1966"),
            ("1965-3-4", "1966-12-31", "04 Mar 1965 to 31 Dec 1966"),
            ("1971", "1971", "1971"),
            ("1971-6", "1971-6", "Jun 1971"),
        ] {
            let mut period = Period::default();
            period.take(false, false, parts(from));
            period.take(true, true, parts(to));
            assert_eq!(period.text(), written);
        }
        let mut period = Period { is_approximate: true, ..Period::default() };
        assert_eq!(period.text(), "");
        period.take(false, false, parts("1960"));
        assert_eq!(period.text(), "circa 1960");
        assert!(DateParts::default().take("Year", "MCM").is_err());
        assert!(parts("2021-2-30").date().is_err());
    }
}
