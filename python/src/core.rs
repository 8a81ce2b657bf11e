//! The engine as Python holds it.

use crate::errors::{self, LedgerError, ListError};
use crate::mapping::{mapping, table};
use crate::recording::{self, Recording};
use crate::screening::{Options, Screening, detached};
use crate::stream::{Answering, Stream};
use arrow_array::RecordBatchReader as _;
use arrow_array::ffi_stream::RecordBatchStreamReader;
use arrow_pyarrow::FromPyArrow as _;
use current::{Current, Recipe, Required, files};
use engine::screen::Limits;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use records::arrow::{Answers, Form};
use std::collections::{BTreeMap, VecDeque};
use std::num::NonZero;
use std::path::PathBuf;
use std::sync::Arc;
use wire::v1;

/// Lists and a policy, compiled; shared by all threads of the process.
#[pyclass(module = "tidewaiter._tidewaiter", frozen)]
pub(crate) struct Core {
    screening: Arc<Screening>,
}

/// What is to be loaded.
#[derive(FromPyObject)]
pub(crate) struct Wanted {
    lists: Vec<PathBuf>,
    builtin: bool,
    data_dir: Option<PathBuf>,
    policy: Option<PathBuf>,
    ownership: Option<PathBuf>,
    packs: Vec<PathBuf>,
    without_packs: Vec<String>,
    require: Vec<String>,
    stale_after_hours: BTreeMap<String, u32>,
    threads: Option<usize>,
    ledger: recording::Wanted,
}

/// How a call is to be answered.
#[derive(FromPyObject)]
pub(crate) struct Asked {
    map: Vec<(String, String)>,
    ignore: Vec<String>,
    /// The column that holds JSON records, where it is not columns that are read.
    json_column: Option<String>,
    /// Whether the caller has checked already that no column with parties is read over.
    is_checked: bool,
    per_finding: bool,
    json: bool,
    verbose: bool,
    refuses: bool,
    as_of: String,
    known_on: String,
}

impl Asked {
    fn options(&self) -> Options {
        Options {
            verbose: self.verbose,
            refuses: self.refuses,
            as_of: self.as_of.clone(),
            known_on: self.known_on.clone(),
        }
    }
}

#[pymethods]
impl Core {
    /// Reads and compiles.
    #[new]
    fn new(py: Python<'_>, wanted: Wanted) -> PyResult<Self> {
        let threads = match wanted.threads {
            Some(0) => return Err(PyValueError::new_err("threads must be at least 1")),
            Some(threads) => threads,
            None => std::thread::available_parallelism().map_or(1, NonZero::get),
        };
        let screening = py.detach(|| load(wanted, threads))?;
        Ok(Self { screening: Arc::new(screening) })
    }

    /// Answers a table, or whatever has `__arrow_c_stream__`, as a stream. `is_lazy`: while the stream is read.
    fn table(&self, py: Python<'_>, table: &Bound<'_, PyAny>, asked: Asked, is_lazy: bool) -> PyResult<Stream> {
        let mut input = RecordBatchStreamReader::from_pyarrow_bound(table)?;
        let screening = Arc::clone(&self.screening);
        detached(py, move || {
            let mapping = mapping(&asked.map, &asked.ignore)?;
            let (table, rest) = self::table(&mut input, asked.json_column.as_deref(), &mapping, asked.is_checked)?;
            let form = Form { per_finding: asked.per_finding, json: asked.json };
            let answers = Answers::new(&input.schema(), form, screening.said());
            let options = asked.options();
            let ready = VecDeque::new();
            let mut answering = Answering { screening, input, table, answers, options, rest, rows: 0, ready };
            if is_lazy {
                return Ok(Stream::over(Box::new(answering)));
            }
            let all = answering.all()?;
            Ok(Stream::of(answering.schema(), all))
        })
    }

    /// Answers JSON records, one JSON answer each.
    fn json(&self, py: Python<'_>, records: Vec<String>, asked: Asked) -> PyResult<Vec<String>> {
        detached(py, || self.screening.json(&records, &asked.options()))
    }

    /// Compares two names, as JSON.
    fn compare(&self, left: &str, right: &str, kind: &str) -> PyResult<String> {
        let number = v1::entry::Kind::from_str_name(&kind.to_ascii_uppercase());
        let kind = number.and_then(|k| wire::entry_kind_from_wire(k as i32)).ok_or_else(|| {
            PyValueError::new_err(format!("unknown kind {kind:?}: expected person, company, vessel or aircraft"))
        })?;
        let engine::screen::NameComparison { score, is_match, evidence, explanation } =
            self.screening.loaded.engine().compare(left, right, kind);
        let answer = v1::CompareNamesResponse {
            score: u32::from(score.get()),
            r#match: is_match,
            evidence: evidence.into_iter().map(wire::evidence_to_wire).collect(),
            explanation,
        };
        json(&answer)
    }

    /// Each list in force, as JSON.
    fn lists(&self) -> PyResult<String> {
        let loaded = &self.screening.loaded;
        let mut lists: Vec<v1::ListStatus> =
            loaded.engine().snapshot().lists().iter().map(wire::list_info_to_wire).collect();
        for list in &mut lists {
            list.age = self.screening.identity.lists.iter().find(|age| age.list == list.list).cloned();
        }
        json(&lists)
    }

    /// Screenings that were answered and are not in the ledger.
    #[getter]
    fn unrecorded(&self) -> u64 {
        self.screening.recording.as_ref().map_or(0, Recording::unrecorded)
    }

    /// Signs a last head of the ledger and lets it go.
    fn close(&self, py: Python<'_>) -> PyResult<()> {
        let Some(recording) = &self.screening.recording else { return Ok(()) };
        match detached(py, || recording.close())? {
            None => Ok(()),
            Some(attention) => Err(LedgerError::new_err(attention)),
        }
    }

    /// Fingerprint of the lists.
    #[getter]
    fn snapshot(&self) -> &str {
        &self.screening.identity.snapshot
    }

    /// Fingerprint of the policy.
    #[getter]
    fn policy(&self) -> &str {
        &self.screening.identity.policy
    }

    /// Name and version of the engine.
    #[getter]
    fn engine(&self) -> &str {
        &self.screening.identity.engine
    }
}

fn json(value: &impl serde::Serialize) -> PyResult<String> {
    serde_json::to_string(value).map_err(|e| PyValueError::new_err(e.to_string()))
}

fn load(wanted: Wanted, threads: usize) -> PyResult<Screening> {
    let sources = files::sources(wanted.builtin, &wanted.lists, wanted.data_dir.as_deref());
    let policy = files::policy(wanted.policy.as_deref(), wanted.ownership.as_deref()).map_err(|e| errors::list(&e))?;
    let recording = Recording::open(&wanted.ledger, &policy, wanted.ownership.as_deref())?;
    let policy = recording.as_ref().map_or(Ok(policy), Recording::policy)?;
    let rules = files::rules(&wanted.packs, &wanted.without_packs).map_err(|e| errors::list(&e))?;
    let recipe = Recipe { sources, policy: Arc::new(policy), limits: Limits::default(), rules };
    let current = Current::new(recipe)
        .requiring(Required::new(wanted.require, BTreeMap::new()))
        .with_stale_after(wanted.stale_after_hours);
    let loaded = current.reload().map_err(|e| errors::list(&e))?.now;
    if !loaded.missing().is_empty() {
        return Err(ListError::new_err(format!("nothing is screened: {}", loaded.missing().join("; "))));
    }
    Screening::new(loaded, threads, recording)
        .map_err(|e| PyValueError::new_err(format!("start {threads} threads: {e}")))
}
