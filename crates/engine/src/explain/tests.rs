//! What is said of a shipment, fault by fault: the sentences that once read wrong.

use crate::policy::Policy;
use crate::screen::{Ages, Engine, Limits, Now, Scratch};
use model::country::Country;
use model::entry::{Effect, Entry, EntryKind, ListId, Name, NameKind};
use model::finding::{Outcome, Reason, Screening, Severity, StaleList};
use model::shipment::{Goods, Party, Place, Role, Shipment};
use model::snapshot::{ListInfo, Snapshot};
use std::sync::Arc;

fn entry(list: &str, id: &str, effect: Effect, name: &str) -> Entry {
    let mut entry = Entry::new(ListId::new(list), id, EntryKind::Company, effect);
    entry.names.push(Name::new(name, NameKind::Primary));
    entry
}

fn engine(entries: Vec<Entry>) -> Engine {
    let titles = [("bis", "Entity List"), ("sdn", "SDN List"), ("own", "Watched parties on no official list")];
    let lists = titles.map(|(id, title)| ListInfo {
        id: ListId::new(id),
        title: title.to_owned(),
        publisher: String::new(),
        source: "test".to_owned(),
        note: String::new(),
        published: None,
        read: None,
        fresh_hours: 0,
        records: 0,
        entries: 0,
        names: 0,
        repairs: Vec::new(),
    });
    let snapshot = Snapshot::from_entries(entries, lists.into()).expect("ids differ");
    Engine::build(Arc::new(snapshot), Arc::new(Policy::default()), Limits::default()).expect("it fits")
}

fn screen(engine: &Engine, shipment: &Shipment) -> Screening {
    engine.screen(shipment, &mut Scratch::default())
}

fn party(name: &str) -> Party {
    Party { name: name.to_owned(), ..Party::default() }
}

fn of(parties: Vec<Party>) -> Shipment {
    Shipment { parties, ..Shipment::default() }
}

#[test]
fn a_stale_list_is_in_outcome_findings_and_summary() {
    let engine = engine(vec![entry("bis", "1", Effect::Licence, "Zubair Copper Heron Works")]);
    let stale =
        StaleList { list: ListId::new("bis"), title: "Entity List".to_owned(), age_hours: Some(100), limit_hours: 48 };
    let clear = of(vec![party("Fictive Lantern Bakery")]);
    let now = Now { ages: Ages::Known { stale: std::slice::from_ref(&stale) }, ..Now::default() };
    let screening = engine.screen_now(&clear, now, &mut Scratch::default());
    assert_eq!(screening.outcome, Outcome::Review);
    assert_eq!(screening.findings[0].reason, Reason::ListStale);
    assert_eq!(screening.summary, "Review: the Entity List is 4 days old, and 48 hours are allowed.");
    assert!(screening.rules_run.contains(&Reason::ListStale));
    // Who has looked and found no old list says so; who has not says nothing.
    let now_fresh = Now { ages: Ages::Known { stale: &[] }, ..Now::default() };
    let fresh = engine.screen_now(&clear, now_fresh, &mut Scratch::default());
    assert!(fresh.outcome == Outcome::NoFinding && fresh.rules_run.contains(&Reason::ListStale));
    assert!(!screen(&engine, &clear).rules_run.contains(&Reason::ListStale));
    // What is about the lists stands behind what is about the shipment; what was refused stays refused.
    let listed = of(vec![party("Zubair Copper Heron Works")]);
    let screening = engine.screen_now(&listed, now, &mut Scratch::default());
    let reasons: Vec<Reason> = screening.findings.iter().map(|f| f.reason).collect();
    assert_eq!(reasons, [Reason::PartyListed, Reason::ListStale]);
    let refused = engine.screen_now(&Shipment::default(), now, &mut Scratch::default());
    assert!(refused.outcome == Outcome::Refused && refused.findings.is_empty());
}

#[test]
fn a_text_that_is_the_listed_name_leaves_no_gap() {
    let engine = engine(vec![entry("bis", "1", Effect::Licence, "Zubair Copper Heron Works")]);
    let summary = screen(&engine, &of(vec![party("Zubair Copper Heron Works")])).summary;
    assert_eq!(
        summary,
        "Hold: party \"Zubair Copper Heron Works\" is listed on the Entity List, a licence is required as the entry says."
    );
}

#[test]
fn a_watch_list_is_called_by_its_name() {
    let engine = engine(vec![entry("own", "1", Effect::Watch, "Zubair Copper Heron Works")]);
    let screening = screen(&engine, &of(vec![party("Zubair Copper Heron Works")]));
    let expected = "is on the watch list \"Watched parties on no official list\"";
    assert!(screening.summary.contains(expected), "{}", screening.summary);
    let said = &screening.findings[0].explanation;
    assert!(said.contains("on the watch list \"Watched parties on no official list\""), "{said}");
    assert!(!said.contains("watched on"), "{said}");
}

#[test]
fn what_several_listings_mean_is_said_once_and_the_rest_is_counted() {
    let names = ["Copper", "Silver", "Amber", "Violet", "Crimson", "Ivory", "Indigo", "Scarlet"];
    let entries: Vec<Entry> = (0..)
        .zip(names)
        .map(|(n, word)| entry("bis", &n.to_string(), Effect::Licence, &format!("Zubair {word} Heron Shipyard")))
        .collect();
    let engine = engine(entries);
    let parties = names.iter().map(|word| party(&format!("Zubair {word} Heron Shipyard"))).collect();
    let summary = screen(&engine, &of(parties)).summary;
    assert_eq!(summary.matches("a licence is required").count(), 1, "{summary}");
    assert!(summary.contains("a licence is required as the entries say"), "{summary}");
    let first_two = of(vec![party("Zubair Copper Heron Shipyard"), party("Zubair Silver Heron Shipyard")]);
    let summary = screen(&engine, &first_two).summary;
    assert_eq!(summary.matches("a licence is required").count(), 1, "{summary}");
    assert!(!summary.contains("1 more"), "{summary}");
}

#[test]
fn one_finding_left_out_is_one_more_finding() {
    let lines = ["PARTS", "GOODS", "SAMPLES", "EQUIPMENT", "MACHINERY", "SPARE PARTS", "ACCESSORIES"];
    let goods = lines.map(|text| Goods { description: format!("{text}.pdf"), ..Goods::default() });
    let goods = goods.map(|mut line| {
        line.description.retain(|c| c != ' ');
        line
    });
    let shipment = Shipment { goods: goods.into(), ..Shipment::default() };
    let summary = screen(&engine(Vec::new()), &shipment).summary;
    assert!(summary.ends_with("; and one more finding."), "{summary}");
}

#[test]
fn a_country_is_a_country_and_a_place_is_in_one() {
    let mut shipment = of(vec![Party {
        role: Some(Role::Consignee),
        country: Country::from_code("RU"),
        ..party("Fictive Lantern Works")
    }]);
    shipment.goods = vec![Goods { description: "PARTS".to_owned(), ..Goods::default() }];
    let engine = engine(Vec::new());
    let summary = screen(&engine, &shipment).summary;
    assert!(summary.contains("the consignee's country is Russia (RU)"), "{summary}");
    shipment.parties.clear();
    shipment.route.discharge = Some(Place { country: Country::from_code("RU"), ..Place::default() });
    let summary = screen(&engine, &shipment).summary;
    assert!(summary.contains("the place of discharge is in Russia (RU)"), "{summary}");
    shipment.route.discharge = Some(Place { text: "Moscow".to_owned(), ..Place::default() });
    let summary = screen(&engine, &shipment).summary;
    assert!(summary.contains("the place of discharge Moscow is in Russia (RU)"), "{summary}");
    // The same for an embargoed country.
    let iran =
        Party { role: Some(Role::Consignee), country: Country::from_code("IR"), ..party("Fictive Lantern Works") };
    let screening = screen(&engine, &of(vec![iran]));
    assert!(screening.summary.contains("the consignee's country is Iran"), "{}", screening.summary);
    assert!(screening.findings.iter().all(|f| !f.explanation.contains("country is in")), "{screening:#?}");
}

/// A weak name in running text is for the record; once another field names the entry firmly it asks for a person.
#[test]
fn only_what_asks_for_nothing_is_kept_for_the_record_only() {
    let mut listed = entry("bis", "1", Effect::Licence, "Zubair Copper Heron Works");
    listed.names.push(Name::new("Zubair", NameKind::Alias));
    listed.names.push(Name::new("ZCH", NameKind::Acronym));
    let engine = engine(vec![listed]);
    let goods = |text: &str| vec![Goods { description: text.to_owned(), ..Goods::default() }];
    let texts = ["valves of ZCH make", "pumps by Zubair in boxes", "ZCH pumps and hoses of steel"];
    let mut seen = (0, 0);
    for text in texts {
        for parties in [Vec::new(), vec![party("Zubair Copper Heron Works")]] {
            let screening = screen(&engine, &Shipment { goods: goods(text), parties, ..Shipment::default() });
            for finding in screening.findings {
                let is_kept = finding.explanation.contains("kept for the record");
                assert!(!is_kept || finding.severity == Severity::Info, "{finding:#?}");
                let is_weak = finding.reason == Reason::TextListed;
                seen.0 += usize::from(is_weak && is_kept);
                seen.1 += usize::from(is_weak && finding.severity > Severity::Info);
            }
        }
    }
    assert!(seen.0 > 0 && seen.1 > 0, "both kinds are there: {seen:?}");
}

#[test]
fn evidence_of_the_protocol_and_files_of_the_policy_exist() {
    let proto = include_str!("../../../../proto/tidewaiter/v1/screening.proto");
    let example = proto.lines().find(|line| line.contains("Stable name, for example")).expect("it names examples");
    let known = |word: &str| model::finding::EvidenceKind::ALL.iter().any(|kind| kind.as_str() == word);
    let words: Vec<&str> =
        example.split("example ").nth(1).expect("examples").trim_end_matches('.').split(" or ").collect();
    assert!(words.len() == 2 && words.iter().all(|word| known(word)), "{words:?}");

    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let policy = crate::policy::DEFAULT_TEXT;
    let is_path = |word: &&str| word.contains('/') && (word.ends_with(".toml") || word.ends_with(".md"));
    let paths: Vec<&str> = policy.split_whitespace().filter(is_path).collect();
    assert!(paths.len() >= 2, "{paths:?}");
    for path in paths {
        assert!(root.join(path).is_file(), "{path}");
    }
}
