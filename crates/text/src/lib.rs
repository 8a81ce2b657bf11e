//! Text: from the letters that were sent to those that are compared, and back.
//!
//! [`Folded`] holds the folded letters and digits of a field with the blanks squeezed out, its tokens, and for
//! every folded byte the bytes of the original it came from. No other crate folds, and only
//! folded text reaches the matcher. What is folded away is case, width, marks on Latin and Greek letters,
//! invisible characters and punctuation; `й` stays `й`. Three further readings serve as extra keys only: look-alike
//! letters read as Latin, and other scripts romanised: letter by letter, and by their neighbours where a script's letters
//! depend on them (Greek digraphs, the vowels of Arabic, Persian and Hebrew); and disguises taken back (`H u a w e i`,
//! `R0s0b0r0nexport`), where a text shows signs of them.

#![cfg_attr(test, allow(clippy::disallowed_methods, clippy::disallowed_types, reason = "tests may read files"))]

mod beginning;
mod disguise;
mod fold;
mod reading;
mod romanise;
mod table;
mod token;
mod variants;

pub use beginning::beginning;
pub use disguise::may_be_disguised;
pub use fold::Folded;
pub use reading::Reading;
pub use token::{FoldedText, Token};
pub use variants::{is_ideograph, is_syllable_sign, read_as};
