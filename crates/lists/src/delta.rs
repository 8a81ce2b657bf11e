//! What differs between two states of the lists: entries added, removed and changed, field by field.
//!
//! An entry is the same when its list and the publisher's id are. Some publishers have no ids, or make new ones with every
//! publication. So of what is left over, a removed and an added entry are the same when they have the same primary name
//! and either nothing else has that name, or address, dates, citations or numbers say which belongs to which.
//! A change of order alone is no change.

use model::entry::{Details, Entry, ListId, Name, NameKind, Relation};
use model::snapshot::Snapshot;
use std::collections::{BTreeMap, BTreeSet};
use text::{Folded, Reading};

/// What differs between two states.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Delta {
    /// Fingerprint before.
    pub from: String,
    /// Fingerprint after.
    pub to: String,
    /// Each list with a difference, in order of its id.
    pub lists: Vec<ListDelta>,
}

/// What differs in one list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListDelta {
    /// List id.
    pub list: ListId,
    /// New entries, in order of their ids.
    pub added: Vec<Entry>,
    /// Entries that are gone.
    pub removed: Vec<Entry>,
    /// Entries that differ.
    pub changed: Vec<Change>,
    /// Entries that are the same.
    pub unchanged: u32,
}

/// How one entry differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Id after.
    pub id: String,
    /// Id before, where it is another.
    pub previous_id: Option<String>,
    /// Primary name after.
    pub name: String,
    /// Each field that differs, in the order of [`Entry`].
    pub fields: Vec<FieldChange>,
}

/// How one field of an entry differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldChange {
    /// Name of the field.
    pub field: &'static str,
    /// Values that are gone.
    pub removed: Vec<String>,
    /// New values.
    pub added: Vec<String>,
}

impl Delta {
    /// What differs; of one list or all.
    pub fn between(before: &Snapshot, after: &Snapshot, only: Option<&str>) -> Self {
        let lists = of_entries(before.entries(), after.entries());
        Self {
            from: before.fingerprint().to_owned(),
            to: after.fingerprint().to_owned(),
            lists: lists.into_iter().filter(|l| only.is_none_or(|id| l.list.as_str() == id)).collect(),
        }
    }

    /// The same without lists other than this one.
    pub fn only(mut self, list: &str) -> Self {
        self.lists.retain(|l| l.list.as_str() == list);
        self
    }
}

impl ListDelta {
    /// Entries of the list before.
    pub fn entries_before(&self) -> usize {
        self.removed.len() + self.changed.len() + self.unchanged as usize
    }

    fn differs(&self) -> bool {
        !(self.added.is_empty() && self.removed.is_empty() && self.changed.is_empty())
    }
}

/// What differs between two series of entries, each ordered by list and id.
pub(crate) fn of_entries(before: &[Entry], after: &[Entry]) -> Vec<ListDelta> {
    let mut lists = compare(before, after);
    lists.retain(ListDelta::differs);
    lists
}

/// As [`of_entries`], with the lists that are the same.
pub(crate) fn compare(before: &[Entry], after: &[Entry]) -> Vec<ListDelta> {
    let by_list = |entries: &[Entry]| -> BTreeMap<ListId, (usize, usize)> {
        let mut ranges = BTreeMap::new();
        let mut at = 0;
        for list in entries.chunk_by(|a, b| a.list == b.list) {
            ranges.insert(list[0].list.clone(), (at, at + list.len()));
            at += list.len();
        }
        ranges
    };
    let (old, new) = (by_list(before), by_list(after));
    let all: BTreeSet<&ListId> = old.keys().chain(new.keys()).collect();
    fn within<'a>(entries: &'a [Entry], range: Option<&(usize, usize)>) -> Vec<&'a Entry> {
        range.map_or_else(Vec::new, |&(start, end)| entries[start..end].iter().collect())
    }
    all.into_iter().map(|list| of_list(list, &within(before, old.get(list)), &within(after, new.get(list)))).collect()
}

fn of_list(list: &ListId, before: &[&Entry], after: &[&Entry]) -> ListDelta {
    let mut delta =
        ListDelta { list: list.clone(), added: Vec::new(), removed: Vec::new(), changed: Vec::new(), unchanged: 0 };
    let (mut gone, mut come): (Vec<&Entry>, Vec<&Entry>) = (Vec::new(), Vec::new());
    let (mut old, mut new) = (before.iter().peekable(), after.iter().peekable());
    loop {
        match (old.peek(), new.peek()) {
            (None, None) => break,
            (Some(a), Some(b)) if a.id == b.id => {
                delta.same_entry(a, b);
                old.next();
                new.next();
            }
            (Some(a), other) if other.is_none_or(|b| a.id < b.id) => {
                gone.push(a);
                old.next();
            }
            _ => come.extend(new.next()),
        }
    }
    for (a, b) in renamed(&mut gone, &mut come) {
        delta.same_entry(a, b);
    }
    delta.removed = gone.into_iter().cloned().collect();
    delta.added = come.into_iter().cloned().collect();
    delta.changed.sort_by(|a, b| a.id.cmp(&b.id));
    delta
}

impl ListDelta {
    fn same_entry(&mut self, before: &Entry, after: &Entry) {
        let fields = if before == after { Vec::new() } else { changes(before, after) };
        if fields.is_empty() && before.id == after.id {
            self.unchanged += 1;
            return;
        }
        let previous_id = (before.id != after.id).then(|| before.id.clone());
        if fields.is_empty() {
            // Only the id differs: the publisher makes new ones, and the entry is the same.
            self.unchanged += 1;
            return;
        }
        let (id, name) = (after.id.clone(), after.primary_name().to_owned());
        self.changed.push(Change { id, previous_id, name, fields });
    }
}

/// Takes out the entries that only have another id, as pairs.
fn renamed<'a>(gone: &mut Vec<&'a Entry>, come: &mut Vec<&'a Entry>) -> Vec<(&'a Entry, &'a Entry)> {
    let key = |entry: &Entry| {
        let folded = Folded::of(entry.primary_name(), Reading::Plain);
        let mut words: Vec<&str> = folded.tokens().iter().map(|t| folded.text(*t)).collect();
        words.sort_unstable();
        words.join(" ")
    };
    let mut by_name: BTreeMap<String, (Vec<&'a Entry>, Vec<&'a Entry>)> = BTreeMap::new();
    gone.iter().for_each(|e| by_name.entry(key(e)).or_default().0.push(e));
    come.iter().for_each(|e| by_name.entry(key(e)).or_default().1.push(e));
    let mut pairs = Vec::new();
    for (_, (mut old, mut new)) in by_name {
        // The pair that has most in common first; of equal ones the first.
        while !old.is_empty() && !new.is_empty() {
            let alone = old.len() == 1 && new.len() == 1;
            let all = (0..old.len()).flat_map(|a| (0..new.len()).map(move |b| (a, b)));
            let best = all
                .map(|(a, b)| (in_common(old[a], new[b]), a, b))
                .max_by_key(|&(score, a, b)| (score, std::cmp::Reverse((a, b))));
            let Some((score, a, b)) = best.filter(|&(score, ..)| alone || score > 0) else { break };
            // Persons of one name with nothing in common are namesakes.
            if score == 0 && !could_be_one(old[a], new[b]) {
                break;
            }
            pairs.push((old.remove(a), new.remove(b)));
        }
    }
    let taken: BTreeSet<(&str, &str)> = pairs.iter().map(|(a, b)| (a.id.as_str(), b.id.as_str())).collect();
    gone.retain(|e| taken.iter().all(|(a, _)| *a != e.id));
    come.retain(|e| taken.iter().all(|(_, b)| *b != e.id));
    pairs
}

/// How much two entries of one name have in common besides it.
fn in_common(a: &Entry, b: &Entry) -> usize {
    fn any<T: PartialEq>(a: &[T], b: &[T]) -> usize {
        usize::from(a.iter().any(|x| b.contains(x)))
    }
    3 * any(&a.identifiers, &b.identifiers)
        + 2 * any(&a.addresses, &b.addresses)
        + 2 * any(&a.births, &b.births)
        + any(&a.citations, &b.citations)
        + 2 * usize::from(a.effective.is_some() && a.effective == b.effective)
        + usize::from(a.published.is_some() && a.published == b.published)
}

fn could_be_one(a: &Entry, b: &Entry) -> bool {
    a.kind == b.kind && (a.births.is_empty() || b.births.is_empty())
}

/// Each field that differs, its values as texts, whatever their order.
fn changes(before: &Entry, after: &Entry) -> Vec<FieldChange> {
    let (old, new) = (values(before), values(after));
    let mut changes = Vec::new();
    for ((field, mut removed), (_, mut added)) in old.into_iter().zip(new) {
        removed.retain(|value| match added.iter().position(|other| other == value) {
            Some(at) => {
                added.remove(at);
                false
            }
            None => true,
        });
        if !(removed.is_empty() && added.is_empty()) {
            changes.push(FieldChange { field, removed, added });
        }
    }
    changes
}

/// The fields of an entry by the names of the protocol, except list and id.
fn values(entry: &Entry) -> Vec<(&'static str, Vec<String>)> {
    // Named one by one, so that a new field cannot be forgotten.
    let Entry { list: _, id: _, kind, effect, names, details: _ } = entry;
    let Details {
        identifiers,
        addresses,
        countries,
        relations,
        programmes,
        citations,
        licence_requirement,
        licence_policy,
        effective,
        published,
        ends,
        births,
        remarks,
        source_url,
        read_on,
    } = &**entry;
    let one = |text: &Option<String>| text.iter().cloned().collect::<Vec<_>>();
    let day = |date: &Option<jiff::civil::Date>| date.iter().map(ToString::to_string).collect::<Vec<_>>();
    let text = |text: &String| Some(text.clone()).into_iter().filter(|t| !t.is_empty()).collect::<Vec<_>>();
    let code =
        |c: &Option<model::country::Country>| c.as_ref().map_or_else(String::new, |c| format!(" ({})", c.code()));
    vec![
        ("kind", vec![kind.as_str().to_owned()]),
        ("effect", vec![effect.as_str().to_owned()]),
        ("names", names.iter().map(name).collect()),
        (
            "identifiers",
            identifiers.iter().map(|i| format!("{} {}{}", i.kind.as_str(), i.value, code(&i.country))).collect(),
        ),
        ("addresses", addresses.iter().map(|a| format!("{}{}", a.text, code(&a.country))).collect()),
        ("countries", countries.iter().map(|c| c.code().to_owned()).collect()),
        ("relations", relations.iter().map(relation).collect()),
        ("programmes", programmes.clone()),
        ("citations", citations.clone()),
        ("licence_requirement", one(licence_requirement)),
        ("licence_policy", one(licence_policy)),
        ("effective", day(effective)),
        ("published", day(published)),
        ("ends", day(ends)),
        ("births", births.clone()),
        ("remarks", text(remarks)),
        ("source_url", text(source_url)),
        ("read_on", day(read_on)),
    ]
}

fn relation(relation: &Relation) -> String {
    let id = relation.id.as_ref().map_or_else(String::new, |id| format!(" [{id}]"));
    let share = relation.share.map_or_else(String::new, |s| format!(" {s} thousandths"));
    format!("{} {}{id}{share}", relation.kind.as_str(), relation.name)
}

fn name(name: &Name) -> String {
    let kind = match name.kind {
        NameKind::Primary => "primary",
        NameKind::Alias => "alias",
        NameKind::Former => "former",
        NameKind::Acronym => "acronym",
    };
    format!("{} ({kind}{})", name.text, if name.weak { ", weak" } else { "" })
}

#[cfg(test)]
mod tests;
