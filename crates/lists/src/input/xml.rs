//! A reader of XML that only knows elements and their text, with line numbers and bounds.
//!
//! Refuses what a list has no use for and an attacker has: a DOCTYPE, entities beyond the five of XML, elements
//! nested deeper than [`MAX_DEPTH`], texts and tags longer than [`MAX_TEXT`]. Namespaces are ignored; attributes are
//! read for formats that use them.

use super::bounds::from_io;
use crate::error::Error;
use quick_xml::XmlVersion;
use quick_xml::events::attributes::{AttrError, Attribute};
use quick_xml::events::{BytesRef, BytesStart, Event as XmlEvent};
use quick_xml::reader::Reader;
use rustc_hash::{FxHashMap, FxHashSet};
use std::cell::Cell;
use std::io::{self, BufRead, Read};
use std::rc::Rc;

/// The deepest published list has six levels.
const MAX_DEPTH: usize = 32;

/// Bytes of one text or tag; the longest remark published has about 4,000.
const MAX_TEXT: usize = 1 << 20;

/// What an element that ends a line leaves in the text around it; no list writes it.
pub(crate) const LINE_END: char = '\u{2028}';

/// What the XML says next.
#[derive(Debug)]
pub(crate) enum Event<'a> {
    /// An element begins.
    Start(&'a str),
    /// An element ends; `text` is what stood in it directly, blanks around it cut.
    End { parent: &'a str, name: &'a str, text: String },
}

/// What one piece of the document did.
enum Step {
    Started,
    Ended,
    /// Text, a comment or an instruction.
    Inside,
    Finished,
}

/// The reader.
pub(crate) struct Xml<'a> {
    file: &'a str,
    reader: Reader<BoundedLines<'a>>,
    lines: Rc<Cell<u64>>,
    budget: Rc<Cell<usize>>,
    /// The line of the first byte that is not UTF-8; 0 for none so far.
    bad_line: Rc<Cell<u64>>,
    buffer: Vec<u8>,
    open: Vec<(String, String)>,
    ended: Option<(String, String)>,
    seen_root: bool,
    /// Elements that had a text of their own.
    texts: FxHashSet<String>,
    /// Elements that had attributes, with those; where attributes are read.
    seen_attributes: FxHashMap<String, FxHashSet<String>>,
    /// Name and value of those of the element begun last; `None` where the format has no use for them.
    attributes: Option<Vec<(String, String)>>,
    /// Elements that are a part of the text they stand in, and those that end a line of it.
    inline: (&'static [&'static str], &'static [&'static str]),
}

impl<'a> Xml<'a> {
    /// A reader of `input` that keeps the attributes of the element begun last.
    pub(crate) fn with_attributes(file: &'a str, input: &'a mut dyn BufRead) -> Self {
        Self { attributes: Some(Vec::new()), ..Self::new(file, input) }
    }

    /// A reader of `input` that skips attributes.
    pub(crate) fn new(file: &'a str, input: &'a mut dyn BufRead) -> Self {
        let lines = Rc::new(Cell::new(1));
        let budget = Rc::new(Cell::new(0));
        let bad_line = Rc::new(Cell::new(0));
        let counted = BoundedLines {
            inner: input,
            lines: Rc::clone(&lines),
            budget: Rc::clone(&budget),
            bad_line: Rc::clone(&bad_line),
            cut: Vec::new(),
        };
        let mut reader = Reader::from_reader(counted);
        reader.config_mut().expand_empty_elements = true;
        Self {
            file,
            reader,
            lines,
            budget,
            bad_line,
            buffer: Vec::new(),
            open: Vec::new(),
            ended: None,
            seen_root: false,
            texts: FxHashSet::default(),
            seen_attributes: FxHashMap::default(),
            attributes: None,
            inline: (&[], &[]),
        }
    }

    /// Takes these elements as a part of the text that they stand in, such as those that set words in italics, and those
    /// of `line_ends` as a [`LINE_END`] in it. They give no events.
    pub(crate) fn with_inline(mut self, inline: &'static [&'static str], line_ends: &'static [&'static str]) -> Self {
        self.inline = (inline, line_ends);
        self
    }

    /// An attribute of the element begun last, blanks around it cut; empty when it has none of that name.
    pub(crate) fn attribute(&self, name: &str) -> &str {
        let known = self.attributes.iter().flatten();
        known.into_iter().find(|(key, _)| key == name).map_or("", |(_, value)| value.trim())
    }

    /// Every element with a text and every attribute (`element@attribute`) seen so far, in order. Attributes only where
    /// they are read.
    pub(crate) fn fields(&self) -> Vec<String> {
        let attributes = self.seen_attributes.iter().flat_map(|(e, keys)| keys.iter().map(move |k| format!("{e}@{k}")));
        let mut all: Vec<String> = self.texts.iter().cloned().chain(attributes).collect();
        all.sort_unstable();
        all
    }

    /// The line read last.
    pub(crate) fn line(&self) -> u64 {
        self.lines.get()
    }

    /// An error in an element.
    pub(crate) fn wrong(&self, element: &str, problem: impl Into<String>) -> Error {
        Error::Field { file: self.file.into(), line: self.line(), field: element.into(), problem: problem.into() }
    }

    fn syntax(&self, problem: impl Into<String>) -> Error {
        Error::Syntax { file: self.file.into(), line: self.line(), column: None, problem: problem.into() }
    }

    /// The next start or end of an element; `None` at the end of the document.
    ///
    /// # Errors
    /// When the XML is not well formed, ends early or crosses a bound.
    pub(crate) fn next(&mut self) -> Result<Option<Event<'_>>, Error> {
        loop {
            // What is read borrows the buffer, so the buffer is out of `self` for the while.
            let mut buffer = std::mem::take(&mut self.buffer);
            buffer.clear();
            self.budget.set(MAX_TEXT);
            let read = self.reader.read_event_into(&mut buffer).map_err(|e| {
                // A text may be long; the fault is where its first wrong byte is.
                let bad = self.bad_line.get();
                let line = if matches!(e, quick_xml::Error::Encoding(_)) && bad > 0 { bad } else { self.lines.get() };
                explain(self.file, line, e)
            });
            let step = read.and_then(|event| self.take(event))?;
            self.buffer = buffer;
            match step {
                Step::Inside => {}
                Step::Started => return Ok(self.open.last().map(|(name, _)| Event::Start(name))),
                Step::Ended => {
                    let parent = self.open.last().map_or("", |(name, _)| name);
                    return Ok(self.ended.as_ref().map(|(name, text)| Event::End {
                        parent,
                        name,
                        text: text.trim().to_owned(),
                    }));
                }
                Step::Finished => return Ok(None),
            }
        }
    }

    fn take(&mut self, event: XmlEvent<'_>) -> Result<Step, Error> {
        match event {
            XmlEvent::Start(tag) => self.start(&tag),
            XmlEvent::End(_) => {
                // The reader has checked that the names agree.
                self.ended = self.open.pop();
                if let Some((name, text)) = self.ended.take() {
                    if !self.open.is_empty() && self.is_inline(&name) {
                        let is_line_end = self.inline.1.contains(&name.as_str());
                        self.append(&text)?;
                        return if is_line_end {
                            self.append(LINE_END.encode_utf8(&mut [0; 4]))
                        } else {
                            Ok(Step::Inside)
                        };
                    }
                    self.ended = Some((name, text));
                }
                if let Some((name, text)) = &self.ended
                    && !text.trim().is_empty()
                    && !self.texts.contains(name)
                {
                    self.texts.insert(name.clone());
                }
                Ok(Step::Ended)
            }
            XmlEvent::Text(text) => self.append(&text.xml_content(XmlVersion::Implicit1_0)),
            XmlEvent::CData(text) => self.append(&text.xml_content(XmlVersion::Implicit1_0)),
            XmlEvent::GeneralRef(reference) => match resolve(&reference) {
                Some(c) => self.append(c.encode_utf8(&mut [0; 4])),
                None => {
                    let name = reference.to_string();
                    Err(self.syntax(format!("expected no entity but those of xml, found `&{name};`")))
                }
            },
            XmlEvent::DocType(_) => Err(self.syntax("expected no DOCTYPE; entities are not expanded")),
            XmlEvent::Eof if self.open.is_empty() && self.seen_root => Ok(Step::Finished),
            XmlEvent::Eof => {
                let name = self.open.last().map_or("root", |(name, _)| name);
                Err(self.syntax(format!("expected the end of element `{name}`; the file is cut short")))
            }
            XmlEvent::Empty(_) | XmlEvent::Comment(_) | XmlEvent::Decl(_) | XmlEvent::PI(_) => Ok(Step::Inside),
        }
    }

    fn start(&mut self, tag: &BytesStart<'_>) -> Result<Step, Error> {
        let name = tag.local_name().as_ref().to_owned();
        if self.attributes.is_some() {
            let read = self.read_attributes(tag, &name)?;
            self.note_attributes(&name, &read);
            self.attributes = Some(read);
        }
        if self.open.len() == MAX_DEPTH {
            return Err(self.syntax(format!("expected at most {MAX_DEPTH} nested elements")));
        }
        if self.seen_root && self.open.is_empty() {
            return Err(self.syntax(format!("expected the end of the file, found the element `{name}`")));
        }
        let is_inline = self.seen_root && self.is_inline(&name);
        self.seen_root = true;
        self.open.push((name, String::new()));
        Ok(if is_inline { Step::Inside } else { Step::Started })
    }

    fn is_inline(&self, name: &str) -> bool {
        self.inline.0.contains(&name) || self.inline.1.contains(&name)
    }

    fn note_attributes(&mut self, element: &str, attributes: &[(String, String)]) {
        let known = self.seen_attributes.get(element);
        if attributes.iter().all(|(key, value)| value.is_empty() || known.is_some_and(|k| k.contains(key))) {
            return;
        }
        let known = self.seen_attributes.entry(element.to_owned()).or_default();
        known.extend(attributes.iter().filter(|(_, value)| !value.is_empty()).map(|(key, _)| key.clone()));
    }

    /// Names and values; only the five entities of XML resolve in them.
    fn read_attributes(&self, tag: &BytesStart<'_>, element: &str) -> Result<Vec<(String, String)>, Error> {
        let malformed = |cause: &dyn std::fmt::Display| {
            self.syntax(format!("expected well-formed attributes of `{element}`: {cause}"))
        };
        // What declares a namespace is no attribute.
        let is_attribute =
            |a: &Result<Attribute<'_>, AttrError>| a.as_ref().map_or(true, |a| a.key.as_namespace_binding().is_none());
        let read = tag.attributes().filter(is_attribute).map(|attribute| {
            let attribute = attribute.map_err(|e| malformed(&e))?;
            let value = attribute.normalized_value(XmlVersion::Implicit1_0).map_err(|e| malformed(&e))?;
            Ok((attribute.key.local_name().as_ref().to_owned(), value.into_owned()))
        });
        read.collect()
    }

    fn append(&mut self, text: &str) -> Result<Step, Error> {
        let Some((_, whole)) = self.open.last_mut() else {
            return if text.trim().is_empty() {
                Ok(Step::Inside)
            } else {
                Err(self.syntax("expected no text outside the root element"))
            };
        };
        if whole.len() + text.len() > MAX_TEXT {
            return Err(self.syntax(format!("expected at most {MAX_TEXT} bytes of text in an element")));
        }
        whole.push_str(text);
        Ok(Step::Inside)
    }
}

/// The character of one of the five entities, or of a number.
fn resolve(reference: &BytesRef<'_>) -> Option<char> {
    match &**reference {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => reference.resolve_char_ref().ok().flatten(),
    }
}

fn explain(file: &str, line: u64, cause: quick_xml::Error) -> Error {
    let syntax = |problem: String| Error::Syntax { file: file.into(), line, column: None, problem };
    match cause {
        quick_xml::Error::Io(cause) => {
            if cause.get_ref().is_some_and(|inner| inner.is::<TooLong>()) {
                return syntax(format!("expected at most {MAX_TEXT} bytes in a text or tag"));
            }
            match std::sync::Arc::try_unwrap(cause) {
                Ok(cause) => from_io(file, cause),
                Err(shared) => from_io(file, io::Error::new(shared.kind(), shared.to_string())),
            }
        }
        quick_xml::Error::Encoding(_) => Error::Encoding { file: file.into(), line, place: "the xml".into() },
        other => syntax(format!("expected well-formed xml: {other}")),
    }
}

#[derive(Debug, thiserror::Error)]
#[error("text too long")]
struct TooLong;

/// Counts lines as they are consumed, and bytes between two events.
struct BoundedLines<'a> {
    inner: &'a mut dyn BufRead,
    lines: Rc<Cell<u64>>,
    budget: Rc<Cell<usize>>,
    bad_line: Rc<Cell<u64>>,
    /// The first bytes of a character that the last piece cut.
    cut: Vec<u8>,
}

impl BoundedLines<'_> {
    /// Notes the line of the first byte that is not UTF-8, `line` being that of the first byte of `bytes`.
    fn check(cut: &mut Vec<u8>, bad_line: &Cell<u64>, bytes: &[u8], line: u64) {
        if bad_line.get() > 0 || (cut.is_empty() && bytes.is_ascii()) {
            return;
        }
        cut.extend_from_slice(bytes);
        match std::str::from_utf8(cut) {
            Ok(_) => cut.clear(),
            Err(e) if e.error_len().is_none() => drop(cut.drain(..e.valid_up_to())),
            Err(e) => {
                let ends = cut[..e.valid_up_to()].iter().filter(|&&b| b == b'\n').count();
                bad_line.set(line + ends as u64);
                cut.clear();
            }
        }
    }
}

impl Read for BoundedLines<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let have = self.fill_buf()?;
        let count = have.len().min(out.len());
        out[..count].copy_from_slice(&have[..count]);
        self.consume(count);
        Ok(count)
    }
}

impl BufRead for BoundedLines<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.budget.get() == 0 {
            return Err(io::Error::other(TooLong));
        }
        self.inner.fill_buf()
    }

    fn consume(&mut self, amount: usize) {
        // What is consumed was seen by `fill_buf` just before; asking again costs nothing and reads nothing.
        if let Ok(bytes) = self.inner.fill_buf() {
            let bytes = &bytes[..amount.min(bytes.len())];
            Self::check(&mut self.cut, &self.bad_line, bytes, self.lines.get());
            let ends = bytes.iter().filter(|&&b| b == b'\n').count();
            self.lines.set(self.lines.get() + ends as u64);
            self.budget.set(self.budget.get().saturating_sub(amount));
        }
        self.inner.consume(amount);
    }
}
