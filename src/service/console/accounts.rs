//! The accounts of the console: names, hashes of passwords, roles; a file that a person edits.

use crate::service::guard::callers::{Scope, new_secret};
use crate::service::guard::roster::{self, Roster, RosterError};
use arc_swap::ArcSwap;
use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use serde::Deserialize;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::{Duration, Instant, SystemTime};

/// The shortest password that is taken. Length is what counts; nothing else is asked of it.
const LEAST_LENGTH: usize = 12;

/// How often the file is checked for changes.
const CHECK: Duration = Duration::from_secs(5);

/// Why accounts were refused.
#[derive(Debug, thiserror::Error)]
pub enum AccountsError {
    /// The file cannot be used.
    #[error(transparent)]
    File(#[from] RosterError),
    /// The password cannot be used.
    #[error("the password is too short; expected at least {LEAST_LENGTH} characters")]
    ShortPassword,
    /// The password could not be hashed.
    #[error("the password could not be hashed: {0}")]
    Hash(String),
}

/// What a person may do; of two roles the later may do more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Reads the lists, the policy and cases.
    Reader,
    /// Also screens and decides cases.
    Analyst,
    /// Also approves what others have decided.
    Approver,
    /// Also changes what is in force.
    Admin,
}

impl Role {
    /// The role of a word.
    pub(super) fn parse(word: &str) -> Option<Self> {
        [Self::Reader, Self::Analyst, Self::Approver, Self::Admin].into_iter().find(|role| role.as_str() == word)
    }

    /// The word for it, in files and on pages.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Reader => "reader",
            Self::Analyst => "analyst",
            Self::Approver => "approver",
            Self::Admin => "admin",
        }
    }

    /// Whether it is a second person for what others decided.
    pub(super) fn may_approve(self) -> bool {
        matches!(self, Self::Approver | Self::Admin)
    }

    /// The scopes that it has.
    pub(in crate::service) fn scopes(self) -> &'static [Scope] {
        match self {
            Self::Reader => &[Scope::Lists, Scope::Ledger],
            Self::Analyst | Self::Approver => &[Scope::Lists, Scope::Screen, Scope::Ledger, Scope::Decide],
            Self::Admin => &[Scope::Lists, Scope::Screen, Scope::Ledger, Scope::Decide, Scope::Admin],
        }
    }
}

/// One account.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Account {
    pub(super) name: String,
    /// Argon2id, as a PHC string.
    pub(super) password: String,
    pub(super) role: Role,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    account: Vec<toml::Spanned<Account>>,
}

/// The accounts in force, read again when the file changes.
#[derive(Debug)]
pub(in crate::service) struct Accounts {
    path: PathBuf,
    known: ArcSwap<Vec<Account>>,
    seen: Mutex<Seen>,
}

/// What the file was like when it was last looked at.
#[derive(Debug)]
struct Seen {
    at: Instant,
    stamp: Option<(u64, SystemTime)>,
}

impl Accounts {
    /// Reads a file.
    pub(super) fn load(path: &Path) -> Result<Self, RosterError> {
        let stamp = stamp(path);
        let known = ArcSwap::from_pointee(read(path)?);
        Ok(Self { path: path.to_owned(), known, seen: Mutex::new(Seen { at: Instant::now(), stamp }) })
    }

    /// The account of this name.
    pub(super) fn find(&self, name: &str) -> Option<Account> {
        self.look();
        self.known.load().iter().find(|account| account.name == name).cloned()
    }

    /// Reads the file again if it has changed. If it is invalid, the old accounts stay in force.
    fn look(&self) {
        let Ok(mut seen) = self.seen.try_lock() else { return };
        if seen.at.elapsed() < CHECK {
            return;
        }
        seen.at = Instant::now();
        let now = stamp(&self.path);
        if now == seen.stamp {
            return;
        }
        seen.stamp = now;
        match read(&self.path) {
            Ok(accounts) => self.known.store(accounts.into()),
            Err(error) => {
                tracing::error!(%error, "the accounts of the console could not be read; the old ones stay in force")
            }
        }
    }
}

/// A file's size and time of change.
fn stamp(path: &Path) -> Option<(u64, SystemTime)> {
    let meta = fs::metadata(path).ok()?;
    Some((meta.len(), meta.modified().ok()?))
}

fn read(path: &Path) -> Result<Vec<Account>, RosterError> {
    parse(&roster::read(path)?, path)
}

fn parse(text: &str, path: &Path) -> Result<Vec<Account>, RosterError> {
    let roster = Roster::new(text, path);
    let file: File = roster.parse()?;
    let mut accounts: Vec<Account> = Vec::with_capacity(file.account.len());
    for account in file.account {
        let at = account.span().start;
        let account = account.into_inner();
        if account.name.is_empty() || account.name.len() > 64 || account.name.chars().any(char::is_control) {
            return Err(roster.invalid(at, "invalid name; expected 1 to 64 characters".to_owned()));
        }
        if PasswordHash::new(&account.password).is_err() || !account.password.starts_with("$argon2id$") {
            let expected = "expected an Argon2id hash, as `tidewaiter config account` writes it";
            return Err(roster.invalid(at, format!("account `{}`: invalid password; {expected}", account.name)));
        }
        if accounts.iter().any(|known| known.name == account.name) {
            return Err(roster.invalid(at, format!("account `{}` is given twice; expected it once", account.name)));
        }
        accounts.push(account);
    }
    Ok(accounts)
}

/// Whether the password is the account's. Without an account as much work is done, so that the time taken does not tell
/// whether there is one.
pub(super) fn is_password(account: Option<&Account>, password: &str) -> bool {
    match account.map(|account| PasswordHash::new(&account.password)) {
        Some(Ok(hash)) => Argon2::default().verify_password(password.as_bytes(), &hash).is_ok(),
        _ => {
            let hashed = Argon2::default().hash_password_with_salt(password.as_bytes(), b"nobody has this one");
            let _as_long: Result<PasswordHash, _> = hashed;
            false
        }
    }
}

/// A new password, for a person who may choose none of their own.
pub fn new_password() -> String {
    let secret = new_secret();
    [0, 6, 12, 18].map(|at| &secret[at..at + 6]).join("-")
}

/// The entry of an accounts file for a new account.
///
/// # Errors
/// When name or password cannot be used.
pub fn new_account(name: &str, role: Role, password: &str) -> Result<String, AccountsError> {
    if password.chars().count() < LEAST_LENGTH {
        return Err(AccountsError::ShortPassword);
    }
    let hashed = Argon2::default().hash_password(password.as_bytes());
    let hash = hashed.map_err(|e| AccountsError::Hash(e.to_string()))?;
    let name = toml::Value::String(name.to_owned());
    let entry = format!("[[account]]\nname = {name}\npassword = \"{hash}\"\nrole = \"{}\"\n", role.as_str());
    parse(&entry, Path::new("account"))?;
    Ok(entry)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_opens_with_its_password_and_no_other() {
        let password = new_password();
        let entry = new_account("j. doe \"x\"", Role::Analyst, &password).unwrap();
        let accounts = parse(&entry, Path::new("a.toml")).unwrap();
        assert_eq!((accounts[0].name.as_str(), accounts[0].role), ("j. doe \"x\"", Role::Analyst));
        assert!(is_password(Some(&accounts[0]), &password));
        assert!(!is_password(Some(&accounts[0]), "another password") && !is_password(None, &password));
        assert!(matches!(new_account("x", Role::Reader, "short"), Err(AccountsError::ShortPassword)));
    }

    #[test]
    fn faults_are_named_by_line() {
        let entry = new_account("a", Role::Reader, "long enough here").unwrap();
        let fault = |text: &str| parse(text, Path::new("a.toml")).unwrap_err().to_string();
        assert!(fault(&format!("{entry}{entry}")).starts_with("a.toml:5: account `a` is given twice"));
        let plain = "\n[[account]]\nname = 'a'\npassword = 'plain'\nrole = 'reader'";
        assert!(fault(plain).starts_with("a.toml:2: account `a`: invalid password"), "{}", fault(plain));
        assert!(fault(&entry.replace("reader", "root")).contains("unknown variant `root`"));
    }
}
