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
use link::{Link, Origin};
use model::entry::{Entry, RelationKind};
use rustc_hash::FxHashMap;
use text::Folded;

/// Owners looked at for one party, at most.
pub const MAX_OWNERS: usize = 2_000;

#[derive(Clone, Debug, Default)]
struct Node {
    name: String,
    /// Rows that list this party, ascending.
    rows: Vec<u32>,
    owners: Vec<Link>,
}

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
    pub row: u32,
}

/// One owner that counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Owner {
    /// Its name.
    pub name: String,
    /// Thousandths; `None` when not known.
    pub share: Option<u16>,
    /// The entry that lists it, by its number in the snapshot; `None` when it is itself only owned by listed parties.
    pub row: Option<u32>,
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
    /// already; `rows` are the snapshot's entries.
    pub fn build(rows: &[Entry], file: &OwnershipFile, mut listed: impl FnMut(&str, &[u32]) -> Vec<u32>) -> Self {
        let mut graph = Self { fingerprint: file.fingerprint().to_owned(), ..Self::default() };
        let by_id: FxHashMap<(&str, &str), u32> =
            rows.iter().enumerate().map(|(at, e)| ((e.list.as_str(), e.id.as_str()), at as u32)).collect();
        for (at, entry) in rows.iter().enumerate() {
            for relation in &entry.relations {
                let owner_is_entry = match relation.kind {
                    RelationKind::OwnerOf => true,
                    RelationKind::SubsidiaryOf | RelationKind::VesselOwner => false,
                    RelationKind::BranchOf | RelationKind::LinkedTo => continue,
                };
                let other_row = relation.id.as_deref().and_then(|id| by_id.get(&(entry.list.as_str(), id)).copied());
                let name = if relation.name.is_empty() {
                    other_row.map_or("", |row| rows[row as usize].primary_name())
                } else {
                    &relation.name
                };
                let this = graph.row_node(at as u32, entry);
                let Some(other) = graph.node(name) else { continue };
                graph.add_rows(other, other_row);
                let (owner, owned) = if owner_is_entry { (this, other) } else { (other, this) };
                let origin = Origin::Row(at as u32);
                graph.nodes[owned as usize].owners.push(Link { owner, share: relation.share, date: None, origin });
            }
        }
        for edge in file.edges() {
            let mut ends = [0; 2];
            for (end, name) in ends.iter_mut().zip([&edge.owner, &edge.owned]) {
                let by_reference = name.split_once('/').and_then(|(list, id)| by_id.get(&(list, id)).copied());
                *end = match by_reference {
                    Some(row) => graph.row_node(row, &rows[row as usize]),
                    // A name of nothing but marks stays a party of its own.
                    None => graph.node(name).unwrap_or_else(|| graph.push(name)),
                };
            }
            let [owner, owned] = ends;
            let origin = Origin::Line(edge.line, edge.source.clone());
            graph.nodes[owned as usize].owners.push(Link { owner, share: edge.share, date: edge.date, origin });
        }
        graph.unite();
        for at in 0..graph.nodes.len() {
            let rows = listed(&graph.nodes[at].name, &graph.nodes[at].rows);
            graph.add_rows(at as u32, rows);
        }
        graph
    }

    /// Fingerprint of the user's file; empty when there is none.
    pub fn fingerprint(&self) -> &str {
        &self.fingerprint
    }

    /// Whether nothing is known of any owner.
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    fn push(&mut self, name: &str) -> u32 {
        self.nodes.push(Node { name: name.to_owned(), ..Node::default() });
        (self.nodes.len() - 1) as u32
    }

    /// The party of this name; `None` for a name without letters.
    fn node(&mut self, name: &str) -> Option<u32> {
        let key = Key::of(name)?;
        if let Some(known) = self.directory.get(&key) {
            return Some(known);
        }
        let at = self.push(name);
        self.directory.insert(key, at);
        Some(at)
    }

    /// The party of an entry, under its primary name.
    fn row_node(&mut self, row: u32, entry: &Entry) -> u32 {
        let at = self.node(entry.primary_name()).unwrap_or_else(|| self.push(entry.primary_name()));
        // The other names of the entry lead to the same party, unless they are another's already.
        for name in entry.names.iter().filter(|n| !n.weak) {
            if let Some(key) = Key::of(&name.text).filter(|key| key.length() > 3) {
                self.directory.insert(key, at);
            }
        }
        self.add_rows(at, Some(row));
        at
    }

    /// Makes one party of those named with and without their legal form.
    fn unite(&mut self) {
        let mut alias: Vec<u32> = (0..self.nodes.len() as u32).collect();
        let root = |alias: &[u32], mut node: u32| {
            while alias[node as usize] != node {
                node = alias[node as usize];
            }
            node
        };
        for (bare, full) in self.directory.same() {
            // A party of several names may be united already.
            let (from, to) = (root(&alias, bare), root(&alias, full));
            if from == to {
                continue;
            }
            alias[from as usize] = to;
            let bare = std::mem::take(&mut self.nodes[from as usize]);
            let full = &mut self.nodes[to as usize];
            full.owners.extend(bare.owners);
            full.rows.extend(bare.rows);
            full.rows.sort_unstable();
            full.rows.dedup();
        }
        for node in 0..alias.len() {
            alias[node] = root(&alias, node as u32);
        }
        for link in self.nodes.iter_mut().flat_map(|node| &mut node.owners) {
            link.owner = alias[link.owner as usize];
        }
        self.directory.redirect(&alias);
    }

    fn add_rows(&mut self, at: u32, rows: impl IntoIterator<Item = u32>) {
        let known = &mut self.nodes[at as usize].rows;
        known.extend(rows);
        known.sort_unstable();
        known.dedup();
    }

    /// What the owners of the party of this name make of it, under each regime that reaches it.
    ///
    /// `is_listed` says whether an entry counts under a regime on the day of the screening. Edges from after `day` are
    /// left out; of several edges between two parties the latest counts, of undated ones the greatest. `folded` is
    /// working memory.
    ///
    /// # Errors
    /// When there are more than [`MAX_OWNERS`] owners above it: then nothing is known.
    pub fn judge(
        &self,
        name: &str,
        day: Option<Date>,
        is_listed: impl Fn(&Regime, u32) -> bool,
        folded: &mut Folded,
    ) -> Result<Vec<Owned>, TooMany> {
        let (starts, is_certain) = self.directory.find(name, folded);
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
        start: u32,
        day: Option<Date>,
        is_listed: &impl Fn(&Regime, u32) -> bool,
    ) -> Result<Vec<Owned>, TooMany> {
        if self.nodes[start as usize].owners.is_empty() {
            return Ok(Vec::new());
        }
        // The party and everyone above it; numbers below are places in `above`.
        let mut above: Vec<u32> = vec![start];
        let mut place: FxHashMap<u32, usize> = FxHashMap::from_iter([(start, 0)]);
        let mut links: Vec<Vec<(usize, &Link)>> = Vec::new();
        let mut at = 0;
        while at < above.len() {
            let mut of_node: Vec<(usize, &Link)> = Vec::new();
            for link in in_force(&self.nodes[above[at] as usize].owners, day) {
                let owner = *place.entry(link.owner).or_insert_with(|| {
                    above.push(link.owner);
                    above.len() - 1
                });
                of_node.push((owner, link));
            }
            if above.len() > MAX_OWNERS {
                return Err(TooMany);
            }
            links.push(of_node);
            at += 1;
        }
        let mut found = Vec::new();
        for (number, regime) in Regime::all().iter().enumerate() {
            let listed: Vec<Option<u32>> = above
                .iter()
                .enumerate()
                .map(|(at, node)| {
                    // The party's own listing is not this rule's business.
                    let rows = if at == 0 { &[][..] } else { &self.nodes[*node as usize].rows[..] };
                    rows.iter().copied().find(|row| is_listed(regime, *row))
                })
                .collect();
            if listed.iter().all(Option::is_none) {
                continue;
            }
            let certain = owned(&links, &listed, regime, false);
            let possible = owned(&links, &listed, regime, true);
            if possible[0] {
                found.push(self.describe(number, regime, &above, &links, &listed, &certain, &possible));
            }
        }
        Ok(found)
    }

    #[expect(clippy::too_many_arguments, reason = "the parts of one judgement, each with a name of its own")]
    fn describe(
        &self,
        number: usize,
        regime: &Regime,
        above: &[u32],
        links: &[Vec<(usize, &Link)>],
        listed: &[Option<u32>],
        certain: &[bool],
        possible: &[bool],
    ) -> Owned {
        let counts = |at: usize, set: &[bool]| listed[at].is_some() || (at != 0 && set[at]);
        let shares = links[0].iter().filter(|(at, _)| counts(*at, certain)).filter_map(|(_, l)| l.share.map(u32::from));
        let share = if regime.aggregate { shares.sum() } else { shares.max().unwrap_or(0) };
        let mut owners: Vec<(usize, Owner)> = Vec::new();
        for &(at, link) in links[0].iter().filter(|(at, _)| counts(*at, possible)) {
            let mut through: Vec<String> = Vec::new();
            let mut row = listed[at];
            if row.is_none() {
                let (path, listed_row) = path_up(at, links, listed, possible);
                through = path.iter().map(|p| self.nodes[above[*p] as usize].name.clone()).collect();
                row = listed_row;
            }
            let source = match &link.origin {
                Origin::Row(_) => "the list itself".to_owned(),
                Origin::Line(line, source) if source.is_empty() => format!("line {line} of the ownership file"),
                Origin::Line(line, source) => format!("{source}, line {line} of the ownership file"),
            };
            let name = self.nodes[above[at] as usize].name.clone();
            owners.push((at, Owner { name, share: link.share, row, through, source }));
        }
        owners.sort_by(|(a, x), (b, y)| y.share.cmp(&x.share).then(a.cmp(b)));
        let row = owners.iter().find_map(|(_, o)| o.row).unwrap_or_default();
        Owned {
            regime: number,
            is_certain: certain[0],
            is_namesake: false,
            share,
            owners: owners.into_iter().map(|(_, o)| o).collect(),
            row,
        }
    }
}

#[cfg(test)]
mod tests;
