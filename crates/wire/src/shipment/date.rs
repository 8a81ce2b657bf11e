//! Dates as documents and exports write them.

use jiff::civil::Date;
use model::shipment::PartialDate;

/// The first three letters of the months, folded, in English, Spanish, Portuguese, French, German and Turkish.
const MONTHS: [&[&str]; 12] = [
    &["jan", "ene", "oca"],
    &["feb", "fev", "sub"],
    &["mar", "mae", "mrz"],
    &["apr", "abr", "avr", "nis"],
    &["may", "mai"],
    &["jun", "haz", "juin"],
    &["jul", "tem", "juil"],
    &["aug", "ago", "aou"],
    &["sep", "set", "eyl"],
    &["oct", "out", "okt", "eki"],
    &["nov", "kas"],
    &["dec", "dic", "dez", "ara"],
];

/// Why a date cannot be read, as the end of "`25/13/2025` is not a date; ...".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unreadable {
    /// Neither form is known.
    Form,
    /// The day and the month could change places.
    Ambiguous,
}

impl Unreadable {
    pub(super) fn expected(self) -> &'static str {
        match self {
            Self::Form => "is not a date; expected YYYY-MM-DD",
            Self::Ambiguous => "may be day/month or month/day; expected YYYY-MM-DD",
        }
    }
}

/// Reads a date of which the day, or the day and the month, may be missing. A time behind it is ignored.
pub(super) fn partial(text: &str) -> Result<PartialDate, Unreadable> {
    let text = without_time(text.trim());
    let words: Vec<&str> = text
        .split(|c: char| c.is_whitespace() || matches!(c, '-' | '/' | '.' | ','))
        .filter(|w| !w.is_empty())
        .collect();
    let year = |w: &str| number(w, 4, 4);
    let small = |w: &str| number(w, 1, 2);
    let date = match words[..] {
        [all] if all.len() == 8 && all.is_ascii() => (year(&all[..4]), small(&all[4..6]), small(&all[6..])),
        [y] => return build(year(y).ok_or(Unreadable::Form)?, None, None),
        [a, b] => {
            // "2025-04", "04/2025", "Apr 2025".
            let (y, m) = match (year(a), year(b)) {
                (Some(y), None) => (y, month(b)),
                (None, Some(y)) => (y, month(a)),
                _ => return Err(Unreadable::Form),
            };
            return build(y, Some(m.ok_or(Unreadable::Form)?), None);
        }
        [a, b, c] => match (year(a), year(c)) {
            (Some(y), None) => (Some(y), month(b), small(c)),
            (None, Some(y)) => {
                let (m, d) = day_and_month(text, a, b)?;
                (Some(y), Some(m), Some(d))
            }
            _ => return Err(Unreadable::Form),
        },
        _ => return Err(Unreadable::Form),
    };
    match date {
        (Some(y), Some(m), Some(d)) => build(y, Some(m), Some(d)),
        _ => Err(Unreadable::Form),
    }
}

/// Reads a whole date; a month alone stands for its first day.
pub(super) fn first_day(text: &str) -> Result<Date, Unreadable> {
    let date = partial(text)?;
    if date.month.is_none() { Err(Unreadable::Form) } else { Ok(date.earliest()) }
}

/// Reads a whole date; a month alone stands for its last day.
pub(super) fn last_day(text: &str) -> Result<Date, Unreadable> {
    let date = partial(text)?;
    match (date.month, date.day) {
        (None, _) => Err(Unreadable::Form),
        (_, None) => Ok(date.earliest().last_of_month()),
        _ => Ok(date.earliest()),
    }
}

/// Month and day of a date whose year stands last.
fn day_and_month(text: &str, a: &str, b: &str) -> Result<(i16, i16), Unreadable> {
    let named = |w: &str| w.chars().any(char::is_alphabetic);
    let get = |w: &str| month(w).or_else(|| number(w, 1, 2)).ok_or(Unreadable::Form);
    // "1st", "25th": the day in English.
    let day = |w: &str| number(w.trim_end_matches(|c: char| c.is_ascii_alphabetic()), 1, 2).ok_or(Unreadable::Form);
    if month(a).is_some() && named(a) {
        return Ok((get(a)?, day(b)?));
    }
    if month(b).is_some() && named(b) {
        return Ok((get(b)?, day(a)?));
    }
    let (a, b) = (number(a, 1, 2).ok_or(Unreadable::Form)?, number(b, 1, 2).ok_or(Unreadable::Form)?);
    // Points are written where the day comes first.
    let is_day_first = text.contains('.') || a > 12 || a == b;
    match (is_day_first, b > 12) {
        (true, _) => Ok((b, a)),
        (false, true) => Ok((a, b)),
        (false, false) => Err(Unreadable::Ambiguous),
    }
}

fn without_time(text: &str) -> &str {
    // "2025-04-25T18:30Z", "2025-04-25 18:30:00", "25.04.2025, 18:30".
    let end = text.find(':').map_or(text.len(), |colon| {
        let before = &text[..colon];
        before.rfind(|c: char| c == 'T' || c == 't' || c == ',' || c.is_whitespace()).unwrap_or(before.len())
    });
    let date = text[..end].trim_end_matches([',', ' ']);
    // A date may carry a zone without a time.
    date.strip_suffix('Z').unwrap_or(date)
}

fn number(word: &str, least: usize, most: usize) -> Option<i16> {
    let fits = (least..=most).contains(&word.len()) && word.bytes().all(|b| b.is_ascii_digit());
    if fits { word.parse().ok() } else { None }
}

fn month(word: &str) -> Option<i16> {
    if let Some(number) = number(word, 1, 2) {
        return (1..=12).contains(&number).then_some(number);
    }
    let folded: String = word
        .chars()
        .flat_map(char::to_lowercase)
        .filter_map(|c| match c {
            'é' | 'è' => Some('e'),
            'û' | 'ü' => Some('u'),
            'ä' => Some('a'),
            'ş' => Some('s'),
            'ı' => Some('i'),
            c => c.is_alphabetic().then_some(c),
        })
        .collect();
    (3..=10).contains(&folded.chars().count()).then_some(())?;
    let at = MONTHS.iter().position(|names| names.iter().any(|name| folded.starts_with(name)))?;
    i16::try_from(at + 1).ok()
}

fn build(year: i16, month: Option<i16>, day: Option<i16>) -> Result<PartialDate, Unreadable> {
    let small = |n: i16| i8::try_from(n).map_err(|_| Unreadable::Form);
    let (month, day) = (month.map(small).transpose()?, day.map(small).transpose()?);
    // The first of a month exists whenever the month does.
    Date::new(year, month.unwrap_or(1), day.unwrap_or(1)).map_err(|_| Unreadable::Form)?;
    Ok(PartialDate { year, month, day })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_as_exports_write_them() {
        for (text, expected) in [
            ("2025-04-25", "2025-04-25"),
            ("2025-4-5", "2025-04-05"),
            ("2025-04-25T18:30Z", "2025-04-25"),
            ("2025-04-25 18:30:00.5+02:00", "2025-04-25"),
            ("20250425", "2025-04-25"),
            ("2025/04/25", "2025-04-25"),
            ("25.04.2025", "2025-04-25"),
            ("05.04.2025", "2025-04-05"),
            ("25/04/2025", "2025-04-25"),
            ("04/25/2025", "2025-04-25"),
            ("25 Apr 2025", "2025-04-25"),
            ("25-APR-2025", "2025-04-25"),
            ("April 25th, 2025", "2025-04-25"),
            ("25 février 2025", "2025-02-25"),
            ("Apr 2025", "2025-04"),
            ("04/2025", "2025-04"),
            ("2025", "2025"),
        ] {
            assert_eq!(partial(text).map(|d| d.to_string()).as_deref(), Ok(expected), "{text}");
        }
        assert_eq!(partial("04/05/2025"), Err(Unreadable::Ambiguous));
        for text in ["", "x", "25.04.25", "2025-13-01", "2025-02-30", "99999999", "2025-04-25-01", "45772", "soon: now"]
        {
            assert_eq!(partial(text), Err(Unreadable::Form), "{text}");
        }
        assert_eq!(last_day("Feb 2024").map(|d| d.to_string()).as_deref(), Ok("2024-02-29"));
        assert_eq!(first_day("Feb 2024").map(|d| d.to_string()).as_deref(), Ok("2024-02-01"));
        assert!(first_day("2024").is_err());
    }
}
