//! The HTTP port: JSON, the interfaces of others, the console, and attacks on them.

mod api;
mod attacks;
mod cases;
mod client;
mod console;
mod grpc_web;
mod ledger;
mod mcp;
mod oidc;
mod own;
mod quality;
mod reconcile;
mod tls;
mod watchman;
mod webhooks;
mod yente;
