//! A listed name that the list does not have: the Consolidated Screening List is compiled without one alias of each
//! of 1,500 entries chosen by seed, and each alias is asked for.
//!
//! All aliases are taken out in one go, one of an entry, so that each is asked of a list that knows nothing of it:
//! neither the name, nor how rare its words are.

use crate::shared::{Choice, data, engine};
use flate2::read::GzDecoder;
use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::path::Path;
use tidewaiter::entry::Entry;
use tidewaiter::list::{Snapshot, Source};
use tidewaiter::name::{Uniform, View, acronym, acronym_key, each_initials, parse};
use tidewaiter::screen::{Scratch, SearchHit};
use tidewaiter::text::{Folded, Reading};

const COUNT: usize = 1500;

struct Withheld {
    id: String,
    alias: String,
    /// The names the row keeps, as listed.
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
        // What another name of this or of another row spells alike is still on the list when it is taken out.
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
        parse(&folded, folded.tokens(), false, &Uniform, &mut words);
        look(&View { text: folded.squeezed(), words: &words });
    };
    let (mut wanted, mut found) = (None, false);
    of(short, &mut |view| wanted = acronym(view).map(acronym_key));
    of(long, &mut |view| each_initials(view, |key| found |= Some(key) == wanted));
    found
}

/// Whether the row is the same party on another list: it carries one of the names that the withheld row keeps.
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
    let engine = engine(Snapshot::load(&[Source::Path(path)]).expect("the list loads"));
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
    say("the row itself", &rank(&answers, &withheld, |entry, one| entry.id == one.id));
    let ranks = rank(&answers, &withheld, is_same_party);
    say("the same party on any list", &ranks);
    // The aims are 78, 88, 55 and at most 5 in a hundred; these floors keep what is reached. One alias in nine shares
    // neither the beginning of a word nor initials with the rest of its row: translations, noms de guerre.
    assert!(ranks.first * 100 >= COUNT * 73, "first: {}", ranks.first);
    assert!(ranks.in_ten * 100 >= COUNT * 83, "in ten: {}", ranks.in_ten);
    assert!(ranks.high * 100 >= COUNT * 55, "at 800: {}", ranks.high);
    assert!(ranks.other_high * 100 <= COUNT * 5, "another at 800: {}", ranks.other_high);
}
