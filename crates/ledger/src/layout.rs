//! Where things are in a ledger's folder, and the file that says which ledger it is.

use crate::bytes::{self, base64, hex, random, unbase64, unhex};
use crate::error::{Error, Result};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

/// The version of the files that this program writes and reads.
const FORMAT: u32 = 1;

/// Which ledger: 16 random bytes, in every segment and under every key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LedgerId(pub [u8; 16]);

impl fmt::Display for LedgerId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex(&self.0))
    }
}

/// The folder of a ledger.
#[derive(Clone, Debug)]
pub struct Layout {
    root: PathBuf,
}

impl Layout {
    /// The ledger in `root`.
    pub fn new(root: &Path) -> Self {
        Self { root: root.to_owned() }
    }

    /// The folder.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Segments and offsets.
    pub fn log(&self) -> PathBuf {
        self.root.join("log")
    }

    /// Tiles of the tree, as C2SP tlog-tiles names them.
    pub fn tiles(&self) -> PathBuf {
        self.root.join("tile")
    }

    /// Every signed tree head, oldest first.
    pub fn heads(&self) -> PathBuf {
        self.root.join("heads.notes")
    }

    /// The last signed tree head, where C2SP tlog-tiles expects it.
    pub fn checkpoint(&self) -> PathBuf {
        self.root.join("checkpoint")
    }

    /// Data keys and the signing key, wrapped.
    pub fn keys(&self) -> PathBuf {
        self.root.join("keys")
    }

    /// Lists, policies and attachments, by digest.
    pub fn kept(&self) -> PathBuf {
        self.root.join("kept")
    }

    /// The settings in force; the last record of settings has their digest.
    pub fn settings(&self) -> PathBuf {
        self.root.join("settings.toml")
    }

    /// What was cut from the end of the log after a crash.
    pub fn torn(&self) -> PathBuf {
        self.root.join("torn")
    }

    /// The index.
    pub fn index(&self) -> PathBuf {
        self.root.join("index.sqlite")
    }

    /// Where the ledger is that the folder is a copy of; there only where several replicas share one.
    pub fn shared(&self) -> PathBuf {
        self.root.join("shared")
    }

    /// Held by whoever writes.
    pub fn lock(&self) -> PathBuf {
        self.root.join("lock")
    }

    /// Says which ledger it is.
    pub fn about(&self) -> PathBuf {
        self.root.join("ledger.json")
    }
}

/// Which ledger this is, who signs for it, and since when. The first record of the log holds the digest of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct About {
    /// Which ledger.
    pub id: LedgerId,
    /// Its name in signed tree heads.
    pub origin: String,
    /// When it was made.
    pub made: Timestamp,
    /// The Ed25519 key that signs tree heads.
    pub public_key: [u8; 32],
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    format: u32,
    id: String,
    origin: String,
    made: String,
    public_key: String,
}

impl About {
    /// A new ledger.
    pub(crate) fn new(origin: Option<&str>, public_key: [u8; 32]) -> Self {
        let id = LedgerId(random());
        let origin = origin.map_or_else(|| format!("tidewaiter.ledger/{}", &id.to_string()[..12]), str::to_owned);
        Self { id, origin, made: Timestamp::now(), public_key }
    }

    /// As the file has it.
    pub(crate) fn encode(&self) -> Vec<u8> {
        let file = File {
            format: FORMAT,
            id: self.id.to_string(),
            origin: self.origin.clone(),
            made: self.made.to_string(),
            public_key: base64(&self.public_key),
        };
        let mut text = serde_json::to_string_pretty(&file).expect("texts and numbers have a JSON form");
        text.push('\n');
        text.into_bytes()
    }

    /// Reads the file, and gives its bytes beside what it says.
    pub(crate) fn read(layout: &Layout) -> Result<(Self, Vec<u8>)> {
        let path = layout.about();
        if !path.exists() {
            return Err(Error::NotALedger { path: layout.root().to_owned() });
        }
        let bytes = fs::read(&path).map_err(Error::io("read", &path))?;
        let wrong = |why: String| Error::damaged(&path, 0, None, why);
        let file: File = serde_json::from_slice(&bytes).map_err(|e| wrong(e.to_string()))?;
        if file.format != FORMAT {
            return Err(wrong(format!("the format is {}; this version reads {FORMAT}", file.format)));
        }
        let id = unhex(&file.id).ok_or_else(|| wrong("invalid id; expected 32 hexadecimal digits".to_owned()))?;
        let made = file.made.parse().map_err(|_| wrong("invalid time `made`; expected RFC 3339".to_owned()))?;
        let key = unbase64(&file.public_key).and_then(|k| k.try_into().ok());
        let public_key = key.ok_or_else(|| wrong("invalid public_key; expected base64 of 32 bytes".to_owned()))?;
        Ok((Self { id: LedgerId(id), origin: file.origin, made, public_key }, bytes))
    }

    /// Writes the file.
    pub(crate) fn write(&self, layout: &Layout) -> Result<()> {
        bytes::write_whole(&layout.about(), &self.encode(), false)
    }
}
