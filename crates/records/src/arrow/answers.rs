//! Answers as a table: the columns of the input, and the answer beside them.

use super::build::{column, numbers_or_null, text_lists, texts, texts_or_null};
use super::findings::{self, Found};
use crate::columns::{Shape, strongest};
use arrow_array::{Array as _, ArrayRef, RecordBatch, RecordBatchOptions, UInt32Array};
use arrow_schema::{ArrowError, Field, Schema, SchemaRef};
use arrow_select::take::take;
use std::collections::HashMap;
use std::sync::Arc;
use wire::v1;

/// Version of the columns that are added; it stands in the schema as `tidewaiter.columns`. A version only adds columns,
/// and fields at the end of a record inside a column; anything else makes the next version.
pub const VERSION: u32 = 1;

/// Columns added where a record is one row. The six from `reason` to `field` are those of the strongest finding that asks
/// for attention.
pub const ADDED: [&str; 14] = [
    "outcome",
    "score",
    "reason",
    "severity",
    "list",
    "entry_id",
    "entry_name",
    "field",
    "summary",
    "findings",
    "problems",
    "limits_reached",
    "lists_used",
    "snapshot",
];

/// Columns added where a finding is one row: these four before its own, and the last two after them.
pub const ADDED_PER_FINDING: [&str; 6] = ["outcome", "summary", "problems", "finding", "limits_reached", "snapshot"];

/// The column with the whole answer as JSON, where it is asked for.
const JSON: &str = "answer";

/// What a row of the answers is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Form {
    /// One row for each finding, and one for a record without any; otherwise one for each record.
    pub per_finding: bool,
    /// With a column that holds the whole answer as the JSON that `tidewaiter batch` writes.
    pub json: bool,
}

/// How answers to a table are laid out.
#[derive(Clone, Debug)]
pub struct Answers {
    schema: SchemaRef,
    form: Form,
}

/// The answer to one row.
#[derive(Clone, Debug)]
pub struct Answered {
    /// What was found.
    pub screening: v1::Screening,
    /// The shape of the shipment.
    pub shape: Shape,
    /// The whole answer as JSON; empty where it is not asked for.
    pub json: String,
}

impl Answers {
    /// Lays out the answers to tables of this schema. What it is screened with goes into the metadata beside what the
    /// input has there; `said` are pairs of a key and its value.
    pub fn new(input: &Schema, form: Form, said: impl IntoIterator<Item = (&'static str, String)>) -> Self {
        let added = added(&[], form);
        let is_added = |name: &str| added.iter().any(|(added, _)| *added == name);
        // A table that was screened before keeps its old answers under another name.
        let kept = input.fields().iter().map(|field| match field.name().as_str() {
            name if is_added(name) => Arc::new(field.as_ref().clone().with_name(format!("input_{name}"))),
            _ => Arc::clone(field),
        });
        let new = added.iter().map(|(name, array)| Arc::new(column(name, array)));
        let fields: Vec<Arc<Field>> = kept.chain(new).collect();
        let mut metadata: HashMap<String, String> = input.metadata().clone().into();
        metadata.insert("tidewaiter.columns".to_owned(), VERSION.to_string());
        metadata.extend(said.into_iter().map(|(key, value)| (format!("tidewaiter.{key}"), value)));
        Self { schema: Arc::new(Schema::new_with_metadata(fields, metadata)), form }
    }

    /// The columns, with what it is screened with in the metadata.
    pub fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    /// What a row is.
    pub fn form(&self) -> Form {
        self.form
    }

    /// The answers to the rows of a batch.
    ///
    /// # Errors
    /// When there is not one answer for each row, or more rows than Arrow counts.
    pub fn batch(&self, kept: &RecordBatch, answered: &[Answered]) -> Result<RecordBatch, ArrowError> {
        if kept.num_rows() != answered.len() {
            let (rows, answers) = (kept.num_rows(), answered.len());
            return Err(ArrowError::InvalidArgumentError(format!("{answers} answers to {rows} rows")));
        }
        let mut columns: Vec<ArrayRef> = if self.form.per_finding {
            let rows = rows_of_findings(answered)?;
            kept.columns().iter().map(|array| take(array, &rows, None)).collect::<Result<_, _>>()?
        } else {
            kept.columns().to_vec()
        };
        let added = added(answered, self.form);
        let rows = added.first().map_or(0, |(_, array)| array.len());
        columns.extend(added.into_iter().map(|(_, array)| array));
        let options = RecordBatchOptions::new().with_row_count(Some(rows));
        RecordBatch::try_new_with_options(Arc::clone(&self.schema), columns, &options)
    }
}

/// For each row of findings the row of the record that it is about.
fn rows_of_findings(answered: &[Answered]) -> Result<UInt32Array, ArrowError> {
    let mut rows = Vec::with_capacity(answered.len());
    for (at, one) in answered.iter().enumerate() {
        let at = u32::try_from(at).map_err(|_| ArrowError::InvalidArgumentError("too many rows".to_owned()))?;
        rows.extend(std::iter::repeat_n(at, one.screening.findings.len().max(1)));
    }
    Ok(rows.into())
}

fn added(answered: &[Answered], form: Form) -> Vec<(&'static str, ArrayRef)> {
    let mut columns = if form.per_finding { per_finding(answered) } else { per_record(answered) };
    if form.json {
        let times = |one: &Answered| if form.per_finding { one.screening.findings.len().max(1) } else { 1 };
        columns.push((JSON, texts(answered.iter().flat_map(|a| std::iter::repeat_n(a.json.as_str(), times(a))))));
    }
    columns
}

/// One row for each record.
fn per_record(answered: &[Answered]) -> Vec<(&'static str, ArrayRef)> {
    let screenings = || answered.iter().map(|a| &a.screening);
    let first: Vec<Option<&v1::Finding>> = screenings().map(strongest).collect();
    let first = || first.iter().copied();
    let entry = || first().map(|f| f.and_then(|f| f.entry.as_ref()));
    let fields: Vec<_> = answered.iter().zip(first()).map(|(a, f)| f.map(|f| a.shape.column(&f.field_path))).collect();
    let found: Vec<Found<'_>> = answered
        .iter()
        .flat_map(|a| a.screening.findings.iter().map(|finding| Found { finding, shape: &a.shape }))
        .collect();
    vec![
        ("outcome", texts(screenings().map(|s| s.outcome().as_str_name()))),
        ("score", numbers_or_null(first().map(|f| f.map(|f| f.score)))),
        ("reason", texts_or_null(first().map(|f| f.map(|f| f.reason().as_str_name())))),
        ("severity", texts_or_null(first().map(|f| f.map(|f| f.severity().as_str_name())))),
        ("list", texts_or_null(entry().map(|e| e.map(|e| e.list.as_str())))),
        ("entry_id", texts_or_null(entry().map(|e| e.map(|e| e.id.as_str())))),
        ("entry_name", texts_or_null(entry().map(|e| e.map(|e| e.name.as_str())))),
        ("field", texts_or_null(fields.iter().map(|f| f.as_deref()))),
        ("summary", texts(screenings().map(|s| s.summary.as_str()))),
        ("findings", findings::of_records(screenings().map(|s| s.findings.len()), &found)),
        ("problems", findings::problems(&screenings().map(|s| s.problems.as_slice()).collect::<Vec<_>>())),
        ("limits_reached", text_lists(&screenings().map(|s| s.limits_reached.as_slice()).collect::<Vec<_>>())),
        ("lists_used", findings::lists_used(&screenings().map(|s| s.lists_used.as_slice()).collect::<Vec<_>>())),
        ("snapshot", texts(screenings().map(|s| s.snapshot.as_str()))),
    ]
}

/// One row for each finding; one for a record without any, in which the columns of a finding are null.
fn per_finding(answered: &[Answered]) -> Vec<(&'static str, ArrayRef)> {
    // Of each row its record, and the number of its finding.
    let rows: Vec<(&Answered, Option<usize>)> = answered
        .iter()
        .flat_map(|a| match a.screening.findings.len() {
            0 => vec![(a, None)],
            count => (0..count).map(|at| (a, Some(at))).collect(),
        })
        .collect();
    let screenings = || rows.iter().map(|(a, _)| &a.screening);
    let found: Vec<Found<'_>> = rows
        .iter()
        .filter_map(|(a, at)| Some(Found { finding: &a.screening.findings[(*at)?], shape: &a.shape }))
        .collect();
    // Rows without a finding take none of them.
    let mut next = 0;
    let from: UInt32Array = rows
        .iter()
        .map(|(_, at)| {
            at.map(|_| {
                next += 1;
                next - 1
            })
        })
        .collect();
    let number = |at: Option<usize>| at.map(|at| u32::try_from(at + 1).unwrap_or(u32::MAX));
    let mut columns = vec![
        ("outcome", texts(screenings().map(|s| s.outcome().as_str_name()))),
        ("summary", texts(screenings().map(|s| s.summary.as_str()))),
        ("problems", findings::problems(&screenings().map(|s| s.problems.as_slice()).collect::<Vec<_>>())),
        ("finding", numbers_or_null(rows.iter().map(|(_, at)| number(*at)))),
    ];
    let of_finding = |(name, array): (&'static str, ArrayRef)| {
        (name, take(&array, &from, None).expect("each number is one of a finding"))
    };
    columns.extend(findings::columns(&found).into_iter().map(of_finding));
    columns
        .push(("limits_reached", text_lists(&screenings().map(|s| s.limits_reached.as_slice()).collect::<Vec<_>>())));
    columns.push(("snapshot", texts(screenings().map(|s| s.snapshot.as_str()))));
    columns
}

#[cfg(test)]
mod tests {
    use super::*;
    use arrow_array::cast::AsArray as _;
    use arrow_array::types::Int32Type;
    use arrow_array::{Int64Array, StringArray};
    use arrow_schema::DataType;

    fn input() -> RecordBatch {
        let columns: Vec<(&str, ArrayRef)> = vec![
            ("number", Arc::new(Int64Array::from(vec![7, 8]))),
            ("score", Arc::new(StringArray::from(vec!["old", "older"]))),
        ];
        RecordBatch::try_from_iter(columns).unwrap()
    }

    fn answered() -> [Answered; 2] {
        let finding = |reason: v1::finding::Reason, severity: v1::finding::Severity, score| v1::Finding {
            reason: reason as i32,
            severity: severity as i32,
            score,
            field_path: "parties[0].name".to_owned(),
            effective: "2020-12-18".to_owned(),
            spans: vec![v1::Span { start: 0, end: 3, text: "DJI".to_owned() }],
            entry: Some(v1::EntryReference { list: "us-bis-el".to_owned(), ..Default::default() }),
            citations: vec!["a".to_owned(), "b".to_owned()],
            ..Default::default()
        };
        let findings = vec![
            finding(v1::finding::Reason::GoodsVague, v1::finding::Severity::Info, 1000),
            finding(v1::finding::Reason::PartyListed, v1::finding::Severity::High, 950),
        ];
        let hold = v1::Screening {
            outcome: v1::screening::Outcome::Hold as i32,
            findings,
            snapshot: "sha256:1".to_owned(),
            ..Default::default()
        };
        let clear = v1::Screening { outcome: v1::screening::Outcome::NoFinding as i32, ..Default::default() };
        [hold, clear].map(|screening| Answered { screening, shape: Shape::default(), json: String::new() })
    }

    #[test]
    fn a_record_is_a_row_with_a_list_of_findings() {
        let answers = Answers::new(&input().schema(), Form::default(), [("policy", "p".to_owned())]);
        let batch = answers.batch(&input(), &answered()).unwrap();
        let schema = batch.schema();
        let names: Vec<&str> = schema.fields().iter().map(|f| f.name().as_str()).collect();
        assert_eq!(names[..2], ["number", "input_score"]);
        assert_eq!(names[2..], ADDED);
        assert_eq!(
            (schema.metadata()["tidewaiter.policy"].as_str(), &*schema.metadata()["tidewaiter.columns"]),
            ("p", "1")
        );
        let text = |name: &str| batch[name].as_string::<i32>().iter().map(|t| t.map(str::to_owned)).collect::<Vec<_>>();
        assert_eq!(text("outcome"), [Some("HOLD".into()), Some("NO_FINDING".into())]);
        // A finding for the record is not the strongest that asks for attention.
        assert_eq!(text("reason"), [Some("PARTY_LISTED".into()), None]);
        let scores: Vec<_> = batch["score"].as_primitive::<Int32Type>().iter().collect();
        assert_eq!(scores, [Some(950), None]);
        let findings = batch["findings"].as_list::<i32>();
        assert_eq!((findings.value(0).len(), findings.value(1).len()), (2, 0));
        let first = findings.value(0);
        let first = first.as_struct();
        assert_eq!(first.column_by_name("spans").unwrap().as_list::<i32>().value(1).len(), 1);
        assert_eq!(first.column_by_name("effective").unwrap().data_type(), &DataType::Date32);
        assert!(answers.batch(&input(), &answered()[..1]).is_err());
    }

    #[test]
    fn a_finding_is_a_row_and_a_record_without_any_too() {
        let form = Form { per_finding: true, json: false };
        let batch = Answers::new(&input().schema(), form, []).batch(&input(), &answered()).unwrap();
        assert_eq!(batch.num_rows(), 3);
        let numbers: Vec<_> = batch["finding"].as_primitive::<Int32Type>().iter().collect();
        assert_eq!(numbers, [Some(1), Some(2), None]);
        let kept: Vec<_> = batch["number"].as_primitive::<arrow_array::types::Int64Type>().iter().collect();
        assert_eq!(kept, [Some(7), Some(7), Some(8)]);
        let reasons: Vec<_> = batch["reason"].as_string::<i32>().iter().collect();
        assert_eq!(reasons, [Some("GOODS_VAGUE"), Some("PARTY_LISTED"), None]);
    }
}
