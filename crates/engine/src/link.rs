//! Which entries list the same party: across lists, and where one list has several entries for it.
//!
//! Two entries are one party when they share a number that belongs to one holder, when one publisher cites the other's
//! reference, or when a primary name of one is a name of the other and something else agrees: country, day of birth,
//! address or publication. Contradictions prevent a link: another kind, another number of the same type. A wrong
//! link would give an entry the effect of another, so where too little is known entries are not linked.
//!
//! Deterministic: entries are taken in the order of the snapshot, and so is every group.

#![expect(clippy::disallowed_methods, reason = "`ordered` sorts what comes out of the hash maps")]

mod agree;
mod reason;

pub use agree::shares_citation;
pub use reason::{Agreement, LinkedBy};

use agree::{
    agreement, belongs_to_one, common_kind, contradict, identifies_party, shares_name, sorted_words, un_reference,
};
use model::country::Country;
use model::entry::{Entry, EntryKind, Identifier, IdentifierType};
use model::ids::EntryId;
use model::snapshot::Snapshot;
use rustc_hash::{FxHashMap, FxHasher};
use std::hash::Hasher as _;
use text::{Folded, Reading};

/// Entries with one name beyond which the name says nothing; also bounds the pairs compared.
const MAX_NAMESAKES: usize = 64;

/// Entries of one party across lists, at most: ten times what any has. What would be more is no party, but a number or
/// reference that many entries share.
const MAX_MEMBERS: usize = 256;

/// The parties that several entries of a snapshot list.
#[derive(Debug, Default)]
pub struct Parties {
    /// For each entry, its group; [`ALONE`] for most.
    group_of: Vec<u32>,
    /// Members of each group, ascending.
    groups: Vec<Box<[(EntryId, LinkedBy)]>>,
}

model::binary_fields!(Parties { group_of, groups });

/// No group.
const ALONE: u32 = u32::MAX;

/// An entry and which of its names or identifiers is meant.
type Place = (EntryId, u16);

impl Parties {
    /// Links the entries of a snapshot.
    pub fn link(snapshot: &Snapshot) -> Self {
        let entries = snapshot.entries();
        let mut linking = Linking {
            snapshot,
            parent: snapshot.numbered().map(|(id, _)| id).collect(),
            kind: entries.iter().map(|e| e.kind).collect(),
            why: vec![None; entries.len()],
            members: FxHashMap::default(),
        };
        linking.by_publisher_id();
        linking.by_number();
        linking.by_reference();
        linking.by_name();
        linking.finish()
    }

    /// The entries that list the same party as this one, itself included, ascending; empty when no other does.
    pub fn listings(&self, entry: EntryId) -> &[(EntryId, LinkedBy)] {
        match self.group_of.get(entry.index()) {
            Some(&group) if group != ALONE => &self.groups[group as usize],
            _ => &[],
        }
    }

    /// Parties with several entries, in the order of their first entries.
    pub fn groups(&self) -> impl Iterator<Item = &[(EntryId, LinkedBy)]> {
        self.groups.iter().map(AsRef::as_ref)
    }

    /// How many entries repeat a party that an earlier entry lists: entries in groups, less one a group.
    pub fn duplicates(&self) -> usize {
        self.groups.iter().map(|g| g.len() - 1).sum()
    }
}

/// Union-find under way. A group's root is its first entry.
struct Linking<'a> {
    snapshot: &'a Snapshot,
    /// For each entry, an earlier one of its group; itself for a root.
    parent: Vec<EntryId>,
    /// For the first entry of each group, the kind that its entries agree on.
    kind: Vec<EntryKind>,
    why: Vec<Option<LinkedBy>>,
    /// The entries of each group by its first one; entries without a group are left out.
    members: FxHashMap<EntryId, Vec<EntryId>>,
}

impl<'a> Linking<'a> {
    fn entry(&self, id: EntryId) -> &'a Entry {
        self.snapshot.entry_at(id)
    }

    fn root(&mut self, mut id: EntryId) -> EntryId {
        while self.parent[id.index()] != id {
            let above = self.parent[self.parent[id.index()].index()];
            self.parent[id.index()] = above;
            id = above;
        }
        id
    }

    /// Makes two entries one party, unless the groups they are in already are of different kinds.
    fn join(&mut self, a: (EntryId, LinkedBy), b: (EntryId, LinkedBy)) {
        let (first, second) = {
            let (x, y) = (self.root(a.0), self.root(b.0));
            (x.min(y), x.max(y))
        };
        let Some(kind) = common_kind(self.kind[first.index()], self.kind[second.index()]) else { return };
        if first != second {
            let is_direct = self.entry(a.0).list == self.entry(b.0).list;
            if !is_direct && self.would_join_namesakes(first, second) {
                return;
            }
            let joined = self.members.remove(&second).unwrap_or_else(|| vec![second]);
            self.members.entry(first).or_insert_with(|| vec![first]).extend(joined);
        }
        self.kind[first.index()] = kind;
        self.parent[second.index()] = first;
        for (id, why) in [a, b] {
            self.why[id.index()].get_or_insert(why);
        }
    }

    /// Whether two groups hold different entries of one publisher's list: to the publisher they are two parties, and
    /// what both have in common with a third (a shared alias, a bank and its branch) must not make them one.
    fn would_join_namesakes(&self, one: EntryId, other: EntryId) -> bool {
        let members = |root: EntryId| self.members.get(&root).cloned().unwrap_or_else(|| vec![root]);
        let count = |root: EntryId| self.members.get(&root).map_or(1, Vec::len);
        if count(one) + count(other) > MAX_MEMBERS {
            return true;
        }
        let theirs = members(other);
        members(one).into_iter().any(|a| {
            let a = self.entry(a);
            theirs.iter().any(|&b| {
                let b = self.entry(b);
                // A curated entry repeats one of the publisher under an id of its own.
                a.list == b.list && a.read_on.is_none() && b.read_on.is_none()
            })
        })
    }

    /// OFAC numbers a party once for all of its lists.
    fn by_publisher_id(&mut self) {
        let mut places: FxHashMap<&str, Vec<Place>> = FxHashMap::default();
        for (id, entry) in self.snapshot.numbered() {
            if entry.list.as_str().starts_with("us-ofac-") {
                let number = entry.id.trim_start_matches(|c: char| !c.is_ascii_digit());
                if !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit()) {
                    places.entry(number).or_default().push((id, 0));
                }
            }
        }
        for group in ordered(places.into_values()) {
            for &(other, _) in &group[1..] {
                self.join((group[0].0, LinkedBy::PublisherId), (other, LinkedBy::PublisherId));
            }
        }
    }

    fn by_number(&mut self) {
        let mut places: FxHashMap<(IdentifierType, String), Vec<Place>> = FxHashMap::default();
        for (id, entry) in self.snapshot.numbered() {
            // A company with several IMO numbers has ships: they are not its own number.
            let imos = entry.identifiers.iter().filter(|i| i.kind == IdentifierType::Imo).count();
            let has_ships = imos > 1 && entry.kind != EntryKind::Vessel;
            for (at, identifier) in entry.identifiers.iter().enumerate() {
                if has_ships && identifier.kind == IdentifierType::Imo {
                    continue;
                }
                if let Some(key) = number_key(identifier) {
                    places.entry(key).or_default().push((id, at as u16));
                }
            }
        }
        for group in ordered(places.into_values()) {
            for (n, &(a, a_at)) in group.iter().enumerate().take(MAX_NAMESAKES) {
                for &(b, b_at) in group[n + 1..].iter().take(MAX_NAMESAKES) {
                    let (one, other) = (self.entry(a), self.entry(b));
                    // One number for two entries of one list may mean a group of companies, or an error of the list.
                    let agrees = one.list != other.list || shares_name(one, other);
                    if a != b && agrees && !contradict(one, other) {
                        self.join((a, LinkedBy::Number(a_at)), (b, LinkedBy::Number(b_at)));
                    }
                }
            }
        }
    }

    fn by_reference(&mut self) {
        let mut places: FxHashMap<String, Vec<Place>> = FxHashMap::default();
        for (id, entry) in self.snapshot.numbered() {
            if let Some(reference) = un_reference(entry) {
                places.entry(reference).or_default().push((id, 0));
            }
        }
        for group in ordered(places.into_values()) {
            let (first, _) = group[0];
            for &(other, _) in &group[1..] {
                let (one, two) = (self.entry(first), self.entry(other));
                if one.list != two.list && !contradict(one, two) {
                    self.join((first, LinkedBy::Reference), (other, LinkedBy::Reference));
                }
            }
        }
    }

    fn by_name(&mut self) {
        let groups = namesakes(self.snapshot).into_iter().filter(|group| group.len() <= MAX_NAMESAKES);
        for group in groups {
            for (n, &a) in group.iter().enumerate() {
                for &b in &group[n + 1..] {
                    self.join_namesakes(a, b);
                }
            }
        }
    }

    /// Joins two entries that share a name, if something else agrees and nothing contradicts.
    fn join_namesakes(&mut self, (a, a_at): Place, (b, b_at): Place) {
        let (one, other) = (self.entry(a), self.entry(b));
        if a == b || contradict(one, other) {
            return;
        }
        let names = (&one.names[usize::from(a_at)], &other.names[usize::from(b_at)]);
        if let Some(agreement) = agreement(one, other, names) {
            self.join((a, LinkedBy::Name(a_at, agreement)), (b, LinkedBy::Name(b_at, agreement)));
        }
    }

    fn finish(mut self) -> Parties {
        let mut parties = Parties { group_of: vec![ALONE; self.kind.len()], groups: Vec::new() };
        let mut groups: Vec<Vec<(EntryId, LinkedBy)>> = Vec::new();
        for (id, _) in self.snapshot.numbered() {
            let Some(why) = self.why[id.index()] else { continue };
            let root = self.root(id);
            // The root is the first entry of its group and comes first.
            if parties.group_of[root.index()] == ALONE {
                parties.group_of[root.index()] = groups.len() as u32;
                groups.push(Vec::new());
            }
            let group = parties.group_of[root.index()];
            parties.group_of[id.index()] = group;
            groups[group as usize].push((id, why));
        }
        parties.groups = groups.into_iter().map(Vec::into_boxed_slice).collect();
        parties
    }
}

/// The names that are the same but for the order of their words, by groups, in order. They are told apart by a hash and then by
/// their words: a table of two million texts would take more memory than the names.
fn namesakes(snapshot: &Snapshot) -> Vec<Vec<Place>> {
    let (mut folded, mut key, mut all) = (Folded::default(), String::new(), String::new());
    let mut keyed: Vec<(u64, usize, Place)> = Vec::new();
    for (id, entry) in snapshot.numbered() {
        for (at, name) in entry.names.iter().enumerate().filter(|(_, name)| identifies_party(name)) {
            folded.fold(&name.text, Reading::Plain);
            sorted_words(&folded, &mut key);
            let mut hasher = FxHasher::default();
            hasher.write(key.as_bytes());
            keyed.push((hasher.finish(), all.len(), (id, at as u16)));
            all.push_str(&key);
            all.push('\n');
        }
    }
    let words = |start: usize| all[start..].split('\n').next().unwrap_or_default();
    keyed.sort_unstable();
    let of_hash = keyed.chunk_by_mut(|a, b| a.0 == b.0).filter(|of_hash| of_hash.len() > 1);
    let groups = of_hash.flat_map(|of_hash| {
        of_hash.sort_by(|a, b| words(a.1).cmp(words(b.1)));
        let of_words = of_hash.chunk_by(|a, b| words(a.1) == words(b.1));
        of_words.map(|group| group.iter().map(|(_, _, place)| *place).collect()).collect::<Vec<Vec<Place>>>()
    });
    ordered(groups)
}

/// What two identifiers must share to be one number of one holder; `None` for a number that is too short or that
/// several may hold.
fn number_key(identifier: &Identifier) -> Option<(IdentifierType, String)> {
    let kind = belongs_to_one(identifier.kind)?;
    let folded = Folded::of(&identifier.value, Reading::Plain);
    let value = folded.squeezed().trim_start_matches("imo");
    if value.len() < 7 || value.bytes().filter(u8::is_ascii_digit).count() < 5 {
        return None;
    }
    // A passport number is unique only with its country.
    let country = identifier.country.as_ref().map_or("", Country::code);
    let country = if kind == IdentifierType::Passport { country } else { "" };
    Some((kind, format!("{country}{value}")))
}

/// Groups of two places or more, in the order of their first ones.
fn ordered(groups: impl Iterator<Item = Vec<Place>>) -> Vec<Vec<Place>> {
    let mut groups: Vec<_> = groups.filter(|g| g.len() > 1).collect();
    groups.sort_unstable();
    groups
}

#[cfg(test)]
mod tests;
