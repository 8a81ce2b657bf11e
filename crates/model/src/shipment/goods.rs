//! One goods line.

use super::value::{Currency, Decimal};
use crate::country::Country;
use jiff::civil::Date;

/// One goods line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Goods {
    /// Description as written.
    pub description: String,
    /// Shipping marks.
    pub marks: String,
    /// HS or national tariff code as written.
    pub hs_code: String,
    /// Further HS or national codes of the line, as written.
    pub other_hs_codes: Vec<String>,
    /// Edition of the Harmonized System the codes are of, as a year; `None` when not said.
    pub hs_edition: Option<u16>,
    /// Export control classification number.
    pub eccn: String,
    /// Brand, where recorded apart.
    pub brand: String,
    /// Model, where recorded apart.
    pub model: String,
    /// How many units.
    pub quantity: Option<Decimal>,
    /// What the quantity counts.
    pub unit: String,
    /// Net weight in kilograms.
    pub net_weight_kg: Option<Decimal>,
    /// Value in `currency`.
    pub value: Option<Decimal>,
    /// Currency of the value.
    pub currency: Option<Currency>,
    /// Country of origin.
    pub origin: Option<Country>,
    /// Licences the documents refer to.
    pub licences: Vec<Licence>,
}

impl Goods {
    /// Editions of the Harmonized System.
    pub const HS_EDITIONS: [u16; 8] = [1988, 1996, 2002, 2007, 2012, 2017, 2022, 2028];

    /// Every code of the line that is given, with its path below the line, in order.
    pub fn hs_codes(&self) -> impl Iterator<Item = (HsPath, &str)> {
        let others = self.other_hs_codes.iter().enumerate().map(|(at, code)| (HsPath(Some(at)), code.as_str()));
        std::iter::once((HsPath(None), self.hs_code.as_str())).chain(others).filter(|(_, code)| !code.is_empty())
    }
}

/// Where a code of a goods line stands: `hsCode` or `otherHsCodes[n]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct HsPath(Option<usize>);

impl std::fmt::Display for HsPath {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.0 {
            None => f.write_str("hsCode"),
            Some(at) => write!(f, "otherHsCodes[{at}]"),
        }
    }
}

/// What a licence allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LicenceKind {
    /// Export.
    Export,
    /// Import.
    Import,
    /// Anything else, or not said.
    Other,
}

/// A licence that the documents refer to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Licence {
    /// What it allows.
    pub kind: LicenceKind,
    /// Its number; empty when the documents only say that one is required.
    pub reference: String,
    /// Whether the documents say that one is required; `None` when they do not say.
    pub is_required: Option<bool>,
    /// First day.
    pub issued: Option<Date>,
    /// Last day.
    pub expires: Option<Date>,
}
