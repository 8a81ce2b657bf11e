//! Pairs that are one place, and pairs that are not.

use super::*;
use model::entry::{Address, Effect, EntryKind, ListId};

fn entries(addresses: &[&str]) -> Vec<Entry> {
    addresses
        .iter()
        .enumerate()
        .map(|(at, text)| {
            let mut entry = Entry::new(ListId::new("t"), at.to_string(), EntryKind::Address, Effect::Licence);
            entry.addresses.push(Address { text: (*text).to_owned(), country: None });
            entry
        })
        .collect()
}

fn sameness(listed: &str, given: &str) -> Option<Sameness> {
    Addresses::build(&entries(&[listed])).find(given).0.first().map(|hit| hit.sameness)
}

#[test]
fn spellings_of_one_place_are_one_place() {
    for (listed, given, expected) in [
        (
            "Flat/RM 2309, 23/F, Ho King Commercial Centre, 2-16 Fa Yuen Street, Mong Kok, Kowloon, Hong Kong",
            "RM 2309 HO KING COMM CENTER\n16 FAYUEN ST MONGKOK KLN HK",
            Sameness::Unit,
        ),
        (
            "Unit 701-702, 7/F, Grandtech Center, 8 On Ping Street, Shatin, N.T., Hong Kong",
            "Unit 701-702,7/F, Grand Tech Centre, No. 8 On Ping Street, Shatin, Hong Kong",
            Sameness::Unit,
        ),
        (
            "Room 1205, No. 19, Jinping Road, Fuchun Street, Fuyang District, Hangzhou, Zhejiang, China",
            "No. 19 Jingping Road Fuchun Street, Fuyang Hangzhou Zhejiang, China",
            Sameness::House,
        ),
        ("No. 57, Busha Road, Buji, Longgang, Shenzhen, China", "57 Busha Rd, Shenzhen", Sameness::House),
        ("7/F MW Tower, 111 Bonham Strand, Sheung Wan", "111 Bonham Strand, MW Tower 7th Floor", Sameness::Unit),
        (
            "Room 1605, Ho King Commercial Center, 2-16 Fa Yuen Street, Mong Kok",
            "Room 1510, Ho King Commercial Center, 2-16 Fa Yuen Street, Mong Kok",
            Sameness::Building,
        ),
    ] {
        assert_eq!(sameness(listed, given), Some(expected), "{given}");
    }
}

#[test]
fn another_number_street_or_town_is_another_place() {
    let listed = "Room 803, Chevalier House, 45-51 Chatham Road South, Tsim Sha Tsui, Kowloon, Hong Kong";
    for given in [
        "Room 803, Chevalier House, 61 Chatham Road South, Tsim Sha Tsui",
        "Room 803, 45 Nathan Road, Tsim Sha Tsui, Kowloon, Hong Kong",
        "45 Chatham Street, Boston, Massachusetts 02115",
        "Chatham Road South, Hong Kong",
        "Room 803, Hong Kong",
        "",
    ] {
        assert_eq!(sameness(listed, given), None, "{given}");
    }
    // Another street of the same name, another street of the same quarter, another town.
    for (listed, given) in [
        (
            "No. 8, Zhongguancun South Third Street, Haidian District, Beijing",
            "No. 8 Zhongguancun East Road, Haidian, Beijing",
        ),
        (
            "No. 5 South Zhongguancun Street, Haidian District, Beijing",
            "Zhongguancun Software Park, No. 5 Dongbeiwang West Road, Beijing",
        ),
        (
            "Block A, Tianxia Plaza, No. 8 Taoyuan Road, Nantou Street, Shenzhen",
            "8 Block A, Tianxia Plaza, No. 5 Taoyuan Road, Nantou Street, Shenzhen",
        ),
        ("No. 7, Section 4, Renmin South Road, Chengdu", "No. 4, Section 7, Renmin South Road, Chengdu"),
        ("No. 5 Hangfeng Road, Beijing", "No. 5 Hengfeng Road, Shanghai"),
    ] {
        assert_eq!(sameness(listed, given), None, "{given}");
    }
    assert_eq!(sameness("18 Harbour Road, Wanchai, Hong Kong", "18 Harbour Road, Felixstowe, England"), None);
}

/// Three listed units make a building one that many share: its number alone says little.
#[test]
fn a_shared_building_is_weak_evidence() {
    let addresses = Addresses::build(&entries(&[
        "Room 1605, Ho King Commercial Center, 2-16 Fa Yuen Street, Mong Kok",
        "Room 1003, Ho King Commercial Centre, 2-16 Fa Yuen Street, Mong Kok",
        "Office 4, 16/F Ho King Commercial Centre, 2-16 Fayuen Street, Hong Kong",
    ]));
    let hits = addresses.find("2-16 Fa Yuen Street, Mong Kok").0;
    assert_eq!(hits.len(), 3);
    assert!(hits.iter().all(|h| h.sameness == Sameness::Building));
    let hits = addresses.find("Room 1003, Ho King Commercial Centre, 2-16 Fa Yuen St").0;
    assert_eq!((hits[0].entry, hits[0].sameness), (EntryId::from_index(1), Sameness::Unit));
}
