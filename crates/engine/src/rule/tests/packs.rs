//! Packs as data: what ships is cited and dated, what users add is read or refused with file, line and key.

use super::*;

#[test]
fn every_fact_of_the_packs_is_cited_and_dated() {
    let rules = Rules::builtin();
    assert_eq!(rules.packs().len(), BUILTIN.len());
    let chpl = rules.codes("chpl");
    let of = |tier: &str| chpl.iter().filter(|(t, _)| t == tier).count();
    assert_eq!(["1", "2", "3.A", "3.B", "4.A", "4.B"].map(of), [4, 5, 16, 9, 11, 5]);
    assert_eq!(chpl.len(), 50);
    let without_tier = |list: &str| {
        let mut codes: Vec<_> = rules.codes(list).into_iter().map(|(_, code)| code).collect();
        codes.sort();
        codes
    };
    assert_eq!(without_tier("chpl"), without_tier("eu-12g"), "Annex XL is the common list");
    assert_eq!(rules.codes("uav").len(), 11);
    for fact in rules.facts() {
        assert!(fact.citation.len() > 10 && fact.read.len() == 10, "{}: {} {}", fact.list, fact.citation, fact.read);
    }
}

#[test]
fn mistakes_in_a_pack_name_file_line_and_key() {
    let heading = "[pack]\nid = \"mine\"\nkind = \"KIND\"\nversion = \"1\"\ntitle = \"Mine\"\ncitation = \"Our own\"\n";
    for (kind, body, expected) in [
        (
            "codes",
            "[[list]]\nid = \"a\"\nmeaning = \"bad\"\ntitle = \"A\"\ntier = []\n",
            "mine.toml:9: `meaning`: unknown meaning `bad`",
        ),
        (
            "codes",
            "[[list]]\nid = \"a\"\nmeaning = \"priority\"\ntitle = \"A\"\n[[list.tier]]\nname = \"1\"\ntitle = \"t\"\ncodes = [\"85x1\"]\n",
            "mine.toml:14: `codes`: invalid code `85x1`",
        ),
        (
            "countries",
            "[[list]]\nid = \"a\"\nmeaning = \"transshipment\"\ntitle = \"A\"\ncountries = [\"KZ\", \"UK\"]\n",
            "mine.toml:11: `countries`: invalid country `UK`, expected an ISO 3166-1",
        ),
        ("countries", "[[list]]\nid = \"a\"\nmeening = \"x\"\n", "mine.toml:9: unknown field `meening`"),
        (
            "combinations",
            "[[combination]]\nid = \"c\"\ntitle = \"C\"\nseverity = \"low\"\nall = [\"GOODS_VAGUE\", \"GOODS_VAGE\"]\nbecause = \"b\"\n",
            "mine.toml:11: `all`: unknown reason `GOODS_VAGE`",
        ),
        ("places", "", "missing field `places`"),
        ("magic", "", "mine.toml:3: `kind`: unknown kind of pack `magic`"),
        (
            "territories",
            "[[territory]]\nid = \"t\"\nname = \"T\"\nseverity = \"huge\"\nmeasure = \"m\"\nnames = [\"T\"]\n",
            "mine.toml:10: `severity`: invalid severity `huge`",
        ),
        (
            "red_flags",
            "[[flag]]\nattestation = \"reexport_clause\"\ntitle = \"T\"\nseverity = \"low\"\n",
            "mine.toml:8: `attestation`: unknown red flag `reexport_clause`, expected one of red_flag_end_use",
        ),
        (
            "red_flags",
            "[[flag]]\nattestation = \"red_flag_cash\"\ntitle = \"T\"\nseverity = \"low\"\n",
            "mine.toml:8: `attestation`: `red_flag_cash` has a row already",
        ),
        (
            "vague",
            "[[list]]\nid = \"v\"\ntitle = \"V\"\nstandalone = [\"--\"]\n",
            "mine.toml:10: `standalone`: a term without",
        ),
    ] {
        let text = format!("{}{body}", heading.replace("KIND", kind));
        let error = Rules::load(&[Pack { origin: "mine.toml".to_owned(), text }], &[]).expect_err(body).to_string();
        assert!(error.contains(expected), "{error} should hold {expected}");
    }
    let twice = BUILTIN[1].1.to_owned();
    let error = Rules::load(&[Pack { origin: "twice.toml".to_owned(), text: twice }], &[]).unwrap_err().to_string();
    assert!(error.contains("another pack has the id `chpl`"), "{error}");
    let error = Rules::load(&[], &["chlp".to_owned()]).unwrap_err().to_string();
    assert!(error.contains("unknown pack `chlp`"), "{error}");
}

#[test]
fn packs_are_added_and_switched_off() {
    let text = "[pack]\nid = \"ours\"\nkind = \"countries\"\nversion = \"7\"\ntitle = \"Ours\"\ncitation = \"Our risk office, 2026\"\n\
        read = 2026-11-01\n[[list]]\nid = \"ours\"\nmeaning = \"transshipment\"\ntitle = \"our own list\"\ncountries = [\"MN\"]\n";
    let pack = Pack { origin: "ours.toml".to_owned(), text: text.to_owned() };
    let rules = Rules::load(&[pack], &["chpl".to_owned()]).expect("the pack is sound");
    let to_mongolia = {
        let mut shipment = route("Shenzhen", &[], "Moscow");
        shipment.route.transshipment = vec![place("Zamyn-Uud", "MN")];
        shipment.goods = goods("cameras", "852589").goods;
        shipment
    };
    let report =
        rules.screen(&to_mongolia, &Prepared::of(&to_mongolia, rules.lexicon()), |_| true, |_| true, Known::default());
    let found = |reason| report.findings.iter().find(|r| r.finding.reason == reason);
    let finding = &found(Reason::RouteTransshipment).expect("the user's list counts").finding;
    assert_eq!(finding.citations, ["Our risk office, 2026"]);
    assert!(found(Reason::GoodsHsPriority).is_none());
    assert!(report.ran.contains(&(Reason::GoodsHsPriority, Some("no pack has such codes"))));
    assert!(rules.digest().is_some() && Rules::builtin().digest().is_none());
    let again = Rules::load(&[], &["chpl".to_owned()]).expect("it loads");
    assert_ne!(rules.digest(), again.digest());
}
