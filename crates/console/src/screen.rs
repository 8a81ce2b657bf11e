//! Screening: a form or a file, and what was found.

use crate::bars::Bar;
use crate::map::RouteMap;
use crate::shell::Shell;
use askama::Template;

/// The page with the form, and the answer to it.
#[derive(Clone, Debug, Template)]
#[template(path = "screen.html")]
pub struct ScreenPage {
    /// What stands around it.
    pub shell: Shell,
    /// What was sent.
    pub form: ScreenForm,
    /// What was found; `None` before anything was sent.
    pub answer: Option<Answer>,
    /// Why nothing could be screened; empty otherwise.
    pub fault: String,
}

/// What a person types.
#[derive(Clone, Debug, Default)]
pub struct ScreenForm {
    /// Their own reference.
    pub reference: String,
    /// Parties, one a row.
    pub parties: Vec<FormParty>,
    /// What the goods are.
    pub goods: String,
    /// HS code.
    pub hs_code: String,
    /// Port of loading.
    pub loading: String,
    /// Port of discharge.
    pub discharge: String,
    /// Final destination.
    pub destination: String,
    /// Vessel.
    pub vessel: String,
    /// IMO number.
    pub imo: String,
}

/// A party in the form.
#[derive(Clone, Debug, Default)]
pub struct FormParty {
    /// Name of the fields.
    pub key: String,
    /// The role, in words.
    pub role: String,
    /// The name, or the whole cell as the document has it.
    pub name: String,
    /// The address, where it stands apart.
    pub address: String,
    /// The country.
    pub country: String,
}

/// What a screening came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Nothing that asks for attention.
    NoFinding,
    /// To look at.
    Review,
    /// To stop.
    Hold,
    /// Could not be screened.
    Refused,
}

impl Outcome {
    /// In words.
    pub fn label(&self) -> &'static str {
        match self {
            Self::NoFinding => "No finding",
            Self::Review => "Review",
            Self::Hold => "Hold",
            Self::Refused => "Refused",
        }
    }

    /// The name of its style.
    pub fn class(&self) -> &'static str {
        match self {
            Self::NoFinding => "clear",
            Self::Review => "review",
            Self::Hold => "hold",
            Self::Refused => "refused",
        }
    }
}

/// How much attention a finding asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Severity {
    /// For the record.
    Info,
    /// When time allows.
    Low,
    /// To review.
    Medium,
    /// To hold.
    High,
}

impl Severity {
    /// In a word.
    pub fn label(&self) -> &'static str {
        match self {
            Self::Info => "Info",
            Self::Low => "Low",
            Self::Medium => "Medium",
            Self::High => "High",
        }
    }

    /// The name of its style.
    pub fn class(&self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
        }
    }
}

/// What was found in one shipment.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The outcome.
    pub outcome: Outcome,
    /// One sentence.
    pub summary: String,
    /// Strongest first.
    pub findings: Vec<Finding>,
    /// Fields that could not be read, and wrong numbers.
    pub problems: Vec<Problem>,
    /// Limits that were reached.
    pub limits: Vec<String>,
    /// The route; `None` where it is not given or not known.
    pub map: Option<RouteMap>,
    /// What it rests on: lists, policy, engine.
    pub basis: String,
}

/// A fault of the input.
#[derive(Clone, Debug, Default)]
pub struct Problem {
    /// Where.
    pub place: String,
    /// What.
    pub description: String,
}

/// One finding.
#[derive(Clone, Debug)]
pub struct Finding {
    /// How much attention it asks for.
    pub severity: Severity,
    /// Why it is reported, in words.
    pub title: String,
    /// Where it stands, in words.
    pub place: String,
    /// The text of the field, with what matched marked.
    pub text: Vec<Piece>,
    /// One sentence for the file.
    pub explanation: String,
    /// 0..=1000.
    pub score: u32,
    /// The spelling of the entry, or the brand, that matched.
    pub matched: String,
    /// The listed entry, where it rests on one.
    pub listing: Option<Listing>,
    /// Further listings of the same party.
    pub also: Vec<Listing>,
    /// What the score is made of; empty where it is not made of points.
    pub bars: Vec<Bar>,
    /// What it rests on, where there are no bars.
    pub notes: String,
    /// Whether it has no effect on the outcome because its rule is only tried.
    pub is_shadow: bool,
}

/// A part of a text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Piece {
    /// The part.
    pub text: String,
    /// Whether it matched.
    pub is_marked: bool,
}

/// One listing.
#[derive(Clone, Debug, Default)]
pub struct Listing {
    /// Name of the entry.
    pub name: String,
    /// Its page.
    pub url: String,
    /// Title of the list.
    pub list: String,
    /// What it means, in a word.
    pub effect: String,
    /// Publications.
    pub citations: String,
}

/// The answers to the records of a file.
#[derive(Clone, Debug, Template)]
#[template(path = "file.html")]
pub struct FilePage {
    /// What stands around it.
    pub shell: Shell,
    /// Name of the file.
    pub name: String,
    /// How many of each outcome, in a line.
    pub counts: String,
    /// One for each record.
    pub rows: Vec<FileRow>,
    /// What was left out or not understood; empty when nothing was.
    pub notes: Vec<String>,
}

/// The answer to one record of a file.
#[derive(Clone, Debug)]
pub struct FileRow {
    /// Line or row, from 1.
    pub line: u64,
    /// Its own reference.
    pub reference: String,
    /// The outcome.
    pub outcome: Outcome,
    /// One sentence.
    pub summary: String,
    /// Findings beside those for the record.
    pub findings: usize,
    /// The field of the strongest finding, with what matched marked.
    pub text: Vec<Piece>,
}
