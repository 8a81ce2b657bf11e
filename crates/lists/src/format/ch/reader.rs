//! Walks the file. It keeps delisted parties, and copies of what a change added or removed inside `modification`: the
//! first are skipped and counted, the second are not entries. Places are in a table of their own and are looked up at the
//! end. Entry ids are the publisher's `ssid`.
//!
//! The layout is that which public programs read from the published file in 2026; no real file was at hand.

use super::target::{ChPlace, ChTarget, OpenParts, changed, date, end, start};
use crate::build::ParsedFile;
use crate::catalogue::Format;
use crate::error::Error;
use crate::input::{Event, Xml};
use rustc_hash::FxHashMap;
use std::io::BufRead;

const LIST: &str = "ch-seco";

/// The programme that is read, and those read before.
#[derive(Default)]
struct Programmes {
    name: String,
    is_english: bool,
    sets: Vec<String>,
    /// The English name of the programme by each of its sets.
    by_set: FxHashMap<String, String>,
}

/// Reads every entry.
///
/// # Errors
/// When the XML is damaged, cut short or too deep, an entry lacks id or name, or a word or date is invalid.
pub(crate) fn read(file: &str, input: &mut dyn BufRead) -> Result<ParsedFile, Error> {
    let mut xml = Xml::with_attributes(file, input);
    let mut parsed = ParsedFile::new(file);
    let mut programmes = Programmes::default();
    let mut places: FxHashMap<String, ChPlace> = FxHashMap::default();
    let mut targets: Vec<ChTarget> = Vec::new();
    let mut target: Option<ChTarget> = None;
    let mut open = OpenParts::default();
    // Modifications inside each other.
    let mut depth = 0_usize;
    while let Some(event) = xml.next()? {
        match event {
            Event::Start("modification") => {
                if let (Some(target), 0) = (&mut target, depth) {
                    changed(&xml, target)?;
                }
                depth += 1;
            }
            Event::End { name: "modification", .. } => depth = depth.saturating_sub(1),
            _ if depth > 0 => {}
            Event::Start("swiss-sanctions-list") => {
                if let Some(date) = date(&xml, "date")? {
                    parsed.set_published(date);
                }
            }
            Event::Start("target") => target = Some(ChTarget::begin(LIST, &xml)?),
            Event::End { name: "target", .. } => targets.extend(target.take()),
            Event::Start("place") => {
                open.place = ChPlace { id: xml.attribute("ssid").to_owned(), ..ChPlace::default() };
            }
            Event::End { name: "place", .. } => {
                let place = std::mem::take(&mut open.place);
                places.insert(place.id.clone(), place);
            }
            Event::Start(name) => {
                let name = name.to_owned();
                match &mut target {
                    Some(target) => start(&xml, &name, target, &mut open)?,
                    None => programmes.start(&name, &xml),
                }
            }
            Event::End { parent, name, text } => {
                if target.is_none() {
                    programmes.end(parent, name, &text);
                }
                end(parent, name, text, target.as_mut(), &mut open);
            }
        }
    }
    parsed.unknown_elements(LIST, Format::ChSecoXml, &xml.fields());
    for target in targets {
        if target.is_delisted() {
            parsed.skipped_record(LIST, "delisted");
            continue;
        }
        target.into_builder(&programmes.by_set, &places).finish(file, "name", &mut parsed)?;
    }
    Ok(parsed)
}

impl Programmes {
    fn start(&mut self, name: &str, xml: &Xml<'_>) {
        match name {
            "sanctions-program" => {
                self.name.clear();
                self.sets.clear();
            }
            "program-name" => self.is_english = xml.attribute("lang") == "eng",
            "sanctions-set" => self.sets.push(xml.attribute("ssid").to_owned()),
            _ => {}
        }
    }

    fn end(&mut self, parent: &str, name: &str, text: &str) {
        match (parent, name) {
            ("sanctions-program", "program-name") if self.is_english => self.name = text.to_owned(),
            (_, "sanctions-program") => {
                for set in self.sets.drain(..) {
                    self.by_set.insert(set, self.name.clone());
                }
            }
            _ => {}
        }
    }
}
