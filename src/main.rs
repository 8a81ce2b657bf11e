//! scratch
#![allow(clippy::print_stdout, clippy::unwrap_used, reason = "scratch")]
use std::sync::Arc;
use std::time::Instant;
use tidewaiter::*;
fn main() {
    let args: Vec<String> = std::env::args().collect();
    let t = Instant::now();
    let src = if args[1] == "builtin" { list::Source::Builtin } else { list::Source::Path(args[1].clone().into()) };
    let snap = Arc::new(list::Snapshot::load(&[src]).unwrap());
    println!("load {:?} entries {}", t.elapsed(), snap.entries().len());
    let t = Instant::now();
    let engine = screen::Engine::build(snap, Arc::new(policy::Policy::default()), screen::Limits::default()).unwrap();
    println!(
        "compile {:?} names {} automaton {}",
        t.elapsed(),
        engine.index().name_count(),
        engine.index().automaton_bytes()
    );
    let mut scratch = screen::Scratch::default();
    for a in &args[2..] {
        let (kind, text) = a.split_once('=').unwrap();
        let mut s = shipment::Shipment::default();
        if kind == "p" {
            s.parties.push(shipment::Party { name: text.into(), ..Default::default() });
        } else {
            s.goods.push(shipment::Goods { description: text.into(), ..Default::default() });
        }
        let t = Instant::now();
        let r = engine.screen(&s, &mut scratch);
        println!("\n== {a}: {:?} {:?}", r.outcome, t.elapsed());
        for f in r.findings.iter().take(8) {
            println!(
                "  {:?} {:?} {} {} {:?} | {}",
                f.reason,
                f.severity,
                f.score.get(),
                f.entry.as_ref().map(|e| format!("{}/{}", e.list, e.id)).unwrap_or_default(),
                f.spans.iter().map(|s| &s.text).collect::<Vec<_>>(),
                f.explanation
            );
            println!(
                "     {}",
                f.evidence
                    .iter()
                    .map(|e| format!("{} {} {}", e.name, e.points, e.detail))
                    .collect::<Vec<_>>()
                    .join(" | ")
            );
        }
    }
}
