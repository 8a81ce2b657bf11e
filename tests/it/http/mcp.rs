//! Tools for assistants, over HTTP and over standard input.

use super::client::Web;
use crate::cli::Folder;
use serde_json::{Value, json};
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::Stdio;
use tidewaiter::service::grpc::new_key;

async fn ask(web: &Web, headers: &str, method: &str, params: Value) -> Value {
    let body = json!({ "jsonrpc": "2.0", "id": 7, "method": method, "params": params }).to_string();
    let headers = format!("Content-Type: application/json\r\nAccept: application/json, text/event-stream\r\n{headers}");
    let answer = web.send("POST", "/mcp", &headers, body.as_bytes()).await.json();
    assert_eq!((&answer["jsonrpc"], &answer["id"]), (&json!("2.0"), &json!(7)), "{answer}");
    answer
}

async fn call(web: &Web, headers: &str, name: &str, arguments: Value) -> Value {
    ask(web, headers, "tools/call", json!({ "name": name, "arguments": arguments })).await["result"].clone()
}

fn text(result: &Value) -> &str {
    result["content"][0]["text"].as_str().expect("a tool answers in words")
}

#[tokio::test(flavor = "multi_thread")]
async fn an_assistant_screens_and_cannot_lose_where_it_stands() {
    let web = Web::start().await;
    let hello = ask(&web, "", "initialize", json!({ "protocolVersion": "2025-06-18", "capabilities": {} })).await;
    assert_eq!(hello["result"]["protocolVersion"], "2025-06-18");
    let newer = ask(&web, "", "initialize", json!({ "protocolVersion": "2099-01-01" })).await;
    assert_eq!(newer["result"]["protocolVersion"], "2025-11-25", "what is spoken here");
    let note = json!({ "jsonrpc": "2.0", "method": "notifications/initialized" });
    let reply = web.post("/mcp", &note).await;
    assert_eq!((reply.status, reply.body.len()), (202, 0));
    let tools = ask(&web, "", "tools/list", json!({})).await["result"]["tools"].clone();
    assert!(
        tools.as_array().expect("a list").iter().all(|tool| tool["annotations"]["readOnlyHint"] == true),
        "{tools}"
    );

    let found = call(&web, "", "screen", json!({ "name": "Zhumadian Harbor Dynamic", "role": "consignee" })).await;
    let said = text(&found);
    assert!(said.starts_with("HOLD: ") || said.starts_with("REVIEW: "), "{said}");
    // On the line of the finding, not at the end.
    let line = said.lines().find(|line| line.contains("PARTY_LISTED")).expect("the finding has a line");
    for part in ["[entry us-bis-el/a1", "citation: ", "list file dated", " old]"] {
        assert!(line.contains(part), "{part}: {line}");
    }
    assert_eq!(found["structuredContent"]["screening"]["findings"][0]["entry"]["id"], "a1");
    assert_eq!(found["structuredContent"]["lists"][0]["list"], "us-bis-el", "ages stand in the data, too");
    let clear = call(&web, "", "screen", json!({ "name": "Blue Larch Glassware" })).await;
    assert!(text(&clear).contains("NO_FINDING is not an approval."), "{clear}");
    for (name, arguments) in
        [("search", json!({ "name": "zhumadian harbour" })), ("entry", json!({ "list": "us-bis-el", "id": "a1" }))]
    {
        let result = call(&web, "", name, arguments).await;
        let said = text(&result);
        assert!(
            said.contains("us-bis-el/a1") && said.contains("citation: ") && said.contains(" old]"),
            "{name}: {said}"
        );
    }
    let alike = call(&web, "", "explain", json!({ "name": "Zhumadian Harbor", "listed": "Zhumadian Harbour" })).await;
    assert!(text(&alike).contains("Score ") && text(&alike).contains("- "), "{alike}");
    assert!(text(&call(&web, "", "lists", json!({})).await).contains("- us-bis-el "));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tool_needs_its_scope_and_nothing_writes() {
    let (key, hash) = new_key();
    let callers = |path: &Path| {
        let text =
            format!("[[caller]]\nname = 'desk'\nkeys_sha256 = ['{hash}']\nscopes = ['lists', 'admin', 'decide']\n");
        std::fs::write(path, text).expect("it is written");
    };
    let change = |options: &mut tidewaiter::config::Server, folder: &tempfile::TempDir| {
        let path = folder.path().join("callers.toml");
        callers(&path);
        options.access.callers = Some(path);
    };
    let web = Web::with(change, tidewaiter::config::Http::default(), |_, _| {}).await;
    let headers = format!("Authorization: Bearer {key}\r\n");
    let refused = call(&web, &headers, "screen", json!({ "name": "x" })).await;
    assert!(refused["isError"] == true && text(&refused).starts_with("SCOPE_MISSING"), "{refused}");
    assert_eq!(call(&web, &headers, "lists", json!({})).await["isError"], false);
    for tool in ["reload", "decide", "put"] {
        let answer = ask(&web, &headers, "tools/call", json!({ "name": tool })).await;
        assert_eq!(answer["error"]["code"], -32602, "{answer}");
    }
    assert_eq!(ask(&web, &headers, "resources/list", json!({})).await["error"]["code"], -32601);
    assert_eq!(web.post("/mcp", &json!({})).await.problem().2, "CREDENTIALS_MISSING");
    let open = Web::start().await;
    let foreign = open.send("POST", "/mcp", "Origin: https://evil.example\r\n", b"{}").await;
    assert_eq!(foreign.problem().2, "ORIGIN_REFUSED");
    assert_eq!(open.send("POST", "/mcp", "Content-Type: text/plain\r\n", b"{}").await.problem().2, "MEDIA_UNKNOWN");
    assert_eq!(open.get("/mcp").await.status, 405, "there is no stream to listen to");
    let broken = open.send("POST", "/mcp", "Content-Type: application/json\r\n", b"{").await.json();
    assert_eq!(broken["error"]["code"], -32700);
    let nothing = call(&open, "", "screen", json!({ "name": "" })).await;
    assert!(nothing["isError"] == true && text(&nothing).starts_with("SHIPMENT_INVALID"), "{nothing}");
    let evil = call(&open, "", "screen", json!({ "name": "Zhumadian Harbour Dynamics\u{1b}[2J\u{202e}" })).await;
    assert!(!text(&evil).contains('\u{1b}') && !text(&evil).contains('\u{202e}'), "what would act is a sign: {evil}");
}

#[test]
fn the_same_tools_are_on_standard_input() {
    let folder = Folder::new();
    folder.file("deny.csv", "#list,acme-deny\n#title,Acme\n#effect,blocking\nname,country\nBrambleton Photonics,CN\n");
    let mut command = folder.command(&["mcp", "--list", "deny.csv"]);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("it starts");
    let mut input = child.stdin.take().expect("it is piped");
    let mut output = BufReader::new(child.stdout.take().expect("it is piped"));
    let mut say = |message: Value| writeln!(input, "{message}").expect("it reads");
    let mut hear = || {
        let mut line = String::new();
        output.read_line(&mut line).expect("it answers");
        serde_json::from_str::<Value>(&line).expect("each line is JSON")
    };
    say(json!({ "jsonrpc": "2.0", "id": "a", "method": "initialize", "params": { "protocolVersion": "2025-11-25" } }));
    assert_eq!(hear()["result"]["serverInfo"]["name"], "tidewaiter");
    say(json!({ "jsonrpc": "2.0", "method": "notifications/initialized" }));
    let arguments = json!({ "name": "Brambleton Photonics Ltd" });
    say(
        json!({ "jsonrpc": "2.0", "id": 2, "method": "tools/call", "params": { "name": "screen", "arguments": arguments } }),
    );
    let answer = hear();
    assert_eq!(answer["id"], 2, "a notification has no answer");
    let said = text(&answer["result"]).to_owned();
    assert!(said.contains("acme-deny/") && said.contains("citation: "), "{said}");
    drop(input);
    let ended = child.wait_with_output().expect("it ends");
    assert!(ended.status.success(), "{}", String::from_utf8_lossy(&ended.stderr));
}
