//! Values of a record that are more than text: exact decimals, currencies and dates that may lack a part.

use jiff::civil::Date;
use std::fmt;

/// A decimal number of at most 18 digits, nine of them behind the point. Never negative, never a float.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Decimal {
    digits: u64,
    scale: u8,
}

impl Decimal {
    /// Reads `1234.5`: digits, then a point and up to nine digits where there is a fraction. No sign, no grouping:
    /// `1,234` is not read, because it is a thousand in one country and a fraction in another.
    pub fn parse(text: &str) -> Option<Self> {
        let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
        let is_digits = |s: &str| !s.is_empty() && s.bytes().all(|b| b.is_ascii_digit());
        if !is_digits(whole) || !is_digits(fraction) || whole.len() > 18 || fraction.len() > 9 {
            return None;
        }
        let fraction = fraction.trim_end_matches('0');
        if whole.trim_start_matches('0').len() + fraction.len() > 18 {
            return None;
        }
        let digits = format!("{whole}{fraction}").parse().ok()?;
        Some(Self { digits, scale: fraction.len() as u8 })
    }

    /// The number in units of 10^-9.
    pub fn billionths(self) -> u128 {
        u128::from(self.digits) * 10u128.pow(u32::from(9 - self.scale))
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let power = 10u64.pow(u32::from(self.scale));
        match self.scale {
            0 => write!(f, "{}", self.digits),
            scale => write!(f, "{}.{:0width$}", self.digits / power, self.digits % power, width = usize::from(scale)),
        }
    }
}

/// An ISO 4217 code; only the form is checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Currency([u8; 3]);

impl Currency {
    /// Reads three letters in either case.
    pub fn parse(code: &str) -> Option<Self> {
        let bytes: [u8; 3] = code.as_bytes().try_into().ok()?;
        bytes.iter().all(u8::is_ascii_alphabetic).then(|| Self(bytes.map(|b| b.to_ascii_uppercase())))
    }

    /// The code in capitals.
    pub fn code(&self) -> &str {
        std::str::from_utf8(&self.0).expect("letters are checked by the constructor")
    }
}

/// A date of which the day, or the day and the month, may not be known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PartialDate {
    /// Year.
    pub year: i16,
    /// Month, 1..=12.
    pub month: Option<i8>,
    /// Day of the month; only beside a month.
    pub day: Option<i8>,
}

impl PartialDate {
    /// Reads `YYYY`, `YYYY-MM` or `YYYY-MM-DD`.
    pub fn parse(text: &str) -> Option<Self> {
        let number = |part: &str, width: usize| {
            (part.len() == width && part.bytes().all(|b| b.is_ascii_digit())).then(|| part.parse::<i16>().ok())?
        };
        let mut parts = text.split('-');
        let year = number(parts.next()?, 4)?;
        let mut next = || parts.next().map(|p| number(p, 2).and_then(|n| i8::try_from(n).ok()));
        let (month, day) = match (next(), next()) {
            (None, _) => (None, None),
            (Some(month), None) => (Some(month?), None),
            (Some(month), Some(day)) => (Some(month?), Some(day?)),
        };
        if parts.next().is_some() {
            return None;
        }
        // The first of a month exists whenever the month does.
        Date::new(year, month.unwrap_or(1), day.unwrap_or(1)).ok()?;
        Some(Self { year, month, day })
    }

    /// The first day it can mean.
    pub fn earliest(self) -> Date {
        Date::new(self.year, self.month.unwrap_or(1), self.day.unwrap_or(1)).expect("checked when read")
    }
}

impl fmt::Display for PartialDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}", self.year)?;
        for part in [self.month, self.day].into_iter().flatten() {
            write!(f, "-{part:02}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_are_exact_or_refused() {
        for (text, shown) in [("0", "0"), ("12.50", "12.5"), ("007", "7"), ("3.000000001", "3.000000001"), ("1.0", "1")]
        {
            assert_eq!(Decimal::parse(text).unwrap().to_string(), shown);
        }
        for text in ["", "-1", "1,234", "1.", ".5", "1e3", "1.2.3", "9999999999999999999", "1.0000000001", " 1"] {
            assert_eq!(Decimal::parse(text), None, "{text}");
        }
        assert_eq!(Decimal::parse("2.5").unwrap().billionths(), 2_500_000_000);
    }

    #[test]
    fn dates_may_lack_a_part_and_must_exist() {
        for text in ["1965", "2022-02", "2024-02-29"] {
            assert_eq!(PartialDate::parse(text).unwrap().to_string(), text);
        }
        for text in ["", "65", "2022-13", "2023-02-29", "2022-2", "2022-02-01-01", "202202", "2022-"] {
            assert_eq!(PartialDate::parse(text), None, "{text}");
        }
    }

    #[test]
    fn currencies_are_three_letters() {
        assert_eq!(Currency::parse("usd").unwrap().code(), "USD");
        assert!(Currency::parse("US").is_none() && Currency::parse("U$D").is_none() && Currency::parse("€").is_none());
    }
}
