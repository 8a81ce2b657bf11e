//! Rules: findings that need no listed name, from packs of cited facts.
//!
//! [`Rules`] is compiled once and immutable. [`Rules::screen`] is a pure function of a shipment and of what the names
//! and brands of it have already brought up. Every rule says when it could not run for want of data; a rule that is
//! switched off is neither run nor counted in a combination.
//!
//! What each rule needs, how severe it is and what it rests on: `docs/rules.md`.

mod address;
mod attested;
mod case;
mod codes;
mod combine;
mod conflict;
mod countries;
mod draft;
mod fact;
mod goods;
mod invalid;
mod itinerary;
mod ownership;
mod pack;
mod party;
mod pause;
mod places;
mod prepared;
mod route;
mod rules;
mod terms;
mod territory;
mod transshipment;
mod vague;

#[cfg(test)]
mod tests;

pub use address::{AddressHit, Addresses, MAX_CANDIDATES, Sameness};
pub use fact::{
    Doubt, GoodsLine, Leg, MissingRole, NoText, Part, RoleMark, RuleFact, Ruled, Side, Spot, StopName, Vagueness,
};
pub use goods::{BrandHit, Lexicon};
pub use ownership::{MAX_OWNERS, Owned, Owner, Ownership, Regime, State, TooMany};
pub use pack::{Error, Heading};
pub use prepared::Prepared;
pub use rules::{Known, Pack, Report, Rules};
