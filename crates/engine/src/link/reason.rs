//! Why two entries are linked.

use model::binary::{Binary, BytesIn, BytesOut, Malformed};
use model::binary_choice;
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

binary_choice!(Agreement { Birth, Country, Address, Citation, LongName });

impl Binary for LinkedBy {
    fn write_to(&self, out: &mut BytesOut<'_>) {
        match *self {
            Self::Number(at) => (0u8, at).write_to(out),
            Self::PublisherId => 1u8.write_to(out),
            Self::Reference => 2u8.write_to(out),
            Self::Name(at, agreement) => (3u8, at, agreement).write_to(out),
        }
    }

    fn read_from(bytes: &mut BytesIn<'_>) -> Result<Self, Malformed> {
        Ok(match u8::read_from(bytes)? {
            0 => Self::Number(Binary::read_from(bytes)?),
            1 => Self::PublisherId,
            2 => Self::Reference,
            3 => Self::Name(Binary::read_from(bytes)?, Binary::read_from(bytes)?),
            _ => return Err(Malformed { expected: "a reason to link" }),
        })
    }
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
