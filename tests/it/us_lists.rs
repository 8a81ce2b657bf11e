//! The US lists inside the program: against what they were made from, against the Consolidated Screening List of 2022,
//! and as somebody meets them who has just built the program.

use crate::cli::Folder;
use crate::shared::{builtin, data};
use engine::link::Parties;
use lists::{Snapshot, Source};
use model::country::Country;
use model::entry::Entry;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;
use text::{Folded, Reading};

/// One entity of the parse.
#[derive(Deserialize)]
struct Entity {
    name: String,
    country: Option<String>,
    federal_register: Option<String>,
    notes: Option<String>,
    #[serde(default)]
    aliases: Option<Vec<String>>,
    address: Option<String>,
}

#[derive(Deserialize)]
struct Parsed {
    entities: Vec<Entity>,
}

/// The entities of one file of `lists/us/parsed_2026-07`.
fn parsed(name: &str) -> Option<Vec<Entity>> {
    let path = data(&format!("lists/us/parsed_2026-07/{name}.json"))?;
    let text = std::fs::read_to_string(path).expect("it reads");
    Some(serde_json::from_str::<Parsed>(&text).expect("it is JSON").entities)
}

fn of<'a>(snapshot: &'a Snapshot, list: &'a str) -> impl Iterator<Item = &'a Entry> {
    snapshot.entries().iter().filter(move |e| e.list.as_str() == list && e.read_on.is_none())
}

/// Letters and digits alone.
fn plain(name: &str) -> String {
    Folded::of(name, Reading::Plain).squeezed().to_owned()
}

/// Volumes and pages of the Federal Register.
type Pages = BTreeSet<(String, String)>;

/// The volume and page of every notice in the text.
fn pages(text: &str) -> Pages {
    let words: Vec<&str> = text.split(|c: char| !c.is_ascii_alphanumeric()).filter(|w| !w.is_empty()).collect();
    words.windows(3).filter(|w| w[1] == "FR").map(|w| (w[0].to_owned(), w[2].to_owned())).collect()
}

/// Every name of an entry, and what it was listed as where a reader cut it.
fn spellings(entry: &Entry) -> BTreeSet<String> {
    let listed = entry.remarks.split("; ").filter_map(|r| r.strip_prefix("Listed as: "));
    entry.names.iter().map(|n| n.text.as_str()).chain(listed).map(plain).collect()
}

#[test]
fn the_entity_list_is_whole() {
    let Some(entities) = parsed("bis_entity_list") else { return };
    assert_eq!(entities.len(), 3_409);
    let mut by_country: BTreeMap<Country, Vec<(BTreeSet<String>, Pages)>> = BTreeMap::new();
    for entry in of(builtin().snapshot(), "us-bis-el") {
        let [country] = entry.countries[..] else { panic!("{entry:?}") };
        let cited = pages(&entry.citations.join("; "));
        assert!(!cited.is_empty() && entry.published.is_some() && entry.licence_requirement.is_some(), "{entry:?}");
        by_country.entry(country).or_default().push((spellings(entry), cited));
    }
    let mut missing = Vec::new();
    for e in &entities {
        let country = e.country.as_deref().expect("each has a country");
        let country = match country {
            "Crimea Region of Ukraine" => Country::from_code("UA"),
            other => Country::parse(other),
        };
        let country = country.unwrap_or_else(|| panic!("{:?}", e.country));
        let cited = pages(e.federal_register.as_deref().expect("each cites a notice"));
        // What stands before an alias in brackets, or before a note.
        let name = plain(e.name.split(" (See ").next().unwrap_or_default());
        let bare = plain(e.name.split(" (").next().unwrap_or_default());
        let is_there = by_country[&country].iter().any(|(names, pages)| {
            *pages == cited && (names.contains(&name) || names.contains(&bare) || is_cut(names, &name))
        });
        if !is_there {
            missing.push(format!("{} {:?} {cited:?}", e.name, e.country));
        }
    }
    assert!(missing.is_empty(), "{}: {missing:#?}", missing.len());
}

/// The table of the law, made of the parsed rows: what the reader of the eCFR takes apart is what the parse had.
#[test]
fn the_law_s_own_table_gives_the_parsed_entities() {
    let Some(entities) = parsed("bis_entity_list") else { return };
    let escaped = |text: &str| text.replace('&', "&amp;").replace('<', "&lt;");
    let mut page = String::from(
        "<?xml version=\"1.0\"?><DIV5 N=\"744\" TYPE=\"PART\"><DIV9 N=\"Supplement No. 4 to Part 744\" TYPE=\"APPENDIX\">\n\
         <TABLE><THEAD><TR><TH>Country</TH><TH>Entity</TH><TH>License requirement</TH><TH>License review policy</TH>\
         <TH>Federal Register citation</TH></TR></THEAD><TBODY>\n",
    );
    for e in &entities {
        let aliases = e.aliases.as_deref().unwrap_or_default();
        let mut cell = escaped(&e.name);
        if !aliases.is_empty() {
            cell += ", <E T=\"03\">a.k.a.,</E> the following aliases:";
            aliases.iter().for_each(|alias| cell += &format!("<br/>\u{2014}{};", escaped(alias)));
            cell += "<br/>";
        }
        if let Some(address) = e.address.as_deref().filter(|a| !a.is_empty()) {
            cell += if aliases.is_empty() { ", " } else { "" };
            cell += &escaped(address);
        }
        let text = |of: &Option<String>| escaped(of.as_deref().unwrap_or_default());
        let (country, requirement, notice) = (text(&e.country), text(&e.notes), text(&e.federal_register));
        page += &format!(
            "<TR><TD>{}</TD><TD>{cell}</TD><TD>{requirement}</TD><TD>Presumption of denial</TD><TD>{notice}</TD></TR>\n",
            country.to_uppercase()
        );
    }
    page += "</TBODY></TABLE></DIV9></DIV5>";
    let folder = Folder::new();
    folder.file("part744.xml", page);
    let snapshot = lists::load(&[Source::Path(folder.path("part744.xml"))]).unwrap_or_else(|e| panic!("{e}"));
    let mut by_name: BTreeMap<String, Vec<&Entry>> = BTreeMap::new();
    for entry in snapshot.entries() {
        assert_eq!((entry.list.as_str(), entry.effect), ("us-bis-el", model::entry::Effect::Licence));
        spellings(entry).into_iter().for_each(|name| by_name.entry(name).or_default().push(entry));
    }
    let (mut without, mut lost, mut aliases, mut lost_aliases) = (0, Vec::new(), 0, 0);
    for e in &entities {
        let is_plain = e.aliases.as_deref().unwrap_or_default().is_empty();
        without += usize::from(is_plain);
        let cited = pages(e.federal_register.as_deref().unwrap_or_default());
        // Initials in brackets become a spelling of their own.
        let bare = plain(e.name.split(" (").next().unwrap_or_default());
        let found = [plain(&e.name), bare].into_iter().filter_map(|name| by_name.get(&name)).flatten();
        let Some(entry) = found.into_iter().find(|entry| pages(&entry.citations.join("; ")) == cited) else {
            lost.push((is_plain, e.name.as_str()));
            continue;
        };
        let names = spellings(entry);
        for alias in e.aliases.iter().flatten() {
            aliases += 1;
            lost_aliases += usize::from(!names.contains(&plain(alias)));
        }
    }
    let of_plain = lost.iter().filter(|(is_plain, _)| *is_plain).count();
    println!(
        "{} rows: {} names otherwise, {of_plain} of them of {without} rows without aliases; {lost_aliases} of {aliases} \
         aliases otherwise: {lost:#?}",
        entities.len(),
        lost.len()
    );
    assert!(lost.len() * 100 < entities.len() && lost_aliases * 20 < aliases, "{}", lost.len());
}

/// A name that the parse ran into what stood behind it or before it.
fn is_cut(names: &BTreeSet<String>, listed: &str) -> bool {
    names.iter().any(|n| n.len() >= 8 && (listed.starts_with(n.as_str()) || n.starts_with(listed)))
}

#[test]
fn the_other_lists_are_whole() {
    let snapshot = builtin().snapshot();
    for (list, files, entries) in [
        ("us-bis-meu", &["bis_meu"][..], 70),
        ("us-bis-dpl", &["bis_dpl"], 468),
        ("us-dod-1260h", &["dow_1260h"], 188),
        ("us-dhs-uflpa", &["dhs_uflpa"], 144),
        ("us-fcc-covered", &["fcc_covered"], 15),
        ("us-cbp-wro", &["cbp_wro"], 73),
        ("us-ofac-cmic", &["ofac_nscmic"], 68),
        ("us-state-isn", &["state_nonproliferation"], 152),
        ("us-state-dtc", &["state_debarred_statutory", "state_debarred_admin"], 788),
    ] {
        let ours: Vec<&Entry> = of(snapshot, list).collect();
        assert_eq!(ours.len(), entries, "{list}");
        let names: BTreeSet<String> = ours.iter().flat_map(|e| spellings(e)).collect();
        let texts: String = ours.iter().map(|e| plain(&e.remarks) + "|").collect();
        for file in files {
            let Some(entities) = parsed(file) else { return };
            for e in entities {
                let notes = e.notes.unwrap_or_default();
                // The table of the State Department keeps measures that have ended.
                if list == "us-state-isn" && !notes.contains("status: Active") && !notes.contains("sanctions remain;") {
                    continue;
                }
                let name = plain(&e.name);
                let is_there = names.contains(&name) || is_cut(&names, &name) || texts.contains(&name);
                assert!(is_there || e.name.contains(" and ") || e.name.contains("; "), "{list}: {}", e.name);
            }
        }
    }
}

/// The list of May 2022 names its entries as the text of July 2026 does, as far as both have them. Of its 2,001 entries
/// those that no name finds any more were removed or renamed since.
#[test]
fn the_screening_list_of_2022_agrees_in_name() {
    let Some(path) = data("lists/us/csl_2022-05.csv.gz") else { return };
    let then = lists::load(&[Source::Path(path)]).expect("the list loads");
    let mut now: BTreeMap<String, Vec<&Entry>> = BTreeMap::new();
    for entry in of(builtin().snapshot(), "us-bis-el") {
        for name in spellings(entry) {
            now.entry(name).or_default().push(entry);
        }
    }
    let (mut agree, mut by_alias, mut gone) = (0, Vec::new(), Vec::new());
    for entry in of(&then, "us-bis-el") {
        let same = |e: &&&Entry| {
            entry.all_countries().next().is_none() || e.all_countries().any(|c| entry.all_countries().any(|d| c == d))
        };
        let known = |name: &str| now.get(&plain(name)).into_iter().flatten().filter(same).count() > 0;
        if known(entry.primary_name()) {
            agree += 1;
        } else if entry.names.iter().any(|n| known(&n.text)) {
            by_alias.push(entry.primary_name());
        } else {
            gone.push(entry.primary_name());
        }
    }
    println!("{agree} agree, {} by an alias: {by_alias:#?}\n{} gone: {gone:#?}", by_alias.len(), gone.len());
    // As docs/lists.md says.
    assert_eq!((agree, by_alias.len(), gone.len()), (1_925, 32, 44));
}

/// A curated entry of a list that is here whole repeats an entry of it: one party, one alert.
#[test]
fn curated_entries_are_linked_to_the_whole_lists() {
    let snapshot = builtin().snapshot();
    let whole: BTreeSet<&str> =
        snapshot.lists().iter().filter(|l| l.source == "builtin").map(|l| l.id.as_str()).collect();
    let parties = Parties::link(snapshot);
    let mut alone = Vec::new();
    for (id, entry) in snapshot.numbered().filter(|(_, e)| e.read_on.is_some() && whole.contains(e.list.as_str())) {
        let others = parties.listings(id).iter().map(|&(other, _)| snapshot.entry_at(other));
        if !others.clone().any(|o| o.list == entry.list && o.read_on.is_none()) && !entry.names.is_empty() {
            alone.push(format!("{}/{}", entry.list, entry.id));
        }
    }
    assert!(alone.is_empty(), "{alone:#?}");
}

/// What `lists/us` holds is what its script makes of the sources.
#[test]
fn the_script_makes_the_tables() {
    let Some(folder) = data("lists/us") else { return };
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let run = Command::new("python3").current_dir(root).args(["lists/us/build.py", "--check"]).arg(folder).output();
    let output = match run {
        Ok(output) => output,
        Err(error) => {
            assert!(std::env::var("CI").map_or(true, |ci| ci != "true"), "python3: {error}");
            eprintln!("skipped: python3: {error}");
            return;
        }
    };
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn the_first_command_of_a_newcomer_is_a_real_screening() {
    let folder = Folder::new();
    let (code, out, err) = folder.run(&["screen", "--party", "Yangtze Memory Technologies"]);
    assert_eq!(code, 0, "{err}");
    for said in [
        "shipment  HOLD",
        "Yangtze Memory Technologies Co., Ltd.",
        "[us-bis-el/cn-yangtze-memory-technologies-co-ltd]",
        "citations  87 FR 77508, 12/19/22",
        "licence    All items subject to the EAR (see § 744.11 of the EAR).",
        "Section 1260H List of Chinese Military Companies",
    ] {
        assert!(out.contains(said), "{said}\n{out}");
    }
    // Where each list comes from, and how old it is.
    let (_, out, _) = folder.run(&["lists", "status", "--format", "json"]);
    let status: serde_json::Value = serde_json::from_str(&out).expect("it is JSON");
    let lists = status["lists"].as_array().expect("it has lists");
    let whole: Vec<_> = lists.iter().filter(|l| l["source"] == "builtin").collect();
    assert_eq!(whole.len(), 10);
    for list in whole {
        let text = |key: &str| list[key].as_str().unwrap_or_default();
        assert!(text("note").contains("read by a third party, not by us"), "{list}");
        assert!(!text("published").is_empty() && text("read").starts_with("2026-"), "{list}");
    }

    // Nobody feeds the program for a year: every answer says so.
    let (_, out, _) = folder.run(&["screen", "--party", "Copper Heron GmbH", "--builtin-stale-after", "1"]);
    assert!(out.starts_with("shipment  REVIEW") && out.contains("LIST_STALE"), "{out}");
    let (_, out, _) = folder.run(&["screen", "--party", "Copper Heron GmbH", "--builtin-stale-after", "0"]);
    assert!(out.starts_with("shipment  NO_FINDING") && !out.contains("LIST_STALE"), "{out}");
}

/// A list that the user gives replaces the one inside the program and says so.
#[test]
fn a_list_of_the_user_s_replaces_the_one_inside() {
    let folder = Folder::new();
    folder.file("el.csv", "name,list,citation\nWandering Heron Optics Ltd,us-bis-el,our copy\n");
    let (_, out, _) = folder.run(&["lists", "status", "--list", "builtin", "--list", "el.csv"]);
    let row = out.lines().find(|line| line.starts_with("us-bis-el ") && line.contains("  file  "));
    assert!(row.is_some_and(|row| row.ends_with("in place of built in")), "{out}");
    let details = ["lists", "status", "--details", "--list", "builtin", "--list", "el.csv"];
    let (_, out, err) = folder.run(&details);
    assert!(out.contains("used in place of the list inside the program of 2026-07-09"), "{out}{err}");
    let outcome = |party: &str, lists: &[&str]| {
        let (_, out, _) = folder.run(&[&["screen", "--party", party], lists].concat());
        out.lines().next().unwrap_or_default().to_owned()
    };
    let given = ["--list", "builtin", "--list", "el.csv"];
    assert_eq!(outcome("Wandering Heron Optics Ltd", &given), "shipment  HOLD");
    assert_eq!(outcome("Loongson Zhongke Technology", &["--list", "builtin"]), "shipment  HOLD");
    assert_eq!(outcome("Loongson Zhongke Technology", &given), "shipment  NO_FINDING");
    // Curated entries and the other whole lists stay.
    assert_eq!(outcome("SZ DJI Technology Co., Ltd.", &given), "shipment  HOLD");
    assert_eq!(outcome("Hefei Bitland Information Technology Co., Ltd.", &given), "shipment  REVIEW");
    assert_eq!(outcome("Loongson Zhongke Technology", &["--list", "curated"]), "shipment  NO_FINDING");
}
