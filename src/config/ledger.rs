//! Where screenings are recorded.

use super::value::{absolute, evidence, within};
use model::EvidenceMode;
use serde::Deserialize;
use std::path::{Path, PathBuf};

/// Where a ledger that replicas share has its index.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "snake_case")]
pub enum IndexIn {
    /// In a file beside each replica's copy.
    File,
    /// In the database, with the names of parties in clear.
    Postgres,
}

impl IndexIn {
    /// The word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::File => "file",
            Self::Postgres => "postgres",
        }
    }
}

/// Where screenings are recorded.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Ledger {
    /// Folder of the ledger; `None`: nothing is recorded.
    pub dir: Option<PathBuf>,
    /// File with the address of the Postgres database in which replicas share the ledger; `dir` is this one's copy.
    pub postgres_file: Option<PathBuf>,
    /// Where the ledger in `postgres_file` must have its index; `None`: wherever it has it.
    pub index: Option<IndexIn>,
    /// File with its master key.
    pub key_file: Option<PathBuf>,
    /// Command that prints its master key; run by the shell.
    pub key_command: Option<String>,
    /// What every screening asks for at least; policy and caller can ask for more. Default durable.
    #[serde(deserialize_with = "evidence")]
    pub evidence: EvidenceMode,
    /// Whether `serve` asks past shipments against lists that changed, by itself; default true.
    pub rescreen: bool,
    /// Command that has a signed head stamped by another house; `None`: none is.
    pub stamp_command: Option<String>,
    /// Hours between two stamps, 1..=8,760; default 24.
    #[serde(deserialize_with = "within::<_, 1, 8_760>")]
    pub stamp_hours: usize,
}

impl Default for Ledger {
    fn default() -> Self {
        Self {
            dir: None,
            postgres_file: None,
            index: None,
            key_file: None,
            key_command: None,
            evidence: EvidenceMode::default(),
            rescreen: true,
            stamp_command: None,
            stamp_hours: 24,
        }
    }
}

impl Ledger {
    pub(super) fn make_absolute(&mut self, folder: &Path) {
        absolute(&mut self.dir, folder);
        absolute(&mut self.postgres_file, folder);
        absolute(&mut self.key_file, folder);
    }

    /// Settings that contradict each other: the key to change, and why.
    pub(super) fn contradiction(&self) -> Option<(&'static str, &'static str)> {
        if self.postgres_file.is_some() && self.dir.is_none() {
            return Some((
                "postgres_file",
                "ledger: give `dir` beside `postgres_file`: the folder of this replica's copy",
            ));
        }
        if self.index.is_some() && self.postgres_file.is_none() {
            return Some((
                "index",
                "ledger: give `index` only beside `postgres_file`: a ledger of its own has it in a file",
            ));
        }
        (self.key_file.is_some() && self.key_command.is_some())
            .then_some(("key_command", "ledger: give `key_file` or `key_command`, not both"))
    }
}
