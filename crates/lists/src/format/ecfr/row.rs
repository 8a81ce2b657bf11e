//! One row of a table: its entries, as a row may list affiliates with the party.

use super::cell::{self, Listed};
use crate::build::{EntryBuilder, on_one_line, slug};
use crate::error::{Error, ValueError};
use crate::format::name_repair;
use crate::format::us_details::citations;
use jiff::civil::Date;
use model::country::Country;
use model::entry::{EntryKind, Relation, RelationKind};

/// Where the law stands.
const PAGE: &str = "https://www.ecfr.gov/current/title-15/part-744";

/// One row.
pub(super) struct Row<'a> {
    pub(super) file: &'a str,
    pub(super) line: u64,
    pub(super) list: &'static str,
    /// Country, entity, for the Entity List requirement and policy, and the notice.
    pub(super) cells: &'a [String],
}

impl Row<'_> {
    /// The country that the row names; empty where it continues the one before.
    pub(super) fn country(&self) -> String {
        on_one_line(&cell::plain(&self.cells[0]))
    }

    /// The entries of the row, the party that it is about first; none where the law keeps the row for later.
    ///
    /// # Errors
    /// When country, entity or notice is missing.
    pub(super) fn entries(&self, country: &str) -> Result<Vec<EntryBuilder>, Error> {
        let text = self.cells[1].trim();
        if text.is_empty()
            || on_one_line(&cell::plain(text)).trim_matches(['[', ']', '.']).eq_ignore_ascii_case("reserved")
        {
            return Ok(Vec::new());
        }
        let wrong = |field: &str, problem: ValueError| problem.at(self.file, self.line, field);
        if country.is_empty() {
            return Err(wrong("TD[1]", ValueError::missing("the country of the row or of one before it")));
        }
        let notice = on_one_line(&cell::plain(&self.cells[self.cells.len() - 1]));
        if notice.is_empty() {
            let field = format!("TD[{}]", self.cells.len());
            return Err(wrong(&field, ValueError::missing("the Federal Register notice")));
        }
        let listed = cell::read(text);
        let head = listed[0].name.clone();
        let mut entries = Vec::with_capacity(listed.len());
        for (index, party) in listed.iter().enumerate() {
            let mut one = self.entry(party, country, &notice);
            one.records = u32::from(index == 0);
            if index > 0 {
                one.repairs.add("affiliate_in_address");
                one.entry.relations.push(Relation::named(RelationKind::LinkedTo, &head));
                one.remark(&format!("Listed as an affiliated entity in the row of {head}."));
            }
            entries.push(one);
        }
        Ok(entries)
    }

    fn entry(&self, party: &Listed, country: &str, notice: &str) -> EntryBuilder {
        let is_crimea = country.to_lowercase().starts_with("crimea");
        let heading = if is_crimea { Country::from_code("UA") } else { Country::parse(country) };
        let is_address = party.name.strip_prefix("Address ").is_some_and(|n| n.bytes().all(|b| b.is_ascii_digit()));
        let kind = if is_address { EntryKind::Address } else { EntryKind::Unknown };
        let code = heading.map_or_else(|| slug(country), |c| c.code().to_ascii_lowercase());
        let mut one = EntryBuilder::new(self.list, &format!("{code}-{}", slug(&party.name)), kind, self.line);
        one.entry.countries.extend(heading);
        if heading.is_none() {
            one.repairs.add("unknown_country");
        }
        if is_crimea || heading.is_none() {
            one.note("Listed under", country);
        }
        for address in &party.addresses {
            one.address_line(address);
        }
        for address in one.entry.addresses.iter_mut().filter(|a| a.country.is_none()) {
            address.country = heading;
        }
        if is_address {
            one.remark(&format!("Listed as: {}", party.name));
        } else {
            name_repair::add_names(&mut one, &party.name, &party.aliases.join("; "));
        }
        party.notes.iter().for_each(|note| one.remark(note));
        if party.has_company_in_address {
            one.repairs.add("company_in_address");
        }
        one.entry.citations = citations(notice.trim_end_matches('.'));
        one.entry.published = one.entry.citations.iter().filter_map(|c| last_day(c)).min();
        if self.cells.len() == 5 {
            let text = |at: usize| Some(on_one_line(&cell::plain(&self.cells[at]))).filter(|t| !t.is_empty());
            one.entry.licence_requirement = text(2);
            one.entry.licence_policy = text(3);
        }
        one.entry.source_url = PAGE.to_owned();
        one
    }
}

/// The day behind the page of a notice: `85 FR 83420, 12/22/20`.
fn last_day(citation: &str) -> Option<Date> {
    let text = citation.rsplit([' ', ',', '(']).map(|t| t.trim_matches(['.', ')', ';'])).find(|t| t.contains('/'))?;
    let parts: Vec<i16> = text.split('/').map(|n| n.parse().ok()).collect::<Option<_>>()?;
    let [month, day, year] = parts[..] else { return None };
    // The list began in 1997.
    let year = if year < 90 {
        2000 + year
    } else if year < 100 {
        1900 + year
    } else {
        year
    };
    Date::new(year, month.try_into().ok()?, day.try_into().ok()?).ok()
}
