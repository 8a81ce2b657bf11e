//! Fits the points of `engine::name`'s model of chance: what agrees and differs between two names, in bits.
//!
//! ```sh
//! cargo run --locked -p tidewaiter-benches --example fit -- --strangers names.txt
//! ```
//! Listed names of companies, written as the effectiveness test writes them, are matches; the names that nobody lists
//! (`--strangers`, one a line) and the listed names that screening finds near them are not. Both are screened, and what
//! agrees and differs is counted as screening counts it. A logistic regression, held towards the points of today,
//! gives the points. Folds are by entry and by stranger: no entry is in both halves of a fold.
//! Nothing is written: the table goes into `crates/engine/src/name/model/costs.rs` by hand, with a reason for each.

#![allow(clippy::print_stdout, reason = "it prints what it fits")]

use anyhow::Context as _;
use clap::Parser;
use engine::matcher::{Field, How, Scratch};
use engine::name::{Feature, Features, Weight, points};
use engine::policy::Policy;
use engine::screen::{Engine, Limits};
use lists::Source;
use model::entry::EntryKind;
use std::path::PathBuf;
use std::sync::Arc;
use text::Reading;
use tidewaiter::effectiveness::{Setup, drawn};

/// Parts that the entries and the strangers are split into.
const FOLDS: usize = 5;
/// Passes of the regression.
const PASSES: usize = 3000;
/// A match counts as much as this many strangers, all of each together.
const STRANGERS: f64 = 2.0;

#[derive(Parser)]
struct Options {
    /// List to draw matches from; may be repeated. By default the US Consolidated Screening List of the shared data
    #[arg(long = "list")]
    lists: Vec<PathBuf>,
    /// Names that nobody lists, one a line
    #[arg(long, required = true)]
    strangers: Vec<PathBuf>,
    /// Folder with the shared data
    #[arg(long, default_value = "../shared/data")]
    data: PathBuf,
    /// Names of each kind
    #[arg(long, default_value_t = 1000)]
    count: u32,
    /// Another seed draws other names
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// How strongly the points are held towards those of today; 0 lets them go anywhere
    #[arg(long, default_value_t = 0.003)]
    hold: f64,
    /// Alerts of a thousand strangers at which matches are counted
    #[arg(long, default_value_t = 4.0)]
    alerts: f64,
}

/// A pair of names that screening finds alike.
struct Sample {
    is_match: bool,
    /// The entry or the stranger that it is of.
    group: usize,
    values: Vec<f64>,
    /// Tenths of a bit by the points of today.
    today: f64,
}

fn main() -> anyhow::Result<()> {
    let mut options = Options::parse();
    if options.lists.is_empty() {
        options.lists.push(options.data.join("lists/us/csl_2022-05.csv.gz"));
    }
    let sources: Vec<Source> = options.lists.iter().cloned().map(Source::Path).collect();
    let engine = Engine::build(Arc::new(lists::load(&sources)?), Arc::new(Policy::default()), Limits::default())?;
    let (matches, all_matches) = matches(&engine, &options);
    let (strangers, all_strangers) = strangers(&engine, &options.strangers)?;
    println!("{} of {all_matches} written names found otherwise than letter for letter", matches.len());
    println!("{} names found near {all_strangers} strangers\n", strangers.len());
    let samples: Vec<Sample> = matches.into_iter().chain(strangers).collect();
    println!("| part left out | matches kept, points of today | points fitted without it |");
    println!("|---:|---:|---:|");
    for fold in 0..FOLDS {
        let (held, rest): (Vec<&Sample>, Vec<&Sample>) = samples.iter().partition(|s| s.group % FOLDS == fold);
        let fitted = fit(&rest, options.hold);
        let allowed = options.alerts / 1000.0 * all_strangers as f64;
        let today = kept(&held, &rest, allowed, |s| s.today);
        let new = kept(&held, &rest, allowed, |s| dot(&fitted.0, &s.values));
        println!("| {fold} | {:.1} % | {:.1} % |", today * 100.0, new * 100.0);
    }
    let all: Vec<&Sample> = samples.iter().collect();
    let (fitted, base) = fit(&all, options.hold);
    println!("\n| feature | points of today | fitted | matches with it | strangers with it |");
    println!("|---|---:|---:|---:|---:|");
    for (at, feature) in Feature::ALL.iter().enumerate() {
        let with = |is_match| all.iter().filter(|s| s.is_match == is_match && s.values[at] != 0.0).count();
        let (today, fitted) = (points(*feature, false), (fitted[at] * 100.0).round());
        println!("| {} | {today} | {fitted} | {} | {} |", feature.as_str(), with(true), with(false));
    }
    println!("\nthe odds are even at {:.1} bits", -base);
    Ok(())
}

/// Written names of companies that screening finds, but not letter for letter.
fn matches(engine: &Engine, options: &Options) -> (Vec<Sample>, usize) {
    let setup = Setup { seed: options.seed, count: options.count, ..Setup::default() };
    let mut scratch = Scratch::default();
    let (mut samples, mut all) = (Vec::new(), 0);
    for name in drawn(engine, &setup) {
        let entry = &engine.snapshot().entries()[name.entry as usize];
        if !matches!(entry.kind, EntryKind::Company | EntryKind::Unknown) {
            continue;
        }
        all += 1;
        let best = near(engine, &name.written, &mut scratch).into_iter().find(|(of, _)| *of == name.entry as usize);
        samples.extend(best.map(|(of, features)| sample(true, of, &features)));
    }
    (samples, all)
}

/// Listed names that screening finds near names that nobody lists.
fn strangers(engine: &Engine, files: &[PathBuf]) -> anyhow::Result<(Vec<Sample>, usize)> {
    let mut scratch = Scratch::default();
    let (mut samples, mut all) = (Vec::new(), 0);
    for file in files {
        let text = std::fs::read_to_string(file).with_context(|| file.display().to_string())?;
        for name in text.lines().map(str::trim).filter(|name| !name.is_empty()) {
            let found = near(engine, name, &mut scratch);
            samples.extend(found.into_iter().map(|(_, features)| sample(false, all, &features)));
            all += 1;
        }
    }
    Ok((samples, all))
}

fn sample(is_match: bool, group: usize, features: &Features) -> Sample {
    let values = Feature::ALL.iter().map(|&feature| f64::from(features.of(feature))).collect();
    Sample { is_match, group, values, today: f64::from(Weight::of(features, false).0) }
}

/// The entries that a name is near but for the letters, each with what agrees and differs; the best hit of each.
fn near(engine: &Engine, name: &str, scratch: &mut Scratch) -> Vec<(usize, Features)> {
    let index = engine.index();
    let floor = engine.policy().thresholds().party_review;
    index.find(name, Field::Name, Reading::Plain, floor, scratch);
    let mut hits = scratch.hits().to_vec();
    hits.sort_by_key(|hit| (index.name(hit.name).entry, std::cmp::Reverse(hit.score)));
    hits.dedup_by_key(|hit| index.name(hit.name).entry);
    let is_near = |how: How| !matches!(how, How::Exact { is_glued: false, .. });
    hits.retain(|hit| is_near(hit.how) && !index.name(hit.name).is_person);
    hits.iter()
        .map(|hit| (index.name(hit.name).entry.index(), index.features(name, hit, None, true, scratch)))
        .collect()
}

/// The part of the held matches that reach the value which only as many of the strangers reach as are allowed.
fn kept(held: &[&Sample], rest: &[&Sample], allowed: f64, value: impl Fn(&Sample) -> f64) -> f64 {
    let mut of_strangers: Vec<f64> = rest.iter().filter(|s| !s.is_match).map(|s| value(s)).collect();
    of_strangers.sort_by(|a, b| b.total_cmp(a));
    let allowed = (allowed * (FOLDS - 1) as f64 / FOLDS as f64) as usize;
    let limit = of_strangers.get(allowed).copied().unwrap_or(f64::MIN);
    let matches: Vec<f64> = held.iter().filter(|s| s.is_match).map(|s| value(s)).collect();
    matches.iter().filter(|value| **value > limit).count() as f64 / matches.len().max(1) as f64
}

fn dot(points: &[f64], values: &[f64]) -> f64 {
    points.iter().zip(values).map(|(a, b)| a * b).sum()
}

/// The points in bits, and the bits at which the odds are even, with the sign turned. No point changes its sign.
fn fit(samples: &[&Sample], hold: f64) -> (Vec<f64>, f64) {
    const SLOPE: f64 = 0.25;
    let prior: Vec<f64> = Feature::ALL.iter().map(|&f| f64::from(points(f, false)) / 100.0).collect();
    let count = |is_match| samples.iter().filter(|s| s.is_match == is_match).count().max(1) as f64;
    let (of_match, of_stranger) = (1.0 / count(true), STRANGERS / count(false));
    let (mut theta, mut base) = (prior.clone(), -18.0);
    let mut moments = vec![(0.0, 0.0); theta.len() + 1];
    for pass in 1..=PASSES {
        let mut gradient = vec![0.0; theta.len() + 1];
        for sample in samples {
            let odds = SLOPE * (dot(&theta, &sample.values) + base);
            let target = f64::from(u8::from(sample.is_match));
            let weight = if sample.is_match { of_match } else { of_stranger };
            let error = weight * (1.0 / (1.0 + (-odds).exp()) - target) * SLOPE;
            for (at, value) in sample.values.iter().enumerate() {
                gradient[at] += error * value * scale(at);
            }
            gradient[theta.len()] += error;
        }
        for at in 0..theta.len() {
            let distance = (theta[at] - prior[at]) / scale(at).recip();
            gradient[at] += hold * distance / (prior[at] * scale(at)).abs().max(1.0);
        }
        for (at, (mean, square)) in moments.iter_mut().enumerate() {
            *mean = 0.9 * *mean + 0.1 * gradient[at];
            *square = 0.999 * *square + 0.001 * gradient[at] * gradient[at];
            let (mean, square) =
                (*mean / (1.0 - 0.9_f64.powi(pass as i32)), *square / (1.0 - 0.999_f64.powi(pass as i32)));
            let step = 0.02 * mean / (square.sqrt() + 1e-9);
            if at < theta.len() {
                let moved = theta[at] - step * scale(at);
                theta[at] = if moved * prior[at] < 0.0 { 0.0 } else { moved };
            } else {
                base -= step;
            }
        }
    }
    (theta, base)
}

/// Tenths of bits come by the hundred, words one by one: steps of the regression are of like size for both.
fn scale(feature: usize) -> f64 {
    match Feature::ALL[feature] {
        Feature::Common | Feature::Rare | Feature::CommonOtherwise => 0.1,
        _ => 1.0,
    }
}
