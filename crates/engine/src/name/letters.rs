//! Letters as writers and scanners confuse them.

/// A bit for each letter of a word, letters that writers and scanners confuse sharing one: an edit changes at most two.
pub(crate) fn letter_set(word: &str) -> u32 {
    word.chars().fold(0, |set, c| set | 1 << letter_bit(c))
}

/// The bit of a letter in [`letter_set`], below 32.
pub(crate) fn letter_bit(c: char) -> u32 {
    match confusable(c) {
        c @ 'a'..='z' => c as u32 - 'a' as u32,
        '0'..='9' => 26,
        c => c as u32 % 32,
    }
}

/// One letter for each group that writers and scanners confuse, `o` for `0` and `o`.
pub(super) fn confusable(c: char) -> char {
    match c {
        '0' => 'o',
        '1' | 'l' | 'i' => 'i',
        'y' | 'j' => 'y',
        '5' | 'z' => 's',
        'c' | 'q' => 'k',
        'w' => 'v',
        _ => c,
    }
}

/// The edits that turn one word into the other, a transposition of neighbours counting as one (optimal string
/// alignment); `None` when they are more than `most`.
pub(super) fn edits_within(left: &str, right: &str, most: usize) -> Option<usize> {
    let (left, right) = without_common_ends(left, right);
    if left.is_empty() || right.is_empty() {
        return Some(left.chars().count() + right.chars().count()).filter(|edits| *edits <= most);
    }
    Some(strsim::osa_distance(left, right)).filter(|edits| *edits <= most)
}

/// The same for the words with one letter for each group that writers and scanners confuse.
pub(super) fn edits_within_if_confused(left: &str, right: &str, most: usize) -> Option<usize> {
    let [left, right] = [left, right].map(|word| word.chars().map(confusable).collect::<String>());
    edits_within(&left, &right, most)
}

/// What is left of two words when the letters that both begin or end with are taken away: these need no edit.
fn without_common_ends<'w>(left: &'w str, right: &'w str) -> (&'w str, &'w str) {
    let length = |(a, b): (char, char)| (a == b).then_some(a.len_utf8());
    let start: usize = left.chars().zip(right.chars()).map_while(length).sum();
    let (left, right) = (&left[start..], &right[start..]);
    let end: usize = left.chars().rev().zip(right.chars().rev()).map_while(length).sum();
    (&left[..left.len() - end], &right[..right.len() - end])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edits_are_counted_up_to_a_limit() {
        for (left, right, edits) in [
            ("autel", "autel", 0),
            ("technology", "techonlogy", 1),
            ("innovation", "inovation", 1),
            ("калашников", "калошников", 1),
            ("abab", "ba", 2),
            ("skolkovo", "skolcowo", 2),
            ("", "dji", 3),
        ] {
            for (a, b) in [(left, right), (right, left)] {
                assert_eq!(edits_within(a, b, edits), Some(edits), "{a} {b}");
                assert!(edits == 0 || edits_within(a, b, edits - 1).is_none(), "{a} {b}");
            }
        }
        assert_eq!(edits_within_if_confused("skolkovo", "sk0lcowo", 1), Some(0));
    }

    #[test]
    fn an_edit_changes_two_letters_of_the_set_at_most() {
        let letters: Vec<char> = "abcdefghijklmnopqrstuvwxyz0159жя郎".chars().collect();
        let word: Vec<char> = "qaz1жolwy".chars().collect();
        for at in 0..word.len() {
            for &letter in &letters {
                let (mut replaced, mut added) = (word.clone(), word.clone());
                replaced[at] = letter;
                added.insert(at, letter);
                for edited in [replaced, added] {
                    let set = |word: &[char]| letter_set(&word.iter().collect::<String>());
                    assert!((set(&word) ^ set(&edited)).count_ones() <= 2, "{word:?} {edited:?}");
                }
            }
        }
    }
}
