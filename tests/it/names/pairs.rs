//! The comparison of names, on pairs that others labelled.

use crate::shared::{Pair, csl, curated, data, measure, read_pairs};

#[test]
fn labelled_pairs() {
    let Some(path) = data("benchmarks/name_pairs.csv") else { return };
    let pairs = read_pairs(&path, |record| (&record[3] == "true", &record[4] == "STRONG"));
    let half = |from: usize| pairs.iter().skip(from).step_by(2).cloned().collect::<Vec<Pair>>();
    for engine in [Some(curated()), csl()].into_iter().flatten() {
        let all = measure(engine, &pairs, false);
        // The first half was looked at while building, the second never.
        measure(engine, &half(0), true);
        measure(engine, &half(1), false);
        assert!(
            all.f1 >= 900 && all.auc >= 940 && all.wrong_strong.is_empty(),
            "f1 {}, expected 900; auc {}, expected 940; STRONG pairs that are wrong: {:#?}",
            all.f1,
            all.auc,
            all.wrong_strong
        );
    }
}
