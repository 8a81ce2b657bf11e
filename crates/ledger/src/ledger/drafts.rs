//! Screenings as drafts for the log. What those of one call have in common is looked up once.

use super::{Basis, Ledger};
use crate::error::Result;
use crate::keys::{DataKey, KeyId};
use crate::log::frame::{Draft, Kind};
use crate::record::dictionary::Packer;
use crate::record::{Context, Evidence, Screened, apart, seal};
use crate::settings::{Class, Settings};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use prost::Message as _;
use std::borrow::BorrowMut;
use std::sync::Arc;
use wire::v1;

/// The screenings of one call.
struct Call<'a> {
    ledger: &'a Ledger,
    basis: &'a Context,
    settings: &'a Settings,
    today: Date,
    /// What answers of the call share, with the number of the context record that holds it.
    contexts: Vec<(v1::Screening, u64)>,
    keys: Vec<Key<'a>>,
}

/// What the records of one class are sealed with.
struct Key<'a> {
    class: &'a str,
    id: KeyId,
    key: DataKey,
    dictionary: Option<Arc<Packer>>,
    /// Messages that a dictionary may be trained from, as long as there is none.
    samples: Vec<Vec<u8>>,
}

impl Ledger {
    pub(super) fn drafts<A: BorrowMut<v1::Screening>>(
        &self,
        screened: Vec<Screened<A>>,
        basis: &Basis,
    ) -> Result<Vec<Draft>> {
        self.take_settings()?;
        let settings = self.settings();
        let today = Timestamp::now().to_zoned(TimeZone::UTC).date();
        let (basis, settings) = (&basis.context, &*settings);
        let mut call = Call { ledger: self, basis, settings, today, contexts: Vec::new(), keys: Vec::new() };
        let drafts = screened.into_iter().map(|screened| call.draft(screened)).collect::<Result<_>>()?;
        for Key { id, key, samples, .. } in call.keys.into_iter().filter(|key| !key.samples.is_empty()) {
            if let Some(enough) = self.dictionaries.gather(id, samples.into_iter()) {
                self.dictionaries.train((id, key), enough, self.writer()?.door());
            }
        }
        Ok(drafts)
    }
}

impl<'a> Call<'a> {
    fn draft<A: BorrowMut<v1::Screening>>(&mut self, screened: Screened<A>) -> Result<Draft> {
        let (mut answer, mut rest) = screened.split();
        let at = self.key_of(self.settings.class_of(answer.borrow(), &rest.caller))?;
        let own = rest.context.take();
        let message = apart(answer.borrow_mut(), |answer, shared| -> Result<Vec<u8>> {
            let context = match own {
                Some(own) => self.ledger.context_of(shared, &own)?,
                None => self.context_of(shared)?,
            };
            Ok(Evidence::of(rest, answer, context).encode_to_vec())
        })?;
        let Key { id, key, dictionary, samples, .. } = &mut self.keys[at];
        let draft = seal(Kind::Screening, &message, Some((*id, key)), dictionary.as_deref())?;
        if dictionary.is_none() {
            samples.push(message);
        }
        Ok(draft)
    }

    /// Where the key of a class stands among those of the call.
    fn key_of(&mut self, class: &'a Class) -> Result<usize> {
        if let Some(at) = self.keys.iter().position(|key| key.class == class.name) {
            return Ok(at);
        }
        let (id, key) = self.ledger.key_of(&class.name, &class.period.of(self.today))?;
        let dictionary = self.ledger.dictionaries.of(id);
        self.keys.push(Key { class: &class.name, id, key, dictionary, samples: Vec::new() });
        Ok(self.keys.len() - 1)
    }

    /// The number of the context record for what an answer shares with others, on the basis of the call.
    fn context_of(&mut self, shared: &v1::Screening) -> Result<u64> {
        if let Some((_, number)) = self.contexts.iter().find(|(met, _)| met == shared) {
            return Ok(*number);
        }
        let number = self.ledger.context_of(shared, self.basis)?;
        self.contexts.push((shared.clone(), number));
        Ok(number)
    }
}
