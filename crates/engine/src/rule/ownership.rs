//! Who owns a party: edges from the lists and from a file, and what listed owners make of it.
//!
//! A party counts as owned under a regime when the shares of owners that are listed, or owned themselves, reach the
//! regime's threshold: the way OFAC's FAQ 401 counts through layers. The least set of parties that satisfies this is
//! taken, so a ring of companies that only own each other is owned by nobody listed. Shares that are not known are
//! counted twice, as nothing and as all that is left: when the answer depends on it, it is "not known".
//!
//! Cost: a look-up for a party without owners; for others, their owners upwards, [`MAX_OWNERS`] at most.

mod count;
mod directory;
mod link;
mod regime;

pub use regime::{Regime, State};

use crate::policy::OwnershipFile;
use count::{in_force, owned, path_up};
use directory::{Directory, Key};
use jiff::civil::Date;
use link::{Link, Origin, PartyId};
use model::entry::{Entry, RelationKind};
use model::ids::EntryId;
use rustc_hash::FxHashMap;
use text::Folded;

/// Owners looked at for one party, at most.
pub const MAX_OWNERS: usize = 2_000;

#[derive(Clone, Debug, Default)]
struct Node {
    name: String,
    /// Entries that list this party, ascending.
    entries: Vec<EntryId>,
    owners: Vec<Link>,
}

/// Entries by list and publisher's id.
type ByKey<'e> = FxHashMap<(&'e str, &'e str), EntryId>;

/// Parties and their owners.
#[derive(Debug, Default)]
pub struct Ownership {
    nodes: Vec<Node>,
    directory: Directory,
    fingerprint: String,
}

/// What is known about a party's owners under one regime.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Owned {
    /// Number of the regime among [`Regime::all`].
    pub regime: usize,
    /// Whether the threshold is reached whatever the unknown shares are; otherwise it may be.
    pub is_certain: bool,
    /// Whether companies of other legal forms have the same name, so that nobody can tell which of them it is.
    pub is_namesake: bool,
    /// Thousandths that listed owners hold for certain: the sum, or the greatest where the regime does not add up.
    pub share: u32,
    /// The owners that count, the greatest share first.
    pub owners: Vec<Owner>,
    /// The first entry of a listed owner found upwards, for the finding to rest on.
    pub entry: EntryId,
}

/// One owner that counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Owner {
    /// Its name.
    pub name: String,
    /// Thousandths; `None` when not known.
    pub share: Option<u16>,
    /// The entry that lists it; `None` when it is itself only owned by listed parties.
    pub entry: Option<EntryId>,
    /// The listed party through which it counts, and the companies between; empty when it is listed itself.
    pub through: Vec<String>,
    /// Who says so.
    pub source: String,
}

/// Too many owners to look at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooMany;

impl Ownership {
    /// Builds the graph. `listed` finds the entries that list a party of this name, beside those known
    /// already; `entries` are the snapshot's.
    pub fn build(
        entries: &[Entry],
        file: &OwnershipFile,
        mut listed: impl FnMut(&str, &[EntryId]) -> Vec<EntryId>,
    ) -> Self {
        let mut graph = Self { fingerprint: file.fingerprint().to_owned(), ..Self::default() };
        let ids = entries.iter().enumerate().map(|(at, e)| ((e.list.as_str(), e.id.as_str()), EntryId::from_index(at)));
        let by_key: ByKey<'_> = ids.collect();
        for (at, entry) in entries.iter().enumerate() {
            graph.add_relations(EntryId::from_index(at), entry, entries, &by_key);
        }
        graph.add_file(file, entries, &by_key);
        graph.unite();
        for at in 0..graph.nodes.len() {
            let found = listed(&graph.nodes[at].name, &graph.nodes[at].entries);
            graph.add_entries(PartyId(at as u32), found);
        }
        graph
    }

    /// Adds the owners that an entry names, and the parties that it is said to own.
    fn add_relations(&mut self, id: EntryId, entry: &Entry, entries: &[Entry], by_key: &ByKey<'_>) {
        for relation in &entry.relations {
            let owner_is_entry = match relation.kind {
                RelationKind::OwnerOf => true,
                RelationKind::SubsidiaryOf | RelationKind::VesselOwner => false,
                RelationKind::BranchOf | RelationKind::LinkedTo => continue,
            };
            let other_entry = relation.id.as_deref().and_then(|id| by_key.get(&(entry.list.as_str(), id)).copied());
            let name = if relation.name.is_empty() {
                other_entry.map_or("", |other| entries[other.index()].primary_name())
            } else {
                &relation.name
            };
            let this = self.of_entry(id, entry);
            let Some(other) = self.of_name(name) else { continue };
            self.add_entries(other, other_entry);
            let (owner, owned) = if owner_is_entry { (this, other) } else { (other, this) };
            let link = Link { owner, share: relation.share, date: None, origin: Origin::List };
            self.nodes[owned.index()].owners.push(link);
        }
    }

    /// Adds the lines of the user's file, which name a party or an entry as `list/id`.
    fn add_file(&mut self, file: &OwnershipFile, entries: &[Entry], by_key: &ByKey<'_>) {
        for edge in file.edges() {
            let [owner, owned] = [&edge.owner, &edge.owned].map(|name| {
                match name.split_once('/').and_then(|reference| by_key.get(&reference).copied()) {
                    Some(id) => self.of_entry(id, &entries[id.index()]),
                    // A name of nothing but marks stays a party of its own.
                    None => self.of_name(name).unwrap_or_else(|| self.push(name)),
                }
            });
            let origin = Origin::Line(edge.line, edge.source.clone());
            let link = Link { owner, share: edge.share, date: edge.date, origin };
            self.nodes[owned.index()].owners.push(link);
        }
    }

    /// Fingerprint of the user's file; empty when there is none.
    pub fn fingerprint(&self) -> &str {
        &self.fingerprint
    }

    /// Whether nothing is known of any owner.
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    fn push(&mut self, name: &str) -> PartyId {
        self.nodes.push(Node { name: name.to_owned(), ..Node::default() });
        PartyId((self.nodes.len() - 1) as u32)
    }

    /// The party of this name; `None` for a name without letters.
    fn of_name(&mut self, name: &str) -> Option<PartyId> {
        let key = Key::of(name)?;
        if let Some(known) = self.directory.get(&key) {
            return Some(known);
        }
        let at = self.push(name);
        self.directory.insert(key, at);
        Some(at)
    }

    /// The party of an entry, under its primary name.
    fn of_entry(&mut self, id: EntryId, entry: &Entry) -> PartyId {
        let at = self.of_name(entry.primary_name()).unwrap_or_else(|| self.push(entry.primary_name()));
        // The other names of the entry lead to the same party, unless they are another's already.
        for name in entry.names.iter().filter(|n| !n.weak) {
            if let Some(key) = Key::of(&name.text).filter(|key| key.length() > 3) {
                self.directory.insert(key, at);
            }
        }
        self.add_entries(at, Some(id));
        at
    }

    /// Makes one party of those named with and without their legal form. `alias` has for each party the one that it has
    /// become a part of, or itself.
    fn unite(&mut self) {
        let mut alias: Vec<PartyId> = (0..self.nodes.len() as u32).map(PartyId).collect();
        for (bare, full) in self.directory.same() {
            // A party of several names may be united already.
            let (from, to) = (root(&alias, bare), root(&alias, full));
            if from == to {
                continue;
            }
            alias[from.index()] = to;
            let bare = std::mem::take(&mut self.nodes[from.index()]);
            let full = &mut self.nodes[to.index()];
            full.owners.extend(bare.owners);
            full.entries.extend(bare.entries);
            full.entries.sort_unstable();
            full.entries.dedup();
        }
        for at in 0..alias.len() {
            alias[at] = root(&alias, alias[at]);
        }
        for link in self.nodes.iter_mut().flat_map(|node| &mut node.owners) {
            link.owner = alias[link.owner.index()];
        }
        self.directory.redirect(&alias);
    }

    fn add_entries(&mut self, party: PartyId, entries: impl IntoIterator<Item = EntryId>) {
        let known = &mut self.nodes[party.index()].entries;
        known.extend(entries);
        known.sort_unstable();
        known.dedup();
    }

    /// What the owners of the party of this name make of it, under each regime that reaches it.
    ///
    /// `is_listed` says whether an entry counts under a regime on the day of the screening. Edges from after `day` are
    /// left out; of several edges between two parties the latest counts, of undated ones the greatest. `plain` is the name
    /// folded as written.
    ///
    /// # Errors
    /// When there are more than [`MAX_OWNERS`] owners above it: then nothing is known.
    pub fn judge(
        &self,
        name: &str,
        day: Option<Date>,
        is_listed: impl Fn(&Regime, EntryId) -> bool,
        plain: &Folded,
    ) -> Result<Vec<Owned>, TooMany> {
        let (starts, is_certain) = self.directory.find(name, plain);
        let mut found: Vec<Owned> = Vec::new();
        for start in starts {
            for mut owned in self.judge_node(start, day, &is_listed)? {
                owned.is_certain &= is_certain;
                owned.is_namesake = !is_certain;
                // Of several namesakes the first counts: that it may be another is said by its being uncertain.
                if found.iter().all(|known| known.regime != owned.regime) {
                    found.push(owned);
                }
            }
        }
        Ok(found)
    }

    fn judge_node(
        &self,
        start: PartyId,
        day: Option<Date>,
        is_listed: &impl Fn(&Regime, EntryId) -> bool,
    ) -> Result<Vec<Owned>, TooMany> {
        if self.nodes[start.index()].owners.is_empty() {
            return Ok(Vec::new());
        }
        let above = self.above(start, day)?;
        let mut found = Vec::new();
        for (number, regime) in Regime::all().iter().enumerate() {
            let of_party = |(at, party): (usize, &PartyId)| {
                // The party's own listing is not this rule's business.
                let entries = if at == 0 { &[][..] } else { &self.nodes[party.index()].entries[..] };
                entries.iter().copied().find(|entry| is_listed(regime, *entry))
            };
            let listed: Vec<Option<EntryId>> = above.parties.iter().enumerate().map(of_party).collect();
            if listed.iter().all(Option::is_none) {
                continue;
            }
            let certain = owned(&above.links, &listed, regime, false);
            let possible = owned(&above.links, &listed, regime, true);
            if possible[0] {
                found.push(self.describe(number, &above, &Judged { listed, certain, possible }));
            }
        }
        Ok(found)
    }

    /// The party and everyone above it on a day.
    fn above(&self, start: PartyId, day: Option<Date>) -> Result<Above<'_>, TooMany> {
        let mut parties: Vec<PartyId> = vec![start];
        let mut place: FxHashMap<PartyId, usize> = FxHashMap::from_iter([(start, 0)]);
        let mut links: Vec<Vec<(usize, &Link)>> = Vec::new();
        while links.len() < parties.len() {
            let party = parties[links.len()];
            let mut of_party: Vec<(usize, &Link)> = Vec::new();
            for link in in_force(&self.nodes[party.index()].owners, day) {
                let owner = *place.entry(link.owner).or_insert_with(|| {
                    parties.push(link.owner);
                    parties.len() - 1
                });
                of_party.push((owner, link));
            }
            if parties.len() > MAX_OWNERS {
                return Err(TooMany);
            }
            links.push(of_party);
        }
        Ok(Above { parties, links })
    }

    /// What one regime, by its number, makes of the first party of `above`.
    fn describe(&self, number: usize, above: &Above<'_>, judged: &Judged) -> Owned {
        let Judged { listed, certain, possible } = judged;
        let counts = |at: usize, set: &[bool]| listed[at].is_some() || (at != 0 && set[at]);
        let links = &above.links[0];
        let shares = links.iter().filter(|(at, _)| counts(*at, certain)).filter_map(|(_, l)| l.share.map(u32::from));
        let share = if Regime::all()[number].aggregate { shares.sum() } else { shares.max().unwrap_or(0) };
        let mut owners: Vec<(usize, Owner)> = Vec::new();
        for &(at, link) in links.iter().filter(|(at, _)| counts(*at, possible)) {
            let name = |at: usize| self.nodes[above.parties[at].index()].name.clone();
            let (path, entry) = match listed[at] {
                Some(entry) => (Vec::new(), Some(entry)),
                None => path_up(at, &above.links, listed, possible),
            };
            let through = path.into_iter().map(name).collect();
            let owner = Owner { name: name(at), share: link.share, entry, through, source: link.origin.to_string() };
            owners.push((at, owner));
        }
        owners.sort_by(|(a, x), (b, y)| y.share.cmp(&x.share).then(a.cmp(b)));
        Owned {
            regime: number,
            is_certain: certain[0],
            is_namesake: false,
            share,
            entry: owners.iter().find_map(|(_, o)| o.entry).unwrap_or_default(),
            owners: owners.into_iter().map(|(_, o)| o).collect(),
        }
    }
}

/// Where a chain of aliases ends.
fn root(alias: &[PartyId], mut party: PartyId) -> PartyId {
    while alias[party.index()] != party {
        party = alias[party.index()];
    }
    party
}

/// A party and everyone above it. The numbers of owners in `links` are places in `parties`; 0 is the party itself.
struct Above<'g> {
    parties: Vec<PartyId>,
    /// The owners of each.
    links: Vec<Vec<(usize, &'g Link)>>,
}

/// What one regime says of the parties of an [`Above`], each by its place.
struct Judged {
    /// The entry that lists it.
    listed: Vec<Option<EntryId>>,
    /// Owned, whatever the unknown shares are.
    certain: Vec<bool>,
    /// Owned, if the unknown shares are as large as they can be.
    possible: Vec<bool>,
}

#[cfg(test)]
mod tests;
