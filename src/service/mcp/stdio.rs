//! The protocol over standard input and output: one message a line, for an assistant on the same machine.

use crate::config;
use crate::service::admission::Asked;
use crate::service::error::Error;
use crate::service::guard::access::Access;
use crate::service::guard::callers::Scope;
use crate::service::guard::share::Share;
use crate::service::shared::Shared;
use current::Current;
use std::io::{self, BufRead, Write};
use std::sync::Arc;
use tokio::runtime::Handle;

/// Lists, and the threads that screen against them, without any port.
#[derive(Debug)]
pub struct Stdio {
    shared: Arc<Shared>,
    asked: Asked,
}

impl Stdio {
    /// With lists that are loaded by [`Stdio::load`].
    ///
    /// # Errors
    /// When the threads cannot be started.
    pub fn new(options: &config::Server, current: Current) -> Result<Self, Error> {
        let alone = config::Server { access: config::Access::default(), ..options.clone() };
        let access = Access::load(&alone.access, false, false)?;
        let caller = access.person("mcp", &[Scope::Screen, Scope::Lists]);
        let bind_error = |source| Error::Bind { address: alone.listen, source };
        let shared = Arc::new(Shared::new(alone.clone(), access, current, None).map_err(bind_error)?);
        let asked = Asked { caller, share: Share::default(), deadline: None, held: None, id: Arc::default() };
        Ok(Self { shared, asked })
    }

    /// Loads the lists.
    ///
    /// # Errors
    /// When they cannot be loaded.
    pub async fn load(&self) -> Result<(), current::Error> {
        Arc::clone(&self.shared).reload().await.map(drop)
    }

    /// Answers messages until the input ends. A message has at most `max_message_bytes`; a longer one ends it. Call it where
    /// blocking is allowed.
    ///
    /// # Errors
    /// When the input cannot be read or the output not written.
    pub fn serve(&self, mut input: impl BufRead, mut output: impl Write, reactor: &Handle) -> io::Result<()> {
        let most = self.shared.options.max_message_bytes;
        let mut line = Vec::new();
        loop {
            line.clear();
            let limit = u64::try_from(most).unwrap_or(u64::MAX).saturating_add(1);
            let read = io::Read::take(&mut input, limit).read_until(b'\n', &mut line)?;
            if read == 0 {
                return Ok(());
            }
            if line.len() > most {
                return Err(io::Error::other(format!("a message has more than {most} bytes")));
            }
            if line.trim_ascii().is_empty() {
                continue;
            }
            let answer = reactor.block_on(super::answer(&self.shared, &self.asked, &line));
            if let Some(answer) = answer {
                writeln!(output, "{answer}").and_then(|()| output.flush())?;
            }
        }
    }
}
