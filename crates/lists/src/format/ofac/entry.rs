//! What OFAC writes becomes entries of our lists.

use super::lists::{CONSOLIDATED, SDN, non_sdn};
use super::record::{Aka, OfacAddress, OfacEntry, OfacNumber};
use crate::build::{EntryBuilder, ParsedFile, Repairs, is_acronym_of, unquoted};
use crate::error::{Error, ValueError};
use crate::format::linked_to;
use crate::format::us_details;
use model::country::Country;
use model::entry::{Address, EntryKind, Name, NameKind, RelationKind};

/// Gives each entry its list, and adds them to the file; gives the list of the first, for what belongs to none.
///
/// # Errors
/// When one lacks its id or name, or its type or that of an alias is invalid.
pub(super) fn add_entries(file: &str, entries: Vec<OfacEntry>, parsed: &mut ParsedFile) -> Result<&'static str, Error> {
    let marked = entries.iter().filter(|e| non_sdn(e).is_some()).count();
    let is_consolidated = marked * 2 > entries.len();
    let mut first = None;
    for raw in entries {
        let list = match raw.list {
            Some(list) => list,
            None if is_consolidated => non_sdn(&raw).unwrap_or(CONSOLIDATED),
            None => SDN,
        };
        first.get_or_insert(list);
        builder(file, raw, list)?.finish(file, "lastName", parsed)?;
    }
    Ok(first.unwrap_or(SDN))
}

fn builder(file: &str, raw: OfacEntry, list: &'static str) -> Result<EntryBuilder, Error> {
    let line = raw.line;
    let wrong = |field: &str, error: ValueError| error.at(file, line, field);
    if raw.uid.is_empty() {
        return Err(wrong("uid", ValueError::missing("the id of the entry")));
    }
    if raw.last.is_empty() {
        return Err(wrong("lastName", ValueError::missing(format!("a name for entry {}", raw.uid))));
    }
    let kind = kind(&raw.kind).map_err(|error| wrong("sdnType", error))?;
    let mut one = EntryBuilder::new(list, &raw.uid, kind, line);
    one.repairs = raw.repairs;
    let primary = full_name(&raw.last, &raw.first, &mut one.repairs);
    let mut names = vec![Name::new(primary, NameKind::Primary)];
    for aka in &raw.akas {
        add_alias(&mut names, aka, &mut one.repairs).map_err(|(field, error)| wrong(field, error))?;
    }
    one.set_names(names);
    one.entry.relations = raw.relations;
    linked_to::add_linked(&mut one, &raw.remarks);
    one.verbatim_remark(raw.remarks);
    raw.notes.into_iter().for_each(|note| one.verbatim_remark(note));
    raw.addresses.into_iter().for_each(|address| add_address(&mut one, address));
    raw.countries.iter().for_each(|text| one.country_name("Country", text));
    add_numbers(&mut one, &raw.ids);
    one.labelled_remark("Title", &raw.title);
    raw.birth_places.iter().for_each(|place| one.labelled_remark("Place of birth", place));
    for (label, text) in &raw.vessel {
        if *label == "Vessel owner" {
            linked_to::add_party(&mut one, RelationKind::VesselOwner, text);
        }
        one.labelled_remark(label, text);
    }
    one.entry.programmes = raw.programmes;
    one.entry.citations = raw.citations;
    one.entry.published = one.entry.published.or(raw.published);
    one.entry.births.extend(raw.births);
    Ok(one)
}

fn kind(word: &str) -> Result<EntryKind, ValueError> {
    match word {
        "Individual" => Ok(EntryKind::Person),
        "Entity" => Ok(EntryKind::Company),
        "Vessel" => Ok(EntryKind::Vessel),
        "Aircraft" => Ok(EntryKind::Aircraft),
        other => Err(ValueError::unexpected("Individual, Entity, Vessel or Aircraft", other)),
    }
}

/// Adds a name that is not there yet; the first one is the primary name.
fn add_alias(names: &mut Vec<Name>, aka: &Aka, repairs: &mut Repairs) -> Result<(), (&'static str, ValueError)> {
    if aka.last.is_empty() {
        repairs.add("empty_alias");
        return Ok(());
    }
    let kind = match aka.kind.as_str() {
        "f.k.a." => NameKind::Former,
        "a.k.a." | "n.k.a." => NameKind::Alias,
        other => return Err(("type", ValueError::unexpected("a.k.a., f.k.a. or n.k.a.", other))),
    };
    let weak = match aka.category.as_str() {
        "weak" => true,
        "strong" => false,
        other => return Err(("category", ValueError::unexpected("strong or weak", other))),
    };
    let text = full_name(&aka.last, &aka.first, repairs);
    if let Some(known) = names.iter_mut().find(|n| n.text == text) {
        // Where two markings differ, the one that screens more holds.
        known.weak &= weak;
        repairs.add("duplicate_alias");
        return Ok(());
    }
    let is_acronym = kind == NameKind::Alias && names.first().is_some_and(|n| is_acronym_of(&text, &n.text));
    let kind = if is_acronym { NameKind::Acronym } else { kind };
    names.push(Name { text, kind, weak });
    Ok(())
}

/// `LASTNAME, First` as in the lists in CSV; quotes around a whole name go.
fn full_name(last: &str, first: &str, repairs: &mut Repairs) -> String {
    let last = match unquoted(last) {
        Some(inner) if first.is_empty() => {
            repairs.add("wrapped_quotes");
            inner
        }
        _ => last,
    };
    if first.is_empty() { last.to_owned() } else { format!("{last}, {first}") }
}

/// Adds an address; a country that we do not know stays part of the text.
fn add_address(one: &mut EntryBuilder, address: OfacAddress) {
    let country = Country::parse(&address.country);
    let mut parts = address.parts;
    if country.is_none() && !address.country.is_empty() {
        one.repairs.add("unknown_country");
        parts.push(address.country);
    }
    one.entry.addresses.push(Address { text: parts.join(", "), country });
}

fn add_numbers(one: &mut EntryBuilder, numbers: &[OfacNumber]) {
    let home: Vec<Country> = one.entry.addresses.iter().filter_map(|a| a.country).collect();
    for number in numbers {
        us_details::add_number(one, &number.label, &number.value, Country::parse(&number.country), &home);
    }
}
