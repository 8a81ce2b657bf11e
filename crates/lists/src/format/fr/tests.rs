use super::*;
use model::entry::{Entry, IdentifierType};

fn read_text(text: &str) -> Result<Vec<Entry>, Error> {
    Ok(read("f", &mut text.as_bytes())?.finish()?.entries)
}

fn file(details: &str) -> String {
    format!(
        "{{\"Publications\": {{\"DatePublication\": \"2026-10-05T10:00:00\", \"PublicationDetail\": [\n{{\"IdRegistre\": 7, \
         \"Nature\": \"Personne morale\", \"Nom\": \"QUILL SA\", \"RegistreDetail\": [{details}]}}]}}}}"
    )
}

fn detail(field: &str, parts: &str) -> String {
    format!("{{\"TypeChamp\": \"{field}\", \"Valeur\": [{{{parts}}}]}}")
}

#[test]
fn numbers_are_what_their_label_says_and_texts_stay_texts() {
    use IdentifierType::{Bic, Inn, Ogrn, Registration, Tax};
    for (comment, text, expected) in [
        (
            "Numéro d'enregistrement - Date d'enregistrement : 04/01/1996",
            "600390798",
            Some((Registration, "600390798")),
        ),
        ("Numéro d'enregistrement:", "1209100012648", Some((Registration, "1209100012648"))),
        ("", "n° d'identification fiscale: 7704863782", Some((Tax, "7704863782"))),
        ("Immatriculation (numéro OGRN)", "1149102007933", Some((Ogrn, "1149102007933"))),
        ("Numéro d'identification fiscale (INN)", "9102006047", Some((Inn, "9102006047"))),
        ("SWIFT", "ILSIKPPY", Some((Bic, "ILSIKPPY"))),
        ("Type d'entité", "Société de transport", None),
        ("date de constitution : le 04/07/2000", "394678", None),
        ("Date d'enregistrement", "2002", None),
    ] {
        let value =
            detail("IDENTIFICATION", &format!("\"Commentaire\": \"{comment}\", \"Identification\": \"{text}\""));
        let entries = read_text(&file(&value)).unwrap();
        let found = entries[0].identifiers.first().map(|i| (i.kind, i.value.as_str()));
        assert_eq!(found, expected, "{comment} / {text}");
        assert!(entries[0].remarks.contains(text), "{}", entries[0].remarks);
    }
}

#[test]
fn what_is_missing_or_of_another_shape_is_named_with_its_place() {
    let good = file(&detail("ALIAS", "\"Alias\": \"Q\""));
    assert_eq!(read_text(&good).unwrap()[0].names.len(), 2);
    for (old, new, problem) in [
        ("\"IdRegistre\": 7, ", "", "PublicationDetail[0].IdRegistre"),
        ("QUILL SA", "", "PublicationDetail[0].Nom`: expected the name, found nothing"),
        ("\"TypeChamp\"", "\"TypeChamps\"", "RegistreDetail[0]`: expected an object with `TypeChamp`"),
        ("[{\"Alias\": \"Q\"}]", "[\"Q\"]", "RegistreDetail[0].Valeur`: expected an object, found `\"Q\"`"),
        ("\"RegistreDetail\": [", "\"RegistreDetail\": 3, \"x\": [", "RegistreDetail`: expected an array, found `3`"),
    ] {
        let error = read_text(&good.replacen(old, new, 1)).unwrap_err().to_string();
        assert!(error.contains(problem) && error.contains("line 2"), "{old}: {error}");
    }
}

#[test]
fn a_detail_that_is_not_known_is_counted_and_becomes_a_remark() {
    let text = file(&detail("COULEUR", "\"Couleur\": \"rouge\""));
    let read = read("f", &mut text.as_bytes()).unwrap().finish().unwrap();
    assert_eq!(read.entries[0].remarks, "COULEUR: rouge");
    assert!(read.infos[0].repairs.contains(&("unknown_element".into(), 1)), "{:?}", read.infos[0].repairs);
    assert_eq!(read.infos[0].published, day("2026-10-05", &["%Y-%m-%d"]));
}
