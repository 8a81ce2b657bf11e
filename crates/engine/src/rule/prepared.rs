//! The texts that several rules read, folded once a record.

use super::goods::Lexicon;
use crate::record::{self, Cell};
use model::shipment::Shipment;
use text::{Folded, Reading};

/// The parties' names and addresses and the goods descriptions of one record, folded as written, with the places of the brands
/// in them. Reused from record to record, so that folding allocates nothing.
#[derive(Debug, Default)]
pub struct Prepared {
    names: Vec<Folded>,
    addresses: Vec<Folded>,
    /// How the name fields were read.
    cells: Vec<Cell>,
    lines: Vec<Line>,
}

/// A goods description.
#[derive(Debug, Default)]
pub(super) struct Line {
    pub(super) folded: Folded,
    /// First and last token of each brand or model.
    pub(super) brands: Vec<(u32, u32)>,
}

impl Prepared {
    /// Folds all that a record holds, for rules that run on their own.
    pub fn of(shipment: &Shipment, lexicon: &Lexicon) -> Self {
        let mut prepared = Self::default();
        prepared.start(shipment);
        for (at, party) in shipment.parties.iter().enumerate() {
            prepared.keep_name(at, &mut Folded::of(&party.name, Reading::Plain));
            prepared.keep_cell(at, record::read(&party.name));
            prepared.keep_address(at, &mut Folded::of(&party.address, Reading::Plain));
        }
        for (at, goods) in shipment.goods.iter().enumerate() {
            let mut folded = Folded::of(&goods.description, Reading::Plain);
            lexicon.find(&folded, |hit| prepared.keep_brand(at, hit.tokens(&folded)));
            prepared.keep_description(at, &mut folded);
        }
        prepared
    }

    /// Makes room for a record; every text in it is empty until it is kept.
    pub fn start(&mut self, shipment: &Shipment) {
        if self.names.len() < shipment.parties.len() {
            self.names.resize_with(shipment.parties.len(), Folded::default);
            self.addresses.resize_with(shipment.parties.len(), Folded::default);
            self.cells.resize_with(shipment.parties.len(), Cell::default);
        }
        if self.lines.len() < shipment.goods.len() {
            self.lines.resize_with(shipment.goods.len(), Line::default);
        }
        self.names[..shipment.parties.len()].iter_mut().for_each(Folded::clear);
        self.addresses[..shipment.parties.len()].iter_mut().for_each(Folded::clear);
        self.cells[..shipment.parties.len()].fill_with(Cell::default);
        for line in &mut self.lines[..shipment.goods.len()] {
            line.folded.clear();
            line.brands.clear();
        }
    }

    /// Takes over the name of party `at`, leaving a buffer to fold into.
    pub fn keep_name(&mut self, at: usize, folded: &mut Folded) {
        std::mem::swap(&mut self.names[at], folded);
    }

    /// Takes over the address of party `at`, leaving a buffer to fold into.
    pub fn keep_address(&mut self, at: usize, folded: &mut Folded) {
        std::mem::swap(&mut self.addresses[at], folded);
    }

    /// Takes over how the name field of party `at` was read.
    pub fn keep_cell(&mut self, at: usize, cell: Cell) {
        self.cells[at] = cell;
    }

    /// How the name field of party `at` was read.
    pub fn cell(&self, at: usize) -> &Cell {
        &self.cells[at]
    }

    /// Takes over the description of goods line `at`, leaving a buffer to fold into.
    pub fn keep_description(&mut self, at: usize, folded: &mut Folded) {
        std::mem::swap(&mut self.lines[at].folded, folded);
    }

    /// Notes the tokens `first..=last` of a brand in the description of goods line `at`.
    pub fn keep_brand(&mut self, at: usize, (first, last): (u32, u32)) {
        self.lines[at].brands.push((first, last));
    }

    /// The name of party `at`.
    pub fn name(&self, at: usize) -> &Folded {
        &self.names[at]
    }

    /// The address of party `at`, that given as one text.
    pub fn address(&self, at: usize) -> &Folded {
        &self.addresses[at]
    }

    pub(super) fn line(&self, at: usize) -> &Line {
        &self.lines[at]
    }
}
