use super::*;
use crate::country::Country;
use crate::entry::{Address, Effect, Entry, EntryKind, Identifier, IdentifierType, ListId, Name, NameKind, Relation};
use crate::entry::{Details, RelationKind};
use crate::snapshot::ListInfo;
use proptest::prelude::*;

fn bytes_of<T: Binary>(value: &T) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut out = BytesOut::new(&mut bytes);
    value.write_to(&mut out);
    out.finish().unwrap();
    bytes
}

fn again<T: Binary>(value: &T) -> T {
    whole(&bytes_of(value)).unwrap()
}

fn day() -> impl Strategy<Value = Option<Date>> {
    prop::option::of((-9999i16..=9999, 1i8..=12, 1i8..=28).prop_map(|(y, m, d)| Date::new(y, m, d).unwrap()))
}

fn country() -> impl Strategy<Value = Option<Country>> {
    prop::option::of(prop::sample::select(vec!["CN", "KP", "XK", "DE"]).prop_map(|c| Country::from_code(c).unwrap()))
}

fn text() -> impl Strategy<Value = String> {
    "[a-zA-Zé深 ]{0,12}"
}

fn details() -> impl Strategy<Value = Details> {
    let kind = prop::sample::select(IdentifierType::ALL.to_vec());
    let identifier = (kind, text(), country()).prop_map(|(kind, value, country)| Identifier { kind, value, country });
    let address = (text(), country()).prop_map(|(text, country)| Address { text, country });
    let kind = prop::sample::select(RelationKind::ALL.to_vec());
    let relation = (kind, text(), prop::option::of(text()), prop::option::of(any::<u16>()))
        .prop_map(|(kind, name, id, share)| Relation { kind, name, id, share });
    let several = (
        prop::collection::vec(identifier, 0..3),
        prop::collection::vec(address, 0..3),
        prop::collection::vec(country(), 0..3),
        prop::collection::vec(relation, 0..3),
        prop::collection::vec(text(), 0..3),
    );
    let single = (prop::option::of(text()), prop::option::of(text()), text(), [day(), day(), day(), day()]);
    (several, single).prop_map(|((identifiers, addresses, countries, relations, texts), single)| {
        let (licence_requirement, licence_policy, remarks, [effective, published, ends, read_on]) = single;
        Details {
            identifiers,
            addresses,
            countries: countries.into_iter().flatten().collect(),
            relations,
            programmes: texts.clone(),
            citations: texts.iter().rev().cloned().collect(),
            licence_requirement,
            licence_policy,
            effective,
            published,
            ends,
            births: texts,
            source_url: remarks.to_uppercase(),
            remarks,
            read_on,
        }
    })
}

fn entry() -> impl Strategy<Value = Entry> {
    let kind = prop::sample::select(NameKind::ALL.to_vec());
    let name = (text(), kind, any::<bool>()).prop_map(|(text, kind, weak)| Name { text, kind, weak });
    let kinds = (prop::sample::select(EntryKind::ALL.to_vec()), prop::sample::select(Effect::ALL.to_vec()));
    let named = ("[ab]", text(), kinds, prop::collection::vec(name, 0..4));
    (named, prop::option::of(details())).prop_map(|((list, id, (kind, effect), names), details)| Entry {
        list: ListId::new(&list),
        id,
        kind,
        effect,
        names,
        details: details.map(Box::new),
    })
}

proptest! {
    #[test]
    fn entries_come_back_as_they_were(entries in prop::collection::vec(entry(), 0..12)) {
        let mut bytes = Vec::new();
        let mut out = BytesOut::new(&mut bytes);
        write_entries(&entries, &mut out);
        out.finish().unwrap();
        prop_assert_eq!(read_entries(&bytes).unwrap(), entries);
        // Cut anywhere, they are refused.
        for end in 0..bytes.len() {
            prop_assert!(read_entries(&bytes[..end]).is_err());
        }
    }

    #[test]
    fn bytes_of_any_kind_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _any = (read_entries(&bytes), whole::<Vec<PartsOfEntry>>(&bytes), whole::<Vec<ListInfo>>(&bytes));
        let _any = (whole::<Vec<u32>>(&bytes), whole::<Vec<(u64, String, bool)>>(&bytes), whole::<Option<Date>>(&bytes));
    }

    #[test]
    fn numbers_texts_and_series_come_back(
        numbers in (any::<u8>(), any::<u16>(), any::<u32>()),
        series in prop::collection::vec((any::<u64>(), any::<i32>(), any::<bool>()), 0..9),
        words in prop::collection::vec(prop::option::of(text()), 0..9),
        four in any::<[u16; 4]>(),
        time in (-377705023201i64..=253402207200, 0i32..1_000_000_000),
    ) {
        prop_assert_eq!(again(&numbers), numbers);
        prop_assert_eq!(again(&series), series);
        prop_assert_eq!(again(&words), words);
        prop_assert_eq!(again(&four), four);
        let numbers: Vec<u32> = four.iter().map(|n| u32::from(*n) << 16).collect();
        prop_assert_eq!(again(&numbers), numbers);
        let time = Timestamp::new(time.0, time.1).unwrap();
        prop_assert_eq!(again(&time), time);
    }
}

/// What of an entry has a form of its own.
type PartsOfEntry = (Details, Vec<Name>, ListId);

#[test]
fn a_number_that_says_too_much_takes_no_memory() {
    let mut bytes = bytes_of(&usize::MAX);
    bytes.extend([1; 64]);
    assert!(whole::<Vec<u32>>(&bytes).is_err() && whole::<Vec<(u8, u8)>>(&bytes).is_err());
    assert!(whole::<String>(&bytes).is_err() && whole::<Vec<String>>(&bytes).is_err());
}

#[test]
fn what_is_left_over_is_refused() {
    let mut bytes = bytes_of(&7u16);
    assert_eq!(whole::<u16>(&bytes), Ok(7));
    bytes.push(0);
    assert_eq!(whole::<u16>(&bytes), Err(Malformed { expected: "the end" }));
}

#[test]
fn a_fault_of_the_target_is_told() {
    struct Full;
    impl io::Write for Full {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(io::ErrorKind::StorageFull.into())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let mut full = Full;
    let mut out = BytesOut::new(&mut full);
    vec![0u32; AT_A_TIME].write_to(&mut out);
    assert_eq!(out.finish().unwrap_err().kind(), io::ErrorKind::StorageFull);
}
