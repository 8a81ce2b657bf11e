//! What is reported: findings, the outcome, and what they rest on.
//!
//! The fields mirror `proto/tidewaiter/v1/screening.proto`. Everything is an integer or text in a defined
//! order, so that a screening can be replayed and compared byte for byte.

use crate::entry::{Effect, Entry, EntryKind, ListId};
use crate::shipment::Problem;
use jiff::civil::Date;

/// How well something matches: 0..=1000. 1000 is the listed name itself, unmistakable; 700 is the default
/// threshold for the review of a party name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Score(u16);

impl Score {
    /// The lowest score.
    pub const ZERO: Self = Self(0);
    /// The listed name itself.
    pub const FULL: Self = Self(1000);

    /// `None` above 1000.
    pub const fn new(thousandths: u16) -> Option<Self> {
        if thousandths <= 1000 { Some(Self(thousandths)) } else { None }
    }

    /// The nearest score: below 0 is 0, above 1000 is 1000.
    pub const fn clamped(thousandths: i32) -> Self {
        if thousandths < 0 {
            Self(0)
        } else if thousandths > 1000 {
            Self(1000)
        } else {
            Self(thousandths as u16)
        }
    }

    /// Thousandths.
    pub const fn get(self) -> u16 {
        self.0
    }
}

/// Why something is reported. The names are stable; scripts rely on them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reason {
    /// A party's name is a listed name.
    PartyListed,
    /// A party's name is a weak listed name.
    PartyListedWeak,
    /// A number is a listed number.
    PartyIdentifier,
    /// A party's name is on a watch list.
    PartyWatch,
    /// Running text contains a listed name.
    TextListed,
    /// Goods carry a brand of the lexicon.
    GoodsBrand,
    /// The goods text says nothing that tells what the goods are, or too little.
    GoodsVague,
    /// The goods text is no description at all: digits only, a file name, a row of equal signs.
    GoodsInvalidText,
    /// The goods code is on the Common High Priority List.
    GoodsHsPriority,
    /// The goods code is one of unmanned aircraft or their parts.
    GoodsHsUav,
    /// The goods text says one thing and the goods code another.
    GoodsCodeConflict,
    /// Goods are a model of the lexicon.
    GoodsModel,
    /// A place or party country lies in an embargoed country or territory.
    RouteEmbargo,
    /// The route touches a country that a published list names for transshipment or diversion.
    RouteTransshipment,
    /// The route does not lead towards its destination.
    RouteDetour,
    /// The route touches a port, lock or airport that is itself listed.
    RouteListedPlace,
    /// The last named receiver of the goods is a freight forwarder.
    RoleForwarderFinal,
    /// A bank is named as the receiver of the goods.
    RoleBankConsignee,
    /// The goods are consigned "to order": no receiver is named.
    RoleToOrder,
    /// No shipper or no receiver of the goods is named.
    RoleMissing,
    /// The role of a party is disputed.
    RoleDisputed,
    /// A party's name is a placeholder such as "unknown" or "N/A".
    PartyPlaceholder,
    /// A party's address is a listed address, or that of a listed party.
    PartyAddress,
    /// A party is owned by listed parties, or its ownership is not known.
    PartyOwnership,
    /// The goods need a clause against re-export, and none is attested.
    ReexportClauseMissing,
    /// A list is older than it may be.
    ListStale,
    /// Findings that together say more than each alone; the combination is named.
    Combination,
    /// The caller attests a red flag that no record can show.
    AttestedRedFlag,
}

impl Reason {
    /// Every reason, in the order of the protocol.
    pub const ALL: [Self; 28] = [
        Self::PartyListed,
        Self::PartyListedWeak,
        Self::PartyIdentifier,
        Self::PartyWatch,
        Self::TextListed,
        Self::GoodsBrand,
        Self::GoodsVague,
        Self::GoodsInvalidText,
        Self::GoodsHsPriority,
        Self::GoodsHsUav,
        Self::GoodsCodeConflict,
        Self::GoodsModel,
        Self::RouteEmbargo,
        Self::RouteTransshipment,
        Self::RouteDetour,
        Self::RouteListedPlace,
        Self::RoleForwarderFinal,
        Self::RoleBankConsignee,
        Self::RoleToOrder,
        Self::RoleMissing,
        Self::RoleDisputed,
        Self::PartyPlaceholder,
        Self::PartyAddress,
        Self::PartyOwnership,
        Self::ReexportClauseMissing,
        Self::ListStale,
        Self::Combination,
        Self::AttestedRedFlag,
    ];

    /// The stable name, for example `PARTY_LISTED`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::PartyListed => "PARTY_LISTED",
            Self::PartyListedWeak => "PARTY_LISTED_WEAK",
            Self::PartyIdentifier => "PARTY_IDENTIFIER",
            Self::PartyWatch => "PARTY_WATCH",
            Self::TextListed => "TEXT_LISTED",
            Self::GoodsBrand => "GOODS_BRAND",
            Self::GoodsVague => "GOODS_VAGUE",
            Self::GoodsInvalidText => "GOODS_INVALID_TEXT",
            Self::GoodsHsPriority => "GOODS_HS_PRIORITY",
            Self::GoodsHsUav => "GOODS_HS_UAV",
            Self::GoodsCodeConflict => "GOODS_CODE_CONFLICT",
            Self::GoodsModel => "GOODS_MODEL",
            Self::RouteEmbargo => "ROUTE_EMBARGO",
            Self::RouteTransshipment => "ROUTE_TRANSSHIPMENT",
            Self::RouteDetour => "ROUTE_DETOUR",
            Self::RouteListedPlace => "ROUTE_LISTED_PLACE",
            Self::RoleForwarderFinal => "ROLE_FORWARDER_FINAL",
            Self::RoleBankConsignee => "ROLE_BANK_CONSIGNEE",
            Self::RoleToOrder => "ROLE_TO_ORDER",
            Self::RoleMissing => "ROLE_MISSING",
            Self::RoleDisputed => "ROLE_DISPUTED",
            Self::PartyPlaceholder => "PARTY_PLACEHOLDER",
            Self::PartyAddress => "PARTY_ADDRESS",
            Self::PartyOwnership => "PARTY_OWNERSHIP",
            Self::ReexportClauseMissing => "REEXPORT_CLAUSE_MISSING",
            Self::ListStale => "LIST_STALE",
            Self::Combination => "COMBINATION",
            Self::AttestedRedFlag => "ATTESTED_RED_FLAG",
        }
    }
}

/// How much attention a finding asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// For the record.
    Info,
    /// To review when time allows.
    Low,
    /// To review.
    Medium,
    /// To hold.
    High,
}

/// What the policy makes of the findings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Outcome {
    /// Nothing that asks for a person's attention; not an approval.
    NoFinding,
    /// A person should look at it.
    Review,
    /// The shipment should stop until a person has ruled on it.
    Hold,
    /// The shipment could not be screened.
    Refused,
}

impl Outcome {
    /// The stable name, for example `NO_FINDING`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NoFinding => "NO_FINDING",
            Self::Review => "REVIEW",
            Self::Hold => "HOLD",
            Self::Refused => "REFUSED",
        }
    }
}

/// A byte range in the text of a field as sent, on character boundaries.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span {
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
    /// The text between.
    pub text: String,
}

/// What a finding rests on: one row of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntryReference {
    /// List id.
    pub list: ListId,
    /// Title of the list.
    pub list_title: String,
    /// The publisher's own id.
    pub id: String,
    /// Primary name.
    pub name: String,
    /// What is listed.
    pub kind: EntryKind,
    /// What the listing means.
    pub effect: Effect,
}

impl EntryReference {
    /// Refers to `entry` of the list titled `list_title`.
    pub fn new(entry: &Entry, list_title: &str) -> Self {
        Self {
            list: entry.list.clone(),
            list_title: list_title.to_owned(),
            id: entry.id.clone(),
            name: entry.primary_name().to_owned(),
            kind: entry.kind,
            effect: entry.effect,
        }
    }
}

/// One thing that spoke for or against a match.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// Stable name, for example `typo`.
    pub name: &'static str,
    /// Points added to or taken from the score.
    pub points: i32,
    /// What it was about.
    pub detail: String,
}

/// One thing found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Why it is reported.
    pub reason: Reason,
    /// How much attention it asks for.
    pub severity: Severity,
    /// How well it matches.
    pub score: Score,
    /// Path of the field.
    pub field_path: String,
    /// Where in the field.
    pub spans: Vec<Span>,
    /// The row it rests on; `None` for findings that rest on a code table.
    pub entry: Option<EntryReference>,
    /// The spelling of the entry, or the brand, that matched.
    pub matched_name: String,
    /// Publications it rests on.
    pub citations: Vec<String>,
    /// Licence requirement of the row, word for word.
    pub licence_requirement: String,
    /// Licence review policy of the row, word for word.
    pub licence_policy: String,
    /// First day in force.
    pub effective: Option<Date>,
    /// Day of publication.
    pub published: Option<Date>,
    /// What spoke for and against.
    pub evidence: Vec<Evidence>,
    /// One sentence for the file.
    pub explanation: String,
    /// Further listings of the same party, strongest effect first, whether or not the text matches a name of theirs.
    pub also_listed: Vec<Listing>,
    /// Its rule runs in the shadow: it is recorded, and the outcome does not depend on it.
    pub is_shadow: bool,
    /// Suppressors that took it in, applied or not, in the order of the policy.
    pub suppressions: Vec<Suppression>,
}

/// What a suppressor of the policy made of a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suppression {
    /// The suppressor.
    pub id: String,
    /// Why somebody wrote it.
    pub reason: String,
    /// Its last day.
    pub expires: Date,
    /// The severity before; `None` when it was not applied.
    pub lowered_from: Option<Severity>,
    /// Why it was not applied; empty when it was.
    pub not_applied: &'static str,
}

/// One listing of a party that has several.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listing {
    /// The row.
    pub entry: EntryReference,
    /// Publications that the row rests on.
    pub citations: Vec<String>,
    /// Licence requirement, word for word.
    pub licence_requirement: String,
    /// Licence review policy, word for word.
    pub licence_policy: String,
    /// First day in force.
    pub effective: Option<Date>,
    /// Day of publication.
    pub published: Option<Date>,
    /// What says that it is the same party.
    pub linked_by: String,
}

/// Which state of a list answered for a day in the past.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListUsed {
    /// List id.
    pub list: ListId,
    /// The publication that was used; `None` when the rows' own dates decided.
    pub publication: Option<UsedPublication>,
}

/// A stored publication that answered for a day in the past.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UsedPublication {
    /// Day of publication, where the file gives one.
    pub published: Option<Date>,
    /// When it was fetched, RFC 3339.
    pub fetched_at: String,
    /// SHA-256 of its file, 64 hexadecimal digits.
    pub sha256: String,
}

/// A list that is older than it may be; the engine has no clock, so whoever calls it says so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StaleList {
    /// List id.
    pub list: ListId,
    /// Title of the list.
    pub title: String,
    /// Whole hours since it was last known to be current; `None` when nothing says.
    pub age_hours: Option<u32>,
    /// Hours it may be old.
    pub limit_hours: u32,
}

/// A rule that could not run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SkippedRule {
    /// The reason it would have reported.
    pub rule: Reason,
    /// What was missing.
    pub cause: &'static str,
}

/// The result of screening one shipment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Screening {
    /// The shipment's own reference.
    pub reference: String,
    /// What the policy makes of it.
    pub outcome: Outcome,
    /// Strongest first: severity, score, field, span, list, entry.
    pub findings: Vec<Finding>,
    /// Why the shipment was refused or, beside any other outcome, which fields could not be read.
    pub problems: Vec<Problem>,
    /// Reasons whose rules ran.
    pub rules_run: Vec<Reason>,
    /// Reasons whose rules could not run.
    pub rules_skipped: Vec<SkippedRule>,
    /// Bounds that cut the work short.
    pub limits_reached: Vec<String>,
    /// Fingerprint of the lists.
    pub snapshot: String,
    /// Fingerprint of the policy.
    pub policy: String,
    /// Fingerprint of the policy's suppressors; empty when it has none.
    pub suppressors: String,
    /// Fingerprint of the ownership file given; empty when there is none.
    pub ownership: String,
    /// Name and version of the engine.
    pub engine: String,
    /// One sentence: the outcome and what it rests on, strongest first.
    pub summary: String,
    /// Which publication of each list stood in for today's, for a shipment that says `known_on`.
    pub lists_used: Vec<ListUsed>,
}
