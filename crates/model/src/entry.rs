//! Who is listed: one entry of a published list, as every list reader delivers it and every finding cites it.
//!
//! Texts are kept as the publisher wrote them. They are folded for comparison only, by the crate `text`.

mod check;
mod identifier;
mod scheme;
mod script;

pub use check::has_right_check_digits;
pub use identifier::{Identifier, IdentifierType};
pub use scheme::Scheme;
pub use script::script_of;

use crate::country::Country;
use jiff::civil::Date;
use std::fmt;
use std::ops::{Deref, DerefMut};
use std::sync::Arc;

/// Names a list, for example `us-bis-el`; lower-case letters, digits and hyphens.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ListId(Arc<str>);

impl ListId {
    /// Takes an id as is.
    pub fn new(id: &str) -> Self {
        Self(id.into())
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ListId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What is listed. Many publishers leave this blank; then it stays [`EntryKind::Unknown`] and is never guessed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum EntryKind {
    /// The list does not say.
    #[default]
    Unknown,
    /// A natural person.
    Person,
    /// A company or any other organisation.
    Company,
    /// A ship.
    Vessel,
    /// An aircraft.
    Aircraft,
    /// An address without a name.
    Address,
    /// A category of goods or parties without a name.
    Category,
}

impl EntryKind {
    /// Every kind.
    pub const ALL: [Self; 7] =
        [Self::Unknown, Self::Person, Self::Company, Self::Vessel, Self::Aircraft, Self::Address, Self::Category];

    /// The word for it, in files and fingerprints.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::Person => "person",
            Self::Company => "company",
            Self::Vessel => "vessel",
            Self::Aircraft => "aircraft",
            Self::Address => "address",
            Self::Category => "category",
        }
    }
}

/// What the listing means for a shipment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Effect {
    /// Dealings are prohibited.
    Blocking,
    /// A licence is needed for the items that the entry names.
    Licence,
    /// Securities, debt or banking dealings are restricted; not a shipment ban.
    Investment,
    /// Public procurement is restricted; not a shipment ban.
    Procurement,
    /// Authorisation of equipment is restricted; not a shipment ban.
    Equipment,
    /// Imports are presumed made with forced labour.
    ForcedLabour,
    /// No legal effect; reported for attention.
    Watch,
}

impl Effect {
    /// Every effect, in the order of the glossary.
    pub const ALL: [Self; 7] = [
        Self::Blocking,
        Self::Licence,
        Self::Investment,
        Self::Procurement,
        Self::Equipment,
        Self::ForcedLabour,
        Self::Watch,
    ];

    /// The glossary's word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Blocking => "blocking",
            Self::Licence => "licence",
            Self::Investment => "investment",
            Self::Procurement => "procurement",
            Self::Equipment => "equipment",
            Self::ForcedLabour => "forced_labour",
            Self::Watch => "watch",
        }
    }

    /// Reads the glossary's word; `None` for any other text.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|e| e.as_str() == word)
    }
}

/// How a spelling relates to its entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NameKind {
    /// The main name of the entry.
    Primary,
    /// Also known as.
    Alias,
    /// Formerly known as.
    Former,
    /// An acronym.
    Acronym,
}

impl NameKind {
    /// Every kind.
    pub const ALL: [Self; 4] = [Self::Primary, Self::Alias, Self::Former, Self::Acronym];

    /// The word for it, in files and fingerprints.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Primary => "primary",
            Self::Alias => "alias",
            Self::Former => "former",
            Self::Acronym => "acronym",
        }
    }
}

/// One spelling of an entry.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Name {
    /// The spelling as listed, repairs of the reader applied; never empty.
    pub text: String,
    /// How it relates to the entry.
    pub kind: NameKind,
    /// The publisher calls it weak: too common to be screened on its own.
    pub weak: bool,
}

impl Name {
    /// A strong name of the given kind.
    pub fn new(text: impl Into<String>, kind: NameKind) -> Self {
        Self { text: text.into(), kind, weak: false }
    }

    /// The ISO 15924 code of the script it is written in; see [`script_of`].
    pub fn script(&self) -> &'static str {
        script_of(&self.text)
    }
}

/// One address of an entry.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Address {
    /// As listed, parts joined with ", "; may be empty when only the country is known.
    pub text: String,
    /// Country, where the list gives one.
    pub country: Option<Country>,
}

/// How an entry stands to another party.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RelationKind {
    /// The entry owns or controls the other party: the other is its subsidiary, or a vessel it owns or runs.
    OwnerOf,
    /// The other party owns or controls the entry: the other is its parent.
    SubsidiaryOf,
    /// The entry is a branch, unit or office of the other party.
    BranchOf,
    /// The entry is a vessel or aircraft, and the other party owns or operates it.
    VesselOwner,
    /// The list links the two in another way: acts for, supports, leads, is family of.
    LinkedTo,
}

impl RelationKind {
    /// Every kind.
    pub const ALL: [Self; 5] = [Self::OwnerOf, Self::SubsidiaryOf, Self::BranchOf, Self::VesselOwner, Self::LinkedTo];

    /// The word for it, in files and reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::OwnerOf => "owner_of",
            Self::SubsidiaryOf => "subsidiary_of",
            Self::BranchOf => "branch_of",
            Self::VesselOwner => "vessel_owner",
            Self::LinkedTo => "linked_to",
        }
    }
}

/// Another party that an entry names, and how the two stand to each other.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Relation {
    /// How the entry stands to the other party.
    pub kind: RelationKind,
    /// The other party's name as listed; may be empty when only its id is known.
    pub name: String,
    /// The other party's id on the same list, where the list gives it.
    pub id: Option<String>,
    /// The share owned, in thousandths (0..=1000), where the list gives it.
    pub share: Option<u16>,
}

impl Relation {
    /// A relation to a party that is only named.
    pub fn named(kind: RelationKind, name: impl Into<String>) -> Self {
        Self { kind, name: name.into(), id: None, share: None }
    }
}

/// One entry of a list. What it says beside its names is read and set as if it were its own: [`Details`].
#[derive(Clone, Debug)]
pub struct Entry {
    /// The list it stands on.
    pub list: ListId,
    /// The publisher's own id; unique within the list.
    pub id: String,
    /// What is listed.
    pub kind: EntryKind,
    /// What the listing means.
    pub effect: Effect,
    /// Spellings, the primary one first; empty only for [`EntryKind::Address`] and [`EntryKind::Category`].
    pub names: Vec<Name>,
    /// What it says beside them; `None` where that is nothing: of millions of entries, most of a list of one's own have names
    /// alone.
    pub details: Option<Box<Details>>,
}

/// What an entry says beside its names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Details {
    /// Numbers and codes.
    pub identifiers: Vec<Identifier>,
    /// Addresses.
    pub addresses: Vec<Address>,
    /// Nationalities, citizenships, flags.
    pub countries: Vec<Country>,
    /// Parties that the entry names as owners, parents, branches or otherwise linked.
    pub relations: Vec<Relation>,
    /// Sanctions programmes.
    pub programmes: Vec<String>,
    /// Publications that list the entry, amendments included, as the list writes them.
    pub citations: Vec<String>,
    /// Licence requirement, word for word.
    pub licence_requirement: Option<String>,
    /// Licence review policy, word for word.
    pub licence_policy: Option<String>,
    /// First day in force.
    pub effective: Option<Date>,
    /// Day of publication, where it differs or is what the list gives.
    pub published: Option<Date>,
    /// Last day in force.
    pub ends: Option<Date>,
    /// Dates of birth, or of incorporation, as listed ("1965", "circa 1970", "1966-02-13").
    pub births: Vec<String>,
    /// Titles, places of birth and other remarks, as listed.
    pub remarks: String,
    /// Where the publisher explains the listing.
    pub source_url: String,
    /// When a person read the entry at its source; curated entries only.
    pub read_on: Option<Date>,
}

impl Details {
    /// Those of an entry that has none.
    const NONE: Self = Self {
        identifiers: Vec::new(),
        addresses: Vec::new(),
        countries: Vec::new(),
        relations: Vec::new(),
        programmes: Vec::new(),
        citations: Vec::new(),
        licence_requirement: None,
        licence_policy: None,
        effective: None,
        published: None,
        ends: None,
        births: Vec::new(),
        remarks: String::new(),
        source_url: String::new(),
        read_on: None,
    };

    /// Gives back memory that was set aside for more.
    fn shrink(&mut self) {
        self.addresses.shrink_to_fit();
        self.identifiers.shrink_to_fit();
        self.countries.shrink_to_fit();
        self.relations.shrink_to_fit();
        for texts in [&mut self.programmes, &mut self.citations, &mut self.births] {
            texts.shrink_to_fit();
        }
        self.remarks.shrink_to_fit();
        self.source_url.shrink_to_fit();
    }
}

impl PartialEq for Entry {
    /// Details that were set aside and never filled are none.
    fn eq(&self, other: &Self) -> bool {
        // Named one by one, so that a new field cannot be forgotten.
        let Self { list, id, kind, effect, names, details: _ } = self;
        (list, id, kind, effect, names) == (&other.list, &other.id, &other.kind, &other.effect, &other.names)
            && **self == **other
    }
}

impl Eq for Entry {}

impl Deref for Entry {
    type Target = Details;

    fn deref(&self) -> &Details {
        static NONE: Details = Details::NONE;
        self.details.as_deref().unwrap_or(&NONE)
    }
}

impl DerefMut for Entry {
    fn deref_mut(&mut self) -> &mut Details {
        self.details.get_or_insert_default()
    }
}

impl Entry {
    /// An entry with nothing but its place, kind and effect; readers fill in the rest.
    pub fn new(list: ListId, id: impl Into<String>, kind: EntryKind, effect: Effect) -> Self {
        Self { list, id: id.into(), kind, effect, names: Vec::new(), details: None }
    }

    /// Gives back memory that was set aside for more.
    pub fn shrink(&mut self) {
        self.names.shrink_to_fit();
        self.names.iter_mut().for_each(|name| name.text.shrink_to_fit());
        self.details = self.details.take().filter(|details| **details != Details::NONE);
        if let Some(details) = &mut self.details {
            details.shrink();
        }
    }

    /// Bytes that the entry takes, the heap with a few for each piece included; the id of its list is shared.
    pub fn memory(&self) -> usize {
        const PIECE: usize = 16;
        let text = |text: &str| if text.is_empty() { 0 } else { text.len() + PIECE };
        let texts = |all: &Vec<String>| all.iter().map(|t| size_of::<String>() + text(t)).sum::<usize>();
        let details = |all: &Details| {
            size_of::<Details>()
                + PIECE
                + all.identifiers.iter().map(|i| size_of::<Identifier>() + text(&i.value)).sum::<usize>()
                + all.addresses.iter().map(|a| size_of::<Address>() + text(&a.text)).sum::<usize>()
                + size_of_val(all.countries.as_slice())
                + all.relations.iter().map(|r| size_of::<Relation>() + text(&r.name)).sum::<usize>()
                + texts(&all.programmes)
                + texts(&all.citations)
                + texts(&all.births)
                + [&all.licence_requirement, &all.licence_policy].into_iter().flatten().map(|t| text(t)).sum::<usize>()
                + text(&all.remarks)
                + text(&all.source_url)
        };
        size_of::<Self>()
            + text(&self.id)
            + self.names.iter().map(|n| size_of::<Name>() + text(&n.text)).sum::<usize>()
            + self.details.as_deref().map_or(0, details)
    }

    /// What orders it in a snapshot: list, then id.
    pub fn key(&self) -> (&ListId, &str) {
        (&self.list, &self.id)
    }

    /// The primary name, or the address of an entry without names; empty when it has neither.
    pub fn primary_name(&self) -> &str {
        self.names
            .first()
            .map(|n| n.text.as_str())
            .or_else(|| self.addresses.first().map(|a| a.text.as_str()))
            .unwrap_or("")
    }

    /// The countries of the entry: its own and those of its addresses, each once, in order.
    pub fn all_countries(&self) -> impl Iterator<Item = Country> + '_ {
        self.countries.iter().copied().chain(self.addresses.iter().filter_map(|a| a.country))
    }

    /// Whether the entry was in force on `as_of` and known on `known_on`. An entry without dates counts as in force:
    /// it cannot be ruled out. Where the list gives no first day, the day of publication serves.
    pub fn in_force(&self, as_of: Option<Date>, known_on: Option<Date>) -> bool {
        let started = as_of.is_none_or(|day| self.effective.or(self.published).is_none_or(|start| start <= day));
        let not_ended = as_of.is_none_or(|day| self.ends.is_none_or(|end| day <= end));
        let known =
            known_on.is_none_or(|day| self.published.or(self.effective).is_none_or(|published| published <= day));
        started && not_ended && known
    }
}
