//! The route as a sequence of stops, and the parties that receive the goods at its end.

use super::draft::whole;
use super::fact::{Leg, StopName};
use super::pause::Pause;
use super::places::{Degrees, Gazetteer, Located};
use super::prepared::Prepared;
use model::country::Country;
use model::finding::Span;
use model::shipment::{Place, Role, Shipment};
use text::{Folded, Reading};

/// A place that the goods touch, or a party that receives them.
#[derive(Clone, Debug)]
pub(super) struct Stop {
    pub(super) leg: Leg,
    pub(super) path: String,
    /// The place as written, or the code of the country when only that is given.
    pub(super) text: String,
    /// Whether the text names a place rather than a country.
    pub(super) names_place: bool,
    /// The same, folded.
    pub(super) folded: Folded,
    pub(super) country: Option<Country>,
    pub(super) at: Option<Degrees>,
}

impl Stop {
    /// The span of its text.
    pub(super) fn spans(&self) -> Vec<Span> {
        whole(&self.text)
    }

    /// What it is called.
    pub(super) fn name(&self) -> StopName {
        StopName { leg: self.leg, place: if self.names_place { self.text.clone() } else { String::new() } }
    }
}

/// The roles that receive goods, the last receiver first.
pub(super) const RECEIVERS: [Role; 7] = [
    Role::EndUser,
    Role::UltimateConsignee,
    Role::DeliveryParty,
    Role::OnBehalfOfConsignee,
    Role::Consignee,
    Role::IntermediateConsignee,
    Role::Importer,
];

/// The stops of a shipment in the order of the journey, then its receivers.
#[derive(Debug, Default)]
pub(super) struct Itinerary {
    stops: Vec<Stop>,
    /// How many of the stops are places of the route.
    places: usize,
}

impl Itinerary {
    pub(super) fn of(shipment: &Shipment, gazetteer: &Gazetteer, prepared: &Prepared, stop: &Pause<'_>) -> Self {
        let route = &shipment.route;
        let mut stops = Vec::new();
        let add = |stops: &mut Vec<Stop>, leg: Leg, path: String, place: &Place| {
            let (text, field) = match (place.text.as_str(), place.locode.as_str(), place.country) {
                ("", "", None) => return,
                ("", "", Some(country)) => (country.code().to_owned(), "country"),
                ("", locode, _) => (locode.to_owned(), "locode"),
                (text, ..) => (text.to_owned(), "text"),
            };
            let folded = Folded::of(&text, Reading::Plain);
            let Located { country, at } = gazetteer.locate(place, &folded);
            let (path, names_place) = (format!("{path}.{field}"), field != "country");
            stops.push(Stop { leg, path, text, names_place, folded, country, at });
        };
        for (leg, key, place) in [(Leg::Receipt, "receipt", &route.receipt), (Leg::Loading, "loading", &route.loading)]
        {
            if let Some(place) = place {
                add(&mut stops, leg, format!("route.{key}"), place);
            }
        }
        for (at, place) in route.transshipment.iter().enumerate() {
            add(&mut stops, Leg::Transshipment, format!("route.transshipment[{at}]"), place);
        }
        for (at, &country) in route.routing_countries.iter().enumerate() {
            let path = format!("route.routingCountries[{at}]");
            let text = country.code().to_owned();
            let folded = Folded::default();
            let (leg, country) = (Leg::Routing, Some(country));
            stops.push(Stop { leg, path, text, names_place: false, folded, country, at: None });
        }
        for (leg, key, place) in [
            (Leg::Discharge, "discharge", &route.discharge),
            (Leg::Delivery, "delivery", &route.delivery),
            (Leg::Destination, "destination", &route.destination),
        ] {
            if let Some(place) = place {
                add(&mut stops, leg, format!("route.{key}"), place);
            }
        }
        let places = stops.len();
        for (at, party) in shipment.parties.iter().enumerate() {
            if stop.is_due() {
                break;
            }
            let Some(role) = party.role.filter(|r| RECEIVERS.contains(r)) else { continue };
            let of_address = || {
                let country = gazetteer.country_named(&party.whole_address())?;
                Some((format!("parties[{at}].address"), country))
            };
            let of_cell = || prepared.cell(at).country.map(|country| (format!("parties[{at}].name"), country));
            let of_country = party.country.map(|country| (format!("parties[{at}].country"), country));
            let (path, country) = of_country.or_else(of_address).or_else(of_cell).unzip();
            let path = path.unwrap_or_default();
            if country.is_some() {
                let text = party.country.map(|c| c.code().to_owned()).unwrap_or_default();
                let folded = Folded::default();
                let leg = Leg::Receiver(role);
                stops.push(Stop { leg, path, text, names_place: false, folded, country, at: None });
            }
        }
        Self { stops, places }
    }

    /// The places of the route in order.
    pub(super) fn places(&self) -> &[Stop] {
        &self.stops[..self.places]
    }

    /// Every stop behind the loading, and the receivers.
    pub(super) fn onward(&self) -> impl Iterator<Item = &Stop> {
        self.stops.iter().filter(|s| s.leg > Leg::Loading)
    }

    /// The last place behind the loading whose country is known, and the receivers who are not only on the way.
    pub(super) fn ends(&self) -> impl Iterator<Item = &Stop> {
        let last = self.places().iter().rev().find(|s| s.leg > Leg::Routing && s.country.is_some());
        let receivers = self.stops[self.places..].iter();
        last.into_iter().chain(receivers.filter(|s| s.leg != Leg::Receiver(Role::IntermediateConsignee)))
    }

    /// The country the journey begins in.
    pub(super) fn origin(&self) -> Option<Country> {
        let begins = |s: &&Stop| matches!(s.leg, Leg::Loading | Leg::Receipt);
        self.places().iter().rev().filter(begins).find_map(|s| s.country)
    }

    /// The country it ends in: the last place behind the loading, else the last receiver.
    pub(super) fn end(&self) -> Option<Country> {
        let last = self.places().iter().rev().find(|s| s.leg > Leg::Routing).and_then(|s| s.country);
        last.or_else(|| {
            let receivers = || self.stops[self.places..].iter();
            RECEIVERS.iter().find_map(|role| receivers().find(|s| s.leg == Leg::Receiver(*role))?.country)
        })
    }
}
