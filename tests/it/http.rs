//! The HTTP port: JSON, the interfaces of others, the console, and attacks on them.

mod api;
mod attacks;
mod client;
mod console;
mod measure;
mod reconcile;
mod tls;
mod watchman;
mod yente;
