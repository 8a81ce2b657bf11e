//! Aliases of persons that are no more than another spelling of a part of the name.

use text::{Folded, Reading};

/// Whether `alias` spells a part of `name` and no more: each of its words is like another word of the name, the last
/// word of the name, which is the family's, is like none of them, and so is no word that the name lacks.
///
/// A single word that is like the family name is a part as well.
pub(super) fn is_part_of(alias: &str, name: &str) -> bool {
    let (alias, name) = (words(alias), words(name));
    if alias.is_empty() || alias.len() >= name.len() {
        return false;
    }
    let mut free: Vec<&String> = name.iter().collect();
    for word in &alias {
        match free.iter().position(|other| is_like(word, other)) {
            Some(at) => drop(free.remove(at)),
            None => return false,
        }
    }
    let family = name.last().is_some_and(|last| free.contains(&last));
    family || alias.len() == 1
}

fn words(text: &str) -> Vec<String> {
    let folded = Folded::of(text, Reading::Plain);
    folded.tokens().iter().map(|t| folded.text(*t).to_owned()).collect()
}

/// Whether two words may be one in two spellings: a third of the letters may differ.
fn is_like(a: &str, b: &str) -> bool {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let longest = a.len().max(b.len());
    longest >= 3 && distance(&a, &b) * 3 <= longest
}

/// Letters to change, put in or leave out.
fn distance(a: &[char], b: &[char]) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut above_left = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let change = above_left + usize::from(x != y);
            above_left = row[j + 1];
            row[j + 1] = change.min(row[j] + 1).min(above_left + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::is_part_of;

    #[test]
    fn a_part_is_told_from_a_name() {
        for (alias, name) in [
            ("Andrey Sergeevich", "Andrei Siarheevich PALCHIK"),
            ("Zinaida Vasilievna", "Zinaida Vasilieuna BALABALAVA"),
            ("Aleksandr", "Alexander Ivanov"),
            ("Ivanoff", "Alexander Ivanov"),
        ] {
            assert!(is_part_of(alias, name), "{alias}");
        }
        for (alias, name) in [
            ("Igor Butkevich", "Ihar Butkevich"),
            ("Sergei Ivanov", "Sergei Petrovich Ivanov"),
            ("Abu Ali", "Mohammed Hassan"),
            ("Wagner", "Dmitry Utkin"),
            ("Alexander Ivanov the Elder", "Alexander Ivanov"),
            ("", "Alexander Ivanov"),
        ] {
            assert!(!is_part_of(alias, name), "{alias}");
        }
    }
}
