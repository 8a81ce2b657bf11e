//! What an operator does first, as the documents say it: the deployment, word for word, and traces to a collector.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};

/// A program that is ended when dropped.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _gone_already = self.0.kill();
        let _status = self.0.wait();
    }
}

/// Waits until it listens; where.
fn listening(child: &mut Child) -> String {
    let mut lines = BufReader::new(child.stderr.take().expect("is piped")).lines();
    let address = lines.by_ref().map_while(Result::ok).find_map(|line| {
        let (_, address) = line.split_once("listening on ")?;
        Some(address.trim().to_owned())
    });
    std::thread::spawn(move || lines.map_while(Result::ok).for_each(drop));
    address.expect("says where it listens")
}

#[test]
fn the_first_secure_deployment_works_as_it_is_written() {
    if Command::new("openssl").arg("version").output().is_err() {
        eprintln!("skipped: there is no openssl here");
        return;
    }
    let page = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/operating.md")).expect("is there");
    let mut blocks = page.split("```sh\n").skip(1).map(|b| b.split("```").next().unwrap_or_default());
    let (setup, calls) = (blocks.next().expect("the set-up"), blocks.next().expect("the calls"));
    let (setup, serve) = setup.split_once("tidewaiter serve").expect("it ends with the service");
    let folder = tempfile::tempdir().expect("makes a folder");
    fs::write(folder.path().join("consolidated.csv"), "name;id\nBrambleton Optics Co., Ltd.;b1\n").expect("writes");
    let shipments = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/shipments.csv");
    fs::copy(shipments, folder.path().join("shipments.csv")).expect("copies");
    let bin = Path::new(env!("CARGO_BIN_EXE_tidewaiter")).parent().expect("a folder");
    let path = format!("{}:{}", bin.display(), std::env::var("PATH").unwrap_or_default());
    let shell = |script: &str| {
        let mut command = Command::new("sh");
        command.args(["-ec", script]).current_dir(folder.path()).env("PATH", &path).stdin(Stdio::null());
        command
    };
    // Free ports of this machine, in place of the fixed ones.
    let setup = setup.replace("0.0.0.0:50051", "127.0.0.1:0").replace("127.0.0.1:9464", "127.0.0.1:0");
    let done = shell(&setup).output().expect("runs");
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let mut child = shell(&format!("exec tidewaiter serve {serve}")).stderr(Stdio::piped()).spawn().expect("starts");
    let address = listening(&mut child);
    let _running = Running(child);
    let port = address.rsplit(':').next().expect("a port");
    let calls: Vec<String> = calls
        .lines()
        .filter(|line| line.starts_with("tidewaiter"))
        .map(|line| line.replace("localhost:50051", &format!("localhost:{port}")))
        .collect();
    assert_eq!(calls.len(), 2, "{calls:?}");
    for call in &calls {
        let done = shell(call).output().expect("runs");
        assert!(done.status.success(), "{call}: {}", String::from_utf8_lossy(&done.stderr));
    }
    let without_key = calls[1].split(" --api-key-file").next().expect("a call").to_owned();
    let refused = shell(&without_key).output().expect("runs");
    assert_eq!(refused.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("CREDENTIALS_MISSING"));
}

/// The trace id that the caller sends, as the collector gets it.
const TRACE: [u8; 16] =
    [0x4b, 0xf9, 0x2f, 0x35, 0x77, 0xb3, 0x4d, 0xa6, 0xa3, 0xce, 0x92, 0x9d, 0x0e, 0x0e, 0x47, 0x36];

#[tokio::test(flavor = "multi_thread")]
async fn a_collector_gets_the_spans_of_calls() {
    use http_body_util::BodyExt as _;
    use hyper::service::service_fn;
    use hyper_util::rt::{TokioExecutor, TokioIo};
    use wire::v1;
    let collector = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let endpoint = format!("http://{}", collector.local_addr().expect("its address"));
    let got: Arc<Mutex<Vec<u8>>> = Arc::default();
    tokio::spawn({
        let got = Arc::clone(&got);
        async move {
            while let Ok((stream, _)) = collector.accept().await {
                let got = Arc::clone(&got);
                let take = service_fn(move |request: hyper::Request<hyper::body::Incoming>| {
                    let got = Arc::clone(&got);
                    async move {
                        let path = request.uri().path().to_owned();
                        let bytes = request.into_body().collect().await?.to_bytes();
                        let mut got = got.lock().unwrap_or_else(|e| e.into_inner());
                        got.extend(path.as_bytes());
                        got.extend(&bytes);
                        // An answer without a message; what it says is no matter here.
                        let answer = hyper::Response::builder().header("grpc-status", "0");
                        let answer = answer.header("content-type", "application/grpc").body(String::new());
                        Ok::<_, hyper::Error>(answer.expect("is an answer"))
                    }
                });
                let serving = hyper::server::conn::http2::Builder::new(TokioExecutor::new());
                tokio::spawn(serving.serve_connection(TokioIo::new(stream), take));
            }
        }
    });
    let mut command = Command::new(env!("CARGO_BIN_EXE_tidewaiter"));
    command.args(["serve", "--listen", "127.0.0.1:0"]).env("TIDEWAITER__TRACES__ENDPOINT", &endpoint);
    // Nobody is traced who does not ask for it.
    command.env("TIDEWAITER__TRACES__SAMPLE_PER_MILLE", "0").stderr(Stdio::piped()).stdin(Stdio::null());
    let mut child = command.spawn().expect("starts");
    let address = tokio::task::block_in_place(|| listening(&mut child));
    let mut running = Running(child);
    let channel = tonic::transport::Channel::from_shared(format!("http://{address}")).expect("an address");
    let mut client =
        v1::screening_service_client::ScreeningServiceClient::new(channel.connect().await.expect("connects"));
    let party = v1::Party { name: "Secretive Widgets".to_owned(), ..v1::Party::default() };
    let shipment = v1::Shipment { parties: vec![party], ..v1::Shipment::default() };
    let parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    for traceparent in [None, Some(parent)] {
        let mut request = tonic::Request::new(v1::ScreenRequest { shipment: Some(shipment.clone()), verbose: false });
        if let Some(parent) = traceparent {
            request.metadata_mut().insert("traceparent", parent.parse().expect("is a header"));
        }
        client.screen(request).await.expect("answers");
    }
    // Told to stop, it sends what it has.
    let stopped = Command::new("kill").arg(running.0.id().to_string()).status().expect("kill runs");
    assert!(stopped.success());
    tokio::task::block_in_place(|| running.0.wait()).expect("ends");
    let got = got.lock().unwrap_or_else(|e| e.into_inner()).clone();
    let has = |bytes: &[u8]| got.windows(bytes.len()).filter(|w| *w == bytes).count();
    assert_eq!(has(b"opentelemetry.proto.collector.trace.v1.TraceService/Export"), 1, "sent once");
    assert_eq!(has(&TRACE), 1, "the one call that asks for it");
    assert!(has(b"Screen") >= 1 && has(b"tidewaiter") >= 1);
    assert_eq!(has(b"Secretive"), 0, "no text of a shipment leaves with a trace");
}
