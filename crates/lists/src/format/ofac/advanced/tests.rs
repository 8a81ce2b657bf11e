//! The sections of the advanced form come together, and what does not fit is named.

use super::*;
use model::country::Country;
use model::entry::{EntryKind, IdentifierType, NameKind};

const FIXTURE: &str = include_str!("../../../../../../tests/lists/ofac_advanced.xml");

fn load(text: &str) -> Result<crate::build::SourceEntries, Error> {
    read("f", &mut text.as_bytes()).and_then(ParsedFile::finish)
}

#[test]
fn the_sections_come_together_in_entries_like_those_of_the_other_forms() {
    let loaded = load(FIXTURE).unwrap();
    let info = &loaded.infos[0];
    assert_eq!(
        (info.id.as_str(), info.published.map(|d| d.to_string()).as_deref()),
        ("us-ofac-sdn", Some("2026-09-23"))
    );
    assert_eq!(info.repairs, [("impossible_date".into(), 1), ("no_listing".into(), 1), ("stray_document".into(), 1)]);
    let [person, company, vessel, aircraft] = loaded.entries.as_slice() else { panic!("{:?}", loaded.entries.len()) };
    let russia = Country::from_code("RU").unwrap();

    let names: Vec<_> = person.names.iter().map(|n| (n.text.as_str(), n.kind, n.weak)).collect();
    assert_eq!(
        names,
        [
            ("QUILLFEATHER, Osric", NameKind::Primary, false),
            ("КВИЛЛФЕЗЕР Осрик", NameKind::Alias, false),
            ("OSSIE", NameKind::Former, true),
        ]
    );
    assert_eq!((person.kind, person.births.as_slice()), (EntryKind::Person, &["circa 1962".to_owned()][..]));
    assert_eq!((person.countries.as_slice(), person.addresses.len()), (&[russia][..], 0));
    let passport = &person.identifiers[0];
    assert_eq!(
        (passport.kind, passport.value.as_str(), passport.country),
        (IdentifierType::Passport, "750123456", Some(russia))
    );
    assert_eq!(
        (person.programmes.as_slice(), person.citations.as_slice()),
        (&["SYNTH".to_owned()][..], &["Executive Order 99999".to_owned()][..])
    );
    assert_eq!(person.published.map(|d| d.to_string()).as_deref(), Some("2024-03-05"));
    for said in [
        "Title: Director",
        "Place of birth: Tver, Russia",
        "Gender: Male",
        "Measure: Block",
        "Formerly: Acting for or on behalf of VOLNA OPTIKA OOO",
    ] {
        assert!(person.remarks.contains(said), "{said}: {}", person.remarks);
    }
    let relations: Vec<_> = person.relations.iter().map(|r| (r.kind, r.name.as_str())).collect();
    assert_eq!(
        relations,
        [(RelationKind::LinkedTo, "VOLNA OPTIKA OOO"), (RelationKind::LinkedTo, "BRAMBLETON OPTICS CO., LTD.")]
    );

    assert_eq!(company.addresses[0].text, "5 Fonarnaya St., Tver");
    assert_eq!((company.addresses[0].country, company.identifiers[0].kind), (Some(russia), IdentifierType::Inn));
    assert_eq!(company.programmes, ["SYNTH", "SYNTH-EO2"]);
    let owner = &company.relations[0];
    assert_eq!(
        (owner.kind, owner.name.as_str(), owner.id.as_deref()),
        (RelationKind::SubsidiaryOf, "QUILLFEATHER, Osric", Some("990040"))
    );

    assert_eq!((vessel.kind, vessel.relations[0].kind), (EntryKind::Vessel, RelationKind::VesselOwner));
    assert_eq!((vessel.identifiers[0].kind, vessel.identifiers[0].value.as_str()), (IdentifierType::Imo, "9321483"));
    assert_eq!((vessel.countries.len(), vessel.published), (1, None));
    assert!(vessel.remarks.contains("Listing date: 2024"), "{}", vessel.remarks);
    assert_eq!((aircraft.kind, aircraft.identifiers[0].kind), (EntryKind::Aircraft, IdentifierType::Aircraft));
}

#[test]
fn an_entry_of_the_consolidated_list_goes_to_the_list_that_names_it() {
    let text = FIXTURE.replace("ListID=\"1550\"", "ListID=\"91507\"");
    let loaded = load(&text).unwrap();
    assert_eq!(loaded.entries.iter().filter(|e| e.list.as_str() == "us-ofac-ssi").count(), 3);
    // On both, the SDN list counts.
    let text = FIXTURE.replace(
        "<SanctionsEntry ID=\"2\"",
        "<SanctionsEntry ID=\"9\" ProfileID=\"990041\" ListID=\"91507\"></SanctionsEntry><SanctionsEntry ID=\"2\"",
    );
    assert!(load(&text).unwrap().entries.iter().all(|e| e.list.as_str() == "us-ofac-sdn"));
}

#[test]
fn a_number_that_leads_nowhere_is_an_error_with_line_and_element() {
    for (from, to, says) in [
        ("AliasTypeID=\"1400\"", "AliasTypeID=\"7\"", "field `Alias`: expected an id of `AliasTypeValues`, found `7`"),
        (
            "LocationID=\"26\"",
            "LocationID=\"999\"",
            "field `VersionLocation`: expected an id of `Locations`, found `999`",
        ),
        (
            "To-ProfileID=\"990040\"",
            "To-ProfileID=\"1\"",
            "field `To-ProfileID`: expected the id of a profile of this file",
        ),
        ("ProfileID=\"990042\" ListID", "ProfileID=\"2\" ListID", "field `ProfileID`: expected the id of a profile"),
        ("PartySubTypeID=\"1\"", "PartySubTypeID=\"9\"", "field `Profile`: expected an id of `PartySubTypeValues`"),
        (
            "<DistinctParty FixedRef=\"990041\">",
            "<DistinctParty>",
            "field `DistinctParty`: expected the attribute `FixedRef`",
        ),
        (
            "<Month>9</Month>",
            "<Month>13</Month>",
            "field `DateOfIssue`: expected a day of the calendar, found `2026-13-23`",
        ),
        ("<Year>1962</Year>", "<Year>MCM</Year>", "field `Year`: expected a number"),
    ] {
        let text = FIXTURE.replacen(from, to, 1);
        assert_ne!(text, FIXTURE, "{from}");
        let error = load(&text).err().unwrap_or_else(|| panic!("{from} was read")).to_string();
        assert!(error.contains(says) && error.contains("line "), "{error}");
    }
    let unnamed = FIXTURE.replace("VOLNA OPTIKA OOO", "").replace(">VOLNA<", "><");
    let error = load(&unnamed).err().unwrap().to_string();
    assert!(error.contains("field `DistinctParty`: expected a name for entry 990041"), "{error}");
    for section in NEEDED {
        let start = FIXTURE.find(&format!("<{section}>")).unwrap();
        let end = FIXTURE.find(&format!("</{section}>")).unwrap() + section.len() + 3;
        let without = format!("{}{}", &FIXTURE[..start], &FIXTURE[end..]);
        let error = load(&without).err().unwrap_or_else(|| panic!("without {section}")).to_string();
        assert!(error.contains("expected"), "{section}: {error}");
    }
}
