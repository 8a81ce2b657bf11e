//! The CSV form: one table in which each record holds one name, address, birth date, number or citizenship of a party.

use super::fields::{EuBirth, LIST, birth, country_of, identification, kind, name, published, reference};
use crate::build::{EntryBuilder, ParsedFile, day, on_one_line};
use crate::catalogue::Format;
use crate::error::Error;
use crate::input::{Shape, Table, TableRow};
use jiff::civil::Date;
use rustc_hash::FxHashMap;
use std::io::Read;

pub(crate) const SHAPE: Shape = Shape {
    delimiter: b';',
    required: &["fileGenerationDate", "Entity_LogicalId", "Entity_SubjectType", "NameAlias_WholeName"],
    optional: &[
        "Entity_EU_ReferenceNumber",
        "Entity_UnitedNationId",
        "Entity_DesignationDate",
        "Entity_DesignationDetails",
        "Entity_Remark",
        "Entity_SubjectType_ClassificationCode",
        "Entity_Regulation_PublicationDate",
        "Entity_Regulation_EntryIntoForceDate",
        "Entity_Regulation_NumberTitle",
        "Entity_Regulation_Programme",
        "Entity_Regulation_PublicationUrl",
        "NameAlias_Strong",
        "NameAlias_Gender",
        "NameAlias_Title",
        "NameAlias_Function",
        "NameAlias_Remark",
        "NameAlias_Regulation_PublicationDate",
        "Address_City",
        "Address_Street",
        "Address_PoBox",
        "Address_ZipCode",
        "Address_Region",
        "Address_Place",
        "Address_ContactInfo",
        "Address_CountryIso2Code",
        "Address_CountryDescription",
        "Address_Remark",
        "BirthDate_BirthDate",
        "BirthDate_Month",
        "BirthDate_Year",
        "BirthDate_YearRangeFrom",
        "BirthDate_YearRangeTo",
        "BirthDate_Circa",
        "BirthDate_Region",
        "BirthDate_Place",
        "BirthDate_City",
        "BirthDate_CountryIso2Code",
        "BirthDate_CountryDescription",
        "BirthDate_Remark",
        "Identification_Number",
        "Identification_LatinNumber",
        "Identification_TypeCode",
        "Identification_TypeDescription",
        "Identification_CountryIso2Code",
        "Identification_Remark",
        "Citizenship_CountryIso2Code",
        "Citizenship_CountryDescription",
        "Citizenship_Remark",
    ],
    closed: false,
};

/// Reads every entry.
///
/// # Errors
/// When a column is missing, a record is not of its shape, an id or name is missing, or a word or date is invalid.
pub(crate) fn read(file: &str, input: impl Read) -> Result<ParsedFile, Error> {
    let (mut table, _) = Table::open(file, &SHAPE, input, 0)?;
    let mut parsed = ParsedFile::new(file);
    parsed.unknown_columns(LIST, Format::EuFsfCsv, &table.unknown);
    let mut dated = false;
    let mut order: Vec<EntryBuilder> = Vec::new();
    let mut known: FxHashMap<String, usize> = FxHashMap::default();
    while let Some(row) = table.next()? {
        if !dated && let Some(date) = date(&row, "fileGenerationDate")? {
            parsed.set_published(date);
            dated = true;
        }
        let id = row.need("Entity_LogicalId")?;
        let one = match known.get(id) {
            Some(&at) => {
                order[at].records += 1;
                &mut order[at]
            }
            None => {
                known.insert(id.to_owned(), order.len());
                order.push(begin(&row, id)?);
                order.last_mut().expect("one was pushed")
            }
        };
        take(one, &row)?;
    }
    for mut one in order {
        one.relate_by_remarks();
        one.finish(file, "NameAlias_WholeName", &mut parsed)?;
    }
    Ok(parsed)
}

fn begin(row: &TableRow<'_>, id: &str) -> Result<EntryBuilder, Error> {
    let (code, class) = (row.get("Entity_SubjectType"), row.get("Entity_SubjectType_ClassificationCode"));
    let kind = kind(code).or_else(|| kind(class)).ok_or_else(|| {
        row.wrong("Entity_SubjectType", format!("expected person, enterprise, P or E, found `{code}`"))
    })?;
    let mut one = EntryBuilder::new(LIST, id, kind, row.line);
    reference(&mut one, row.get("Entity_EU_ReferenceNumber"), row.get("Entity_UnitedNationId"));
    one.in_force_from(date(row, "Entity_DesignationDate")?);
    one.in_force_from(date(row, "Entity_Regulation_EntryIntoForceDate")?);
    published(&mut one, date(row, "Entity_Regulation_PublicationDate")?);
    one.programme(row.get("Entity_Regulation_Programme"));
    one.citation(row.get("Entity_Regulation_NumberTitle"));
    one.note("Designation", row.get("Entity_DesignationDetails"));
    one.remark(&on_one_line(row.get("Entity_Remark")));
    one.entry.source_url = row.get("Entity_Regulation_PublicationUrl").to_owned();
    Ok(one)
}

fn take(one: &mut EntryBuilder, row: &TableRow<'_>) -> Result<(), Error> {
    let get = |column| row.get(column);
    let weak = get("NameAlias_Strong") == "false";
    name(
        one,
        get("NameAlias_WholeName"),
        weak,
        get("NameAlias_Function"),
        get("NameAlias_Title"),
        get("NameAlias_Gender"),
    );
    published(one, date(row, "NameAlias_Regulation_PublicationDate")?);
    one.address(
        [
            get("Address_Street"),
            get("Address_PoBox"),
            get("Address_ZipCode"),
            get("Address_City"),
            get("Address_Region"),
            get("Address_Place"),
        ],
        country_of(get("Address_CountryIso2Code"), get("Address_CountryDescription")),
    );
    birth(
        one,
        &EuBirth {
            date: get("BirthDate_BirthDate"),
            year: get("BirthDate_Year"),
            month: get("BirthDate_Month"),
            from: get("BirthDate_YearRangeFrom"),
            to: get("BirthDate_YearRangeTo"),
            circa: get("BirthDate_Circa"),
            place: [get("BirthDate_Place"), get("BirthDate_City"), get("BirthDate_Region")],
            country: country_of(get("BirthDate_CountryIso2Code"), get("BirthDate_CountryDescription")),
        },
    );
    for number in
        [get("Identification_Number"), get("Identification_LatinNumber")].into_iter().filter(|n| !n.is_empty())
    {
        identification(
            one,
            get("Identification_TypeCode"),
            get("Identification_TypeDescription"),
            number,
            get("Identification_CountryIso2Code"),
        );
    }
    one.country("Citizenship", country_of(get("Citizenship_CountryIso2Code"), get("Citizenship_CountryDescription")));
    one.note("Contact", &on_one_line(get("Address_ContactInfo")));
    for column in
        ["NameAlias_Remark", "Address_Remark", "BirthDate_Remark", "Identification_Remark", "Citizenship_Remark"]
    {
        one.remark(&on_one_line(get(column)));
    }
    Ok(())
}

fn date(row: &TableRow<'_>, column: &str) -> Result<Option<Date>, Error> {
    match row.get(column) {
        "" => Ok(None),
        text => match day(text, &["%Y-%m-%d", "%d/%m/%Y"]) {
            Some(date) => Ok(Some(date)),
            None => Err(row.wrong(column, format!("expected a date like 2022-02-25 or 25/02/2022, found `{text}`"))),
        },
    }
}
