//! Work in the background that yields to callers: reading and compiling lists, freeing old ones.

use std::num::NonZero;
use std::thread;

/// The lowest priority: such a thread runs when no other wants the processor.
#[cfg(target_os = "linux")]
const NICEST: i32 = 19;

/// Does `work`, and what it does in parallel, on threads that yield to all others; waits for its end.
pub fn run<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    let threads = thread::available_parallelism().map_or(1, NonZero::get);
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(threads)
        .thread_name(|i| format!("reload {i}"))
        .start_handler(|_| yield_to_others())
        .build();
    match pool {
        Ok(pool) => pool.install(work),
        // Without threads of its own the work is done here.
        Err(_) => work(),
    }
}

/// Starts a thread that yields to all others; whether there is one. Without it, `work` is dropped undone.
pub fn detach(name: &str, work: impl FnOnce() + Send + 'static) -> bool {
    let started = thread::Builder::new().name(name.to_owned()).spawn(move || {
        yield_to_others();
        work();
    });
    started.is_ok()
}

#[cfg(target_os = "linux")]
fn yield_to_others() {
    // On Linux a priority belongs to the thread, and to the threads it starts. Where it is refused, work is done
    // as usual.
    let _as_usual = rustix::process::setpriority_process(Some(rustix::thread::gettid()), NICEST);
}

#[cfg(not(target_os = "linux"))]
fn yield_to_others() {}

#[cfg(test)]
#[cfg(target_os = "linux")]
mod tests {
    use super::*;
    use rayon::prelude::*;

    fn priority() -> i32 {
        rustix::process::getpriority_process(Some(rustix::thread::gettid())).expect("a thread has one")
    }

    #[test]
    fn work_in_the_background_yields_and_the_caller_does_not() {
        let before = priority();
        let priorities: Vec<i32> = run(|| (0..64).into_par_iter().map(|_| priority()).collect());
        assert!(priorities.iter().all(|p| *p == NICEST), "{priorities:?}");
        assert_eq!(priority(), before);
    }
}
