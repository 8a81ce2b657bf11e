//! Numbers that are wrong or too short: said in the answer, whatever else is found. They change no outcome.

use super::state::Judge;
use crate::matcher::{identifier_key, is_specific_identifier};
use crate::place::Place;
use crate::record::Cell;
use model::country::Country;
use model::entry::{Identifier, IdentifierType, Scheme};
use model::shipment::Problem;

/// Such problems of one shipment, at most; a last one says that there are more.
const MAX_PROBLEMS: usize = 20;
/// What a number must have to be compared, as the end of a sentence.
const TOO_SHORT: &str = "too short to be compared with listed numbers; expected five letters or digits with four digits \
                         among them, or eight letters";

impl Judge<'_> {
    /// Says what is wrong with a number that the record gives as such.
    pub(super) fn check_given(&mut self, place: Place, given: &Identifier) {
        let number = identifier_key(&given.value);
        if number.is_empty() {
            return;
        }
        if !is_specific_identifier(&number) {
            self.problem(place, &given.value, TOO_SHORT);
        } else if let Some(scheme) = scheme_of(place, given, &number)
            && let Some(fault) = scheme.fault(&number)
        {
            self.problem(place, &format!("{} {}", scheme.title(), given.value), fault);
        }
    }

    /// Says what is wrong with the labelled numbers of a cell.
    pub(super) fn check_cell(&mut self, place: Place, text: &str, cell: &Cell) {
        for (_, segment) in cell.identifiers() {
            let Some(scheme) = segment.scheme else { continue };
            let value = &text[segment.span()];
            if let Some(fault) = scheme.fault(&identifier_key(value)) {
                self.problem(place, &format!("{} {value}", scheme.title()), fault);
            }
        }
        for number in &cell.too_short {
            self.problem(place, &text[number.start as usize..number.end as usize], TOO_SHORT);
        }
    }

    fn problem(&mut self, place: Place, number: &str, fault: &str) {
        let problem = Problem { field_path: place.to_string(), description: format!("`{number}`: {fault}") };
        if self.problems.contains(&problem) || self.problems.len() > MAX_PROBLEMS {
            return;
        }
        if self.problems.len() == MAX_PROBLEMS {
            let description = "more numbers are wrong or too short than are named here".to_owned();
            self.problems.push(Problem { field_path: "parties".to_owned(), description });
        } else {
            self.problems.push(problem);
        }
    }
}

/// The rule that a given number must follow. A tax number follows that of its country, where its form says which.
fn scheme_of(place: Place, given: &Identifier, number: &str) -> Option<Scheme> {
    let is_of = |code: &str| given.country.is_some_and(|country| country.code() == code);
    match given.kind {
        // The IMO number of a company has another check digit than that of a ship.
        IdentifierType::Imo if !matches!(place, Place::VesselImo(_)) => None,
        IdentifierType::Tax if is_of("BR") && number.len() == 14 => Some(Scheme::Cnpj),
        IdentifierType::Tax if is_of("BR") && number.len() == 11 => Some(Scheme::Cpf),
        IdentifierType::Tax if is_of("RU") && matches!(number.len(), 10 | 12) => Some(Scheme::Inn),
        IdentifierType::Tax => {
            let prefix = number.get(..2).and_then(Country::from_code);
            let is_agreed = given.country.is_none() || given.country == prefix;
            (prefix.is_some() && is_agreed).then_some(Scheme::Vat)
        }
        kind => Scheme::of_type(kind),
    }
}
