use super::*;
use model::entry::{Address, Effect, Identifier, ListId};
use model::entry::{Name, NameKind};

fn listed(list: &str, id: &str, kind: EntryKind, names: &[&str], country: &str) -> Entry {
    let mut entry = Entry::new(ListId::new(list), id, kind, Effect::Blocking);
    for (at, text) in names.iter().enumerate() {
        entry.names.push(Name::new(*text, if at == 0 { NameKind::Primary } else { NameKind::Alias }));
    }
    entry.countries.extend(Country::from_code(country));
    entry
}

fn number(mut entry: Entry, kind: IdentifierType, value: &str) -> Entry {
    entry.identifiers.push(Identifier { kind, value: value.to_owned(), country: None });
    entry
}

fn born(mut entry: Entry, day: &str) -> Entry {
    entry.births.push(day.to_owned());
    entry
}

/// The groups as "list/id" texts.
fn groups(entries: Vec<Entry>) -> Vec<Vec<String>> {
    let snapshot = Snapshot::from_entries(entries, Vec::new()).expect("no entry is given twice");
    let parties = Parties::link(&snapshot);
    let name = |&(id, _): &(EntryId, LinkedBy)| {
        let entry = snapshot.entry_at(id);
        format!("{}/{}", entry.list, entry.id)
    };
    parties.groups().map(|g| g.iter().map(name).collect()).collect()
}

#[test]
fn a_party_on_several_lists_is_one() {
    use EntryKind::{Company, Person, Unknown};
    let all = groups(vec![
        listed("a", "1", Unknown, &["Harbour", "Zhumadian Harbour Dynamics Co., Ltd."], "CN"),
        listed("b", "1", Company, &["ZHUMADIAN HARBOUR DYNAMICS CO LTD"], "CN"),
        // A number joins what no name does.
        number(listed("c", "1", Company, &["Quayside Robotics"], "RU"), IdentifierType::Inn, "7802170553"),
        number(listed("d", "1", Company, &["Prichal Robototekhnika"], ""), IdentifierType::Tax, "7802170553"),
        born(listed("e", "1", Person, &["DOE, John"], ""), "1965-02-13"),
        born(listed("f", "1", Person, &["John Doe"], ""), "1965"),
    ]);
    assert_eq!(all, [vec!["a/1", "b/1"], vec!["c/1", "d/1"], vec!["e/1", "f/1"]]);
}

#[test]
fn what_contradicts_stays_apart() {
    use EntryKind::{Company, Person, Unknown, Vessel};
    let apart = |a: Entry, b: Entry| assert!(groups(vec![a.clone(), b.clone()]).is_empty(), "{a:?} {b:?}");
    let long = &["Zhumadian Harbour Dynamics"];
    apart(listed("a", "1", Company, long, "CN"), listed("b", "1", Company, long, "RU"));
    apart(listed("a", "1", Company, long, "CN"), listed("b", "1", Vessel, long, "CN"));
    apart(listed("a", "1", Company, long, "CN"), listed("a", "2", Company, long, "CN"));
    apart(
        number(listed("a", "1", Company, long, "CN"), IdentifierType::Uscc, "914403007954257495"),
        number(listed("b", "1", Company, long, "CN"), IdentifierType::Uscc, "91440300MA5HX80Y1Q"),
    );
    apart(
        born(listed("a", "1", Person, &["Ali Hassan Omar Said"], "IQ"), "1965"),
        born(listed("b", "1", Person, &["Ali Hassan Omar Said"], "IQ"), "1981"),
    );
    apart(listed("a", "1", Person, &["Ali Hassan"], "IQ"), listed("b", "1", Person, &["Ali Hassan"], "IQ"));
    apart(listed("a", "1", Unknown, &["Wang Wei"], "CN"), listed("b", "1", Unknown, &["Wang Wei"], "CN"));
    // Two aliases in common may be a brand.
    apart(listed("a", "1", Company, &["One", long[0]], "CN"), listed("b", "1", Company, &["Two", long[0]], "CN"));
}

#[test]
fn one_list_may_have_two_entries_for_a_party() {
    let twice = |addresses: [&str; 2], citations: [&str; 2]| {
        let entries = [0, 1].map(|n| {
            let mut entry = listed("a", &n.to_string(), EntryKind::Unknown, &["Harbour"], "CN");
            entry.addresses.push(Address { text: addresses[n].into(), country: None });
            entry.citations.push(citations[n].into());
            entry
        });
        groups(entries.into()).len()
    };
    assert_eq!(twice(["1 Long Quay Street", "1, Long Quay Street"], ["82 FR 724", "87 FR 34157"]), 1);
    assert_eq!(twice(["1 Long Quay Street", "2 Short Street"], ["82 FR 724, 1/4/17", "82 FR 724"]), 1);
    assert_eq!(twice(["1 Long Quay Street", "2 Short Street"], ["82 FR 724", "87 FR 34157"]), 0);
}

#[test]
fn a_reference_of_the_united_nations_links_its_copies() {
    let mut un = listed("un-sc", "1", EntryKind::Person, &["A B"], "");
    un.citations.push("UN Security Council, reference QDi.012".into());
    let mut copy = listed("uk-ofsi", "1", EntryKind::Person, &["C D"], "");
    copy.remarks = "Brother of QDi.013; UN Ref: QDi.012; Listed".into();
    let mut other = listed("x", "1", EntryKind::Person, &["E F"], "");
    other.remarks = "Associate of QDi.012".into();
    assert_eq!(groups(vec![un, copy, other]), [vec!["uk-ofsi/1", "un-sc/1"]]);
}

#[test]
fn what_two_entries_of_a_list_share_with_a_third_does_not_join_them() {
    use EntryKind::Company;
    let between = listed("b", "1", Company, &["Harbour Bank One", "Harbour Bank Two"], "RU");
    let all = groups(vec![
        listed("a", "1", Company, &["Harbour Bank One"], "RU"),
        listed("a", "2", Company, &["Harbour Bank Two"], "RU"),
        between,
    ]);
    assert_eq!(all.iter().map(Vec::len).collect::<Vec<_>>(), [2]);
    let ofac = |list, id| listed(list, id, Company, &["x"], "");
    let all = groups(vec![ofac("us-ofac-sdn", "17015"), ofac("us-ofac-ssi", "17015"), ofac("us-ofac-plc", "7015")]);
    assert_eq!(all, [vec!["us-ofac-sdn/17015", "us-ofac-ssi/17015"]]);
}
