//! What a word of a name weighs, in thousandths of a word that no other listed name has.

/// A number: it tells units, funds and plants of one company apart.
pub(crate) const NUMBER: u16 = 450;
/// A single letter.
pub(crate) const INITIAL: u16 = 250;
/// Titles and what stands before the names of ships.
pub(crate) const TITLE: u16 = 30;
/// `of`, `al`: joins, and says nothing.
pub(crate) const JOINING: u16 = 60;
/// `Abu`, `Umm`: the beginning of a name that a child's name ends.
pub(crate) const KUNYA: u16 = 200;
/// `abdul`: joins, and is part of the name.
pub(crate) const JOINED: u16 = 300;
/// A father's name weighs at most this: it is left out as often as written.
pub(crate) const MOST_PATRONYMIC: u16 = 300;

/// Up to this weight a word says nothing: left over, it costs nothing, and it may stand beside a whole name.
pub(crate) const LIGHT: u16 = 60;
/// From this weight on a word tells something of the name.
pub(crate) const HEAVY: u16 = 150;
/// Words below are carried by others too.
pub(crate) const OF_ONE_NAME: u16 = 1000;
/// From this weight on a word is rare among the listed names.
pub(crate) const RARE: u16 = 800;

/// The weight of a distinctive word, by how rare it is among the listed names.
pub(crate) fn distinctive(rarity: u16) -> u16 {
    rarity.clamp(200, OF_ONE_NAME)
}

/// The weight of a person's name that hand lists have, at most: given names, which each language writes its own way, and
/// names that the counts do not have and that many people bear all the same.
const LISTED_AS_USUAL: u16 = 600;
/// The weight of the most usual names, as rare as this, and how rare the least usual ones are that the counts have, in
/// tenths of a bit. Those between weigh the more the rarer they are.
const MOST_USUAL: (u16, i32) = (600, 20);
const LEAST_USUAL: i32 = 113;

/// The weight of a person's name: the more people bear it, the less it says. `usual` is how rare it is where it is most
/// usual, in tenths of a bit, if the counts have it.
pub(crate) fn of_person(rarity: u16, usual: Option<i32>, is_listed_as_usual: bool) -> u16 {
    let most = match usual {
        _ if is_listed_as_usual => LISTED_AS_USUAL,
        Some(tenths) => {
            let (least, from) = MOST_USUAL;
            let share = (tenths - from).clamp(0, LEAST_USUAL - from);
            least + (i32::from(OF_ONE_NAME - least) * share / (LEAST_USUAL - from)) as u16
        }
        None => OF_ONE_NAME,
    };
    rarity.clamp(200, most)
}

/// The weight of a trade word.
pub(crate) fn generic(rarity: u16) -> u16 {
    (rarity / 4).clamp(60, 200)
}

/// The weight of a place: companies of one place share it.
pub(crate) fn place(rarity: u16) -> u16 {
    (rarity / 3).clamp(120, 330)
}

/// The weight of an everyday word: it names companies, and other things too.
pub(crate) fn everyday(rarity: u16) -> u16 {
    (rarity * 2 / 3).clamp(150, 600)
}
