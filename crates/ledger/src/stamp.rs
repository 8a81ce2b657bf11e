//! Time stamps by another house: a command of the operator's gets the last signed head and gives back a token, which is kept
//! and recorded. What the token says, and how it is checked, is that house's business.

use crate::bytes::base64;
use crate::error::{Error, Result};
use crate::keep;
use crate::ledger::Ledger;
use crate::log::frame::Kind;
use crate::record::Stamped;
use std::io::{Read as _, Write as _};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// How long the command may take.
const PATIENCE: Duration = Duration::from_secs(120);
/// The most bytes of a token.
const MAX_TOKEN: u64 = 1 << 20;
/// How often it is looked whether the command has ended.
const LOOK: Duration = Duration::from_millis(20);

impl Ledger {
    /// Has the last signed head stamped. `command` is run by the shell; it gets the head on standard input, as it stands in
    /// `checkpoint`, and prints the token. `None`: the head over these records is stamped already, or covers nothing new but
    /// the stamp before it.
    ///
    /// # Errors
    /// When no head is signed yet, the command fails, prints nothing or takes longer than two minutes, or the token cannot be
    /// kept.
    pub fn stamp(&self, command: &str) -> Result<Option<Stamped>> {
        let heads = self.heads()?;
        let none = || Error::Refused("no tree head has been signed yet".to_owned());
        let (head, note) = heads.last().ok_or_else(none)?;
        if let Some(last) = self.with_index(|index| index.last_stamp())?
            && head.size <= last.head + 1
        {
            return Ok(None);
        }
        let token = token_of(command, note.as_bytes())?;
        let stamped = Stamped {
            head: head.size,
            root: base64(&head.root),
            token: keep::keep(&self.vault.layout, &token)?,
            bytes: token.len() as u64,
        };
        self.note(Kind::Stamped, &stamped)?;
        Ok(Some(stamped))
    }
}

/// What the command prints when it gets the head.
fn token_of(command: &str, note: &[u8]) -> Result<Vec<u8>> {
    let wrong = |why: String| Error::Stamp { command: command.to_owned(), why };
    let mut child = Command::new("sh")
        .args(["-c", command])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|e| wrong(e.to_string()))?;
    let (Some(mut stdin), Some(stdout), Some(stderr)) = (child.stdin.take(), child.stdout.take(), child.stderr.take())
    else {
        return Err(wrong("it has no standard streams".to_owned()));
    };
    let note = note.to_vec();
    // A command that does not read it ends all the same.
    let writing = thread::spawn(move || drop(stdin.write_all(&note)));
    let read = |stream: Box<dyn std::io::Read + Send>| {
        thread::spawn(move || {
            let mut bytes = Vec::new();
            stream.take(MAX_TOKEN + 1).read_to_end(&mut bytes).map(|_| bytes)
        })
    };
    let (token, said) = (read(Box::new(stdout)), read(Box::new(stderr)));
    let status = wait(&mut child).map_err(|e| wrong(e.to_string()))?;
    let Some(status) = status else {
        return Err(wrong(format!("it took longer than {} seconds", PATIENCE.as_secs())));
    };
    let _written = writing.join();
    let bytes = |reading: thread::JoinHandle<std::io::Result<Vec<u8>>>| match reading.join() {
        Ok(read) => read.map_err(|e| wrong(e.to_string())),
        Err(_) => Err(wrong("its output could not be read".to_owned())),
    };
    let (token, said) = (bytes(token)?, bytes(said)?);
    // One that prints too much ends because nobody reads on.
    if token.len() as u64 > MAX_TOKEN {
        return Err(wrong(format!("it printed more than {MAX_TOKEN} bytes")));
    }
    if !status.success() {
        return Err(wrong(format!("it ended with {status}: {}", String::from_utf8_lossy(&said).trim())));
    }
    if token.is_empty() {
        return Err(wrong(format!("it printed nothing; expected a token of at most {MAX_TOKEN} bytes")));
    }
    Ok(token)
}

/// Waits for the end, and ends what takes too long; `None`: it did.
fn wait(child: &mut Child) -> std::io::Result<Option<std::process::ExitStatus>> {
    let started = Instant::now();
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status));
        }
        if started.elapsed() > PATIENCE {
            child.kill()?;
            child.wait()?;
            return Ok(None);
        }
        thread::sleep(LOOK);
    }
}

/// A stamp as a check shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stamp {
    /// Number of its record.
    pub number: u64,
    /// When it was recorded.
    pub time: jiff::Timestamp,
    /// What it says.
    pub stamped: Stamped,
}
