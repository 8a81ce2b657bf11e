//! Takes in what happens, and sends it until it is taken.

use super::client::Client;
use super::error::Error;
use super::queue::{Delivery, Queue};
use super::target::Target;
use crate::config::{self, WebhookEvent};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

/// Events that wait to be written; more are lost, and that is said.
const WAITING: usize = 4096;
/// Events of one delivery.
const TOGETHER: usize = 100;
/// Deliveries that wait to be sent.
const MOST: usize = 10_000;
/// The pause after the first failure; each further one doubles it.
const FIRST_PAUSE: SignedDuration = SignedDuration::from_secs(5);
/// The longest pause.
const LONGEST_PAUSE: SignedDuration = SignedDuration::from_hours(1);
/// How long what was told may take to be on disk when the program ends.
const FLUSH: Duration = Duration::from_secs(5);
/// Dead letters that a board shows.
const SHOWN: usize = 50;

/// Something to write, or a question whether all of it is written.
enum Job {
    Event(WebhookEvent, Value),
    Flush(SyncSender<()>),
}

/// Tells the targets of the configuration.
#[derive(Debug)]
pub struct Notifier {
    tell: SyncSender<Job>,
    inner: Arc<Inner>,
    client: Client,
    give_up: SignedDuration,
}

#[derive(Debug)]
struct Inner {
    targets: Vec<Target>,
    queue: Queue,
    /// When each delivery of the queue is tried next, with its target.
    next: Mutex<BTreeMap<String, (Timestamp, String)>>,
    wake: Notify,
    lost: AtomicU64,
    dead: AtomicUsize,
    serial: AtomicU64,
}

/// How the webhooks stand.
#[derive(Clone, Debug, Default)]
pub struct Board {
    /// Each target.
    pub targets: Vec<TargetBoard>,
    /// Dead letters, the latest first; not more than some dozens.
    pub dead: Vec<Delivery>,
    /// How many dead letters there are.
    pub all_dead: usize,
    /// Events that could not be written into the queue.
    pub lost: u64,
}

/// How one target stands.
#[derive(Clone, Debug)]
pub struct TargetBoard {
    /// Its name.
    pub name: String,
    /// Where to.
    pub url: String,
    /// What it is told.
    pub events: Vec<WebhookEvent>,
    /// Deliveries that wait.
    pub pending: usize,
}

impl Notifier {
    /// With the targets of the configuration, and what the queue still holds; `None` when there are no targets.
    ///
    /// # Errors
    /// When a target cannot be used, or the queue not be read.
    pub fn new(options: &config::Webhooks) -> Result<Option<Self>, Error> {
        let Some(root) = options.queue.as_deref().filter(|_| !options.target.is_empty()) else { return Ok(None) };
        let targets = options.target.iter().map(Target::of).collect::<Result<Vec<_>, _>>()?;
        let (client, queue) = (Client::new()?, Queue::open(root)?);
        let wrong = |source: io::Error| Error::Io { path: root.to_owned(), source };
        let pending = queue.pending().map_err(wrong)?;
        let (_, dead) = queue.dead(0).map_err(wrong)?;
        let inner = Arc::new(Inner {
            targets,
            queue,
            next: Mutex::new(pending.into_iter().map(|d| (d.id, (d.next, d.target))).collect()),
            wake: Notify::new(),
            lost: AtomicU64::new(0),
            dead: AtomicUsize::new(dead),
            serial: AtomicU64::new(0),
        });
        let (tell, hear) = sync_channel(WAITING);
        let writer = Arc::clone(&inner);
        // It ends with the notifier, whose end of the channel it hears.
        current::in_background("webhooks", move || writer.write(&hear));
        let hours = i64::try_from(options.give_up_hours).unwrap_or(24);
        Ok(Some(Self { tell, inner, client, give_up: SignedDuration::from_hours(hours) }))
    }

    /// Whether any target wants to hear of this.
    pub fn wants(&self, kind: WebhookEvent) -> bool {
        self.inner.targets.iter().any(|target| target.events.contains(&kind))
    }

    /// Tells what happened. It is written by another thread; nobody waits for that.
    pub fn tell(&self, kind: WebhookEvent, data: Value) {
        if !self.wants(kind) {
            return;
        }
        let id = self.inner.new_id(Timestamp::now());
        let event = json!({ "id": id, "type": kind, "time": Timestamp::now().to_string(), "data": data });
        if let Err(TrySendError::Full(_) | TrySendError::Disconnected(_)) = self.tell.try_send(Job::Event(kind, event))
        {
            self.inner.lose(1, "too many events at once");
        }
    }

    /// How the webhooks stand. Reads the queue, so call it where blocking is allowed.
    ///
    /// # Errors
    /// When the queue cannot be read.
    pub fn board(&self) -> io::Result<Board> {
        let next = self.inner.next();
        let pending = |name: &str| next.values().filter(|(_, target)| target == name).count();
        let target = |of: &Target| TargetBoard {
            name: of.name.clone(),
            url: of.url.clone(),
            events: of.events.clone(),
            pending: pending(&of.name),
        };
        let targets = self.inner.targets.iter().map(target).collect();
        drop(next);
        let (dead, all_dead) = self.inner.queue.dead(SHOWN)?;
        Ok(Board { targets, dead, all_dead, lost: self.inner.lost.load(Ordering::Relaxed) })
    }

    /// What a person should know; `None` when all is well.
    pub fn attention(&self) -> Option<String> {
        let (dead, lost) = (self.inner.dead.load(Ordering::Relaxed), self.inner.lost.load(Ordering::Relaxed));
        let said = [
            (dead > 0).then(|| format!("{dead} webhook deliveries were given up")),
            (lost > 0).then(|| format!("{lost} webhook events were lost")),
        ];
        let said: Vec<String> = said.into_iter().flatten().collect();
        (!said.is_empty()).then(|| said.join("; "))
    }

    /// Sends a dead letter again.
    ///
    /// # Errors
    /// When there is none of this id, or the queue cannot be written.
    pub fn revive(&self, id: &str) -> io::Result<()> {
        let delivery = self.inner.queue.revive(id, Timestamp::now())?;
        self.inner.dead.fetch_sub(1, Ordering::Relaxed);
        self.inner.next().insert(delivery.id, (delivery.next, delivery.target));
        self.inner.wake.notify_one();
        Ok(())
    }

    /// Sends what is due until told to stop; then waits until what was told is on disk.
    pub async fn run(self: Arc<Self>, stop: CancellationToken) {
        while !stop.is_cancelled() {
            let now = Timestamp::now();
            for id in self.inner.due(now) {
                // To its end, so that what was taken is not sent again.
                self.attempt(&id).await;
                if stop.is_cancelled() {
                    break;
                }
            }
            let pause = self.inner.until_next(Timestamp::now());
            tokio::select! {
                () = self.inner.wake.notified() => {}
                () = tokio::time::sleep(pause) => {}
                () = stop.cancelled() => {}
            }
        }
        let (tell, hear) = sync_channel(1);
        let flushed = tokio::task::spawn_blocking({
            let this = Arc::clone(&self);
            move || this.tell.send(Job::Flush(tell)).is_ok() && hear.recv_timeout(FLUSH).is_ok()
        });
        if !flushed.await.unwrap_or(false) {
            tracing::error!("the last webhook events could not be written into the queue");
        }
    }

    /// One attempt at one delivery.
    async fn attempt(&self, id: &str) {
        let inner = &self.inner;
        let mut delivery = match inner.queue.read(id) {
            Ok(delivery) => delivery,
            Err(error) => {
                tracing::error!(%error, webhook.delivery = id, "a delivery cannot be read; it is tried at the next start");
                inner.next().remove(id);
                return;
            }
        };
        delivery.attempts += 1;
        let target = inner.targets.iter().find(|target| target.name == delivery.target);
        let sent = match target {
            Some(target) => {
                let Delivery { events, attempts, .. } = &delivery;
                let body = json!({ "delivery": id, "target": target.name, "attempt": attempts, "events": events });
                let second = Timestamp::now().as_second();
                self.client.send(target, id, second, body.to_string().into_bytes()).await
            }
            None => Err("the configuration has no such target any more".to_owned()),
        };
        let now = Timestamp::now();
        let kept = match sent {
            Ok(()) => {
                inner.next().remove(id);
                inner.queue.remove(id)
            }
            Err(why) => {
                delivery.last = why;
                if target.is_none() || now.duration_since(delivery.created) >= self.give_up {
                    tracing::error!(
                        webhook.target = delivery.target,
                        webhook.delivery = id,
                        webhook.attempts = delivery.attempts,
                        "a webhook delivery is given up: {}",
                        delivery.last
                    );
                    inner.next().remove(id);
                    inner.dead.fetch_add(1, Ordering::Relaxed);
                    inner.queue.bury(&delivery)
                } else {
                    delivery.next = now.saturating_add(pause(delivery.attempts)).unwrap_or(Timestamp::MAX);
                    inner.next().insert(id.to_owned(), (delivery.next, delivery.target.clone()));
                    inner.queue.put(&delivery)
                }
            }
        };
        if let Err(error) = kept {
            tracing::error!(%error, webhook.delivery = id, "the queue of the webhooks could not be written");
        }
    }
}

/// The pause after so many failures.
fn pause(attempts: u32) -> SignedDuration {
    let doubled = FIRST_PAUSE.checked_mul(1 << attempts.saturating_sub(1).min(20));
    doubled.unwrap_or(LONGEST_PAUSE).min(LONGEST_PAUSE)
}

impl Inner {
    fn next(&self) -> MutexGuard<'_, BTreeMap<String, (Timestamp, String)>> {
        self.next.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// An id that grows with time.
    fn new_id(&self, now: Timestamp) -> String {
        format!("{:016x}-{:06x}", now.as_microsecond(), self.serial.fetch_add(1, Ordering::Relaxed) & 0xff_ffff)
    }

    fn lose(&self, events: u64, why: &str) {
        self.lost.fetch_add(events, Ordering::Relaxed);
        tracing::error!(webhook.events = events, "webhook events were lost: {why}");
    }

    /// What is due, the oldest first.
    fn due(&self, now: Timestamp) -> Vec<String> {
        self.next().iter().filter(|(_, (at, _))| *at <= now).map(|(id, _)| id.clone()).collect()
    }

    /// How long until something is due.
    fn until_next(&self, now: Timestamp) -> Duration {
        let next = self.next().values().map(|(at, _)| *at).min();
        let wait = next.map_or(LONGEST_PAUSE, |at| at.duration_since(now).max(SignedDuration::ZERO));
        Duration::try_from(wait).unwrap_or(Duration::from_secs(60))
    }

    /// Writes what is told into the queue, for each target what it wants to hear.
    fn write(&self, hear: &Receiver<Job>) {
        while let Ok(first) = hear.recv() {
            let (mut events, mut asked) = (Vec::new(), Vec::new());
            let more = std::iter::from_fn(|| hear.try_recv().ok());
            for job in [first].into_iter().chain(more).take(TOGETHER) {
                match job {
                    Job::Event(kind, event) => events.push((kind, event)),
                    Job::Flush(done) => asked.push(done),
                }
            }
            for target in &self.targets {
                let wanted = events.iter().filter(|(kind, _)| target.events.contains(kind));
                self.put(target, wanted.map(|(_, event)| event.clone()).collect());
            }
            for done in asked {
                let _gave_up_waiting = done.send(());
            }
        }
    }

    fn put(&self, target: &Target, events: Vec<Value>) {
        if events.is_empty() {
            return;
        }
        let count = events.len() as u64;
        if self.next().len() >= MOST {
            return self.lose(count, "the queue is full");
        }
        let now = Timestamp::now();
        let delivery = Delivery {
            id: self.new_id(now),
            target: target.name.clone(),
            created: now,
            attempts: 0,
            next: now,
            last: String::new(),
            events,
        };
        match self.queue.put(&delivery) {
            Ok(()) => {
                self.next().insert(delivery.id, (now, delivery.target));
                self.wake.notify_one();
            }
            Err(error) => self.lose(count, &error.to_string()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_an_hour() {
        let seconds: Vec<i64> = [1, 2, 3, 10, 11, 99].map(|n| pause(n).as_secs()).to_vec();
        assert_eq!(seconds, [5, 10, 20, 2560, 3600, 3600]);
    }
}
