//! The columns of the list.

use crate::input::Shape;

/// The columns of the format, in the order in which the publisher writes them.
pub(super) const COLUMNS: [&str; 29] = [
    "_id",
    "source",
    "entity_number",
    "type",
    "programs",
    "name",
    "title",
    "addresses",
    "federal_register_notice",
    "start_date",
    "end_date",
    "standard_order",
    "license_requirement",
    "license_policy",
    "call_sign",
    "vessel_type",
    "gross_tonnage",
    "gross_registered_tonnage",
    "vessel_flag",
    "vessel_owner",
    "remarks",
    "source_list_url",
    "alt_names",
    "citizenships",
    "dates_of_birth",
    "nationalities",
    "places_of_birth",
    "source_information_url",
    "ids",
];

/// The table: these columns in any order, and no other.
pub(crate) const SHAPE: Shape = Shape { delimiter: b',', required: &COLUMNS, optional: &[], closed: true };
