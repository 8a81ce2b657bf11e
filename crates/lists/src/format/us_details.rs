//! What the readers of US lists share: labelled numbers and notes, and citations.

use crate::build::{EntryBuilder, identifier};
use jiff::civil::Date;
use model::country::Country;
use model::entry::Effect;

/// Lists whose entries begin with the directive they name; on other lists the same note is about later measures.
const DATED_BY_DIRECTIVE: &[&str] = &["us-ofac-capta", "us-ofac-mbs"];

/// Adds one labelled number or note to the entry: an identifier, a date of the listing, or a remark. `home` is where
/// the entry's addresses are.
pub(super) fn add_number(one: &mut EntryBuilder, label: &str, value: &str, country: Option<Country>, home: &[Country]) {
    if label == "Organization Established Date" && !value.is_empty() {
        one.entry.births.push(value.to_owned());
        return;
    }
    if let Some(found) = identifier(label, value, country, home, one.entry.kind) {
        one.identifier(found);
        return;
    }
    if label.starts_with("Executive Order 13662 Directive Determination")
        && one.entry.list.as_str() == "us-ofac-ssi"
        && value.trim_end_matches('.').ends_with("Directive 4")
    {
        // Directive 4 prohibits goods, services and technology for certain projects: more than investment.
        one.entry.effect = Effect::Licence;
    }
    add_listing_date(one, label, value);
    let label = label.trim_end_matches([' ', '-', ':']);
    one.verbatim_remark(match country {
        Some(country) => format!("{label}: {value} ({country})"),
        None => format!("{label}: {value}"),
    });
}

/// Takes the day of the listing from a note of a list that dates its entries so.
fn add_listing_date(one: &mut EntryBuilder, label: &str, value: &str) {
    let entry = &mut one.entry;
    let is_dated_here =
        label.contains("(CMIC)") || (label.contains("Directive") && DATED_BY_DIRECTIVE.contains(&entry.list.as_str()));
    let slot = match label {
        _ if !is_dated_here => return,
        _ if label.starts_with("Effective Date") => &mut entry.effective,
        _ if label.starts_with("Listing Date") => &mut entry.published,
        _ => return,
    };
    if let Ok(date) = Date::strptime("%d %b %Y", value) {
        // Of several directives the first one begins the listing.
        *slot = Some(slot.map_or(date, |known| known.min(date)));
    }
}

/// Splits Federal Register notices at the start of each ("85 FR 83420", "68 F.R. 38290 6/27/03"); the texts stay as
/// written. What is not such a notice ("Vol. 85, No. 200, 10/15/20") stays whole.
pub(super) fn citations(text: &str) -> Vec<String> {
    let mut starts: Vec<usize> = Vec::new();
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        if !bytes[at].is_ascii_digit() {
            at += 1;
            continue;
        }
        let start = at;
        while at < bytes.len() && bytes[at].is_ascii_digit() {
            at += 1;
        }
        let rest = text[at..].trim_start_matches([' ', '.']);
        let mut letters = rest.bytes().filter(|b| !b" .".contains(b)).map(|b| b.to_ascii_uppercase());
        let names_register =
            rest.starts_with(['F', 'f']) && letters.next() == Some(b'F') && letters.next() == Some(b'R');
        // Behind "no. 3" or in "10/09/20" a number is part of the notice before it.
        if names_register && !text[..start].ends_with('/') {
            starts.push(start);
        }
    }
    if starts.len() < 2 {
        let whole = clean_citation(text);
        return if whole.is_empty() { Vec::new() } else { vec![whole.to_owned()] };
    }
    starts[0] = 0;
    starts.push(text.len());
    starts.windows(2).map(|w| clean_citation(&text[w[0]..w[1]]).to_owned()).filter(|c| !c.is_empty()).collect()
}

fn clean_citation(text: &str) -> &str {
    let text = text.trim_matches([' ', ',', ';']);
    text.strip_suffix(" and").unwrap_or(text).trim_end_matches([' ', ',', ';'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn citations_split_at_each_notice_and_stay_as_written() {
        assert_eq!(citations("85 FR 83420; 86 FR 29193"), ["85 FR 83420", "86 FR 29193"]);
        assert_eq!(
            citations("68 F.R. 38290 6/27/03 71 F.R. 38843 7/10/06"),
            ["68 F.R. 38290 6/27/03", "71 F.R. 38843 7/10/06"]
        );
        assert_eq!(citations("62 FR 35334 (6/30/1997), 66 FR 24266, "), ["62 FR 35334 (6/30/1997)", "66 FR 24266"]);
        assert_eq!(citations("1 FR 2; 3 fr 4 and 5F.R.6 7/8/90"), ["1 FR 2", "3 fr 4", "5F.R.6 7/8/90"]);
        assert_eq!(citations("77 FR 1, 78 FR 3 (no. 12)"), ["77 FR 1", "78 FR 3 (no. 12)"]);
        assert_eq!(citations("Vol. 85, No. 200, 10/15/20 "), ["Vol. 85, No. 200, 10/15/20"]);
        assert_eq!(citations("Notice 12, 85 FR 1, 86 FR 2"), ["Notice 12, 85 FR 1", "86 FR 2"]);
        assert!(citations(" ; ").is_empty());
    }
}
