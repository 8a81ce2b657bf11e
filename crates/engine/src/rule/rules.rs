//! The rules, compiled from packs, and one pass of all of them over a shipment.

use super::attested::RedFlags;
use super::case::Case;
use super::codes::CodeLists;
use super::combine::Combinations;
use super::conflict::Conflicts;
use super::countries::CountryLists;
use super::fact::{Part, Ruled};
use super::goods::{Lexicon, LexiconDraft};
use super::itinerary::Itinerary;
use super::pack::{Error, Heading, Text};
use super::party::PartyWords;
use super::pause::Pause;
use super::places::Gazetteer;
use super::prepared::Prepared;
use super::route::{self, ListedPlaces};
use super::territory::Territories;
use super::vague::Vague;
use super::{invalid, transshipment};
use crate::matcher::StopCheck;
use model::country::Country;
use model::finding::{Finding, Reason};
use model::shipment::{Place, Shipment};
use sha2::{Digest as _, Sha256};
use std::sync::{Arc, OnceLock};
use text::{Folded, Reading};

/// The packs that ship, by name and text.
pub(super) const BUILTIN: [(&str, &str); 14] = [
    ("lists/brands.toml", include_str!("../../../../lists/brands.toml")),
    ("lists/packs/chpl.toml", include_str!("../../../../lists/packs/chpl.toml")),
    ("lists/packs/clause.toml", include_str!("../../../../lists/packs/clause.toml")),
    ("lists/packs/combinations.toml", include_str!("../../../../lists/packs/combinations.toml")),
    ("lists/packs/conflicts.toml", include_str!("../../../../lists/packs/conflicts.toml")),
    ("lists/packs/countries.toml", include_str!("../../../../lists/packs/countries.toml")),
    ("lists/packs/goods_words.toml", include_str!("../../../../lists/packs/goods_words.toml")),
    ("lists/packs/listed_places.toml", include_str!("../../../../lists/packs/listed_places.toml")),
    ("lists/packs/parties.toml", include_str!("../../../../lists/packs/parties.toml")),
    ("lists/packs/places.toml", include_str!("../../../../lists/packs/places.toml")),
    ("lists/packs/red_flags.toml", include_str!("../../../../lists/packs/red_flags.toml")),
    ("lists/packs/territories.toml", include_str!("../../../../lists/packs/territories.toml")),
    ("lists/packs/uav.toml", include_str!("../../../../lists/packs/uav.toml")),
    ("lists/packs/vague.toml", include_str!("../../../../lists/packs/vague.toml")),
];

/// The kinds a pack can be of.
const KINDS: [&str; 12] = [
    "brands",
    "codes",
    "combinations",
    "conflicts",
    "countries",
    "listed_places",
    "parties",
    "places",
    "red_flags",
    "territories",
    "vague",
    "words",
];

/// A pack that a user adds: the name by which errors call it, and its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pack {
    /// Name of the file.
    pub origin: String,
    /// TOML.
    pub text: String,
}

/// The rules, compiled from packs.
#[derive(Debug)]
pub struct Rules {
    lexicon: Lexicon,
    codes: CodeLists,
    combinations: Combinations,
    conflicts: Conflicts,
    countries: CountryLists,
    gazetteer: Gazetteer,
    listed: ListedPlaces,
    parties: PartyWords,
    red_flags: RedFlags,
    territories: Territories,
    vague: Vague,
    packs: Vec<Heading>,
    digest: Option<String>,
    own: Vec<Pack>,
    off: Vec<String>,
}

/// What the rules made of a shipment.
#[derive(Debug, Default)]
pub struct Report {
    /// Findings in a defined order.
    pub findings: Vec<Ruled>,
    /// Each rule that is on, and why it could not run if it could not.
    pub ran: Vec<(Reason, Option<&'static str>)>,
}

/// What was found before the rules run.
#[derive(Clone, Copy, Debug, Default)]
pub struct Known<'a> {
    /// Findings there are; those of the rules are counted from here.
    pub findings: usize,
    /// Those that a combination may count.
    pub parts: &'a [Part],
}

impl Rules {
    /// The reasons that the rules of this module report, in the order in which they run: combinations last.
    pub const REASONS: [Reason; 18] = [
        Reason::GoodsVague,
        Reason::GoodsInvalidText,
        Reason::GoodsHsPriority,
        Reason::GoodsHsUav,
        Reason::GoodsCodeConflict,
        Reason::RouteEmbargo,
        Reason::RouteTransshipment,
        Reason::RouteDetour,
        Reason::RouteListedPlace,
        Reason::RoleForwarderFinal,
        Reason::RoleBankConsignee,
        Reason::RoleToOrder,
        Reason::RoleMissing,
        Reason::RoleDisputed,
        Reason::PartyPlaceholder,
        Reason::ReexportClauseMissing,
        Reason::AttestedRedFlag,
        Reason::Combination,
    ];

    /// The rules of the packs that ship, compiled once.
    pub fn builtin() -> Arc<Self> {
        static RULES: OnceLock<Arc<Rules>> = OnceLock::new();
        let read = || Arc::new(Self::load(&[], &[]).expect("the packs that ship are read by a test"));
        Arc::clone(RULES.get_or_init(read))
    }

    /// Compiles the packs that ship, but for those named in `off`, and those of the user.
    ///
    /// # Errors
    /// A mistake in a pack, with file, line and key; two packs of one id; a name in `off` that no pack has.
    pub fn load(extra: &[Pack], off: &[String]) -> Result<Self, Error> {
        let builtin = BUILTIN.iter().map(|&(origin, text)| Text { origin, text });
        let given = extra.iter().map(|pack| Text { origin: &pack.origin, text: &pack.text });
        let mut lexicon = LexiconDraft::default();
        let mut rules = Self {
            lexicon: LexiconDraft::default().finish(),
            codes: CodeLists::default(),
            combinations: Combinations::default(),
            conflicts: Conflicts::default(),
            countries: CountryLists::default(),
            gazetteer: Gazetteer::default(),
            listed: ListedPlaces::default(),
            parties: PartyWords::default(),
            red_flags: RedFlags::default(),
            territories: Territories::default(),
            vague: Vague::default(),
            packs: Vec::new(),
            digest: None,
            own: extra.to_vec(),
            off: off.to_vec(),
        };
        let mut known: Vec<String> = Vec::new();
        for text in builtin.chain(given) {
            let heading = text.heading()?;
            if known.contains(&heading.id) {
                let at = text.text.find(&heading.id).unwrap_or(0);
                return Err(text.error(at..at, format_args!("another pack has the id `{}`", heading.id)));
            }
            known.push(heading.id.clone());
            if off.contains(&heading.id) {
                continue;
            }
            rules.add(&heading.kind, text, &mut lexicon)?;
            rules.packs.push(heading);
        }
        if let Some(unknown) = off.iter().find(|id| !known.contains(id)) {
            let what = format!("unknown pack `{unknown}`, expected one of {}", known.join(", "));
            return Err(Error { origin: "packs switched off".to_owned(), line: 1, what });
        }
        rules.lexicon = lexicon.finish();
        rules.digest = digest(extra, off);
        Ok(rules)
    }

    /// Adds what a pack says. Brands are gathered in `lexicon`, which is compiled once, at the end.
    fn add(&mut self, kind: &str, text: Text<'_>, lexicon: &mut LexiconDraft) -> Result<(), Error> {
        match kind {
            "brands" => lexicon.add(text),
            "codes" => self.codes.add(text),
            "combinations" => self.combinations.add(text),
            "conflicts" => self.conflicts.add(text),
            "countries" => self.countries.add(text),
            "listed_places" => self.listed.add(text),
            "parties" => self.parties.add(text),
            "places" => self.gazetteer.add(text),
            "red_flags" => self.red_flags.add(text),
            "territories" => self.territories.add(text),
            "vague" => self.vague.add_terms(text),
            "words" => self.vague.add_words(text),
            other => {
                let at = text.text.find(other).unwrap_or(0);
                let known = KINDS.join(", ");
                Err(text.error(at..at, format_args!("unknown kind of pack `{other}`, expected one of {known}")))
            }
        }
    }

    /// The packs in force, in order.
    pub fn packs(&self) -> &[Heading] {
        &self.packs
    }

    /// The codes of a list of a pack as (tier, code), in order; empty when there is no such list.
    pub fn codes(&self, list: &str) -> Vec<(String, String)> {
        self.codes.codes_of(list)
    }

    /// Every cited fact, for the test that each has its source and date.
    #[cfg(test)]
    pub(super) fn facts(&self) -> Vec<&super::pack::Fact> {
        [
            self.codes.facts(),
            self.countries.facts(),
            self.listed.facts(),
            self.red_flags.facts(),
            self.territories.facts(),
            self.vague.facts(),
        ]
        .concat()
    }

    /// The brand and model lexicon.
    pub fn lexicon(&self) -> &Lexicon {
        &self.lexicon
    }

    /// The country that an address ends in, or that the text is the name of.
    pub(crate) fn country_named(&self, address: &str) -> Option<Country> {
        self.gazetteer.country_named(address)
    }

    /// Where a place lies, in degrees north and east; `None` where we do not know it.
    pub fn locate(&self, place: &Place) -> Option<(i16, i16)> {
        self.gazetteer.locate(place, &Folded::of(&place.text, Reading::Plain)).at
    }

    /// The places that we know, each in degrees north and east.
    pub fn places(&self) -> impl Iterator<Item = (i16, i16)> + '_ {
        self.gazetteer.places()
    }

    /// 64 hexadecimal digits over the packs that were added and switched off; `None` when the rules are those that
    /// ship, which the engine's version names.
    pub fn digest(&self) -> Option<&str> {
        self.digest.as_deref()
    }

    /// The packs that were added, and the ids of those that ship and were left out: [`Rules::load`] makes these rules of them
    /// again.
    pub fn own(&self) -> (&[Pack], &[String]) {
        (&self.own, &self.off)
    }

    /// Runs every rule that `is_on` on a shipment, whose texts are in `prepared`. `settle` applies the policy to each
    /// finding and says whether it may take part in a combination. `known` is what names and brands have found.
    pub fn screen(
        &self,
        shipment: &Shipment,
        prepared: &Prepared,
        is_on: impl Fn(Reason) -> bool,
        settle: impl Fn(&mut Finding) -> bool,
        known: Known<'_>,
    ) -> Report {
        self.screen_until(shipment, prepared, is_on, settle, known, &mut StopCheck::default())
    }

    /// As [`Rules::screen`], unless `stop` is due on the way: then the report is void.
    pub(crate) fn screen_until(
        &self,
        shipment: &Shipment,
        prepared: &Prepared,
        is_on: impl Fn(Reason) -> bool,
        settle: impl Fn(&mut Finding) -> bool,
        known: Known<'_>,
        stop: &mut StopCheck,
    ) -> Report {
        let stop = &Pause::new(stop);
        let itinerary = Itinerary::of(shipment, &self.gazetteer, prepared, stop);
        let case = Case { shipment, itinerary, countries: &self.countries, prepared, stop };
        let mut report = Report::default();
        let out = &mut report.findings;
        let mut counts: Vec<bool> = Vec::new();
        for reason in Self::REASONS {
            if !is_on(reason) || stop.is_due() {
                continue;
            }
            let cause = match reason {
                Reason::GoodsVague => self.vague.find(&case, out),
                Reason::GoodsInvalidText => invalid::find(&case, out),
                Reason::GoodsHsPriority => self.codes.priority(&case, out),
                Reason::GoodsHsUav => self.codes.uav(&case, out),
                Reason::GoodsCodeConflict => self.conflicts.find(&case, &self.vague, out),
                Reason::RouteEmbargo => self.territories.find(&case, &self.gazetteer, out),
                Reason::RouteTransshipment => transshipment::find(&case, out),
                Reason::RouteDetour => route::detour(&case, out),
                Reason::RouteListedPlace => self.listed.find(&case, out),
                Reason::RoleForwarderFinal => self.parties.forwarder(&case, out),
                Reason::RoleBankConsignee => self.parties.bank(&case, out),
                Reason::RoleToOrder => self.parties.to_order(&case, out),
                Reason::RoleMissing => self.parties.missing(&case, out),
                Reason::RoleDisputed => self.parties.disputed(&case, out),
                Reason::PartyPlaceholder => self.parties.placeholder(&case, out),
                Reason::ReexportClauseMissing => self.codes.clause(&case, out),
                Reason::AttestedRedFlag => self.red_flags.find(&case, out),
                Reason::Combination => {
                    let mut parts = known.parts.to_vec();
                    let counting = out.iter().zip(&counts).enumerate().filter(|(_, (_, counts))| **counts);
                    parts.extend(
                        counting
                            .map(|(at, (ruled, _))| Part { reason: ruled.finding.reason, number: known.findings + at }),
                    );
                    self.combinations.find(&case, &parts, out)
                }
                _ => continue,
            };
            while counts.len() < out.len() {
                let ruled = &mut out[counts.len()];
                counts.push(settle(&mut ruled.finding));
            }
            report.ran.push((reason, cause));
        }
        report
    }
}

fn digest(extra: &[Pack], off: &[String]) -> Option<String> {
    if extra.is_empty() && off.is_empty() {
        return None;
    }
    let mut hash = Sha256::new();
    for pack in extra {
        hash.update((pack.text.len() as u64).to_le_bytes());
        hash.update(&pack.text);
    }
    let mut off = off.to_vec();
    off.sort_unstable();
    off.dedup();
    for id in &off {
        hash.update(b"off ");
        hash.update(id);
    }
    Some(hash.finalize().iter().map(|b| format!("{b:02x}")).collect())
}
