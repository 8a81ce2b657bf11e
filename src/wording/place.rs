//! Where in a shipment a finding is, in words.

use wire::v1;

/// `consignee`, `goods line 2, HS code` or `route, destination`; empty when there is nothing to add to the path.
pub fn in_words(shipment: &v1::Shipment, path: &str) -> String {
    if let Some(rest) = path.strip_prefix("route.") {
        let leg = rest.split('.').next().unwrap_or_default();
        return format!("route, {}", key_in_words(leg));
    }
    let Some((head, rest)) = path.split_once("].") else { return String::new() };
    let Some((what, index)) = head.split_once('[') else { return String::new() };
    let Ok(index) = index.parse::<usize>() else { return String::new() };
    match what {
        "parties" => {
            let role = shipment.parties.get(index).map(v1::Party::role).unwrap_or_default();
            let role = match role {
                v1::party::Role::Unspecified => "party".to_owned(),
                role => role.as_str_name().to_ascii_lowercase().replace('_', " "),
            };
            if rest == "name" { role } else { format!("{role}, {}", key_in_words(rest)) }
        }
        "goods" => format!("goods line {}, {}", index + 1, key_in_words(rest)),
        "vessels" => "vessel".to_owned(),
        _ => String::new(),
    }
}

/// `hsCode` as `HS code`, `otherNames[0]` as `other name 1`.
fn key_in_words(key: &str) -> String {
    let mut words = String::new();
    for c in key.chars() {
        match c {
            'A'..='Z' => words.extend([' ', c.to_ascii_lowercase()]),
            '_' => words.push(' '),
            '.' => words.push_str(", "),
            c => words.push(c),
        }
    }
    if let Some((list, (index, rest))) = words.split_once('[').and_then(|(l, r)| Some((l, r.split_once(']')?)))
        && let Ok(index) = index.parse::<usize>()
    {
        words = format!("{} {}{rest}", list.trim_end_matches('s'), index + 1);
    }
    words.replace("hs code", "HS code").replace("eccn", "ECCN")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_in_words() {
        let party = v1::Party { role: v1::party::Role::Consignee as i32, ..Default::default() };
        let shipment = v1::Shipment { parties: vec![party], ..Default::default() };
        for (path, words) in [
            ("parties[0].name", "consignee"),
            ("parties[0].otherNames[1]", "consignee, other name 2"),
            ("parties[0].structuredAddress.postCode", "consignee, structured address, post code"),
            ("goods[1].hsCode", "goods line 2, HS code"),
            ("goods[0].otherHsCodes[0]", "goods line 1, other HS code 1"),
            ("route.transshipment[0].text", "route, transshipment 1"),
            ("route.destination.country", "route, destination"),
            ("reference", ""),
        ] {
            assert_eq!(in_words(&shipment, path), words, "{path}");
        }
    }
}
