//! Who owns a party: edges from the lists and from a file, and what listed owners make of it.
//!
//! A party counts as owned under a regime when the shares of owners that are listed, or owned themselves, reach the
//! regime's threshold: the way OFAC's FAQ 401 counts through layers. The least set of parties that satisfies this is
//! taken, so a ring of companies that only own each other is owned by nobody listed. Shares that are not known are
//! counted twice, as nothing and as all that is left: when the answer depends on it, it is "not known".
//!
//! Cost: a look-up for a party without owners; for others, their owners upwards, [`MAX_OWNERS`] at most.

mod regime;

pub use regime::{Regime, State};

use crate::entry::{Entry, RelationKind};
use crate::policy::OwnershipFile;
use crate::text::{Folded, Reading};
use jiff::civil::Date;
use rustc_hash::FxHashMap;

/// Owners looked at for one party, at most.
pub const MAX_OWNERS: usize = 2_000;

/// One way in which a party is owned.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Link {
    owner: u32,
    share: Option<u16>,
    date: Option<Date>,
    /// Row of the lists, or line of the file.
    origin: Origin,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Origin {
    Row(u32),
    Line(u64, String),
}

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
    by_name: FxHashMap<Box<str>, u32>,
    fingerprint: String,
}

/// What is known about a party's owners under one regime.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Owned {
    /// Number of the regime among [`Regime::all`].
    pub regime: usize,
    /// Whether the threshold is reached whatever the unknown shares are; otherwise it may be.
    pub is_certain: bool,
    /// Thousandths that listed owners hold for certain: the sum, or the greatest where the regime does not add up.
    pub share: u32,
    /// The owners that count, the greatest share first.
    pub owners: Vec<Owner>,
    /// The first row of a listed owner found upwards, for the finding to rest on.
    pub row: u32,
}

/// One owner that counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Owner {
    /// Its name.
    pub name: String,
    /// Thousandths; `None` when not known.
    pub share: Option<u16>,
    /// The row that lists it; `None` when it is itself only owned by listed parties.
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
    /// Builds the graph. `listed` finds the rows that list a party of this name, beside those known
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
        let key = key(name);
        if key.is_empty() {
            return None;
        }
        if let Some(known) = self.by_name.get(key.as_str()) {
            return Some(*known);
        }
        let at = self.push(name);
        self.by_name.insert(key.into_boxed_str(), at);
        Some(at)
    }

    /// The party of a row, under its primary name.
    fn row_node(&mut self, row: u32, entry: &Entry) -> u32 {
        let at = self.node(entry.primary_name()).unwrap_or_else(|| self.push(entry.primary_name()));
        // The other names of the row lead to the same party, unless they are another's already.
        for name in entry.names.iter().filter(|n| !n.weak) {
            let key = key(&name.text);
            if key.len() > 3 {
                self.by_name.entry(key.into_boxed_str()).or_insert(at);
            }
        }
        self.add_rows(at, Some(row));
        at
    }

    fn add_rows(&mut self, at: u32, rows: impl IntoIterator<Item = u32>) {
        let known = &mut self.nodes[at as usize].rows;
        known.extend(rows);
        known.sort_unstable();
        known.dedup();
    }

    /// What the owners of the party of this name make of it, under each regime that reaches it.
    ///
    /// `is_listed` says whether a row counts under a regime on the day of the screening. Edges from after `day` are
    /// left out; of several edges between two parties the latest counts, of undated ones the greatest.
    ///
    /// # Errors
    /// When there are more than [`MAX_OWNERS`] owners above it: then nothing is known.
    pub fn judge(
        &self,
        name: &str,
        day: Option<Date>,
        is_listed: impl Fn(&Regime, u32) -> bool,
    ) -> Result<Vec<Owned>, TooMany> {
        let Some(&start) = self.by_name.get(key(name).as_str()) else { return Ok(Vec::new()) };
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

    #[expect(clippy::too_many_arguments, reason = "the parts of one judgement, told apart by name")]
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
            share,
            owners: owners.into_iter().map(|(_, o)| o).collect(),
            row,
        }
    }
}

/// The way from an owner up to the first listed party: breadth first, so that the shortest is told.
fn path_up(
    from: usize,
    links: &[Vec<(usize, &Link)>],
    listed: &[Option<u32>],
    possible: &[bool],
) -> (Vec<usize>, Option<u32>) {
    let mut before: Vec<Option<usize>> = vec![None; links.len()];
    let mut queue = std::collections::VecDeque::from([from]);
    while let Some(at) = queue.pop_front() {
        if let Some(row) = listed[at] {
            let mut path = Vec::new();
            let mut step = at;
            while step != from {
                path.push(step);
                step = before[step].unwrap_or(from);
            }
            path.reverse();
            return (path, Some(row));
        }
        for &(owner, _) in &links[at] {
            if owner != from && owner != 0 && before[owner].is_none() && (listed[owner].is_some() || possible[owner]) {
                before[owner] = Some(at);
                queue.push_back(owner);
            }
        }
    }
    (Vec::new(), None)
}

/// The links that count on a day, one a pair: the latest, of undated ones the greatest share, one that is not known
/// counting as greater than any.
fn in_force(links: &[Link], day: Option<Date>) -> Vec<&Link> {
    let mut known: Vec<&Link> =
        links.iter().filter(|l| day.is_none_or(|day| l.date.is_none_or(|date| date <= day))).collect();
    let weight = |l: &Link| (l.date, l.share.map_or(u32::MAX, u32::from));
    known.sort_by(|a, b| a.owner.cmp(&b.owner).then_with(|| weight(b).cmp(&weight(a))));
    known.dedup_by_key(|l| l.owner);
    known
}

/// Which parties are owned: the least set that satisfies the regime. `possibly` counts a share that is not known as all
/// that the others leave.
fn owned(links: &[Vec<(usize, &Link)>], listed: &[Option<u32>], regime: &Regime, possibly: bool) -> Vec<bool> {
    let mut owned = vec![false; links.len()];
    // Each round adds at least one party or ends; a party is looked at again only when an owner of its was added.
    let mut below: Vec<Vec<usize>> = vec![Vec::new(); links.len()];
    for (at, of_node) in links.iter().enumerate() {
        for (owner, _) in of_node {
            below[*owner].push(at);
        }
    }
    let mut work: Vec<usize> = (0..links.len()).rev().collect();
    while let Some(at) = work.pop() {
        if owned[at] {
            continue;
        }
        let counts = |owner: usize| listed[owner].is_some() || (owned[owner] && owner != at);
        let known: u32 = links[at].iter().filter_map(|(_, l)| l.share.map(u32::from)).sum();
        let left = 1000u32.saturating_sub(known);
        let of = |link: &Link| match link.share {
            Some(share) => u32::from(share),
            None if possibly => left,
            None => 0,
        };
        let shares = links[at].iter().filter(|(owner, _)| counts(*owner)).map(|(_, link)| of(link));
        let total = if regime.aggregate {
            // Several unknown shares together are no more than what is left.
            let (known, unknown): (Vec<_>, Vec<_>) =
                links[at].iter().filter(|(owner, _)| counts(*owner)).partition(|(_, l)| l.share.is_some());
            let sum: u32 = known.iter().map(|(_, l)| of(l)).sum();
            sum + unknown.first().map_or(0, |(_, l)| of(l))
        } else {
            shares.max().unwrap_or(0)
        };
        if regime.is_reached(total) {
            owned[at] = true;
            work.extend(below[at].iter().copied());
        }
    }
    owned
}

/// Names are compared folded and without blanks.
fn key(name: &str) -> String {
    Folded::of(name, Reading::Plain).squeezed().to_owned()
}

#[cfg(test)]
mod tests;
