//! Numbers and flags as bytes, little end first.

use super::{Binary, BytesIn, BytesOut, Malformed};

macro_rules! number {
    ($($type:ty),*) => {$(
        impl Binary for $type {
            fn write_to(&self, out: &mut BytesOut<'_>) {
                out.put(&self.to_le_bytes());
            }

            fn read_from(bytes: &mut BytesIn<'_>) -> Result<Self, Malformed> {
                const EXPECTED: Malformed = Malformed { expected: "a number" };
                let (taken, rest) = bytes.0.split_first_chunk().ok_or(EXPECTED)?;
                bytes.0 = rest;
                Ok(Self::from_le_bytes(*taken))
            }

            /// At the pace of copying: series of numbers are most of what is kept.
            fn read_all(count: usize, bytes: &mut BytesIn<'_>) -> Result<Vec<Self>, Malformed> {
                const EXPECTED: Malformed = Malformed { expected: "fewer numbers" };
                let taken = bytes.take(count.checked_mul(size_of::<Self>()).ok_or(EXPECTED)?)?;
                let (numbers, _) = taken.as_chunks();
                Ok(numbers.iter().map(|number| Self::from_le_bytes(*number)).collect())
            }
        }
    )*};
}

number!(u8, u16, u32, u64, i8, i16, i32, i64);

/// As 64 bits, whatever the machine has.
impl Binary for usize {
    fn write_to(&self, out: &mut BytesOut<'_>) {
        (*self as u64).write_to(out);
    }

    fn read_from(bytes: &mut BytesIn<'_>) -> Result<Self, Malformed> {
        Self::try_from(u64::read_from(bytes)?).map_err(|_| Malformed { expected: "a smaller number" })
    }
}

impl Binary for bool {
    fn write_to(&self, out: &mut BytesOut<'_>) {
        out.put(&[u8::from(*self)]);
    }

    fn read_from(bytes: &mut BytesIn<'_>) -> Result<Self, Malformed> {
        match u8::read_from(bytes)? {
            0 => Ok(false),
            1 => Ok(true),
            _ => Err(Malformed { expected: "a flag" }),
        }
    }
}
