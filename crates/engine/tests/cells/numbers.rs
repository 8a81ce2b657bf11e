//! Numbers in cells: found behind their labels, and said to be wrong where they are.

use super::*;
use model::country::Country;
use model::entry::{Identifier, IdentifierType as T};
use model::shipment::{Problem, Vessel};

/// Numbers of listed parties behind their labels, beside names and addresses of others.
#[test]
fn labelled_numbers_are_found_in_cells() {
    let Some(engine) = csl() else { return };
    let mut scratch = Scratch::default();
    let (mut all, mut found, mut missed) = (0, 0, Vec::new());
    for (number, entry) in engine.snapshot().entries().iter().enumerate().step_by(7) {
        let Some(identifier) =
            entry.identifiers.iter().find(|i| i.value.bytes().filter(u8::is_ascii_digit).count() >= 6)
        else {
            continue;
        };
        let label = match identifier.kind {
            T::Imo => "IMO",
            T::Passport => "Passport No.",
            T::Tax | T::Inn => "Tax ID No.",
            T::Registration | T::Ogrn => "Reg. No.",
            T::NationalId => "National ID",
            _ => "ID No.",
        };
        let value = &identifier.value;
        let other = OTHERS[number % OTHERS.len()];
        let cell = match number % 4 {
            0 => format!("{other}, {label} {value}"),
            1 => format!("{other} ({label}: {value}), 5 North Road, Leeds"),
            2 => format!("{other}\n5 North Road\n{label} {value}\nTEL 020 7946 0123"),
            _ => format!("{label} {value}, {other}"),
        };
        let screening = engine.screen(&party(&cell), &mut scratch);
        all += 1;
        if best(&screening, entry).is_some_and(|f| f.reason == Reason::PartyIdentifier) {
            found += 1;
        } else {
            missed.push(cell.replace('\n', "⏎"));
        }
    }
    println!("{found} of {all} numbers found\n{}", missed[..missed.len().min(20)].join("\n"));
    assert!(found * 100 >= all * 99, "{found} of {all}");
}

fn builtin() -> &'static Engine {
    static ENGINE: OnceLock<Engine> = OnceLock::new();
    ENGINE.get_or_init(|| {
        let snapshot = lists::load(&[Source::Builtin]).expect("the list loads");
        Engine::build(Arc::new(snapshot), Arc::new(Policy::default()), Limits::default()).expect("the lists compile")
    })
}

/// What is said of the numbers of a shipment that has nothing else to say.
fn said(shipment: &Shipment) -> Vec<Problem> {
    let screening = builtin().screen(shipment, &mut Scratch::default());
    assert_eq!(screening.outcome, Outcome::NoFinding, "{}", screening.summary);
    screening.problems
}

#[test]
fn a_wrong_number_in_a_cell_is_said_and_changes_no_outcome() {
    for (cell, expected) in [
        ("Blue Harbour, INN 7802170550", "`INN 7802170550`: the check digit is wrong"),
        ("Blue Harbour (ИНН/КПП 7802170550/780201001)", "`INN 7802170550`: the check digit is wrong"),
        (
            "Blue Harbour, INN/KPP 500100732259/78020100",
            "`KPP 78020100`: expected nine digits, of which the fifth and sixth may be letters",
        ),
        ("Blue Harbour OGRN 1027700132196", "`OGRN 1027700132196`: the check digit is wrong"),
        (
            "统一社会信用代码：914403007954257496",
            "`Unified Social Credit Code 914403007954257496`: the check digit is wrong",
        ),
        ("Blue Harbour LEI 5493001KJTIIGC8Y1R13", "`LEI 5493001KJTIIGC8Y1R13`: the check digit is wrong"),
        ("Blue Harbour, CNPJ 11.444.777/0001-62", "`CNPJ 11.444.777/0001-62`: the check digit is wrong"),
        ("Blue Harbour, VAT No. DE136695977", "`VAT number DE136695977`: the check digit is wrong"),
        (
            "Blue Harbour, EIN 00-3456789",
            "`EIN 00-3456789`: expected nine digits that begin with a number of an IRS campus",
        ),
        ("Blue Harbour, IMO 9074728", "`IMO number 9074728`: the check digit is wrong"),
        ("Blue Harbour, CR No. 1234", "`CR No. 1234`: too short to be compared"),
    ] {
        let shipment =
            Shipment { parties: vec![Party { role: None, ..party(cell).parties.remove(0) }], ..Shipment::default() };
        let problems = said(&shipment);
        let [problem] = &problems[..] else { panic!("{cell}: {problems:?}") };
        assert!(problem.field_path == "parties[0].name" && problem.description.starts_with(expected), "{problem:?}");
    }
    for cell in [
        "Blue Harbour, INN 500100732259, VAT No. GB980780684, CNPJ 11.444.777/0001-61",
        "Blue Harbour, VAT No. 12345678, TIN 4478123905, 12 High Street",
        "Blue Harbour, company IMO 1234567",
    ] {
        assert_eq!(said(&party(cell)), [], "{cell}");
    }
}

#[test]
fn a_wrong_number_that_is_given_as_such_is_said() {
    let given = |kind, value: &str, country: &str| {
        let identifier = Identifier { kind, value: value.to_owned(), country: Country::from_code(country) };
        let party = Party { name: "Blue Harbour".to_owned(), identifiers: vec![identifier], ..Party::default() };
        let problems = said(&Shipment { parties: vec![party], ..Shipment::default() });
        assert!(problems.iter().all(|p| p.field_path == "parties[0].identifiers[0].value"), "{problems:?}");
        problems.len()
    };
    for (kind, value, country) in [
        (T::Inn, "7802170550", ""),
        (T::Inn, "780217055", ""),
        (T::Tax, "7802170550", "RU"),
        (T::Tax, "11444777000162", "BR"),
        (T::Tax, "DE 136695977", "DE"),
        (T::Registration, "123", "GB"),
        (T::Other, "AB", ""),
    ] {
        assert_eq!(given(kind, value, country), 1, "{kind:?} {value} {country}");
    }
    for (kind, value, country) in [
        (T::Inn, "500100732259", "RU"),
        (T::Tax, "7802170550", "DE"),
        (T::Tax, "DE136695977", "FR"),
        (T::Passport, "AB1234567", ""),
        (T::Imo, "1234567", ""),
        (T::Other, "", ""),
    ] {
        assert_eq!(given(kind, value, country), 0, "{kind:?} {value} {country}");
    }
    let vessel = |imo: &str| Vessel { name: "BLUE HARBOUR".to_owned(), imo: imo.to_owned(), ..Vessel::default() };
    let of = |imo| said(&Shipment { vessels: vec![vessel(imo)], ..Shipment::default() });
    assert_eq!((of("9074728").len(), of("IMO 9074729").len()), (1, 0));
}
