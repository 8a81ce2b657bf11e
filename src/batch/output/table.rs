//! Answers as a table, beside the columns of the input (feature `parquet`; without it `table/left_out.rs` stands here).

use super::style::CsvStyle;
use crate::batch::parquet::{Fault, Reader, Rows};
use arrow_array::{ArrayRef, RecordBatch, RecordBatchOptions, StringArray};
use arrow_schema::{DataType, Field, Schema, SchemaRef};
use current::screener::Identity;
use records::arrow::{Answers, Form};
use records::columns::Shape;
use std::sync::Arc;
use wire::v1;

/// The columns of the inputs that stand beside the answers.
#[derive(Clone, Debug)]
pub struct Kept {
    /// With their own types where every input is a Parquet file with the same, else as text.
    schema: SchemaRef,
    is_text: bool,
}

impl Kept {
    /// The columns of these inputs; a reader is there for each that is a Parquet file.
    ///
    /// # Errors
    /// Never in this build.
    pub(in crate::batch) fn of(readers: &[Option<&Reader>], columns: &[String]) -> Result<Self, Fault> {
        if let Some(schema) = typed(readers) {
            return Ok(Self { schema, is_text: false });
        }
        let field = |name: &String| Field::new(name, DataType::Utf8, true);
        let fields: Vec<Field> = columns.iter().map(field).collect();
        Ok(Self { schema: Arc::new(Schema::new(fields)), is_text: true })
    }
}

/// How answers are laid out.
#[derive(Debug)]
pub struct TableLayout {
    answers: Answers,
    kept: Kept,
}

impl TableLayout {
    /// Lays out the answers beside these columns.
    pub(in crate::batch) fn new(kept: &Kept, style: CsvStyle, identity: &Identity) -> Self {
        let Identity { snapshot, policy, engine, lists } = identity;
        let lists = serde_json::to_string(lists).expect("ages of lists have a JSON form");
        let said =
            [("snapshot", snapshot.clone()), ("policy", policy.clone()), ("engine", engine.clone()), ("lists", lists)];
        let form = Form { per_finding: style.per_finding, json: false };
        Self { answers: Answers::new(&kept.schema, form, said), kept: kept.clone() }
    }

    /// Whether cells are kept as text, in the order of the columns of the output.
    pub(in crate::batch) fn keeps_texts(&self) -> bool {
        self.kept.is_text
    }

    /// The columns of the file.
    pub(in crate::batch) fn schema(&self) -> &SchemaRef {
        self.answers.schema()
    }

    /// The answers to some rows: `rows` as they were read, or `texts` where cells are kept as such.
    ///
    /// # Errors
    /// When they do not fit into Arrow's arrays.
    pub(in crate::batch) fn batch(
        &self,
        rows: Option<&Rows>,
        texts: &[Vec<String>],
        screenings: Vec<(v1::Screening, Shape)>,
    ) -> Result<Rows, Fault> {
        let kept = match rows.filter(|_| !self.kept.is_text) {
            // The metadata of a file may differ from the next one's.
            Some(rows) => rows.batch.clone().with_schema(Arc::clone(&self.kept.schema))?,
            None => self.texts(texts, screenings.len())?,
        };
        let mut answered = self.answers.begin();
        for (screening, shape) in screenings {
            answered.push(&screening, &shape, "");
        }
        Ok(Rows::of_answers(self.answers.batch(&kept, answered)?))
    }

    fn texts(&self, texts: &[Vec<String>], rows: usize) -> Result<RecordBatch, Fault> {
        let column = |at: usize| -> ArrayRef {
            // An empty cell of a text file is nothing.
            let cell = |row: &Vec<String>| row.get(at).filter(|c| !c.is_empty()).cloned();
            Arc::new(texts.iter().map(cell).collect::<StringArray>())
        };
        let columns = (0..self.kept.schema.fields().len()).map(column).collect();
        let options = RecordBatchOptions::new().with_row_count(Some(rows));
        Ok(RecordBatch::try_new_with_options(Arc::clone(&self.kept.schema), columns, &options)?)
    }
}

/// The columns that every input has, with their types; `None` unless all are Parquet files with the same.
fn typed(readers: &[Option<&Reader>]) -> Option<SchemaRef> {
    let mut schemas = readers.iter().map(|reader| reader.map(Reader::schema));
    let first = schemas.next()??;
    let same = |schema: Option<&SchemaRef>| schema.is_some_and(|schema| schema.fields() == first.fields());
    schemas.all(same).then(|| Arc::new(Schema::new(first.fields().clone())))
}
