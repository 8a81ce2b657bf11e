//! Reading, precedence, suppressors and fingerprints.

use super::*;
use jiff::civil::date;
use model::entry::{EntryKind, ListId};
use model::finding::{EntryReference, Listing, Span};
use model::shipment::{Goods, Party};

fn policy(text: &str) -> Policy {
    Policy::from_toml(text, "p.toml").unwrap_or_else(|e| panic!("{e}"))
}

fn finding(effect: Effect, severity: Severity, path: &str, span: Option<(u32, u32)>) -> Finding {
    let entry = EntryReference {
        list: ListId::new("us-bis-el"),
        list_title: String::new(),
        id: "7".to_owned(),
        name: String::new(),
        kind: EntryKind::Company,
        effect,
    };
    Finding {
        spans: span.map(|(start, end)| Span { start, end, text: String::new() }).into_iter().collect(),
        entry: Some(entry),
        ..Finding::new(Reason::PartyListed, severity, path)
    }
}

#[test]
fn the_default_file_states_every_setting() {
    let policy = Policy::default();
    assert_eq!(policy.thresholds().party_review, 700);
    assert_eq!(policy.outcome(Severity::High), Outcome::Hold);
    assert_eq!(Policy::from_toml(DEFAULT_TEXT, "again").expect("default parses"), policy);
    for word in Effect::ALL.map(Effect::as_str).into_iter().chain(Reason::ALL.map(Reason::as_str)) {
        assert!(DEFAULT_TEXT.contains(&format!("\n{word} = ")), "{word}");
    }
    for word in FieldKind::ALL.map(FieldKind::as_str) {
        assert!(DEFAULT_TEXT.contains(word), "{word}");
    }
}

/// Listings that are no shipping ban are reported and neither hold nor ask for a review.
#[test]
fn investment_and_procurement_listings_do_not_hold() {
    let policy = Policy::default();
    for effect in [Effect::Investment, Effect::Procurement, Effect::Equipment] {
        let severity = Severity::High.min(policy.ceiling(effect));
        assert_eq!(policy.outcome_of(&finding(effect, severity, "parties[0].name", None)), Outcome::NoFinding);
    }
    assert_eq!(policy.outcome_of(&finding(Effect::Licence, Severity::High, "", None)), Outcome::Hold);
}

#[test]
fn what_is_written_out_reads_back_as_the_same_policy() {
    let text = "[thresholds]\nparty_review = 720\n[[threshold]]\nlist = ['eu-833-2014']\nrole = ['bank']\nhold = 990\n\
                [outcomes.procurement]\ninfo = 'review'\n[rules]\nGOODS_BRAND = 'shadow'\n[switches]\n\
                bis_affiliates = 'suspended'\n[[suppressor]]\nid = 'a'\nreason = \"said \\\"no\\\" \u{5927}\"\n\
                expires = 2027-01-31\ntext = \"CUBA\\nlibre\"\nlist = 'us-bis-el'\nentry = '7'\nlower_to = 'low'\n";
    let policy = policy(text);
    let again = Policy::from_toml(&policy.to_toml(), "again").unwrap_or_else(|e| panic!("{e}\n{}", policy.to_toml()));
    assert_eq!(again, policy);
    assert_eq!(again.fingerprint(), policy.fingerprint());
}

/// Each setting must show in the fingerprint: an answer that another policy gave must not look like this one's.
#[test]
fn every_setting_changes_the_fingerprint() {
    let suppressor = "[[suppressor]]\nid='a'\nreason='r'\nexpires=2027-01-01\ntext='x'\n";
    let texts = [
        "".to_owned(),
        "[thresholds]\nparty_review = 701\n".to_owned(),
        "[thresholds]\nparty_hold = 851\n".to_owned(),
        "[thresholds]\ntext_review = 851\n".to_owned(),
        "[[threshold]]\nlist=['a']\nreview = 700\n".to_owned(),
        "[[threshold]]\nlist=['a']\nhold = 850\n".to_owned(),
        "[[threshold]]\nrole=['bank']\nhold = 850\n".to_owned(),
        "[effects]\nwatch = 'low'\n".to_owned(),
        "[outcomes]\nlow = 'no_finding'\n".to_owned(),
        "[outcomes.watch]\nlow = 'no_finding'\n".to_owned(),
        "[rules]\nROUTE_DETOUR = 'off'\n".to_owned(),
        "[rules]\nROUTE_DETOUR = 'shadow'\n".to_owned(),
        "[switches]\nbis_affiliates = 'in_force'\n".to_owned(),
        suppressor.to_owned(),
        suppressor.replace("'r'", "'s'"),
        suppressor.replace("2027", "2028"),
        suppressor.replace("'x'", "'y'"),
        format!("{suppressor}role = ['bank']\n"),
        format!("{suppressor}rule = ['TEXT_LISTED']\n"),
        format!("{suppressor}lower_to = 'low'\n"),
    ];
    let mut seen: Vec<String> = texts.iter().map(|t| policy(t).fingerprint().to_owned()).collect();
    seen.sort_unstable();
    seen.dedup();
    assert_eq!(seen.len(), texts.len());
    assert_eq!(Policy::default().suppressors_fingerprint(), "");
    assert!(policy(suppressor).suppressors_fingerprint().starts_with("sha256:"));
}

#[test]
fn the_nearest_threshold_wins() {
    let policy = policy(
        "[[threshold]]\nlist=['us-bis-el']\nreview = 800\nhold = 950\n\
         [[threshold]]\nlist=['us-bis-el']\nrole=['consignee']\nreview = 650\n\
         [[threshold]]\neffect=['watch']\nreview = 990\n\
         [[threshold]]\nfield=['goods_marks']\nreview = 900\n",
    );
    let name = |list, effect, role| policy.limits(list, effect, role, FieldKind::PartyName);
    assert_eq!(name("us-bis-el", Effect::Licence, None), Limits { review: 800, hold: 950 });
    assert_eq!(name("us-bis-el", Effect::Licence, Some(Role::Consignee)), Limits { review: 650, hold: 950 });
    assert_eq!(name("eu-833-2014", Effect::Licence, Some(Role::Consignee)), Limits { review: 700, hold: 850 });
    assert_eq!(name("watch", Effect::Watch, None).review, 990);
    let in_text = |field| policy.limits("x", Effect::Licence, None, field).review;
    assert_eq!((in_text(FieldKind::GoodsMarks), in_text(FieldKind::GoodsDescription)), (900, 850));
    assert_eq!((policy.floor(false), policy.floor(true)), (650, 650));
}

#[test]
fn a_suppressor_lowers_leaves_its_trace_and_never_outlives_its_day() {
    let policy = policy(
        "[[suppressor]]\nid='street'\nreason='a street name'\nexpires=2027-06-30\ntext='Cuba Street'\nfield=['party_address']\n",
    );
    let mut shipment = Shipment {
        parties: vec![Party { address: "12 CUBA  STREET, Wellington; Cuba".into(), ..Party::default() }],
        goods: vec![Goods { description: "cuba street".into(), ..Goods::default() }],
        as_of: Some(date(2027, 6, 30)),
        ..Shipment::default()
    };
    let settled_on = |today, shipment: &Shipment, path: &str, span| {
        let mut finding = finding(Effect::Licence, Severity::High, path, Some(span));
        policy.settle(&mut finding, shipment, today, |_| None);
        finding
    };
    let settled = |shipment: &Shipment, path: &str, span| settled_on(None, shipment, path, span);
    let lowered = settled(&shipment, "parties[0].address", (3, 7));
    assert_eq!((lowered.severity, policy.outcome_of(&lowered)), (Severity::Info, Outcome::NoFinding));
    assert_eq!(lowered.suppressions[0].lowered_from, Some(Severity::High));
    assert_eq!(lowered.suppressions[0].reason, "a street name");
    // The word outside the phrase, and the phrase in another field, are as before.
    assert_eq!(settled(&shipment, "parties[0].address", (28, 32)).severity, Severity::High);
    assert!(settled(&shipment, "goods[0].description", (0, 4)).suppressions.is_empty());
    for (day, why) in
        [(Some(date(2027, 7, 1)), "it has expired"), (None, "neither the record nor the caller gives a day")]
    {
        shipment.as_of = day;
        let kept = settled(&shipment, "parties[0].address", (3, 7));
        assert_eq!(kept.severity, Severity::High);
        assert!(kept.suppressions[0].not_applied.starts_with(why) && kept.suppressions[0].lowered_from.is_none());
        assert_eq!(kept.suppressions[0].as_of, day);
    }
    // Without a day of the record that of the caller counts, and beside one it does not.
    let on = |today, shipment: &Shipment| settled_on(Some(today), shipment, "parties[0].address", (3, 7));
    let (last, after) = (date(2027, 6, 30), date(2027, 7, 1));
    let lowered = on(last, &shipment);
    assert_eq!((lowered.severity, lowered.suppressions[0].as_of), (Severity::Info, Some(last)));
    assert_eq!(on(after, &shipment).severity, Severity::High);
    shipment.as_of = Some(last);
    let lowered = on(after, &shipment);
    assert_eq!((lowered.severity, lowered.suppressions[0].as_of), (Severity::Info, Some(last)));
}

#[test]
fn a_suppressor_of_an_entry_applies_to_that_entry_alone() {
    let policy = policy(
        "[[suppressor]]\nid='row'\nreason='r'\nexpires=2027-06-30\nlist='us-bis-el'\nentry='7'\nrole=['consignee']\nlower_to='low'\n",
    );
    let shipment = Shipment {
        parties: vec![Party { role: Some(Role::Consignee), ..Party::default() }, Party::default()],
        as_of: Some(date(2027, 1, 1)),
        ..Shipment::default()
    };
    let mut other = finding(Effect::Licence, Severity::High, "parties[0].name", None);
    other.entry.as_mut().expect("set").id = "8".to_owned();
    let mut elsewhere = finding(Effect::Licence, Severity::High, "parties[1].name", None);
    let mut taken = finding(Effect::Licence, Severity::High, "parties[0].name", None);
    // A finding stands for every listing of its party: one that the suppressor does not name keeps it up.
    let mut twice = taken.clone();
    let mut second = twice.entry.clone().expect("set");
    second.list = ListId::new("eu-833-2014");
    twice.also_listed.push(Listing {
        entry: second,
        citations: Vec::new(),
        licence_requirement: String::new(),
        licence_policy: String::new(),
        effective: None,
        published: None,
        linked_by: String::new(),
    });
    policy.settle(&mut twice, &shipment, None, |_| None);
    assert_eq!(twice.severity, Severity::High);
    assert!(twice.suppressions[0].not_applied.contains("another listing"));
    for finding in [&mut other, &mut elsewhere, &mut taken] {
        policy.settle(finding, &shipment, None, |_| None);
    }
    assert_eq!([other.severity, elsewhere.severity, taken.severity], [Severity::High, Severity::High, Severity::Low]);
}

/// A suppressor that was written for an entry and a party holds for that entry as it was and for that party only.
/// A finding stands for every listing of its party, and a ruling for the party as the record described it.
#[test]
fn a_suppressor_that_names_other_listings_and_a_whole_party_is_bound_to_all_of_them() {
    let (own, other) = (format!("sha256:{}", "ab".repeat(32)), format!("sha256:{}", "cd".repeat(32)));
    let party = Party { name: "Silver Thistle".into(), address: "1 Quay".into(), ..Party::default() };
    let policy = policy(&format!(
        "[[suppressor]]\nid='c'\nreason='r'\nexpires=2027-06-30\nlist='us-bis-el'\nentry='7'\nentry_fingerprint='{own}'\n\
         party_fingerprint='{}'\nalso=[{{list='us-nscmic', entry='9', entry_fingerprint='{other}'}}]\n",
        model::party_fingerprint(&party)
    ));
    let shown = Policy::from_toml(&policy.to_toml(), "shown").expect("it reads");
    assert_eq!(shown.fingerprint(), policy.fingerprint(), "what is shown is the same policy");
    let settled = |address: &str, also: Option<&str>, print: &str| {
        let party = Party { address: address.into(), ..party.clone() };
        let shipment = Shipment { parties: vec![party], as_of: Some(date(2027, 1, 1)), ..Shipment::default() };
        let mut finding = finding(Effect::Licence, Severity::High, "parties[0].name", None);
        if let Some(id) = also {
            let entry = EntryReference {
                id: id.into(),
                list: ListId::new("us-nscmic"),
                ..finding.entry.clone().expect("it has one")
            };
            finding.also_listed.push(Listing {
                entry,
                citations: Vec::new(),
                licence_requirement: String::new(),
                licence_policy: String::new(),
                effective: None,
                published: None,
                linked_by: String::new(),
            });
        }
        policy
            .settle(&mut finding, &shipment, None, |e| Some(if e.id == "7" { own.clone() } else { print.to_owned() }));
        (finding.severity, finding.suppressions[0].not_applied)
    };
    assert_eq!(settled("1 Quay", Some("9"), &other), (Severity::Info, ""));
    assert_eq!(
        settled("1 Quay", None, "gone"),
        (Severity::Info, ""),
        "what the finding does not name is not asked for"
    );
    assert!(settled("1 Quay", Some("9"), &own).1.contains("the entry has changed"));
    assert!(settled("1 Quay", Some("8"), &other).1.contains("another listing"));
    assert!(settled("2 Quay", Some("9"), &other).1.contains("the party is not the one"));
}

#[test]
fn a_suppressor_no_longer_applies_when_the_entry_or_the_party_has_changed() {
    let print = format!("sha256:{}", "ab".repeat(32));
    let policy = policy(&format!(
        "[[suppressor]]\nid='namesake'\nreason='r'\nexpires=2027-06-30\nlist='us-bis-el'\nentry='7'\n\
         entry_fingerprint='{print}'\nparty='Silver Thistle Ltd.'\n"
    ));
    let shown = Policy::from_toml(&policy.to_toml(), "shown").expect("it reads");
    assert_eq!(shown.fingerprint(), policy.fingerprint(), "what is shown is the same policy");
    let old = policy.to_toml().replace("entry_fingerprint", "row_fingerprint");
    assert_ne!(old, policy.to_toml(), "it is shown under the new name of the key");
    let old = Policy::from_toml(&old, "old").expect("the old name of the key is accepted");
    assert_eq!(old.fingerprint(), policy.fingerprint(), "the name of the key changes no fingerprint");
    assert_eq!(old.suppressors_fingerprint(), policy.suppressors_fingerprint());
    let settled = |name: &str, other: &[&str], now: Option<&str>| {
        let party = Party {
            name: name.to_owned(),
            other_names: other.iter().map(|n| (*n).to_owned()).collect(),
            ..Party::default()
        };
        let shipment = Shipment { parties: vec![party], as_of: Some(date(2027, 1, 1)), ..Shipment::default() };
        let mut finding = finding(Effect::Licence, Severity::High, "parties[0].name", None);
        policy.settle(&mut finding, &shipment, None, |_| now.map(str::to_owned));
        (finding.severity, finding.suppressions[0].not_applied)
    };
    let same = Some(print.as_str());
    assert_eq!(settled("SILVER THISTLE, LTD", &[], same), (Severity::Info, ""));
    for (name, other, now, said) in [
        ("Silver Thistle Ltd", &[][..], Some("sha256:other"), "the entry has changed"),
        ("Silver Thistle Ltd", &[], None, "the entry has changed"),
        ("Silver Thistle Group Ltd", &[], same, "the party is not the one"),
        ("", &[], same, "the party is not the one"),
        ("Silver Thistle Ltd", &["Other Loom"], same, "the party is not the one"),
    ] {
        let (severity, not_applied) = settled(name, other, now);
        assert_eq!(severity, Severity::High, "{name}");
        assert!(
            not_applied.starts_with("it no longer applies: ") && not_applied.contains(said),
            "{name}: {not_applied}"
        );
    }
}

#[test]
fn a_shadow_rule_is_recorded_and_changes_nothing() {
    let policy = policy("[rules]\nPARTY_LISTED = 'shadow'\n");
    assert!(policy.is_on(Reason::PartyListed));
    let mut finding = finding(Effect::Licence, Severity::High, "parties[0].name", None);
    policy.settle(&mut finding, &Shipment::default(), None, |_| None);
    assert!(finding.is_shadow && finding.severity == Severity::High);
    assert_eq!(policy.outcome_of(&finding), Outcome::NoFinding);
}

#[test]
fn mistakes_are_named_by_file_line_and_key() {
    for (text, expected) in [
        ("[thresholds]\nparty_revue = 700\n", "p.toml line 2: unknown field `party_revue`"),
        ("\n[thresholds]\nparty_hold = 1200\n", "p.toml line 3: thresholds.party_hold is 1200, expected 500 to 1000"),
        ("[thresholds]\nparty_hold = 600\n", "p.toml line 2: thresholds.party_hold is below thresholds.party_review"),
        ("[effects]\nbanned = \"high\"\n", "p.toml line 2: effects is `banned`, expected one of blocking"),
        ("[outcomes]\nhigh = \"approve\"\n", "p.toml line 2: outcomes.high is `approve`, expected one of no_finding"),
        ("[outcomes.watch]\nhigh = \"x\"\n", "p.toml line 2: outcomes.watch.high is `x`"),
        ("[rules]\nPARTY = 'on'\n", "p.toml line 2: rules has the unknown rule `PARTY`"),
        ("[rules]\nPARTY_LISTED = 'dark'\n", "p.toml line 2: rules.PARTY_LISTED is `dark`, expected one of on"),
        ("[[threshold]]\nreview = 700\n", "p.toml line 1: threshold names no list"),
        ("[[threshold]]\nlist = ['a']\n", "p.toml line 1: threshold sets neither"),
        ("[[threshold]]\nlist = ['a']\nrole = ['king']\nhold=900", "p.toml line 3: threshold.role is `king`"),
        ("[switches]\nbis_affiliates = 'maybe'\n", "p.toml line 2: switches.bis_affiliates is `maybe`"),
        ("[[suppressor]]\nid='a'\nreason='r'\nexpires=2027-01-01\n", "p.toml line 1: suppressor has no scope"),
        (
            "[[suppressor]]\nid='a'\nreason=' '\nexpires=2027-01-01\ntext='x'\n",
            "p.toml line 3: suppressor.reason is blank",
        ),
        ("[[suppressor]]\nid='a'\nreason='r'\ntext='x'\n", "missing field `expires`"),
        (
            "[[suppressor]]\nid='a'\nreason='r'\nexpires=2027-01-01T00:00:00\ntext='x'\n",
            "p.toml line 4: suppressor.expires",
        ),
        (
            "[[suppressor]]\nid='a'\nreason='r'\nexpires=2027-01-01\nentry='7'\n",
            "p.toml line 5: suppressor.entry needs",
        ),
        (
            "[[suppressor]]\nid='a'\nreason='r'\nexpires=2027-01-01\nlist='us-bis-el'\nentry_fingerprint='sha256:00'\n",
            "p.toml line 6: suppressor.entry_fingerprint needs suppressor.entry",
        ),
        (
            "[[suppressor]]\nid='a'\nreason='r'\nexpires=2027-01-01\nlist='l'\nentry='7'\nentry_fingerprint='sha256:00'\n",
            "p.toml line 7: suppressor.entry_fingerprint is not a fingerprint",
        ),
        (
            "[[suppressor]]\nid='a'\nreason='r'\nexpires=2027-01-01\nlist='l'\nentry='7'\nparty='--'\n",
            "p.toml line 7: suppressor.party has no",
        ),
        (
            "[[suppressor]]\nid='a'\nreason='r'\nexpires=2027-01-01\ntext='--'\n",
            "p.toml line 5: suppressor.text has no",
        ),
    ] {
        let error = Policy::from_toml(text, "p.toml").expect_err(text).to_string();
        assert!(error.contains(expected), "{error}\nexpected {expected}");
    }
    let twice = "[[suppressor]]\nid='a'\nreason='r'\nexpires=2027-01-01\ntext='x'\n".repeat(2);
    assert!(Policy::from_toml(&twice, "p.toml").expect_err("twice").to_string().starts_with("p.toml line 7:"));
}

#[test]
fn warnings_name_what_a_policy_gives_up() {
    let policy = policy(
        "[rules]\nTEXT_LISTED = 'off'\n[outcomes]\nhigh = 'review'\n[[suppressor]]\nid='a'\nreason='r'\n\
         expires=2026-01-01\nlist='us-bis-el'\n",
    );
    let warnings = policy.warnings(Some(date(2026, 6, 1))).join("\n");
    for expected in ["suppressor a: it names neither", "expired on 2026-01-01", "rule TEXT_LISTED", "effect licence"] {
        assert!(warnings.contains(expected), "{warnings}");
    }
    assert!(Policy::default().warnings(None).is_empty());
}
