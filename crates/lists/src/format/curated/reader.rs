//! Reads the file, every fault with its line.

use super::keys::{CuratedEntry, CuratedFile, CuratedIdentifier, CuratedRelation};
use crate::build::{EntryBuilder, ParsedFile};
use crate::catalogue::Heading;
use crate::error::Error;
use crate::input::from_io;
use jiff::civil::Date;
use model::country::Country;
use model::entry::{
    Address, Effect, EntryKind, Identifier, IdentifierType, ListId, Name, NameKind, Relation, RelationKind,
};
use std::io::Read;
use std::ops::Range;
use toml::Spanned;
use toml::value::Datetime;

/// A curated list is written by hand; nobody writes more than this.
const MAX_BYTES: u64 = 64 << 20;

/// Reads a file.
///
/// # Errors
/// When it is not such TOML, a key is unknown, a word or date is not one of its kind, or an entry lacks its name, its
/// source or its day of reading.
pub(crate) fn read(file: &str, input: impl Read) -> Result<ParsedFile, Error> {
    let mut bytes = Vec::new();
    input.take(MAX_BYTES + 1).read_to_end(&mut bytes).map_err(|e| from_io(file, e))?;
    if bytes.len() as u64 > MAX_BYTES {
        return Err(Error::TooLarge { file: file.into(), limit: format!("{MAX_BYTES} bytes") });
    }
    let text = String::from_utf8(bytes).map_err(|e| {
        let good = &e.as_bytes()[..e.utf8_error().valid_up_to()];
        let line = 1 + good.iter().filter(|&&b| b == b'\n').count() as u64;
        Error::Encoding { file: file.into(), line, place: format!("byte {}", good.len()) }
    })?;
    read_text(file, &text)
}

/// Reads the text of a file.
pub(crate) fn read_text(file: &str, text: &str) -> Result<ParsedFile, Error> {
    let source = SourceText::of(file, text);
    let raw: CuratedFile = toml::from_str(text).map_err(|e| {
        let (line, column) = source.place(&e.span().unwrap_or(0..0));
        let problem = e.message().lines().collect::<Vec<_>>().join("; ");
        Error::Syntax { file: file.into(), line, column: Some(column), problem }
    })?;
    let mut parsed = ParsedFile::new(file);
    let default_list = source.list_id(&raw.list.id)?;
    let default_read = raw.list.read.as_ref().map(|d| source.date("read", d)).transpose()?;
    parsed.name_list(default_list.clone(), Heading { title: raw.list.title, publisher: raw.list.publisher });
    for heading in raw.lists {
        let id = source.list_id(&heading.id)?;
        parsed.name_list(id, Heading { title: heading.title, publisher: heading.publisher });
    }
    for entry in raw.entry {
        source.entry(entry, &default_list, default_read)?.finish(file, "name", &mut parsed)?;
    }
    Ok(parsed)
}

/// The text that is read, for the places of errors.
struct SourceText<'a> {
    file: &'a str,
    text: &'a str,
    /// Where the lines end.
    ends: Vec<usize>,
}

impl<'a> SourceText<'a> {
    fn of(file: &'a str, text: &'a str) -> Self {
        Self { file, text, ends: text.match_indices('\n').map(|(at, _)| at).collect() }
    }
}

impl SourceText<'_> {
    /// Line and column, both from 1, where a span begins.
    fn place(&self, span: &Range<usize>) -> (u64, u64) {
        let start = if self.text.is_char_boundary(span.start) { span.start } else { self.text.len() };
        let line = self.ends.partition_point(|end| *end < start);
        let begin = line.checked_sub(1).map_or(0, |before| self.ends[before] + 1);
        (line as u64 + 1, self.text[begin..start].chars().count() as u64 + 1)
    }

    fn wrong(&self, span: &Range<usize>, field: &str, problem: impl Into<String>) -> Error {
        let line = self.place(span).0;
        Error::Field { file: self.file.into(), line, field: field.into(), problem: problem.into() }
    }

    fn list_id(&self, id: &Spanned<String>) -> Result<ListId, Error> {
        let text = id.get_ref();
        let good = !text.is_empty() && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
        if !good {
            let problem = format!("expected a list id of lower-case letters, digits and hyphens, found `{text}`");
            return Err(self.wrong(&id.span(), "list", problem));
        }
        Ok(ListId::new(text))
    }

    fn date(&self, field: &str, date: &Spanned<Datetime>) -> Result<Date, Error> {
        let value = date.get_ref();
        let read = || {
            let day = value.date.filter(|_| value.time.is_none() && value.offset.is_none())?;
            Date::new(day.year.try_into().ok()?, day.month.try_into().ok()?, day.day.try_into().ok()?).ok()
        };
        read()
            .ok_or_else(|| self.wrong(&date.span(), field, format!("expected a date like 2020-12-18, found `{value}`")))
    }

    fn country(&self, field: &str, text: &Spanned<String>) -> Result<Country, Error> {
        Country::parse(text.get_ref()).ok_or_else(|| {
            let problem = format!("expected an ISO 3166 code or an English name, found `{}`", text.get_ref());
            self.wrong(&text.span(), field, problem)
        })
    }

    fn word<T: Copy>(
        &self,
        field: &str,
        text: &Spanned<String>,
        all: &[T],
        name: impl Fn(T) -> &'static str,
    ) -> Result<T, Error> {
        all.iter().copied().find(|&t| name(t) == text.get_ref()).ok_or_else(|| {
            let words: Vec<_> = all.iter().map(|&t| name(t)).collect();
            let problem = format!("expected one of {}, found `{}`", words.join(", "), text.get_ref());
            self.wrong(&text.span(), field, problem)
        })
    }

    fn named(&self, field: &str, text: &Spanned<String>, kind: NameKind, weak: bool) -> Result<Name, Error> {
        let name = text.get_ref();
        if name.is_empty() || name.trim() != name {
            return Err(self.wrong(
                &text.span(),
                field,
                format!("expected a name without outer blanks, found `{name}`"),
            ));
        }
        Ok(Name { text: name.clone(), kind, weak })
    }

    fn entry(&self, entry: Spanned<CuratedEntry>, list: &ListId, read: Option<Date>) -> Result<EntryBuilder, Error> {
        let span = entry.span();
        let raw = entry.into_inner();
        let list = raw.list.as_ref().map_or_else(|| Ok(list.clone()), |id| self.list_id(id))?;
        let id = raw.id.get_ref();
        if id.is_empty() || id.contains(char::is_whitespace) {
            return Err(self.wrong(&raw.id.span(), "id", format!("expected an id without blanks, found `{id}`")));
        }
        let kind = match &raw.kind {
            Some(word) => self.word("kind", word, &EntryKind::ALL, EntryKind::as_str)?,
            None => EntryKind::Unknown,
        };
        let mut one = EntryBuilder::new(list.as_str(), id, kind, self.place(&span).0);
        one.entry.effect = self.word("effect", &raw.effect, &Effect::ALL, Effect::as_str)?;
        one.set_names(self.names(&span, &raw, kind)?);
        for number in &raw.identifiers {
            one.entry.identifiers.push(self.identifier(number)?);
        }
        for raw in raw.addresses {
            let country = raw.country.as_ref().map(|c| self.country("addresses.country", c)).transpose()?;
            one.entry.addresses.push(Address { text: raw.text, country });
        }
        for country in &raw.countries {
            one.entry.countries.push(self.country("countries", country)?);
        }
        for relation in raw.relations {
            one.entry.relations.push(self.relation(relation)?);
        }
        let date = |field, value: &Option<Spanned<Datetime>>| value.as_ref().map(|d| self.date(field, d)).transpose();
        one.entry.effective = date("effective", &raw.effective)?;
        one.entry.published = date("published", &raw.published)?;
        one.entry.ends = date("ends", &raw.ends)?;
        one.entry.read_on = date("read", &raw.read)?.or(read);
        one.entry.programmes = raw.programmes;
        one.entry.citations = raw.citations;
        one.entry.licence_requirement = raw.licence_requirement;
        one.entry.licence_policy = raw.licence_policy;
        one.entry.births = raw.births;
        one.entry.source_url = raw.source_url;
        one.verbatim_remark(raw.remarks);
        self.check_source(&span, &one)?;
        Ok(one)
    }

    /// Checks that an entry says where it comes from and when it was read there.
    fn check_source(&self, span: &Range<usize>, one: &EntryBuilder) -> Result<(), Error> {
        let (entry, id) = (&one.entry, &one.entry.id);
        if entry.citations.iter().all(|c| c.trim().is_empty()) && entry.source_url.trim().is_empty() {
            let problem = format!("expected a citation or a `source_url` for entry `{id}`, found neither");
            return Err(self.wrong(span, "citations", problem));
        }
        if entry.read_on.is_none() {
            let problem = format!("expected the day entry `{id}` was read, here or in [list], found none");
            return Err(self.wrong(span, "read", problem));
        }
        Ok(())
    }

    fn names(&self, span: &Range<usize>, raw: &CuratedEntry, kind: EntryKind) -> Result<Vec<Name>, Error> {
        let mut names = Vec::new();
        match &raw.name {
            Some(name) => names.push(self.named("name", name, NameKind::Primary, false)?),
            None if matches!(kind, EntryKind::Address | EntryKind::Category) => {}
            None => {
                let problem = format!("expected a name for entry `{}`, found none", raw.id.get_ref());
                return Err(self.wrong(span, "name", problem));
            }
        }
        let others = [
            ("aliases", &raw.aliases, NameKind::Alias, false),
            ("weak_aliases", &raw.weak_aliases, NameKind::Alias, true),
            ("former", &raw.former, NameKind::Former, false),
            ("acronyms", &raw.acronyms, NameKind::Acronym, false),
        ];
        for (field, text, kind, weak) in
            others.into_iter().flat_map(|(field, texts, kind, weak)| texts.iter().map(move |t| (field, t, kind, weak)))
        {
            let name = self.named(field, text, kind, weak)?;
            if names.is_empty() {
                return Err(self.wrong(&text.span(), field, "expected a `name` before other names"));
            }
            if names.iter().any(|n: &Name| n.text == name.text) {
                let problem = format!("expected every name of the entry once, found `{}` again", name.text);
                return Err(self.wrong(&text.span(), field, problem));
            }
            names.push(name);
        }
        Ok(names)
    }

    fn identifier(&self, raw: &CuratedIdentifier) -> Result<Identifier, Error> {
        let value = raw.value.get_ref().trim();
        if value.is_empty() {
            return Err(self.wrong(&raw.value.span(), "identifiers.value", "expected a number, found nothing"));
        }
        Ok(Identifier {
            kind: self.word("identifiers.type", &raw.r#type, &IdentifierType::ALL, IdentifierType::as_str)?,
            value: value.to_owned(),
            country: raw.country.as_ref().map(|c| self.country("identifiers.country", c)).transpose()?,
        })
    }

    fn relation(&self, raw: CuratedRelation) -> Result<Relation, Error> {
        let kind = self.word("relations.kind", &raw.kind, &RelationKind::ALL, RelationKind::as_str)?;
        let name = self.named("relations.name", &raw.name, NameKind::Primary, false)?.text;
        let share = raw.share.map(|share| match *share.get_ref() {
            whole @ 0..=1000 => Ok(whole),
            other => {
                let problem = format!("expected thousandths, 0 to 1000, found {other}");
                Err(self.wrong(&share.span(), "relations.share", problem))
            }
        });
        Ok(Relation { kind, name, id: raw.id, share: share.transpose()? })
    }
}

#[cfg(test)]
mod tests;
