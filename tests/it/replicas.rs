//! Two replicas in two processes behind a balancing client: one goes away under load, and nothing is lost.

use std::error::Error as _;
use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;
use tonic::Code;
use tonic::transport::{Channel, Endpoint};
use v1::screening_service_client::ScreeningServiceClient;
use wire::v1;

struct Replica(Child, String);

impl Drop for Replica {
    fn drop(&mut self) {
        let _gone_already = self.0.kill();
        let _status = self.0.wait();
    }
}

fn replica() -> Replica {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tidewaiter"));
    command.args(["serve", "--listen", "127.0.0.1:0"]).stdin(Stdio::null()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("starts");
    let mut lines = BufReader::new(child.stderr.take().expect("is piped")).lines().map_while(Result::ok);
    let address = lines.by_ref().find_map(|l| Some(l.split_once("listening on ")?.1.trim().to_owned()));
    std::thread::spawn(move || lines.for_each(drop));
    Replica(child, address.expect("says where it listens"))
}

#[tokio::test(flavor = "multi_thread")]
async fn one_of_two_replicas_may_go() {
    let (first, second) = (replica(), replica());
    let endpoints = [&first, &second].map(|r| Endpoint::from_shared(format!("http://{}", r.1)).expect("an address"));
    let client = ScreeningServiceClient::new(Channel::balance_list(endpoints.into_iter()));
    let (stop, tried_again) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU64::new(0)));
    let callers: Vec<_> = (0..4)
        .map(|_| {
            let (mut client, stop, tried_again) = (client.clone(), Arc::clone(&stop), Arc::clone(&tried_again));
            tokio::spawn(async move {
                let party = v1::Party { name: "SZ DJI Technology Co., Ltd.".to_owned(), ..v1::Party::default() };
                let shipment = v1::Shipment { parties: vec![party], ..v1::Shipment::default() };
                let mut answered = 0_u64;
                while !stop.load(Ordering::Relaxed) {
                    let mut attempts = 0;
                    let answer = loop {
                        let request = v1::ScreenRequest { shipment: Some(shipment.clone()), verbose: false };
                        match client.screen(request).await {
                            Ok(answer) => break answer.into_inner().screening.expect("has a screening"),
                            // The replica said that it is stopping, or its connection ended: what the client's library
                            // says of a connection has a source and any code (a GOAWAY is INTERNAL to it).
                            Err(status) => {
                                let is_gone = status.code() == Code::Unavailable || status.source().is_some();
                                assert!(is_gone, "{status}");
                                attempts += 1;
                                assert!(attempts < 50, "no replica answers: {status}");
                                tried_again.fetch_add(1, Ordering::Relaxed);
                                tokio::time::sleep(Duration::from_millis(20)).await;
                            }
                        }
                    };
                    assert_eq!(answer.outcome(), v1::screening::Outcome::Hold);
                    answered += 1;
                }
                answered
            })
        })
        .collect();
    tokio::time::sleep(Duration::from_millis(700)).await;
    let told = Command::new("kill").args(["-TERM", &first.0.id().to_string()]).status().expect("kill runs");
    assert!(told.success());
    tokio::time::sleep(Duration::from_millis(1_500)).await;
    stop.store(true, Ordering::Relaxed);
    let mut answered = 0;
    for caller in callers {
        answered += caller.await.expect("no caller gave up");
    }
    println!("{answered} calls answered, {} tried again", tried_again.load(Ordering::Relaxed));
    assert!(answered > 100);
    drop(second);
}
