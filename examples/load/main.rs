//! Load for the service over loopback, with an echo service of the same messages in the same run as the yardstick.
//!
//! ```sh
//! cargo build --release --locked -p tidewaiter -p tidewaiter-benches --bins --example load
//! target/release/examples/load measure --list ../shared/data/lists/us/csl_2022-05.csv.gz
//! target/release/examples/load http --list ../shared/data/lists/us/csl_2022-05.csv.gz
//! target/release/examples/load soak --list ../shared/data/lists/us/csl_2022-05.csv.gz --seconds 180
//! ```
//! Everything is started by this program, listens on loopback only and ends with it.

#![allow(clippy::print_stdout, reason = "it prints what it measures")]

mod child;
mod drive;
mod echo;
mod http;
mod records;
mod soak;

use clap::{Parser, Subcommand};
use std::path::PathBuf;
use std::time::Duration;

#[derive(Parser)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Requests a second and latencies, service and echo side by side.
    Measure(Options),
    /// JSON over HTTP beside gRPC, and queries in yente's form.
    Http(Options),
    /// Load below the limit with reloads each second: no error, no mixed snapshot, flat memory.
    Soak(soak::Options),
    /// The yardstick; started by `measure`.
    Echo {
        /// The service whose answer is echoed.
        #[arg(long)]
        of: String,
    },
}

#[derive(clap::Args, Clone)]
struct Options {
    /// List to serve; may be repeated
    #[arg(long = "list", required = true)]
    lists: Vec<PathBuf>,
    /// Seconds for each measurement
    #[arg(long, default_value_t = 4)]
    seconds: u64,
    /// The program to measure; by default the one built beside this
    #[arg(long)]
    bin: Option<PathBuf>,
    /// Folder with the shared data, for real texts and names
    #[arg(long, default_value = "../shared/data")]
    data: PathBuf,
}

fn main() -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        match Cli::parse().command {
            Command::Measure(options) => measure(&options).await,
            Command::Http(options) => {
                let service = child::service(options.bin.as_deref(), &options.lists)?;
                let shipments = records::typical(&options.data)?;
                http::measure(&service, &shipments, Duration::from_secs(options.seconds)).await
            }
            Command::Soak(options) => soak::run(&options).await,
            Command::Echo { of } => echo::serve(&of).await,
        }
    })
}

async fn measure(options: &Options) -> anyhow::Result<()> {
    let shipments = records::typical(&options.data)?;
    let service = child::service(options.bin.as_deref(), &options.lists)?;
    let echo = child::echo(&service.url)?;
    println!("{} shipments; service ready with {} MB resident", shipments.len(), service.resident_mb());
    let each = Duration::from_secs(options.seconds);
    println!(
        "| what | service /s | p50 us | p99 us | echo /s | p50 us | p99 us | ratio /s | ratio p99 | a second of its processor time |"
    );
    println!("|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|");
    let plans: Vec<(String, drive::Plan)> = [1, 16, 64]
        .map(|n| (format!("unary, {n} in flight"), drive::Plan::Unary { in_flight: n }))
        .into_iter()
        .chain(
            [64, 500]
                .map(|n| (format!("ScreenBatch of {n}, 4 in flight"), drive::Plan::Batch { size: n, in_flight: 4 })),
        )
        .chain([1, 64, 500].map(|n| (format!("stream, messages of {n}"), drive::Plan::Stream { size: n, window: 16 })))
        .collect();
    for (name, plan) in plans {
        // Warm both, then measure one after the other, so that neither has the other's load on it.
        let mut figures = Vec::new();
        for of in [&service, &echo] {
            drive::run(&of.url, &shipments, plan, Duration::from_millis(500)).await?;
            let before = of.processor_seconds();
            let figure = drive::run(&of.url, &shipments, plan, each).await?;
            figures.push((figure, of.processor_seconds() - before));
        }
        let ((ours, busy), (echo, _)) = (&figures[0], &figures[1]);
        println!(
            "| {name} | {:.0} | {} | {} | {:.0} | {} | {} | {:.2} | {:.1} | {:.0} |",
            ours.shipments_a_second(),
            ours.at(0.5),
            ours.at(0.99),
            echo.shipments_a_second(),
            echo.at(0.5),
            echo.at(0.99),
            ours.shipments_a_second() / echo.shipments_a_second(),
            f64::from(ours.at(0.99)) / f64::from(echo.at(0.99).max(1)),
            // Without what the client takes of the cores.
            ours.shipments() / busy,
        );
    }
    starving(&service.url, &shipments, each).await?;
    println!("service at the end: {} MB resident", service.resident_mb());
    Ok(())
}

/// Single calls beside large batches: they may wait for a chunk, not for a batch.
async fn starving(url: &str, shipments: &[drive::Record], each: Duration) -> anyhow::Result<()> {
    let (one, many) = (drive::Plan::Unary { in_flight: 1 }, drive::Plan::Batch { size: 500, in_flight: 2 });
    let alone = drive::run(url, shipments, one, each).await?;
    let (beside, batches) =
        tokio::try_join!(drive::run(url, shipments, one, each), drive::run(url, shipments, many, each))?;
    println!(
        "unary alone: p50 {} us, p99 {} us; beside batches of 500 at {:.0} shipments/s: p50 {} us, p99 {} us",
        alone.at(0.5),
        alone.at(0.99),
        batches.shipments_a_second(),
        beside.at(0.5),
        beside.at(0.99)
    );
    Ok(())
}
