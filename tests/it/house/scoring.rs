//! Every number of the scoring stands in `name/model`, with its reason: budgets, weights, points, caps.

use super::imports::{files, is_test};
use super::root;
use super::source::{tokens, without_tests};

/// The rooms that compare names and judge what was found.
const ROOMS: [&str; 3] = ["matcher", "name", "screen"];
/// A statement with one of these in a word speaks of the scoring.
const WORDS: [&str; 8] = ["score", "points", "alike", "weight", "cost", "evidence", "charge", "threshold"];
/// Units: thousandths, hundredths, and how many bits and bytes there are.
const UNITS: [u32; 5] = [64, 100, 128, 255, 1000];

/// Its numbers are places of letters in a set.
const NO_SCORING: &str = "name/letters.rs";

/// The statements of a source that hold both a word of the scoring and a number that is no unit and no small count.
fn faults(text: &str) -> Vec<String> {
    let code = without_tests(&tokens(text));
    let is_end = |token: &String| matches!(token.as_str(), ";" | "{" | "}");
    let is_constant = |token: &str| {
        let number = token.split(['u', 'i']).next().unwrap_or_default().replace('_', "").parse::<u32>();
        number.is_ok_and(|number| number >= 15 && !UNITS.contains(&number))
    };
    let speaks = |token: &str| {
        let word = token.to_lowercase();
        WORDS.iter().any(|of_scoring| word.contains(of_scoring))
    };
    // `if is_long { 730 } else { 0 }`, `5 => -120`: the value of a block or an arm.
    let is_value = |s: &[String]| match s {
        [only] => is_constant(only),
        _ => s
            .windows(4)
            .any(|w| w[0] == "=" && w[1] == ">" && (is_constant(&w[2]) || w[2] == "-" && is_constant(&w[3]))),
    };
    let statements = code.split(is_end);
    let wrong = statements.filter(|s| is_value(s) || s.iter().any(|t| is_constant(t)) && s.iter().any(|t| speaks(t)));
    wrong.map(|statement| statement.join(" ")).collect()
}

#[test]
fn no_scoring_constant_stands_outside_the_model() {
    let engine = root().join("crates/engine/src");
    let model = engine.join("name/model");
    let sources = ROOMS.iter().flat_map(|room| files(&engine.join(room)));
    let mut wrong = Vec::new();
    for path in sources.filter(|path| !path.starts_with(&model) && !path.ends_with(NO_SCORING) && !is_test(path)) {
        let text = std::fs::read_to_string(&path).expect("it reads");
        wrong.extend(faults(&text).into_iter().map(|fault| format!("{}: {fault}", path.display())));
    }
    assert!(wrong.is_empty(), "give these numbers a name in name/model:\n{}", wrong.join("\n"));
}

#[test]
fn constants_of_the_scoring_are_seen() {
    assert_eq!(faults("fn f() { card.charge(Kind::Number, -250, detail); }").len(), 1);
    assert_eq!(faults("const MOST_SCORE: u16 = 650;").len(), 1);
    assert_eq!(faults("fn f() { let score = if is_long { 730 } else { 0 }; }").len(), 1);
    assert_eq!(faults("fn f() { match letters { 5 => -120, _ => 0 } }").len(), 1);
    assert!(faults("fn f() { let share = weight * 100 / all; let score = points.min(1000); }").is_empty());
    assert!(faults("#[cfg(test)] mod tests { fn f() { assert!(score > 740); } }").is_empty());
}
