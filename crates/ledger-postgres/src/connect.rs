//! Connecting: the server must keep what it says it has kept, and have tables that this program knows.

use crate::address::Address;
use crate::schema;
use ledger::{Error, Result};
use postgres::{Client, NoTls};
use std::time::Duration;

/// How long a replica may keep its turn without doing anything, and how long others wait for theirs.
pub const PATIENCE: Duration = Duration::from_secs(30);

impl Address {
    pub(crate) fn fault(&self, why: String) -> Error {
        Error::Database { place: self.name.clone(), why }
    }

    /// What the server or the way to it said.
    pub(crate) fn wrong(&self, error: &postgres::Error) -> Error {
        let said = match error.as_db_error() {
            Some(db) => db.message().to_owned(),
            None => {
                let causes = std::iter::successors(Some(error as &dyn std::error::Error), |error| error.source());
                causes.map(ToString::to_string).collect::<Vec<_>>().join(": ")
            }
        };
        self.fault(said)
    }

    /// Connects, and sees that the server keeps what it says it has kept.
    pub(crate) fn connect(&self) -> Result<Client> {
        let client = match &self.tls {
            None => self.config.connect(NoTls),
            Some(tls) => self.config.connect(tls.clone()),
        };
        let mut client = client.map_err(|e| self.wrong(&e))?;
        let patience = PATIENCE.as_secs();
        let session = format!(
            "SET lock_timeout = '{patience}s'; SET idle_in_transaction_session_timeout = '{patience}s'; \
             SET search_path = pg_catalog"
        );
        let prepared = client.batch_execute(&session).and_then(|()| {
            let fsync: String = client.query_one("SHOW fsync", &[])?.get(0);
            let commit: String = client.query_one("SHOW synchronous_commit", &[])?.get(0);
            if commit == "off" {
                client.batch_execute("SET synchronous_commit = on")?;
            }
            Ok((fsync, schema::version(&mut client)?))
        });
        let (fsync, version) = prepared.map_err(|e| self.wrong(&e))?;
        if fsync != "on" {
            return Err(
                self.fault("fsync is off: what the server says it has written may be lost; expected on".to_owned())
            );
        }
        if version > schema::KNOWN {
            let why = format!(
                "its tables are of version {version}, and this program knows {}; use a newer one",
                schema::KNOWN
            );
            return Err(self.fault(why));
        }
        if (1..schema::KNOWN).contains(&version) {
            schema::migrate(&mut client).map_err(|e| self.wrong(&e))?;
        }
        Ok(client)
    }
}
