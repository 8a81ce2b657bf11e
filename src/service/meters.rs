//! Metrics, and the only place that names them.
//!
//! Counters are registered once and held, so that counting is one atomic addition. Labels come from closed sets: methods,
//! codes, reasons, outcomes, lists, and the callers of the callers file; never from what a caller sends.

use super::methods::{METHODS, Method};
use crate::service::guard::access::Caller;
use crate::service::guard::failure::REASONS;
use current::Loaded;
use engine::screen::ENGINE;
use metrics::{Counter, Gauge, Histogram, counter, gauge, histogram, with_local_recorder};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusRecorder};
use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use tonic::Code;
use wire::v1;

/// Upper bounds of the latency buckets, seconds: a unary screening takes some hundred microseconds, a large batch
/// some seconds.
const SECONDS: [f64; 16] =
    [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0, 60.0];

/// Number of gRPC codes.
const CODES: usize = 17;

/// Everything counted by one server.
pub(super) struct Meters {
    recorder: PrometheusRecorder,
    counted: Counted,
}

/// Counters, registered once.
struct Counted {
    calls: Vec<[OnceLock<Counter>; CODES]>,
    seconds: Vec<Histogram>,
    outcomes: Vec<Counter>,
    findings: Vec<Counter>,
    refusals: BTreeMap<&'static str, Counter>,
    other_refusals: Counter,
    connections: Gauge,
    connections_opened: Counter,
    /// Successful, failed.
    reloads: [Counter; 2],
    /// Successful, failed.
    credential_reloads: [Counter; 2],
}

/// What is looked up when metrics are read, rather than counted.
#[derive(Debug)]
pub(super) struct Measures {
    /// Jobs that wait for a screening thread: single ones, and parts of batches.
    pub(super) waiting: (usize, usize),
    pub(super) threads: usize,
    pub(super) in_flight: usize,
    pub(super) open_streams: usize,
    pub(super) held_bytes: usize,
    pub(super) is_ready: bool,
    /// Whether the last attempt to load failed.
    pub(super) has_failed: bool,
    pub(super) loaded: Option<Arc<Loaded>>,
    /// Screenings that were answered and are not in the ledger; `None`: there is no ledger.
    pub(super) unrecorded: Option<u64>,
}

impl Meters {
    /// All at zero.
    pub(super) fn new() -> Self {
        let builder = PrometheusBuilder::new().set_buckets(&SECONDS).expect("there are buckets");
        let recorder = builder.build_recorder();
        with_local_recorder(&recorder, || {
            describe();
            gauge!("tidewaiter_build_info", "engine" => ENGINE).set(1.0);
        });
        let outcome = |number: i32| v1::screening::Outcome::try_from(number).ok().map(|o| o.as_str_name());
        let reason = |number: i32| v1::finding::Reason::try_from(number).ok().map(|r| r.as_str_name());
        let refusal = |reason: &'static str| counter!("tidewaiter_refusals_total", "reason" => reason);
        let results = |name: &'static str| ["ok", "failed"].map(|result| counter!(name, "result" => result));
        let seconds = |m: &Method| histogram!("tidewaiter_call_seconds", "method" => m.label);
        let counted = with_local_recorder(&recorder, || Counted {
            calls: METHODS.iter().map(|_| [const { OnceLock::new() }; CODES]).collect(),
            seconds: METHODS.iter().map(seconds).collect(),
            outcomes: (0..)
                .map_while(outcome)
                .map(|name| counter!("tidewaiter_shipments_total", "outcome" => name))
                .collect(),
            findings: (0..)
                .map_while(reason)
                .map(|name| counter!("tidewaiter_findings_total", "reason" => name))
                .collect(),
            refusals: REASONS.iter().map(|&reason| (reason, refusal(reason))).collect(),
            other_refusals: refusal("OTHER"),
            connections: gauge!("tidewaiter_connections"),
            connections_opened: counter!("tidewaiter_connections_total"),
            reloads: results("tidewaiter_reloads_total"),
            credential_reloads: results("tidewaiter_credential_reloads_total"),
        });
        Self { recorder, counted }
    }

    /// A call has ended.
    pub(super) fn called(&self, method: usize, code: Code, took: Duration) {
        let counter = self.counted.calls[method][code as usize].get_or_init(|| {
            let (method, code) = (METHODS[method].label, format!("{code:?}"));
            with_local_recorder(
                &self.recorder,
                || counter!("tidewaiter_calls_total", "method" => method, "code" => code),
            )
        });
        counter.increment(1);
        self.counted.seconds[method].record(took.as_secs_f64());
    }

    /// A known caller called.
    pub(super) fn called_by(&self, caller: &Caller) {
        let register = || counter!("tidewaiter_caller_calls_total", "caller" => caller.name().to_owned());
        caller.counted.get_or_init(|| with_local_recorder(&self.recorder, register)).increment(1);
    }

    /// A call or connection was refused, or failed.
    pub(super) fn refused(&self, reason: &str) {
        self.counted.refusals.get(reason).unwrap_or(&self.counted.other_refusals).increment(1);
    }

    /// Shipments were screened for a caller.
    pub(super) fn screened(&self, screenings: &[v1::Screening]) {
        for screening in screenings {
            count(&self.counted.outcomes, screening.outcome);
            for finding in &screening.findings {
                count(&self.counted.findings, finding.reason);
            }
        }
    }

    /// A connection was accepted.
    pub(super) fn connection_opened(&self) {
        self.counted.connections_opened.increment(1);
    }

    /// A connection is served from now on.
    pub(super) fn connection_begins(&self) {
        self.counted.connections.increment(1.0);
    }

    /// A connection ended.
    pub(super) fn connection_ends(&self) {
        self.counted.connections.decrement(1.0);
    }

    /// Certificates and callers were read again, or could not be.
    pub(super) fn credentials_reloaded(&self, is_ok: bool) {
        self.counted.credential_reloads[usize::from(!is_ok)].increment(1);
    }

    /// Lists were loaded, or could not be.
    pub(super) fn reloaded(&self, is_ok: bool) {
        self.counted.reloads[usize::from(!is_ok)].increment(1);
    }

    /// Moves recorded latencies into their buckets; must be called every few seconds, or they pile up.
    pub(super) fn settle(&self) {
        self.recorder.handle().run_upkeep();
    }

    /// Everything, as Prometheus reads it.
    pub(super) fn render(&self, measures: &Measures) -> String {
        with_local_recorder(&self.recorder, || measure(measures));
        self.recorder.handle().render()
    }
}

fn count(counters: &[Counter], number: i32) {
    if let Some(counter) = usize::try_from(number).ok().and_then(|n| counters.get(n)) {
        counter.increment(1);
    }
}

/// Sets what is looked up rather than counted.
fn measure(now: &Measures) {
    let flag = |is: bool| f64::from(u8::from(is));
    gauge!("tidewaiter_queue_depth", "lane" => "quick").set(now.waiting.0 as f64);
    gauge!("tidewaiter_queue_depth", "lane" => "bulk").set(now.waiting.1 as f64);
    gauge!("tidewaiter_in_flight_calls").set(now.in_flight as f64);
    gauge!("tidewaiter_open_streams").set(now.open_streams as f64);
    gauge!("tidewaiter_held_bytes").set(now.held_bytes as f64);
    gauge!("tidewaiter_screening_threads").set(now.threads as f64);
    gauge!("tidewaiter_ready").set(flag(now.is_ready));
    gauge!("tidewaiter_last_load_failed").set(flag(now.has_failed));
    if let Some(unrecorded) = now.unrecorded {
        counter!("tidewaiter_ledger_unrecorded_total").absolute(unrecorded);
    }
    let Some(loaded) = &now.loaded else { return };
    gauge!("tidewaiter_lists_generation").set(loaded.generation() as f64);
    gauge!("tidewaiter_lists_load_seconds").set(loaded.took().as_secs_f64());
    gauge!("tidewaiter_lists_loaded_timestamp_seconds").set(loaded.loaded_at().as_second() as f64);
    for list in loaded.engine().snapshot().lists() {
        let id = list.id.as_str().to_owned();
        gauge!("tidewaiter_list_entries", "list" => id.clone()).set(f64::from(list.entries));
        gauge!("tidewaiter_list_names", "list" => id.clone()).set(f64::from(list.names));
        if let Some(published) = list.published
            && let Ok(at) = published.to_zoned(jiff::tz::TimeZone::UTC)
        {
            gauge!("tidewaiter_list_published_timestamp_seconds", "list" => id).set(at.timestamp().as_second() as f64);
        }
    }
}

fn describe() {
    use metrics::{describe_counter, describe_gauge, describe_histogram};
    describe_counter!("tidewaiter_calls_total", "Calls ended, by method and gRPC code.");
    describe_histogram!("tidewaiter_call_seconds", "Time from the headers of a call to the end of its answer.");
    describe_counter!("tidewaiter_caller_calls_total", "Calls let in, by caller of the callers file.");
    describe_counter!("tidewaiter_shipments_total", "Shipments answered, by outcome.");
    describe_counter!("tidewaiter_findings_total", "Findings reported, by reason.");
    describe_counter!("tidewaiter_refusals_total", "Calls and connections refused or failed, by ErrorInfo reason.");
    describe_gauge!("tidewaiter_connections", "Connections open.");
    describe_counter!("tidewaiter_connections_total", "Connections accepted.");
    describe_counter!("tidewaiter_reloads_total", "Attempts to load the lists, by result.");
    describe_counter!(
        "tidewaiter_credential_reloads_total",
        "Attempts to read certificates and callers again, by result."
    );
    describe_gauge!("tidewaiter_build_info", "1, with the version.");
    describe_gauge!("tidewaiter_queue_depth", "Jobs that wait for a screening thread.");
    describe_gauge!("tidewaiter_in_flight_calls", "Calls in progress, streams not counted.");
    describe_gauge!("tidewaiter_open_streams", "Streams open.");
    describe_gauge!(
        "tidewaiter_held_bytes",
        "Bytes of requests held; compressed ones count as what they may unpack to until they are read."
    );
    describe_gauge!("tidewaiter_screening_threads", "Threads that screen.");
    describe_gauge!("tidewaiter_ready", "1 when lists are loaded and the service is not stopping.");
    describe_gauge!(
        "tidewaiter_last_load_failed",
        "1 when the last attempt to load failed and older lists are in force."
    );
    describe_counter!(
        "tidewaiter_ledger_unrecorded_total",
        "Screenings that were answered and are not in the ledger; only where evidence is async."
    );
    describe_gauge!("tidewaiter_lists_generation", "1 for the first snapshot loaded, one more for each load after it.");
    describe_gauge!("tidewaiter_lists_load_seconds", "How long the last load took.");
    describe_gauge!("tidewaiter_lists_loaded_timestamp_seconds", "When the lists in force were loaded.");
    describe_gauge!("tidewaiter_list_entries", "Entries in force, by list.");
    describe_gauge!("tidewaiter_list_names", "Names in force, by list.");
    describe_gauge!("tidewaiter_list_published_timestamp_seconds", "When the list in force was published, by list.");
}

impl fmt::Debug for Meters {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Meters").finish_non_exhaustive()
    }
}
