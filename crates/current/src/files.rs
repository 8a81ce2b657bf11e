//! The files that a [`crate::Recipe`] is made of, for every program and binding that makes one.

use engine::policy::{OwnershipFile, Policy};
use engine::rule::{Pack, Rules};
use lists::Source;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Why a policy, an ownership file or a rule pack cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("read the {what} {name}")]
pub struct FileError {
    /// What it should be.
    what: &'static str,
    name: String,
    #[source]
    source: Box<dyn std::error::Error + Send + Sync>,
}

/// Why rule packs cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum RulesError {
    /// A file cannot be read.
    #[error(transparent)]
    File(#[from] FileError),
    /// The packs together are not valid.
    #[error(transparent)]
    Rules(#[from] engine::rule::Error),
}

/// What is read, in the order in which later entries win: the lists in the program, the files, the data directory. The
/// path `curated` stands for the curated entries in the program alone.
pub fn sources(builtin: bool, paths: &[PathBuf], data_dir: Option<&Path>) -> Vec<Source> {
    let builtin = builtin.then_some(Source::Builtin);
    let files = paths.iter().map(|path| match path.to_str() {
        Some("curated") => Source::Curated,
        _ => Source::Path(path.clone()),
    });
    let store = data_dir.map(|dir| Source::Store(dir.to_owned()));
    let mut sources: Vec<Source> = Vec::new();
    for source in builtin.into_iter().chain(files).chain(store) {
        // A list named twice would count twice.
        if !sources.contains(&source) {
            sources.push(source);
        }
    }
    sources
}

/// Reads a policy file and an ownership file; without one, the default policy and no owners.
///
/// # Errors
/// When a file cannot be read or is not valid.
pub fn policy(policy: Option<&Path>, ownership: Option<&Path>) -> Result<Policy, FileError> {
    let policy = match policy {
        None => Policy::default(),
        Some(path) => read("policy", path, |text, name| Policy::from_toml(text, name).map_err(Into::into))?,
    };
    let Some(path) = ownership else { return Ok(policy) };
    let file = read("ownership file", path, |text, name| OwnershipFile::read(text, name).map_err(Into::into))?;
    Ok(policy.with_ownership(file))
}

/// Compiles the program's packs, without those in `off`, and the files.
///
/// # Errors
/// When a file cannot be read, or the packs together are not valid.
pub fn rules(files: &[PathBuf], off: &[String]) -> Result<Arc<Rules>, RulesError> {
    if files.is_empty() && off.is_empty() {
        return Ok(Rules::builtin());
    }
    let pack =
        |path: &PathBuf| read("pack", path, |text, name| Ok(Pack { origin: name.to_owned(), text: text.to_owned() }));
    let packs = files.iter().map(pack).collect::<Result<Vec<Pack>, FileError>>()?;
    Ok(Arc::new(Rules::load(&packs, off)?))
}

type Cause = Box<dyn std::error::Error + Send + Sync>;

fn read<T>(
    what: &'static str,
    path: &Path,
    understand: impl FnOnce(&str, &str) -> Result<T, Cause>,
) -> Result<T, FileError> {
    let name = path.display().to_string();
    let text = std::fs::read_to_string(path).map_err(Cause::from);
    text.and_then(|text| understand(&text, &name)).map_err(|source| FileError { what, name, source })
}
