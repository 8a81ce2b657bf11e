//! How old each list is, and how old it may be.
//!
//! A list that is fetched is as old as the last time its publisher confirmed it; a file given by hand is as old as the
//! day of publication it states; a whole list inside the program as the last day on which its text was the publisher's
//! current one; a curated list as the last day on which somebody read an entry at its source. A fetched list has the
//! limit of the catalogue, a whole list inside the program that of `lists/us/lists.toml`; any list can be given one.

use crate::catalogue::catalogue;
use crate::error::Error;
use crate::source::BUILTIN;
use crate::store::{Store, StoreError};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use model::entry::ListId;
use model::finding::StaleList;
use model::snapshot::Snapshot;
use std::collections::BTreeMap;
use std::path::Path;

/// Hours that a list may be old, by the id of the list or of its publication, or `builtin` for the whole lists inside the
/// program; 0 for no limit.
pub type StaleAfter = BTreeMap<String, u32>;

/// What the ages of the lists in force count from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Freshness {
    lists: Vec<Basis>,
    /// When the first list that is not stale yet will be.
    next_stale: Option<Timestamp>,
}

/// What the age of a list counts from.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Basis {
    list: ListId,
    title: String,
    since: Option<Timestamp>,
    limit_hours: u32,
}

/// How old a list is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListAge {
    /// List id.
    pub list: ListId,
    /// Title.
    pub title: String,
    /// From when its age counts; `None` when nothing gives it.
    pub since: Option<Timestamp>,
    /// Whole hours since then; `None` when nothing gives it.
    pub age_hours: Option<u32>,
    /// Hours it may be old; 0 for no limit.
    pub limit_hours: u32,
    /// Older than it may be. A list with a limit whose age nothing gives is stale.
    pub is_stale: bool,
}

impl Freshness {
    /// Of the lists of a snapshot, some of them fetched into `store`.
    ///
    /// # Errors
    /// When the histories of the data directory cannot be read.
    pub fn of(snapshot: &Snapshot, store: Option<&Path>, stale_after: &StaleAfter) -> Result<Self, Error> {
        let unreadable = |error: StoreError| Error::Store { problem: error.to_string() };
        let mut by_list: BTreeMap<&ListId, Basis> = BTreeMap::new();
        let mut fetched: Vec<(ListId, Option<Timestamp>, u32)> = Vec::new();
        if let Some(root) = store {
            let store = Store::open(root).map_err(unreadable)?;
            for stored in store.current().map_err(unreadable)? {
                let known = catalogue().publication(&stored.publication).map(|p| p.fresh_hours);
                let limit = stale_after.get(&stored.publication).copied().or(known).unwrap_or(0);
                fetched.extend(stored.held.lists.into_iter().map(|l| (l.id, stored.checked_at, limit)));
            }
        }
        let midnight = |day: Date| day.to_zoned(TimeZone::UTC).map(|z| z.timestamp()).ok();
        for info in snapshot.lists() {
            // Of several publications with the list, the one confirmed last gives its age.
            let of_store = fetched.iter().filter(|(id, ..)| *id == info.id).max_by_key(|(_, since, _)| *since);
            let (since, limit) = match of_store {
                Some((_, since, limit)) => (*since, *limit),
                None if info.fresh_hours > 0 => {
                    let limit = stale_after.get(BUILTIN).copied().unwrap_or(info.fresh_hours);
                    (info.read.or(info.published).and_then(midnight), limit)
                }
                None => (info.published.and_then(midnight), 0),
            };
            let limit_hours = stale_after.get(info.id.as_str()).copied().unwrap_or(limit);
            let basis = Basis { list: info.id.clone(), title: info.title.clone(), since, limit_hours };
            match by_list.get_mut(&info.id) {
                // A list from several files is as fresh as the freshest.
                Some(known) if known.since < since => *known = basis,
                Some(_) => {}
                None => drop(by_list.insert(&info.id, basis)),
            }
        }
        for list in snapshot.entries().chunk_by(|a, b| a.list == b.list) {
            if let Some(basis) = by_list.get_mut(&list[0].list).filter(|b| b.since.is_none()) {
                basis.since = list.iter().filter_map(|e| e.read_on).max().and_then(midnight);
            }
        }
        let lists: Vec<Basis> = by_list.into_values().collect();
        let next_stale = lists.iter().filter_map(Basis::stale_from).min();
        Ok(Self { lists, next_stale })
    }

    /// How old each list is.
    pub fn ages(&self, now: Timestamp) -> Vec<ListAge> {
        self.lists.iter().map(|basis| basis.age(now)).collect()
    }

    /// Whether a list is older than it may be.
    pub fn is_stale(&self, now: Timestamp) -> bool {
        self.next_stale.is_some_and(|at| now >= at)
    }

    /// The lists that are older than they may be. Costs nothing while there is none.
    pub fn stale(&self, now: Timestamp) -> Vec<StaleList> {
        if !self.is_stale(now) {
            return Vec::new();
        }
        let stale = self.lists.iter().map(|b| b.age(now)).filter(|a| a.is_stale);
        stale
            .map(|a| StaleList { list: a.list, title: a.title, age_hours: a.age_hours, limit_hours: a.limit_hours })
            .collect()
    }
}

impl Basis {
    /// From when it is stale; `None` for never.
    fn stale_from(&self) -> Option<Timestamp> {
        (self.limit_hours > 0).then(|| {
            let limit = SignedDuration::from_hours(i64::from(self.limit_hours));
            self.since.map_or(Timestamp::MIN, |since| since.saturating_add(limit).unwrap_or(Timestamp::MAX))
        })
    }

    fn age(&self, now: Timestamp) -> ListAge {
        let hours = |since: Timestamp| u32::try_from(now.duration_since(since).as_hours()).unwrap_or(0);
        ListAge {
            list: self.list.clone(),
            title: self.title.clone(),
            since: self.since,
            age_hours: self.since.map(hours),
            limit_hours: self.limit_hours,
            is_stale: self.stale_from().is_some_and(|at| now >= at),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Source;

    #[test]
    fn a_list_grows_stale_by_the_clock() {
        let snapshot = crate::load(&[Source::Curated]).unwrap();
        let since: Timestamp = "2026-11-22T00:00:00Z".parse().unwrap();
        let at = |hours: i64| since + SignedDuration::from_hours(hours);
        let free = Freshness::of(&snapshot, None, &StaleAfter::new()).unwrap();
        assert_eq!(free.stale(at(100_000)), []);
        let limited = StaleAfter::from([("us-bis-el".to_owned(), 48)]);
        let limited = Freshness::of(&snapshot, None, &limited).unwrap();
        assert_eq!(limited.stale(at(47)), []);
        let [stale] = &limited.stale(at(50))[..] else { panic!() };
        assert_eq!((stale.list.as_str(), stale.age_hours, stale.limit_hours), ("us-bis-el", Some(50), 48));
        let ages = limited.ages(at(50));
        assert_eq!(ages.iter().filter(|a| a.is_stale).count(), 1);
        assert!(ages.len() > 5 && ages.iter().all(|a| a.since == Some(since)));
    }

    /// The whole lists inside the program have a limit of their own, each from the day its text was current.
    #[test]
    fn the_lists_inside_the_program_grow_stale() {
        let snapshot = crate::load(&[Source::Builtin]).unwrap();
        let at = |day: &str| format!("{day}T00:00:00Z").parse::<Timestamp>().unwrap();
        let fresh = Freshness::of(&snapshot, None, &StaleAfter::new()).unwrap();
        let stale = |day| fresh.stale(at(day)).into_iter().map(|s| s.list.to_string()).collect::<Vec<_>>();
        assert_eq!(stale("2027-04-13"), [""; 0]);
        assert_eq!(stale("2027-04-14"), ["us-bis-dpl"]);
        assert_eq!(stale("2027-07-10").len(), 10);
        let el = fresh.ages(at("2026-07-11")).into_iter().find(|a| a.list.as_str() == "us-bis-el").unwrap();
        assert_eq!((el.age_hours, el.limit_hours), (Some(48), 365 * 24));
        let other = |hours| StaleAfter::from([("builtin".to_owned(), hours)]);
        let none = Freshness::of(&snapshot, None, &other(0)).unwrap();
        assert_eq!(none.stale(at("2040-01-01")), []);
        let short = Freshness::of(&snapshot, None, &other(24)).unwrap();
        assert_eq!(short.stale(at("2026-07-11")).len(), 10);
    }
}
