//! Which names and numbers are put into cells.

use super::super::choice::Choice;
use super::super::kind::{Field, Reach};
use super::super::strengths::Strengths;
use super::forms::{Forms, NumberForm};
use super::probe::{finds_number, in_own_field, score_alone};
use super::setup::{PARTY_SCORE, Setup};
use engine::screen::{Engine, Scratch};
use model::entry::{Entry, EntryKind, Identifier};
use rayon::prelude::*;

/// A listed name with an address to write beside it.
#[derive(Clone, Debug)]
pub(super) struct Named<'a> {
    pub(super) entry: &'a Entry,
    pub(super) name: &'a str,
    pub(super) address: String,
}

/// A listed number to be put behind a label.
#[derive(Clone, Copy, Debug)]
pub(super) struct Numbered<'a> {
    /// Number of the form.
    pub(super) form: usize,
    pub(super) entry: &'a Entry,
    pub(super) number: &'a Identifier,
}

/// What is drawn from.
pub(super) struct Drawing<'a> {
    pub(super) engine: &'a Engine,
    pub(super) forms: &'a Forms,
    pub(super) setup: &'a Setup,
}

impl<'a> Drawing<'a> {
    /// Names that alert when they stand alone, and how many were looked at that do not. Entries with an address of
    /// their own come first.
    pub(super) fn names(&self) -> (Vec<Named<'a>>, u32) {
        let entries = self.engine.snapshot().entries();
        let strengths = Strengths::of(self.engine);
        let is_party =
            |entry: &Entry| matches!(entry.kind, EntryKind::Company | EntryKind::Person | EntryKind::Unknown);
        let mut order = Vec::new();
        for (at, entry) in entries.iter().enumerate().filter(|(_, entry)| is_party(entry)) {
            for name in 0..entry.names.len() {
                if strengths.reach(self.engine, Field::Party, (at as u32, name as u16)) == Reach::Alert {
                    order.push((at, name));
                }
            }
        }
        Choice::new(self.setup.seed, "cells").shuffle(&mut order);
        order.sort_by_key(|&(at, _)| entries[at].addresses.is_empty());

        let wanted = self.setup.count as usize;
        let mut named = Vec::with_capacity(wanted);
        let mut left_out = 0;
        for chunk in order.chunks(wanted.max(1)) {
            let alone: Vec<bool> = chunk
                .par_iter()
                .map_init(Scratch::default, |scratch, &(at, name)| {
                    let entry = &entries[at];
                    score_alone(self.engine, entry, &entry.names[name].text, scratch) >= PARTY_SCORE
                })
                .collect();
            for (&(at, name), is_found) in chunk.iter().zip(alone) {
                if named.len() == wanted {
                    return (named, left_out);
                }
                if is_found {
                    let (entry, listed) = (&entries[at], entries[at].names[name].text.as_str());
                    named.push(Named { entry, name: listed, address: self.address(entry, listed) });
                } else {
                    left_out += 1;
                }
            }
        }
        (named, left_out)
    }

    /// An address of the entry with its country; an invented one where it has none.
    fn address(&self, entry: &Entry, name: &str) -> String {
        let mut choice = Choice::new(self.setup.seed, &format!("address {}/{} {name}", entry.list, entry.id));
        let Some(address) = choice.of(&entry.addresses) else {
            return self.forms.invented.address(&mut choice);
        };
        let text = address.text.trim();
        match address.country {
            Some(country) if !text.ends_with(country.code()) && !text.contains(country.name()) => {
                format!("{text}{}{}", if text.is_empty() { "" } else { ", " }, country.name())
            }
            _ => text.to_owned(),
        }
    }

    /// Numbers for every label, in the order of the forms.
    pub(super) fn numbers(&self) -> Vec<Numbered<'a>> {
        let of_form = |(at, form)| {
            self.numbers_of(form).into_iter().map(move |(entry, number)| Numbered { form: at, entry, number })
        };
        self.forms.numbers.iter().enumerate().flat_map(of_form).collect()
    }

    /// Numbers that a label is for, among those that are found when they stand in a field of their own.
    fn numbers_of(&self, form: &NumberForm) -> Vec<(&'a Entry, &'a Identifier)> {
        let fits = |entry: &Entry, number: &Identifier| {
            let is_of = |code: &String| match number.country {
                Some(country) => country.code() == code,
                None => entry.all_countries().any(|country| country.code() == code),
            };
            form.takes(number.kind)
                && (form.countries.is_empty() || form.countries.iter().any(is_of))
                && (!form.digits || number.value.chars().all(|c| c.is_ascii_digit()))
        };
        let entries = self.engine.snapshot().entries();
        let of_entry = |entry: &'a Entry| entry.identifiers.iter().map(move |number| (entry, number));
        let mut all: Vec<_> = entries.iter().flat_map(of_entry).filter(|(entry, number)| fits(entry, number)).collect();
        Choice::new(self.setup.seed, &form.id).shuffle(&mut all);
        let wanted = self.setup.count as usize;
        let mut drawn = Vec::new();
        for chunk in all.chunks(wanted.max(1)) {
            let is_found = |scratch: &mut Scratch, (_, number): &(&Entry, &Identifier)| {
                finds_number(self.engine, &in_own_field(number), &number.value, scratch)
            };
            let found: Vec<bool> = chunk.par_iter().map_init(Scratch::default, is_found).collect();
            drawn.extend(chunk.iter().zip(found).filter(|(_, found)| *found).map(|(pair, _)| *pair));
            if drawn.len() >= wanted {
                drawn.truncate(wanted);
                break;
            }
        }
        drawn
    }
}
