//! Which of our lists an OFAC entry is on.
//!
//! The classic form and the legacy tables give both lists the same elements and say nowhere which list they are. There a
//! file is the consolidated list when most of its entries bear a mark of a non-SDN list ([`non_sdn`]); then each entry
//! goes to the list its mark names, and an entry without one to `us-ofac-cons`. In the files of May 2024 all 443
//! consolidated entries bear one, and fewer than 100 of 14,966 SDN entries do. A consolidated entry under several
//! programmes (SSI and CAPTA) is on the first only.

use super::record::OfacEntry;

pub(super) const SDN: &str = "us-ofac-sdn";
pub(super) const CONSOLIDATED: &str = "us-ofac-cons";

/// The non-SDN list that an entry's programmes and notes name, if any.
pub(super) fn non_sdn(row: &OfacEntry) -> Option<&'static str> {
    let programme = |start: &str| row.programmes.iter().any(|p| p.starts_with(start));
    let noted = |start: &str| row.ids.iter().any(|id| id.label.starts_with(start));
    if programme("CMIC-") {
        Some("us-ofac-cmic")
    } else if programme("NS-PLC") {
        Some("us-ofac-plc")
    } else if programme("FSE-") {
        Some("us-ofac-fse")
    } else if programme("UKRAINE-EO13662") && noted("Executive Order 13662 Directive Determination") {
        Some("us-ofac-ssi")
    } else if programme("561-") || programme("CAPTA") || noted("Effective Date (EO 14024 Directive 2)") {
        Some("us-ofac-capta")
    } else if programme("MBS")
        || noted("Effective Date (EO 14024 Directive")
        || noted("Effective Date (EO 14014 Directive")
        || (programme("CAATSA - RUSSIA") && noted("CAATSA Section 235"))
    {
        Some("us-ofac-mbs")
    } else {
        None
    }
}

/// What the enhanced and advanced forms call the lists, and ours, in order: an entry of the consolidated list that is on
/// several is put on the first.
pub(super) const LISTS: &[(&str, &str)] = &[
    ("Non-SDN CMIC List", "us-ofac-cmic"),
    ("Non-SDN Palestinian Legislative Council List", "us-ofac-plc"),
    ("FSE List", "us-ofac-fse"),
    ("Sectoral Sanctions Identifications List", "us-ofac-ssi"),
    ("CAPTA List", "us-ofac-capta"),
    ("Non-SDN Menu-Based Sanctions List", "us-ofac-mbs"),
    ("SDN List", SDN),
];

/// The list that a file calls so; nothing for the consolidated list as a whole.
pub(super) fn listed_as(name: &str) -> Option<&'static str> {
    LISTS.iter().find(|(known, _)| *known == name).map(|(_, list)| *list)
}
