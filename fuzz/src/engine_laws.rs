//! Laws of folding, comparison and screening that hold for any bytes.

use engine::policy::Policy;
use engine::screen::{Engine, Limits, Scratch};
use lists::Source;
use model::entry::EntryKind;
use model::finding::Screening;
use model::shipment::{Goods, Party, Shipment, Vessel};
use std::sync::{Arc, OnceLock};
use text::{Folded, Reading};

const READINGS: [Reading; 4] = Reading::ALL;

/// The lists that ship.
pub fn builtin() -> &'static Engine {
    static ENGINE: OnceLock<Engine> = OnceLock::new();
    ENGINE.get_or_init(|| {
        let snapshot = lists::load(&[Source::Curated]).expect("the built-in lists load");
        Engine::build(Arc::new(snapshot), Arc::new(Policy::default()), Limits::default()).expect("the lists compile")
    })
}

/// Tokens come in order and without gaps, every token leads back to whole characters of the text, and folding what
/// was folded changes nothing.
pub fn folding(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    for reading in READINGS {
        let folded = Folded::of(&text, reading);
        let mut at = 0;
        let mut from = 0;
        for token in folded.tokens() {
            assert!(token.start == at && token.start < token.end, "tokens have a gap in {text:?}");
            at = token.end;
            let (start, end) = folded.original(token.start as usize, token.end as usize);
            assert!(start < end && from <= start, "tokens go back in {text:?}");
            assert!(text.get(start as usize..end as usize).is_some(), "{start}..{end} cuts a character of {text:?}");
            from = start;
        }
        assert_eq!(at as usize, folded.squeezed().len());
        if reading == Reading::Plain {
            assert_eq!(Folded::of(folded.squeezed(), reading).squeezed(), folded.squeezed(), "{text:?}");
        }
    }
}

/// A name equals itself, and a comparison has a score and a sentence. The two names stand on either side of a line
/// break.
pub fn names(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let (left, right) = text.split_once('\n').unwrap_or((&text, &text));
    let engine = builtin();
    for kind in [EntryKind::Person, EntryKind::Company, EntryKind::Unknown] {
        let compared = engine.compare(left, right, kind);
        assert!(compared.score.get() <= 1000 && !compared.explanation.is_empty());
        if !Folded::of(left, Reading::Plain).squeezed().is_empty() {
            assert_eq!(engine.compare(left, left, kind).score.get(), 1000, "{left:?} is not itself");
        }
    }
}

/// Any text in any field is answered, the same way twice, with spans that lie on the text.
pub fn screening(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let (name, rest) = text.split_once('\n').unwrap_or((&text, ""));
    let shipment = Shipment {
        parties: vec![Party { name: name.to_owned(), address: rest.to_owned(), ..Party::default() }],
        goods: vec![Goods { description: text.clone().into_owned(), ..Goods::default() }],
        vessels: vec![Vessel { name: name.to_owned(), imo: rest.to_owned(), ..Vessel::default() }],
        ..Shipment::default()
    };
    let mut scratch = Scratch::default();
    let screening = builtin().screen(&shipment, &mut scratch);
    spans_lie_on_the_text(&shipment, &screening);
    assert_eq!(screening, builtin().screen(&shipment, &mut scratch), "the second answer differs for {text:?}");
}

/// Every span of a finding is what it says of the field it names.
pub fn spans_lie_on_the_text(shipment: &Shipment, screening: &Screening) {
    for finding in &screening.findings {
        let text = match finding.field_path.as_str() {
            "parties[0].name" => &shipment.parties[0].name,
            "parties[0].address" => &shipment.parties[0].address,
            "vessels[0].name" => &shipment.vessels[0].name,
            "vessels[0].imo" => &shipment.vessels[0].imo,
            "goods[0].description" => &shipment.goods[0].description,
            _ => continue,
        };
        for span in &finding.spans {
            let at = text.get(span.start as usize..span.end as usize);
            assert_eq!(at, Some(span.text.as_str()), "{} of {text:?}", finding.field_path);
        }
    }
}

/// A cell is read into segments that stand in it, in order of their first byte, on whole characters.
pub fn cells(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let opened = engine::record::parties_in_text(&text).into_iter().map(|opened| opened.cell);
    for cell in std::iter::once(engine::record::read(&text)).chain(opened) {
        assert!(cell.segments.is_sorted_by_key(|s| s.start), "segments go back in {text:?}");
        for segment in &cell.segments {
            assert!(segment.start < segment.end && segment.least_end <= segment.end, "{segment:?} in {text:?}");
            assert!(text.get(segment.span()).is_some(), "{segment:?} cuts a character of {text:?}");
        }
    }
}
