//! Answers as a table: the columns of the input, and the answer beside them.

use super::answer::{Answer, Found};
use super::build::{Lengths, Numbers, TextLists, Texts, column};
use super::findings::{Findings, ListsUsed, Problems};
use crate::columns::Shape;
use arrow_array::{Array as _, ArrayRef, RecordBatch, RecordBatchOptions, UInt32Array};
use arrow_schema::{ArrowError, Field, Schema, SchemaRef};
use arrow_select::take::take;
use std::collections::HashMap;
use std::sync::Arc;

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

impl Answers {
    /// Lays out the answers to tables of this schema. What it is screened with goes into the metadata beside what the
    /// input has there; `said` are pairs of a key and its value.
    pub fn new(input: &Schema, form: Form, said: impl IntoIterator<Item = (&'static str, String)>) -> Self {
        let added = Answered::new(form).columns();
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

    /// The answers to some rows, with none yet.
    pub fn begin(&self) -> Answered {
        Answered::new(self.form)
    }

    /// The answers to the rows of a batch beside its columns.
    ///
    /// # Errors
    /// When there is not one answer for each row, or more rows than Arrow counts.
    pub fn batch(&self, kept: &RecordBatch, answered: Answered) -> Result<RecordBatch, ArrowError> {
        if kept.num_rows() != answered.count {
            let (rows, answers) = (kept.num_rows(), answered.count);
            return Err(ArrowError::InvalidArgumentError(format!("{answers} answers to {rows} rows")));
        }
        let mut columns: Vec<ArrayRef> = if self.form.per_finding {
            let rows = answered.rows_of_findings()?;
            kept.columns().iter().map(|array| take(array, &rows, None)).collect::<Result<_, _>>()?
        } else {
            kept.columns().to_vec()
        };
        let added = answered.columns();
        let rows = added.first().map_or(0, |(_, array)| array.len());
        columns.extend(added.into_iter().map(|(_, array)| array));
        let options = RecordBatchOptions::new().with_row_count(Some(rows));
        RecordBatch::try_new_with_options(Arc::clone(&self.schema), columns, &options)
    }
}

/// Answers to some rows, as columns that grow with each. An answer is let go as soon as it is in them.
#[derive(Debug)]
pub struct Answered {
    form: Form,
    /// Answers so far.
    count: usize,
    /// Of each answer the findings.
    lengths: Vec<usize>,
    outcome: Texts,
    summary: Texts,
    strongest: Strongest,
    findings: Findings,
    problems: Problems,
    limits_reached: TextLists,
    lists_used: ListsUsed,
    snapshot: Texts,
    json: Texts,
}

/// The columns of the strongest finding that asks for attention.
#[derive(Debug, Default)]
struct Strongest {
    score: Numbers,
    reason: Texts,
    severity: Texts,
    list: Texts,
    entry_id: Texts,
    entry_name: Texts,
    field: Texts,
}

impl Strongest {
    fn push(&mut self, finding: Option<&impl Found>, shape: &Shape) {
        let Some(finding) = finding else {
            self.score.push_null();
            let texts =
                [&mut self.reason, &mut self.severity, &mut self.list, &mut self.entry_id, &mut self.entry_name];
            texts.into_iter().for_each(Texts::push_null);
            self.field.push_null();
            return;
        };
        let entry = finding.listing().entry;
        self.score.push(finding.score());
        self.reason.push_or_null(finding.reason());
        self.severity.push_or_null(finding.severity());
        self.list.push_or_null(entry.map_or("", |e| e.list));
        self.entry_id.push_or_null(entry.map_or("", |e| e.id));
        self.entry_name.push_or_null(entry.map_or("", |e| e.name));
        self.field.push_or_null(&shape.column(finding.field_path()));
    }
}

impl Answered {
    fn new(form: Form) -> Self {
        Self {
            form,
            count: 0,
            lengths: Vec::new(),
            outcome: Texts::default(),
            summary: Texts::default(),
            strongest: Strongest::default(),
            findings: Findings::default(),
            problems: Problems::default(),
            limits_reached: TextLists::default(),
            lists_used: ListsUsed::default(),
            snapshot: Texts::default(),
            json: Texts::default(),
        }
    }

    /// Appends the answer to the next row, whose shipment has this shape. `json`: the whole answer, where the form has it.
    pub fn push(&mut self, answer: &impl Answer, shape: &Shape, json: &str) {
        self.count += 1;
        let findings = answer.findings();
        self.lengths.push(findings.len());
        for finding in findings {
            self.findings.push(finding, shape);
        }
        if !self.form.per_finding {
            self.strongest.push(findings.iter().find(|f| f.asks()), shape);
            self.lists_used.push(answer);
        }
        // Where a finding is a row, what is said of the record stands in each.
        let rows = if self.form.per_finding { findings.len().max(1) } else { 1 };
        for _ in 0..rows {
            self.outcome.push(answer.outcome());
            self.summary.push(answer.summary());
            self.problems.push(answer);
            self.limits_reached.push(answer.limits_reached());
            self.snapshot.push(answer.snapshot());
            if self.form.json {
                self.json.push(json);
            }
        }
    }

    /// For each row of findings the row of the record that it is about.
    fn rows_of_findings(&self) -> Result<UInt32Array, ArrowError> {
        let mut rows = Vec::with_capacity(self.count);
        for (at, length) in self.lengths.iter().enumerate() {
            let at = u32::try_from(at).map_err(|_| ArrowError::InvalidArgumentError("too many rows".to_owned()))?;
            rows.extend(std::iter::repeat_n(at, (*length).max(1)));
        }
        Ok(rows.into())
    }

    /// The columns that are added, in their order.
    fn columns(self) -> Vec<(&'static str, ArrayRef)> {
        let Form { per_finding, json: with_json } = self.form;
        let json = with_json.then(|| (JSON, self.json.finish()));
        let mut columns = if per_finding {
            let (numbers, places) = numbered(&self.lengths);
            let mut columns = vec![
                ("outcome", self.outcome.finish()),
                ("summary", self.summary.finish()),
                ("problems", self.problems.finish()),
                ("finding", numbers),
            ];
            let of_finding = |(name, array): (&'static str, ArrayRef)| {
                (name, take(&array, &places, None).expect("each number is one of a finding"))
            };
            columns.extend(self.findings.columns().into_iter().map(of_finding));
            columns.push(("limits_reached", self.limits_reached.finish()));
            columns
        } else {
            let mut lengths = Lengths::default();
            self.lengths.iter().for_each(|length| lengths.push(*length));
            let strongest = self.strongest;
            vec![
                ("outcome", self.outcome.finish()),
                ("score", strongest.score.finish()),
                ("reason", strongest.reason.finish()),
                ("severity", strongest.severity.finish()),
                ("list", strongest.list.finish()),
                ("entry_id", strongest.entry_id.finish()),
                ("entry_name", strongest.entry_name.finish()),
                ("field", strongest.field.finish()),
                ("summary", self.summary.finish()),
                ("findings", lengths.finish_records(self.findings.columns())),
                ("problems", self.problems.finish()),
                ("limits_reached", self.limits_reached.finish()),
                ("lists_used", self.lists_used.finish()),
            ]
        };
        columns.push(("snapshot", self.snapshot.finish()));
        columns.extend(json);
        columns
    }
}

/// For records with so many findings a row for each, and one for a record without any: the number of the finding in its
/// record, from 1, and its place among all findings. Both are null in a row without a finding.
fn numbered(lengths: &[usize]) -> (ArrayRef, UInt32Array) {
    let mut numbers = Numbers::default();
    let mut places = Vec::with_capacity(lengths.len());
    let mut place = 0;
    for length in lengths {
        if *length == 0 {
            numbers.push_null();
            places.push(None);
        }
        for number in 1..=*length {
            numbers.push(u32::try_from(number).unwrap_or(u32::MAX));
            places.push(Some(place));
            place += 1;
        }
    }
    (numbers.finish(), places.into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use arrow_array::cast::AsArray as _;
    use arrow_array::types::Int32Type;
    use arrow_array::{Int64Array, StringArray};
    use arrow_schema::DataType;
    use wire::v1;

    fn input() -> RecordBatch {
        let columns: Vec<(&str, ArrayRef)> = vec![
            ("number", Arc::new(Int64Array::from(vec![7, 8]))),
            ("score", Arc::new(StringArray::from(vec!["old", "older"]))),
        ];
        RecordBatch::try_from_iter(columns).unwrap()
    }

    /// Two answers on the wire.
    fn screenings() -> [v1::Screening; 2] {
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
        [hold, clear]
    }

    fn answered(answers: &Answers, screenings: &[v1::Screening]) -> Answered {
        let mut answered = answers.begin();
        screenings.iter().for_each(|screening| answered.push(screening, &Shape::default(), ""));
        answered
    }

    #[test]
    fn a_record_is_a_row_with_a_list_of_findings() {
        let answers = Answers::new(&input().schema(), Form::default(), [("policy", "p".to_owned())]);
        let batch = answers.batch(&input(), answered(&answers, &screenings())).unwrap();
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
        assert!(answers.batch(&input(), answered(&answers, &screenings()[..1])).is_err());
    }

    #[test]
    fn a_finding_is_a_row_and_a_record_without_any_too() {
        let form = Form { per_finding: true, json: false };
        let answers = Answers::new(&input().schema(), form, []);
        let batch = answers.batch(&input(), answered(&answers, &screenings())).unwrap();
        assert_eq!(batch.num_rows(), 3);
        let numbers: Vec<_> = batch["finding"].as_primitive::<Int32Type>().iter().collect();
        assert_eq!(numbers, [Some(1), Some(2), None]);
        let kept: Vec<_> = batch["number"].as_primitive::<arrow_array::types::Int64Type>().iter().collect();
        assert_eq!(kept, [Some(7), Some(7), Some(8)]);
        let reasons: Vec<_> = batch["reason"].as_string::<i32>().iter().collect();
        assert_eq!(reasons, [Some("GOODS_VAGUE"), Some("PARTY_LISTED"), None]);
    }
}
