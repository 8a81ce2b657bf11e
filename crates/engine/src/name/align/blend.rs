//! Words that are blended of the beginnings of several others.

use super::super::alignment::{Alignment, Pair, Side, one};
use super::super::model::likeness;
use super::super::similar::Likeness;
use super::super::word::{Class, View};

/// Words one is blended of, at most.
const MOST_BLENDED: usize = 4;
/// Ways to blend a word that are tried; a real one is found in a handful.
const MOST_STEPS: u32 = 200;

/// `Kurganmashzavod` for Kurgansky Mashinostroitelny Zavod: a long word made of the beginnings of several, in any order.
pub(super) fn blended_words(found: &mut Alignment<'_>, left: &View<'_>, right: &View<'_>) {
    for is_left in [true, false] {
        let (short_view, long_view) = if is_left { (left, right) } else { (right, left) };
        let (short, long) = if is_left { (&found.left, &found.right) } else { (&found.right, &found.left) };
        if long.free().filter(|&at| long.word(at).traits.length >= 3).nth(1).is_none() {
            continue;
        }
        let mut used = [usize::MAX; MOST_BLENDED];
        let blended = short.free().find_map(|s| {
            let word = short_view.letters(short.word(s));
            if word.len() < 6 || word.len() > 40 || !word.is_ascii() || short.word(s).class != Class::Distinctive {
                return None;
            }
            let count = blend(word, long_view, long, &mut used, 0, &mut 0);
            (count >= 2).then_some((s, count))
        });
        let Some((s, count)) = blended else { continue };
        // The word stands for the first of its parts; the others are part of it and leave nothing over.
        for (nth, &at) in used[..count].iter().enumerate() {
            let (lr, rr) = if is_left { (one(s), one(at)) } else { (one(at), one(s)) };
            if nth == 0 {
                found.push(Pair { left: lr, right: rr, alike: likeness::BLEND, how: Likeness::Blend });
            } else if is_left {
                found.right.take(rr);
            } else {
                found.left.take(lr);
            }
        }
    }
}

/// How many words of `long` the rest of a word is made of; 0 when it is not.
fn blend(
    rest: &str,
    view: &View<'_>,
    long: &Side<'_>,
    used: &mut [usize; MOST_BLENDED],
    depth: usize,
    steps: &mut u32,
) -> usize {
    if rest.is_empty() {
        return depth;
    }
    *steps += 1;
    if depth == MOST_BLENDED || *steps > MOST_STEPS {
        return 0;
    }
    for at in long.free().filter(|&at| long.word(at).traits.is_ascii) {
        if used[..depth].contains(&at) || long.word(at).traits.length < 3 {
            continue;
        }
        let word = view.letters(long.word(at));
        let common = rest.bytes().zip(word.bytes()).take_while(|(a, b)| a == b).count();
        for taken in (3..=common).rev() {
            used[depth] = at;
            let count = blend(&rest[taken..], view, long, used, depth + 1, steps);
            if count > 0 {
                return count;
            }
        }
    }
    0
}
