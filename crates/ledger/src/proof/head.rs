//! Signed tree heads, as C2SP checkpoints: what the tree was at a time, and who says so.

use super::note::{Note, SigningKey, VerifyingKey};
use crate::bytes::{self, Digest, base64, unbase64};
use crate::error::{Error, Result};
use crate::layout::{About, Layout};
use jiff::Timestamp;
use std::fs::{self, File};
use std::io::Write as _;

/// What the tree was at a time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// How many records it covers.
    pub size: u64,
    /// The root over them.
    pub root: Digest,
    /// When it was signed.
    pub time: Timestamp,
}

impl Head {
    fn text(&self, origin: &str) -> String {
        format!("{origin}\n{}\n{}\ntime {}\n", self.size, base64(&self.root), self.time)
    }

    /// Signs it.
    pub(crate) fn sign(&self, origin: &str, key: &SigningKey) -> Note {
        key.sign(self.text(origin))
    }

    /// Reads the text of a note; `None` when it is not a head of `origin` in its one form.
    pub(crate) fn of_note(note: &Note, origin: &str) -> Option<Self> {
        let mut lines = note.text.lines();
        let (_, size, root, time) = (lines.next()?, lines.next()?, lines.next()?, lines.next()?);
        let head = Self {
            size: size.parse().ok()?,
            root: unbase64(root)?.try_into().ok()?,
            time: time.strip_prefix("time ")?.parse().ok()?,
        };
        (head.text(origin) == note.text).then_some(head)
    }
}

/// The key that checks the heads of a ledger.
pub(crate) fn key_of(ledger: &About) -> Result<VerifyingKey> {
    VerifyingKey::new(&ledger.origin, &ledger.public_key).ok_or_else(|| Error::Settings {
        file: "ledger.json".to_owned(),
        message: "public_key is no Ed25519 key".to_owned(),
    })
}

/// Reads one signed head.
pub(crate) fn read_note(ledger: &About, key: &VerifyingKey, written: &str) -> std::result::Result<Head, String> {
    let note = Note::parse(written).ok_or("it is not a signed note")?;
    if !key.has_signed(&note) {
        return Err("the signature does not hold".to_owned());
    }
    Head::of_note(&note, &ledger.origin).ok_or_else(|| "it is not a tree head of this ledger".to_owned())
}

/// Every signed head of a ledger, oldest first, each with its note.
///
/// # Errors
/// When a head or what stands between two is damaged, a signature does not hold, or the sizes go down.
pub fn heads(layout: &Layout, ledger: &About) -> Result<Vec<(Head, String)>> {
    let path = layout.heads();
    let text = match fs::read_to_string(&path) {
        Ok(text) => text,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(e) if e.kind() == std::io::ErrorKind::InvalidData => {
            return Err(Error::damaged(&path, 0, None, "it is not text"));
        }
        Err(e) => return Err(Error::io("read", &path)(e)),
    };
    let key = key_of(ledger)?;
    let mut found: Vec<(Head, String)> = Vec::new();
    let mut at = 0;
    while at < text.len() {
        let wrong = |why: String| Error::damaged(&path, at as u64, None, why);
        // A note is a text, a blank line and a line with the signature; a blank line stands between two notes.
        let rest = &text[at..];
        let signature = rest.find("\n\n").map(|i| i + 2).ok_or_else(|| wrong("it is not a signed note".to_owned()))?;
        let length = rest[signature..].find('\n').map(|i| signature + i + 1);
        let length = length.ok_or_else(|| wrong("the signature is cut off".to_owned()))?;
        let head = read_note(ledger, &key, &rest[..length]).map_err(wrong)?;
        if found.last().is_some_and(|(last, _)| last.size > head.size) {
            return Err(wrong("the head covers fewer records than the one before".to_owned()));
        }
        if !rest[length..].starts_with('\n') {
            return Err(wrong("expected a blank line behind the note".to_owned()));
        }
        found.push((head, rest[..length].to_owned()));
        at += length + 1;
    }
    Ok(found)
}

/// Adds a head: to all heads, and as the checkpoint.
pub(crate) fn keep(layout: &Layout, note: &Note) -> Result<()> {
    let path = layout.heads();
    let mut file = File::options().append(true).create(true).open(&path).map_err(Error::io("write", &path))?;
    let before = file.metadata().map_err(Error::io("read", &path))?.len();
    let written = file.write_all(format!("{note}\n").as_bytes()).and_then(|()| file.sync_data());
    if let Err(source) = written {
        // Half a head would be taken for damage.
        let _cut = file.set_len(before);
        return Err(Error::io("write", &path)(source));
    }
    bytes::write_whole(&layout.checkpoint(), note.to_string().as_bytes(), false)
}

/// Makes the last of these heads the checkpoint, where a crash came between the two: the one before stands there still, or
/// none. Anything else is left for a check to find.
pub(crate) fn settle(layout: &Layout, heads: &[(Head, String)]) -> Result<()> {
    let Some(((_, last), before)) = heads.split_last() else { return Ok(()) };
    let path = layout.checkpoint();
    let there = match fs::read(&path) {
        Ok(there) => Some(there),
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => None,
        Err(source) => return Err(Error::io("read", &path)(source)),
    };
    if there.as_deref() == before.last().map(|(_, note)| note.as_bytes()) {
        bytes::write_whole(&path, last.as_bytes(), false)?;
    }
    Ok(())
}

/// Cuts a head off that a crash kept from being written to its end; says how many bytes.
pub(crate) fn mend(layout: &Layout) -> Result<u64> {
    let path = layout.heads();
    let Ok(text) = fs::read(&path) else { return Ok(0) };
    if text.is_empty() || text.ends_with(b"\n\n") && text.windows(2).filter(|w| w == b"\n\n").count() % 2 == 0 {
        return Ok(0);
    }
    // Notes end in a blank line, and have one inside: the last sound end is the last blank line of even number.
    let ends: Vec<usize> = text.windows(2).enumerate().filter(|(_, w)| *w == b"\n\n").map(|(i, _)| i + 2).collect();
    let keep = ends.chunks_exact(2).last().map_or(0, |pair| pair[1]);
    let file = File::options().write(true).open(&path).map_err(Error::io("write", &path))?;
    file.set_len(keep as u64).and_then(|()| file.sync_all()).map_err(Error::io("write", &path))?;
    Ok((text.len() - keep) as u64)
}
