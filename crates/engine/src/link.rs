//! Which rows list the same party: across lists, and where one list has several rows for it.
//!
//! Two rows are one party when they share a number that belongs to one holder, when one publisher cites the other's
//! reference, or when a primary name of one is a name of the other and something else agrees: country, day of birth,
//! address or publication. What contradicts keeps them apart: another kind, another number of the same type. A wrong
//! link would lend a row the effect of another, so where too little is known rows stay apart.
//!
//! Deterministic: rows are numbered in the order of the snapshot, and every group is looked at in that order.

#![expect(clippy::disallowed_methods, reason = "`ordered` sorts what comes out of the hash maps")]

mod agree;

pub use agree::shares_citation;

use agree::{
    agreement, belongs_to_one, common_kind, contradict, shares_name, sorted_words, tells_a_party, un_reference,
};
use model::country::Country;
use model::entry::{Entry, EntryKind, IdentifierType};
use rustc_hash::FxHashMap;
use std::fmt;
use text::{Folded, Reading};

/// Rows with one name beyond which the name says nothing; also bounds the pairs looked at.
const MAX_NAMESAKES: usize = 64;

/// What says that a row lists the same party as another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkedBy {
    /// This identifier of the row.
    Number(u16),
    /// The publisher's number for the party, on several of its lists.
    PublisherId,
    /// The same reference of the UN Security Council.
    Reference,
    /// This name of the row, and what else agrees.
    Name(u16, Agreement),
}

/// What agrees beside the name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Agreement {
    /// A day or year of birth.
    Birth,
    /// A country.
    Country,
    /// An address.
    Address,
    /// A publication that both cite.
    Citation,
    /// Nothing contradicts, and the name is long.
    LongName,
}

/// The parties behind the rows of a snapshot.
#[derive(Debug, Default)]
pub struct Parties {
    /// For each row, its group; [`ALONE`] for most.
    group_of: Vec<u32>,
    /// Members of each group, ascending.
    groups: Vec<Box<[(u32, LinkedBy)]>>,
}

const ALONE: u32 = u32::MAX;

impl Parties {
    /// Links rows that are ordered as in a snapshot.
    pub fn link(entries: &[Entry]) -> Self {
        let mut linking = Linking {
            entries,
            parent: (0..entries.len() as u32).collect(),
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

    /// The rows that list the same party as this one, itself included, ascending; empty when it stands alone.
    pub fn listings(&self, entry: u32) -> &[(u32, LinkedBy)] {
        match self.group_of.get(entry as usize) {
            Some(&group) if group != ALONE => &self.groups[group as usize],
            _ => &[],
        }
    }

    /// Parties with several rows.
    pub fn groups(&self) -> impl Iterator<Item = &[(u32, LinkedBy)]> {
        self.groups.iter().map(AsRef::as_ref)
    }

    /// Rows that repeat a party which another row lists too: rows in groups, less one a group.
    pub fn duplicates(&self) -> usize {
        self.groups.iter().map(|g| g.len() - 1).sum()
    }
}

impl LinkedBy {
    /// In words, for the row with this reason.
    pub fn words(self, entry: &Entry) -> String {
        match self {
            Self::Number(at) => {
                format!("same number {}", entry.identifiers.get(usize::from(at)).map_or("", |i| i.value.as_str()))
            }
            Self::PublisherId => "same number of the publisher for the party".to_owned(),
            Self::Reference => "same reference of the UN Security Council".to_owned(),
            Self::Name(at, agreement) => {
                format!(
                    "same name {} and {agreement}",
                    entry.names.get(usize::from(at)).map_or("", |n| n.text.as_str())
                )
            }
        }
    }
}

impl fmt::Display for Agreement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Birth => "birth",
            Self::Country => "country",
            Self::Address => "address",
            Self::Citation => "citation",
            Self::LongName => "nothing that contradicts",
        })
    }
}

/// Union-find under way. A group's parent is its lowest row.
struct Linking<'a> {
    entries: &'a [Entry],
    parent: Vec<u32>,
    /// For the lowest row of each group, the kind that its rows agree on.
    kind: Vec<EntryKind>,
    why: Vec<Option<LinkedBy>>,
    /// The rows of each group by its lowest row; a row alone is not in it.
    members: FxHashMap<u32, Vec<u32>>,
}

impl Linking<'_> {
    fn root(&mut self, mut row: u32) -> u32 {
        while self.parent[row as usize] != row {
            let above = self.parent[self.parent[row as usize] as usize];
            self.parent[row as usize] = above;
            row = above;
        }
        row
    }

    /// Makes two rows one party, unless the groups they are in already are of different kinds.
    fn join(&mut self, a: (u32, LinkedBy), b: (u32, LinkedBy)) {
        let (low, high) = {
            let (x, y) = (self.root(a.0), self.root(b.0));
            (x.min(y), x.max(y))
        };
        let Some(kind) = common_kind(self.kind[low as usize], self.kind[high as usize]) else { return };
        if low != high {
            let is_direct = self.entries[a.0 as usize].list == self.entries[b.0 as usize].list;
            if !is_direct && self.would_join_namesakes(low, high) {
                return;
            }
            let gone = self.members.remove(&high).unwrap_or_else(|| vec![high]);
            self.members.entry(low).or_insert_with(|| vec![low]).extend(gone);
        }
        self.kind[low as usize] = kind;
        self.parent[high as usize] = low;
        for (row, why) in [a, b] {
            self.why[row as usize].get_or_insert(why);
        }
    }

    /// Whether two groups hold different rows of one publisher's list: to it they are two parties, and what lies
    /// between them (a shared alias, a bank and its branch) must not make them one.
    fn would_join_namesakes(&self, low: u32, high: u32) -> bool {
        let rows = |root: u32| self.members.get(&root).cloned().unwrap_or_else(|| vec![root]);
        let theirs = rows(high);
        rows(low).iter().any(|&a| {
            let a = &self.entries[a as usize];
            let is_rival = |&b: &u32| {
                let b = &self.entries[b as usize];
                // A curated row repeats a row of the publisher under an id of its own.
                a.list == b.list && a.read_on.is_none() && b.read_on.is_none()
            };
            theirs.iter().any(is_rival)
        })
    }

    /// OFAC numbers a party once for all of its lists.
    fn by_publisher_id(&mut self) {
        let mut rows: FxHashMap<&str, Vec<(u32, u16)>> = FxHashMap::default();
        let entries = self.entries;
        for (row, entry) in entries.iter().enumerate() {
            if entry.list.as_str().starts_with("us-ofac-") {
                let number = entry.id.trim_start_matches(|c: char| !c.is_ascii_digit());
                if !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit()) {
                    rows.entry(number).or_default().push((row as u32, 0));
                }
            }
        }
        for group in ordered(rows.into_values()) {
            for &(other, _) in &group[1..] {
                self.join((group[0].0, LinkedBy::PublisherId), (other, LinkedBy::PublisherId));
            }
        }
    }

    fn by_number(&mut self) {
        let mut rows: FxHashMap<(IdentifierType, String), Vec<(u32, u16)>> = FxHashMap::default();
        for (row, entry) in self.entries.iter().enumerate() {
            for (at, identifier) in entry.identifiers.iter().enumerate() {
                if let Some(kind) = belongs_to_one(identifier.kind) {
                    let value = Folded::of(&identifier.value, Reading::Plain);
                    let value = value.squeezed().trim_start_matches("imo");
                    if value.len() >= 7 && value.bytes().filter(u8::is_ascii_digit).count() >= 5 {
                        // A passport number alone is not enough without its country.
                        let country = identifier.country.as_ref().map_or("", Country::code);
                        let country = if kind == IdentifierType::Passport { country } else { "" };
                        let key = (kind, format!("{country}{value}"));
                        rows.entry(key).or_default().push((row as u32, at as u16));
                    }
                }
            }
        }
        for group in ordered(rows.into_values()) {
            for (n, &(a, a_at)) in group.iter().enumerate().take(MAX_NAMESAKES) {
                for &(b, b_at) in group[n + 1..].iter().take(MAX_NAMESAKES) {
                    let (one, other) = (&self.entries[a as usize], &self.entries[b as usize]);
                    // A publisher that gives two rows one number may mean a group of companies or a fault of its own.
                    let agrees = one.list != other.list || shares_name(one, other);
                    if a != b && agrees && !contradict(one, other) {
                        self.join((a, LinkedBy::Number(a_at)), (b, LinkedBy::Number(b_at)));
                    }
                }
            }
        }
    }

    fn by_reference(&mut self) {
        let mut rows: FxHashMap<String, Vec<(u32, u16)>> = FxHashMap::default();
        for (row, entry) in self.entries.iter().enumerate() {
            if let Some(reference) = un_reference(entry) {
                rows.entry(reference).or_default().push((row as u32, 0));
            }
        }
        for group in ordered(rows.into_values()) {
            let (first, _) = group[0];
            for &(other, _) in &group[1..] {
                let (one, two) = (&self.entries[first as usize], &self.entries[other as usize]);
                if one.list != two.list && !contradict(one, two) {
                    self.join((first, LinkedBy::Reference), (other, LinkedBy::Reference));
                }
            }
        }
    }

    fn by_name(&mut self) {
        let mut rows: FxHashMap<Box<str>, Vec<(u32, u16)>> = FxHashMap::default();
        let (mut folded, mut key) = (Folded::default(), String::new());
        for (row, entry) in self.entries.iter().enumerate() {
            for (at, name) in entry.names.iter().enumerate().filter(|(_, name)| tells_a_party(name)) {
                folded.fold(&name.text, Reading::Plain);
                sorted_words(&folded, &mut key);
                let of_name = match rows.get_mut(key.as_str()) {
                    Some(of_name) => of_name,
                    None => rows.entry(key.as_str().into()).or_default(),
                };
                of_name.push((row as u32, at as u16));
            }
        }
        for group in ordered(rows.into_values()) {
            if group.len() > MAX_NAMESAKES {
                continue;
            }
            for (n, &(a, a_at)) in group.iter().enumerate() {
                for &(b, b_at) in &group[n + 1..] {
                    let (one, other) = (&self.entries[a as usize], &self.entries[b as usize]);
                    let names = (&one.names[usize::from(a_at)], &other.names[usize::from(b_at)]);
                    if a != b
                        && !contradict(one, other)
                        && let Some(agreement) = agreement(one, other, names)
                    {
                        self.join((a, LinkedBy::Name(a_at, agreement)), (b, LinkedBy::Name(b_at, agreement)));
                    }
                }
            }
        }
    }

    fn finish(mut self) -> Parties {
        let mut parties = Parties { group_of: vec![ALONE; self.entries.len()], groups: Vec::new() };
        let mut groups: Vec<Vec<(u32, LinkedBy)>> = Vec::new();
        for row in 0..self.entries.len() as u32 {
            let Some(why) = self.why[row as usize] else { continue };
            let root = self.root(row);
            // The root is the lowest row of its group and comes first.
            if parties.group_of[root as usize] == ALONE {
                parties.group_of[root as usize] = groups.len() as u32;
                groups.push(Vec::new());
            }
            let group = parties.group_of[root as usize];
            parties.group_of[row as usize] = group;
            groups[group as usize].push((row, why));
        }
        parties.groups = groups.into_iter().map(Vec::into_boxed_slice).collect();
        parties
    }
}

/// Groups of two rows or more, in the order of their first rows.
fn ordered(groups: impl Iterator<Item = Vec<(u32, u16)>>) -> Vec<Vec<(u32, u16)>> {
    let mut groups: Vec<_> = groups.filter(|g| g.len() > 1).collect();
    groups.sort_unstable();
    groups
}

#[cfg(test)]
mod tests;
