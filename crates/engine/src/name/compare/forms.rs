//! How the legal forms of two names relate.

use super::super::model::charges::{FORM_ALIKE, FORM_DIFFERS, FORM_MISSING, FORM_OF_OTHER_BODY};
use super::super::tables::FormClass;
use super::super::word::{Class, View, Word};

/// How the legal forms of two names relate.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(in crate::name) enum Forms {
    Equal,
    /// Of one class, or of unknown class.
    Alike,
    /// Only one name has one.
    Missing,
    /// Only one name has one, and it is the form of another body beside the first: a foundation, a cooperative.
    OtherBody,
    Differ,
}

impl Forms {
    /// The points and their detail.
    pub(super) fn weigh(self) -> (i64, &'static str) {
        match self {
            Self::Equal => (0, "the legal forms are equal"),
            Self::Alike => (FORM_ALIKE, "the legal forms are written differently"),
            Self::Missing => (FORM_MISSING, "only one name has a legal form"),
            Self::OtherBody => (FORM_OF_OTHER_BODY, "only one name is that of a foundation, cooperative or state body"),
            Self::Differ => (FORM_DIFFERS, "the legal forms differ"),
        }
    }
}

/// Compares the last legal forms of both names; `inside` is whether a left word belongs to the match.
pub(in crate::name) fn legal_forms(left: &View<'_>, right: &View<'_>, inside: impl Fn(&Word) -> bool) -> Forms {
    // In running text the form may stand right beside the matched part.
    let near = |at: usize| {
        inside(&left.words[at])
            || (at > 0 && inside(&left.words[at - 1]))
            || left.words.get(at + 1).is_some_and(&inside)
    };
    let form = |view: &View<'_>, at: usize| match view.words[at].class {
        Class::LegalForm(class) => Some((class, at)),
        _ => None,
    };
    let l: Option<(FormClass, usize)> =
        (0..left.words.len()).rev().filter(|&at| near(at)).find_map(|at| form(left, at));
    let r: Option<(FormClass, usize)> = (0..right.words.len()).rev().find_map(|at| form(right, at));
    match (l, r) {
        (None, None) => Forms::Equal,
        (Some((lc, la)), Some((rc, ra))) => {
            if left.letters(&left.words[la]) == right.letters(&right.words[ra]) {
                Forms::Equal
            } else if lc == rc || lc == FormClass::Other || rc == FormClass::Other {
                Forms::Alike
            } else {
                Forms::Differ
            }
        }
        (Some((class, _)), None) | (None, Some((class, _))) => match class {
            FormClass::Foundation | FormClass::Cooperative | FormClass::State => Forms::OtherBody,
            _ => Forms::Missing,
        },
    }
}
