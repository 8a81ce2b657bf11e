//! Which entities a question is about: datasets, schemata, topics, days, and those ruled out by a person.

use crate::service::guard::failure::{Failure, REQUEST_INVALID};
use crate::service::web::listed::{Schema, day_of, id_of, schema_of, topic};
use crate::service::web::query::Query;
use engine::screen::Engine;
use jiff::civil::Date;
use lists::Snapshot;
use model::entry::Entry;
use std::collections::BTreeSet;

/// Ids that one question may rule out.
const MAX_EXCLUDED: usize = 50;

/// The words of yente for all that there is.
const ALL: [&str; 4] = ["default", "all", "sanctions", "tidewaiter"];

/// The filters of a question.
#[derive(Clone, Debug, Default)]
pub(super) struct Filter {
    /// `None`: every list.
    include: Option<BTreeSet<String>>,
    exclude: BTreeSet<String>,
    exclude_schema: BTreeSet<String>,
    topics: BTreeSet<String>,
    countries: BTreeSet<String>,
    excluded_ids: BTreeSet<String>,
    changed_since: Option<Date>,
}

impl Filter {
    /// Reads the filters of a query over `dataset`; `None` when there is no such dataset.
    ///
    /// # Errors
    /// When a value is invalid, or too many are given.
    pub(super) fn read(dataset: &str, query: &Query, snapshot: &Snapshot) -> Result<Option<Self>, Failure> {
        let texts = |name: &str| -> BTreeSet<String> { query.all(name).map(str::to_owned).collect() };
        let lists = |name: &str| -> BTreeSet<String> { query.all(name).map(list_id).collect() };
        let mut include = None;
        if !ALL.contains(&dataset) {
            let list = list_id(dataset);
            if !snapshot.lists().iter().any(|l| l.id.as_str() == list) {
                return Ok(None);
            }
            include = Some(BTreeSet::from([list]));
        }
        for named in [lists("include_dataset"), lists("datasets")] {
            if !named.is_empty() && !named.iter().any(|list| ALL.contains(&list.as_str())) {
                include = Some(include.map_or(named.clone(), |known| known.intersection(&named).cloned().collect()));
            }
        }
        let excluded_ids = texts("exclude_entity_ids");
        if excluded_ids.len() > MAX_EXCLUDED {
            let fault = format!("{} ids; expected at most {MAX_EXCLUDED}", excluded_ids.len());
            return Err(Failure::field(REQUEST_INVALID, "exclude_entity_ids", fault));
        }
        let changed_since = query.get("changed_since").map(|text| {
            let fault = || Failure::field(REQUEST_INVALID, "changed_since", "expected YYYY-MM-DD".to_owned());
            text.get(..10).unwrap_or(text).parse().map_err(|_| fault())
        });
        Ok(Some(Self {
            include,
            exclude: lists("exclude_dataset"),
            exclude_schema: texts("exclude_schema"),
            topics: texts("topics"),
            countries: query.all("countries").map(str::to_ascii_lowercase).collect(),
            excluded_ids,
            changed_since: changed_since.transpose()?,
        }))
    }

    /// Whether an entry is among those asked about, as an entity that can be one of `schema`.
    pub(super) fn keeps(&self, engine: &Engine, entry: &Entry, schema: Schema) -> bool {
        let list = entry.list.as_str();
        if self.include.as_ref().is_some_and(|lists| !lists.contains(list)) || self.exclude.contains(list) {
            return false;
        }
        let own = schema_of(engine, entry);
        let has = |country: &str| self.countries.contains(&country.to_ascii_lowercase());
        own.meets(schema)
            && !self.exclude_schema.contains(own.name())
            && (self.topics.is_empty() || self.topics.contains(topic(entry.effect)))
            && (self.countries.is_empty() || entry.all_countries().any(|c| has(c.code())))
            // An entry without a day cannot be ruled out.
            && self.changed_since.is_none_or(|since| day_of(entry).is_none_or(|day| day >= since))
            && !self.is_excluded(engine, entry)
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

/// The id of a list, from the name of a dataset: yente writes `us_ofac_sdn`.
fn list_id(dataset: &str) -> String {
    dataset.replace('_', "-")
}
