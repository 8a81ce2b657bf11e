//! What `lists/us/lists.toml` says of each list: which edition it is, of which day, and where it stands in the law.

use crate::build::Origin;
use crate::catalogue::catalogue;
use crate::error::Error;
use jiff::civil::Date;
use serde::Deserialize;
use toml::value::Datetime;

/// The lists by their ids.
pub(crate) struct Headings {
    fresh_hours: u32,
    lists: Vec<Heading>,
}

/// One list.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Heading {
    id: String,
    edition: String,
    published: Datetime,
    read: Datetime,
    law: String,
    url: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    fresh_days: u32,
    list: Vec<Heading>,
}

impl Headings {
    /// Reads the file.
    ///
    /// # Errors
    /// When it is not such TOML, or a key is missing or unknown.
    pub(crate) fn read(file: &str, text: &str) -> Result<Self, Error> {
        let raw: Raw = toml::from_str(text).map_err(|e| {
            let at = e.span().map_or(0, |s| s.start);
            let line = 1 + text[..at].matches('\n').count() as u64;
            Error::Syntax { file: file.into(), line, column: None, problem: e.message().to_owned() }
        })?;
        Ok(Self { fresh_hours: raw.fresh_days * 24, lists: raw.list })
    }

    /// Where a list of the program comes from and how old it may grow, and the address of the publisher's own.
    ///
    /// # Errors
    /// When the file has no such list, or a date of it has a time.
    pub(super) fn of(&self, file: &str, id: &str) -> Result<(Origin, &str), Error> {
        let wrong =
            |field: &str, problem: String| Error::Field { file: file.into(), line: 1, field: field.into(), problem };
        let found = self.lists.iter().find(|l| l.id == id);
        let found =
            found.ok_or_else(|| wrong("id", format!("expected a heading for `{id}` in lists.toml, found none")))?;
        let day = |field: &str, date: &Datetime| {
            read_day(date).ok_or_else(|| wrong(field, format!("expected a date like 2026-07-09, found `{date}`")))
        };
        let origin = Origin {
            published: day("published", &found.published)?,
            read: day("read", &found.read)?,
            fresh_hours: self.fresh_hours,
            note: note(found),
        };
        Ok((origin, &found.url))
    }
}

/// What a reader of the list must know of its origin.
fn note(list: &Heading) -> String {
    let Heading { edition, law, url, .. } = list;
    let is_fetched = catalogue().defaults().any(|p| p.lists.iter().any(|id| id.as_str() == list.id));
    let own = if is_fetched {
        "`tidewaiter lists fetch` brings the publisher's own".to_owned()
    } else {
        format!("the publisher's own is at {url}")
    };
    format!("inside the program: {edition}, read by a third party, not by us; {law}; {own}")
}

fn read_day(value: &Datetime) -> Option<Date> {
    let day = value.date.filter(|_| value.time.is_none() && value.offset.is_none())?;
    Date::new(day.year.try_into().ok()?, day.month.try_into().ok()?, day.day.try_into().ok()?).ok()
}
