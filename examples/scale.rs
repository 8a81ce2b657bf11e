//! How the engine grows with its lists: names generated from real ones, then load, compile, memory and speed.
//!
//! ```sh
//! cargo run --release --locked -p tidewaiter-benches --example scale -- --names 400000
//! cargo run --release --locked -p tidewaiter-benches --example scale -- --names 2000000 --seed 7
//! ```
//! Entries are made from the entries of the lists given: as many names and words, of the same kind, each word drawn from the
//! words of such names as often as it stands there. A word that the lists have once is one of a kind, so it is drawn
//! as a blend of two such words: new entries bring new words, as real ones do, and rare words stay rare. They go into
//! a file, and a fresh process loads real lists and file as `serve` would. With `--keep DIR` it says only when it is ready, in
//! the first run with compiled lists that it keeps in the folder, in the next with those that it reads back.

#![allow(clippy::print_stdout, reason = "it prints what it measures")]

#[path = "support/goods_lines.rs"]
mod goods_lines;

use anyhow::Context as _;
use clap::Parser;
use current::{Current, Keep, Recipe};
use engine::policy::Policy;
use engine::rule::Rules;
use engine::screen::{Engine, Limits, Scratch};
use lists::{Snapshot, Source};
use model::entry::{Entry, EntryKind};
use model::shipment::{Goods, Party, Shipment};
use std::collections::{BTreeMap, HashMap};
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::time::Instant;

/// Real names that must be found whatever else is listed.
const CONTROLS: usize = 2_000;
/// Passes over each set; a text's best time counts.
const PASSES: usize = 3;

#[derive(Parser)]
struct Options {
    /// Names in all, real ones included; 0 measures the real lists alone
    #[arg(long, default_value_t = 400_000)]
    names: usize,
    /// Another seed gives other names
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Real list; may be repeated. By default the US Consolidated Screening List of the shared data
    #[arg(long = "list")]
    lists: Vec<PathBuf>,
    /// Folder with the shared data
    #[arg(long, default_value = "../shared/data")]
    data: PathBuf,
    /// Where the generated rows go; without it, a temporary file
    #[arg(long)]
    out: Option<PathBuf>,
    /// Folder in which compiled lists are kept, and read back from; with it, only readiness is measured
    #[arg(long)]
    keep: Option<PathBuf>,
    /// Load and measure this file of generated rows; what the program calls itself with
    #[arg(long, hide = true)]
    measure: Option<PathBuf>,
}

fn main() -> anyhow::Result<()> {
    let mut options = Options::parse();
    if options.lists.is_empty() {
        options.lists.push(options.data.join("lists/us/csl_2022-05.csv.gz"));
    }
    if let Some(file) = &options.measure {
        return measure(&options, Some(file));
    }
    if options.names == 0 {
        return measure(&options, None);
    }
    let real = lists::load(&sources(&options.lists))?;
    let folder = std::env::temp_dir().join(format!("tidewaiter-scale-{}", std::process::id()));
    let path = options.out.clone().unwrap_or_else(|| folder.join("generated.csv"));
    std::fs::create_dir_all(path.parent().unwrap_or(&folder))?;
    let (rows, names) = Generator::new(&real, options.seed).write(options.names, &path)?;
    drop(real);
    println!("{rows} rows with {names} names generated from seed {}", options.seed);
    // A fresh process, so that nothing of the generator is in its memory.
    let mut child = Command::new(std::env::current_exe()?);
    child.arg("--measure").arg(&path).arg("--data").arg(&options.data);
    for list in &options.lists {
        child.arg("--list").arg(list);
    }
    if let Some(folder) = &options.keep {
        child.arg("--keep").arg(folder);
    }
    let status = child.status();
    if options.out.is_none() {
        std::fs::remove_dir_all(&folder)?;
    }
    anyhow::ensure!(status?.success(), "the measurement failed");
    Ok(())
}

fn sources(paths: &[PathBuf]) -> Vec<Source> {
    paths.iter().cloned().map(Source::Path).collect()
}

/// A sequence of numbers that a seed decides.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: usize) -> usize {
        // SplitMix64: small, and the same everywhere.
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % n.max(1) as u64) as usize
    }
}

/// Words of names of one kind, each as often as it stands there.
#[derive(Default)]
struct Pool<'a> {
    words: Vec<&'a str>,
    once: Vec<&'a str>,
}

struct Generator<'a> {
    entries: &'a [Entry],
    pools: BTreeMap<EntryKind, Pool<'a>>,
    uses: HashMap<&'a str, u32>,
    names: usize,
    dice: Dice,
}

impl<'a> Generator<'a> {
    fn new(real: &'a Snapshot, seed: u64) -> Self {
        let entries = real.entries();
        let mut pools: BTreeMap<EntryKind, Pool<'a>> = BTreeMap::new();
        let mut uses: HashMap<&str, u32> = HashMap::new();
        let words = |entry: &'a Entry| entry.names.iter().flat_map(|n| n.text.split_whitespace());
        for entry in entries {
            pools.entry(entry.kind).or_default().words.extend(words(entry));
            words(entry).for_each(|word| *uses.entry(word).or_default() += 1);
        }
        for pool in pools.values_mut() {
            let is_plain = |word: &&&str| uses[**word] == 1 && word.chars().all(char::is_alphabetic) && word.len() >= 4;
            pool.once = pool.words.iter().filter(is_plain).copied().collect();
        }
        let names = entries.iter().map(|e| e.names.len()).sum();
        Self { entries, pools, uses, names, dice: Dice(seed) }
    }

    /// Writes rows until there are so many names, real ones included; how many rows and names were written.
    fn write(&mut self, wanted: usize, path: &Path) -> anyhow::Result<(usize, usize)> {
        let mut out = BufWriter::new(File::create(path).with_context(|| path.display().to_string())?);
        writeln!(out, "name;id;list;kind;aliases")?;
        let (mut rows, mut names) = (0, 0);
        while self.names + names < wanted {
            let model = &self.entries[self.dice.below(self.entries.len())];
            let mut made: Vec<String> = Vec::with_capacity(model.names.len());
            for name in &model.names {
                let name = self.name(model.kind, &name.text);
                if !name.is_empty() && !made.contains(&name) {
                    made.push(name);
                }
            }
            let Some((first, others)) = made.split_first() else { continue };
            let kind = match model.kind {
                EntryKind::Person => "person",
                EntryKind::Vessel => "vessel",
                EntryKind::Aircraft => "aircraft",
                EntryKind::Company => "company",
                _ => "unknown",
            };
            writeln!(out, "{first};g{rows};generated;{kind};{}", others.join(" | "))?;
            rows += 1;
            names += made.len();
        }
        out.flush()?;
        Ok((rows, names))
    }

    /// As many words as the model has.
    fn name(&mut self, kind: EntryKind, model: &str) -> String {
        let mut name = String::with_capacity(model.len() + 8);
        for _ in model.split_whitespace() {
            let pool = &self.pools[&kind];
            let word = pool.words[self.dice.below(pool.words.len())];
            if !name.is_empty() {
                name.push(' ');
            }
            if self.uses[word] > 1 || pool.once.is_empty() {
                name.push_str(word);
            } else {
                let (one, other) =
                    (pool.once[self.dice.below(pool.once.len())], pool.once[self.dice.below(pool.once.len())]);
                name.extend(one.chars().take(one.chars().count().div_ceil(2)));
                name.extend(other.chars().skip(other.chars().count() / 2).flat_map(char::to_lowercase));
            }
        }
        name.replace([';', '|', '"', '\n', '\r'], "")
    }
}

fn measure(options: &Options, generated: Option<&Path>) -> anyhow::Result<()> {
    let start = Instant::now();
    let paths: Vec<PathBuf> = options.lists.iter().cloned().chain(generated.map(Path::to_owned)).collect();
    if let Some(folder) = &options.keep {
        return ready(&paths, folder);
    }
    let snapshot = Arc::new(lists::load(&sources(&paths))?);
    let loaded = start.elapsed();
    let engine = Engine::build(Arc::clone(&snapshot), Arc::new(Policy::default()), Limits::default())?;
    let ready = start.elapsed();
    let names: usize = snapshot.entries().iter().map(|e| e.names.len()).sum();
    println!(
        "{names} names of {} rows ({} readings): loaded in {:.2} s, compiled in {:.2} s, ready in {:.2} s; {} MB resident, {} at the peak",
        snapshot.entries().len(),
        engine.index().name_count(),
        loaded.as_secs_f64(),
        (ready - loaded).as_secs_f64(),
        ready.as_secs_f64(),
        memory_mb("VmRSS:"),
        memory_mb("VmHWM:")
    );
    found(&engine, &snapshot);
    let persons = std::fs::read_to_string(options.data.join("benchmarks/clean_person_names.txt"))?;
    let parties: Vec<Shipment> = persons.lines().take(3_000).map(party).collect();
    let lines: Vec<Shipment> = goods_lines::read(&options.data)?.into_iter().map(goods).collect();
    println!("| what | records | mean us | p50 | p99 | most |");
    println!("|---|---:|---:|---:|---:|---:|");
    time(&engine, "party name that no real list has", &parties);
    time(&engine, "goods line of about 250 bytes", &lines);
    Ok(())
}

/// How long it takes until a set that is kept, or was, is in force.
fn ready(paths: &[PathBuf], folder: &Path) -> anyhow::Result<()> {
    let (policy, limits) = (Arc::new(Policy::default()), Limits::default());
    let recipe = Recipe { sources: sources(paths), policy, limits, rules: Rules::builtin() };
    let kept = || std::fs::metadata(folder.join("compiled/lists"));
    let was_kept = kept().and_then(|kept| kept.modified()).ok();
    let start = Instant::now();
    engine::screen::read_tables();
    let loaded = Current::new(recipe).keeping_compiled(folder, Keep::First).reload()?.now;
    let took = start.elapsed().as_secs_f64();
    let is_same = kept()?.modified().ok() == was_kept;
    println!(
        "{} rows: {} in {took:.3} s; {} MB on disk, {} MB resident, {} at the peak",
        loaded.engine().snapshot().entries().len(),
        if is_same { "read back" } else { "read, compiled and kept" },
        kept()?.len() >> 20,
        memory_mb("VmRSS:"),
        memory_mb("VmHWM:")
    );
    Ok(())
}

/// Every control name, as listed, must lead to the row it is from.
fn found(engine: &Engine, snapshot: &Snapshot) {
    let real: Vec<&Entry> = snapshot.entries().iter().filter(|e| e.list.as_str() != "generated").collect();
    let mut scratch = Scratch::default();
    let (mut sought, mut among, mut missed) = (0, 0, Vec::new());
    for entry in real.iter().step_by(real.len().div_ceil(CONTROLS).max(1)) {
        let name = &entry.names[0].text;
        let screening = engine.screen(&party(name), &mut scratch);
        sought += 1;
        let rows = screening.findings.iter().flat_map(|f| f.entry.iter().chain(f.also_listed.iter().map(|l| &l.entry)));
        if !rows.into_iter().any(|row| row.list == entry.list && row.id == entry.id) {
            // A name that so many rows have is told with as many as are shown, and that there are more.
            if screening.limits_reached.is_empty() { missed.push(name.as_str()) } else { among += 1 }
        }
    }
    let lead = sought - missed.len() - among;
    println!(
        "{lead} of {sought} control names lead to their rows, {among} to more rows than are given; not: {missed:?}"
    );
}

fn time(engine: &Engine, what: &str, records: &[Shipment]) {
    let mut scratch = Scratch::default();
    let mut best = vec![u64::MAX; records.len()];
    for _ in 0..PASSES {
        for (record, best) in records.iter().zip(&mut best) {
            let start = Instant::now();
            scratch.forget_names();
            std::hint::black_box(engine.screen(record, &mut scratch));
            *best = (*best).min(start.elapsed().as_nanos() as u64);
        }
    }
    best.sort_unstable();
    let us = |nanos: u64| nanos as f64 / 1000.0;
    let at = |hundredths: usize| us(best[(best.len() * hundredths / 100).min(best.len() - 1)]);
    let mean = us(best.iter().sum::<u64>() / best.len() as u64);
    println!("| {what} | {} | {mean:.1} | {:.1} | {:.1} | {:.1} |", best.len(), at(50), at(99), at(100));
}

fn party(name: &str) -> Shipment {
    Shipment { parties: vec![Party { name: name.to_owned(), ..Party::default() }], ..Shipment::default() }
}

fn goods(line: String) -> Shipment {
    Shipment { goods: vec![Goods { description: line, ..Goods::default() }], ..Shipment::default() }
}

/// Megabytes, or 0 where the system does not tell.
fn memory_mb(line: &str) -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|l| l.strip_prefix(line)).unwrap_or_default();
    line.trim().trim_end_matches(" kB").parse::<u64>().unwrap_or_default() / 1024
}
