//! Reads France's national register of asset freezes, JSON: `Publications.PublicationDetail` holds the parties, each with
//! its details as fields (`TypeChamp`) with one or more values.
//!
//! The register is written in French, countries included. `Nom` is the family name of a person; the given name is a
//! detail. Numbers stand in free text, the label before the number or in a field beside it.

mod details;
mod numbers;

use crate::build::{EntryBuilder, ParsedFile, day};
use crate::catalogue::Format;
use crate::error::{Error, ValueError};
use crate::input::{each_object, scalar};
use details::Detail;
use model::entry::{EntryKind, NameKind};
use serde_json::{Map, Value};
use std::collections::BTreeSet;
use std::io::BufRead;

const LIST: &str = "fr-gels";

/// Where the publisher explains a listing; the number of the entry follows.
const PAGE: &str = "https://gels-avoirs.dgtresor.gouv.fr/Gels/RegistreDetail?idRegistre=";

/// Reads every entry.
///
/// # Errors
/// When it is not this JSON, or a party lacks its number or name.
pub(super) fn read(file: &str, input: &mut dyn BufRead) -> Result<ParsedFile, Error> {
    let mut parsed = ParsedFile::new(file);
    let mut fields: BTreeSet<String> = BTreeSet::new();
    let said = each_object(file, input, &["Publications", "PublicationDetail"], &mut |line, index, record| {
        let record = Record { file, line, index, fields: &record };
        record.entry(&mut fields)?.finish(file, &record.place("Nom"), &mut parsed)
    })?;
    if let Some(text) = said.values.get("DatePublication") {
        let begin = text.get(..10).unwrap_or(text);
        match day(begin, &["%Y-%m-%d", "%d/%m/%Y"]) {
            Some(date) => parsed.set_published(date),
            None => parsed.repaired(LIST, "impossible_date", 1),
        }
    }
    parsed.unknown_elements(LIST, Format::FrGelsJson, &fields.into_iter().collect::<Vec<_>>());
    Ok(parsed)
}

/// One party of the file.
struct Record<'a> {
    file: &'a str,
    line: u64,
    index: usize,
    fields: &'a Map<String, Value>,
}

impl Record<'_> {
    fn place(&self, field: &str) -> String {
        format!("PublicationDetail[{}].{field}", self.index)
    }

    fn wrong(&self, field: &str, problem: ValueError) -> Error {
        problem.at(self.file, self.line, &self.place(field))
    }

    fn required(&self, field: &str, what: &'static str) -> Result<String, Error> {
        self.fields.get(field).and_then(scalar).ok_or_else(|| self.wrong(field, ValueError::missing(what)))
    }

    /// The entry; the fields that have a value are added to `seen`.
    fn entry(&self, seen: &mut BTreeSet<String>) -> Result<EntryBuilder, Error> {
        let id = self.required("IdRegistre", "the number of the party")?;
        let nature = self.fields.get("Nature").and_then(scalar).unwrap_or_default();
        let kind = match nature.to_lowercase().as_str() {
            "personne physique" => EntryKind::Person,
            "personne morale" => EntryKind::Company,
            "navire" => EntryKind::Vessel,
            _ => EntryKind::Unknown,
        };
        let mut one = EntryBuilder::new(LIST, &id, kind, self.line);
        if kind == EntryKind::Unknown {
            one.repairs.add("no_type");
            one.note("Nature", &nature);
        }
        one.entry.source_url = format!("{PAGE}{id}");
        seen.extend(self.fields.iter().filter(|(_, v)| scalar(v).is_some()).map(|(key, _)| key.clone()));
        let details = self.details()?;
        self.name(&mut one, &details)?;
        for detail in &details {
            seen.extend(detail.fields());
            detail.add_to(&mut one);
        }
        one.weaken_parts_of_names();
        Ok(one)
    }

    /// The name of a company or ship; of a person with each given name before it.
    fn name(&self, one: &mut EntryBuilder, details: &[Detail<'_>]) -> Result<(), Error> {
        let last = self.required("Nom", "the name")?;
        let given: Vec<String> =
            details.iter().filter(|d| d.field == "PRENOM").filter_map(|d| d.get("Prenom")).collect();
        if given.is_empty() {
            one.name(&last, NameKind::Primary, false);
        }
        for (index, given) in given.iter().enumerate() {
            let kind = if index == 0 { NameKind::Primary } else { NameKind::Alias };
            one.name(&format!("{given} {last}"), kind, false);
        }
        Ok(())
    }

    /// Every value of every detail.
    fn details(&self) -> Result<Vec<Detail<'_>>, Error> {
        const DETAILS: &str = "RegistreDetail";
        let expected = |expected: &'static str, at: &str, found: &Value| {
            self.wrong(at, ValueError::unexpected(expected, found.to_string()))
        };
        let mut all = Vec::new();
        let given = match self.fields.get(DETAILS) {
            None | Some(Value::Null) => return Ok(all),
            Some(Value::Array(details)) => details,
            Some(other) => return Err(expected("an array", DETAILS, other)),
        };
        for (at, detail) in given.iter().enumerate() {
            let place = format!("{DETAILS}[{at}]");
            let field = detail.get("TypeChamp").and_then(Value::as_str);
            let field = field.ok_or_else(|| expected("an object with `TypeChamp`", &place, detail))?;
            let values = match detail.get("Valeur") {
                None | Some(Value::Null) => continue,
                Some(Value::Array(values)) => values.as_slice(),
                Some(one) => std::slice::from_ref(one),
            };
            for value in values {
                let Value::Object(parts) = value else {
                    return Err(expected("an object", &format!("{place}.Valeur"), value));
                };
                all.push(Detail { field, parts });
            }
        }
        Ok(all)
    }
}

#[cfg(test)]
mod tests;
