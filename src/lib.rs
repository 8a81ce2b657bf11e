//! Tidewaiter screens shipments against official denied-party lists and says exactly why.
//!
//! ```
//! use engine::policy::Policy;
//! use engine::screen::{Engine, Limits, Scratch};
//! use lists::Source;
//! use model::finding::Outcome;
//! use model::shipment::{Party, Shipment};
//! use std::sync::Arc;
//!
//! let lists = lists::load(&[Source::Builtin])?;
//! let engine = Engine::build(Arc::new(lists), Arc::new(Policy::default()), Limits::default())?;
//! let party = Party { name: "SZ DJI TECHNO LOGY CO.,LTD".to_owned(), ..Party::default() };
//! let shipment = Shipment { parties: vec![party], ..Shipment::default() };
//! let screening = engine.screen(&shipment, &mut Scratch::default());
//! assert_eq!(screening.outcome, Outcome::Hold);
//! assert!(screening.findings[0].citations[0].starts_with("85 FR 83420"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod batch;
pub mod cli;
pub mod config;
pub mod effectiveness;
pub mod refresh;
pub mod service;
pub mod shutdown;
pub mod telemetry;
pub mod webhooks;
pub mod wording;

pub use evidence;
