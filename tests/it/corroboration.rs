//! What the rest of a record makes of a name: weak names, dates, numbers, ships that were renamed.

use crate::shared::engine;
use engine::screen::{Engine, Scratch};
use lists::Snapshot;
use model::country::Country;
use model::entry::{Address, Effect, Entry, EntryKind, Identifier, IdentifierType, ListId, Name, NameKind};
use model::finding::{EvidenceKind, Finding, Outcome, Reason, Screening, Severity};
use model::shipment::{Goods, PartialDate, Party, Role, Shipment, Vessel};

fn country(code: &str) -> Option<Country> {
    Country::from_code(code)
}

fn row(id: &str, kind: EntryKind, name: &str, aliases: &[&str]) -> Entry {
    let mut entry = Entry::new(ListId::new("test"), id, kind, Effect::Blocking);
    entry.names.push(Name::new(name, NameKind::Primary));
    entry.names.extend(aliases.iter().map(|alias| Name::new(*alias, NameKind::Alias)));
    entry
}

fn number(kind: IdentifierType, value: &str) -> Identifier {
    Identifier { kind, value: value.to_owned(), country: None }
}

fn lists() -> Engine {
    let mut trader =
        row("trader", EntryKind::Company, "Techno-Commercial (Private) Limited", &["TCL", "Zubairi Brothers"]);
    trader.addresses.push(Address { text: "68-Y Gulberg Commercial Zone, Lahore".to_owned(), country: country("PK") });
    let mut maker = row("maker", EntryKind::Company, "AO Kronshtadt Tekhnologii", &[]);
    maker.identifiers.push(number(IdentifierType::Inn, "7802170553"));
    maker.births.push("2005".to_owned());
    let mut person = row("person", EntryKind::Person, "PAULICHENKA, Dzmitry Valeryevich", &[]);
    person.births.push("1966-11-02".to_owned());
    person.countries.extend(country("BY"));
    let mut ship = row("ship", EntryKind::Vessel, "ADRIAN DARYA", &["GRACE ONE"]);
    ship.identifiers.push(number(IdentifierType::Imo, "9116412"));
    let mut group = row("group", EntryKind::Company, "SHABEEHA", &[]);
    group.addresses.push(Address { text: "17 Kafarsouseh Circle, Rural Damascus".to_owned(), country: country("SY") });
    let bank = row("bank", EntryKind::Company, "Bank BEST", &["BEST"]);
    let rows = vec![trader, maker, person, ship, group, bank];
    engine(Snapshot::from_entries(rows, Vec::new()).expect("the rows are unique"))
}

fn screen(engine: &Engine, shipment: &Shipment) -> Screening {
    engine.screen(shipment, &mut Scratch::default())
}

fn party(engine: &Engine, party: Party) -> Screening {
    screen(engine, &Shipment { parties: vec![party], ..Shipment::default() })
}

fn of<'a>(screening: &'a Screening, id: &str) -> &'a Finding {
    let is_row = |f: &&Finding| f.entry.as_ref().is_some_and(|e| e.id == id);
    screening.findings.iter().find(is_row).unwrap_or_else(|| panic!("{id} is not in {:#?}", screening.findings))
}

fn points(finding: &Finding, kind: EvidenceKind) -> Option<i32> {
    finding.evidence.iter().find(|e| e.kind == kind).map(|e| e.points)
}

/// A single word among others is a word; where the entry's own address is the rest of the cell, it is the name.
#[test]
fn the_listed_address_beside_a_name_makes_it_the_name() {
    let engine = lists();
    let cell = |name: &str| party(&engine, Party { name: name.to_owned(), ..Party::default() });
    let own = cell("SHABEEHA Kafarsouseh Circle 17, Damascus");
    let finding = of(&own, "group");
    assert!(finding.severity >= Severity::Medium && own.outcome != Outcome::NoFinding, "{finding:#?}");
    assert!(points(finding, EvidenceKind::AddressAgrees).is_some_and(|p| p > 0), "{finding:#?}");
    let other = cell("SHABEEHA Birchwood Orchard 17, Lower Saxony");
    assert!(other.findings.iter().all(|f| f.severity == Severity::Info), "{other:#?}");
}

#[test]
fn a_weak_name_is_a_hit_with_something_beside_it() {
    let engine = lists();
    let tcl = || Party { name: "TCL".to_owned(), ..Party::default() };
    let alone = party(&engine, tcl());
    assert!(of(&alone, "trader").severity <= Severity::Low, "{alone:#?}");
    let elsewhere = party(&engine, Party { country: country("DE"), ..tcl() });
    assert_eq!(of(&elsewhere, "trader").severity, Severity::Info);
    assert!(points(of(&elsewhere, "trader"), EvidenceKind::CountryDiffers).is_some_and(|p| p < 0));
    let goods = Goods { description: "TCL televisions of BEST quality".to_owned(), ..Goods::default() };
    let goods = screen(&engine, &Shipment { goods: vec![goods], ..Shipment::default() });
    assert_eq!(goods.outcome, Outcome::NoFinding);
    for (fact, with) in [
        (EvidenceKind::CountryAgrees, Party { country: country("PK"), ..tcl() }),
        (EvidenceKind::AddressAgrees, Party { address: "68 Y, Gulberg zone, Lahore".to_owned(), ..tcl() }),
        (EvidenceKind::NameAgrees, Party { other_names: vec!["Zubairi and Sons".to_owned()], ..tcl() }),
    ] {
        let screening = party(&engine, with);
        let finding = of(&screening, "trader");
        assert_eq!(finding.severity, Severity::Medium, "{fact:?}: {finding:#?}");
        assert!(points(finding, fact).is_some_and(|p| p > 0), "{fact:?}: {finding:#?}");
    }
    let bank = party(&engine, Party { name: "BEST".to_owned(), role: Some(Role::Bank), ..Party::default() });
    assert_eq!(of(&bank, "bank").severity, Severity::Medium, "{bank:#?}");
    assert!(points(of(&bank, "bank"), EvidenceKind::RoleAgrees).is_some());
}

#[test]
fn another_year_of_birth_weakens_and_does_not_hide() {
    let engine = lists();
    let born = |date: &str| {
        let born = PartialDate::parse(date);
        party(&engine, Party { name: "Dzmitri Paulichenka".to_owned(), born, ..Party::default() })
    };
    let (unknown, same, near, other) = (born(""), born("1966-11-02"), born("1967"), born("1991"));
    let score = |screening: &Screening| of(screening, "person").score.get();
    assert!(score(&same) > score(&unknown) && score(&unknown) > score(&near) && score(&near) > score(&other));
    assert!(of(&other, "person").severity < of(&unknown, "person").severity);
    assert!(other.outcome >= Outcome::Review && other.findings[0].explanation.contains("1991"), "{other:#?}");
    let kinds: Vec<_> =
        [&same, &near, &other].iter().map(|s| of(s, "person").evidence.last().map(|e| e.kind)).collect();
    assert_eq!(
        kinds,
        [Some(EvidenceKind::BirthAgrees), Some(EvidenceKind::BirthNear), Some(EvidenceKind::BirthDiffers)]
    );
}

#[test]
fn another_number_speaks_against_a_name_and_a_wrong_one_says_nothing() {
    let engine = lists();
    let with = |inn: &str| {
        let identifiers = vec![number(IdentifierType::Inn, inn)];
        party(&engine, Party { name: "Kronshtadt Tekhnologii".to_owned(), identifiers, ..Party::default() })
    };
    let right = with("7802170553");
    assert!(right.findings.iter().any(|f| f.reason == Reason::PartyIdentifier));
    let by_name = |s: &Screening| s.findings.iter().find(|f| f.reason == Reason::PartyListed).cloned();
    assert_eq!(by_name(&right).and_then(|f| points(&f, EvidenceKind::IdentifierAgrees)), Some(40));
    let other = by_name(&with("7707083893")).expect("a number does not veto");
    assert!(
        points(&other, EvidenceKind::IdentifierDiffers).is_some_and(|p| p < 0) && other.severity == Severity::Medium
    );
    let wrong = by_name(&with("7707083894")).expect("the name is listed");
    assert_eq!(points(&wrong, EvidenceKind::IdentifierDiffers), None, "no INN has these check digits");
    let incorporated = PartialDate::parse("2019");
    let young = Party { name: "Kronshtadt Tekhnologii".to_owned(), incorporated, ..Party::default() };
    assert!(points(of(&party(&engine, young), "maker"), EvidenceKind::IncorporationDiffers).is_some());
}

#[test]
fn a_renamed_ship_is_found_by_its_number_and_says_so() {
    let engine = lists();
    let ship = |name: &str, imo: &str| {
        let vessel = Vessel { name: name.to_owned(), imo: imo.to_owned(), ..Vessel::default() };
        screen(&engine, &Shipment { vessels: vec![vessel], ..Shipment::default() })
    };
    let renamed = ship("SUN BIRD", "IMO 9116412");
    let finding = of(&renamed, "ship");
    assert_eq!((finding.reason, finding.severity), (Reason::PartyIdentifier, Severity::High));
    assert!(finding.explanation.contains("\"SUN BIRD\", differs from the listed name"), "{}", finding.explanation);
    assert!(
        points(finding, EvidenceKind::NameDiffers).is_some() && points(finding, EvidenceKind::CheckDigit).is_some()
    );
    let former = ship("M/V Grace One", "9116412");
    let by_number = former.findings.iter().find(|f| f.reason == Reason::PartyIdentifier).expect("the number is listed");
    assert_eq!(points(by_number, EvidenceKind::NameDiffers), None);
    let other = ship("ADRIAN DARYA", "9074729");
    let finding = of(&other, "ship");
    assert_eq!(finding.severity, Severity::Low, "another ship of the same name: {finding:#?}");
    assert!(points(finding, EvidenceKind::IdentifierDiffers).is_some());
    assert_eq!(of(&ship("ADRIAN DARYA", ""), "ship").severity, Severity::High);
}

/// Thousands bear such a name: it is looked at, and holds nothing until something else points to the entry. A rare name
/// needs nothing beside it.
#[test]
fn a_name_that_many_people_bear_holds_nothing_alone() {
    let names = ["MOHAMMED ALI", "IVANOV, Ivan", "LI, Wei", "GARCIA, Jose", "PAULICHENKA, Dzmitry Valeryevich"];
    let rows = names.iter().enumerate().map(|(at, name)| {
        let mut person = row(&at.to_string(), EntryKind::Person, name, &[]);
        person.births.push("1966-11-02".to_owned());
        person
            .addresses
            .push(Address { text: "17 Kafarsouseh Circle, Rural Damascus".to_owned(), country: country("SY") });
        person
    });
    let engine = engine(Snapshot::from_entries(rows.collect(), Vec::new()).expect("the rows are unique"));
    for (at, name) in names.iter().enumerate() {
        let is_rare = at == names.len() - 1;
        let alone = party(&engine, Party { name: (*name).to_owned(), ..Party::default() });
        assert_eq!(alone.outcome, if is_rare { Outcome::Hold } else { Outcome::Review }, "{alone:#?}");
        let says_why = points(of(&alone, &at.to_string()), EvidenceKind::CouldBeChance).is_some();
        assert_eq!(says_why, !is_rare, "{alone:#?}");
        let born = PartialDate::parse("1966-11-02");
        let elsewhere = Party { name: (*name).to_owned(), country: country("BR"), ..Party::default() };
        assert!(is_rare || party(&engine, elsewhere).outcome <= Outcome::Review, "{name}");
        let beside = Party { name: (*name).to_owned(), country: country("SY"), born, ..Party::default() };
        assert_eq!(party(&engine, beside).outcome, Outcome::Hold, "{name}");
    }
}
