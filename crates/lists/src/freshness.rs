//! How old each list is, and how old it may be.
//!
//! A list that is fetched is as old as the last time its publisher confirmed it; a file given by hand is as old as the
//! day of publication it states, or else as the file; a whole list inside the program as the last day on which its text was
//! the publisher's current one; a curated list as the last day on which somebody read an entry at its source. A fetched
//! list has the limit of the catalogue, a whole list inside the program that of `lists/us/lists.toml`; any list can be given
//! one.
//!
//! A list from several sources is as old as the oldest of them: none lends its date to another. The curated entries in the
//! program, which are an extract, have no say about a list that is there from elsewhere.

use crate::catalogue::catalogue;
use crate::error::Error;
use crate::reading::{ListRead, Origin, SourceRead};
use crate::source::BUILTIN;
use crate::store::{Store, StoreError};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use model::entry::ListId;
use model::finding::{Oldest, StaleList};
use model::snapshot::{Snapshot, count};
use std::collections::BTreeMap;
use std::path::Path;

/// Hours that a list may be old, by the id of the list or of its publication, or `builtin` for the whole lists inside the
/// program; 0 for no limit.
pub type StaleAfter = BTreeMap<String, u32>;

/// What the ages of the lists in force count from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Freshness {
    lists: Vec<ListBasis>,
    /// When the first list that is not stale yet will be.
    next_stale: Option<Timestamp>,
    /// From when the age of the oldest list counts; `None` when nothing gives the age of a list.
    oldest: Option<(Timestamp, Date)>,
}

/// What the ages of the sources of one list count from; never empty.
#[derive(Clone, Debug, PartialEq, Eq)]
struct ListBasis {
    list: ListId,
    title: String,
    entries: u32,
    /// Hours after which a fetched copy is stale by default; 0 for a list that the catalogue does not fetch.
    usual_hours: u32,
    sources: Vec<Basis>,
}

/// What the age of a source counts from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Basis {
    since: Option<Timestamp>,
    basis: AgeBasis,
    limit_hours: u32,
}

/// What an age counts from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AgeBasis {
    /// Nothing gives it.
    Unknown,
    /// The last time the publisher confirmed what was fetched.
    Confirmed,
    /// The day of publication that the file states.
    Published,
    /// The file's own time; it states no day of publication.
    FileTime,
    /// The last day on which a person read an entry at the publisher.
    Read,
}

/// How old a list is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListAge {
    /// List id.
    pub list: ListId,
    /// Title.
    pub title: String,
    /// Entries in force.
    pub entries: u32,
    /// From when its age counts; `None` when nothing gives it.
    pub since: Option<Timestamp>,
    /// What that is.
    pub basis: AgeBasis,
    /// Whole hours since then; `None` when nothing gives it.
    pub age_hours: Option<u32>,
    /// Hours it may be old; 0 for no limit.
    pub limit_hours: u32,
    /// Older than it may be. A list with a limit whose age nothing gives is stale.
    pub is_stale: bool,
    /// No limit is set for it, and it is older than a fetched copy may be.
    pub is_old: bool,
}

impl Freshness {
    /// Of the lists of a snapshot that was made of `sources`, some of them fetched into `store`.
    ///
    /// # Errors
    /// When the histories of the data directory cannot be read.
    pub fn of(
        snapshot: &Snapshot,
        sources: &[SourceRead],
        store: Option<&Path>,
        stale_after: &StaleAfter,
    ) -> Result<Self, Error> {
        let fetched = fetched(store, stale_after)?;
        let mut lists: Vec<ListBasis> = Vec::new();
        for info in snapshot.lists().chunk_by(|a, b| a.id == b.id).map(|infos| &infos[0]) {
            let limit = |default: u32| stale_after.get(info.id.as_str()).copied().unwrap_or(default);
            let by_hand = limit(limit_by_publication(&info.id, stale_after));
            // Of several publications with the list, the one confirmed last gives its age.
            let of_store = fetched.iter().filter(|(id, ..)| *id == info.id).max_by_key(|(_, since, _)| *since);
            let mut of_list: Vec<Basis> = of_store
                .map(|&(_, since, hours)| Basis { since, basis: AgeBasis::Confirmed, limit_hours: limit(hours) })
                .into_iter()
                .collect();
            let mut of_curated = Basis { since: None, basis: AgeBasis::Unknown, limit_hours: by_hand };
            for source in sources {
                let Some(list) = source.list(&info.id) else { continue };
                match &source.origin {
                    Origin::File { modified, .. } => of_list.push(Basis::of_file(list, *modified, by_hand)),
                    Origin::Builtin => {
                        let hours = stale_after.get(BUILTIN).copied().unwrap_or(list.fresh_hours);
                        of_list.push(Basis::of_builtin(list, limit(hours)));
                    }
                    Origin::Curated => of_curated = Basis::of_file(list, None, by_hand),
                    Origin::Stored { .. } => {}
                }
            }
            if of_list.is_empty() {
                of_list.push(of_curated);
            }
            lists.push(ListBasis {
                list: info.id.clone(),
                title: info.title.clone(),
                entries: count(snapshot.entries_of(&info.id).len()),
                usual_hours: usual_hours(&info.id),
                sources: of_list,
            });
        }
        let all = || lists.iter().flat_map(|l| &l.sources);
        let next_stale = all().filter_map(Basis::stale_from).min();
        // `None` comes first: an age that nothing gives may be any.
        let oldest = all().map(|b| b.since).min().flatten();
        let oldest = oldest.map(|at| (at, at.to_zoned(TimeZone::UTC).date()));
        Ok(Self { lists, next_stale, oldest })
    }

    /// How old each list is.
    pub fn ages(&self, now: Timestamp) -> Vec<ListAge> {
        self.lists.iter().map(|list| list.age(now)).collect()
    }

    /// The day from which the age of the oldest list counts; `None` when nothing gives the age of a list.
    pub fn oldest(&self, now: Timestamp) -> Option<Oldest> {
        let (at, since) = self.oldest?;
        let days = u32::try_from(now.duration_since(at).as_hours() / 24).unwrap_or(0);
        Some(Oldest { since, days })
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
        let stale = self.ages(now).into_iter().filter(|a| a.is_stale);
        stale
            .map(|a| StaleList { list: a.list, title: a.title, age_hours: a.age_hours, limit_hours: a.limit_hours })
            .collect()
    }
}

/// Each list of the publications in force, when its publisher last confirmed it, and its limit.
fn fetched(store: Option<&Path>, stale_after: &StaleAfter) -> Result<Vec<(ListId, Option<Timestamp>, u32)>, Error> {
    let unreadable = |error: StoreError| Error::Store { problem: error.to_string() };
    let mut fetched = Vec::new();
    let Some(root) = store else { return Ok(fetched) };
    for stored in Store::existing(root).and_then(|store| store.current()).map_err(unreadable)? {
        let known = catalogue().publication(&stored.publication).map(|p| p.fresh_hours);
        let limit = stale_after.get(&stored.publication).copied().or(known).unwrap_or(0);
        fetched.extend(stored.held.lists.into_iter().map(|l| (l.id, stored.checked_at, limit)));
    }
    Ok(fetched)
}

/// The strictest limit given to a publication that has the list, for a file of it; 0 when none is given.
fn limit_by_publication(list: &ListId, stale_after: &StaleAfter) -> u32 {
    let publications = catalogue().publications().iter().filter(|p| p.lists.contains(list));
    publications.filter_map(|p| stale_after.get(&p.id).copied()).filter(|hours| *hours > 0).min().unwrap_or(0)
}

/// Hours after which a fetched copy of a list is stale by default; 0 when no publication in the catalogue has it.
fn usual_hours(list: &ListId) -> u32 {
    let publications = catalogue().publications().iter().filter(|p| p.closed.is_none() && p.lists.contains(list));
    publications.map(|p| p.fresh_hours).max().unwrap_or(0)
}

impl AgeBasis {
    /// Whether it is the day of a copy of the list, rather than that on which somebody read an entry.
    fn is_of_a_copy(self) -> bool {
        matches!(self, Self::Published | Self::FileTime)
    }
}

/// The first moment of a day, in UTC.
fn midnight(day: Date) -> Option<Timestamp> {
    day.to_zoned(TimeZone::UTC).map(|z| z.timestamp()).ok()
}

impl Basis {
    /// Of a whole list inside the program: the last day on which its text was the publisher's current one counts.
    fn of_builtin(list: &ListRead, limit_hours: u32) -> Self {
        let read = list.read_on.and_then(midnight).map(|at| (Some(at), AgeBasis::Read));
        let published = || list.published.and_then(midnight).map(|at| (Some(at), AgeBasis::Published));
        let (since, basis) = read.or_else(published).unwrap_or((None, AgeBasis::Unknown));
        Self { since, basis, limit_hours }
    }

    fn of_file(list: &ListRead, modified: Option<Timestamp>, limit_hours: u32) -> Self {
        let published = list.published.and_then(midnight).map(|at| (at, AgeBasis::Published));
        let read = || list.read_on.and_then(midnight).map(|at| (at, AgeBasis::Read));
        let of_file = || modified.map(|at| (at, AgeBasis::FileTime));
        let known = published.or_else(read).or_else(of_file);
        let (since, basis) = known.map_or((None, AgeBasis::Unknown), |(at, basis)| (Some(at), basis));
        Self { since, basis, limit_hours }
    }

    /// From when it is stale; `None` for never.
    fn stale_from(&self) -> Option<Timestamp> {
        (self.limit_hours > 0).then(|| {
            let limit = SignedDuration::from_hours(i64::from(self.limit_hours));
            self.since.map_or(Timestamp::MIN, |since| since.saturating_add(limit).unwrap_or(Timestamp::MAX))
        })
    }

    fn is_stale(&self, now: Timestamp) -> bool {
        self.stale_from().is_some_and(|at| now >= at)
    }
}

impl ListBasis {
    fn age(&self, now: Timestamp) -> ListAge {
        let hours = |since: Timestamp| u32::try_from(now.duration_since(since).as_hours()).unwrap_or(0);
        let worst = self.sources.iter().min_by_key(|b| (!b.is_stale(now), b.since));
        let worst = worst.expect("a list has a source");
        let age_hours = worst.since.map(hours);
        let is_older = self.usual_hours > 0 && age_hours.is_some_and(|age| age >= self.usual_hours);
        ListAge {
            list: self.list.clone(),
            title: self.title.clone(),
            entries: self.entries,
            since: worst.since,
            basis: worst.basis,
            age_hours,
            limit_hours: worst.limit_hours,
            is_stale: worst.is_stale(now),
            is_old: worst.limit_hours == 0 && is_older && worst.basis.is_of_a_copy(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Source, read_all};
    use std::fs;

    #[test]
    fn a_list_grows_stale_by_the_clock() {
        let read = read_all(&[Source::Curated]).unwrap();
        let list = ListId::new("us-bis-el");
        let of = |stale_after: &StaleAfter| Freshness::of(&read.snapshot, &read.sources, None, stale_after).unwrap();
        let ages = of(&StaleAfter::new()).ages(Timestamp::UNIX_EPOCH);
        let since = ages.iter().find(|a| a.list == list).and_then(|a| a.since).expect("it has a day");
        let at = |hours: i64| since + SignedDuration::from_hours(hours);
        assert_eq!(of(&StaleAfter::new()).stale(at(100_000)), []);
        let limited = of(&StaleAfter::from([("us-bis-el".to_owned(), 48)]));
        assert_eq!(limited.stale(at(47)), []);
        let [stale] = &limited.stale(at(50))[..] else { panic!() };
        assert_eq!((stale.list.as_str(), stale.age_hours, stale.limit_hours), ("us-bis-el", Some(50), 48));
        let ages = limited.ages(at(50));
        assert_eq!(ages.iter().filter(|a| a.is_stale).count(), 1);
        assert!(ages.len() > 5 && ages.iter().all(|a| a.since.is_some()));
        assert_eq!(limited.oldest(at(50)).map(|o| o.since), ages.iter().filter_map(|a| a.since).min().map(day));
    }

    fn day(at: Timestamp) -> Date {
        at.to_zoned(TimeZone::UTC).date()
    }

    /// A file that states no date is as old as it is, whatever the program's own entries of that list say.
    #[test]
    fn a_file_is_as_old_as_it_says_or_else_as_its_time_and_borrows_no_date() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("own.csv");
        fs::write(&path, "name;id;list\nBrambleton Optics;b1;us-bis-el\n").unwrap();
        let file = fs::File::options().write(true).open(&path).unwrap();
        let changed: Timestamp = "2024-03-01T08:30:00Z".parse().unwrap();
        file.set_modified(changed.into()).unwrap();
        let read = read_all(&[Source::Builtin, Source::Path(path)]).unwrap();
        let stale_after = StaleAfter::from([("us-bis-el".to_owned(), 72)]);
        let freshness = Freshness::of(&read.snapshot, &read.sources, None, &stale_after).unwrap();
        let now: Timestamp = "2024-03-05T08:30:00Z".parse().unwrap();
        let ages = freshness.ages(now);
        let age = ages.iter().find(|a| a.list.as_str() == "us-bis-el").unwrap();
        assert_eq!((age.since, age.basis, age.age_hours), (Some(changed), AgeBasis::FileTime, Some(96)));
        assert!(age.is_stale && age.entries > 1);
        assert_eq!(freshness.stale(now).len(), 1);
        assert_eq!(freshness.oldest(now), Some(Oldest { since: day(changed), days: 4 }));

        // A limit of the publication counts for a file of it.
        let of_publication = StaleAfter::from([("us-csl".to_owned(), 72)]);
        let freshness = Freshness::of(&read.snapshot, &read.sources, None, &of_publication).unwrap();
        assert!(freshness.stale(now).iter().any(|s| s.list.as_str() == "us-bis-el" && s.limit_hours == 72));

        // Without a limit it is not stale, and is said to be old.
        let freshness = Freshness::of(&read.snapshot, &read.sources, None, &StaleAfter::new()).unwrap();
        let age = freshness.ages(now).into_iter().find(|a| a.list.as_str() == "us-bis-el").unwrap();
        assert!(!age.is_stale && age.is_old);
    }

    /// The whole lists inside the program have a limit of their own, each from the day its text was current.
    #[test]
    fn the_lists_inside_the_program_grow_stale() {
        let read = read_all(&[Source::Builtin]).unwrap();
        let of = |stale_after: &StaleAfter| Freshness::of(&read.snapshot, &read.sources, None, stale_after).unwrap();
        let at = |day: &str| format!("{day}T00:00:00Z").parse::<Timestamp>().unwrap();
        let fresh = of(&StaleAfter::new());
        let stale = |day| fresh.stale(at(day)).into_iter().map(|s| s.list.to_string()).collect::<Vec<_>>();
        assert_eq!(stale("2027-04-13"), [""; 0]);
        assert_eq!(stale("2027-04-14"), ["us-bis-dpl"]);
        assert_eq!(stale("2027-07-10").len(), 10);
        let el = fresh.ages(at("2026-07-11")).into_iter().find(|a| a.list.as_str() == "us-bis-el").unwrap();
        assert_eq!((el.age_hours, el.limit_hours), (Some(48), 365 * 24));
        let other = |hours| StaleAfter::from([("builtin".to_owned(), hours)]);
        let none = of(&other(0));
        assert_eq!(none.stale(at("2040-01-01")), []);
        let short = of(&other(24));
        assert_eq!(short.stale(at("2026-07-11")).len(), 10);
    }
}
