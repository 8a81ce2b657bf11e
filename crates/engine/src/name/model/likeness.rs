//! How alike two words are, in thousandths of equal letters.

/// Letter for letter.
pub(crate) const SAME: u16 = 1000;
/// From this on a pair counts as equal: words split or joined, and nothing else, lie between.
pub(crate) const EQUAL: u16 = 990;
/// Words with the same letters, split or joined.
pub(crate) const RESPACED: u16 = 990;
/// The word in another language.
pub(crate) const TRANSLATION: u16 = 940;
/// A trade word, shortened.
pub(crate) const SHORT_FORM: u16 = 930;
/// Forms of one given name.
pub(crate) const NICKNAME: u16 = 920;
/// The same syllables in another romanisation.
pub(crate) const SAME_SYLLABLES: u16 = 900;
/// A name as another language spells it, and the sounds of its usual romanisation, at most.
pub(crate) const NATIONAL: u16 = 900;
/// From this on a typo explains a difference without a look at sounds.
pub(crate) const SURE_TYPO: u16 = 900;
/// An acronym and what it stands for.
pub(crate) const ACRONYM: u16 = 870;
/// A long word made of the beginnings of several.
pub(crate) const BLEND: u16 = 800;
/// An initial and a word that begins with it.
pub(crate) const INITIAL: u16 = 600;
/// From this on a pair of words agrees, where another is hardly alike.
pub(crate) const AGREES: u16 = 850;
/// From this on the only words left over are one word, changed by more than a typo.
pub(crate) const DISTANT: u16 = 600;
/// Below this, two words are not alike at all.
pub(crate) const LEAST: u16 = 500;

/// Words that romanisations write for one another, at most: sounds are not letters.
const MOST_BY_SOUND: u16 = 930;
/// The same where one of the words leaves its vowels out.
pub(crate) const MOST_WITHOUT_VOWELS: u16 = 880;

/// Letters of a word from which another letter is a typo rather than another word.
pub(crate) const LEAST_MISSPELT: usize = 5;

/// An edit, in thousandths.
pub(crate) const EDIT: usize = 1000;
/// Letters that writers and scanners confuse: a third of an edit, all of them together.
pub(crate) const CONFUSED: usize = 340;

/// How one typo differs from another.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct TypoMarks {
    /// Both words are one syllable of Chinese or Korean.
    pub(crate) is_syllabic: bool,
    /// Two neighbouring letters changed places.
    pub(crate) is_transposed: bool,
    /// The first letters differ.
    pub(crate) starts_otherwise: bool,
}

/// How alike words are that so many thousandths of an edit turn into one another; `shortest` and `longest` are their
/// letters. `None` where the words are two.
pub(crate) fn of_typo(edits: usize, (shortest, longest): (usize, usize), marks: TypoMarks) -> Option<u16> {
    let mut cost = edits / longest;
    if marks.is_syllabic {
        // One letter is all that distinguishes two syllables.
        cost *= 2;
    } else if marks.is_transposed {
        // A transposition leaves the letters as they were.
        cost = cost * 2 / 3;
    }
    if shortest <= 4 {
        // In three or four letters an edit is half a name, and another first letter is another name.
        if marks.starts_otherwise {
            return None;
        }
        cost += cost / 4;
    }
    if marks.starts_otherwise {
        cost += 60;
    }
    Some(SAME - cost.min(usize::from(EQUAL)) as u16)
}

/// How alike words are of which one is the beginning of the other, by the letters it lacks.
pub(crate) fn of_beginning(missing: u16) -> u16 {
    if missing <= 3 { 750 } else { 700 }
}

/// How alike words are that differ by more than a typo: `distance` edits in `longest` letters. `None` where they are not
/// alike.
pub(crate) fn of_distant(distance: u16, longest: u16) -> Option<u16> {
    let alike = SAME - distance * SAME / longest;
    let most = if distance > 2 { 590 } else { 780 };
    (alike >= LEAST).then_some(alike.min(most))
}

/// What is left of the likeness of words split or joined and spelt otherwise.
pub(crate) fn joined(alike: u16) -> u16 {
    alike - alike / 30
}

/// What is left of the likeness of two words that many carry: a typo makes a word that nobody has for a name.
pub(crate) fn of_two_names(alike: u16) -> u16 {
    alike.saturating_sub((SAME - alike) / 2).max(1)
}

/// How alike words are by their sounds: `cost` hundredths of an edit in `longest` sounds. An edit weighs half as much
/// again, because what is cheap in each place adds up in all of them together.
pub(crate) fn of_sounds(cost: u16, longest: u16) -> u16 {
    (SAME - cost * 15 / longest).min(MOST_BY_SOUND)
}

/// What the differences may cost, in hundredths of an edit, in words of so many sounds.
pub(crate) fn sounds_budget(longest: u16) -> u16 {
    let worst: u16 = if longest <= 4 { 150 } else { 180 };
    worst * longest / 15
}
