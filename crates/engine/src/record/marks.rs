//! A cell as tokens: what separates them, and which cues stand where.

use super::words::{Cue, Within, Words};
use crate::name::Tables;
use std::borrow::Cow;
use text::{Folded, Reading};

/// Tokens that a legal form is looked for in.
const FORM_TOKENS: usize = 5;

/// How strongly two tokens are parted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Parted {
    /// By nothing but blanks, hyphens and the like.
    #[default]
    Not,
    /// By a comma, a dash between blanks, a colon or a wide blank.
    Comma,
    /// By a stroke or a bracket.
    Stroke,
    /// By a line break, a semicolon, a bar, a bullet.
    Line,
}

/// What stands before a token.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Gap {
    pub(super) parted: Parted,
    pub(super) has_stroke: bool,
    pub(super) has_colon: bool,
    /// A bracket opens.
    pub(super) opens: bool,
    /// A bracket closes.
    pub(super) closes: bool,
    /// A `+` directly before the token.
    pub(super) has_plus: bool,
    pub(super) has_at: bool,
    /// Nothing at all stands between.
    pub(super) is_empty: bool,
    /// A full stop stands between.
    pub(super) has_dot: bool,
}

impl Gap {
    /// Keeps what a sign says beside how it parts.
    fn note(&mut self, sign: char) {
        match sign {
            ':' | '：' | '=' => self.has_colon = true,
            '/' | '／' | '\\' | '⁄' => self.has_stroke = true,
            '(' | '[' | '（' | '{' | '【' | '<' => self.opens = true,
            ')' | ']' | '）' | '}' | '】' | '>' => self.closes = true,
            '+' | '＋' => self.has_plus = true,
            '@' => self.has_at = true,
            '.' => self.has_dot = true,
            _ => {}
        }
    }
}

/// A token: a run of letters and digits.
#[derive(Clone, Copy, Debug)]
pub(super) struct Tok {
    /// Bytes of the original text.
    pub(super) start: u32,
    pub(super) end: u32,
    pub(super) gap: Gap,
    pub(super) letters: u16,
    pub(super) digits: u16,
}

impl Tok {
    pub(super) fn is_number(&self) -> bool {
        self.digits > 0 && self.letters <= 2 || self.digits > self.letters
    }
}

/// A cue that stands in the cell, tokens `first..=last`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Mark {
    pub(super) first: usize,
    pub(super) last: usize,
    pub(super) cue: Cue,
}

/// A cell, folded and marked.
#[derive(Debug)]
pub(super) struct Marked<'a> {
    pub(super) text: &'a str,
    pub(super) folded: Cow<'a, Folded>,
    pub(super) toks: Vec<Tok>,
    /// By first token, then longest first.
    marks: Vec<Mark>,
    /// Legal forms, tokens `first..last`, in order, longest first.
    pub(super) forms: Vec<(usize, usize)>,
}

/// The cell with what programs write for a line break replaced by one, byte for byte as long.
pub(super) fn mended(cell: &str) -> Cow<'_, str> {
    if !cell.bytes().any(|b| matches!(b, b'\\' | b'<')) && (cell.is_ascii() || !cell.contains('℅')) {
        return Cow::Borrowed(cell);
    }
    if cell.contains('℅') {
        return Cow::Owned(mended(&spelt_out(cell)).into_owned());
    }
    if !cell.contains("\\n") && !cell.contains("\\r") && !cell.contains("<br") && !cell.contains("\\t") {
        return Cow::Borrowed(cell);
    }
    let mended = cell.replace("\\n", " \n").replace("\\r", " \n").replace("\\t", "  ");
    Cow::Owned(mended.replace("<br>", "   \n").replace("<br/>", "    \n").replace("<br />", "     \n"))
}

/// The cell with the sign for care of spelt out. A letter beside it would make another word of it: there it is what parts
/// two names.
fn spelt_out(cell: &str) -> String {
    let is_word = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '℅');
    let mut spelt = String::with_capacity(cell.len());
    let mut from = 0;
    for (at, sign) in cell.match_indices('℅') {
        let end = at + sign.len();
        let is_glued = is_word(cell[..at].chars().next_back()) || is_word(cell[end..].chars().next());
        spelt.push_str(&cell[from..at]);
        spelt.push_str(if is_glued { " ; " } else { "c/o" });
        from = end;
    }
    spelt.push_str(&cell[from..]);
    spelt
}

impl<'a> Marked<'a> {
    /// `folded` is the folding of the text as written, where it is known.
    pub(super) fn of(text: &'a str, folded: Option<&'a Folded>) -> Self {
        let folded = folded.map_or_else(|| Cow::Owned(Folded::of(text, Reading::Plain)), Cow::Borrowed);
        let toks = tokens(text, &folded);
        let mut marked = Self { text, folded, toks, marks: Vec::new(), forms: Vec::new() };
        marked.find_cues();
        marked.find_forms();
        marked
    }

    pub(super) fn len(&self) -> usize {
        self.toks.len()
    }

    /// The folded letters of a token.
    pub(super) fn word(&self, at: usize) -> &str {
        self.folded.text(self.folded.tokens()[at])
    }

    /// The cues that begin at a token, longest first.
    pub(super) fn cues(&self, at: usize) -> impl Iterator<Item = &Mark> {
        let from = self.marks.partition_point(|mark| mark.first < at);
        self.marks[from..].iter().take_while(move |mark| mark.first == at)
    }

    /// The longest cue that begins at a token and is as asked.
    pub(super) fn cue(&self, at: usize, is_it: impl Fn(Cue) -> bool) -> Option<&Mark> {
        self.cues(at).find(|mark| is_it(mark.cue))
    }

    /// The legal form that begins at a token; the token behind it.
    pub(super) fn form_at(&self, at: usize) -> Option<usize> {
        let from = self.forms.partition_point(|form| form.0 < at);
        self.forms.get(from).filter(|form| form.0 == at).map(|form| form.1)
    }

    /// The original text of tokens `first..=last`.
    pub(super) fn original(&self, first: usize, last: usize) -> &'a str {
        &self.text[self.toks[first].start as usize..self.toks[last].end as usize]
    }

    /// Whether a bracket stands directly before the token.
    pub(super) fn is_behind_bracket(&self, at: usize) -> bool {
        self.toks[at].gap.opens
    }

    fn find_cues(&mut self) {
        let words = Words::get();
        let squeezed = self.folded.squeezed();
        let mut marks = Vec::new();
        for hit in words.automaton.find_overlapping_iter(squeezed) {
            if !self.folded.is_boundary(hit.start()) || !self.folded.is_boundary(hit.end()) {
                continue;
            }
            let (first, last) = (self.folded.token_at(hit.start()), self.folded.token_at(hit.end() - 1));
            let count = last - first + 1;
            for entry in &words.entries[hit.pattern().as_usize()] {
                let is_spaced_so = entry.tokens == 0 || usize::from(entry.tokens) == count;
                let has_stroke = || self.toks[first + 1..=last].iter().any(|tok| tok.gap.has_stroke);
                if is_spaced_so
                    && self.is_together(first, last, entry.has_stroke)
                    && (!entry.has_stroke || has_stroke())
                    && (!entry.has_dots || self.original(first, last).contains('.'))
                    && self.is_within(entry.within, first, last)
                {
                    marks.push(Mark { first, last, cue: entry.cue });
                }
            }
        }
        for (at, tok) in self.toks.iter().enumerate().filter(|(_, tok)| tok.letters > 5 && tok.digits == 0) {
            // A number stands behind it: "Hauptstr. 5".
            let has_number =
                self.toks.get(at + 1).is_some_and(|next| next.digits > 0 && next.gap.parted <= Parted::Comma);
            if has_number && tok.end > tok.start && words.endings.iter().any(|ending| self.word(at).ends_with(ending)) {
                marks.push(Mark { first: at, last: at, cue: Cue::Street });
            }
        }
        marks.sort_by_key(|mark| (mark.first, std::cmp::Reverse(mark.last)));
        self.marks = marks;
    }

    /// Whether no separator parts the tokens of a phrase.
    fn is_together(&self, first: usize, last: usize, has_stroke: bool) -> bool {
        let most = if has_stroke { Parted::Stroke } else { Parted::Not };
        self.toks[first + 1..=last].iter().all(|tok| tok.gap.parted <= most || tok.gap.is_empty)
    }

    fn is_within(&self, within: Within, first: usize, last: usize) -> bool {
        let original = self.original(first, last);
        let is_small = || original.chars().all(|c| !c.is_uppercase());
        let words = |from: usize, to: usize| self.toks[from..to].iter().filter(|tok| tok.letters > 0).count();
        let before_colon = || self.toks.get(last + 1).is_some_and(|tok| tok.gap.has_colon);
        match within {
            Within::Anywhere => true,
            Within::Brackets => self.is_behind_bracket(first),
            Within::Colon => before_colon(),
            Within::Line => (first == 0 || self.toks[first].gap.parted == Parted::Line) && before_colon(),
            Within::Short => {
                let is_capital = original.chars().all(|c| !c.is_lowercase());
                self.is_behind_bracket(first)
                    || is_small()
                    || before_colon()
                    || (is_capital && words(0, first) >= 2 && words(last + 1, self.len()) >= 2)
            }
        }
    }

    fn find_forms(&mut self) {
        let tables = Tables::get();
        let tokens = self.folded.tokens();
        let squeezed = self.folded.squeezed();
        let mut at = 0;
        while at < tokens.len() {
            let start = tokens[at].start as usize;
            if !tables.begins_form(self.folded.text(tokens[at])) {
                at += 1;
                continue;
            }
            let mut found = None;
            for count in 1..=FORM_TOKENS.min(tokens.len() - at) {
                let last = at + count - 1;
                if count > 1 && self.toks[last].gap.parted > Parted::Comma {
                    break;
                }
                let end = tokens[last].end as usize;
                if tables.is_legal_form(&squeezed[start..end]) {
                    found = Some(at + count);
                }
            }
            match found {
                Some(end) => {
                    self.forms.push((at, end));
                    at = end;
                }
                None => at += 1,
            }
        }
    }
}

fn tokens(text: &str, folded: &Folded) -> Vec<Tok> {
    let mut toks: Vec<Tok> = Vec::with_capacity(folded.tokens().len());
    let mut last_end = 0;
    for token in folded.tokens() {
        let (start, end) = folded.original(token.start as usize, token.end as usize);
        // A letter that folds to two tokens has its bytes in both.
        let start = start.max(last_end);
        let end = end.max(start);
        let gap = gap(&text[last_end as usize..start as usize], toks.is_empty());
        let letters = folded.text(*token);
        let (all, digits) = if letters.is_ascii() {
            (letters.len(), letters.bytes().filter(u8::is_ascii_digit).count())
        } else {
            (letters.chars().count(), letters.chars().filter(|c| c.is_numeric()).count())
        };
        let (all, digits) = (all as u16, digits as u16);
        toks.push(Tok { start, end, gap, letters: all - digits, digits });
        last_end = end;
    }
    toks
}

fn gap(between: &str, is_first: bool) -> Gap {
    let mut gap = Gap { is_empty: between.is_empty(), ..Gap::default() };
    let (mut blanks, mut widest, mut all_blanks) = (0, 0, 0);
    let (mut has_dash, mut has_tab) = (false, false);
    for c in between.chars() {
        gap.note(c);
        gap.parted = gap.parted.max(parting(c));
        has_dash |= matches!(c, '-' | '–' | '—');
        has_tab |= c == '\t';
        if !c.is_whitespace() {
            blanks = 0;
        } else if c != '\t' && parting(c) == Parted::Not {
            blanks += 1;
            all_blanks += 1;
            widest = widest.max(blanks);
        }
    }
    let is_wide_dash = has_dash && all_blanks >= 1 && between.chars().count() >= 3;
    if !is_first && (has_tab || widest >= 2 || is_wide_dash) {
        gap.parted = gap.parted.max(Parted::Comma);
    }
    gap
}

/// How strongly a sign parts what stands beside it.
fn parting(sign: char) -> Parted {
    match sign {
        '\n' | '\r' | ';' | '|' | '•' | '●' | '▪' | '·' | '；' | '｜' | '\u{2028}' | '\u{85}' | '\u{b}' => {
            Parted::Line
        }
        ',' | '،' | '，' | '、' | ':' | '：' | '=' => Parted::Comma,
        '/' | '／' | '\\' | '⁄' | '(' | '[' | '（' | '{' | '【' | '<' | ')' | ']' | '）' | '}' | '】' | '>' => {
            Parted::Stroke
        }
        _ => Parted::Not,
    }
}
