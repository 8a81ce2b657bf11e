//! Which entities a question is about: datasets, schemata, topics, days, values of properties, and those ruled out by a
//! person.

use super::refusal::Refusal;
use crate::service::web::listed::{self, Schema, day_of, id_of, schema_of, topic};
use crate::service::web::query::Query;
use axum::http::StatusCode;
use engine::screen::Engine;
use jiff::civil::Date;
use lists::Snapshot;
use model::entry::Entry;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Ids that one question may rule out.
const MAX_EXCLUDED: usize = 50;

/// The words of yente for all that there is.
const ALL: [&str; 4] = ["default", "all", "sanctions", "tidewaiter"];

/// Fields that entities can be chosen by, beside `properties.NAME`.
const FIELDS: [&str; 6] = ["countries", "topics", "datasets", "schema", "identifiers", "target"];

/// The filters of a question.
#[derive(Clone, Debug, Default)]
pub(super) struct Filter {
    /// `None`: every list.
    include: Option<BTreeSet<String>>,
    exclude: BTreeSet<String>,
    exclude_schema: BTreeSet<String>,
    excluded_ids: BTreeSet<String>,
    changed_since: Option<Date>,
    /// Values by field: one of them is enough, or every one is needed.
    fields: BTreeMap<String, BTreeSet<String>>,
    needs_every: bool,
}

impl Filter {
    /// Reads the filters of a query over `dataset`.
    ///
    /// # Errors
    /// When there is no such dataset, a value is invalid, or too many are given.
    pub(super) fn read(dataset: &str, query: &Query, snapshot: &Snapshot) -> Result<Self, Refusal> {
        let is_known = |list: &String| snapshot.lists().iter().any(|l| l.id.as_str() == list.as_str());
        let mut include = None;
        if !ALL.contains(&dataset) {
            let list = list_id(dataset);
            if !is_known(&list) {
                return Err(Refusal::of(StatusCode::NOT_FOUND, "No such dataset."));
            }
            include = Some(BTreeSet::from([list]));
        }
        // A list that is not in force finds nothing and hides nothing: whoever names it must know.
        let lists = |name: &str| -> Result<BTreeSet<String>, Refusal> {
            let named: BTreeSet<String> = query.all(name).map(list_id).collect();
            match named.iter().find(|list| !ALL.contains(&list.as_str()) && !is_known(list)) {
                None => Ok(named),
                Some(list) => Err(Refusal::of(StatusCode::BAD_REQUEST, format!("{name}: no such dataset `{list}`"))),
            }
        };
        let named = lists("include_dataset")?;
        if !named.is_empty() && !named.iter().any(|list| ALL.contains(&list.as_str())) {
            include = Some(include.map_or(named.clone(), |known| known.intersection(&named).cloned().collect()));
        }
        let excluded_ids: BTreeSet<String> = query.all("exclude_entity_ids").map(str::to_owned).collect();
        if excluded_ids.len() > MAX_EXCLUDED {
            let fault = format!("{} ids; expected at most {MAX_EXCLUDED}", excluded_ids.len());
            return Err(Refusal::value("exclude_entity_ids", fault));
        }
        lists("datasets")?;
        Ok(Self {
            include,
            exclude: lists("exclude_dataset")?,
            exclude_schema: schemata(query)?,
            excluded_ids,
            changed_since: query.get("changed_since").map(day).transpose()?,
            fields: fields(query)?,
            needs_every: needs_every(query)?,
        })
    }

    /// Whether an entry is among those asked about, as an entity that can be one of `schema`.
    pub(super) fn keeps(&self, engine: &Engine, entry: &Entry, schema: Schema) -> bool {
        let list = entry.list.as_str();
        if self.include.as_ref().is_some_and(|lists| !lists.contains(list))
            || self.exclude.iter().any(|name| name == list || ALL.contains(&name.as_str()))
        {
            return false;
        }
        let own = schema_of(engine, entry);
        own.meets(schema)
            && !self.exclude_schema.contains(own.name())
            // An entry without a day cannot be ruled out.
            && self.changed_since.is_none_or(|since| day_of(entry).is_none_or(|day| day >= since))
            && self.fields.iter().all(|(field, wanted)| self.has(entry, own, field, wanted))
            && !self.is_excluded(engine, entry)
    }

    /// Whether an entry has one of the values of a field, or every one where that is asked.
    fn has(&self, entry: &Entry, schema: Schema, field: &str, wanted: &BTreeSet<String>) -> bool {
        let held = values(entry, schema, field);
        let is_held = |value: &String| held.iter().any(|held| held.eq_ignore_ascii_case(value));
        if self.needs_every { wanted.iter().all(is_held) } else { wanted.iter().any(is_held) }
    }

    /// Whether a person ruled it out: by its own id, or by that of another entry of the same party.
    fn is_excluded(&self, engine: &Engine, entry: &Entry) -> bool {
        if self.excluded_ids.is_empty() {
            return false;
        }
        let of_party = || {
            let id = engine.snapshot().id_of(&entry.list, &entry.id)?;
            let listings = engine.parties().listings(id);
            listings.iter().find(|(other, _)| self.excluded_ids.contains(&id_of(engine.snapshot().entry_at(*other))))
        };
        self.excluded_ids.contains(&id_of(entry)) || of_party().is_some()
    }
}

/// The values of an entry in a field; a field of [`FIELDS`] or a property of the entity.
pub(super) fn values(entry: &Entry, schema: Schema, field: &str) -> Vec<String> {
    let mut values: Vec<String> = match field {
        "countries" => entry.all_countries().map(|c| c.code().to_ascii_lowercase()).collect(),
        "topics" => vec![topic(entry.effect).to_owned()],
        "datasets" => vec![entry.list.as_str().to_owned()],
        "schema" => vec![schema.name().to_owned()],
        "identifiers" => entry.identifiers.iter().map(|number| number.value.clone()).collect(),
        "target" => vec!["true".to_owned()],
        // No list that is read here says it.
        "genders" => Vec::new(),
        property => {
            let mut properties = listed::properties(entry, schema);
            let held = properties.get_mut(property).and_then(Value::as_array_mut).map(std::mem::take);
            held.unwrap_or_default().iter().filter_map(Value::as_str).map(str::to_owned).collect()
        }
    };
    values.sort_unstable();
    values.dedup();
    values
}

/// Values by field, from the parameters that yente has for it.
fn fields(query: &Query) -> Result<BTreeMap<String, BTreeSet<String>>, Refusal> {
    let mut fields: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut add = |field: &str, value: &str| {
        // The words for all that there is rule nothing out.
        let is_all = field == "datasets" && ALL.contains(&value);
        let value = if field == "datasets" { list_id(value) } else { value.to_owned() };
        if !is_all {
            fields.entry(field.to_owned()).or_default().insert(value);
        }
    };
    for field in ["countries", "topics", "datasets"] {
        query.all(field).for_each(|value| add(field, value));
    }
    if let Some(is_target) = super::refusal::flag(query, "target")? {
        add("target", if is_target { "true" } else { "false" });
    }
    for text in query.all("filter") {
        let wrong = |why: &str| Refusal::of(StatusCode::BAD_REQUEST, format!("Invalid filter: {why}"));
        let (field, value) = text.split_once(':').ok_or_else(|| wrong("expected FIELD:VALUE"))?;
        let property = field.strip_prefix("properties.").filter(|name| listed::PROPERTIES.contains(name));
        let known = property.or_else(|| FIELDS.into_iter().find(|known| *known == field));
        let unknown = || {
            let field: String = field.chars().take(40).collect();
            wrong(&format!("no entity has `{field}`; expected properties.NAME or one of: {}", FIELDS.join(", ")))
        };
        add(known.ok_or_else(unknown)?, value);
    }
    Ok(fields)
}

fn schemata(query: &Query) -> Result<BTreeSet<String>, Refusal> {
    let one = |name: &str| match Schema::parse(name) {
        Some(schema) => Ok(schema.name().to_owned()),
        None => Err(Refusal::of(StatusCode::BAD_REQUEST, "exclude_schema: Invalid schema")),
    };
    query.all("exclude_schema").map(one).collect()
}

fn needs_every(query: &Query) -> Result<bool, Refusal> {
    match query.text("filter_op") {
        "" | "OR" => Ok(false),
        "AND" => Ok(true),
        _ => Err(Refusal::value("filter_op", "invalid value; expected AND or OR")),
    }
}

/// A day, with or without a time, which lists do not have.
fn day(text: &str) -> Result<Date, Refusal> {
    let wrong = || Refusal::value("changed_since", "invalid value; expected YYYY-MM-DD, with or without Thh:mm:ss");
    let (day, time) = text.split_once('T').map_or((text, None), |(day, time)| (day, Some(time)));
    let is_time = |time: &str| {
        let mut parts = time.split(':');
        parts.clone().count() <= 3 && parts.all(|part| part.len() == 2 && part.bytes().all(|b| b.is_ascii_digit()))
    };
    if day.len() != 10 || !time.is_none_or(is_time) {
        return Err(wrong());
    }
    day.parse().map_err(|_| wrong())
}

/// The id of a list, from the name of a dataset: yente writes `us_ofac_sdn`.
fn list_id(dataset: &str) -> String {
    dataset.replace('_', "-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_may_have_a_time_and_nothing_else() {
        for sound in ["2026-01-02", "2026-01-02T03", "2026-01-02T03:04", "2026-01-02T03:04:05"] {
            assert_eq!(day(sound).ok().map(|day| day.to_string()).as_deref(), Some("2026-01-02"), "{sound}");
        }
        for wrong in ["2026", "2026-13-01", "2026-01-02x", "2026-01-02T", "2026-01-02T3", "2026-01-02T03:04:05Z", ""] {
            assert!(day(wrong).is_err(), "{wrong}");
        }
    }
}
