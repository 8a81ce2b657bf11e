//! What is shipped for operators fits the program: configuration parses, and dashboards name metrics that exist.

use std::collections::BTreeSet;
use std::path::Path;
use tidewaiter::config::Config;

fn read(path: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).expect("the file is there")
}

/// All source below a folder, in one text.
fn sources(folder: &Path) -> String {
    let files = crate::house::files(folder);
    files.iter().map(|file| std::fs::read_to_string(file).expect("the file reads")).collect()
}

#[test]
fn the_configuration_in_the_manifests_is_one() {
    let manifests = read("deploy/kubernetes/tidewaiter.yaml");
    let (_, after) = manifests.split_once("tidewaiter.toml: |\n").expect("the manifests hold it");
    let lines = after.lines().map_while(|line| line.strip_prefix("    "));
    let toml: Vec<&str> = lines.collect();
    let config = Config::from_toml(&toml.join("\n"), "tidewaiter.yaml").expect("it is sound");
    assert!(!config.server.is_exposed() && !config.observe.is_exposed());
    assert!(config.server.access.callers.is_some(), "other machines call: they say who they are");
    let grace = config.server.drain.as_secs() + 5;
    assert!(manifests.contains("terminationGracePeriodSeconds: 50") && grace < 50, "{grace} s to stop");
}

#[test]
fn dashboards_and_alerts_name_metrics_that_exist() {
    let known = sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src/service"));
    let mut named = BTreeSet::new();
    for path in ["deploy/prometheus/alerts.yml", "deploy/grafana/tidewaiter.json", "deploy/kubernetes/tidewaiter.yaml"]
    {
        let text = read(path);
        for (at, _) in text.match_indices("tidewaiter_") {
            let word = |c: char| c.is_ascii_lowercase() || c == '_';
            let name: String = text[at..].chars().take_while(|&c| word(c)).collect();
            named.insert(name.trim_end_matches("_bucket").to_owned());
        }
    }
    assert!(named.len() > 10, "{named:?}");
    for name in named {
        assert!(known.contains(&format!("\"{name}\"")), "there is no metric {name}");
    }
}
