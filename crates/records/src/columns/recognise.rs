//! What a header means, by rule: a role word with a part word, whatever their order, case or language.

use super::field::{DateField, Field, GoodsField, PartyField, PlaceField, VesselField};
use super::words::{Item, Kind, items, names_country};
use model::shipment::{AddressPart, Role};

/// What a header says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meaning {
    /// A field that screening reads.
    Field(Field),
    /// Understood, and nothing that screening reads: an amount, a date, a count.
    NotNeeded,
    /// It names a party, and what it says of the party is not understood.
    PartyUnclear,
    /// Not understood.
    Unknown,
}

/// The words of a header by kind, in order.
#[derive(Debug, Default)]
struct Words {
    /// Role words with their place in the header; a word such as "company" is `None`.
    roles: Vec<(usize, Option<Role>)>,
    parts: Vec<&'static str>,
    things: Vec<&'static str>,
    places: Vec<(usize, &'static str)>,
    /// Words that the table does not have, with their place in the header.
    unknown: Vec<(usize, String)>,
    /// A word for "country" stands in it, in a phrase of the table or beside one.
    names_country: bool,
    is_stopped: bool,
    /// A word such as "and" joins two of them.
    is_joined: bool,
    /// Words and numbers that say something.
    count: usize,
}

impl Words {
    fn of(header: &str) -> Self {
        let lower = format!(" {} ", header.to_lowercase().replace(['_', '-'], " "));
        let is_joined =
            [" and ", "&", "+", " y ", " e ", " et ", " und ", " и ", " ve "].iter().any(|w| lower.contains(w));
        let mut words = Self { names_country: names_country(header), is_joined, ..Self::default() };
        for (at, item) in items(header).into_iter().enumerate() {
            words.count += usize::from(!matches!(item, Item::Number | Item::Known(Kind::Noise, _)));
            match item {
                Item::Known(Kind::Role, means) => words.roles.push((at, Role::parse(means))),
                Item::Known(Kind::Part, means) => words.parts.push(means),
                Item::Known(Kind::Thing, means) => words.things.push(means),
                Item::Known(Kind::Place, means) => words.places.push((at, means)),
                Item::Known(Kind::Stop, _) => words.is_stopped = true,
                Item::Known(Kind::Noise, _) | Item::Number => {}
                Item::Unknown(word) => words.unknown.push((at, word)),
            }
        }
        words
    }

    fn part(&self, means: &str) -> bool {
        self.parts.contains(&means)
    }

    fn thing(&self, means: &str) -> bool {
        self.things.contains(&means)
    }

    fn is_of_goods(&self) -> bool {
        self.thing("goods") || self.thing("item")
    }

    fn place(&self, means: &str) -> bool {
        self.places.iter().any(|(_, place)| *place == means)
    }

    /// The role that the header speaks of: the last word of "importer's warehouse", the first of "warehouse of importer"
    /// and of "exporter/shipper".
    fn role(&self, header: &str) -> Option<Option<Role>> {
        let named: Vec<&(usize, Option<Role>)> = self.roles.iter().filter(|(_, role)| role.is_some()).collect();
        let chosen = match named[..] {
            [] => self.roles.first()?,
            [one] => one,
            [first, .., last] => {
                let lower = header.to_lowercase();
                let turns = ["/", "&", " of ", "_of_", " or ", "_or_", " and ", "_and_", " de ", "_de_", "("];
                if turns.iter().any(|turn| lower.contains(turn)) { first } else { last }
            }
        };
        Some(chosen.1)
    }
}

/// What a header means.
pub fn meaning(header: &str) -> Meaning {
    if let Some(field) = Field::parse(header) {
        return Meaning::Field(field);
    }
    let words = Words::of(header);
    if words.thing("date") {
        return date(&words);
    }
    if let Some(role) = words.role(header)
        && let Some(meaning) = of_party(&words, role)
    {
        return meaning;
    }
    // EXPORT_ADDRESS is the exporter's.
    let direction = [("export", Role::Exporter), ("import", Role::Importer)];
    if let Some((_, role)) = direction.into_iter().find(|(word, _)| words.thing(word))
        && words.places.is_empty()
        && ["name", "address", "tax_id", "city", "contact", "contact_person"].iter().any(|part| words.part(part))
        && let Some(meaning) = of_party(&words, Some(role))
    {
        return meaning;
    }
    of_thing(&words).or_else(|| of_place(&words)).unwrap_or_else(|| of_part(&words))
}

fn date(words: &Words) -> Meaning {
    let says = |things: &[&str], places: &[&str]| {
        things.iter().any(|thing| words.thing(thing)) || places.iter().any(|place| words.place(place))
    };
    // Only what is surely one of ours: other dates decide nothing.
    if words.is_stopped || !words.roles.is_empty() || !words.parts.is_empty() || !words.unknown.is_empty() {
        return Meaning::NotNeeded;
    }
    if says(&["import"], &["discharge"]) {
        return Meaning::Field(Field::Date(DateField::Arrival));
    }
    if says(&["export"], &["loading"]) {
        return Meaning::Field(Field::Date(DateField::Departure));
    }
    Meaning::NotNeeded
}

/// A header with a role word; `None` when it speaks of something else of that party.
fn of_party(words: &Words, role: Option<Role>) -> Option<Meaning> {
    let part = match party_part(words) {
        // "Consignee and address": both in one cell.
        Some(PartyField::Address) if words.is_joined => Some(PartyField::Name),
        part => part,
    };
    let is_text = matches!(part, Some(PartyField::Name | PartyField::Address | PartyField::OtherNames));
    let party = |part| Some(Meaning::Field(Field::Party(role, part)));
    // "Supplier's product description", "consignee reference", "manufacturer part number".
    let speaks_of_goods = words.is_of_goods() && (words.thing("description") || words.part("id"))
        || ["hs", "brand", "model", "marks"].iter().any(|thing| words.thing(thing));
    if speaks_of_goods {
        return None;
    }
    if ["vessel", "imo", "flag"].iter().any(|thing| words.thing(thing))
        && (role.is_none() || role == Some(Role::Carrier))
    {
        return None;
    }
    if words.is_stopped && !is_text {
        return Some(Meaning::NotNeeded);
    }
    if words.thing("reference") || words.thing("chapter") && part != Some(PartyField::Name) {
        return Some(Meaning::NotNeeded);
    }
    if let Some(part) = part {
        return party(part);
    }
    // "Importer port", "consignee destination": a place, unless the place word stands before the role.
    let last_role = words.roles.iter().map(|(at, _)| *at).max().unwrap_or(0);
    if words.places.iter().any(|(at, _)| *at > last_role) {
        return if role.is_some() { Some(Meaning::NotNeeded) } else { None };
    }
    let letters: usize = words.unknown.iter().map(|(_, word)| word.len()).sum();
    // "Vietnamese exporter": what stands before the role only describes it.
    let is_described = words.unknown.iter().all(|(at, _)| *at < last_role);
    match (letters, role) {
        _ if is_described => party(PartyField::Name),
        // A short word beside a role is a number of some register, or an abbreviation of one.
        (1..=4, Some(_)) => party(PartyField::Id),
        (_, Some(_)) => Some(Meaning::PartyUnclear),
        (_, None) => Some(Meaning::Unknown),
    }
}

/// What a header says of a party; the most precise word counts.
fn party_part(words: &Words) -> Option<PartyField> {
    let has = |part| words.part(part);
    Some(match () {
        () if has("other_names") => PartyField::OtherNames,
        // Name and address in one cell: the cell is read as such.
        () if has("name") && has("address") => PartyField::Name,
        () if has("post_code") => PartyField::AddressPart(AddressPart::PostCode),
        () if has("country") => PartyField::Country,
        () if has("city") => PartyField::AddressPart(AddressPart::City),
        () if has("region") => PartyField::AddressPart(AddressPart::Region),
        () if has("address") => PartyField::Address,
        () if has("street") => PartyField::AddressPart(AddressPart::Street),
        () if has("contact") => PartyField::Contact,
        () if has("contact_person") => PartyField::ContactPerson,
        () if has("tax_id") || has("tax") && !words.roles.is_empty() => PartyField::Id,
        () if has("name") => PartyField::Name,
        () if has("id") => PartyField::Id,
        () => return None,
    })
}

/// A header that speaks of goods, their code, the vessel or the document.
fn of_thing(words: &Words) -> Option<Meaning> {
    let has = |thing| words.thing(thing);
    let goods = |part| Some(Meaning::Field(Field::Goods(part)));
    let is_named = words.part("name") || has("description");
    if words.things.is_empty() {
        return None;
    }
    if has("eccn") {
        return goods(GoodsField::Eccn);
    }
    if let Some(of_vessel) = of_vessel(words) {
        return Some(of_vessel);
    }
    if has("hs") {
        return match () {
            () if is_named || words.is_of_goods() && !words.part("id") => goods(GoodsField::TariffText),
            () if words.is_stopped || has("unit") || has("quantity") => Some(Meaning::NotNeeded),
            () => goods(GoodsField::HsCode),
        };
    }
    for (thing, part) in [
        ("marks", GoodsField::Marks),
        ("brand", GoodsField::Brand),
        ("model", GoodsField::Model),
        ("net_weight", GoodsField::NetWeightKg),
        ("currency", GoodsField::Currency),
    ] {
        if has(thing) {
            return if words.is_stopped { Some(Meaning::NotNeeded) } else { goods(part) };
        }
    }
    if has("chapter") {
        return if is_named { goods(GoodsField::TariffText) } else { Some(Meaning::NotNeeded) };
    }
    if has("packing") && !words.is_of_goods() {
        let is_text = has("description") && !words.is_stopped;
        return if is_text { goods(GoodsField::Packing) } else { Some(Meaning::NotNeeded) };
    }
    if has("unit") || has("quantity") {
        let part = if has("quantity") { GoodsField::Quantity } else { GoodsField::Unit };
        let is_plain = !words.is_stopped && words.unknown.is_empty() && !is_named;
        return if is_plain { goods(part) } else { Some(Meaning::NotNeeded) };
    }
    // "Goods' country of origin" speaks of a place.
    if words.is_of_goods() && !is_named && (!words.places.is_empty() || words.names_country) {
        return None;
    }
    if words.is_of_goods() || has("description") {
        return Some(of_goods(words, is_named));
    }
    if has("reference") {
        let is_plain = !words.is_stopped && words.unknown.is_empty() && !is_named;
        return Some(if is_plain { Meaning::Field(Field::Reference) } else { Meaning::NotNeeded });
    }
    None
}

/// A header that speaks of a vessel.
fn of_vessel(words: &Words) -> Option<Meaning> {
    let has = |thing| words.thing(thing);
    let vessel = |part| Some(Meaning::Field(Field::Vessel(part)));
    match () {
        () if has("imo") => vessel(VesselField::Imo),
        () if has("flag") || has("vessel") && words.part("country") => vessel(VesselField::Flag),
        () if !has("vessel") => None,
        () if words.part("id") || words.is_stopped || has("reference") => Some(Meaning::NotNeeded),
        () => vessel(VesselField::Name),
    }
}

/// Goods words, and what is said of the goods.
fn of_goods(words: &Words, is_named: bool) -> Meaning {
    // "Regime description", "customs office description", "status text".
    let is_other = words.is_stopped || !words.places.is_empty() || words.part("country") || words.part("contact");
    let text = Meaning::Field(Field::Goods(GoodsField::Description));
    match (words.is_of_goods(), is_named) {
        (_, true) if !is_other => text,
        (true, true) if words.thing("description") && !words.part("country") => text,
        (true, false) if words.part("id") || is_other => Meaning::NotNeeded,
        // "Cargo", "Goods", "Products"; "item" alone is more often its number, and the cells decide.
        (true, false) if words.count == 1 && words.thing("goods") => text,
        (_, true) => Meaning::NotNeeded,
        _ => Meaning::Unknown,
    }
}

/// A header that speaks of a place.
fn of_place(words: &Words) -> Option<Meaning> {
    if words.places.is_empty() {
        return None;
    }
    if words.part("tax_id") {
        return Some(Meaning::Field(Field::Party(None, PartyField::Id)));
    }
    if words.is_stopped {
        return Some(Meaning::NotNeeded);
    }
    let at = |place| words.place(place);
    let (is_port, is_country) = (at("port"), words.names_country);
    let place = match () {
        () if at("transshipment") => PlaceField::Transshipment,
        () if at("receipt") => PlaceField::Receipt,
        () if at("delivery") => PlaceField::Delivery,
        () if at("destination") && (is_port && !is_country) => PlaceField::Discharge,
        () if at("destination") => PlaceField::Destination,
        () if at("origin") && is_port => PlaceField::Loading,
        () if at("origin") && (words.part("city") || words.part("region")) => PlaceField::Receipt,
        () if at("origin") => return Some(Meaning::Field(Field::Goods(GoodsField::Origin))),
        () if at("discharge") => PlaceField::Discharge,
        () if at("loading") => PlaceField::Loading,
        () if is_port && words.thing("import") => PlaceField::Discharge,
        () if is_port && words.thing("export") => PlaceField::Loading,
        () => return None,
    };
    if words.part("region") && !is_country {
        return Some(Meaning::NotNeeded);
    }
    let by_country = is_country && place != PlaceField::Transshipment;
    Some(Meaning::Field(if by_country { Field::PlaceCountry(place) } else { Field::Place(place) }))
}

/// A header with none but words such as "name", "address" or "TIN".
fn of_part(words: &Words) -> Meaning {
    let Some(part) = party_part(words) else {
        return if words.is_stopped || !words.things.is_empty() || words.part("tax") {
            Meaning::NotNeeded
        } else {
            Meaning::Unknown
        };
    };
    let party = Meaning::Field(Field::Party(None, part));
    let is_alone = words.unknown.is_empty() && words.places.is_empty() && words.things.is_empty();
    match part {
        _ if words.part("tax_id") && !words.part("country") => party,
        _ if words.is_stopped => Meaning::NotNeeded,
        PartyField::Country => Meaning::Field(Field::OtherCountry),
        PartyField::Id => Meaning::NotNeeded,
        PartyField::Address | PartyField::ContactPerson | PartyField::Contact if words.places.is_empty() => party,
        _ if is_alone => party,
        _ => Meaning::Unknown,
    }
}
