//! How much memory lists may take, each and in all.
//!
//! A list is somebody else's file: what it unpacks to must not end the service. Entries, names and text are counted as
//! readers deliver them, and the growth of the whole process is watched while a file is read, as readers of some formats
//! hold much before they deliver anything. A list beyond a bound is refused, and the old lists stay in force.

use std::sync::atomic::{AtomicU64, Ordering};

/// Entries of one list, at most: ten times the largest collection that we know.
pub(crate) const MAX_ENTRIES: u64 = 10_000_000;
/// Names of one list, at most.
pub(crate) const MAX_NAMES: u64 = 30_000_000;
/// Names of one entry, at most; the most of any published entry that we know are some hundreds.
pub(crate) const MAX_NAMES_OF_ENTRY: usize = 20_000;
/// Addresses, numbers, dates and the like of one entry, at most of each.
pub(crate) const MAX_OF_A_KIND: usize = 5_000;

/// Bytes that all lists together may take, unless set otherwise.
const DEFAULT: u64 = 4 << 30;

static BUDGET: AtomicU64 = AtomicU64::new(DEFAULT);

/// Sets how many bytes all lists together may take in this process; 4 GiB without it. One list may take half of them. A
/// reload holds the lists in force beside the new ones, so a service may need twice as much, and memory for the matcher.
pub fn set_memory_budget(bytes: u64) {
    BUDGET.store(bytes, Ordering::Relaxed);
}

/// Bytes that all lists may take.
pub(crate) fn of_all() -> u64 {
    BUDGET.load(Ordering::Relaxed)
}

/// Bytes that one list may take.
pub(crate) fn of_list() -> u64 {
    of_all() / 2
}

/// Bytes that this process has in memory; `None` where the system does not say.
pub(crate) fn resident() -> Option<u64> {
    // Pages, the second number; 4 KiB where the size is not known is a low estimate on systems with larger ones.
    let text = std::fs::read_to_string("/proc/self/statm").ok()?;
    text.split(' ').nth(1)?.parse::<u64>().ok().map(|pages| pages * 4096)
}

/// Bytes in words.
pub(crate) fn in_words(bytes: u64) -> String {
    if bytes >= 1 << 30 {
        format!("{:.1} GiB", bytes as f64 / f64::from(1u32 << 30))
    } else {
        format!("{} MiB", bytes >> 20)
    }
}
