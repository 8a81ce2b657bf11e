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
pub(super) const fn confusable(c: char) -> char {
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

/// [`confusable`] for each ASCII character.
static CONFUSED: [u8; 128] = {
    let mut table = [0; 128];
    let mut at = 0;
    while at < 128 {
        table[at] = confusable(at as u8 as char) as u8;
        at += 1;
    }
    table
};

/// Letters of a word for which there is room without asking for memory.
const ROOM: usize = 64;

/// The edits that turn one word into the other, a transposition of neighbours counting as one (optimal string
/// alignment); `None` when they are more than `most`.
pub(super) fn edits_within(left: &str, right: &str, most: usize) -> Option<usize> {
    if left.is_ascii() && right.is_ascii() {
        return edits(left.as_bytes(), right.as_bytes(), most);
    }
    let [left, right] = [left, right].map(|word| word.chars().collect::<Vec<char>>());
    edits(&left, &right, most)
}

/// The same for the words with one letter for each group that writers and scanners confuse.
pub(super) fn edits_within_if_confused(left: &str, right: &str, most: usize) -> Option<usize> {
    if left.is_ascii() && right.is_ascii() && left.len().max(right.len()) <= ROOM {
        let (mut l, mut r) = ([0; ROOM], [0; ROOM]);
        return edits(confused(left, &mut l), confused(right, &mut r), most);
    }
    let [left, right] = [left, right].map(|word| word.chars().map(confusable).collect::<Vec<char>>());
    edits(&left, &right, most)
}

/// The letters of an ASCII word, one for each group.
fn confused<'o>(word: &str, out: &'o mut [u8; ROOM]) -> &'o [u8] {
    for (out, letter) in out.iter_mut().zip(word.bytes()) {
        *out = CONFUSED[usize::from(letter & 127)];
    }
    &out[..word.len()]
}

fn edits<T: Copy + Eq>(left: &[T], right: &[T], most: usize) -> Option<usize> {
    if left.len().abs_diff(right.len()) > most {
        return None;
    }
    let (left, right) = without_common_ends(left, right);
    match (left, right) {
        ([], rest) | (rest, []) => Some(rest.len()),
        // Of one edit nothing else is left.
        ([_], [_]) => Some(1),
        ([a, b], [c, d]) if a == d && b == c => Some(1),
        _ if most < 2 => None,
        _ => aligned(left, right, most),
    }
    .filter(|edits| *edits <= most)
}

/// What is left of two words when the letters that both begin or end with are taken away: these need no edit.
fn without_common_ends<'w, T: Copy + Eq>(left: &'w [T], right: &'w [T]) -> (&'w [T], &'w [T]) {
    let start = left.iter().zip(right).take_while(|(a, b)| a == b).count();
    let (left, right) = (&left[start..], &right[start..]);
    let end = left.iter().rev().zip(right.iter().rev()).take_while(|(a, b)| a == b).count();
    (&left[..left.len() - end], &right[..right.len() - end])
}

/// The edits by the table of all beginnings, of which only those are filled that can be reached with `most` edits.
fn aligned<T: Copy + Eq>(left: &[T], right: &[T], most: usize) -> Option<usize> {
    let (width, beyond) = (right.len() + 2, most as u16 + 1);
    let (mut stack, mut heap) = ([0u16; 3 * (ROOM + 2)], Vec::new());
    let rows = if right.len() <= ROOM {
        &mut stack[..3 * width]
    } else {
        heap.resize(3 * width, 0);
        &mut heap[..]
    };
    let (mut earlier, rest) = rows.split_at_mut(width);
    let (mut before, mut here) = rest.split_at_mut(width);
    before.iter_mut().zip(0..=beyond).for_each(|(cost, letters)| *cost = letters);
    let mut least_before = 0;
    for (l, a) in (1usize..).zip(left) {
        let (first, last) = (l.saturating_sub(most).max(1), (l + most).min(right.len()));
        here[first - 1] = if first == 1 { l as u16 } else { beyond };
        let mut least = here[first - 1];
        for r in first..=last {
            let b = &right[r - 1];
            let mut cost = (before[r - 1] + u16::from(a != b)).min(before[r] + 1).min(here[r - 1] + 1);
            if l > 1 && r > 1 && *a == right[r - 2] && left[l - 2] == *b {
                cost = cost.min(earlier[r - 2] + 1);
            }
            here[r] = cost;
            least = least.min(cost);
        }
        here[last + 1] = beyond;
        // A transposition goes back two rows.
        if least.min(least_before) >= beyond {
            return None;
        }
        least_before = least;
        (earlier, before, here) = (before, here, earlier);
    }
    Some(usize::from(before[right.len()]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn edits_are_those_of_the_whole_table(left in "[abc]{0,7}|[aé]{0,5}|[ab]{60,70}", right in "[abc]{0,7}|[aé]{0,5}|[ab]{60,70}") {
            let all = strsim::osa_distance(&left, &right);
            for most in 0..6 {
                prop_assert_eq!(edits_within(&left, &right, most), Some(all).filter(|all| *all <= most));
            }
        }
    }

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
