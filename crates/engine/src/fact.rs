//! What a finding says, as data: the last stage words it, and nothing before that stage writes a sentence.

use crate::matcher::{How, Strength};
use crate::place::Place;
use crate::rule::{Owned, RuleFact, Sameness, State};
use model::entry::{Effect, NameKind};
use model::finding::{Finding, StaleList};
use model::ids::EntryId;
use text::Reading;

/// A finding with its place and what it says, not worded yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Where.
    pub place: Place,
    /// The finding; its explanation is empty.
    pub finding: Finding,
    /// What it says.
    pub fact: Fact,
}

impl Found {
    /// The entry that the finding rests on, by its number in the snapshot.
    pub fn entry(&self) -> Option<EntryId> {
        match &self.fact {
            Fact::Name(fact) => Some(fact.entry),
            Fact::Number(fact) => Some(fact.entry),
            Fact::Address(fact) => Some(fact.entry),
            Fact::Owners(fact) => Some(fact.owned.entry),
            Fact::Brand(_) | Fact::Rule(_) | Fact::Stale(_) => None,
        }
    }
}

/// What a finding says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fact {
    /// A listed name.
    Name(NameFact),
    /// A listed number.
    Number(NumberFact),
    /// A brand or model in the goods.
    Brand(BrandFact),
    /// A listed address.
    Address(AddressFact),
    /// Listed owners.
    Owners(OwnersFact),
    /// What a rule found.
    Rule(RuleFact),
    /// A list that is older than it may be.
    Stale(StaleList),
}

/// A listed name in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NameFact {
    /// The entry, by its number in the snapshot.
    pub entry: EntryId,
    /// Which of the entry's names it is.
    pub kind: NameKind,
    /// The text found, as sent.
    pub text: String,
    /// How it was found.
    pub how: How,
    /// How the letters were read.
    pub reading: Reading,
    /// Whether the field says nothing else.
    pub is_whole: bool,
    /// How much the name says on its own.
    pub strength: Strength,
    /// Whether something else in the record points to the entry.
    pub is_corroborated: bool,
}

/// A listed number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NumberFact {
    /// The entry, by its number in the snapshot.
    pub entry: EntryId,
    /// The number as sent.
    pub text: String,
    /// The name that the record gives beside the number, where it is not one of the entry's.
    pub other_name: Option<String>,
}

/// A brand or model of the lexicon.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BrandFact {
    /// The text found, as sent.
    pub text: String,
    /// The brand or model, as its maker writes it.
    pub name: String,
    /// Who makes it.
    pub maker: String,
    /// Whether it is a model rather than a brand.
    pub is_model: bool,
    /// What the maker's listing means and the title of its list, when the loaded lists have it.
    pub listing: Option<(Effect, String)>,
}

/// A listed address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AddressFact {
    /// The entry, by its number in the snapshot.
    pub entry: EntryId,
    /// The address as sent.
    pub text: String,
    /// How far the two are the same.
    pub sameness: Sameness,
}

/// Listed owners of a party.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnersFact {
    /// The party's name as sent.
    pub name: String,
    /// What is known of its owners.
    pub owned: Owned,
    /// Whether the rule on owners is in force.
    pub state: State,
    /// What is known about that; empty when there is nothing to say.
    pub note: String,
}
