//! Names by their runs of three letters, blanks left out: what a name field is like, however its words are cut.
//!
//! Words lead to names as long as one of them is whole, or nearly. A name glued together and misspelt, or broken in two
//! places, has no such word. Its letters still stand in the order of the listed ones, so that it shares most runs of
//! three letters with it. [`LetterRuns::likely`] gives the names that share enough of them, without looking at the others:
//! a name that shares enough of all has one of the rarest, so that only those lists are read and the long lists of common
//! runs are asked about the few names left.
//!
//! Names of a script that leaves vowels out are indexed once more by their consonants alone: a writer who spells such a
//! name letter by letter (`hsyn slmy`) shares few runs with the way it is romanised (`hsin slami`).

use crate::name::{Class, View, Word};
use model::ids::NameId;

/// Twice the common runs in all runs of both names that makes a name likely, in hundredths: of 305 respelt names that
/// only their letters lead to, 9 in 10 have it; a stranger's name has it with one name of a hundred thousand, a
/// company's with a few dozen.
const LEAST: usize = 40;
/// The same for consonants, of which there are fewer.
const LEAST_CONSONANTS: usize = 50;
/// Names and fields of more runs are left to their words, of which they have many.
const MOST_RUNS: usize = 255;
/// Names read for one field, at most: a bound on hostile text that no real field reaches.
const MOST_READ: usize = 4_000_000;
/// Places for the hashes of runs.
const PLACES: usize = 1 << 16;

/// All names by their runs of letters.
#[derive(Debug, Default)]
pub(super) struct LetterRuns {
    letters: Postings,
    /// Of the names that lack vowels.
    consonants: Postings,
}

/// The names that have each run.
#[derive(Debug, Default)]
struct Postings {
    /// Where the names of each run start; one more than there are places. Empty for no names.
    starts: Vec<u32>,
    /// The names, in order within a run.
    names: Vec<NameId>,
    /// How many runs each name has.
    sizes: Vec<u8>,
}

/// Which letters of a name make runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Letters {
    All,
    Consonants,
}

/// Working memory of a look-up.
#[derive(Debug, Default)]
pub(super) struct Overlap {
    /// For each name, how many runs it shares with the field; 0 between look-ups.
    shared: Vec<u8>,
    touched: Vec<NameId>,
    runs: Vec<u16>,
}

impl Overlap {
    /// Makes room for an index of so many names.
    pub(super) fn fit(&mut self, names: usize) {
        self.shared.clear();
        self.shared.resize(names, 0);
    }
}

impl LetterRuns {
    /// Indexes the names given, in the order of their ids.
    pub(super) fn build<'v>(views: impl Iterator<Item = View<'v>> + Clone) -> Self {
        Self {
            letters: Postings::build(views.clone(), Letters::All),
            consonants: Postings::build(views, Letters::Consonants),
        }
    }

    /// Calls `found` with the names that share enough runs with `view`; a name may come twice. Returns `true` when the
    /// field leads to more names than are looked at.
    pub(super) fn likely(&self, view: &View<'_>, overlap: &mut Overlap, mut found: impl FnMut(NameId)) -> bool {
        runs_of(view, Letters::All, &mut overlap.runs);
        let mut is_truncated = self.letters.likely(LEAST, overlap, &mut found);
        if !self.consonants.names.is_empty() && view.squeezed().is_ascii() {
            runs_of(view, Letters::Consonants, &mut overlap.runs);
            is_truncated |= self.consonants.likely(LEAST_CONSONANTS, overlap, &mut found);
        }
        is_truncated
    }
}

impl Postings {
    fn build<'v>(views: impl Iterator<Item = View<'v>> + Clone, letters: Letters) -> Self {
        let is_indexed = |view: &View<'_>| letters == Letters::All || view.words.iter().any(Word::lacks_vowels);
        let mut starts = vec![0u32; PLACES + 1];
        let (mut sizes, mut runs) = (Vec::new(), Vec::new());
        for view in views.clone() {
            runs.clear();
            if is_indexed(&view) {
                runs_of(&view, letters, &mut runs);
            }
            if runs.len() > MOST_RUNS {
                runs.clear();
            }
            runs.iter().for_each(|run| starts[usize::from(*run) + 1] += 1);
            sizes.push(runs.len() as u8);
        }
        for at in 1..starts.len() {
            starts[at] += starts[at - 1];
        }
        let mut next = starts.clone();
        let mut names = vec![NameId::from_index(0); starts[PLACES] as usize];
        // The runs are made again rather than kept: of two million names they are more than all else.
        for (at, view) in views.enumerate().filter(|(at, _)| sizes[*at] > 0) {
            runs_of(&view, letters, &mut runs);
            for run in &runs {
                let slot = &mut next[usize::from(*run)];
                names[*slot as usize] = NameId::from_index(at);
                *slot += 1;
            }
        }
        Self { starts, names, sizes }
    }

    fn of(&self, run: u16) -> &[NameId] {
        let at = usize::from(run);
        &self.names[self.starts[at] as usize..self.starts[at + 1] as usize]
    }

    /// Calls `found` with the names of which twice the runs shared with those of `overlap`, in all runs of both, are `least`
    /// hundredths or more.
    fn likely(&self, least: usize, overlap: &mut Overlap, found: &mut impl FnMut(NameId)) -> bool {
        let Overlap { shared, touched, runs } = overlap;
        let count = runs.len();
        if count == 0 || count > MOST_RUNS {
            return false;
        }
        runs.sort_unstable_by_key(|run| (self.of(*run).len(), *run));
        // No name shares enough that shares fewer than this, not even one of as few runs.
        let fewest = (least * count).div_ceil(200 - least).max(1);
        let (rare, common) = runs.split_at(count + 1 - fewest);
        if rare.iter().map(|run| self.of(*run).len()).sum::<usize>() > MOST_READ {
            return true;
        }
        for run in rare {
            for name in self.of(*run) {
                let shared = &mut shared[name.index()];
                if *shared == 0 {
                    touched.push(*name);
                }
                *shared += 1;
            }
        }
        for name in touched.drain(..) {
            let mut have = usize::from(std::mem::take(&mut shared[name.index()]));
            let wanted = (least * (count + usize::from(self.sizes[name.index()]))).div_ceil(200);
            for (at, run) in common.iter().enumerate() {
                if have >= wanted || have + common.len() - at < wanted {
                    break;
                }
                have += usize::from(self.of(*run).binary_search(&name).is_ok());
            }
            if have >= wanted {
                found(name);
            }
        }
        false
    }
}

/// Writes the hashes of a name's runs, each once, in order.
fn runs_of(view: &View<'_>, letters: Letters, out: &mut Vec<u16>) {
    /// What stands before the first letter and behind the last.
    const END: char = '\u{0}';
    out.clear();
    let tells = |w: &Word| !matches!(w.class, Class::LegalForm(_) | Class::Title | Class::Particle);
    // A name of nothing else is made of those.
    let all = !view.words.iter().any(tells);
    let words = view.words.iter().filter(|w| all || tells(w));
    let mut before = None;
    let mut last = END;
    let mut add = |c: char| {
        let skipped = letters == Letters::Consonants && (is_vowel(c) || c == last || (c == 'h' && last == 's'));
        if skipped {
            return;
        }
        // Ideographs and Hangul say as much in two as letters do in three.
        match before {
            _ if is_sign(c) || is_sign(last) => out.push(hash([END, last, c])),
            Some(before) => out.push(hash([before, last, c])),
            None => {}
        }
        before = Some(last);
        last = c;
    };
    words.flat_map(|word| view.letters(word).chars()).for_each(&mut add);
    add(END);
    out.sort_unstable();
    out.dedup();
}

/// A vowel, or a letter that writes one where scripts leave vowels out.
fn is_vowel(c: char) -> bool {
    matches!(c, 'a' | 'e' | 'i' | 'o' | 'u' | 'y' | 'w')
}

/// Of a script that writes whole syllables or words: kana, ideographs, Hangul.
fn is_sign(c: char) -> bool {
    ('\u{2e80}'..='\u{d7ff}').contains(&c) || c >= '\u{20000}'
}

fn hash(run: [char; 3]) -> u16 {
    let mixed = run.iter().fold(7u32, |hash, c| hash.rotate_left(9).wrapping_mul(0x9e37_79b1) ^ *c as u32);
    (mixed.wrapping_mul(0x85eb_ca6b) >> 16) as u16
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::name::{Uniform, parse};
    use proptest::prelude::*;
    use text::{Folded, Reading};

    type Parsed = (Folded, Vec<Word>);

    fn parsed(name: &str, reading: Reading) -> Parsed {
        let folded = Folded::of(name, reading);
        let mut words = Vec::new();
        parse(folded.as_text(), true, &Uniform, &mut words);
        (folded, words)
    }

    fn view((folded, words): &Parsed) -> View<'_> {
        View { text: folded.squeezed(), words }
    }

    /// The numbers of the names that the field leads to.
    fn likely(names: &[Parsed], field: &Parsed) -> Vec<usize> {
        let index = LetterRuns::build(names.iter().map(view));
        let mut overlap = Overlap::default();
        overlap.fit(names.len());
        let mut found = Vec::new();
        let is_truncated = index.likely(&view(field), &mut overlap, |name| found.push(name.index()));
        assert!(!is_truncated && overlap.shared.iter().all(|shared| *shared == 0));
        found.sort_unstable();
        found
    }

    proptest! {
        /// Few letters, so that names share runs.
        #[test]
        fn gives_every_name_that_shares_enough_and_no_other(
            names in prop::collection::vec("[abc]{1,12}( [abcé]{1,6})?|[金山中]{1,4}", 1..40),
            field in "[abc]{1,12}( [abcé]{1,6})?|[金山中]{1,4}",
        ) {
            let names: Vec<Parsed> = names.iter().map(|name| parsed(name, Reading::Plain)).collect();
            let field = parsed(&field, Reading::Plain);
            let runs = |of: &Parsed| {
                let mut runs = Vec::new();
                runs_of(&view(of), Letters::All, &mut runs);
                runs
            };
            let asked = runs(&field);
            let shares_enough = |at: &usize| {
                let its = runs(&names[*at]);
                let both = its.iter().filter(|run| asked.contains(run)).count();
                both > 0 && 200 * both >= LEAST * (asked.len() + its.len())
            };
            let sought: Vec<usize> = (0..names.len()).filter(shares_enough).collect();
            prop_assert_eq!(likely(&names, &field), sought);
        }
    }

    #[test]
    fn names_glued_broken_and_without_vowels_are_led_to() {
        let plain = ["Vyacheslav Viktorovich Volodin", "Changsha Optel Works", "최광수"];
        let mut names: Vec<Parsed> = plain.iter().map(|name| parsed(name, Reading::Plain)).collect();
        names.push(parsed("حسین سلامی", Reading::Romanised));
        for (field, name) in
            [("VyacheslavViktorovichVOLUDIN", 0), ("Chang sha Op tel Wroks", 1), ("최광수수", 2), ("hsyn slmy", 3)]
        {
            assert_eq!(likely(&names, &parsed(field, Reading::Plain)), [name], "{field}");
        }
        assert!(likely(&names, &parsed("Northern Harbour Trading", Reading::Plain)).is_empty());
    }
}
