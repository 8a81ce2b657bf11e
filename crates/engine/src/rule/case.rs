//! What the rules read of one shipment.

use super::countries::CountryLists;
use super::itinerary::{Itinerary, Stop};
use super::pause::Pause;
use super::prepared::Prepared;
use model::country::Country;
use model::shipment::{Role, Shipment};
use text::Folded;

/// The shipment, and what several rules need of it.
pub(super) struct Case<'a> {
    pub(super) shipment: &'a Shipment,
    pub(super) itinerary: Itinerary,
    pub(super) countries: &'a CountryLists,
    /// Names and descriptions, folded once for all rules.
    pub(super) prepared: &'a Prepared,
    pub(super) stop: &'a Pause<'a>,
}

impl Case<'_> {
    /// Whether a party of this role has this very name.
    pub(super) fn same_name_as(&self, role: Role, folded: &Folded) -> bool {
        let of_role = self.shipment.parties.iter().enumerate().filter(|(_, party)| party.role == Some(role));
        of_role.map(|(at, _)| self.prepared.name(at)).any(|name| name.squeezed() == folded.squeezed())
    }

    /// Whether a country list of this meaning names the country.
    pub(super) fn is_named(&self, meaning: &str, country: Country) -> bool {
        self.countries.has(self.shipment, meaning, country)
    }

    /// Where the journey ends, if in a country of this meaning: the last place of the route, or a receiver who is not only
    /// on the way.
    pub(super) fn end_in(&self, meaning: &str) -> Option<&Stop> {
        self.itinerary.ends().find(|stop| stop.country.is_some_and(|c| self.is_named(meaning, c)))
    }

    /// The first stop or receiver in a country of this meaning.
    pub(super) fn first_stop_in(&self, meaning: &str) -> Option<&Stop> {
        self.itinerary.onward().find(|stop| stop.country.is_some_and(|c| self.is_named(meaning, c)))
    }
}
