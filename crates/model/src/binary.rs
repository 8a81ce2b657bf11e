//! Data as bytes and back: what is made of the lists once can be kept and read back, faster than it was made.
//!
//! Numbers are little end first, texts and series begin with their length, choices are one byte. Nothing says what stands
//! where: whoever reads knows what was written, by the same build of the program, and has checked that the bytes are those that
//! were written. What does not fit all the same is [`Malformed`], never a panic of this module and never memory without end.

mod list;
mod number;

pub use list::{read_entries, write_entries};

use jiff::Timestamp;
use jiff::civil::Date;
use std::io;
use std::sync::Arc;

/// Bytes that are collected before they are handed on.
const AT_A_TIME: usize = 1 << 16;

/// The bytes are not what was to be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected {expected} where other bytes stand")]
pub struct Malformed {
    /// What should have stood there.
    pub expected: &'static str,
}

impl From<Malformed> for io::Error {
    fn from(malformed: Malformed) -> Self {
        Self::new(io::ErrorKind::InvalidData, malformed)
    }
}

/// What has a form in bytes.
pub trait Binary: Sized {
    /// Writes it.
    fn write_to(&self, out: &mut BytesOut<'_>);

    /// Reads what [`Binary::write_to`] wrote.
    ///
    /// # Errors
    /// [`Malformed`], where the bytes are something else.
    fn read_from(bytes: &mut BytesIn<'_>) -> Result<Self, Malformed>;

    /// Writes several, without their number.
    fn write_all(all: &[Self], out: &mut BytesOut<'_>) {
        all.iter().for_each(|one| one.write_to(out));
    }

    /// Reads so many.
    ///
    /// # Errors
    /// [`Malformed`], where the bytes are something else.
    fn read_all(count: usize, bytes: &mut BytesIn<'_>) -> Result<Vec<Self>, Malformed> {
        // Each has a byte at least, whatever the number says.
        let mut all = Vec::with_capacity(count.min(bytes.0.len()));
        for _ in 0..count {
            all.push(Self::read_from(bytes)?);
        }
        Ok(all)
    }
}

/// Where bytes are written; a fault of the target is told at the end.
pub struct BytesOut<'t> {
    target: &'t mut dyn io::Write,
    collected: Vec<u8>,
    fault: Option<io::Error>,
}

impl std::fmt::Debug for BytesOut<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("BytesOut").field("collected", &self.collected.len()).field("fault", &self.fault).finish()
    }
}

impl<'t> BytesOut<'t> {
    /// Writes to this.
    pub fn new(target: &'t mut dyn io::Write) -> Self {
        Self { target, collected: Vec::with_capacity(AT_A_TIME), fault: None }
    }

    /// Writes bytes as they are.
    pub fn put(&mut self, bytes: &[u8]) {
        self.collected.extend_from_slice(bytes);
        if self.collected.len() >= AT_A_TIME {
            self.hand_on();
        }
    }

    fn hand_on(&mut self) {
        if self.fault.is_none() {
            self.fault = self.target.write_all(&self.collected).err();
        }
        self.collected.clear();
    }

    /// Hands on what is collected; the first fault of the target.
    ///
    /// # Errors
    /// What the target said.
    pub fn finish(mut self) -> io::Result<()> {
        self.hand_on();
        self.fault.map_or(Ok(()), Err)
    }
}

/// Bytes that are left to read.
#[derive(Debug)]
pub struct BytesIn<'b>(&'b [u8]);

impl<'b> BytesIn<'b> {
    /// Reads these.
    pub fn new(bytes: &'b [u8]) -> Self {
        Self(bytes)
    }

    /// The next so many bytes.
    ///
    /// # Errors
    /// When there are fewer.
    pub fn take(&mut self, count: usize) -> Result<&'b [u8], Malformed> {
        let (taken, rest) = self.0.split_at_checked(count).ok_or(Malformed { expected: "more bytes" })?;
        self.0 = rest;
        Ok(taken)
    }

    /// That nothing is left.
    ///
    /// # Errors
    /// When something is.
    pub fn end(&self) -> Result<(), Malformed> {
        if self.0.is_empty() { Ok(()) } else { Err(Malformed { expected: "the end" }) }
    }
}

/// Reads one thing that is all of the bytes.
///
/// # Errors
/// When they are something else, or more.
pub fn whole<T: Binary>(bytes: &[u8]) -> Result<T, Malformed> {
    let mut bytes = BytesIn::new(bytes);
    let read = T::read_from(&mut bytes)?;
    bytes.end()?;
    Ok(read)
}

/// Gives a type with these fields its form in bytes; one that is left out does not compile. Fields of a choice that has no form
/// of its own stand behind the others, each with all that it can be.
#[macro_export]
macro_rules! binary_fields {
    ($type:ty { $($field:tt),* $(,)? } $(choices { $($choice:ident: $all:expr),* $(,)? })?) => {
        impl $crate::binary::Binary for $type {
            fn write_to(&self, out: &mut $crate::binary::BytesOut<'_>) {
                let Self { $($field: _,)* $($($choice: _),*)? } = self;
                $($crate::binary::Binary::write_to(&self.$field, out);)*
                $($($crate::binary::write_choice(&$all, &self.$choice, out);)*)?
            }

            fn read_from(bytes: &mut $crate::binary::BytesIn<'_>) -> Result<Self, $crate::binary::Malformed> {
                Ok(Self {
                    $($field: $crate::binary::Binary::read_from(bytes)?,)*
                    $($($choice: $crate::binary::read_choice(&$all, bytes)?),*)?
                })
            }
        }
    };
}

/// Gives a choice of these its form in bytes, at most 256 without data; one that is left out does not compile.
#[macro_export]
macro_rules! binary_choice {
    ($type:ident { $($variant:ident),* $(,)? }) => {
        impl $crate::binary::Binary for $type {
            fn write_to(&self, out: &mut $crate::binary::BytesOut<'_>) {
                match self { $(Self::$variant)|* => {} }
                $crate::binary::write_choice(&[$(Self::$variant),*], self, out);
            }

            fn read_from(bytes: &mut $crate::binary::BytesIn<'_>) -> Result<Self, $crate::binary::Malformed> {
                $crate::binary::read_choice(&[$(Self::$variant),*], bytes)
            }
        }
    };
}

/// Writes the place of a choice among all.
///
/// # Panics
/// When it is none of them.
pub fn write_choice<T: PartialEq>(all: &[T], chosen: &T, out: &mut BytesOut<'_>) {
    let place = all.iter().position(|one| one == chosen).expect("all choices are among all");
    out.put(&[place as u8]);
}

/// Reads the place of a choice among all.
///
/// # Errors
/// When there are fewer.
pub fn read_choice<T: Copy>(all: &[T], bytes: &mut BytesIn<'_>) -> Result<T, Malformed> {
    let place = u8::read_from(bytes)?;
    all.get(usize::from(place)).copied().ok_or(Malformed { expected: "a choice" })
}

impl<T: Binary> Binary for Vec<T> {
    fn write_to(&self, out: &mut BytesOut<'_>) {
        self.len().write_to(out);
        T::write_all(self, out);
    }

    fn read_from(bytes: &mut BytesIn<'_>) -> Result<Self, Malformed> {
        let count = usize::read_from(bytes)?;
        T::read_all(count, bytes)
    }
}

impl<T: Binary> Binary for Box<[T]> {
    fn write_to(&self, out: &mut BytesOut<'_>) {
        self.len().write_to(out);
        T::write_all(self, out);
    }

    fn read_from(bytes: &mut BytesIn<'_>) -> Result<Self, Malformed> {
        Vec::read_from(bytes).map(Vec::into_boxed_slice)
    }
}

impl<T: Binary> Binary for Option<T> {
    fn write_to(&self, out: &mut BytesOut<'_>) {
        self.is_some().write_to(out);
        if let Some(value) = self {
            value.write_to(out);
        }
    }

    fn read_from(bytes: &mut BytesIn<'_>) -> Result<Self, Malformed> {
        Ok(if bool::read_from(bytes)? { Some(T::read_from(bytes)?) } else { None })
    }
}

impl<T: Binary> Binary for Box<T> {
    fn write_to(&self, out: &mut BytesOut<'_>) {
        T::write_to(self, out);
    }

    fn read_from(bytes: &mut BytesIn<'_>) -> Result<Self, Malformed> {
        T::read_from(bytes).map(Self::new)
    }
}

impl<T: Binary + Copy + Default, const N: usize> Binary for [T; N] {
    fn write_to(&self, out: &mut BytesOut<'_>) {
        T::write_all(self, out);
    }

    fn read_from(bytes: &mut BytesIn<'_>) -> Result<Self, Malformed> {
        let mut all = [T::default(); N];
        for one in &mut all {
            *one = T::read_from(bytes)?;
        }
        Ok(all)
    }
}

impl<A: Binary, B: Binary> Binary for (A, B) {
    fn write_to(&self, out: &mut BytesOut<'_>) {
        self.0.write_to(out);
        self.1.write_to(out);
    }

    fn read_from(bytes: &mut BytesIn<'_>) -> Result<Self, Malformed> {
        Ok((A::read_from(bytes)?, B::read_from(bytes)?))
    }
}

impl<A: Binary, B: Binary, C: Binary> Binary for (A, B, C) {
    fn write_to(&self, out: &mut BytesOut<'_>) {
        self.0.write_to(out);
        self.1.write_to(out);
        self.2.write_to(out);
    }

    fn read_from(bytes: &mut BytesIn<'_>) -> Result<Self, Malformed> {
        Ok((A::read_from(bytes)?, B::read_from(bytes)?, C::read_from(bytes)?))
    }
}

fn read_str<'b>(bytes: &mut BytesIn<'b>) -> Result<&'b str, Malformed> {
    let count = usize::read_from(bytes)?;
    std::str::from_utf8(bytes.take(count)?).map_err(|_| Malformed { expected: "UTF-8" })
}

macro_rules! text {
    ($($type:ty),*) => {$(
        impl Binary for $type {
            fn write_to(&self, out: &mut BytesOut<'_>) {
                self.len().write_to(out);
                out.put(self.as_bytes());
            }

            fn read_from(bytes: &mut BytesIn<'_>) -> Result<Self, Malformed> {
                read_str(bytes).map(Self::from)
            }
        }
    )*};
}

text!(String, Box<str>, Arc<str>);

impl Binary for Date {
    fn write_to(&self, out: &mut BytesOut<'_>) {
        (self.year(), self.month(), self.day()).write_to(out);
    }

    fn read_from(bytes: &mut BytesIn<'_>) -> Result<Self, Malformed> {
        let (year, month, day) = Binary::read_from(bytes)?;
        Self::new(year, month, day).map_err(|_| Malformed { expected: "a date" })
    }
}

impl Binary for Timestamp {
    fn write_to(&self, out: &mut BytesOut<'_>) {
        (self.as_second(), self.subsec_nanosecond()).write_to(out);
    }

    fn read_from(bytes: &mut BytesIn<'_>) -> Result<Self, Malformed> {
        let (second, nanosecond) = Binary::read_from(bytes)?;
        Self::new(second, nanosecond).map_err(|_| Malformed { expected: "a time" })
    }
}

#[cfg(test)]
mod tests;
