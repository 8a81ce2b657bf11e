//! From one check whether to stop to the next: what bounds how long a deadline is missed, and how long a small call waits
//! behind a large one.

use super::hostile;
use crate::shared::builtin;
use engine::screen::{Now, Scratch, Stop};
use std::fs::File;
use std::os::unix::fs::FileExt as _;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// The longest pause that is allowed, of processor time. With it a deadline is missed by less than 50 ms.
const LONGEST: Duration = Duration::from_millis(50);
/// How long each record is screened, at most.
const PATIENCE: Duration = Duration::from_secs(4);

/// Measures the time between checks; due after [`PATIENCE`].
struct Watch {
    /// What this thread has had of the processor: other work on the machine does not count.
    clock: File,
    state: Mutex<State>,
}

struct State {
    started: Instant,
    last: Duration,
    longest: Duration,
    where_it_ended: String,
    checks: u64,
}

impl Watch {
    fn start() -> Arc<Self> {
        let clock = File::open("/proc/thread-self/schedstat").expect("Linux says how long a thread ran");
        let state = State {
            started: Instant::now(),
            last: Duration::ZERO,
            longest: Duration::ZERO,
            where_it_ended: String::new(),
            checks: 0,
        };
        let watch = Self { clock, state: Mutex::new(state) };
        watch.state.lock().expect("alone").last = watch.ran();
        Arc::new(watch)
    }

    fn ran(&self) -> Duration {
        let mut text = [0; 64];
        let read = self.clock.read_at(&mut text, 0).expect("reads");
        let text = std::str::from_utf8(&text[..read]).expect("digits");
        Duration::from_nanos(text.split(' ').next().and_then(|n| n.parse().ok()).expect("nanoseconds"))
    }

    fn check(&self) -> bool {
        let now = self.ran();
        let mut state = self.state.lock().expect("alone");
        let pause = now.saturating_sub(state.last);
        state.checks += 1;
        if pause > state.longest {
            state.longest = pause;
            if pause > LONGEST / 5 {
                state.where_it_ended = std::backtrace::Backtrace::force_capture().to_string();
            }
        }
        state.last = self.ran();
        state.started.elapsed() > PATIENCE
    }
}

impl Stop for Watch {
    fn is_due(&self) -> bool {
        self.check()
    }
}

#[test]
fn a_deadline_ends_work_within_fifty_milliseconds_wherever_it_is() {
    let engine = builtin();
    let mut scratch = Scratch::default();
    let mut faults = Vec::new();
    for (what, shipment) in hostile::shipments() {
        let watch = Watch::start();
        let started = Instant::now();
        let stop: Arc<dyn Stop> = Arc::<Watch>::clone(&watch);
        let ended = engine.screen_until(&shipment, Now::default(), stop, &mut scratch);
        let took = started.elapsed();
        watch.check();
        let state = watch.state.lock().expect("alone");
        let end = if ended.is_ok() { "whole" } else { "stopped" };
        println!("{what}: longest pause {:?}, {} checks, {took:?}, {end}", state.longest, state.checks);
        if state.longest > LONGEST {
            let ours = |line: &&str| line.contains("tidewaiter_engine") || line.contains("crates/engine");
            let at: Vec<&str> = state.where_it_ended.lines().filter(ours).take(8).collect();
            faults.push(format!("{what}: {:?}, which ended at\n{}", state.longest, at.join("\n")));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
