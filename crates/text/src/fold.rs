//! Folding one field, with the way back to the original bytes.

use super::disguise::{self, Undisguised};
use super::reading::Reading;
use super::romanise::{self, Place};
use super::table::{Folding, Table, Traits};
use super::token::{FoldedText, Token};

/// A field folded for comparison. Reused from field to field; [`Folded::fold`] replaces what it held.
#[derive(Debug, Default, Clone)]
pub struct Folded {
    squeezed: String,
    /// For each squeezed byte, where the original character it came from starts.
    starts: Vec<u32>,
    /// For each squeezed byte, where that character ends; empty for ASCII text, where it is the next byte.
    ends: Vec<u32>,
    /// For each squeezed byte, the number of its token.
    token_of: Vec<u32>,
    tokens: Vec<Token>,
    has_look_alikes: bool,
    is_foreign: bool,
    lacks_vowels: bool,
    /// Tokens before the first comma; 0 without one.
    before_comma: u32,
}

const BLANK: u8 = 0;
const DROP: u8 = 1;
const DOT: u8 = 2;

/// For each ASCII byte its folded letter or digit, or one of the classes above.
static ASCII: [u8; 128] = {
    let mut table = [BLANK; 128];
    let mut b = 0;
    while b < 128 {
        let c = b as u8;
        table[b] = if c.is_ascii_alphanumeric() {
            c.to_ascii_lowercase()
        } else if c == b'\'' || c == b'`' {
            DROP
        } else if c == b'.' {
            DOT
        } else {
            BLANK
        };
        b += 1;
    }
    table
};

impl Folded {
    /// Folds `text`. Fields are bounded far below 4 GiB by the record limits.
    pub fn of(text: &str, reading: Reading) -> Self {
        let mut folded = Self::default();
        folded.fold(text, reading);
        folded
    }

    /// Makes this the folding of an empty text.
    pub fn clear(&mut self) {
        self.fold("", Reading::Plain);
    }

    /// Folds `text` into this buffer.
    pub fn fold(&mut self, text: &str, reading: Reading) {
        if reading != Reading::Undisguised {
            self.fold_as_it_is(text, reading);
            return;
        }
        match disguise::undone(text) {
            Some(undone) => {
                self.fold_as_it_is(&undone.text, reading);
                self.lead_back(&undone);
            }
            // Nothing that the text as written does not say.
            None => self.fold_as_it_is("", reading),
        }
    }

    /// Makes the places in a text with its disguises taken back those of the original.
    fn lead_back(&mut self, undone: &Undisguised) {
        let last_byte = |at: usize| self.ends.get(at).map_or(self.starts[at], |end| end - 1) as usize;
        let ends: Vec<u32> = (0..self.starts.len()).map(|at| undone.ends[last_byte(at)]).collect();
        // Of letters that changed places, each stands for all of them: an end never lies before one that came earlier.
        self.ends = ends;
        self.starts.iter_mut().for_each(|start| *start = undone.starts[*start as usize]);
    }

    fn fold_as_it_is(&mut self, text: &str, reading: Reading) {
        self.squeezed.clear();
        self.starts.clear();
        self.ends.clear();
        self.token_of.clear();
        self.tokens.clear();
        self.before_comma = 0;
        let mut writer = Writer {
            out: self,
            has_ends: false,
            open: false,
            dotted: false,
            traits: Traits::default(),
            field: FieldTraits::default(),
            place: Place::default(),
        };
        writer.run(text, Table::of(reading), reading == Reading::Romanised);
        let field = writer.field;
        self.lacks_vowels = field.lacks_vowels;
        self.has_look_alikes = field.mixed || (field.latin && field.all_look_alike);
        self.is_foreign = field.foreign;
    }

    /// The folded letters and digits, blanks squeezed out.
    pub fn squeezed(&self) -> &str {
        &self.squeezed
    }

    /// The tokens, in order, without gaps.
    pub fn tokens(&self) -> &[Token] {
        &self.tokens
    }

    /// The letters of a token.
    pub fn text(&self, token: Token) -> &str {
        &self.squeezed[token.start as usize..token.end as usize]
    }

    /// The number of the token that the squeezed byte belongs to.
    pub fn token_at(&self, byte: usize) -> usize {
        self.token_of[byte] as usize
    }

    /// Whether a token starts at this squeezed position, or the text ends there.
    pub fn is_boundary(&self, byte: usize) -> bool {
        byte == 0 || byte >= self.token_of.len() || self.token_of[byte - 1] != self.token_of[byte]
    }

    /// The range of the original text that the squeezed range came from; not empty.
    pub fn original(&self, start: usize, end: usize) -> (u32, u32) {
        let last = end - 1;
        (self.starts[start], self.ends.get(last).copied().unwrap_or_else(|| self.starts[last] + 1))
    }

    /// The letters and tokens alone.
    pub fn as_text(&self) -> FoldedText<'_> {
        FoldedText::new(&self.squeezed, &self.tokens, self.before_comma, self.lacks_vowels)
    }

    /// How many tokens stand before the first comma, when others stand behind it: `KIM, Jong Un`.
    pub fn tokens_before_comma(&self) -> Option<usize> {
        self.as_text().tokens_before_comma()
    }

    /// Whether a token mixes Latin letters with look-alikes of another script, or stands wholly in look-alikes
    /// beside Latin ones: then [`Reading::LookAlike`] is worth a try.
    pub fn has_look_alikes(&self) -> bool {
        self.has_look_alikes
    }

    /// Whether letters were romanised from a script that leaves short vowels out.
    pub fn lacks_vowels(&self) -> bool {
        self.lacks_vowels
    }

    /// Whether any letter is of another script than Latin: then [`Reading::Romanised`] is worth a try.
    pub fn is_foreign(&self) -> bool {
        self.is_foreign
    }
}

#[derive(Default, Clone, Copy)]
struct FieldTraits {
    latin: bool,
    foreign: bool,
    mixed: bool,
    all_look_alike: bool,
    lacks_vowels: bool,
}

struct Writer<'a> {
    out: &'a mut Folded,
    /// The text is not all ASCII: ends are kept.
    has_ends: bool,
    /// A token is being written.
    open: bool,
    /// The running token is letters joined by dots, as in `D.J.I.`
    dotted: bool,
    traits: Traits,
    field: FieldTraits,
    /// Where in its word the next letter of another script stands.
    place: Place,
}

impl Writer<'_> {
    fn run(&mut self, text: &str, table: &Table, romanises: bool) {
        let bytes = text.as_bytes();
        self.reserve(text);
        let mut at = 0;
        while at < bytes.len() {
            if bytes[at] < 0x80 {
                at = self.ascii(text, at);
                continue;
            }
            let Some(c) = text[at..].chars().next() else { break };
            let end = at + c.len_utf8();
            self.other(c, table.fold(c), &text[end..], (at as u32, end as u32), romanises);
            at = end;
        }
        self.close();
    }

    fn reserve(&mut self, text: &str) {
        self.out.squeezed.reserve(text.len());
        self.out.starts.reserve(text.len());
        self.out.token_of.reserve(text.len());
        if !text.is_ascii() {
            self.out.ends.reserve(text.len());
            self.has_ends = true;
        }
    }

    /// Folds the ASCII character at `at`, or the whole run of letters and digits from there; returns where it ends.
    fn ascii(&mut self, text: &str, at: usize) -> usize {
        let bytes = text.as_bytes();
        match ASCII[usize::from(bytes[at])] {
            BLANK => {
                self.close();
                if bytes[at] == b',' && self.out.before_comma == 0 {
                    self.out.before_comma = self.out.tokens.len() as u32;
                }
            }
            DROP => {}
            DOT => {
                if !self.joins_at_dot(bytes, at) {
                    self.close();
                }
            }
            _ => return self.push_run(text, at),
        }
        at + 1
    }

    /// Folds any other character, which stands at `place` before `rest`.
    fn other(&mut self, c: char, folding: Folding<'_>, rest: &str, place: (u32, u32), romanises: bool) {
        let (start, end) = place;
        match folding {
            // A letter that by itself has no Latin one, as alif, still belongs to its word.
            Folding::Blank if romanises && c.is_alphabetic() => {
                self.traits.add(Traits::FOREIGN);
                self.romanise(c, "", rest, place);
            }
            Folding::Blank => self.close(),
            Folding::Drop => {}
            Folding::Mark => self.mark(c, end),
            Folding::Letters { text, traits } => {
                self.traits.add(traits);
                if romanises && romanise::is_hangul_syllable(c) {
                    // Latin letters write a Korean name syllable by syllable.
                    self.close();
                    self.push(text, start, end);
                    self.close();
                } else if romanises {
                    self.romanise(c, text, rest, place);
                } else {
                    self.push(text, start, end);
                }
            }
            Folding::Ideograph { text, traits } => {
                self.close();
                self.traits.add(traits);
                self.push(text, start, end);
                self.close();
            }
        }
    }

    /// Writes a letter of another script as its place in the word has it; `alone` is how it is written by itself.
    fn romanise(&mut self, c: char, alone: &str, rest: &str, (start, end): (u32, u32)) {
        let mut next = rest.chars().filter(|c| !romanise::is_silent_mark(*c)).take_while(|c| c.is_alphabetic());
        (self.place.after, self.place.second) = (next.next(), next.next());
        let letters = romanise::in_context(c, self.place).unwrap_or(alone);
        self.field.lacks_vowels |= romanise::lacks_vowels(c);
        if !letters.is_empty() {
            self.push(letters, start, end);
        } else if self.open {
            // It goes with the letters before it.
            self.stretch(end);
        }
        if romanise::ends_article(c, self.place, rest) {
            self.close();
        }
        self.place.before = Some(c);
        self.place.nth += 1;
    }

    /// The last letters written come from an original that goes on to `end`.
    fn stretch(&mut self, end: u32) {
        let start = self.out.starts[self.out.starts.len() - 1];
        let of_letter = self.out.starts.iter().rev().take_while(|s| **s == start).count();
        let first = self.out.ends.len() - of_letter;
        self.out.ends[first..].fill(end);
    }

    /// A dot joins single letters (`D.J.I.`) and ends every other token.
    fn joins_at_dot(&mut self, bytes: &[u8], at: usize) -> bool {
        let Some(token) = self.out.tokens.last().filter(|_| self.open) else { return false };
        let single = self.out.squeezed.len() - token.start as usize == 1;
        let next_is_single = bytes.get(at + 1).is_some_and(u8::is_ascii_alphabetic)
            && bytes.get(at + 2).is_none_or(|b| !b.is_ascii_alphanumeric() && *b < 0x80);
        let joins = (single || self.dotted) && next_is_single;
        self.dotted = joins;
        joins
    }

    /// Writes the run of ASCII letters and digits from `at` on; returns where it ends.
    fn push_run(&mut self, text: &str, at: usize) -> usize {
        let bytes = text.as_bytes();
        let is_letter = |b: &u8| *b < 0x80 && ASCII[usize::from(*b)] > DOT;
        let length = bytes[at..].iter().take_while(|b| is_letter(b)).count();
        let run = &bytes[at..at + length];
        if run.iter().any(u8::is_ascii_alphabetic) {
            self.traits.add(Traits::LATIN);
        }
        self.begin();
        let token = self.out.tokens.len() as u32 - 1;
        let end = at + length;
        let written = self.out.squeezed.len();
        self.out.squeezed.push_str(&text[at..end]);
        self.out.squeezed[written..].make_ascii_lowercase();
        self.out.starts.extend(at as u32..end as u32);
        self.out.token_of.extend(std::iter::repeat_n(token, length));
        if self.has_ends {
            self.out.ends.extend(at as u32 + 1..=end as u32);
        }
        end
    }

    fn push(&mut self, letters: &str, start: u32, end: u32) {
        self.begin();
        let token = self.out.tokens.len() as u32 - 1;
        self.out.squeezed.push_str(letters);
        for _ in 0..letters.len() {
            self.out.starts.push(start);
            self.out.ends.push(end);
            self.out.token_of.push(token);
        }
    }

    fn begin(&mut self) {
        if !self.open {
            self.open = true;
            let start = self.out.squeezed.len() as u32;
            self.out.tokens.push(Token { start, end: start });
        }
    }

    fn close(&mut self) {
        self.place = Place::default();
        if !self.open {
            return;
        }
        self.open = false;
        self.dotted = false;
        if let Some(token) = self.out.tokens.last_mut() {
            token.end = self.out.squeezed.len() as u32;
        }
        let traits = std::mem::take(&mut self.traits);
        let (latin, foreign, look_alike) =
            (traits.has(Traits::LATIN), traits.has(Traits::FOREIGN), traits.has(Traits::LOOK_ALIKE));
        self.field.latin |= latin;
        self.field.foreign |= foreign || look_alike;
        self.field.mixed |= latin && look_alike;
        self.field.all_look_alike |= look_alike && !foreign;
    }

    /// A combining mark goes with the letter before it: dropped after Latin and Greek, composed where Unicode
    /// has the composed letter (`и` and breve are `й`), dropped otherwise.
    fn mark(&mut self, mark: char, end: u32) {
        if !self.open {
            return;
        }
        let Some(base) = self.out.squeezed.chars().next_back() else { return };
        self.stretch(end);
        let keeps = !base.is_ascii() && !('\u{370}'..='\u{3ff}').contains(&base);
        let composed = icu_normalizer::properties::CanonicalComposition::new().compose(base, mark);
        if keeps
            && let Some(composed) = composed
            && composed.len_utf8() == base.len_utf8()
        {
            let at = self.out.squeezed.len() - base.len_utf8();
            self.out.squeezed.truncate(at);
            self.out.squeezed.push(composed);
        }
    }
}

#[cfg(test)]
mod tests;
