//! What shares come to: which edges count on a day, who is owned, and by way of whom.

use super::link::Link;
use super::regime::Regime;
use jiff::civil::Date;
use model::ids::EntryId;

/// The way from an owner up to the first listed party: breadth first, so that the shortest is reported.
pub(super) fn path_up(
    from: usize,
    links: &[Vec<(usize, &Link)>],
    listed: &[Option<EntryId>],
    possible: &[bool],
) -> (Vec<usize>, Option<EntryId>) {
    let mut before: Vec<Option<usize>> = vec![None; links.len()];
    let mut queue = std::collections::VecDeque::from([from]);
    while let Some(at) = queue.pop_front() {
        if let Some(entry) = listed[at] {
            let mut path = Vec::new();
            let mut step = at;
            while step != from {
                path.push(step);
                step = before[step].unwrap_or(from);
            }
            path.reverse();
            return (path, Some(entry));
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
pub(super) fn in_force(links: &[Link], day: Option<Date>) -> Vec<&Link> {
    let mut known: Vec<&Link> =
        links.iter().filter(|l| day.is_none_or(|day| l.date.is_none_or(|date| date <= day))).collect();
    let weight = |l: &Link| (l.date, l.share.map_or(u32::MAX, u32::from));
    known.sort_by(|a, b| a.owner.cmp(&b.owner).then_with(|| weight(b).cmp(&weight(a))));
    known.dedup_by_key(|l| l.owner);
    known
}

/// Which parties are owned: the least set that satisfies the regime. `possibly` counts a share that is not known as all
/// that the others leave.
pub(super) fn owned(
    links: &[Vec<(usize, &Link)>],
    listed: &[Option<EntryId>],
    regime: &Regime,
    possibly: bool,
) -> Vec<bool> {
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
