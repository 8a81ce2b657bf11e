//! The words of `lists/columns.toml`, and a header cut into them.

use rustc_hash::FxHashMap;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::LazyLock;

const TABLE: &str = include_str!("../../../../lists/columns.toml");

/// Longest phrase, in words.
const PHRASE: usize = 7;

/// Fewest letters of a word that may have one wrong letter, and two.
const ONE_WRONG: usize = 6;
const TWO_WRONG: usize = 9;

#[derive(Deserialize)]
struct File {
    word: Vec<Row>,
    forms: Forms,
}

#[derive(Deserialize)]
struct Row {
    kind: Kind,
    means: String,
    #[serde(flatten)]
    languages: BTreeMap<String, Vec<String>>,
}

#[derive(Deserialize)]
struct Forms {
    words: Vec<String>,
}

/// What sort of word it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Kind {
    /// What a party does.
    Role,
    /// What is said of a party.
    Part,
    /// What is shipped, and what is said of it.
    Thing,
    /// Where.
    Place,
    /// An amount, a count or the like.
    Stop,
    /// Says nothing.
    Noise,
}

/// A word of a header.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Item {
    /// A word of the table: its kind and its meaning.
    Known(Kind, &'static str),
    /// A number.
    Number,
    /// Folded letters that the table does not have.
    Unknown(String),
}

struct Vocabulary {
    words: FxHashMap<String, (Kind, &'static str)>,
    /// Words of at least [`ONE_WRONG`] letters, in order, for misspellings.
    long: Vec<(String, (Kind, &'static str))>,
    /// The words for "country" that are too short to be forgiven a wrong letter.
    short_countries: Vec<(String, (Kind, &'static str))>,
    forms: Vec<String>,
}

static VOCABULARY: LazyLock<Vocabulary> = LazyLock::new(|| {
    let file: File = toml::from_str(TABLE).expect("lists/columns.toml is part of the program and tested");
    let mut words = FxHashMap::default();
    let (mut long, mut short_countries) = (Vec::new(), Vec::new());
    for row in file.word {
        // One allocation a meaning, kept for as long as the program runs.
        let meaning = (row.kind, &*row.means.clone().leak());
        for (language, phrases) in row.languages {
            for phrase in phrases {
                for spelling in spellings(&phrase, language == "de") {
                    if !words.contains_key(&spelling) {
                        words.insert(spelling.clone(), meaning);
                        if spelling.len() >= ONE_WRONG {
                            long.push((spelling, meaning));
                        } else if row.means == "country" {
                            short_countries.push((spelling, meaning));
                        }
                    }
                }
            }
        }
    }
    long.sort_by(|a, b| a.0.cmp(&b.0));
    let forms = file.forms.words.iter().map(|form| folded(form)).collect();
    Vocabulary { words, long, short_countries, forms }
});

/// A phrase folded and squeezed; a German one also with its umlauts written out.
fn spellings(phrase: &str, is_german: bool) -> Vec<String> {
    let mut all = vec![folded(phrase)];
    if is_german {
        let written: String = phrase
            .to_lowercase()
            .chars()
            .map(|c| match c {
                'ä' => "ae".to_owned(),
                'ö' => "oe".to_owned(),
                'ü' => "ue".to_owned(),
                c => c.to_string(),
            })
            .collect();
        all.push(folded(&written));
    }
    all
}

/// Lower-case Latin letters and digits; everything else is dropped.
fn folded(text: &str) -> String {
    any_ascii::any_ascii(text).chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
}

/// A header as words, in order.
pub(super) fn items(header: &str) -> Vec<Item> {
    let tokens = tokens(header);
    let mut items = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let longest = (at + PHRASE).min(tokens.len());
        let phrase = (at + 1..=longest).rev().find_map(|end| {
            let joined = tokens[at..end].concat();
            known(&joined).map(|word| (end, word))
        });
        match phrase {
            Some((end, (kind, means))) => {
                items.push(Item::Known(kind, means));
                at = end;
            }
            None => {
                items.extend(guess(&tokens[at]));
                at += 1;
            }
        }
    }
    items
}

/// Whether a word for "country" stands anywhere in the header.
pub(super) fn names_country(header: &str) -> bool {
    const LEAST: usize = 4;
    let header = folded(header);
    let mut words = VOCABULARY.long.iter().chain(&VOCABULARY.short_countries);
    words.any(|(word, (_, means))| *means == "country" && word.len() >= LEAST && header.contains(word.as_str()))
}

/// A word of the table, or its plural.
fn known(word: &str) -> Option<(Kind, &'static str)> {
    let words = &VOCABULARY.words;
    words.get(word).or_else(|| words.get(word.strip_suffix('s').filter(|w| w.len() > 3)?)).copied()
}

/// A token that is not in the table: a number, several words written as one, or a misspelt word.
fn guess(token: &str) -> Vec<Item> {
    if token.bytes().all(|b| b.is_ascii_digit()) {
        return vec![Item::Number];
    }
    let bare = token.trim_end_matches(|c: char| c.is_ascii_digit());
    if let Some((kind, means)) = known(bare) {
        return vec![Item::Known(kind, means), Item::Number];
    }
    if let Some(parts) = glued(bare) {
        return parts.into_iter().map(|(kind, means)| Item::Known(kind, means)).collect();
    }
    match misspelt(bare) {
        Some((kind, means)) => vec![Item::Known(kind, means)],
        None => vec![Item::Unknown(bare.to_owned())],
    }
}

/// Two to four words of the table written as one, the fewest and longest first.
fn glued(token: &str) -> Option<Vec<(Kind, &'static str)>> {
    // Shorter words stand in other words by chance.
    const LEAST: usize = 3;
    const ENDS: [&str; 5] = ["id", "no", "cd", "en", "nm"];
    if !(6..=40).contains(&token.len()) || !token.is_ascii() {
        return None;
    }
    // The fewest words that make up each beginning, and the length of the last of them.
    let mut best: Vec<Option<(usize, usize)>> = vec![None; token.len() + 1];
    best[0] = Some((0, 0));
    for end in 1..=token.len() {
        for start in 0..end {
            let word = &token[start..end];
            let Some((count, _)) = best[start] else { continue };
            // "Ursprungsland": German joins words with an s.
            let bare = if count > 0 || end < token.len() { word.strip_suffix('s').unwrap_or(word) } else { word };
            let is_end = end == token.len() && start > 0 && ENDS.contains(&word);
            if (word.len() >= LEAST || is_end) && known(word).or_else(|| known(bare)).is_some() {
                let better = best[end]
                    .is_none_or(|(known, last)| (count + 1, usize::MAX - word.len()) < (known, usize::MAX - last));
                if better {
                    best[end] = Some((count + 1, word.len()));
                }
            }
        }
    }
    let (count, _) = best[token.len()].filter(|(count, _)| (2..=4).contains(count))?;
    let mut parts = Vec::with_capacity(count);
    let mut end = token.len();
    while end > 0 {
        let (_, length) = best[end]?;
        let word = &token[end - length..end];
        parts.push(known(word).or_else(|| known(word.strip_suffix('s').unwrap_or(word)))?);
        end -= length;
    }
    parts.reverse();
    Some(parts)
}

/// The one meaning whose word differs by a wrong, missing, added or exchanged letter, or by two in a long word.
fn misspelt(token: &str) -> Option<(Kind, &'static str)> {
    let allowed = match token.len() {
        0..ONE_WRONG => return None,
        ONE_WRONG..TWO_WRONG => 1,
        _ => 2,
    };
    let mut best: Option<(usize, (Kind, &'static str))> = None;
    let mut is_unclear = false;
    for (word, meaning) in &VOCABULARY.long {
        if word.len().abs_diff(token.len()) > allowed || word.as_bytes()[0] != token.as_bytes()[0] {
            continue;
        }
        let Some(distance) = distance(word, token, allowed) else { continue };
        match best {
            Some((least, _)) if distance > least => {}
            Some((least, known)) if distance == least => is_unclear |= known != *meaning,
            _ => {
                best = Some((distance, *meaning));
                is_unclear = false;
            }
        }
    }
    best.filter(|_| !is_unclear).map(|(_, meaning)| meaning)
}

fn distance(a: &str, b: &str, most: usize) -> Option<usize> {
    let edits = strsim::osa_distance(a, b);
    (edits <= most).then_some(edits)
}

/// A header cut at blanks, signs and changes of case; folded.
fn tokens(header: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut word = String::new();
    let header = header.replace(['’', '`'], "'").replace("'s ", " ").replace("'S ", " ");
    let chars: Vec<char> = header.chars().collect();
    for (at, &c) in chars.iter().enumerate() {
        let before = at.checked_sub(1).map(|i| chars[i]);
        let after = chars.get(at + 1).copied();
        let lower = |c: Option<char>| c.is_some_and(char::is_lowercase);
        // "consigneeName" and "HSCode"; a word in capitals is one word.
        let is_turn = c.is_uppercase() && (lower(before) || (before.is_some_and(char::is_uppercase) && lower(after)));
        if !c.is_alphanumeric() || is_turn {
            words.push(std::mem::take(&mut word));
        }
        // Marks of combining accents have no letter of their own.
        if c.is_alphanumeric() {
            word.push(c);
        }
    }
    words.push(word);
    words.iter().map(|w| folded(w)).filter(|w| !w.is_empty()).collect()
}

/// Whether a cell reads like a company: several words, of which one of the last three is a legal form.
pub(super) fn is_company(cell: &str) -> bool {
    let words: Vec<&str> = cell.split(|c: char| c.is_whitespace() || c == ',').filter(|w| !w.is_empty()).collect();
    let has_form = |w: &&&str| VOCABULARY.forms.contains(&folded(w));
    let is_han = cell.contains("公司") || cell.contains("株式会社");
    is_han || words.len() >= 2 && (words.iter().rev().take(3).any(|w| has_form(&w)) || has_form(&&words[0]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(header: &str) -> String {
        let one = |item: Item| match item {
            Item::Known(_, means) => means.to_owned(),
            Item::Number => "#".to_owned(),
            Item::Unknown(word) => format!("?{word}"),
        };
        items(header).into_iter().map(one).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn headers_are_cut_into_words() {
        for (header, expected) in [
            ("CONSIGNEE_NAME", "consignee name"),
            ("consigneeName", "consignee name"),
            ("Shipper's Address", "shipper address"),
            ("HSCode", "hs"),
            ("NORTIFY_PARTY_NAME", "notify_party party name"),
            ("MANUFACTUER_EN", "manufacturer noise"),
            ("Empfaengername", "consignee name"),
            ("Empfänger-Name", "consignee name"),
            ("Ursprungsland", "origin"),
            ("Наименование отправителя", "name shipper"),
            ("CONSIGNEENAME", "consignee name"),
            ("HS_CODE_2", "hs #"),
            ("NOTIFYPARTY1", "notify_party #"),
            ("Gönderici Adı", "shipper name"),
            ("zzz", "?zzz"),
        ] {
            assert_eq!(shown(header), expected, "{header}");
        }
    }

    #[test]
    fn companies_are_known_by_their_form() {
        for cell in ["Acme Trading Ltd.", "ООО Ромашка", "SZ DJI Technology Co., Ltd", "深圳市大疆创新科技有限公司"]
        {
            assert!(is_company(cell), "{cell}");
        }
        for cell in ["ltd", "spare parts for cars", "KG", ""] {
            assert!(!is_company(cell), "{cell}");
        }
    }
}
