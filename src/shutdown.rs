//! Stopping: the tokens that everything waits for, and the signals that cancel them.

use std::io;
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

/// Tells everything to stop.
#[derive(Clone, Debug, Default)]
pub struct Shutdown {
    /// Cancelled: accept nothing new, finish what is in progress.
    pub stop: CancellationToken,
    /// Cancelled: stop at once.
    pub hurry: CancellationToken,
}

/// Turns SIGTERM and SIGINT into a stop, a second one into a stop at once, and SIGHUP into a call of `on_hangup`.
/// The handlers are in place when this returns; they end with the stop at once or the runtime.
///
/// # Errors
/// When the system refuses the handlers.
pub fn on_signals<F>(shutdown: Shutdown, on_hangup: impl Fn() -> F + Send + 'static) -> io::Result<()>
where
    F: Future<Output = ()> + Send + 'static,
{
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut hangup = signal(SignalKind::hangup())?;
    tokio::spawn(async move {
        while !shutdown.hurry.is_cancelled() {
            tokio::select! {
                Some(()) = terminate.recv() => shutdown.signalled("SIGTERM"),
                Some(()) = interrupt.recv() => shutdown.signalled("SIGINT"),
                Some(()) = hangup.recv() => drop(tokio::spawn(on_hangup())),
            }
        }
    });
    Ok(())
}

impl Shutdown {
    fn signalled(&self, signal: &str) {
        if self.stop.is_cancelled() {
            tracing::warn!(signal, "stopping at once");
            self.hurry.cancel();
        } else {
            tracing::info!(signal, "stopping; calls in progress may finish");
            self.stop.cancel();
        }
    }
}
