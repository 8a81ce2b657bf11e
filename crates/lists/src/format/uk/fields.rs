//! The words and dates that both lists and both forms write alike.

use crate::build::day;
use crate::error::ValueError;
use jiff::civil::Date;
use model::entry::{Effect, EntryKind, NameKind};

/// How both lists write dates.
pub(super) const DATE: &[&str] = &["%d/%m/%Y", "%Y-%m-%d"];

/// What the measures of a designation mean for a shipment: the strongest of them counts. What we do not know, and no
/// measure at all, counts as an asset freeze.
pub(super) fn imposed(measures: &str) -> Effect {
    let measures = measures.to_ascii_lowercase();
    let all = measures.split(['|', ';']).map(str::trim).filter(|m| !m.is_empty());
    all.map(meaning).min_by_key(|e| Effect::ALL.iter().position(|known| known == e)).unwrap_or(Effect::Blocking)
}

/// The words of measures, the first that fits counts, and what they mean.
const MEASURES: &[(&str, Effect)] = &[
    ("asset freeze", Effect::Blocking),
    ("money-market", Effect::Investment),
    ("money market", Effect::Investment),
    ("transferable securities", Effect::Investment),
    ("loan", Effect::Investment),
    ("capital market", Effect::Investment),
    ("correspondent banking", Effect::Investment),
    ("travel ban", Effect::Watch),
    ("director disqualification", Effect::Watch),
    // Transport: a ship may be kept out of ports, detained or denied crew. Dealings with its owner are not prohibited.
    ("port", Effect::Licence),
    ("ship", Effect::Licence),
    ("crew", Effect::Licence),
    ("aircraft", Effect::Licence),
    ("trade", Effect::Licence),
    ("arms", Effect::Licence),
    ("technical assistance", Effect::Licence),
];

/// What one measure means.
fn meaning(measure: &str) -> Effect {
    MEASURES.iter().find(|(word, _)| measure.contains(word)).map_or(Effect::Blocking, |(_, effect)| *effect)
}

/// What is listed, in the words of both lists.
pub(super) fn entry_kind(text: &str) -> Result<EntryKind, ValueError> {
    match text {
        "Individual" => Ok(EntryKind::Person),
        "Entity" => Ok(EntryKind::Company),
        "Ship" => Ok(EntryKind::Vessel),
        other => Err(ValueError::unexpected("Individual, Entity or Ship", other)),
    }
}

/// What a spelling is, in the words of both lists, which are free with capitals ("ALias").
pub(super) fn name_kind(text: &str) -> Result<NameKind, ValueError> {
    match text.to_ascii_lowercase().as_str() {
        "primary name" => Ok(NameKind::Primary),
        "primary name variation" | "aka" | "alias" | "" => Ok(NameKind::Alias),
        "fka" => Ok(NameKind::Former),
        other => Err(ValueError::unexpected("Primary name, Primary name variation, Alias, AKA or FKA", other)),
    }
}

/// "Low quality a.k.a".
pub(super) fn is_weak(strength: &str) -> bool {
    strength.to_ascii_lowercase().starts_with("low")
}

/// A date, where there is one.
pub(super) fn date(text: &str) -> Result<Option<Date>, ValueError> {
    match day(text, DATE) {
        Some(date) => Ok(Some(date)),
        None if text.is_empty() => Ok(None),
        None => Err(ValueError::unexpected("a date like 31/12/2020", text)),
    }
}

/// A date of birth as the other lists write it; `00`, `dd` and `mm` stand for what is not known.
pub(super) fn birth(text: &str) -> String {
    let parts: Vec<&str> = text.trim_start_matches('\'').split('/').collect();
    let known = |p: &str| !p.is_empty() && p.bytes().all(|b| b.is_ascii_digit()) && p.bytes().any(|b| b != b'0');
    match parts.as_slice() {
        [day, month, year] if year.len() == 4 && known(year) => match (known(day), known(month)) {
            (true, true) => format!("{year}-{month:0>2}-{day:0>2}"),
            (false, true) => format!("{year}-{month:0>2}"),
            _ => (*year).to_owned(),
        },
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn births_and_measures_read_as_meant() {
        assert_eq!(birth("22/08/1990"), "1990-08-22");
        assert_eq!(birth("00/00/1994"), "1994");
        assert_eq!(birth("dd/mm/1945"), "1945");
        assert_eq!(birth("00/5/1960"), "1960-05");
        assert_eq!(birth("1951"), "1951");
        assert_eq!(birth("c. 1970"), "c. 1970");
        for (measures, effect) in [
            ("Asset freeze|Travel Ban", Effect::Blocking),
            ("Travel Ban|Director Disqualification Sanction", Effect::Watch),
            ("Something new", Effect::Blocking),
            ("Trade sanctions", Effect::Licence),
            ("Travel Ban|Arms Embargo", Effect::Licence),
            ("Prohibition on dealing with transferable securities or money-market instruments", Effect::Investment),
            ("Money-market and Loan restrictions|Travel Ban", Effect::Investment),
            ("Trade sanctions|Money-market instruments", Effect::Licence),
            ("Prohibition of Port Entry|Crew Servicing Sanctions|Detention of Ships", Effect::Licence),
            ("", Effect::Blocking),
        ] {
            assert_eq!(imposed(measures), effect, "{measures}");
        }
    }
}
