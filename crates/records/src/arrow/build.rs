//! Arrow arrays from what answers hold.

use arrow_array::builder::{Date32Builder, StringBuilder};
use arrow_array::{Array, ArrayRef, BooleanArray, Int32Array, ListArray, StringArray, StructArray};
use arrow_buffer::OffsetBuffer;
use arrow_schema::{Field, Fields};
use jiff::civil::Date;
use std::sync::Arc;

/// Texts, each of which is there.
pub(super) fn texts<'a>(texts: impl Iterator<Item = &'a str>) -> ArrayRef {
    Arc::new(StringArray::from_iter_values(texts))
}

/// Texts; null where the answer has none.
pub(super) fn texts_or_null<'a>(texts: impl Iterator<Item = Option<&'a str>>) -> ArrayRef {
    let mut builder = StringBuilder::new();
    texts.for_each(|text| builder.append_option(text.filter(|t| !t.is_empty())));
    Arc::new(builder.finish())
}

/// Whole numbers of four bytes: Spark has no unsigned ones.
pub(super) fn numbers(numbers: impl Iterator<Item = u32>) -> ArrayRef {
    Arc::new(Int32Array::from_iter_values(numbers.map(signed)))
}

/// Whole numbers; null where the answer has none.
pub(super) fn numbers_or_null(numbers: impl Iterator<Item = Option<u32>>) -> ArrayRef {
    Arc::new(numbers.map(|n| n.map(signed)).collect::<Int32Array>())
}

/// Points for and against.
pub(super) fn points(points: impl Iterator<Item = i32>) -> ArrayRef {
    Arc::new(Int32Array::from_iter_values(points))
}

fn signed(number: u32) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}

/// Truth values.
pub(super) fn flags(flags: impl Iterator<Item = bool>) -> ArrayRef {
    Arc::new(BooleanArray::from_iter(flags.map(Some)))
}

/// Days written `YYYY-MM-DD`; null where there is none.
pub(super) fn days<'a>(days: impl Iterator<Item = &'a str>) -> ArrayRef {
    let epoch = Date::constant(1970, 1, 1);
    let mut builder = Date32Builder::new();
    for day in days {
        let since = day.parse::<Date>().ok().and_then(|day| day.since((jiff::Unit::Day, epoch)).ok());
        builder.append_option(since.map(|span| span.get_days()));
    }
    Arc::new(builder.finish())
}

/// A record of named columns, whose fields may be null where one of them may.
pub(super) fn structure(columns: Vec<(&str, ArrayRef)>, rows: usize) -> StructArray {
    let fields: Fields =
        columns.iter().map(|(name, array)| Field::new(*name, array.data_type().clone(), true)).collect();
    let arrays: Vec<ArrayRef> = columns.into_iter().map(|(_, array)| array).collect();
    StructArray::try_new_with_length(fields, arrays, None, rows).expect("the columns have a value for each row")
}

/// For each row so many of the values that follow each other.
pub(super) fn lists(lengths: impl Iterator<Item = usize>, values: ArrayRef) -> ArrayRef {
    let item = Arc::new(Field::new("item", values.data_type().clone(), true));
    let offsets = OffsetBuffer::from_lengths(lengths);
    Arc::new(ListArray::try_new(item, offsets, values, None).expect("the lengths add up to the values"))
}

/// For each row a list of texts.
pub(super) fn text_lists(of: &[&[String]]) -> ArrayRef {
    lists(of.iter().map(|texts| texts.len()), texts(of.iter().flat_map(|texts| texts.iter().map(String::as_str))))
}

/// The type of a column.
pub(super) fn column(name: &str, array: &ArrayRef) -> Field {
    // Every column may be null: a reader need not know in which answers.
    Field::new(name, array.data_type().clone(), true)
}
