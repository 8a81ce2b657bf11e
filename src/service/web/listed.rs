//! Entries as FollowTheMoney has them: schema, properties, topics; for callers who know that model.

use engine::name::{Class, FormClass, parse};
use engine::screen::Engine;
use jiff::civil::Date;
use model::entry::{Effect, Entry, EntryKind, IdentifierType, NameKind, RelationKind};
use model::ids::EntryId;
use serde_json::{Map, Value, json};
use text::{Folded, Reading};

/// A schema of FollowTheMoney that entries have, or that contains some.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::service) enum Schema {
    /// Anything that has a name.
    Thing,
    LegalEntity,
    Person,
    Organization,
    Company,
    PublicBody,
    Vessel,
    Airplane,
    Address,
}

use Schema::{Address, Airplane, Company, LegalEntity, Organization, Person, PublicBody, Thing, Vessel};

impl Schema {
    /// Every one, with its label and the one it is a kind of.
    pub(in crate::service) const ALL: [(Self, &'static str, &'static str, Option<Self>); 9] = [
        (Thing, "Thing", "Thing", None),
        (LegalEntity, "LegalEntity", "Legal entity", Some(Thing)),
        (Person, "Person", "Person", Some(LegalEntity)),
        (Organization, "Organization", "Organization", Some(LegalEntity)),
        (Company, "Company", "Company", Some(Organization)),
        (PublicBody, "PublicBody", "Public body", Some(Organization)),
        (Vessel, "Vessel", "Vessel", Some(Thing)),
        (Airplane, "Airplane", "Airplane", Some(Thing)),
        (Address, "Address", "Address", Some(Thing)),
    ];

    /// The schema of this name.
    pub(in crate::service) fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, known, ..)| *known == name).map(|(schema, ..)| *schema)
    }

    /// Its name.
    pub(in crate::service) fn name(self) -> &'static str {
        Self::ALL[self as usize].1
    }

    /// Its name in words.
    pub(in crate::service) fn label(self) -> &'static str {
        Self::ALL[self as usize].2
    }

    /// Whether it is `other`, or a kind of it.
    pub(in crate::service) fn is_a(self, other: Self) -> bool {
        self == other || Self::ALL[self as usize].3.is_some_and(|above| above.is_a(other))
    }

    /// Whether parties of the two can be the same party: one schema is a kind of the other.
    pub(in crate::service) fn meets(self, other: Self) -> bool {
        self.is_a(other) || other.is_a(self)
    }
}

/// The id by which an entry is known here: its list, a colon, the publisher's id.
pub(in crate::service) fn id_of(entry: &Entry) -> String {
    format!("{}:{}", entry.list, entry.id)
}

/// List and publisher's id, from the id by which an entry is known here.
pub(in crate::service) fn parse_id(id: &str) -> Option<(&str, &str)> {
    id.split_once(':').filter(|(list, id)| !list.is_empty() && !id.is_empty())
}

/// The schema of an entry. Lists rarely say what an entry is, and hardly ever that an organisation is a company: it is one
/// where its name has a legal form.
pub(in crate::service) fn schema_of(engine: &Engine, entry: &Entry) -> Schema {
    match entry.kind {
        EntryKind::Person => Person,
        EntryKind::Company | EntryKind::Unknown if has_legal_form(engine, entry) => Company,
        EntryKind::Company => Organization,
        EntryKind::Vessel => Vessel,
        EntryKind::Aircraft => Airplane,
        EntryKind::Address => Address,
        EntryKind::Unknown => LegalEntity,
        EntryKind::Category => Thing,
    }
}

fn has_legal_form(engine: &Engine, entry: &Entry) -> bool {
    let mut words = Vec::new();
    entry.names.iter().take(3).any(|name| {
        words.clear();
        parse(Folded::of(&name.text, Reading::Plain).as_text(), false, engine.index(), &mut words);
        words.iter().any(|word| matches!(word.class, Class::LegalForm(form) if form != FormClass::Foundation))
    })
}

/// The topics that an effect comes to.
pub(in crate::service) fn topic(effect: Effect) -> &'static str {
    match effect {
        Effect::Blocking => "sanction",
        Effect::Licence => "export.control",
        Effect::Investment => "invest.risk",
        Effect::Procurement => "debarment",
        Effect::Equipment => "export.risk",
        Effect::ForcedLabour => "forced.labor",
        Effect::Watch => "poi",
    }
}

/// Every property that an entity may have.
pub(in crate::service) const PROPERTIES: [&str; 25] = [
    "name",
    "alias",
    "weakAlias",
    "previousName",
    "abbreviation",
    "country",
    "address",
    "birthDate",
    "incorporationDate",
    "imoNumber",
    "mmsi",
    "uscCode",
    "innCode",
    "ogrnCode",
    "leiCode",
    "taxNumber",
    "passportNumber",
    "swiftBic",
    "serialNumber",
    "registrationNumber",
    "idNumber",
    "topics",
    "program",
    "notes",
    "sourceUrl",
];

/// Properties of one entity, each value once, in the order given.
#[derive(Default)]
struct Properties(Map<String, Value>);

impl Properties {
    fn add(&mut self, name: &str, value: impl Into<String>) {
        debug_assert!(PROPERTIES.contains(&name), "{name}");
        let value = Value::String(value.into());
        if value.as_str().is_none_or(str::is_empty) {
            return;
        }
        let values = self.0.entry(name.to_owned()).or_insert_with(|| Value::Array(Vec::new()));
        if let Value::Array(values) = values
            && !values.contains(&value)
        {
            values.push(value);
        }
    }
}

/// The properties of an entry.
pub(in crate::service) fn properties(entry: &Entry, schema: Schema) -> Map<String, Value> {
    let mut of = Properties::default();
    for name in &entry.names {
        let property = match name.kind {
            _ if name.weak => "weakAlias",
            NameKind::Primary => "name",
            NameKind::Alias => "alias",
            NameKind::Former => "previousName",
            NameKind::Acronym if schema.is_a(LegalEntity) => "abbreviation",
            NameKind::Acronym => "alias",
        };
        of.add(property, &name.text);
    }
    if !entry.names.iter().any(|n| n.kind == NameKind::Primary && !n.weak) {
        of.add("name", entry.primary_name());
    }
    for country in entry.all_countries() {
        of.add("country", country.code().to_ascii_lowercase());
    }
    for address in &entry.addresses {
        of.add("address", &address.text);
    }
    for birth in &entry.births {
        of.add(if schema == Person { "birthDate" } else { "incorporationDate" }, birth);
    }
    for identifier in &entry.identifiers {
        of.add(property_of(identifier.kind, schema), &identifier.value);
    }
    // A relation of that model leads to another entity; a name alone is a note.
    for relation in entry.relations.iter().filter(|r| !r.name.is_empty()) {
        of.add("notes", format!("{}: {}", relation_words(relation.kind), relation.name));
    }
    of.add("topics", topic(entry.effect));
    entry.programmes.iter().for_each(|programme| of.add("program", programme));
    entry.citations.iter().for_each(|citation| of.add("notes", citation));
    for text in [&entry.licence_requirement, &entry.licence_policy].into_iter().flatten() {
        of.add("notes", text);
    }
    of.add("notes", &entry.remarks);
    of.add("sourceUrl", &entry.source_url);
    of.0
}

/// How an entry stands to another party, in words.
pub(in crate::service) fn relation_words(kind: RelationKind) -> &'static str {
    match kind {
        RelationKind::OwnerOf => "Owner of",
        RelationKind::SubsidiaryOf => "Subsidiary of",
        RelationKind::BranchOf => "Branch of",
        RelationKind::VesselOwner => "Owned or operated by",
        RelationKind::LinkedTo => "Linked to",
    }
}

fn property_of(kind: IdentifierType, schema: Schema) -> &'static str {
    match kind {
        IdentifierType::Imo => "imoNumber",
        IdentifierType::Mmsi => "mmsi",
        IdentifierType::Uscc => "uscCode",
        IdentifierType::Inn => "innCode",
        IdentifierType::Ogrn => "ogrnCode",
        IdentifierType::Lei => "leiCode",
        IdentifierType::Tax => "taxNumber",
        IdentifierType::Passport if schema == Person => "passportNumber",
        IdentifierType::Bic => "swiftBic",
        IdentifierType::Aircraft => "serialNumber",
        IdentifierType::Registration => "registrationNumber",
        IdentifierType::Passport | IdentifierType::NationalId | IdentifierType::Other => "idNumber",
    }
}

/// What number a property holds; `None` where it is no number.
pub(in crate::service) fn identifier_of(property: &str, schema: Schema) -> Option<wire::v1::identifier::Type> {
    use wire::v1::identifier::Type;
    Some(match property {
        "imoNumber" => Type::Imo,
        "mmsi" => Type::Mmsi,
        "uscCode" => Type::Uscc,
        "innCode" => Type::Inn,
        "ogrnCode" => Type::Ogrn,
        "leiCode" => Type::Lei,
        "taxNumber" | "vatCode" => Type::Tax,
        "passportNumber" => Type::Passport,
        "swiftBic" => Type::Bic,
        "serialNumber" | "registrationNumber" if schema == Airplane => Type::Aircraft,
        "registrationNumber" => Type::Registration,
        // The list may call the number otherwise than the caller.
        "idNumber" | "serialNumber" | "callSign" | "npiCode" | "dunsCode" => Type::Unspecified,
        _ => return None,
    })
}

/// The day on which an entry came to be listed, as far as the list says.
pub(in crate::service) fn day_of(entry: &Entry) -> Option<Date> {
    entry.published.or(entry.effective)
}

/// An entry as an entity, without a score.
pub(in crate::service) fn entity(engine: &Engine, entry: &Entry) -> Value {
    let schema = schema_of(engine, entry);
    let day = day_of(entry).map(|day| format!("{day}T00:00:00"));
    let snapshot = engine.snapshot();
    let same: Vec<String> = snapshot.id_of(&entry.list, &entry.id).map_or_else(Vec::new, |id| same(engine, id));
    json!({
        "id": id_of(entry),
        "caption": entry.primary_name(),
        "schema": schema.name(),
        "properties": properties(entry, schema),
        "datasets": [entry.list.as_str()],
        "referents": same,
        "target": true,
        "first_seen": day,
        "last_seen": null,
        "last_change": day,
    })
}

/// The ids of the other entries that list the same party.
fn same(engine: &Engine, id: EntryId) -> Vec<String> {
    let others = engine.parties().listings(id).iter().filter(|(other, _)| *other != id);
    others.map(|(other, _)| id_of(engine.snapshot().entry_at(*other))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn schemata_stand_where_they_are_looked_up() {
        for (at, (schema, name, ..)) in Schema::ALL.into_iter().enumerate() {
            assert_eq!((schema as usize, schema.name(), Schema::parse(name)), (at, name, Some(schema)));
        }
        assert!(Company.meets(LegalEntity) && LegalEntity.meets(Company) && Company.meets(Organization));
        assert!(!Company.meets(Person) && !Company.meets(PublicBody) && Vessel.meets(Thing));
    }

    #[test]
    fn an_id_of_a_publisher_may_have_colons() {
        assert_eq!(parse_id("us-bis-el:a:b/c"), Some(("us-bis-el", "a:b/c")));
        assert!(parse_id("us-bis-el").is_none() && parse_id(":7").is_none() && parse_id("l:").is_none());
    }
}
