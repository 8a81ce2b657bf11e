//! House to wire: rows of lists and what is known about each list.

use super::v1;
use jiff::civil::Date;
use lists::{AgeBasis, Change, Delta, ListAge, ListDelta, ListInfo};
use model::country::Country;
use model::entry::{
    Address, Effect, Entry, EntryKind, Identifier, IdentifierType, Name, NameKind, Relation, RelationKind,
};

/// One row as listed.
pub fn entry_to_wire(entry: &Entry) -> v1::Entry {
    v1::Entry {
        list: entry.list.as_str().to_owned(),
        id: entry.id.clone(),
        kind: entry_kind_to_wire(entry.kind) as i32,
        effect: effect_to_wire(entry.effect) as i32,
        names: entry.names.iter().map(name_to_wire).collect(),
        identifiers: entry.identifiers.iter().map(identifier_to_wire).collect(),
        addresses: entry.addresses.iter().map(address_to_wire).collect(),
        countries: entry.countries.iter().map(|c| c.code().to_owned()).collect(),
        programmes: entry.programmes.clone(),
        citations: entry.citations.clone(),
        licence_requirement: entry.licence_requirement.clone().unwrap_or_default(),
        licence_policy: entry.licence_policy.clone().unwrap_or_default(),
        effective: date_to_wire(entry.effective),
        published: date_to_wire(entry.published),
        ends: date_to_wire(entry.ends),
        births: entry.births.clone(),
        remarks: entry.remarks.clone(),
        source_url: entry.source_url.clone(),
        read_on: date_to_wire(entry.read_on),
        relations: entry.relations.iter().map(relation_to_wire).collect(),
    }
}

/// How old a list is.
pub fn list_age_to_wire(age: ListAge) -> v1::ListAge {
    v1::ListAge {
        list: age.list.as_str().to_owned(),
        since: age.since.map(|at| at.to_string()).unwrap_or_default(),
        age_hours: age.age_hours.unwrap_or(0),
        limit_hours: age.limit_hours,
        is_stale: age.is_stale,
        basis: basis_to_wire(age.basis) as i32,
        entries: age.entries,
        is_old: age.is_old,
    }
}

fn basis_to_wire(basis: AgeBasis) -> v1::list_age::Basis {
    use v1::list_age::Basis as W;
    match basis {
        AgeBasis::Unknown => W::Unspecified,
        AgeBasis::Confirmed => W::Confirmed,
        AgeBasis::Published => W::Published,
        AgeBasis::FileTime => W::FileTime,
        AgeBasis::Read => W::Read,
    }
}

/// What differs between two states of the lists.
pub fn delta_to_wire(delta: &Delta) -> v1::Delta {
    let change = |c: &Change| v1::EntryChange {
        id: c.id.clone(),
        previous_id: c.previous_id.clone().unwrap_or_default(),
        name: c.name.clone(),
        fields: c
            .fields
            .iter()
            .map(|f| v1::FieldChange { field: f.field.to_owned(), removed: f.removed.clone(), added: f.added.clone() })
            .collect(),
    };
    let list = |l: &ListDelta| v1::ListDelta {
        list: l.list.as_str().to_owned(),
        added: l.added.iter().map(entry_to_wire).collect(),
        removed: l.removed.iter().map(entry_to_wire).collect(),
        changed: l.changed.iter().map(change).collect(),
        unchanged: l.unchanged,
    };
    v1::Delta { from: delta.from.clone(), to: delta.to.clone(), lists: delta.lists.iter().map(list).collect() }
}

/// What is known about one loaded list.
pub fn list_info_to_wire(info: &ListInfo) -> v1::ListStatus {
    v1::ListStatus {
        list: info.id.as_str().to_owned(),
        title: info.title.clone(),
        publisher: info.publisher.clone(),
        entries: info.entries,
        names: info.names,
        published: date_to_wire(info.published),
        source: info.source.clone(),
        note: info.note.clone(),
        read: date_to_wire(info.read),
        repairs: info
            .repairs
            .iter()
            .map(|(kind, count)| v1::Repair { kind: kind.to_string(), count: *count })
            .collect(),
        records: info.records,
        age: None,
    }
}

fn name_to_wire(name: &Name) -> v1::Name {
    v1::Name {
        text: name.text.clone(),
        kind: name_kind_to_wire(name.kind) as i32,
        weak: name.weak,
        script: name.script().to_owned(),
    }
}

fn identifier_to_wire(identifier: &Identifier) -> v1::Identifier {
    v1::Identifier {
        r#type: identifier_type_to_wire(identifier.kind) as i32,
        value: identifier.value.clone(),
        country: country_to_wire(identifier.country),
    }
}

fn relation_to_wire(relation: &Relation) -> v1::Relation {
    use v1::relation::Kind as W;
    let kind = match relation.kind {
        RelationKind::OwnerOf => W::OwnerOf,
        RelationKind::SubsidiaryOf => W::SubsidiaryOf,
        RelationKind::BranchOf => W::BranchOf,
        RelationKind::VesselOwner => W::VesselOwner,
        RelationKind::LinkedTo => W::LinkedTo,
    };
    v1::Relation {
        kind: kind as i32,
        name: relation.name.clone(),
        id: relation.id.clone().unwrap_or_default(),
        share: relation.share.map(u32::from),
    }
}

fn address_to_wire(address: &Address) -> v1::Address {
    v1::Address { text: address.text.clone(), country: country_to_wire(address.country) }
}

fn country_to_wire(country: Option<Country>) -> String {
    country.map(|c| c.code().to_owned()).unwrap_or_default()
}

pub(super) fn date_to_wire(date: Option<Date>) -> String {
    date.map(|d| d.to_string()).unwrap_or_default()
}

/// What a name is a name of; `None` for a number the protocol does not have.
pub fn entry_kind_from_wire(number: i32) -> Option<EntryKind> {
    use v1::entry::Kind as W;
    Some(match W::try_from(number).ok()? {
        W::Unspecified => EntryKind::Unknown,
        W::Person => EntryKind::Person,
        W::Company => EntryKind::Company,
        W::Vessel => EntryKind::Vessel,
        W::Aircraft => EntryKind::Aircraft,
        W::Address => EntryKind::Address,
        W::Category => EntryKind::Category,
    })
}

/// What a name is a name of, as the protocol has it.
pub fn entry_kind_to_wire(kind: EntryKind) -> v1::entry::Kind {
    use v1::entry::Kind as W;
    match kind {
        EntryKind::Unknown => W::Unspecified,
        EntryKind::Person => W::Person,
        EntryKind::Company => W::Company,
        EntryKind::Vessel => W::Vessel,
        EntryKind::Aircraft => W::Aircraft,
        EntryKind::Address => W::Address,
        EntryKind::Category => W::Category,
    }
}

/// What a listing means for a shipment, as the protocol has it.
pub fn effect_to_wire(effect: Effect) -> v1::entry::Effect {
    use v1::entry::Effect as W;
    match effect {
        Effect::Blocking => W::Blocking,
        Effect::Licence => W::Licence,
        Effect::Investment => W::Investment,
        Effect::Procurement => W::Procurement,
        Effect::Equipment => W::Equipment,
        Effect::ForcedLabour => W::ForcedLabour,
        Effect::Watch => W::Watch,
    }
}

fn name_kind_to_wire(kind: NameKind) -> v1::name::Kind {
    use v1::name::Kind as W;
    match kind {
        NameKind::Primary => W::Primary,
        NameKind::Alias => W::Alias,
        NameKind::Former => W::Former,
        NameKind::Acronym => W::Acronym,
    }
}

pub(crate) fn identifier_type_to_wire(kind: IdentifierType) -> v1::identifier::Type {
    use v1::identifier::Type as W;
    match kind {
        IdentifierType::Imo => W::Imo,
        IdentifierType::Mmsi => W::Mmsi,
        IdentifierType::Uscc => W::Uscc,
        IdentifierType::Inn => W::Inn,
        IdentifierType::Ogrn => W::Ogrn,
        IdentifierType::Lei => W::Lei,
        IdentifierType::Tax => W::Tax,
        IdentifierType::Registration => W::Registration,
        IdentifierType::Passport => W::Passport,
        IdentifierType::NationalId => W::NationalId,
        IdentifierType::Bic => W::Bic,
        IdentifierType::Aircraft => W::Aircraft,
        IdentifierType::Other => W::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::entry::ListId;

    #[test]
    fn kinds_and_effects_keep_their_names() {
        for number in 0..=6 {
            let kind = entry_kind_from_wire(number).unwrap();
            assert_eq!(entry_kind_to_wire(kind) as i32, number);
        }
        assert_eq!(entry_kind_from_wire(7), None);
        for (number, effect) in (1..).zip(Effect::ALL) {
            let wire = effect_to_wire(effect);
            assert_eq!(wire as i32, number);
            assert_eq!(wire.as_str_name().to_ascii_lowercase(), effect.as_str());
        }
        assert!(v1::entry::Effect::try_from(8).is_err() && v1::name::Kind::try_from(5).is_err());
        for (number, kind) in (1..).zip(NameKind::ALL) {
            assert_eq!(name_kind_to_wire(kind) as i32, number);
        }
    }

    #[test]
    fn an_entry_is_carried_over_whole() {
        let mut entry = Entry::new(ListId::new("us-bis-el"), "7", EntryKind::Company, Effect::Licence);
        entry.names.push(Name { text: "N".into(), kind: NameKind::Alias, weak: true });
        entry.addresses.push(Address { text: "a".into(), country: Country::from_code("CN") });
        entry.countries.extend(Country::from_code("HK"));
        entry.citations.push("85 FR 83416".into());
        entry.licence_requirement = Some("All items".into());
        entry.effective = Some(jiff::civil::date(2020, 12, 18));
        entry.births.push("1965".into());
        let json = serde_json::to_value(entry_to_wire(&entry)).unwrap();
        let expected = serde_json::json!({
            "list": "us-bis-el", "id": "7", "kind": "COMPANY", "effect": "LICENCE",
            "names": [{"text": "N", "kind": "ALIAS", "weak": true, "script": "Latn"}], "identifiers": [],
            "addresses": [{"text": "a", "country": "CN"}], "countries": ["HK"], "relations": [], "programmes": [],
            "citations": ["85 FR 83416"], "licenceRequirement": "All items", "licencePolicy": "",
            "effective": "2020-12-18", "published": "", "ends": "", "births": ["1965"], "remarks": "",
            "sourceUrl": "", "readOn": "",
        });
        assert_eq!(json, expected);
    }
}
