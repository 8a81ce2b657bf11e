//! What the rules find, as data. How it is worded is not for a rule to know.

use model::country::Country;
use model::finding::{Finding, Reason, Score};
use model::shipment::Role;

/// A finding of a rule, not worded yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ruled {
    /// The finding; its explanation is empty.
    pub finding: Finding,
    /// What it says.
    pub fact: RuleFact,
}

/// What one rule found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RuleFact {
    /// `GOODS_VAGUE`.
    Vague {
        /// The goods line.
        line: GoodsLine,
        /// The words that it was judged by.
        text: String,
        /// What makes it vague.
        why: Vagueness,
        /// Title of the published list that has the phrase.
        list: Option<String>,
    },
    /// `GOODS_INVALID_TEXT`.
    InvalidText {
        /// The goods line.
        line: GoodsLine,
        /// The whole description.
        text: String,
        /// Why it describes nothing.
        why: NoText,
    },
    /// `GOODS_HS_PRIORITY` and `GOODS_HS_UAV`.
    ListedCode {
        /// The goods line.
        line: GoodsLine,
        /// The code as written.
        code: String,
        /// Title of the list of codes.
        list: String,
        /// Tier or heading of the list.
        tier: String,
        /// What the tier holds.
        title: String,
        /// Whether it is a list of unmanned aircraft rather than of priority goods.
        is_uav: bool,
    },
    /// `REEXPORT_CLAUSE_MISSING`.
    ClauseMissing {
        /// The goods line.
        line: GoodsLine,
        /// The code as written.
        code: String,
        /// Where the goods go from, in the European Union.
        from: Country,
        /// Where they go.
        to: Country,
    },
    /// `GOODS_CODE_CONFLICT`.
    CodeConflict {
        /// The goods line.
        line: GoodsLine,
        /// The words of the text.
        text: String,
        /// The code as written.
        code: String,
        /// The goods that one of the two means.
        means: String,
        /// Which of the two means them.
        meant_by: Side,
    },
    /// `ROUTE_EMBARGO`.
    Embargo {
        /// What lies there.
        spot: Spot,
        /// The words that name it.
        text: String,
        /// The territory.
        territory: String,
        /// The measure against it.
        measure: String,
        /// Why the words may mean something else.
        doubt: Option<Doubt>,
    },
    /// `ROUTE_TRANSSHIPMENT`.
    Transshipment {
        /// The stop.
        stop: StopName,
        /// Its country.
        country: Country,
        /// Title of the list that names the country.
        list: String,
    },
    /// `ROUTE_DETOUR`: the way is long.
    Detour {
        /// Where the journey begins.
        first: String,
        /// The stop out of the way.
        by: String,
        /// Where it ends.
        last: String,
        /// Kilometres by that stop.
        by_km: u32,
        /// Kilometres straight.
        direct_km: u32,
    },
    /// `ROUTE_DETOUR`: the goods leave the country of destination again.
    LeavesDestination {
        /// The stop behind the destination.
        stop: StopName,
        /// Its country.
        country: Country,
        /// The country of destination.
        end: Country,
    },
    /// `ROUTE_LISTED_PLACE`.
    ListedPlace {
        /// The stop.
        stop: StopName,
        /// The listed place.
        name: String,
        /// What it is, for example `port`.
        what: String,
        /// The measure against it.
        measure: String,
    },
    /// `ROLE_FORWARDER_FINAL`.
    ForwarderFinal {
        /// The last receiver's role.
        role: Option<Role>,
        /// The last receiver's name.
        name: String,
        /// What shows that it is a forwarder.
        mark: RoleMark,
    },
    /// `ROLE_BANK_CONSIGNEE`.
    BankConsignee {
        /// The receiver's role.
        role: Option<Role>,
        /// The receiver's name.
        name: String,
        /// What shows that it is a bank.
        mark: RoleMark,
    },
    /// `ROLE_TO_ORDER`.
    ToOrder {
        /// The receiver's role.
        role: Option<Role>,
        /// The name field; empty when only the flag is set.
        name: String,
        /// Whether the clause names the party behind the order.
        names_somebody: bool,
    },
    /// `ROLE_MISSING`.
    RoleMissing(MissingRole),
    /// `ROLE_DISPUTED`.
    RoleDisputed {
        /// The disputed role.
        role: Option<Role>,
        /// The party's name.
        name: String,
        /// Who gives it the role; empty when not said.
        source: String,
        /// What is said about the dispute; empty when nothing is.
        note: String,
        /// How sure the source is; `None` when the role is disputed outright.
        confidence: Option<Score>,
    },
    /// `PARTY_PLACEHOLDER`.
    Placeholder {
        /// The party's role.
        role: Option<Role>,
        /// What stands for a name.
        name: String,
    },
    /// `ATTESTED_RED_FLAG`.
    RedFlag {
        /// The red flag.
        title: String,
        /// Who attests it; empty when not said.
        by: String,
        /// What else is said; empty when nothing is.
        note: String,
    },
    /// `COMBINATION`.
    Combination {
        /// What the combination is called.
        title: String,
        /// What it is made of.
        parts: Vec<Part>,
        /// The stop in a country that counts, where the combination asks for one.
        route: Option<(StopName, Country)>,
        /// Why it matters.
        because: String,
        /// What it means for the shipment, as a clause of the summary; empty when the parts say enough.
        means: String,
    },
}

/// One finding that a combination counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    /// Why it was reported.
    pub reason: Reason,
    /// Its number among the findings that were known before the rules ran, followed by those of the rules.
    pub number: usize,
}

/// Which goods line, and of how many.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GoodsLine {
    /// Counted from 0.
    pub line: usize,
    /// Goods lines of the shipment.
    pub of: usize,
}

/// What makes a goods text vague, strongest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Vagueness {
    /// It is a phrase of a published list.
    Listed,
    /// It holds a phrase that is vague wherever it stands.
    Holds,
    /// Only words for whole classes of goods, and words that name none.
    OnlyClasses,
    /// One thing and "parts".
    PartsOf,
    /// No word that is known to name goods.
    NoGoods,
}

/// Why a goods text describes nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoText {
    /// One character, repeated.
    OneCharacter,
    /// Neither letters nor digits.
    NoLetters,
    /// Digits without letters.
    DigitsOnly,
    /// The name of a file.
    FileName,
}

/// One of the two that contradict each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// The goods text.
    Text,
    /// The goods code.
    Code,
}

/// Why a name is not taken for the territory of that name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doubt {
    /// The record says that the text is in another country.
    OtherCountry,
    /// The next word makes it a street, a building or a product.
    WordAfter,
    /// The word before makes it a street or a building.
    WordBefore,
}

impl Doubt {
    /// As a clause, for the evidence and for the sentence.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::OtherCountry => "the text lies in another country",
            Self::WordAfter => "the next word makes it a street, a building or a product",
            Self::WordBefore => "the word before makes it a street or a building",
        }
    }
}

/// What lies in a territory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Spot {
    /// A place of the route, or the country of a receiver.
    Stop(StopName),
    /// The address of a party.
    PartyAddress(Option<Role>),
    /// The country of a party.
    PartyCountry(Option<Role>),
    /// Where goods come from.
    GoodsOrigin(GoodsLine),
}

/// What a stop of the route is called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StopName {
    /// What the stop is for.
    pub leg: Leg,
    /// The place as written; empty when the record gives only a country.
    pub place: String,
}

/// What a stop of the route is for, in the order of the journey.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Leg {
    /// Where the carrier takes the goods over.
    Receipt,
    /// Where they are loaded.
    Loading,
    /// Where they change ships or vehicles.
    Transshipment,
    /// A country that the routing names.
    Routing,
    /// Where they are discharged.
    Discharge,
    /// Where the carrier hands them over.
    Delivery,
    /// Where they end.
    Destination,
    /// The country of a party that receives the goods.
    Receiver(Role),
}

/// What shows that a receiver is a forwarder or a bank.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RoleMark {
    /// The record names the same party in that role.
    SameParty,
    /// This word stands in the name.
    Word(String),
}

/// The party that the record does not name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MissingRole {
    /// Shipper, exporter or seller.
    Sender,
    /// Consignee, end user or buyer.
    Receiver,
}
