//! The cell that describes a party: `NAME, a.k.a., the following two aliases:`, the aliases behind dashes, and the
//! addresses; or `NAME, ADDRESS`. Neither the name nor the last alias is marked off from the address: a name ends at the
//! first comma that no legal form or part of an organisation follows. Of the 3,409 rows of July 2026, put together again to
//! such cells, one name is cut too early.

use crate::build::on_one_line;
use crate::input::LINE_END;

/// One party of a cell.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Listed {
    pub(super) name: String,
    pub(super) aliases: Vec<String>,
    pub(super) addresses: Vec<String>,
    /// Texts that point to other rows.
    pub(super) notes: Vec<String>,
    /// A name of a company stands in the address; it may be another party that could not be taken apart.
    pub(super) has_company_in_address: bool,
}

/// Legal forms and what stands like them behind a comma, without points.
const FORMS: &[&str] = &[
    "ab",
    "ag",
    "as",
    "bhd",
    "bv",
    "cjsc",
    "co",
    "company",
    "corp",
    "corporation",
    "dmcc",
    "doo",
    "ec",
    "eood",
    "est",
    "fzc",
    "fzco",
    "fze",
    "fzllc",
    "gmbh",
    "hk",
    "inc",
    "incorporated",
    "jr",
    "jsc",
    "kg",
    "lc",
    "limited",
    "llc",
    "llp",
    "lp",
    "ltd",
    "ltda",
    "na",
    "nv",
    "oao",
    "ojsc",
    "ood",
    "ooo",
    "ou",
    "oy",
    "pjs",
    "pjsc",
    "plc",
    "psc",
    "pte",
    "pty",
    "pvt",
    "sa",
    "sal",
    "san",
    "sarl",
    "sdn",
    "sia",
    "sl",
    "spa",
    "sr",
    "srl",
    "sro",
    "sti",
    "tbk",
    "tic",
    "uab",
    "wll",
    "zao",
    "zoo",
];

/// Words of a part of an organisation, which may follow its name behind a comma.
const PARTS: &[&str] = &["institute", "institution", "joint", "npo", "plant"];

/// Words of an organisation that may have such parts.
const WHOLES: &[&str] = &[
    "academy",
    "association",
    "bureau",
    "center",
    "centre",
    "company",
    "concern",
    "corporation",
    "enterprise",
    "group",
    "institute",
    "plant",
    "university",
];

/// The text without the marks of line ends.
pub(super) fn plain(text: &str) -> String {
    text.replace(LINE_END, " ")
}

/// The parties of a cell, the one that the row is about first; never empty.
pub(super) fn read(text: &str) -> Vec<Listed> {
    let mut parties: Vec<Listed> = Vec::new();
    let mut address: Vec<String> = Vec::new();
    let lines = lines(text);
    for (index, line) in lines.iter().enumerate() {
        if let Some(member) = line.strip_prefix('\u{2014}') {
            let is_last = lines.get(index + 1).is_none();
            let (alias, rest) = if is_last { end_of_alias(member) } else { (member, "") };
            if let Some(party) = parties.last_mut() {
                party.aliases.push(alias_text(alias));
            }
            address.extend(Some(rest.to_owned()).filter(|r| !r.is_empty()));
            continue;
        }
        let is_next_party = parties.is_empty() || (!address.is_empty() && begins_a_party(line));
        if !is_next_party {
            address.push(line.clone());
            continue;
        }
        if let Some(party) = parties.last_mut() {
            party.take_addresses(&std::mem::take(&mut address).join(" "));
        }
        let (party, rest) = head(line);
        parties.push(party);
        address.extend(Some(rest).filter(|r| !r.is_empty()));
    }
    match parties.last_mut() {
        Some(party) => party.take_addresses(&address.join(" ")),
        None => parties.push(Listed { name: on_one_line(&plain(text)), ..Listed::default() }),
    }
    parties
}

/// The lines of a cell: those of the publisher, and each alias behind its dash.
fn lines(text: &str) -> Vec<String> {
    let mut marked = String::with_capacity(text.len());
    for c in text.chars() {
        // A dash inside a name has letters on both sides.
        let begins =
            c == '\u{2014}' && marked.trim_end().ends_with([':', ';', ',']) | marked.trim_end().ends_with(" and");
        if begins {
            marked.push(LINE_END);
        }
        marked.push(c);
    }
    marked.split(LINE_END).map(on_one_line).filter(|line| !line.is_empty()).collect()
}

/// Name and first aliases of a line, and the address behind them.
fn head(line: &str) -> (Listed, String) {
    let lower = line.to_ascii_lowercase();
    let found = lower.find("a.k.a.").filter(|at| !is_in_brackets(line, *at));
    let Some(at) = found else {
        let (name, rest) = split_name(line);
        return (Listed { name: name.to_owned(), ..Listed::default() }, rest.to_owned());
    };
    let mut party = Listed { name: line[..at].trim_end_matches([' ', ',', ';']).to_owned(), ..Listed::default() };
    let rest = line[at + "a.k.a.".len()..].trim_start_matches([' ', ',', ':']);
    let of_several = rest.to_ascii_lowercase();
    let rest = match of_several.find("alias").filter(|_| of_several.starts_with("the following")) {
        Some(at) => {
            rest[at..].trim_start_matches(|c: char| c.is_ascii_alphabetic()).trim_start_matches([' ', ',', ':', ';'])
        }
        None => rest,
    };
    if rest.is_empty() {
        return (party, String::new());
    }
    let (alias, rest) = split_name(rest);
    party.aliases.push(alias_text(alias));
    (party, rest.to_owned())
}

/// A line that is not an address goes on with another party: it has aliases, or a name that ends in a legal form.
fn begins_a_party(line: &str) -> bool {
    if line.to_ascii_lowercase().contains("a.k.a.") {
        return true;
    }
    let (name, rest) = split_name(line);
    !rest.is_empty() && !name.bytes().any(|b| b.is_ascii_digit()) && ends_in_form(name)
}

fn ends_in_form(name: &str) -> bool {
    let bare = name.split('(').next().unwrap_or(name);
    words(bare).last().is_some_and(|word| FORMS.contains(&word.as_str()))
}

/// Words in lower case, without points and hyphens.
fn words(text: &str) -> Vec<String> {
    let bare =
        |word: &str| word.chars().filter(|c| !".-,".contains(*c)).flat_map(char::to_lowercase).collect::<String>();
    text.split_whitespace().map(bare).filter(|word| !word.is_empty()).collect()
}

/// Where a name ends and its address begins: at the first comma outside brackets that the name does not go on behind.
fn split_name(text: &str) -> (&str, &str) {
    let commas: Vec<usize> = text
        .match_indices(", ")
        .map(|(at, _)| at)
        .filter(|at| !is_in_brackets(text, *at) || text[at + 2..].starts_with("Address:"))
        .collect();
    for (index, at) in commas.iter().enumerate() {
        let end = commas.get(index + 1).copied().unwrap_or(text.len());
        if !goes_on(&text[..*at], &text[at + 2..end]) {
            return (text[..*at].trim(), text[at + 2..].trim());
        }
    }
    (text, "")
}

/// Whether a name goes on with this piece behind a comma.
fn goes_on(name: &str, piece: &str) -> bool {
    let bare = piece.split('(').next().unwrap_or(piece);
    let of_piece = words(bare);
    if of_piece.is_empty() {
        return false;
    }
    let joins = ["&", "and", "of"];
    if of_piece.iter().all(|word| FORMS.contains(&word.as_str()) || joins.contains(&word.as_str())) {
        return true;
    }
    let has = |of: &[&str], among: &[String]| among.iter().any(|word| of.contains(&word.as_str()));
    !bare.bytes().any(|b| b.is_ascii_digit()) && has(PARTS, &of_piece) && has(WHOLES, &words(name))
}

fn is_in_brackets(text: &str, at: usize) -> bool {
    let before = &text[..at];
    before.matches('(').count() > before.matches(')').count()
}

/// The last alias and the address behind it, where no line end stands between them: at the first point that ends neither an
/// abbreviation in the alias nor the text.
fn end_of_alias(text: &str) -> (&str, &str) {
    let text = text.trim();
    for (at, _) in text.match_indices(". ") {
        let (alias, rest) = (&text[..=at], text[at + 2..].trim());
        let last = words(alias).pop().unwrap_or_default();
        let next = words(rest.split_whitespace().next().unwrap_or_default()).pop().unwrap_or_default();
        // "St. Petersburg", "A. B. Trading".
        let is_abbreviation = last.chars().count() <= 2 && !FORMS.contains(&last.as_str());
        if !is_abbreviation && !FORMS.contains(&next.as_str()) && !rest.starts_with('(') {
            return (alias, rest);
        }
    }
    (text, "")
}

/// An alias without what joins it to the next one, and without the point of its sentence.
fn alias_text(text: &str) -> String {
    let text = text.trim();
    let text = text.strip_suffix("and").filter(|t| t.ends_with([' ', ';', ','])).unwrap_or(text);
    let text = text.trim_end_matches([' ', ';', ',']);
    let is_form = words(text).last().is_some_and(|word| FORMS.contains(&word.as_str()));
    if is_form { text.to_owned() } else { text.trim_end_matches('.').to_owned() }
}

impl Listed {
    /// Takes the addresses of a text, and the notes in it that point to other rows.
    fn take_addresses(&mut self, text: &str) {
        let mut text = text.trim().to_owned();
        for party in ["(See ", "(see "] {
            while let Some(at) = text.find(party) {
                let mut depth = 0;
                let end = text[at..].find(|c: char| {
                    depth += i32::from(c == '(') - i32::from(c == ')');
                    depth == 0
                });
                let end = end.map_or(text.len(), |length| at + length + 1);
                self.notes.push(text[at..end].trim_matches(['(', ')', '.', ' ']).to_owned());
                text.replace_range(at..end.min(text.len()), "");
            }
        }
        // Without brackets, at the end.
        if let Some(at) = text.rfind("See alternate address").or_else(|| text.rfind("See also address")) {
            self.notes.push(text[at..].trim_end_matches('.').to_owned());
            text.truncate(at);
        }
        for part in outside_brackets(&text) {
            let part = unlabelled(part.trim().trim_start_matches("and ").trim_matches([' ', ',']));
            let part = part.trim_end_matches([' ', '.']);
            if part.is_empty() {
                continue;
            }
            self.has_company_in_address |= names_a_company(part);
            self.addresses.push(part.to_owned());
        }
    }
}

/// The text cut at semicolons outside brackets.
fn outside_brackets(text: &str) -> Vec<&str> {
    let mut cuts: Vec<usize> = text.match_indices(';').map(|(at, _)| at).collect();
    cuts.retain(|at| !is_in_brackets(text, *at));
    let mut parts = Vec::with_capacity(cuts.len() + 1);
    let mut from = 0;
    for cut in cuts {
        parts.push(&text[from..cut]);
        from = cut + 1;
    }
    parts.push(&text[from..]);
    parts
}

/// An address without the label before it: `Address:`, `The following addresses apply to this entity:`.
fn unlabelled(text: &str) -> &str {
    match text.split_once(':') {
        Some((label, rest)) if label.len() < 120 && label.to_ascii_lowercase().contains("address") => rest.trim(),
        _ => text,
    }
}

/// Whether an address has the name of a company with limited liability in it, whose form a comma follows.
fn names_a_company(address: &str) -> bool {
    [" Co., Ltd., ", " Ltd., ", " LLC, ", " Inc., "].iter().any(|form| address.contains(form))
}
