//! Effectiveness: how well an engine, with its lists and its policy, finds what it is meant to find.
//!
//! The way supervisors test screeners: names drawn from the lists, as listed (the control) and manipulated, are
//! screened as a party's name and inside goods text, beside records that name nobody. [`measure`] is a pure
//! function of the engine and the [`Setup`]: no clock, no I/O, and the same seed gives the same [`Report`] on every
//! machine. It costs one screening for each name and field, on all cores.
//!
//! A name counts as found when its own entry is reported above INFO; another entry's finding does not help. Names
//! that cannot alert on their own by design (weak, short, everyday, single words in running text, entries that the
//! policy reports for the record) are counted separately, never left out: see [`Reach`]. [`cells`] measures names with
//! an address, a relation or a number beside them in one cell, [`agreement`] whether screening and search tell of all
//! that the comparison calls alike.

pub mod agreement;
mod block;
pub mod cells;
mod choice;
mod draw;
mod kind;
mod letters;
mod lines;
mod manipulate;
mod outcome;
mod page;
mod render;
mod report;
mod run;
mod share;
mod strengths;
mod tables;
mod words;

pub use kind::{Field, Kind, Length, Reach};
pub use render::json;
pub use report::{Clean, CleanAlert, FieldReport, InputLine, ListLine, Miss, Report, Row, SweepRow, Tally};
pub use share::wilson;

use engine::screen::{ENGINE, Engine};
use sha2::{Digest as _, Sha256};
use std::io::{self, Write};

/// Names of each kind and field when nobody says otherwise: an interval of 4 % at a recall of 90 %.
pub const DEFAULT_COUNT: u32 = 1000;

/// What to measure with.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Setup {
    /// The seed of all choices.
    pub seed: u64,
    /// Names of each kind and field.
    pub count: u32,
    /// Goods lines that carry the names; without any, lines that ship with the program.
    pub goods: Vec<String>,
    /// Goods lines that name nobody; without any, the lines that carry the names.
    pub clean: Vec<String>,
    /// Parties that are not listed.
    pub clean_names: Vec<String>,
}

/// Measures an engine.
pub fn measure(engine: &Engine, setup: &Setup) -> Report {
    let own: Vec<String>;
    let goods = if setup.goods.is_empty() {
        own = lines::LINES.map(str::to_owned).to_vec();
        &own
    } else {
        &setup.goods
    };
    let clean = if setup.clean.is_empty() { goods } else { &setup.clean };
    let snapshot = engine.snapshot();
    let cases = draw::draw(&draw::Drawing {
        entries: snapshot.entries(),
        lines: goods,
        seed: setup.seed,
        count: setup.count as usize,
    });
    let outcomes = run::cases(engine, cases);
    let fields = Field::ALL.map(|field| {
        let thresholds = engine.policy().thresholds();
        let (threshold, records) = match field {
            Field::Party => (thresholds.party_review, &setup.clean_names),
            Field::Text => (thresholds.text_review, clean),
        };
        let (clean, scores) = run::clean(engine, field, records);
        report::field(field, threshold, &outcomes, clean, &scores)
    });
    Report {
        version: 1,
        command: String::new(),
        seed: setup.seed,
        count: setup.count,
        snapshot: snapshot.fingerprint().to_owned(),
        policy: engine.policy_fingerprint(),
        engine: ENGINE.to_owned(),
        lists: ListLine::all(snapshot),
        inputs: vec![input("goods", goods), input("clean", clean), input("clean_names", &setup.clean_names)],
        fields: fields.into(),
    }
}

/// A listed name as it is screened in a name field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Drawn {
    /// Number of the entry in the snapshot.
    pub entry: u32,
    /// How it is written.
    pub kind: Kind,
    /// The name as written.
    pub written: String,
}

/// The names that [`measure`] screens in a name field.
pub fn drawn(engine: &Engine, setup: &Setup) -> Vec<Drawn> {
    let drawing = draw::Drawing {
        entries: engine.snapshot().entries(),
        lines: &[],
        seed: setup.seed,
        count: setup.count as usize,
    };
    let of_names = draw::draw(&drawing).into_iter().filter(|case| case.field == Field::Party);
    of_names.map(|case| Drawn { entry: case.entry, kind: case.kind, written: case.written }).collect()
}

/// Markdown. `notes` stand below the title, for example where and when it was measured.
///
/// # Errors
/// When `out` cannot be written.
pub fn markdown(report: &Report, notes: &[String], out: &mut dyn Write) -> io::Result<()> {
    render::markdown(&page::of(report), notes, out)
}

/// Columns for reading.
///
/// # Errors
/// When `out` cannot be written.
pub fn table(report: &Report, notes: &[String], out: &mut dyn Write) -> io::Result<()> {
    render::table(&page::of(report), notes, out)
}

fn input(what: &'static str, texts: &[String]) -> InputLine {
    let mut digest = Sha256::new();
    for text in texts {
        digest.update((text.len() as u64).to_be_bytes());
        digest.update(text.as_bytes());
    }
    let fingerprint = digest.finalize().iter().fold("sha256:".to_owned(), |out, byte| format!("{out}{byte:02x}"));
    InputLine { what, records: texts.len(), fingerprint }
}
