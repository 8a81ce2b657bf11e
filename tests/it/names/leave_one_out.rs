//! A listed name that the list does not have: the Consolidated Screening List is compiled without one alias of each
//! of 1,500 entries chosen by seed, and each alias is asked for.
//!
//! All aliases are taken out in one go, one of an entry, so that each is asked of a list that knows nothing of it:
//! neither the name, nor how rare its words are.

use crate::shared::{Choice, data, engine};
use engine::name::{Uniform, View, acronym, acronym_key, each_initials, parse};
use engine::screen::{Scratch, SearchHit};
use flate2::read::GzDecoder;
use lists::{Snapshot, Source};
use model::entry::Entry;
use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::path::Path;
use text::{Folded, Reading};

const COUNT: usize = 1500;

struct Withheld {
    id: String,
    alias: String,
    /// The names that the entry keeps, as listed.
    spellings: Vec<String>,
    /// The same, bare.
    others: BTreeSet<String>,
}

/// The letters of a name, whatever its words' order; the stray "and " of the file's last aliases is left out.
fn bare(name: &str) -> String {
    let folded = Folded::of(name.trim().trim_start_matches("and "), Reading::Plain);
    let mut words: Vec<&str> = folded.tokens().iter().map(|t| folded.text(*t)).collect();
    words.sort_unstable();
    words.concat()
}

/// Writes the list without the aliases chosen, and says which they are.
fn take_out(list: &Path, seed: u64, out: &Path) -> Vec<Withheld> {
    let mut reader = csv::Reader::from_reader(GzDecoder::new(File::open(list).expect("the list opens")));
    let header = reader.headers().expect("a header").clone();
    let column = |name: &str| header.iter().position(|h| h == name).expect("a column");
    let (id, name, aliases) = (column("_id"), column("name"), column("alt_names"));
    let mut rows: Vec<Vec<String>> =
        reader.records().map(|r| r.expect("a row").iter().map(str::to_owned).collect()).collect();
    let mut listed: BTreeMap<String, BTreeSet<usize>> = BTreeMap::new();
    for (row, r) in rows.iter().enumerate() {
        for name in std::iter::once(r[name].as_str()).chain(r[aliases].split("; ")) {
            listed.entry(bare(name)).or_default().insert(row);
        }
    }
    let mut places: Vec<(usize, usize)> = rows
        .iter()
        .enumerate()
        .flat_map(|(row, r)| (0..r[aliases].split("; ").count()).map(move |at| (row, at)))
        .collect();
    let (mut choice, mut seen, mut chosen) = (Choice::seeded(seed), BTreeSet::new(), Vec::new());
    while chosen.len() < COUNT {
        let (row, at) = places.swap_remove(choice.below(places.len()));
        if seen.contains(&row) {
            continue;
        }
        let mut parts: Vec<&str> = rows[row][aliases].split("; ").collect();
        let alias = parts.remove(at).trim().to_owned();
        let others: Vec<String> =
            std::iter::once(rows[row][name].as_str()).chain(parts.iter().copied()).map(str::to_owned).collect();
        // What another name of this or of another entry spells alike is still on the list when it is taken out.
        let is_elsewhere = listed.get(&bare(&alias)).is_some_and(|of| of.len() > 1);
        if bare(&alias).is_empty() || is_elsewhere || others.iter().any(|o| bare(o) == bare(&alias)) {
            continue;
        }
        seen.insert(row);
        let rest = parts.join("; ");
        let kept = others.iter().map(|o| bare(o)).filter(|o| o.len() >= 5).collect();
        chosen.push(Withheld { id: rows[row][id].clone(), alias, others: kept, spellings: others });
        rows[row][aliases] = rest;
    }
    let mut writer = csv::Writer::from_path(out).expect("the file opens");
    writer.write_record(&header).expect("the header is written");
    for row in rows {
        writer.write_record(&row).expect("the row is written");
    }
    writer.flush().expect("the file is whole");
    chosen
}

/// Whether no word of three letters or more of the alias begins like a word of the entry's other names, and neither is
/// the initials of the other.
fn shares_nothing(withheld: &Withheld) -> bool {
    if withheld
        .spellings
        .iter()
        .any(|other| are_initials(&withheld.alias, other) || are_initials(other, &withheld.alias))
    {
        return false;
    }
    let starts = |name: &str| {
        let folded = Folded::of(name, Reading::Romanised);
        let words = folded.tokens().iter().map(|t| folded.text(*t));
        words.filter(|w| w.len() >= 3).map(|w| w[..3].to_owned()).collect::<BTreeSet<_>>()
    };
    let own = starts(&withheld.alias);
    withheld.spellings.iter().all(|other| own.is_disjoint(&starts(other)))
}

/// Whether the letters of one name are a line of initials of the other's words.
fn are_initials(short: &str, long: &str) -> bool {
    let of = |name: &str, look: &mut dyn FnMut(&View<'_>)| {
        let folded = Folded::of(name, Reading::Plain);
        let mut words = Vec::new();
        parse(folded.as_text(), false, &Uniform, &mut words);
        look(&View { text: folded.squeezed(), words: &words });
    };
    let (mut wanted, mut found) = (None, false);
    of(short, &mut |view| wanted = acronym(view).map(acronym_key));
    of(long, &mut |view| each_initials(view, |key| found |= Some(key) == wanted));
    found
}

/// Whether the entry is the same party, on this list or another: it has one of the names that the withheld one keeps.
fn is_same_party(entry: &Entry, withheld: &Withheld) -> bool {
    entry.id == withheld.id || entry.names.iter().any(|n| withheld.others.contains(&bare(&n.text)))
}

#[derive(Default)]
struct Ranks {
    first: usize,
    in_ten: usize,
    high: usize,
    other_high: usize,
    apart: usize,
}

fn rank(answers: &[Vec<SearchHit<'_>>], withheld: &[Withheld], is_right: impl Fn(&Entry, &Withheld) -> bool) -> Ranks {
    let mut ranks = Ranks::default();
    for (one, hits) in withheld.iter().zip(answers) {
        let at = hits.iter().position(|h| is_right(h.entry, one));
        let is_high = |own: bool| hits.iter().any(|h| is_right(h.entry, one) == own && h.score.get() >= 800);
        ranks.first += usize::from(at == Some(0));
        ranks.in_ten += usize::from(at.is_some());
        ranks.high += usize::from(is_high(true));
        ranks.other_high += usize::from(is_high(false));
        let is_apart = shares_nothing(one);
        ranks.apart += usize::from(is_apart);
        let came = hits.iter().take(2).map(|h| format!("{} {}", h.score.get(), h.matched_name)).collect::<Vec<_>>();
        let own = at.map_or(0, |at| hits[at].score.get());
        println!(
            "{}\t{own}\t{}\t{}\t{}\t{}\t{}\t{}",
            at.map_or(-1, |at| at as i32 + 1),
            if is_apart { "apart" } else { "" },
            hits.iter().find(|h| !is_right(h.entry, one)).map_or(0, |h| h.score.get()),
            one.alias,
            one.spellings.join(" ; "),
            came.join(" ; "),
            one.id,
        );
    }
    ranks
}

#[test]
fn an_alias_taken_out_still_leads_to_its_entry() {
    let Some(list) = data("lists/us/csl_2022-05.csv.gz") else { return };
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("csl.csv");
    let withheld = take_out(&list, 1_500, &path);
    let engine = engine(lists::load(&[Source::Path(path)]).expect("the list loads"));
    let share = |n: usize| n as f64 * 100.0 / withheld.len() as f64;
    let say = |of: &str, ranks: &Ranks| {
        println!(
            "left out, {of}: first {:.1} %, in ten {:.1} %, at 800 {:.1} %, another at 800 {:.1} %; {:.1} % share nothing",
            share(ranks.first),
            share(ranks.in_ten),
            share(ranks.high),
            share(ranks.other_high),
            share(ranks.apart)
        );
    };
    let mut scratch = Scratch::default();
    let answers: Vec<_> = withheld.iter().map(|one| engine.search(&one.alias, 10, &mut scratch)).collect();
    say("the entry itself", &rank(&answers, &withheld, |entry, one| entry.id == one.id));
    let ranks = rank(&answers, &withheld, is_same_party);
    say("the same party on any list", &ranks);
    // The aims are 78, 88, 55 and at most 5 in a hundred; these floors keep what is reached. One alias in nine shares
    // neither the beginning of a word nor initials with the rest of its entry: translations, noms de guerre.
    assert!(ranks.first * 100 >= COUNT * 73, "first: {}", ranks.first);
    assert!(ranks.in_ten * 100 >= COUNT * 83, "in ten: {}", ranks.in_ten);
    assert!(ranks.high * 100 >= COUNT * 55, "at 800: {}", ranks.high);
    assert!(ranks.other_high * 100 <= COUNT * 5, "another at 800: {}", ranks.other_high);
}

/// Takes one alias each out of `count` entries of a list that was read; what stands elsewhere on it is not chosen.
fn take_out_of(entries: &mut [Entry], count: usize, seed: u64) -> Vec<Withheld> {
    let mut listed: BTreeMap<String, u32> = BTreeMap::new();
    for name in entries.iter().flat_map(|e| &e.names) {
        *listed.entry(bare(&name.text)).or_default() += 1;
    }
    let (mut choice, mut chosen) = (Choice::seeded(seed), Vec::new());
    let mut rows: Vec<usize> = (0..entries.len()).filter(|at| entries[*at].names.len() > 1).collect();
    while chosen.len() < count && !rows.is_empty() {
        let row = rows.swap_remove(choice.below(rows.len()));
        let entry = &mut entries[row];
        let at = 1 + choice.below(entry.names.len() - 1);
        let alias = bare(&entry.names[at].text);
        if !alias.is_empty() && listed.get(&alias) == Some(&1) {
            let alias = entry.names.remove(at).text;
            let spellings: Vec<String> = entry.names.iter().map(|n| n.text.clone()).collect();
            let others = spellings.iter().map(|o| bare(o)).filter(|o| o.len() >= 5).collect();
            chosen.push(Withheld { id: entry.id.clone(), alias, spellings, others });
        }
    }
    chosen
}

/// The same asked of lists that nothing was built on: whether what holds for one list holds for others.
#[test]
fn an_alias_taken_out_of_other_lists_leads_to_its_entry() {
    // First and in ten, per cent: a little under what is reached.
    for (file, first, in_ten) in [
        ("lists/un/un_2026-02-27.xml", 68, 78),
        ("lists/uk/ofsi_2025-04-10.csv.gz", 85, 90),
        ("lists/eu/fsf_2024-05-13.xml.gz", 87, 92),
    ] {
        let Some(path) = data(file) else { return };
        let read = lists::load(&[Source::Path(path)]).expect("the list loads");
        let mut entries = read.entries().to_vec();
        let withheld = take_out_of(&mut entries, 500, 500);
        let engine = engine(Snapshot::from_entries(entries, Vec::new()).expect("the entries are unique"));
        let mut scratch = Scratch::default();
        let answers: Vec<_> = withheld.iter().map(|one| engine.search(&one.alias, 10, &mut scratch)).collect();
        let ranks = rank(&answers, &withheld, is_same_party);
        let share = |n: usize| n as f64 * 100.0 / withheld.len() as f64;
        println!(
            "left out of {file}, {}: first {:.1} %, in ten {:.1} %, at 800 {:.1} %, another at 800 {:.1} %; {:.1} % share nothing",
            withheld.len(),
            share(ranks.first),
            share(ranks.in_ten),
            share(ranks.high),
            share(ranks.other_high),
            share(ranks.apart)
        );
        assert!(ranks.first * 100 >= withheld.len() * first, "{file}: {} first", ranks.first);
        assert!(ranks.in_ten * 100 >= withheld.len() * in_ten, "{file}: {} in ten", ranks.in_ten);
    }
}
