//! Why two entries are linked.

use model::entry::Entry;
use std::fmt;

/// Why an entry lists the same party as another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkedBy {
    /// This identifier of the entry.
    Number(u16),
    /// The publisher's number for the party, on several of its lists.
    PublisherId,
    /// The same reference of the UN Security Council.
    Reference,
    /// This name of the entry, and what else agrees.
    Name(u16, Agreement),
}

/// What agrees beside the name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Agreement {
    /// A day or year of birth.
    Birth,
    /// A country.
    Country,
    /// An address.
    Address,
    /// A publication that both cite.
    Citation,
    /// Nothing contradicts, and the name is long.
    LongName,
}

impl LinkedBy {
    /// In words, for the entry with this reason.
    pub fn words(self, entry: &Entry) -> String {
        match self {
            Self::Number(at) => {
                format!("same number {}", entry.identifiers.get(usize::from(at)).map_or("", |i| i.value.as_str()))
            }
            Self::PublisherId => "same number of the publisher for the party".to_owned(),
            Self::Reference => "same reference of the UN Security Council".to_owned(),
            Self::Name(at, agreement) => {
                format!(
                    "same name {} and {agreement}",
                    entry.names.get(usize::from(at)).map_or("", |n| n.text.as_str())
                )
            }
        }
    }
}

impl fmt::Display for Agreement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Birth => "birth",
            Self::Country => "country",
            Self::Address => "address",
            Self::Citation => "citation",
            Self::LongName => "nothing that contradicts",
        })
    }
}
