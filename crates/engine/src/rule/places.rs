//! Where a place of a route lies: by its country, its UN/LOCODE, its text, or the ports and cities we know.

use super::pack::{Error, Heading, Text};
use super::terms::Terms;
use model::country::Country;
use model::shipment::Place;
use rustc_hash::FxHashSet;
use serde::Deserialize;
use text::{Folded, Reading};
use toml::Spanned;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(rename = "pack")]
    _pack: Heading,
    places: Vec<Row>,
    #[serde(default)]
    us_states: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    name: String,
    country: Spanned<String>,
    at: Option<Spanned<(i16, i16)>>,
    #[serde(default)]
    spellings: Vec<String>,
}

/// Degrees north and east.
pub(super) type Degrees = (i16, i16);

/// Ports and cities that are known without their country.
#[derive(Debug, Default)]
pub(super) struct Gazetteer {
    names: Terms,
    places: Vec<(Country, Option<Degrees>)>,
    us_states: FxHashSet<String>,
}

/// What is known of a place.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Located {
    pub(super) country: Option<Country>,
    pub(super) at: Option<Degrees>,
}

impl Gazetteer {
    pub(super) fn add(&mut self, text: Text<'_>) -> Result<(), Error> {
        let file: File = text.parse()?;
        for row in file.places {
            let country = text.country(&row.country)?;
            if let Some(at) = &row.at {
                let (north, east) = *at.get_ref();
                if !(-90..=90).contains(&north) || !(-180..=180).contains(&east) {
                    return Err(text.error(at.span(), "expected degrees north (-90 to 90) and east (-180 to 180)"));
                }
            }
            let number = self.places.len() as u32;
            self.places.push((country, row.at.map(Spanned::into_inner)));
            for name in row.spellings.iter().chain([&row.name]) {
                self.names.add(name, number);
            }
        }
        self.us_states.extend(file.us_states.into_iter().map(|s| s.to_ascii_lowercase()));
        Ok(())
    }

    /// Where the places lie.
    pub(super) fn places(&self) -> impl Iterator<Item = Degrees> + '_ {
        self.places.iter().filter_map(|(_, at)| *at)
    }

    /// Where a place lies. What the record says of the country goes before what the name suggests, with one exception:
    /// a country that is also the name or letters of a US state (Georgia, DE) behind a place that lies in the States.
    pub(super) fn locate(&self, place: &Place, folded: &Folded) -> Located {
        let given = place.country.or_else(|| Country::from_code(place.locode.get(..2)?));
        let has_parts = place.text.contains(',');
        let known = if has_parts { self.by_name(&place.text) } else { self.named(folded) };
        match (given, known) {
            (Some(given), Some((country, at))) if given == country => Located { country: Some(given), at },
            (Some(_), Some((country, at))) if country.code() == "US" && self.ends_in_state(&place.text) => {
                Located { country: Some(country), at }
            }
            (Some(given), _) => Located { country: Some(given), at: None },
            (None, known) => {
                // A name that we know and nothing behind it needs no further look.
                let said = if known.is_some() && !has_parts { None } else { self.country_named(&place.text) };
                match (said, known) {
                    (Some(said), Some((country, at))) if said == country => Located { country: Some(said), at },
                    (Some(said), _) => Located { country: Some(said), at: None },
                    (None, Some((country, at))) => Located { country: Some(country), at },
                    (None, None) => Located::default(),
                }
            }
        }
    }

    /// The country that a text names after its last comma, or as a whole.
    pub(super) fn country_named(&self, text: &str) -> Option<Country> {
        match text.rsplit_once(',') {
            Some((_, last)) => {
                if self.ends_in_state(text) && Country::parse(last).is_none_or(|c| self.state_of(text, c)) {
                    return Country::from_code("US");
                }
                Country::parse(last)
            }
            // Two or three letters alone are too often something else.
            None if text.trim().len() > 3 => Country::parse(text),
            None => None,
        }
    }

    /// Whether the part before the last comma is a place that we know in the States and not in `country`.
    fn state_of(&self, text: &str, country: Country) -> bool {
        let mut before = text.rsplit(',').skip(1);
        before.any(|part| self.by_name(part).is_some_and(|(known, _)| known.code() == "US" && known != country))
    }

    fn ends_in_state(&self, text: &str) -> bool {
        let Some((_, last)) = text.rsplit_once(',') else { return false };
        // "Atlanta, GA 30301"
        let words: String = last.chars().filter(|c| !c.is_ascii_digit() && *c != '-').collect();
        self.us_states.contains(&words.trim().to_ascii_lowercase())
    }

    /// The place that the text, or its part before the first comma, is the name of.
    fn by_name(&self, text: &str) -> Option<(Country, Option<Degrees>)> {
        let first = text.split(',').next().unwrap_or(text);
        self.named(&Folded::of(first, Reading::Plain))
    }

    /// The place that the folded text is the name of, `port of` and the like apart.
    fn named(&self, folded: &Folded) -> Option<(Country, Option<Degrees>)> {
        let hit = self.names.whole(folded).or_else(|| {
            // "PORT OF HAMBURG", "Almaty airport", "SHENZHEN, CHINA".
            let tokens = folded.tokens();
            let is_padding = |at: usize| {
                matches!(
                    folded.text(tokens[at]),
                    "port"
                        | "of"
                        | "airport"
                        | "apt"
                        | "sea"
                        | "seaport"
                        | "intl"
                        | "international"
                        | "terminal"
                        | "city"
                )
            };
            let first = (0..tokens.len()).find(|&at| !is_padding(at))?;
            let last = (0..tokens.len()).rfind(|&at| !is_padding(at))?;
            self.names.exactly(folded, first, last)
        })?;
        let (country, at) = self.places[hit.value as usize];
        Some((country, at))
    }
}

/// Kilometres between two places, over a globe cut into degrees: exact to some percent, and in integers, so that the same
/// route gives the same answer on every machine.
pub(super) fn kilometres(from: Degrees, to: Degrees) -> u32 {
    const KM_A_DEGREE: i64 = 111;
    let north = i64::from(from.0) - i64::from(to.0);
    let east = (i64::from(from.1) - i64::from(to.1)).abs();
    let east = east.min(360 - east);
    let middle = (i64::from(from.0) + i64::from(to.0)) / 2;
    // Cosine in thousandths, by a parabola that is within some percent of it.
    let cosine = (1000 - middle * middle * 1000 / 8100).max(100);
    let (x, y) = (east * KM_A_DEGREE * cosine / 1000, north * KM_A_DEGREE);
    ((x * x + y * y).unsigned_abs()).isqrt() as u32
}
