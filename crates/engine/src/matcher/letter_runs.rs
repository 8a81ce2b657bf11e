//! Names by their runs of three letters, blanks left out: what a name field is like, however its words are cut.
//!
//! Words lead to names as long as one of them is whole, or nearly. A name glued together and misspelt, or broken in two
//! places, has no such word. Its letters still stand in the order of the listed ones, so that it shares most runs of
//! three letters with it. [`LetterRuns::likely`] gives the names that share enough of them: [`postings`] counts what each
//! name shares with the field.
//!
//! Names of a script that leaves vowels out are indexed once more by their consonants alone: a writer who spells such a
//! name letter by letter (`hsyn slmy`) shares few runs with the way it is romanised (`hsin slami`).

mod postings;
mod runs;

use crate::name::AsView;
use model::ids::NameId;
use postings::{Counters, Postings};
use runs::{Letters, runs_of, words_of_field};
use text::{Folded, Token};

/// Twice the common runs in all runs of both names that makes a name likely, in hundredths: of 305 respelt names that
/// only their letters lead to, 9 in 10 have it; a stranger's name has it with one name of a hundred thousand, a
/// company's with a few dozen.
const LEAST: usize = 40;
/// The same for consonants, of which there are fewer.
const LEAST_CONSONANTS: usize = 50;

/// All names by their runs of letters.
#[derive(Debug, Default)]
pub(super) struct LetterRuns {
    letters: Postings,
    /// Of the names that lack vowels.
    consonants: Postings,
}

model::binary_fields!(LetterRuns { letters, consonants });

/// Working memory of a look-up.
#[derive(Debug, Default)]
pub(super) struct Overlap {
    counters: Counters,
    runs: Vec<u16>,
    words: Vec<Token>,
}

impl LetterRuns {
    /// Indexes so many names.
    pub(super) fn build<V: AsView>(count: usize, name: impl Fn(NameId) -> V + Sync) -> Self {
        Self {
            letters: Postings::build(count, &name, Letters::All),
            consonants: Postings::build(count, &name, Letters::Consonants),
        }
    }

    /// Calls `found` with the names that share enough runs with a field; a name may come twice. Returns `true` when the
    /// field leads to more names than are looked at.
    ///
    /// The field is taken as it is folded: whether its words are a person's or a company's makes no difference here.
    pub(super) fn likely(&self, field: &Folded, overlap: &mut Overlap, mut found: impl FnMut(NameId)) -> bool {
        let Overlap { counters, runs, words } = overlap;
        words_of_field(field, words);
        let words = || words.iter().map(|token| field.text(*token));
        runs_of(words(), Letters::All, runs);
        let mut is_truncated = self.letters.likely(LEAST, runs, counters, &mut found);
        if !self.consonants.is_empty() && field.squeezed().is_ascii() {
            runs_of(words(), Letters::Consonants, runs);
            is_truncated |= self.consonants.likely(LEAST_CONSONANTS, runs, counters, &mut found);
        }
        is_truncated
    }
}

#[cfg(test)]
mod tests {
    use super::runs::runs_of_name;
    use super::*;
    use crate::name::{Uniform, View, Word, parse};
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
        let index = LetterRuns::build(names.len(), |name| view(&names[name.index()]));
        let mut overlap = Overlap::default();
        let mut found = Vec::new();
        let is_truncated = index.likely(&field.0, &mut overlap, |name| found.push(name.index()));
        assert!(!is_truncated && overlap.counters.are_zero());
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
            let (mut asked, mut its) = (Vec::new(), Vec::new());
            let mut words = Vec::new();
            words_of_field(&field.0, &mut words);
            runs_of(words.iter().map(|token| field.0.text(*token)), Letters::All, &mut asked);
            asked.sort_unstable();
            asked.dedup();
            let mut shares_enough = |at: &usize| {
                runs_of_name(&view(&names[*at]), Letters::All, &mut its);
                let both = its.iter().filter(|run| asked.contains(run)).count();
                both > 0 && 200 * both >= LEAST * (asked.len() + its.len())
            };
            let sought: Vec<usize> = (0..names.len()).filter(|at| shares_enough(at)).collect();
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
