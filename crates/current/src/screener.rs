//! Whoever screens: the engine in this process or a running service. Both get the wire form and answer in it, so
//! that what is printed cannot differ.

use crate::Loaded;
use crate::answer;
use engine::screen::{Engine, Now, Scratch};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use model::finding::Screening;
use model::shipment::Shipment;
use std::cmp::Reverse;
use std::sync::Arc;
use wire::{list_age_to_wire, screening_to_wire, shipment_from_wire, v1};

/// Any error of a screener.
pub type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// What a screening is made with; every answer carries it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Identity {
    /// Fingerprint of the lists.
    pub snapshot: String,
    /// Fingerprint of the policy.
    pub policy: String,
    /// Name and version of the engine.
    pub engine: String,
    /// Each list with its entries and its age, in order of their ids; empty where they are not known.
    pub lists: Vec<v1::ListAge>,
}

impl Identity {
    /// What `engine` screens with.
    pub fn of(engine: &Engine) -> Self {
        Self {
            snapshot: engine.snapshot().fingerprint().to_owned(),
            policy: engine.policy_fingerprint(),
            engine: engine::screen::ENGINE.to_owned(),
            lists: Vec::new(),
        }
    }

    /// What `loaded` screens with, and how old its lists are.
    pub fn of_loaded(loaded: &Loaded) -> Self {
        let lists = loaded.ages(Timestamp::now()).into_iter().map(list_age_to_wire).collect();
        Self { lists, ..Self::of(loaded.engine()) }
    }

    /// Names in a verbose answer each list that it rests on. An answer for a day in the past names its own.
    pub fn name_lists(&self, screening: &mut v1::Screening) {
        if let Some(lists) = screening.lists.as_mut().filter(|_| screening.lists_used.is_empty()) {
            lists.each.clone_from(&self.lists);
        }
    }

    /// The lists in numbers.
    fn in_numbers(&self) -> v1::ListsInForce {
        let oldest = self.lists.iter().min_by_key(|l| (l.since.as_str(), Reverse(l.age_hours)));
        v1::ListsInForce {
            count: u32::try_from(self.lists.len()).unwrap_or(u32::MAX),
            entries: self.lists.iter().fold(0, |sum, list| sum.saturating_add(list.entries)),
            oldest: oldest.and_then(|l| l.since.get(..10)).unwrap_or_default().to_owned(),
            oldest_days: oldest.map_or(0, |l| l.age_hours / 24),
            each: Vec::new(),
        }
    }

    /// The answer to a record that never reached the engine.
    pub fn refuse(&self, reference: String, description: String) -> v1::Screening {
        v1::Screening {
            reference,
            summary: format!("Refused: {description}."),
            outcome: v1::screening::Outcome::Refused as i32,
            problems: vec![v1::Problem { field_path: String::new(), description }],
            snapshot: self.snapshot.clone(),
            policy: self.policy.clone(),
            engine: self.engine.clone(),
            lists: Some(self.in_numbers()),
            ..Default::default()
        }
    }
}

/// Screens for one thread.
pub trait Screener: Send {
    /// Answers each shipment, in order. A shipment that cannot be screened is answered as refused. Only `verbose` answers need
    /// say which rules ran and which could not, and how party cells were read.
    ///
    /// # Errors
    /// When there is no answer at all, for example because the service cannot be reached.
    fn screen(&mut self, shipments: Vec<v1::Shipment>, verbose: bool) -> Result<Vec<v1::Screening>, BoxError>;

    /// Whether [`Screener::refused`] wants to know of records that could not be read.
    fn wants_refused(&self) -> bool {
        false
    }

    /// Hears of records that could not be read, with the refusals that answer them, before these leave.
    ///
    /// # Errors
    /// When the refusals must not leave.
    fn refused(&mut self, _unread: Vec<Unread>, _verbose: bool) -> Result<(), BoxError> {
        Ok(())
    }
}

/// A record that could not be read.
#[derive(Clone, Debug)]
pub struct Unread {
    /// As it was received.
    pub received: Vec<u8>,
    /// The refusal that answers it.
    pub answer: v1::Screening,
}

/// The engine in this process.
#[derive(Debug)]
pub struct Local {
    loaded: Arc<Loaded>,
    scratch: Scratch,
}

impl Local {
    /// Screens with this set.
    pub fn new(loaded: Arc<Loaded>) -> Self {
        Self { loaded, scratch: Scratch::default() }
    }

    /// Answers a shipment in the engine's own form, with the shipment as it was understood: for callers in this process,
    /// who need not go by the form of the wire. [`screening_to_wire`] makes of it what [`Screener::screen`] answers.
    pub fn answer(&mut self, shipment: v1::Shipment, verbose: bool) -> (Shipment, Screening) {
        let Self { loaded, scratch } = self;
        screened(shipment, verbose, |shipment| loaded.screen(shipment, scratch))
    }
}

impl Screener for Local {
    fn screen(&mut self, shipments: Vec<v1::Shipment>, verbose: bool) -> Result<Vec<v1::Screening>, BoxError> {
        let Self { loaded, scratch } = self;
        Ok(answers(shipments, verbose, |shipment| loaded.screen(shipment, scratch)))
    }
}

/// An engine alone, which knows neither earlier lists nor how old the present ones are: to try a policy.
#[derive(Debug)]
pub struct Bare {
    engine: Arc<Engine>,
    scratch: Scratch,
}

impl Bare {
    /// Screens with this engine.
    pub fn new(engine: Arc<Engine>) -> Self {
        Self { engine, scratch: Scratch::default() }
    }
}

impl Screener for Bare {
    fn screen(&mut self, shipments: Vec<v1::Shipment>, verbose: bool) -> Result<Vec<v1::Screening>, BoxError> {
        let Self { engine, scratch } = self;
        let today = Some(Timestamp::now().to_zoned(TimeZone::UTC).date());
        let now = Now { today, ..Now::default() };
        Ok(answers(shipments, verbose, |shipment| engine.screen_now(shipment, now, scratch)))
    }
}

fn answers(
    shipments: Vec<v1::Shipment>,
    verbose: bool,
    mut screen: impl FnMut(&Shipment) -> Screening,
) -> Vec<v1::Screening> {
    shipments.into_iter().map(|shipment| screening_to_wire(screened(shipment, verbose, &mut screen).1)).collect()
}

fn screened(
    shipment: v1::Shipment,
    verbose: bool,
    screen: impl FnOnce(&Shipment) -> Screening,
) -> (Shipment, Screening) {
    let shipment = shipment_from_wire(shipment);
    let mut screening = answer::with_detail(screen(&shipment), &shipment, verbose);
    if !verbose {
        // Nobody writes them, and they are one text for each rule.
        screening.rules_run.clear();
    }
    (shipment, screening)
}
