//! Who sends and who receives.

use super::*;

#[test]
fn receivers_are_told_apart() {
    for name in [
        "Steppe Lantern Freight Forwarding LLP",
        "Harbour Wren Logistics Ltd",
        "ТОО Логистика Азия",
        "深圳物流有限公司",
    ] {
        assert_eq!(severities(&receiver(name), Reason::RoleForwarderFinal), [Severity::Info], "{name}");
    }
    for name in
        ["Freightliner Dealers Inc", "Forward Industries", "Logistics Software GmbH", "Velvet Badger Hobby Shop"]
    {
        assert!(!fires(&receiver(name), Reason::RoleForwarderFinal), "{name}");
    }
    let mut with_user = receiver("Harbour Wren Logistics Ltd");
    with_user.parties.push(party(Role::EndUser, "Copper Heron Components", "", ""));
    assert!(!fires(&with_user, Reason::RoleForwarderFinal), "the end user is named");
    let mut same = receiver("Copper Heron LLP");
    same.parties.push(party(Role::Forwarder, "COPPER HERON, LLP", "", ""));
    assert!(fires(&same, Reason::RoleForwarderFinal));
    assert!(skipped(&goods("x", ""), Reason::RoleForwarderFinal));

    for name in ["Fictive Commercial Bank Ltd", "TO THE ORDER OF BANCO FICTIVO", "АО Банк Фиктив", "中国虚构银行"]
    {
        assert!(fires(&receiver(name), Reason::RoleBankConsignee), "{name}");
    }
    for name in
        ["Power Bank Electronics", "West Bank Olive Oil", "Food Bank Utrecht", "14 Bank Street Traders", "Banken GmbH"]
    {
        assert!(!fires(&receiver(name), Reason::RoleBankConsignee), "{name}");
    }

    for name in ["TO ORDER", "To the order of shipper", "TO ORDER OF Fictive Bank"] {
        assert!(fires(&receiver(name), Reason::RoleToOrder), "{name}");
    }
    for name in ["Tailored to Order Ltd", "Made To Order Suits", "Orderly Storage"] {
        assert!(!fires(&receiver(name), Reason::RoleToOrder), "{name}");
    }
    let mut flag = receiver("");
    flag.parties[1].is_to_order = true;
    assert!(fires(&flag, Reason::RoleToOrder));

    for (name, severity) in [("UNKNOWN", Severity::Low), ("N/A", Severity::Low), ("---", Severity::Low)] {
        assert_eq!(severities(&receiver(name), Reason::PartyPlaceholder), [severity], "{name}");
    }
    for name in ["SAME AS SHIPPER", "Unknown Worlds Games", "Private Label Foods", "Na & Sons"] {
        assert!(!fires(&receiver(name), Reason::PartyPlaceholder), "{name}");
    }
    let mut notify = receiver("Copper Heron Components");
    notify.parties.push(party(Role::NotifyParty, "N/A", "", ""));
    assert_eq!(severities(&notify, Reason::PartyPlaceholder), [Severity::Info]);
}

#[test]
fn missing_and_disputed_roles_are_said() {
    let whole = receiver("Copper Heron Components");
    assert!(!fires(&whole, Reason::RoleMissing));
    let mut without = whole.clone();
    without.parties.pop();
    assert!(fires(&without, Reason::RoleMissing));
    let text_only = goods("steel pipes", "");
    assert!(!fires(&text_only, Reason::RoleMissing) && skipped(&text_only, Reason::RoleMissing));

    assert!(!fires(&whole, Reason::RoleDisputed));
    let mut disputed = whole.clone();
    disputed.parties[1].is_disputed = true;
    disputed.parties[1].dispute_note = "the vendor took the role from another bill".to_owned();
    let report = screen(&disputed);
    let found = report.findings.iter().find(|r| r.finding.reason == Reason::RoleDisputed).expect("it is disputed");
    let note_of = |fact: &RuleFact| match fact {
        RuleFact::RoleDisputed { note, .. } => note.clone(),
        other => panic!("{other:?}"),
    };
    assert_eq!(note_of(&found.fact), "the vendor took the role from another bill");
    let mut unsure = whole;
    unsure.parties[1].role_confidence = model::finding::Score::new(300);
    assert!(fires(&unsure, Reason::RoleDisputed));
    unsure.parties[1].role_confidence = model::finding::Score::new(800);
    assert!(!fires(&unsure, Reason::RoleDisputed));
}

/// The order clause of a cell, in the languages that cells are read in, and a bank that is only a street.
#[test]
fn order_clauses_and_banks_are_read_from_the_parts_of_a_cell() {
    for name in [
        "TO THE ORDER OF COPPER HERON BANK PLC, 5 Lime Street, London",
        "A LA ORDEN DE BANCO DE LA GARZA",
        "à l'ordre de Banque du Héron, Paris",
        "AN DIE ORDER DER REIHER BANK AG",
        "all'ordine di Banca Airone",
        "Heron Bankası emrine",
        "по приказу Банк Цапля",
        "凭铜鹭银行指示",
        "Blue Harbour Trading, to the order of Copper Heron Bank",
    ] {
        let shipment = receiver(name);
        assert!(fires(&shipment, Reason::RoleBankConsignee), "bank: {name}");
        if !name.starts_with('凭') {
            assert!(fires(&shipment, Reason::RoleToOrder), "order: {name}");
        }
    }
    for name in ["Blue Harbour Ltd, 5 Bank Side, London", "Blue Harbour Ltd, 12 Lombard Bank Road, Leeds"] {
        assert!(!fires(&receiver(name), Reason::RoleBankConsignee), "{name}");
    }
}
