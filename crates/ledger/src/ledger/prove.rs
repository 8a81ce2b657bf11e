//! Proofs from an open ledger.

use super::Ledger;
use crate::bytes::{base64, sha256};
use crate::error::{Error, Result};
use crate::proof::paper::{Disclosed, Paper};
use crate::proof::{self, Head};

impl Ledger {
    /// The key that checks signed heads, as verifiers of C2SP notes write it.
    ///
    /// # Errors
    /// When ledger.json holds none.
    pub fn vkey(&self) -> Result<String> {
        Ok(proof::head::key_of(&self.vault.about)?.vkey())
    }

    /// Every signed head, oldest first, each with its note.
    ///
    /// # Errors
    /// When one is damaged.
    pub fn heads(&self) -> Result<Vec<(Head, String)>> {
        proof::heads(&self.vault.layout, &self.vault.about)
    }

    /// A proof that a record stands in the ledger, under the last signed head. `discloses`: with what the record says.
    ///
    /// # Errors
    /// When there is no such record, no head covers it, or it is erased and should be disclosed.
    pub fn prove(&self, number: u64, discloses: bool) -> Result<Paper> {
        let sealed = self.vault.log.read(number)?;
        let heads = self.heads()?;
        let none = || Error::Refused("no tree head has been signed yet".to_owned());
        let (head, note) = heads.last().ok_or_else(none)?;
        let disclosed = match discloses {
            false => None,
            true => {
                let opened = self.vault.opened(&sealed)?;
                Some(Disclosed { salt: base64(&opened.salt), message: base64(&opened.message) })
            }
        };
        let payload = sha256(&[&sealed.payload]);
        Paper::new((&self.vault.layout, &self.vault.about), (number, &sealed.head(), &payload), (head, note), disclosed)
    }
}
