//! Whoever screens: the engine in this process or a running service. Both get the wire form and answer in it, so
//! that what is printed cannot differ.

use crate::answer;
use crate::current::Loaded;
use engine::screen::{Engine, Scratch};
use model::finding::Screening;
use model::shipment::Shipment;
use std::sync::Arc;
use wire::{screening_to_wire, shipment_from_wire, v1};

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
}

impl Identity {
    /// What `engine` screens with.
    pub fn of(engine: &Engine) -> Self {
        Self {
            snapshot: engine.snapshot().fingerprint().to_owned(),
            policy: engine.policy_fingerprint(),
            engine: engine::screen::ENGINE.to_owned(),
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
            ..Default::default()
        }
    }
}

/// Screens for one thread.
pub trait Screener: Send {
    /// Answers each shipment, in order. A shipment that cannot be screened is answered as refused. `verbose` answers also
    /// say which rules could not run, and how party cells were read.
    ///
    /// # Errors
    /// When there is no answer at all, for example because the service cannot be reached.
    fn screen(&mut self, shipments: Vec<v1::Shipment>, verbose: bool) -> Result<Vec<v1::Screening>, BoxError>;
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
        Ok(answers(shipments, verbose, |shipment| engine.screen(shipment, scratch)))
    }
}

fn answers(
    shipments: Vec<v1::Shipment>,
    verbose: bool,
    mut screen: impl FnMut(&Shipment) -> Screening,
) -> Vec<v1::Screening> {
    let answer = |mut wire: v1::Shipment| {
        let reference = std::mem::take(&mut wire.reference);
        let shipment = Shipment { reference, ..shipment_from_wire(wire) };
        screening_to_wire(answer::with_detail(screen(&shipment), &shipment, verbose))
    };
    shipments.into_iter().map(answer).collect()
}
