//! Reads one table: lines of cells that tabs separate, several values of a cell with ` | ` between them.
//!
//! Names are read as those of the Consolidated Screening List are, with the same repairs: `build.py` takes apart what the
//! parse had mixed, and leaves spellings as they were printed. A name that begins with `~` is a former one.

use super::{Headings, Wording};
use crate::build::{EntryBuilder, ParsedFile};
use crate::error::Error;
use crate::format::name_repair;
use jiff::civil::Date;
use model::country::Country;
use model::entry::{Address, Effect, EntryKind, Identifier, IdentifierType, Name, NameKind, Relation, RelationKind};

/// The columns, in this order.
const COLUMNS: [&str; 17] = [
    "id",
    "kind",
    "effect",
    "names",
    "countries",
    "addresses",
    "identifiers",
    "relations",
    "programmes",
    "citations",
    "requirement",
    "policy",
    "effective",
    "published",
    "ends",
    "births",
    "remarks",
];

/// What `build.py` may say that it mended; each is in the table of repairs in docs/lists.md.
const MENDED: [&str; 21] = [
    "address_in_alias",
    "address_label",
    "affiliate_in_address",
    "alias_end",
    "alias_in_address",
    "alias_mark",
    "alias_note_in_address",
    "alternate_address",
    "by_hand",
    "ended",
    "first_day_of_2022",
    "form_in_address",
    "impossible_date",
    "joined_aliases",
    "open_bracket",
    "orders_on_one_party",
    "part_without_name",
    "policy_of_2022",
    "same_party",
    "see_in_name",
    "subsidiary_of_notice",
];

/// Lines that are read at a time; a long table is cut so that its pieces are read side by side.
const PIECE: usize = 256;

/// Some lines of a table that follow each other.
pub(crate) struct Piece<'a> {
    list: &'a str,
    /// Number of the first line, from 1.
    first: u64,
    lines: Vec<&'a str>,
}

/// A table in pieces; the first one has the header.
pub(crate) fn pieces<'a>(list: &'a str, text: &'a str) -> Vec<Piece<'a>> {
    let lines: Vec<&str> = text.lines().collect();
    let piece =
        |(at, lines): (usize, &[&'a str])| Piece { list, first: (at * PIECE) as u64 + 1, lines: lines.to_vec() };
    match lines.len() {
        // Without its header it is read too, and refused.
        0 => vec![Piece { list, first: 1, lines }],
        _ => lines.chunks(PIECE).enumerate().map(piece).collect(),
    }
}

/// Adds the entries of one piece of a table to the file.
///
/// # Errors
/// When a line has not every cell, a word, code, date or country is unknown, or a name is missing.
pub(crate) fn read(
    piece: &Piece<'_>,
    headings: &Headings,
    wording: &Wording,
    parsed: &mut ParsedFile,
) -> Result<(), Error> {
    let list = piece.list;
    let file = format!("lists/us/{list}.tsv");
    let (origin, url) = headings.of(&file, list)?;
    parsed.set_origin(list, origin);
    let mut is_headed = piece.first > 1;
    for (line, text) in (piece.first..).zip(&piece.lines) {
        let row = Row { file: &file, line, cells: text.split('\t').collect() };
        if let Some(counted) = text.strip_prefix('#') {
            row.counted(list, counted, parsed)?;
        } else if !is_headed {
            is_headed = true;
            if row.cells != COLUMNS {
                return Err(row.wrong("header", format!("expected {}, found `{text}`", COLUMNS.join(", "))));
            }
        } else if row.cells.len() == COLUMNS.len() {
            entry(&row, list, url, wording)?.finish(&file, "names", parsed)?;
        } else {
            let problem = format!("expected {} cells, found {}", COLUMNS.len(), row.cells.len());
            return Err(row.wrong("line", problem));
        }
    }
    Ok(())
}

/// One line.
struct Row<'a> {
    file: &'a str,
    line: u64,
    cells: Vec<&'a str>,
}

impl<'a> Row<'a> {
    fn wrong(&self, field: &str, problem: String) -> Error {
        Error::Field { file: self.file.into(), line: self.line, field: field.into(), problem }
    }

    fn get(&self, column: &str) -> &'a str {
        COLUMNS.iter().zip(&self.cells).find(|(c, _)| **c == column).map_or("", |(_, cell)| cell)
    }

    fn values(&self, column: &str) -> impl Iterator<Item = &'a str> + use<'a> {
        self.get(column).split(" | ").filter(|v| !v.is_empty())
    }

    fn texts(&self, column: &str) -> Vec<String> {
        self.values(column).map(str::to_owned).collect()
    }

    fn date(&self, column: &str) -> Result<Option<Date>, Error> {
        match self.get(column) {
            "" => Ok(None),
            text => text
                .parse()
                .map(Some)
                .map_err(|_| self.wrong(column, format!("expected a date like 2020-12-22, found `{text}`"))),
        }
    }

    fn country(&self, column: &str, code: &str) -> Result<Country, Error> {
        Country::from_code(code)
            .ok_or_else(|| self.wrong(column, format!("expected the code of a country, found `{code}`")))
    }

    fn pair(&self, column: &str, value: &'a str) -> Result<(&'a str, &'a str), Error> {
        value
            .split_once(": ")
            .ok_or_else(|| self.wrong(column, format!("expected a word, a colon and a value, found `{value}`")))
    }

    /// The words of a code; `None` for an empty cell.
    fn worded(&self, column: &str, words: impl Fn(&str) -> Option<String>) -> Result<Option<String>, Error> {
        match self.get(column) {
            "" => Ok(None),
            code => match words(code) {
                Some(text) => Ok(Some(text)),
                None => Err(self.wrong(column, format!("expected a code of wording.toml, found `{code}`"))),
            },
        }
    }

    /// `#records` and `#mended`, which stand before the header.
    fn counted(&self, list: &str, text: &str, parsed: &mut ParsedFile) -> Result<(), Error> {
        let mut parts = text.split('\t');
        let what = (parts.next(), parts.next(), parts.next());
        let number = |n: &str| n.parse::<u32>().ok();
        match what {
            (Some("records"), Some(n), None) if number(n).is_some() => {
                parsed.set_records(list, number(n).unwrap_or_default());
            }
            (Some("mended"), Some(kind), Some(n)) if number(n).is_some() => {
                let known = MENDED.iter().find(|k| **k == kind);
                let known = known.ok_or_else(|| self.wrong("mended", format!("unknown kind `{kind}`")))?;
                parsed.repaired(list, known, number(n).unwrap_or_default() as usize);
            }
            _ => return Err(self.wrong("#", format!("expected records or mended with a count, found `{text}`"))),
        }
        Ok(())
    }
}

fn entry(row: &Row<'_>, list: &str, url: &str, wording: &Wording) -> Result<EntryBuilder, Error> {
    let kind = match row.get("kind") {
        "" => EntryKind::Unknown,
        "company" => EntryKind::Company,
        "vessel" => EntryKind::Vessel,
        "address" => EntryKind::Address,
        "category" => EntryKind::Category,
        other => {
            return Err(row.wrong("kind", format!("expected company, vessel, address or category, found `{other}`")));
        }
    };
    let mut one = EntryBuilder::new(list, row.get("id"), kind, row.line);
    // The file says how many records it comes from.
    one.records = 0;
    if !row.get("effect").is_empty() {
        let found = row.get("effect");
        one.entry.effect = Effect::parse(found)
            .ok_or_else(|| row.wrong("effect", format!("expected an effect of the glossary, found `{found}`")))?;
    }
    for address in row.values("addresses") {
        let (code, text) = row.pair("addresses", address)?;
        one.entry.addresses.push(Address { text: text.to_owned(), country: Some(row.country("addresses", code)?) });
    }
    for code in row.values("countries") {
        one.entry.countries.push(row.country("countries", code)?);
    }
    add_names(&mut one, row);
    for value in row.values("identifiers") {
        one.entry.identifiers.push(identifier(row, value)?);
    }
    for value in row.values("relations") {
        let (kind, name) = row.pair("relations", value)?;
        let known = RelationKind::ALL.into_iter().find(|k| k.as_str() == kind);
        let kind = known.ok_or_else(|| row.wrong("relations", format!("expected a relation, found `{kind}`")))?;
        one.entry.relations.push(Relation::named(kind, name));
    }
    one.entry.programmes = row.texts("programmes");
    one.entry.citations = row.texts("citations");
    one.entry.licence_requirement = row.worded("requirement", |code| wording.requirement(code))?;
    one.entry.licence_policy = row.worded("policy", |code| wording.policy(code))?;
    one.entry.effective = row.date("effective")?;
    one.entry.published = row.date("published")?;
    one.entry.ends = row.date("ends")?;
    one.entry.births = row.texts("births");
    one.entry.source_url = url.to_owned();
    row.values("remarks").for_each(|text| one.verbatim_remark(text.to_owned()));
    Ok(one)
}

/// The first name with its aliases, and the former ones.
fn add_names(one: &mut EntryBuilder, row: &Row<'_>) {
    let mut given = row.values("names").filter(|n| !n.starts_with('~'));
    let Some(primary) = given.next() else { return };
    let aliases: Vec<&str> = given.collect();
    let mut notes = Vec::new();
    let mut names = name_repair::read(primary, &aliases.join("; "), &one.entry.addresses, &mut one.repairs, &mut notes);
    for former in row.values("names").filter_map(|n| n.strip_prefix('~')) {
        if names.iter().all(|n: &Name| n.text != former) {
            names.push(Name::new(former, NameKind::Former));
        }
    }
    one.set_names(names);
    notes.into_iter().for_each(|note| one.verbatim_remark(note));
}

/// `uscc: 914403007954257495: CN`.
fn identifier(row: &Row<'_>, value: &str) -> Result<Identifier, Error> {
    let (kind, rest) = row.pair("identifiers", value)?;
    let (number, country) = row.pair("identifiers", rest)?;
    if kind != "uscc" {
        return Err(row.wrong("identifiers", format!("expected uscc, found `{kind}`")));
    }
    let country = Some(row.country("identifiers", country)?);
    Ok(Identifier { kind: IdentifierType::Uscc, value: number.to_owned(), country })
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADINGS: &str = "fresh_days = 1\n[[list]]\nid = \"us-bis-el\"\nedition = \"e\"\npublished = 2026-07-09\n\
                            read = 2026-07-08\nlaw = \"l\"\nurl = \"u\"\n";
    const WORDING: &str = "[requirement]\near = \"All items{see}.\"\n[policy]\ndenial = \"Denied.\"\n";

    fn read_rows(list: &str, rows: &str) -> Result<Vec<model::entry::Entry>, Error> {
        let text = format!("#records\t2\n#mended\tby_hand\t1\n{}\n{rows}", COLUMNS.join("\t"));
        let mut parsed = ParsedFile::new("builtin");
        let (headings, wording) = (Headings::read("h", HEADINGS).unwrap(), Wording::read("w", WORDING).unwrap());
        for piece in pieces(list, &text) {
            read(&piece, &headings, &wording, &mut parsed)?;
        }
        let read = parsed.finish()?;
        let info = &read.infos[0];
        assert_eq!((info.records, info.fresh_hours), (2, 24));
        assert_eq!(info.repairs.iter().find(|r| r.0 == "by_hand"), Some(&("by_hand".into(), 1)));
        assert_eq!(info.read, Some(jiff::civil::date(2026, 7, 8)));
        Ok(read.entries)
    }

    const ROW: &str = "cn-a\t\t\tA Co., Ltd. | B | ~C\tCN\tHK: 1 Road, Hong Kong\tuscc: 914403007954257495: CN\t\
                       linked_to: D\tP\t1 FR 2, 3/4/20\tear 744.11\tdenial\t\t2020-03-04\t\t1970\tR";

    #[test]
    fn a_line_becomes_an_entry() {
        let entries = read_rows("us-bis-el", ROW).unwrap();
        let [entry] = &entries[..] else { panic!("{entries:?}") };
        let names: Vec<_> = entry.names.iter().map(|n| (n.text.as_str(), n.kind)).collect();
        assert_eq!(names, [("A Co., Ltd.", NameKind::Primary), ("B", NameKind::Alias), ("C", NameKind::Former)]);
        assert_eq!(entry.licence_requirement.as_deref(), Some("All items (see § 744.11 of the EAR)."));
        assert_eq!((entry.licence_policy.as_deref(), entry.effect), (Some("Denied."), Effect::Licence));
        assert_eq!(entry.published, Some(jiff::civil::date(2020, 3, 4)));
        assert_eq!(entry.addresses[0].country, Country::from_code("HK"));
        assert_eq!((entry.relations.len(), entry.identifiers.len(), entry.source_url.as_str()), (1, 1, "u"));
    }

    #[test]
    fn whatever_is_not_known_is_an_error_with_its_line() {
        for (old, new, field) in [
            ("ear 744.11", "eat 744.11", "requirement"),
            ("\tdenial\t", "\tdenied\t", "policy"),
            ("2020-03-04", "4 March", "published"),
            ("\tCN\t", "\tC\t", "countries"),
            ("HK: ", "HK ", "addresses"),
            ("linked_to", "linked", "relations"),
            ("uscc: ", "usc: ", "identifiers"),
            ("cn-a\t\t", "cn-a\tship\t", "kind"),
            ("\tR", "", "line"),
            ("A Co., Ltd. | B", "", "names"),
        ] {
            let error = read_rows("us-bis-el", &ROW.replacen(old, new, 1)).unwrap_err().to_string();
            assert!(error.contains("us-bis-el.tsv: line 4") && error.contains(field), "{old}: {error}");
        }
        assert!(read_rows("us-x", ROW).unwrap_err().to_string().contains("heading for `us-x`"));
    }
}
