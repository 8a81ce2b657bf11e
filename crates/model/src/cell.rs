//! How a cell was read: one field as somebody typed it, and its segments.

use crate::country::Country;
use crate::entry::IdentifierType;
use crate::shipment::Role;

/// How one cell was read, as an answer shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CellReading {
    /// Path of the field.
    pub field_path: String,
    /// The country that the address of the cell ends in.
    pub country: Option<Country>,
    /// In the order of their first byte. Names may overlap where the cut is in doubt.
    pub segments: Vec<CellSegment>,
}

/// One segment of a cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CellSegment {
    /// What it is.
    pub kind: SegmentKind,
    /// First byte in the original text.
    pub start: u32,
    /// One past the last byte in the original text.
    pub end: u32,
    /// The least byte at which a name may end; equal to `end` elsewhere.
    pub least_end: u32,
    /// The text between `start` and `end`.
    pub text: String,
    /// How a name belongs to the first party of the cell.
    pub relation: Relation,
    /// The role in which a name is screened, where the cell or the text gives another than the field's own.
    pub role: Option<Role>,
    /// Whether the cell says that it is a name; true elsewhere.
    pub is_sure: bool,
}

/// What a segment is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SegmentKind {
    /// A name of a party.
    Name,
    /// An address or a part of one.
    Address,
    /// A number; `Other` where neither label nor check digits say of which kind.
    Identifier(IdentifierType),
    /// A phone number, an address of electronic mail, a web page.
    Contact,
    /// The words that join the next name to the first.
    Relation,
    /// Anything else.
    Note,
}

/// How a name belongs to the first party of its cell.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Relation {
    /// It is the party.
    #[default]
    Party,
    /// Another party in whose care the goods are sent.
    CareOf,
    /// Another party for which the first one acts.
    OnBehalfOf,
    /// Another party that pays.
    ForAccountOf,
    /// The party, often a bank, to whose order the document is made out.
    ToOrderOf,
    /// Another name of the party: the one it trades under.
    TradingAs,
    /// Another name of the party: an earlier one.
    Formerly,
    /// Another name of the party.
    KnownAs,
    /// The head of the party.
    BranchOf,
    /// A person or department to turn to.
    Attention,
    /// Another party that is told of the arrival.
    Notify,
    /// Another party by whose hands the goods pass.
    Through,
    /// Another party.
    And,
}

impl Relation {
    /// Every relation.
    pub const ALL: [Self; 13] = [
        Self::Party,
        Self::CareOf,
        Self::OnBehalfOf,
        Self::ForAccountOf,
        Self::ToOrderOf,
        Self::TradingAs,
        Self::Formerly,
        Self::KnownAs,
        Self::BranchOf,
        Self::Attention,
        Self::Notify,
        Self::Through,
        Self::And,
    ];

    /// The word for it, in files and answers.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Party => "party",
            Self::CareOf => "care_of",
            Self::OnBehalfOf => "on_behalf_of",
            Self::ForAccountOf => "for_account_of",
            Self::ToOrderOf => "to_order_of",
            Self::TradingAs => "trading_as",
            Self::Formerly => "formerly",
            Self::KnownAs => "known_as",
            Self::BranchOf => "branch_of",
            Self::Attention => "attention",
            Self::Notify => "notify",
            Self::Through => "through",
            Self::And => "and",
        }
    }

    /// Whether the name is of the first party itself rather than of another one.
    pub fn is_same_party(self) -> bool {
        matches!(self, Self::Party | Self::TradingAs | Self::Formerly | Self::KnownAs)
    }

    /// The role of the named party in a shipment, where the relation gives one.
    pub fn role(self) -> Option<Role> {
        match self {
            Self::ToOrderOf => Some(Role::Endorsee),
            Self::Notify => Some(Role::NotifyParty),
            _ => None,
        }
    }
}

impl SegmentKind {
    /// The word for it, in answers.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Address => "address",
            Self::Identifier(_) => "identifier",
            Self::Contact => "contact",
            Self::Relation => "relation",
            Self::Note => "note",
        }
    }
}
