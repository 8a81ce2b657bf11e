//! Columns in the making, to which each answer appends its values.

use arrow_array::builder::{Date32Builder, Int32Builder, StringBuilder};
use arrow_array::{Array, ArrayRef, ListArray, StructArray};
use arrow_buffer::{OffsetBuffer, OffsetBufferBuilder};
use arrow_schema::{Field, Fields};
use jiff::civil::Date;
use std::sync::Arc;

/// Texts; empty ones are null where the answer then has none.
#[derive(Debug)]
pub(super) struct Texts(StringBuilder);

impl Default for Texts {
    /// Without room: most columns of a finding stay empty.
    fn default() -> Self {
        Self(StringBuilder::with_capacity(0, 0))
    }
}

impl Texts {
    /// A text that is there.
    pub(super) fn push(&mut self, text: &str) {
        self.0.append_value(text);
    }

    /// A text; null where it is empty.
    pub(super) fn push_or_null(&mut self, text: &str) {
        if text.is_empty() { self.0.append_null() } else { self.0.append_value(text) }
    }

    pub(super) fn push_null(&mut self) {
        self.0.append_null();
    }

    pub(super) fn finish(mut self) -> ArrayRef {
        Arc::new(self.0.finish())
    }
}

/// Whole numbers of four bytes: Spark has no unsigned ones.
#[derive(Debug)]
pub(super) struct Numbers(Int32Builder);

impl Default for Numbers {
    fn default() -> Self {
        Self(Int32Builder::with_capacity(0))
    }
}

impl Numbers {
    pub(super) fn push(&mut self, number: u32) {
        self.0.append_value(i32::try_from(number).unwrap_or(i32::MAX));
    }

    /// Points for and against.
    pub(super) fn push_points(&mut self, points: i32) {
        self.0.append_value(points);
    }

    pub(super) fn push_null(&mut self) {
        self.0.append_null();
    }

    pub(super) fn finish(mut self) -> ArrayRef {
        Arc::new(self.0.finish())
    }
}

/// Days; null where there is none.
#[derive(Debug)]
pub(super) struct Days(Date32Builder);

impl Default for Days {
    fn default() -> Self {
        Self(Date32Builder::with_capacity(0))
    }
}

impl Days {
    pub(super) fn push(&mut self, day: Option<Date>) {
        const EPOCH: Date = Date::constant(1970, 1, 1);
        let since = day.and_then(|day| day.since((jiff::Unit::Day, EPOCH)).ok());
        self.0.append_option(since.map(|span| span.get_days()));
    }

    pub(super) fn finish(mut self) -> ArrayRef {
        Arc::new(self.0.finish())
    }
}

/// For each row so many of the values that follow each other.
pub(super) struct Lengths(OffsetBufferBuilder<i32>);

impl std::fmt::Debug for Lengths {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Lengths").finish_non_exhaustive()
    }
}

impl Default for Lengths {
    fn default() -> Self {
        Self(OffsetBufferBuilder::new(0))
    }
}

impl Lengths {
    pub(super) fn push(&mut self, length: usize) {
        self.0.push_length(length);
    }

    /// The column of lists over these values.
    pub(super) fn finish(self, values: ArrayRef) -> ArrayRef {
        let item = Arc::new(Field::new("item", values.data_type().clone(), true));
        let offsets: OffsetBuffer<i32> = self.0.finish();
        Arc::new(ListArray::try_new(item, offsets, values, None).expect("the lengths add up to the values"))
    }

    /// The column of lists of records with these columns.
    pub(super) fn finish_records(self, columns: Vec<(&'static str, ArrayRef)>) -> ArrayRef {
        let fields: Fields =
            columns.iter().map(|(name, array)| Field::new(*name, array.data_type().clone(), true)).collect();
        let arrays: Vec<ArrayRef> = columns.into_iter().map(|(_, array)| array).collect();
        let records = StructArray::try_new(fields, arrays, None).expect("the columns have a value for each record");
        self.finish(Arc::new(records))
    }
}

/// For each row a list of texts.
#[derive(Debug, Default)]
pub(super) struct TextLists {
    lengths: Lengths,
    texts: Texts,
}

impl TextLists {
    pub(super) fn push(&mut self, texts: &[String]) {
        self.lengths.push(texts.len());
        texts.iter().for_each(|text| self.texts.push(text));
    }

    pub(super) fn finish(self) -> ArrayRef {
        self.lengths.finish(self.texts.finish())
    }
}

/// The type of a column.
pub(super) fn column(name: &str, array: &ArrayRef) -> Field {
    // Every column may be null: a reader need not know in which answers.
    Field::new(name, array.data_type().clone(), true)
}
