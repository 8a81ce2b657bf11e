//! Country lists, one a source.

use super::pack::{Error, Fact, Heading, Text, cited};
use model::country::Country;
use model::shipment::Shipment;
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
                let what = format!("unknown meaning `{meaning}`, expected one of {}", MEANINGS.join(", "));
                return Err(text.error(row.meaning.span(), what));
            }
            let fact = text.fact(&file.pack, &row.id, &row.title, row.source())?;
            let countries = text.countries(&row.countries)?;
            self.lists.push(List { meaning: row.meaning.into_inner(), fact, countries });
        }
        Ok(())
    }

    /// The lists of this meaning that name the country and are in force for the shipment.
    pub(super) fn naming<'a>(
        &'a self,
        shipment: &Shipment,
        meaning: &str,
        country: Country,
    ) -> impl Iterator<Item = &'a Fact> {
        let (as_of, known_on) = (shipment.as_of, shipment.known_on);
        self.lists
            .iter()
            .filter(move |l| l.meaning == meaning && l.countries.contains(&country))
            .map(|l| &l.fact)
            .filter(move |f| f.in_force(as_of, known_on))
    }

    /// Whether a list of this meaning names the country.
    pub(super) fn has(&self, shipment: &Shipment, meaning: &str, country: Country) -> bool {
        self.naming(shipment, meaning, country).next().is_some()
    }
}
