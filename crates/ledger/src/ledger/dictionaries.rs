//! Dictionaries for writing: one for each data key that takes many records, trained beside the work.

use crate::keys::{DataKey, KeyId};
use crate::log::frame::Kind;
use crate::record::dictionary::{Packer, SAMPLE, SAMPLES, train};
use crate::record::seal;
use crate::writer::Door;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;

/// The dictionaries of an open ledger.
#[derive(Clone, Debug, Default)]
pub(super) struct Dictionaries(Arc<Mutex<BTreeMap<KeyId, State>>>);

#[derive(Debug)]
enum State {
    /// Messages that one will be trained from.
    Gathering(Vec<Vec<u8>>),
    /// It is being trained, or could not be.
    None,
    Ready(Arc<Packer>),
}

impl Dictionaries {
    fn states(&self) -> MutexGuard<'_, BTreeMap<KeyId, State>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// That of a key, where there is one already.
    pub(super) fn of(&self, key: KeyId) -> Option<Arc<Packer>> {
        match self.states().get(&key) {
            Some(State::Ready(packer)) => Some(Arc::clone(packer)),
            _ => None,
        }
    }

    /// Takes messages under a key as samples; gives them back when there are enough to train one.
    pub(super) fn gather(&self, key: KeyId, messages: impl Iterator<Item = Vec<u8>>) -> Option<Vec<Vec<u8>>> {
        let mut states = self.states();
        let state = states.entry(key).or_insert_with(|| State::Gathering(Vec::new()));
        let State::Gathering(samples) = state else { return None };
        samples.extend(messages.filter(|message| message.len() <= SAMPLE));
        if samples.len() < SAMPLES {
            return None;
        }
        let samples = std::mem::take(samples);
        *state = State::None;
        Some(samples)
    }

    /// Trains one on a thread of its own and records it; what is written meanwhile does without. Where that fails,
    /// records stay as long as they are.
    pub(super) fn train(&self, (id, key): (KeyId, DataKey), samples: Vec<Vec<u8>>, door: Door) {
        let dictionaries = self.clone();
        let work = move || {
            let Some(dictionary) = train(&samples) else { return };
            drop(samples);
            let Ok(draft) = seal(Kind::Dictionary, &dictionary, Some((id, &key)), None) else { return };
            let ready = move |recorded: crate::error::Result<std::ops::Range<u64>>| {
                let Ok(numbers) = recorded else { return };
                if let Some(packer) = Packer::new(numbers.start, &dictionary) {
                    dictionaries.states().insert(id, State::Ready(Arc::new(packer)));
                }
            };
            door.append(vec![draft], false, None, Box::new(ready));
        };
        drop(thread::Builder::new().name("ledger dictionary".to_owned()).spawn(work));
    }
}
