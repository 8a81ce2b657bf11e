//! The lists that we know: id, title, publisher and what a listing means.
//!
//! Source: trade.gov, Consolidated Screening List, and the lists' own pages, as of May 2022; the code is the one in
//! the parentheses of the `source` column. Lists of other publishers have no code.

use super::draft::Heading;
use crate::entry::{Effect, ListId};

/// A published list.
#[derive(Debug)]
pub(super) struct Known {
    /// The code in the `source` column of the Consolidated Screening List; empty for lists that are not in it.
    pub(super) code: &'static str,
    pub(super) id: &'static str,
    pub(super) title: &'static str,
    publisher: &'static str,
    pub(super) effect: Effect,
}

const BIS: &str = "US Department of Commerce, Bureau of Industry and Security";
const OFAC: &str = "US Department of the Treasury, Office of Foreign Assets Control";
const UN: &str = "United Nations Security Council";
const STATE: &str = "US Department of State";

/// Every list we know.
pub(super) const KNOWN: &[Known] = &[
    known("SDN", "us-ofac-sdn", "OFAC Specially Designated Nationals", OFAC, Effect::Blocking),
    known("EL", "us-bis-el", "BIS Entity List", BIS, Effect::Licence),
    known("DTC", "us-state-dtc", "State AECA Debarred List", STATE, Effect::Licence),
    known("DPL", "us-bis-dpl", "BIS Denied Persons List", BIS, Effect::Blocking),
    known("SSI", "us-ofac-ssi", "OFAC Sectoral Sanctions Identifications List", OFAC, Effect::Investment),
    known("UVL", "us-bis-uvl", "BIS Unverified List", BIS, Effect::Licence),
    known("ISN", "us-state-isn", "State Nonproliferation Sanctions", STATE, Effect::Licence),
    known("PLC", "us-ofac-plc", "OFAC Palestinian Legislative Council List", OFAC, Effect::Blocking),
    known("MEU", "us-bis-meu", "BIS Military End User List", BIS, Effect::Licence),
    known("CMIC", "us-ofac-cmic", "OFAC NS-CMIC List", OFAC, Effect::Investment),
    known("CAP", "us-ofac-capta", "OFAC CAPTA List", OFAC, Effect::Investment),
    known("MBS", "us-ofac-mbs", "OFAC NS-MBS List", OFAC, Effect::Investment),
    known("FSE", "us-ofac-fse", "OFAC Foreign Sanctions Evaders List", OFAC, Effect::Blocking),
    known("", "un-sc", "UN Security Council Consolidated List", UN, Effect::Blocking),
    known("", "us-ofac-cons", "OFAC Consolidated Non-SDN List", OFAC, Effect::Investment),
];

const fn known(
    code: &'static str,
    id: &'static str,
    title: &'static str,
    publisher: &'static str,
    effect: Effect,
) -> Known {
    Known { code, id, title, publisher, effect }
}

/// The list with this id.
pub(super) fn by_id(id: &str) -> Option<&'static Known> {
    KNOWN.iter().find(|k| k.id == id)
}

/// The list that a `source` text of the Consolidated Screening List names, as in
/// `Entity List (EL) - Bureau of Industry and Security`.
pub(super) fn by_source(source: &str) -> Option<&'static Known> {
    let code = source.split_once('(')?.1.split_once(')')?.0;
    // The menu-based list alone writes "(NS-MBS List)".
    let code = code.trim().trim_start_matches("NS-").trim_end_matches(" List");
    KNOWN.iter().find(|k| !k.code.is_empty() && k.code == code)
}

/// The codes of the `source` column, for a message.
pub(super) fn codes() -> String {
    KNOWN.iter().map(|k| k.code).filter(|c| !c.is_empty()).collect::<Vec<_>>().join(", ")
}

/// Title and publisher of a list; its id for both where we do not know it.
pub(super) fn heading(id: &ListId) -> Heading {
    match by_id(id.as_str()) {
        Some(known) => Heading { title: known.title.into(), publisher: known.publisher.into() },
        None => Heading { title: id.to_string(), publisher: String::new() },
    }
}
