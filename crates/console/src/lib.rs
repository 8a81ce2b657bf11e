//! The pages of the console: view models in, HTML out.
//!
//! Nothing here asks, decides or words anything: whoever fills the models does. Templates escape every text. No page has
//! a script or style of its own; what a browser loads beside a page is in [`ASSETS`], by a name that changes with its
//! content.

mod asset;
mod bars;
mod cases;
mod effectiveness;
mod entry;
mod error;
mod history;
mod lists;
mod map;
mod policy;
mod publication;
mod quality;
mod screen;
mod search;
mod shell;
mod sign_in;
mod trial;
mod webhooks;

pub use asset::{ASSETS, Asset, CONTENT_SECURITY_POLICY};
pub use bars::{Bar, Evidence, bars};
pub use cases::{
    CasePage, CaseRow, CaseState, Choice, Decided, DecisionChoice, Event, ExceptionRow, ExceptionsPage, FileLink,
    Filter, QueuePage, RecordLink, Side, StateLink, Verdict, Work,
};
pub use effectiveness::{EffectivenessPage, Measured, Recall, RecallRow, Sweep};
pub use entry::{EntryPage, Fact, Link, NameRow, Script};
pub use error::ErrorPage;
pub use history::{HistoryPage, VersionRow};
pub use lists::{ListRow, ListsPage, PublicationRow, State};
pub use map::{MapStop, RouteMap, Way, drawn, ways};
pub use policy::{PolicyPage, Rule, Section};
pub use publication::{DeltaEntry, DeltaList, DeltaView, FieldRow, HeldRow, PublicationPage, Undo, Waiting};
pub use quality::{DayRow, QualityPage, ShareRow};
pub use screen::{
    Answer, FilePage, FileRow, Finding, FormParty, Listing, Outcome, Piece, Problem, ScreenForm, ScreenPage, Severity,
};
pub use search::{Found, SearchPage, SearchResults};
pub use shell::{Shell, Tab};
pub use sign_in::{SignInPage, SignedInPage};
pub use trial::{MoveRow, TrialPage, TrialRow, Tried};
pub use webhooks::{DeadRow, TargetRow, WebhooksPage};

use askama::Template;

/// A page or a part of one.
pub trait Page: Template {
    /// The HTML.
    fn html(&self) -> String {
        // Writing into memory cannot fail.
        self.render().unwrap_or_default()
    }
}

impl<T: Template> Page for T {}
