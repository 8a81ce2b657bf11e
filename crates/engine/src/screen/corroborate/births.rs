//! Dates of birth and incorporation: as lists write them, against one that a record gives.

use model::shipment::PartialDate;

/// What a given date says about the listed ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Agreement {
    /// More than a year lies between them.
    Differs,
    /// A year lies between them, or the year is the same and the day is not.
    Near,
    /// As far as both are known they are the same.
    Agrees,
    /// The same day.
    SameDay,
}

/// The best that any of the listed dates says; `None` when none can be read.
pub(super) fn agreement(given: PartialDate, listed: &[String]) -> Option<Agreement> {
    listed.iter().filter_map(|text| Listed::read(text)).map(|date| date.agreement(given)).max()
}

/// A date as a list gives it: a year or a span of years, and the day where it says one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Listed {
    from: i16,
    to: i16,
    /// Month and day.
    day: Option<(i8, i8)>,
}

/// Years either side of a date that the list calls approximate.
const ABOUT: i16 = 2;

impl Listed {
    /// Reads `1944-06-26`, `26 Jun 1944`, `26/06/1944`, `1944`, `circa 1944`, `1944 to 1946` and their like.
    fn read(text: &str) -> Option<Self> {
        let parts: Vec<&str> = text.split(|c: char| !c.is_alphanumeric()).filter(|p| !p.is_empty()).collect();
        let number = |part: &str| part.parse::<i16>().ok();
        let is_year = |part: &&&str| part.len() == 4 && number(part).is_some_and(|y| (1600..=2200).contains(&y));
        let years: Vec<i16> = parts.iter().filter(is_year).filter_map(|p| number(p)).collect();
        let (from, to) = (*years.iter().min()?, *years.iter().max()?);
        let is_about = parts.iter().any(|p| {
            ["circa", "c", "ca", "approximately", "approx", "about", "around", "estimated"]
                .iter()
                .any(|word| p.eq_ignore_ascii_case(word))
        });
        if is_about {
            return Some(Self { from: from - ABOUT, to: to + ABOUT, day: None });
        }
        let small = |part: &str| number(part).filter(|n| part.len() <= 2 && (1..=31).contains(n)).map(|n| n as i8);
        let day = match parts[..] {
            [_, month, day] if years.len() == 1 && parts[0].len() == 4 => small(month).zip(small(day)),
            [day, month, _] if years.len() == 1 => small(day)
                .zip(month_of(month).or_else(|| small(month).filter(|m| *m <= 12)))
                .map(|(day, month)| (month, day)),
            _ => None,
        };
        Some(Self { from, to, day: day.filter(|_| from == to) })
    }

    fn agreement(self, given: PartialDate) -> Agreement {
        let apart = (self.from - given.year).max(given.year - self.to).max(0);
        match (apart, self.day, given.month.zip(given.day)) {
            (0, Some(listed), Some(given)) if listed == given => Agreement::SameDay,
            // One of the two writes the month first.
            (0, Some((month, day)), Some(given)) if (day, month) == given => Agreement::Agrees,
            (0, Some(_), Some(_)) => Agreement::Near,
            (0, ..) => Agreement::Agrees,
            (1, ..) => Agreement::Near,
            _ => Agreement::Differs,
        }
    }
}

fn month_of(word: &str) -> Option<i8> {
    const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let start = word.get(..3)?.to_ascii_lowercase();
    (1..).zip(MONTHS).find(|(_, month)| *month == start).map(|(number, _)| number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_agree_as_lists_write_them() {
        use Agreement as A;
        for (listed, given, expected) in [
            ("1944-06-26", "1944-06-26", Some(A::SameDay)),
            ("26 Jun 1944", "1944-06-26", Some(A::SameDay)),
            ("26/06/1944", "1944-06-26", Some(A::SameDay)),
            ("06/07/1944", "1944-06-07", Some(A::Agrees)),
            ("00/00/1944", "1944-06-26", Some(A::Agrees)),
            ("Jun 1944", "1944", Some(A::Agrees)),
            ("1944-06-26", "1944-06", Some(A::Agrees)),
            ("1944-06-26", "1944-06-27", Some(A::Near)),
            ("1944", "1945", Some(A::Near)),
            ("1944", "1946", Some(A::Differs)),
            ("circa 1944", "1946", Some(A::Agrees)),
            ("1974 to 1976", "1975-01-01", Some(A::Agrees)),
            ("01 Jan 1974 to 31 Dec 1976", "1978", Some(A::Differs)),
            ("unknown", "1978", None),
        ] {
            let given = PartialDate::parse(given).unwrap();
            assert_eq!(agreement(given, &[listed.to_owned()]), expected, "{listed} {given}");
        }
        let several = ["1950".to_owned(), "1944".to_owned()];
        assert_eq!(agreement(PartialDate::parse("1944").unwrap(), &several), Some(A::Agrees));
    }
}
