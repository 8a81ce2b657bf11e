//! What a text is cut into while its disguises are taken back.

/// A character and the bytes of the original that it stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Piece {
    pub(super) c: char,
    pub(super) start: u32,
    pub(super) end: u32,
}
