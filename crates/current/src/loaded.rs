//! One compiled set, and what an answer from it rests on: the lists as they are, or as they were known on a day.

use super::background;
use super::past::{Past, Then};
use arc_swap::ArcSwap;
use engine::screen::{Ages, Engine, Now, Scratch, Stop, Stopped};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use lists::{Freshness, ListAge, Snapshot, SourceRead};
use model::finding::Screening;
use model::shipment::{Problem, Shipment};
use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

/// One compiled set.
#[derive(Debug)]
pub struct Loaded {
    /// `None` only while being dropped.
    pub(super) engine: Option<Arc<Engine>>,
    pub(super) loaded_at: Timestamp,
    pub(super) generation: u64,
    pub(super) took: Duration,
    pub(super) freshness: ArcSwap<Freshness>,
    pub(super) past: Past,
    /// Digests of the stored publications it was made from.
    pub(super) stored: Vec<String>,
    /// What it was read from.
    pub(super) sources: Vec<SourceRead>,
    /// The digest over what that held; `None` where it cannot be told.
    pub(super) content: Option<[u8; 32]>,
    /// Required lists that it lacks, each in a sentence.
    pub(super) missing: Vec<String>,
}

/// How the problem of a shipment begins whose day in the past could not be answered for.
pub const PAST_UNREADABLE: &str = "the lists as they were known then cannot be read";

/// Lists as they were known on a day in the past.
#[derive(Clone, Debug)]
pub struct PastLists {
    /// Their entries.
    pub snapshot: Arc<Snapshot>,
    /// Whether they hold what was known on the day asked for, so that the dates of their entries do not decide.
    pub is_as_known: bool,
}

impl Loaded {
    /// The engine over this set.
    pub fn engine(&self) -> &Engine {
        self.shared().as_ref()
    }

    pub(super) fn shared(&self) -> &Arc<Engine> {
        self.engine.as_ref().expect("the engine is taken out only when the set is dropped")
    }

    /// When it came into force.
    pub fn loaded_at(&self) -> Timestamp {
        self.loaded_at
    }

    /// 1 for the first set, one more for each after it.
    pub fn generation(&self) -> u64 {
        self.generation
    }

    /// How old each list is.
    pub fn ages(&self, now: Timestamp) -> Vec<ListAge> {
        self.freshness.load().ages(now)
    }

    /// Required lists that are not in it or have too few entries, each in a sentence; empty when it is complete.
    pub fn missing(&self) -> &[String] {
        &self.missing
    }

    /// Whether a list is older than it may be.
    pub fn is_stale(&self, now: Timestamp) -> bool {
        self.freshness.load().is_stale(now)
    }

    /// Screens one shipment: against the lists as they were known on the day it names, where it names one, and
    /// with what must be said of lists that are older than they may be.
    pub fn screen(&self, shipment: &Shipment, scratch: &mut Scratch) -> Screening {
        let screen = |engine: &Engine, shipment: &Shipment, now: Now<'_>| Ok(engine.screen_now(shipment, now, scratch));
        match self.screen_with(shipment, screen) {
            Ok(screening) => screening,
            Err(Stopped) => unreachable!("nothing stops it"),
        }
    }

    /// As [`Loaded::screen`], unless `stop` says that nobody waits for it any more.
    ///
    /// # Errors
    /// [`Stopped`]: then nothing is known about the shipment.
    pub fn screen_until(
        &self,
        shipment: &Shipment,
        stop: Arc<dyn Stop>,
        scratch: &mut Scratch,
    ) -> Result<Screening, Stopped> {
        self.screen_with(shipment, |engine, shipment, now| engine.screen_until(shipment, now, stop, scratch))
    }

    fn screen_with(
        &self,
        shipment: &Shipment,
        screen: impl FnOnce(&Engine, &Shipment, Now<'_>) -> Result<Screening, Stopped>,
    ) -> Result<Screening, Stopped> {
        let at = Timestamp::now();
        let today = Some(at.to_zoned(TimeZone::UTC).date());
        let freshness = self.freshness.load();
        let with_age = |mut screening: Screening| {
            screening.lists.oldest = freshness.oldest(at);
            screening
        };
        if (shipment.known_on, shipment.as_of) == (None, None) {
            let stale = freshness.stale(at);
            let now = Now { today, ages: Ages::Known { stale: &stale } };
            return screen(self.engine(), shipment, now).map(with_age);
        }
        let now = Now { today, ages: Ages::NotAsked };
        match self.past.at(self.engine(), shipment.as_of, shipment.known_on) {
            Ok(None) => screen(self.engine(), shipment, now).map(with_age),
            Ok(Some(then)) => {
                // The set holds what was known; the entries' own dates would leave out what is known otherwise.
                let known_on = shipment.known_on.filter(|_| !then.is_as_known);
                let asked = Shipment { known_on, ..shipment.clone() };
                let mut screening = screen(then.engine(), &asked, now)?;
                screening.lists_used = then.used.clone();
                Ok(screening)
            }
            // A state that cannot be read is never "no finding".
            Err(why) => {
                let field_path = if shipment.known_on.is_some() { "knownOn" } else { "asOf" };
                let description = format!("{PAST_UNREADABLE}: {why}");
                let problem = Problem { field_path: field_path.to_owned(), description };
                Ok(self.engine().refuse(shipment.reference.clone(), vec![problem]))
            }
        }
    }

    /// The lists that answer for these days; `None`: those in force do.
    ///
    /// # Errors
    /// When they cannot be read or compiled, or not now.
    pub fn past_lists(
        &self,
        as_of: Option<Date>,
        known_on: Option<Date>,
    ) -> Result<Option<PastLists>, Box<dyn Error + Send + Sync>> {
        let lists = |then: Arc<Then>| PastLists {
            snapshot: Arc::clone(then.engine().snapshot()),
            is_as_known: then.is_as_known,
        };
        Ok(self.past.at(self.engine(), as_of, known_on)?.map(lists))
    }

    /// How long reading and compiling took.
    pub fn took(&self) -> Duration {
        self.took
    }
}

impl Drop for Loaded {
    /// The last holder may be a thread that answers calls; freeing millions of strings there would stall them.
    fn drop(&mut self) {
        // An engine that the next set took over lives on in it.
        if let Some(engine) = self.engine.take().and_then(Arc::into_inner) {
            background::detach("drop old lists", move || drop(engine));
        }
    }
}
