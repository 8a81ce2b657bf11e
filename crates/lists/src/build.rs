//! From the records of a file to entries: what every reader builds with.
//!
//! A reader makes one [`EntryBuilder`] for each listed party and hands it, finished, to the [`ParsedFile`]. The rest of
//! this room reads the parts of a record that several publishers write alike: names, numbers, dates, enumerations.

mod acronym;
mod entry_builder;
mod field_text;
mod identifiers;
mod lookup;
mod nationality;
mod parsed_file;
mod part_of_name;
mod repairs;
mod spellings;
mod stated_relations;
mod text_numbers;
mod tidy;

pub(crate) use acronym::{is_acronym_of, trailing_acronym};
pub(crate) use entry_builder::EntryBuilder;
pub(crate) use field_text::{day, enumerated, labelled, on_one_line, semicolon_parts, slug};
pub(crate) use identifiers::{identifier, split_label};
pub(crate) use parsed_file::{Origin, ParsedFile, SourceEntries};
pub(crate) use repairs::Repairs;
pub(crate) use spellings::Spellings;
pub(crate) use stated_relations::stated_relations;
pub(crate) use tidy::{has_lost_characters, tidy, unquoted};
