//! Cargo-IMP text: FWB (air waybill) and FHL (house waybill) messages, in the ways senders write them.
//!
//! A segment begins with three letters; lines that begin with a stroke go on with it. Parties come in three dialects:
//! by position (`/NAME`, `/STREET`, `/PLACE/STATE`, `/CC/POST/TE/...`), with `NAM/ ADR/ LOC/`, and with `/NM /AD /CI /PO
//! /CO`. Airports are IATA codes and stay texts: they are no UN/LOCODEs.

use super::DocumentError;
use model::country::Country;
use model::shipment::Decimal;
use v1::party::Role;
use wire::v1;

/// Segments that hold no party, goods or route.
const REST: &[&str] = &[
    "FLT", "SSR", "ACC", "OTH", "PPD", "COL", "ISU", "OSI", "REF", "COR", "CER", "COI", "SII", "ARD", "SPH", "SRI",
    "CDC", "DIM", "ULD", "SCI", "CHG",
];

/// Whether a text begins like a message.
pub fn is_message(text: &[u8]) -> bool {
    (text.starts_with(b"FWB/") || text.starts_with(b"FHL/")) && text.get(4).is_some_and(u8::is_ascii_digit)
}

/// Cuts a text into messages, each with the line it begins on, from 1. Lines before the first message are the address
/// lines of the network and hold nothing. Of an FHL message each house waybill is a message of its own.
pub fn messages(text: &str) -> Vec<(u64, String)> {
    let mut out: Vec<(u64, String, String)> = Vec::new();
    // The lines that every house waybill of a message shares.
    let mut head = String::new();
    let mut houses = 0;
    for (number, line) in (1..).zip(text.lines().map(|l| l.trim_end_matches('\r'))) {
        if is_message(line.as_bytes()) {
            out.push((number, String::new(), String::new()));
            head.clear();
            houses = 0;
        }
        let is_house = line.starts_with("HBS/");
        houses += usize::from(is_house);
        if is_house && houses > 1 {
            // Behind the house's own lines, so that those keep their numbers.
            out.push((number, String::new(), head.clone()));
        }
        let Some((_, message, _)) = out.last_mut() else { continue };
        message.push_str(line);
        message.push('\n');
        if houses == 0 {
            head.push_str(line);
            head.push('\n');
        }
    }
    out.into_iter().map(|(line, message, head)| (line, message + &head)).collect()
}

/// A segment: its name, its lines without the leading name, and the line it begins on.
struct Segment<'a> {
    name: &'a str,
    line: u64,
    lines: Vec<&'a str>,
    /// The first line stands behind the name itself.
    is_inline: bool,
}

impl Segment<'_> {
    fn error(&self, expected: impl Into<String>) -> DocumentError {
        DocumentError::Segment { line: self.line, segment: self.name.to_owned(), expected: expected.into() }
    }
}

/// Reads one message; `first` is the line it begins on.
///
/// # Errors
/// The line, the segment and what was expected.
pub fn read(message: &str, first: u64) -> Result<v1::Shipment, DocumentError> {
    let mut shipment = v1::Shipment::default();
    let mut route = v1::Route::default();
    let mut goods = v1::Goods::default();
    let mut description: Vec<String> = Vec::new();
    let mut codes: Vec<String> = Vec::new();
    // What customs ask for is about parties, wherever those stand.
    let (about_parties, segments): (Vec<_>, Vec<_>) =
        segments(message, first)?.into_iter().partition(|s| s.name == "OCI");
    for segment in segments {
        let fail = |expected: &str| segment.error(expected);
        match segment.name {
            "FWB" | "FHL" => {}
            "AWB" | "MBI" => waybill(&segment, &mut shipment, &mut route, &mut goods)?,
            "RTG" => {
                let stops: Vec<&str> =
                    segment.lines.iter().flat_map(|l| l.split('/')).filter(|s| !s.is_empty()).collect();
                if let Some(bad) = stops.iter().find(|s| s.len() < 3 || !is_airport(s.get(..3).unwrap_or_default())) {
                    return Err(fail(&format!(
                        "invalid stop `{bad}`; expected an airport and a carrier such as FRALH"
                    )));
                }
                // The last one is the destination of the waybill.
                let between = &stops[..stops.len().saturating_sub(1)];
                route.transshipment = between.iter().map(|s| place(&s[..3])).collect();
            }
            "SHP" => shipment.parties.push(party(&segment, Role::Shipper)?),
            "CNE" => shipment.parties.push(party(&segment, Role::Consignee)?),
            "NFY" => shipment.parties.push(party(&segment, Role::NotifyParty)?),
            "AGT" => shipment.parties.push(agent(&segment)),
            // Nominated handlers and other participants: parties whose part in the deal the message does not say.
            "NOM" | "OPI" => shipment.parties.push(named(&segment)),
            "RTD" => rates(&segment, &mut description, &mut codes, &mut goods)?,
            "HBS" => house(&segment, &mut shipment, &mut route, &mut goods, &mut description)?,
            "TXT" => description.extend(segment.lines.iter().map(|l| (*l).to_owned())),
            "HTS" => codes.extend(segment.lines.iter().flat_map(|l| l.split('/')).map(|l| l.trim().to_owned())),
            "CVD" => values(&segment, &mut goods),
            other if REST.contains(&other) => {}
            _ => return Err(fail("unknown segment; expected a segment of FWB or FHL")),
        }
    }
    for segment in &about_parties {
        customs(segment, &mut shipment.parties);
    }
    goods.description = description.join("\n");
    let mut codes = codes.into_iter().filter(|c| !c.is_empty());
    goods.hs_code = codes.next().unwrap_or_default();
    goods.other_hs_codes = codes.collect();
    shipment.goods.push(goods);
    shipment.route = (route != v1::Route::default()).then_some(route);
    Ok(shipment)
}

/// `HBS/number/JFKLHR/pieces/weight/count/description`: a house waybill.
fn house(
    segment: &Segment<'_>,
    shipment: &mut v1::Shipment,
    route: &mut v1::Route,
    goods: &mut v1::Goods,
    description: &mut Vec<String>,
) -> Result<(), DocumentError> {
    let parts: Vec<&str> = segment.lines.first().copied().unwrap_or_default().split('/').collect();
    let [reference, ends, pieces, rest @ ..] = &parts[..] else {
        return Err(segment.error("expected number/route/pieces/weight"));
    };
    let end = |at| airport(ends, at).ok_or_else(|| segment.error("expected two airports such as JFKLHR"));
    shipment.reference = (*reference).to_owned();
    route.loading = Some(place(end(0)?));
    route.destination = Some(place(end(3)?));
    goods.quantity = count(pieces).ok_or_else(|| segment.error("invalid number of pieces"))?;
    goods.unit = "pieces".to_owned();
    // Weight, a count for the shipper's load, then the short description.
    description.splice(0..0, rest.get(2).filter(|d| !d.trim().is_empty()).map(|d| (*d).to_owned()));
    Ok(())
}

fn segments(message: &str, first: u64) -> Result<Vec<Segment<'_>>, DocumentError> {
    let mut out: Vec<Segment<'_>> = Vec::new();
    for (line, text) in (first..).zip(message.lines()) {
        if text.trim().is_empty() {
            continue;
        }
        let (name, rest) = text.split_at_checked(3).unwrap_or((text, ""));
        let is_name = name.len() == 3 && name.bytes().all(|b| b.is_ascii_uppercase());
        if let Some(more) = text.strip_prefix('/') {
            let open =
                out.last_mut().ok_or_else(|| DocumentError::line(line, "continues a segment, and none has begun"))?;
            open.lines.push(more);
        } else if is_name && (rest.is_empty() || rest.starts_with('/')) {
            match name {
                // These are lines of a party, written like segments.
                "NAM" | "ADR" | "LOC" => {
                    let open =
                        out.last_mut().ok_or_else(|| DocumentError::line(line, format!("{name} without a party")))?;
                    open.lines.push(text);
                }
                _ => {
                    let lines: Vec<&str> = rest.strip_prefix('/').into_iter().filter(|l| !l.is_empty()).collect();
                    out.push(Segment { name, line, is_inline: !lines.is_empty(), lines });
                }
            }
        } else if text.as_bytes().get(3) == Some(&b'-') && text.as_bytes()[..3].iter().all(u8::is_ascii_digit) {
            // The waybill number stands without a name.
            out.push(Segment { name: "AWB", line, lines: vec![text], is_inline: true });
        } else {
            return Err(DocumentError::line(
                line,
                format!("`{}` does not begin a segment", text.chars().take(20).collect::<String>()),
            ));
        }
    }
    Ok(out)
}

/// `020-12345675JFKLHR/T15K1250.5MC2.5`, with or without a stroke before the T.
fn waybill(
    segment: &Segment<'_>,
    shipment: &mut v1::Shipment,
    route: &mut v1::Route,
    goods: &mut v1::Goods,
) -> Result<(), DocumentError> {
    let expected = || segment.error("expected a waybill such as 020-12345675FRAJFK/T1K12");
    let text = segment.lines.first().copied().ok_or_else(expected)?;
    let (number, rest) = text.split_at_checked(12).ok_or_else(expected)?;
    let is_number = number.bytes().enumerate().all(|(i, b)| if i == 3 { b == b'-' } else { b.is_ascii_digit() });
    let (from, to) = (airport(rest, 0), airport(rest, 3));
    let (true, Some(from), Some(to)) = (is_number, from, to) else { return Err(expected()) };
    if shipment.reference.is_empty() {
        shipment.reference = number.to_owned();
    }
    // A house waybill says better where its goods begin and end.
    route.loading.get_or_insert_with(|| place(from));
    route.destination.get_or_insert_with(|| place(to));
    let load = rest[6..].trim_start_matches('/');
    let pieces: String = load.chars().skip(1).take_while(char::is_ascii_digit).collect();
    if goods.quantity.is_empty() {
        goods.quantity = count(&pieces).unwrap_or_default();
    }
    if !goods.quantity.is_empty() {
        goods.unit = "pieces".to_owned();
    }
    Ok(())
}

fn is_airport(code: &str) -> bool {
    code.len() == 3 && code.bytes().all(|b| b.is_ascii_uppercase())
}

fn airport(text: &str, at: usize) -> Option<&str> {
    text.get(at..at + 3).filter(|code| is_airport(code))
}

fn place(text: &str) -> v1::Place {
    v1::Place { text: text.to_owned(), ..Default::default() }
}

fn count(text: &str) -> Option<String> {
    text.trim().parse::<u32>().ok().map(|n| n.to_string())
}

fn blank_party(segment: &Segment<'_>, role: Role) -> v1::Party {
    v1::Party { role: role as i32, role_source: format!("Cargo-IMP {}", segment.name), ..Default::default() }
}

fn party(segment: &Segment<'_>, role: Role) -> Result<v1::Party, DocumentError> {
    let mut party = blank_party(segment, role);
    let lines = &segment.lines;
    let tagged = |tag: &'static str| lines.iter().filter_map(move |l| l.strip_prefix(tag));
    if lines.iter().any(|l| l.starts_with("NAM/")) {
        party.name = tagged("NAM/").collect::<Vec<_>>().join("\n");
        let mut address: Vec<&str> = tagged("ADR/").collect();
        address.extend(tagged("LOC/"));
        party.address = address.join("\n");
        let rest = lines.iter().copied().filter(|l| !["NAM/", "ADR/", "LOC/"].iter().any(|t| l.starts_with(t)));
        let rest: Vec<&str> = rest.collect();
        if let Some(line) = rest.iter().rev().find(|l| country_of(l).is_some()) {
            party.country = country_of(line).unwrap_or_default();
        }
    } else if tagged("NM").next().is_some() && tagged("CO").next().is_some() {
        party.name = tagged("NM").collect::<Vec<_>>().join("\n");
        let parts = ["AD", "CI", "PO"].iter().flat_map(|tag| tagged(tag));
        party.address = parts.collect::<Vec<_>>().join("\n");
        party.country = tagged("CO").next().unwrap_or_default().to_owned();
    } else {
        // The account number stands behind the segment's name, where there is one; the name is the first line after.
        let lines: Vec<&str> = match lines.first() {
            Some(account) if segment.is_inline && account.bytes().all(|b| b.is_ascii_digit()) => lines[1..].to_vec(),
            _ => lines.clone(),
        };
        let Some((name, rest)) = lines.split_first() else {
            return Err(segment.error("expected a name"));
        };
        party.name = (*name).to_owned();
        let country = rest.iter().rposition(|l| country_of(l).is_some());
        let until = country.unwrap_or(rest.len());
        party.address = rest[..until].join("\n");
        if let Some(line) = country.map(|at| rest[at]) {
            party.country = country_of(line).unwrap_or_default();
            // The post code; what follows are telephone numbers.
            if let Some(post_code) = line.split('/').nth(1).filter(|p| !p.is_empty()) {
                party.address = format!("{}\n{post_code}", party.address);
            }
        }
    }
    if party.name.trim().is_empty() {
        return Err(segment.error("expected a name"));
    }
    Ok(party)
}

/// `CN/518057/TE/...`: a line that begins with a country's code and a stroke, or is one.
fn country_of(line: &str) -> Option<String> {
    let code = line.split('/').next()?;
    (code.len() == 2).then(|| Country::from_code(code))?.map(|c| c.code().to_owned())
}

/// `AGT//1234567/8901`, then `/NAME` and `/PLACE`.
fn agent(segment: &Segment<'_>) -> v1::Party {
    let mut party = blank_party(segment, Role::Agent);
    let is_code = |line: &str| !line.is_empty() && line.bytes().all(|b| b.is_ascii_digit() || b == b'/');
    let mut lines = segment.lines.iter().copied().filter(|l| !is_code(l) && !l.trim().is_empty());
    party.name = lines.next().unwrap_or_default().trim_start_matches("NM").to_owned();
    party.address = lines.collect::<Vec<_>>().join("\n");
    party
}

fn named(segment: &Segment<'_>) -> v1::Party {
    let mut party = blank_party(segment, Role::Unspecified);
    let text = segment.lines.join("/");
    let (name, rest) = text.split_once('/').unwrap_or((&text, ""));
    name.clone_into(&mut party.name);
    party.address = rest.replace('/', "\n");
    party
}

/// `RTD/1/P15/K1250/CQ/...`, then `/NG/ELECTRONIC GOODS`, `/2/NH/85258900`, `/NO/CN`.
fn rates(
    segment: &Segment<'_>,
    description: &mut Vec<String>,
    codes: &mut Vec<String>,
    goods: &mut v1::Goods,
) -> Result<(), DocumentError> {
    for line in &segment.lines {
        // A line number may stand before the tag, and a line of rates may carry its nature behind it.
        let line = format!("/{line}");
        let found = ["/NG/", "/NC/", "/NH/", "/NO/"].into_iter().filter_map(|tag| Some((line.find(tag)?, tag)));
        let Some((at, tag)) = found.min() else { continue };
        let (tag, text) = (&tag[1..3], &line[at + tag.len()..]);
        match tag {
            "NG" | "NC" => description.push(text.to_owned()),
            "NH" => codes.push(text.trim().to_owned()),
            "NO" => {
                let origin = text.trim();
                let is_country = Country::from_code(origin).is_some();
                if !is_country {
                    return Err(
                        segment.error(format!("NO/{origin}: invalid country; expected an ISO 3166-1 alpha-2 code"))
                    );
                }
                origin.clone_into(&mut goods.origin);
            }
            _ => {}
        }
    }
    Ok(())
}

/// `CVD/USD/PP/PP/NVD/1000.00/XXX`: currency first; for carriage, customs and insurance last.
fn values(segment: &Segment<'_>, goods: &mut v1::Goods) {
    let parts: Vec<&str> = segment.lines.first().copied().unwrap_or_default().split('/').collect();
    let customs = parts.len().checked_sub(2).and_then(|at| parts.get(at)).and_then(|v| Decimal::parse(v));
    if let (Some(value), Some(currency)) = (customs, parts.first()) {
        goods.value = value.to_string();
        (*currency).clone_into(&mut goods.currency);
    }
}

/// `OCI/CN/SHP/T/USCI9144...` and lines that go on: the numbers of parties that customs ask for.
fn customs(segment: &Segment<'_>, parties: &mut [v1::Party]) {
    let mut about = String::new();
    for line in &segment.lines {
        let parts: Vec<&str> = line.splitn(4, '/').collect();
        let [country, information, kind, value] = parts[..] else { continue };
        if !information.is_empty() {
            information.clone_into(&mut about);
        }
        // Contacts, telephones and the like are no numbers of the party.
        if !matches!(kind, "T" | "E" | "TIN" | "VAT" | "EORI") || value.is_empty() {
            continue;
        }
        let role = match about.as_str() {
            "SHP" => Role::Shipper,
            "CNE" => Role::Consignee,
            "NFY" => Role::NotifyParty,
            "AGT" => Role::Agent,
            _ => continue,
        };
        if let Some(party) = parties.iter_mut().find(|p| p.role() == role) {
            let (kind, value) = match value.strip_prefix("USCI") {
                Some(code) => (v1::identifier::Type::Uscc, code),
                None => (v1::identifier::Type::Unspecified, value),
            };
            let country = Country::from_code(country).map_or_else(String::new, |c| c.code().to_owned());
            party.identifiers.push(v1::Identifier { r#type: kind as i32, value: value.to_owned(), country });
        }
    }
}
