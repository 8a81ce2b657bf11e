//! Parsing a name: what its words are, and what they weigh.

mod number;

use super::korean::is_family;
use super::model::{People, words as weight};
use super::syllables::syllable_count;
use super::tables::{Form, FormPlace, MAX_FORM_TOKENS, Tables, WordKinds};
use super::word::{Class, Part, Rarity, Traits, Word};
use number::{compound_number, number};
use text::FoldedText;

/// Parses a folded text into words, appended to `out`. In the name of a person every word that could be a trade word, a
/// place or an everyday word is a name (`Jordan`, `Chad`, `General`), and a comma separates the family name from the
/// given ones.
pub fn parse(text: FoldedText<'_>, is_person: bool, rarity: &impl Rarity, out: &mut Vec<Word>) {
    let tables = Tables::get();
    let first = out.len();
    let name = Name { text, is_person, tables };
    let mut at = 0;
    while at < text.tokens().len() {
        let (word, length) = name.word(at, rarity);
        out.push(word);
        at += length;
    }
    let words = &mut out[first..];
    if is_person {
        weigh_ancestors(text.squeezed(), words);
        if words.iter().any(|word| is_family(name.letters(word))) {
            words.iter_mut().for_each(|word| word.traits.is_korean = true);
        }
    } else if (2..=4).contains(&words.len()) && words.iter().all(|word| is_syllable(name.letters(word))) {
        // A name of nothing but syllables is a Chinese or Korean person, whatever the list says or does not say.
        words.iter_mut().for_each(|word| word.traits.is_syllable = true);
    }
}

/// A name under way.
struct Name<'a> {
    text: FoldedText<'a>,
    is_person: bool,
    tables: &'a Tables,
}

impl Name<'_> {
    fn letters(&self, word: &Word) -> &str {
        &self.text.squeezed()[word.start as usize..word.end as usize]
    }

    /// The word that starts at a token, and how many tokens it has.
    fn word(&self, at: usize, rarity: &impl Rarity) -> (Word, usize) {
        if !self.is_person
            && let Some((length, form)) = legal_form(self.text, at, self.tables)
        {
            return (self.tokens(at, length, Class::LegalForm(form.class), 0), length);
        }
        if let Some(value) = compound_number(self.text, at, self.tables) {
            return (self.tokens(at, 2, Class::Number(value), weight::NUMBER), 2);
        }
        let letters = self.text.text(self.text.tokens()[at]);
        let kinds = self.tables.kinds(letters);
        let (class, weight) = classify(letters, at, self.is_person, kinds, self.tables, rarity);
        let mut word = self.tokens(at, 1, class, weight);
        word.traits.is_given_name = kinds.has(WordKinds::GIVEN);
        word.traits.is_translated = !self.is_person && kinds.has(WordKinds::TRANSLATED);
        word.traits.lacks_vowels = self.text.lacks_vowels();
        if self.is_person {
            word.traits.is_syllable = is_syllable(letters);
            word.traits.is_kunya = is_kunya(letters);
            word.traits.part = self.part(at);
            weigh_fathers(letters, at, self.text.tokens().len(), &mut word);
        }
        (word, 1)
    }

    /// The word of `length` tokens from `at` on.
    fn tokens(&self, at: usize, length: usize, class: Class, weight: u16) -> Word {
        let tokens = self.text.tokens();
        let (start, end) = (tokens[at].start, tokens[at + length - 1].end);
        Word { start, end, class, weight, traits: Traits::of(&self.text.squeezed()[start as usize..end as usize]) }
    }

    /// Which part of a person's name a token is, by the comma.
    fn part(&self, at: usize) -> Part {
        match self.text.tokens_before_comma() {
            Some(count) if at < count => Part::Family,
            Some(_) => Part::Given,
            None => Part::Unknown,
        }
    }
}

fn is_syllable(text: &str) -> bool {
    text.len() <= 6 && syllable_count(text) == Some(1)
}

/// Lowers the weight of a father's name in the East Slavic way between others, `Ivanovich`: it is left out more often
/// than written.
fn weigh_fathers(text: &str, at: usize, count: usize, word: &mut Word) {
    const ENDINGS: [&str; 19] = [
        "ovich",
        "evich",
        "ovych",
        "evych",
        "ovna",
        "evna",
        "ivna",
        "yevich",
        "yevna",
        "ovic",
        "evic",
        "avich",
        "avna",
        "ович",
        "евич",
        "овна",
        "евна",
        "івна",
        "йович",
    ];
    let is_inside = at > 0 && (at + 1 < count || word.traits.part == Part::Given);
    if is_inside
        && word.class == Class::Distinctive
        && ENDINGS.iter().any(|e| text.len() > e.len() + 2 && text.ends_with(e))
    {
        word.traits.part = Part::Patronymic;
        word.weight = word.weight.min(weight::MOST_PATRONYMIC);
    }
}

/// Lowers the weight of ancestors: in `Usama bin Muhammad bin Awad bin Laden` those between the first and the last are
/// often left out.
fn weigh_ancestors(squeezed: &str, words: &mut [Word]) {
    let joins =
        |word: &Word| matches!(&squeezed[word.start as usize..word.end as usize], "bin" | "ben" | "ibn" | "bint");
    if words.iter().filter(|w| joins(w)).count() < 2 {
        return;
    }
    let last = words.iter().rposition(joins).unwrap_or(0);
    for at in 1..last {
        if joins(&words[at - 1]) {
            words[at].weight /= 2;
        }
    }
}

/// The longest legal form that starts at this token, and how many tokens it has.
fn legal_form(text: FoldedText<'_>, at: usize, tables: &Tables) -> Option<(usize, Form)> {
    let (squeezed, tokens) = (text.squeezed(), text.tokens());
    let word = text.text(tokens[at]);
    let most = MAX_FORM_TOKENS.min(tokens.len() - at);
    let allowed = |form: &Form, length: usize| {
        let (is_first, is_last) = (at == 0, at + length == tokens.len());
        match form.place {
            _ if is_first && is_last => false,
            FormPlace::Anywhere => true,
            FormPlace::Edge => is_first || is_last,
            FormPlace::End => !is_first && is_last,
        }
    };
    if tables.begins_form(word) {
        for length in (1..=most).rev() {
            let letters = &squeezed[tokens[at].start as usize..tokens[at + length - 1].end as usize];
            if letters.len() <= 80
                && let Some(form) = tables.form(letters).filter(|form| allowed(form, length))
            {
                return Some((length, form));
            }
        }
    }
    tables.misspelt_form(word).filter(|form| allowed(form, 1)).map(|form| (1, form))
}

/// What a single token is, and its weight, 0..=1000.
fn classify(
    text: &str,
    at: usize,
    is_person: bool,
    kinds: WordKinds,
    tables: &Tables,
    rarity: &impl Rarity,
) -> (Class, u16) {
    if let Some(value) = number(text, at, tables) {
        return (Class::Number(value), weight::NUMBER);
    }
    if (at == 0 && kinds.has(WordKinds::VESSEL_PREFIX))
        || kinds.has(WordKinds::TITLE)
        || (at == 0 && kinds.has(WordKinds::TITLE_BEFORE))
    {
        return (Class::Title, weight::TITLE);
    }
    if kinds.has(WordKinds::PARTICLE) {
        // `abdul` and `abu` begin a name and are part of it; `of` and `al` only join.
        return match text {
            _ if is_person && is_kunya(text) => (Class::Particle, weight::KUNYA),
            _ if is_person && (text.len() >= 4 || text == "abd") => (Class::Distinctive, weight::JOINED),
            _ => (Class::Particle, weight::JOINING),
        };
    }
    if text.len() == 1 {
        // `Bonyad-e Taavon`, `Filho e Irmaos`, `Perez y Hijos`: in the name of a company these join words.
        if !is_person && at > 0 && matches!(text, "e" | "y") {
            return (Class::Particle, weight::JOINING);
        }
        return (Class::Initial, weight::INITIAL);
    }
    let rare = rarity.rarity(text);
    if is_person {
        let is_listed_as_usual = kinds.has(WordKinds::GIVEN) || kinds.has(WordKinds::SURNAME);
        return (Class::Distinctive, weight::of_person(rare, People::get().rarity(text), is_listed_as_usual));
    }
    if kinds.has(WordKinds::GENERIC) {
        return (Class::Generic, weight::generic(rare));
    }
    if kinds.has(WordKinds::PLACE) {
        return (Class::Place, weight::place(rare));
    }
    if kinds.has(WordKinds::EVERYDAY) {
        return (Class::Everyday, weight::everyday(rare));
    }
    (Class::Distinctive, weight::distinctive(rare))
}

/// `Abu Omar`, `Umm Kulthum`: the name of a parent by the child.
fn is_kunya(text: &str) -> bool {
    matches!(text, "abu" | "abou" | "umm" | "um" | "oum")
}
