//! Signed notes (C2SP signed-note) with Ed25519: a text, a blank line, and a line for each signature.

use crate::bytes::{base64, hex, random, sha256, unbase64};
use ed25519_dalek::Signer as _;
use std::fmt;

/// The type byte of Ed25519 keys in notes.
const ED25519: u8 = 1;

/// Signs notes.
#[derive(Clone)]
pub struct SigningKey {
    name: String,
    key: ed25519_dalek::SigningKey,
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigningKey").field("name", &self.name).finish_non_exhaustive()
    }
}

/// Checks notes.
#[derive(Clone, Debug)]
pub struct VerifyingKey {
    name: String,
    key: ed25519_dalek::VerifyingKey,
}

/// A new random seed.
pub(crate) fn new_seed() -> [u8; 32] {
    random()
}

/// The public key of a seed.
pub(crate) fn public_of(seed: &[u8; 32]) -> [u8; 32] {
    ed25519_dalek::SigningKey::from_bytes(seed).verifying_key().to_bytes()
}

impl SigningKey {
    /// The key of this name with this seed.
    pub(crate) fn new(name: &str, seed: &[u8; 32]) -> Self {
        Self { name: name.to_owned(), key: ed25519_dalek::SigningKey::from_bytes(seed) }
    }

    /// Signs a text, which ends in a line feed.
    pub fn sign(&self, text: String) -> Note {
        let mut signature = key_hash(&self.name, &self.key.verifying_key().to_bytes()).to_vec();
        signature.extend(self.key.sign(text.as_bytes()).to_bytes());
        Note { text, signer: self.name.clone(), signature }
    }
}

impl VerifyingKey {
    /// The key of this name; `None` when the bytes are no key.
    pub fn new(name: &str, public: &[u8; 32]) -> Option<Self> {
        let key = ed25519_dalek::VerifyingKey::from_bytes(public).ok()?;
        Some(Self { name: name.to_owned(), key })
    }

    /// As verifiers of notes write it: name, hash and key.
    pub fn vkey(&self) -> String {
        let public = self.key.to_bytes();
        let typed: Vec<u8> = [&[ED25519][..], &public].concat();
        format!("{}+{}+{}", self.name, hex(&key_hash(&self.name, &public)), base64(&typed))
    }

    /// Whether the key signed the note.
    pub fn has_signed(&self, note: &Note) -> bool {
        let Some((hash, signature)) = note.signature.split_first_chunk::<4>() else { return false };
        let Ok(signature) = signature.try_into().map(|s: [u8; 64]| ed25519_dalek::Signature::from_bytes(&s)) else {
            return false;
        };
        note.signer == self.name
            && *hash == key_hash(&self.name, &self.key.to_bytes())
            && self.key.verify_strict(note.text.as_bytes(), &signature).is_ok()
    }
}

fn key_hash(name: &str, public: &[u8; 32]) -> [u8; 4] {
    let digest = sha256(&[name.as_bytes(), b"\n", &[ED25519], public]);
    [digest[0], digest[1], digest[2], digest[3]]
}

/// A signed text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// The text, which ends in a line feed.
    pub text: String,
    signer: String,
    signature: Vec<u8>,
}

impl Note {
    /// Reads a note with one signature; `None` when it is written otherwise than [`Note`]'s own form.
    pub fn parse(written: &str) -> Option<Self> {
        let (text, signature) = written.split_once("\n\n")?;
        let line = signature.strip_suffix('\n')?.strip_prefix("— ")?;
        let (signer, encoded) = line.split_once(' ')?;
        let note = Self { text: format!("{text}\n"), signer: signer.to_owned(), signature: unbase64(encoded)? };
        // One form and no other, so that no byte of a note can change unseen.
        (note.to_string() == written).then_some(note)
    }
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}\n— {} {}\n", self.text, self.signer, base64(&self.signature))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_note_holds_for_its_text_and_its_key_alone() {
        let seed = [7; 32];
        let (signer, public) = (SigningKey::new("example/ledger", &seed), public_of(&seed));
        let note = signer.sign("example/ledger\n1\nroot\n".to_owned());
        let key = VerifyingKey::new("example/ledger", &public).unwrap();
        let read = Note::parse(&note.to_string()).unwrap();
        assert_eq!(read, note);
        assert!(key.has_signed(&read));
        assert!(!VerifyingKey::new("other", &public).unwrap().has_signed(&read));
        let mut other = read;
        other.text = other.text.replace('1', "2");
        assert!(!key.has_signed(&other));
        assert_eq!(Note::parse(&note.to_string().replace("— ", "- ")), None);
    }

    /// Test vector 2 of RFC 8032, 7.1.
    #[test]
    fn keys_are_those_of_rfc_8032() {
        let seed = "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb";
        let public = public_of(&crate::bytes::unhex(seed).unwrap());
        assert_eq!(hex(&public), "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c");
    }
}
