//! Country lists, one a source, and the rule that names the countries of a route that stand on one.

use super::Case;
use super::draft::{Draft, Ruled};
use super::pack::{Error, Fact, Heading, Text, cited};
use super::route::Stop;
use crate::explain::rules as explain;
use model::country::Country;
use model::finding::{Reason, Severity};
use serde::Deserialize;
use toml::Spanned;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    pack: Heading,
    list: Vec<Row>,
}

cited! {
    struct Row {
        id: String,
        meaning: Spanned<String>,
        title: String,
        countries: Vec<Spanned<String>>,
    }
}

/// What a country list can mean.
pub(super) const MEANINGS: [&str; 4] = ["transshipment", "restricted", "partner", "union"];

#[derive(Debug)]
struct List {
    meaning: String,
    fact: Fact,
    countries: Vec<Country>,
}

/// Every country list.
#[derive(Debug, Default)]
pub(super) struct CountryLists {
    lists: Vec<List>,
}

impl CountryLists {
    #[cfg(test)]
    pub(super) fn facts(&self) -> Vec<&Fact> {
        self.lists.iter().map(|l| &l.fact).collect()
    }

    pub(super) fn add(&mut self, text: Text<'_>) -> Result<(), Error> {
        let file: File = text.parse()?;
        for row in file.list {
            let meaning = row.meaning.get_ref();
            if !MEANINGS.contains(&meaning.as_str()) {
                let what = format!("`{meaning}` is not known, expected one of {}", MEANINGS.join(", "));
                return Err(text.error(row.meaning.span(), what));
            }
            let fact = text.fact(&file.pack, &row.id, &row.title, row.source())?;
            let countries = text.countries(&row.countries)?;
            self.lists.push(List { meaning: row.meaning.into_inner(), fact, countries });
        }
        Ok(())
    }

    /// The lists of this meaning that name the country.
    fn naming<'a>(&'a self, case: &Case<'_>, meaning: &str, country: Country) -> impl Iterator<Item = &'a Fact> {
        let (as_of, known_on) = (case.shipment.as_of, case.shipment.known_on);
        self.lists
            .iter()
            .filter(move |l| l.meaning == meaning && l.countries.contains(&country))
            .map(|l| &l.fact)
            .filter(move |f| f.in_force(as_of, known_on))
    }

    /// Whether a list of this meaning names the country.
    pub(super) fn has(&self, case: &Case<'_>, meaning: &str, country: Country) -> bool {
        self.naming(case, meaning, country).next().is_some()
    }

    /// The first stop or receiver in a country of this meaning.
    pub(super) fn first<'c>(&self, case: &'c Case<'_>, meaning: &str) -> Option<&'c Stop> {
        case.itinerary.onward().find(|stop| stop.country.is_some_and(|c| self.has(case, meaning, c)))
    }

    /// `ROUTE_TRANSSHIPMENT`: one finding for each country and list, at the first stop there. Where the goods come
    /// from is not where they are diverted to, so places of receipt and loading do not count.
    pub(super) fn transshipment(&self, case: &Case<'_>, out: &mut Vec<Ruled>) -> Option<&'static str> {
        let mut knows = false;
        let mut seen: Vec<(Country, &str)> = Vec::new();
        let origin = case.itinerary.origin();
        for stop in case.itinerary.onward() {
            let Some(country) = stop.country else { continue };
            knows = true;
            if origin == Some(country) {
                continue;
            }
            for fact in self.naming(case, "transshipment", country) {
                if seen.contains(&(country, &fact.list)) {
                    continue;
                }
                seen.push((country, &fact.list));
                out.push(
                    Draft {
                        reason: Reason::RouteTransshipment,
                        severity: Severity::Info,
                        score: 1000,
                        path: stop.path.clone(),
                        spans: stop.spans(),
                        matched: country.code().to_owned(),
                        fact: Some(fact),
                        evidence: Vec::new(),
                        wording: explain::transshipment(&stop.words(), country, &fact.title),
                    }
                    .finish(),
                );
            }
        }
        (!knows).then_some("no country is known behind the place of loading")
    }
}
