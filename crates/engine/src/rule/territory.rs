//! Embargoed countries and territories, by country code and by name in routes and addresses.
//!
//! A name can be something else: a street (`Cuba Street`), a drink, a town of another country (`Havana, FL`). Such a
//! place is reported for the record, with what speaks against it, and asks for nothing.

use super::Case;
use super::draft::{Draft, Ruled, span, whole};
use super::pack::{Error, Fact, Heading, SEVERITIES, Text, cited};
use super::places::Gazetteer;
use super::terms::{TermHit, Terms};
use crate::explain::rules as explain;
use model::country::Country;
use model::finding::{Evidence, EvidenceKind, Reason, Severity};
use model::shipment::AddressPart;
use rustc_hash::FxHashSet;
use serde::Deserialize;
use text::{Folded, Reading};
use toml::Spanned;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    pack: Heading,
    territory: Vec<Row>,
    #[serde(default)]
    context: Context,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
struct Context {
    #[serde(default)]
    after: Vec<String>,
    #[serde(default)]
    before: Vec<String>,
}

cited! {
    struct Row {
        id: String,
        name: String,
        country: Option<Spanned<String>>,
        #[serde(default)]
        within: Vec<Spanned<String>>,
        severity: Spanned<String>,
        measure: String,
        names: Vec<Spanned<String>>,
        #[serde(default)]
        cities: Vec<Spanned<String>>,
    }
}

#[derive(Debug)]
struct Territory {
    name: String,
    /// The country it is, or the countries it may be written under.
    countries: Vec<Country>,
    is_country: bool,
    severity: Severity,
    measure: String,
    fact: Fact,
}

/// Every embargoed country and territory.
#[derive(Debug, Default)]
pub(super) struct Territories {
    territories: Vec<Territory>,
    names: Terms,
    after: FxHashSet<String>,
    before: FxHashSet<String>,
}

/// Why a name is not taken for the territory.
type Doubt = Option<&'static str>;

impl Territories {
    #[cfg(test)]
    pub(super) fn facts(&self) -> Vec<&Fact> {
        self.territories.iter().map(|l| &l.fact).collect()
    }

    pub(super) fn add(&mut self, text: Text<'_>) -> Result<(), Error> {
        let file: File = text.parse()?;
        for row in file.territory {
            let fact = text.fact(&file.pack, &row.id, &row.name, row.source())?;
            let severity = text.severity(&row.severity, &SEVERITIES)?;
            let number = self.territories.len() as u32;
            for name in row.names.iter().chain(&row.cities) {
                if !self.names.add(name.get_ref(), number) {
                    return Err(text.error(name.span(), "a name without letters or digits"));
                }
            }
            let (countries, is_country) = match &row.country {
                Some(country) => (vec![text.country(country)?], true),
                None => (text.countries(&row.within)?, false),
            };
            let measure = row.measure;
            self.territories.push(Territory { name: row.name, countries, is_country, severity, measure, fact });
        }
        let fold = |word: &String| {
            let folded = Folded::of(word, Reading::Plain);
            folded.squeezed().to_owned()
        };
        self.after.extend(file.context.after.iter().map(fold));
        self.before.extend(file.context.before.iter().map(fold));
        Ok(())
    }

    /// `ROUTE_EMBARGO`.
    pub(super) fn find(&self, case: &Case<'_>, gazetteer: &Gazetteer, out: &mut Vec<Ruled>) -> Option<&'static str> {
        let shipment = case.shipment;
        let fold = |text: &str| Folded::of(text, Reading::Plain);
        let mut could_run = false;
        for stop in case.itinerary.places() {
            could_run = true;
            let named = self.by_name(case, &stop.path, || stop.words(), (&stop.text, &stop.folded), stop.country, out);
            if let Some(country) = stop.country.filter(|_| !named) {
                self.by_country(case, &stop.path, &stop.words(), &stop.text, country, out);
            }
        }
        for (at, party) in shipment.parties.iter().enumerate() {
            let of = |what: &str| explain::party_field(party.role, what);
            let address = party.whole_address();
            let said = party.country.or_else(|| gazetteer.said(&address));
            could_run |= !address.is_empty() || party.country.is_some();
            let path = format!("parties[{at}].address");
            let mut named =
                self.by_name(case, &path, || of("address"), (&party.address, &fold(&party.address)), said, out);
            for part in AddressPart::ALL {
                let path = format!("parties[{at}].structuredAddress.{}", part.key());
                let text = party.structured_address.part(part);
                if !text.is_empty() {
                    named |= self.by_name(case, &path, || of("address"), (text, &fold(text)), said, out);
                }
            }
            if let Some(country) = party.country.filter(|_| !named) {
                let path = format!("parties[{at}].country");
                self.by_country(case, &path, &of("country"), country.code(), country, out);
            }
        }
        for (at, goods) in shipment.goods.iter().enumerate() {
            if let Some(country) = goods.origin {
                could_run = true;
                let field = explain::goods_field(shipment.goods.len(), at, "origin");
                self.by_country(case, &format!("goods[{at}].origin"), &field, country.code(), country, out);
            }
        }
        (!could_run).then_some("the record names no place, country or address")
    }

    fn in_force(&self, case: &Case<'_>, territory: &Territory) -> bool {
        territory.fact.in_force(case.shipment.as_of, case.shipment.known_on)
    }

    fn by_country(&self, case: &Case<'_>, path: &str, field: &str, text: &str, country: Country, out: &mut Vec<Ruled>) {
        let is_it = |t: &&Territory| t.is_country && t.countries[0] == country;
        for territory in self.territories.iter().filter(is_it).filter(|t| self.in_force(case, t)) {
            out.push(
                Draft {
                    reason: Reason::RouteEmbargo,
                    severity: territory.severity,
                    score: 1000,
                    path: path.to_owned(),
                    spans: whole(text),
                    matched: territory.name.clone(),
                    fact: Some(&territory.fact),
                    evidence: Vec::new(),
                    wording: explain::embargo(field, text, &territory.name, &territory.measure, None),
                }
                .finish(),
            );
        }
    }

    /// Names of territories in a text; `true` when one was reported without doubt.
    fn by_name(
        &self,
        case: &Case<'_>,
        path: &str,
        field: impl Fn() -> String,
        (text, folded): (&str, &Folded),
        country: Option<Country>,
        out: &mut Vec<Ruled>,
    ) -> bool {
        if folded.tokens().is_empty() {
            return false;
        }
        let mut hits: Vec<TermHit> = Vec::new();
        self.names.each(folded, |hit| {
            // A longer name hides the shorter ones inside it.
            let is_inside = hits.iter().any(|h| h.value == hit.value && h.first <= hit.first && hit.last <= h.last);
            if !is_inside && self.in_force(case, &self.territories[hit.value as usize]) {
                hits.push(hit);
            }
        });
        // One finding for each territory: the hit that speaks loudest.
        let mut best: Vec<(u32, TermHit, Doubt)> = Vec::new();
        for &hit in &hits {
            let territory = &self.territories[hit.value as usize];
            // A city and its territory together ("Tehran, Iran") outweigh another country in the record.
            let is_alone = hits.iter().filter(|h| h.value == hit.value).count() == 1;
            let doubt = self.doubt(folded, hit, territory, country.filter(|_| is_alone));
            match best.iter_mut().find(|(number, ..)| *number == hit.value) {
                Some(known) if known.2.is_some() && doubt.is_none() => *known = (hit.value, hit, doubt),
                Some(_) => {}
                None => best.push((hit.value, hit, doubt)),
            }
        }
        let mut is_sure = false;
        for (number, hit, doubt) in best {
            let territory = &self.territories[number as usize];
            is_sure |= doubt.is_none();
            let found = span(text, folded, hit.first, hit.last);
            let evidence =
                doubt.map(|why| Evidence { kind: EvidenceKind::SomethingElse, points: -700, detail: why.to_owned() });
            out.push(
                Draft {
                    reason: Reason::RouteEmbargo,
                    severity: if doubt.is_some() { Severity::Info } else { territory.severity },
                    score: if doubt.is_some() { 300 } else { 1000 },
                    path: path.to_owned(),
                    wording: explain::embargo(&field(), &found.text, &territory.name, &territory.measure, doubt),
                    spans: vec![found],
                    matched: territory.name.clone(),
                    fact: Some(&territory.fact),
                    evidence: evidence.into_iter().collect(),
                }
                .finish(),
            );
        }
        is_sure
    }

    /// What speaks against a name being the territory.
    fn doubt(&self, folded: &Folded, hit: TermHit, territory: &Territory, country: Option<Country>) -> Doubt {
        let word = |at: usize| folded.tokens().get(at).map(|&t| folded.text(t));
        if country.is_some_and(|c| !territory.countries.contains(&c)) {
            return Some("the text lies in another country");
        }
        if word(hit.last + 1).is_some_and(|w| self.after.contains(w)) {
            return Some("the next word makes it a street, a building or a product");
        }
        if hit.first.checked_sub(1).and_then(word).is_some_and(|w| self.before.contains(w)) {
            return Some("the word before makes it a street or a building");
        }
        None
    }
}
