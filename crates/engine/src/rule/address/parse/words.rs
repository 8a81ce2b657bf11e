//! The words of `lists/addresses.toml`, by what they say of the number or name beside them.

use rustc_hash::FxHashMap;
use serde::Deserialize;
use std::sync::OnceLock;

const TEXT: &str = include_str!("../../../../../../lists/addresses.toml");

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    unit: Vec<String>,
    floor: Vec<String>,
    number: Vec<String>,
    block: Vec<String>,
    street: Vec<String>,
    street_behind: Vec<String>,
    square: Vec<String>,
    embankment: Vec<String>,
    direction: Vec<String>,
    ordinal: Vec<String>,
    generic: Vec<String>,
}

/// Kinds of streets that nobody takes for one another, however an address is translated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::rule::address) enum Street {
    /// Streets, roads, avenues, lanes: translators mix them.
    Way,
    Square,
    Embankment,
}

model::binary_choice!(Street { Way, Square, Embankment });

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Unit,
    Floor,
    Number,
    Block,
    /// With whether the name always stands before it, as in `Nathan Road`.
    Street(Street, bool),
    Direction,
    /// `first` is 1.
    Ordinal(u32),
    Generic,
}

pub(super) fn kinds() -> &'static FxHashMap<String, Kind> {
    static KINDS: OnceLock<FxHashMap<String, Kind>> = OnceLock::new();
    KINDS.get_or_init(|| {
        let file: File = toml::from_str(TEXT).expect("the words that ship are read by a test");
        let mut kinds = FxHashMap::default();
        let ordinals: Vec<(String, Kind)> =
            file.ordinal.into_iter().zip(1..).map(|(word, number)| (word, Kind::Ordinal(number))).collect();
        // A word of several kinds counts as the one that says most.
        for (words, kind) in [
            (file.generic, Kind::Generic),
            (file.direction, Kind::Direction),
            (file.street, Kind::Street(Street::Way, false)),
            (file.street_behind, Kind::Street(Street::Way, true)),
            (file.square, Kind::Street(Street::Square, false)),
            (file.embankment, Kind::Street(Street::Embankment, false)),
            (file.block, Kind::Block),
            (file.number, Kind::Number),
            (file.floor, Kind::Floor),
            (file.unit, Kind::Unit),
        ] {
            kinds.extend(words.into_iter().map(|w| (w, kind)));
        }
        kinds.extend(ordinals);
        kinds
    })
}
