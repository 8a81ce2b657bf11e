//! Embargoed countries and territories, by country code and by name in routes and addresses.
//!
//! A name can be something else: a street (`Cuba Street`), a drink, a town of another country (`Havana, FL`). Such a
//! place is reported for the record, with the reason for the doubt, and asks for nothing.

use super::case::Case;
use super::draft::{Draft, span, whole};
use super::fact::{Doubt, GoodsLine, RuleFact, Ruled, Spot};
use super::pack::{Error, Fact, Heading, Text, cited};
use super::places::Gazetteer;
use super::terms::{TermHit, Terms};
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

impl Territory {
    fn says(&self, spot: Spot, text: &str, doubt: Option<Doubt>) -> RuleFact {
        RuleFact::Embargo {
            spot,
            text: text.to_owned(),
            territory: self.name.clone(),
            measure: self.measure.clone(),
            doubt,
        }
    }
}

/// Every embargoed country and territory.
#[derive(Debug, Default)]
pub(super) struct Territories {
    territories: Vec<Territory>,
    names: Terms,
    after: FxHashSet<String>,
    before: FxHashSet<String>,
}

impl Territories {
    #[cfg(test)]
    pub(super) fn facts(&self) -> Vec<&Fact> {
        self.territories.iter().map(|l| &l.fact).collect()
    }

    pub(super) fn add(&mut self, text: Text<'_>) -> Result<(), Error> {
        let file: File = text.parse()?;
        for row in file.territory {
            let fact = text.fact(&file.pack, &row.id, &row.name, row.source())?;
            let severity = text.severity(&row.severity, &Severity::ALL)?;
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
            if case.stop.is_due() {
                break;
            }
            could_run = true;
            let named = self.by_name(
                case,
                &stop.path,
                || Spot::Stop(stop.name()),
                (&stop.text, &stop.folded),
                stop.country,
                out,
            );
            if let Some(country) = stop.country.filter(|_| !named) {
                self.by_country(case, &stop.path, Spot::Stop(stop.name()), &stop.text, country, out);
            }
        }
        for (at, party) in shipment.parties.iter().enumerate() {
            if case.stop.is_due() {
                break;
            }
            let spot = || Spot::PartyAddress(party.role);
            let address = party.whole_address();
            let said = party.country.or_else(|| gazetteer.country_named(&address));
            could_run |= !address.is_empty() || party.country.is_some();
            could_run |= self.in_cell(case, at, party.country, out);
            let mut named = false;
            if !party.address.is_empty() {
                let path = format!("parties[{at}].address");
                named = self.by_name(case, &path, spot, (&party.address, case.prepared.address(at)), said, out);
            }
            for part in AddressPart::ALL {
                let text = party.structured_address.part(part);
                if !text.is_empty() {
                    let path = format!("parties[{at}].structuredAddress.{}", part.key());
                    named |= self.by_name(case, &path, spot, (text, &fold(text)), said, out);
                }
            }
            if let Some(country) = party.country.filter(|_| !named) {
                let path = format!("parties[{at}].country");
                self.by_country(case, &path, Spot::PartyCountry(party.role), country.code(), country, out);
            } else if let Some(country) = said.filter(|_| !named) {
                // Written in another language than the names of the territories are: "Corea del Norte".
                let path = format!("parties[{at}].address");
                self.by_country(case, &path, spot(), &party.address, country, out);
            }
        }
        for (at, goods) in shipment.goods.iter().enumerate() {
            if let Some(country) = goods.origin {
                could_run = true;
                let spot = Spot::GoodsOrigin(GoodsLine { line: at, of: shipment.goods.len() });
                self.by_country(case, &format!("goods[{at}].origin"), spot, country.code(), country, out);
            }
        }
        (!could_run).then_some("the record names no place, country or address")
    }

    /// Names and countries in the addresses that stand in the name field of a party; whether there is one.
    fn in_cell(&self, case: &Case<'_>, at: usize, country: Option<Country>, out: &mut Vec<Ruled>) -> bool {
        let party = &case.shipment.parties[at];
        let cell = case.prepared.cell(at);
        let path = format!("parties[{at}].name");
        let spot = || Spot::PartyAddress(party.role);
        let mut is_there = false;
        for segment in cell.addresses() {
            is_there = true;
            let text = &party.name[segment.span()];
            let folded = Folded::of(text, Reading::Plain);
            let before = out.len();
            let is_named = self.by_name(case, &path, spot, (text, &folded), country.or(cell.country), out);
            if let Some(country) = cell.country.filter(|_| !is_named && party.country.is_none())
                && cell.addresses().last() == Some(segment)
            {
                self.by_country(case, &path, spot(), text, country, out);
            }
            for span in out[before..].iter_mut().flat_map(|ruled| &mut ruled.finding.spans) {
                span.start += segment.start;
                span.end += segment.start;
            }
        }
        is_there
    }

    fn in_force(&self, case: &Case<'_>, territory: &Territory) -> bool {
        territory.fact.in_force(case.shipment.as_of, case.shipment.known_on)
    }

    fn by_country(&self, case: &Case<'_>, path: &str, spot: Spot, text: &str, country: Country, out: &mut Vec<Ruled>) {
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
                    says: territory.says(spot.clone(), text, None),
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
        spot: impl Fn() -> Spot,
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
        // One finding for each territory: a hit without doubt before others.
        let mut best: Vec<(u32, TermHit, Option<Doubt>)> = Vec::new();
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
            let evidence = doubt.map(|why| Evidence {
                kind: EvidenceKind::SomethingElse,
                points: -700,
                detail: why.as_str().to_owned(),
            });
            out.push(
                Draft {
                    reason: Reason::RouteEmbargo,
                    severity: if doubt.is_some() { Severity::Info } else { territory.severity },
                    score: if doubt.is_some() { 300 } else { 1000 },
                    path: path.to_owned(),
                    says: territory.says(spot(), &found.text, doubt),
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

    /// Why a name may not be the territory.
    fn doubt(&self, folded: &Folded, hit: TermHit, territory: &Territory, country: Option<Country>) -> Option<Doubt> {
        let word = |at: usize| folded.tokens().get(at).map(|&t| folded.text(t));
        if country.is_some_and(|c| !territory.countries.contains(&c)) {
            return Some(Doubt::OtherCountry);
        }
        if word(hit.last + 1).is_some_and(|w| self.after.contains(w)) {
            return Some(Doubt::WordAfter);
        }
        if hit.first.checked_sub(1).and_then(word).is_some_and(|w| self.before.contains(w)) {
            return Some(Doubt::WordBefore);
        }
        None
    }
}
