//! Folded text without the way back: its letters and its tokens.

/// A run of letters and digits; positions are bytes of [`FoldedText::squeezed`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

/// Folded letters and their tokens, without the way back to the original text: what a comparison needs.
#[derive(Clone, Copy, Debug)]
pub struct FoldedText<'a> {
    squeezed: &'a str,
    tokens: &'a [Token],
    before_comma: u32,
    lacks_vowels: bool,
}

impl<'a> FoldedText<'a> {
    /// A folded text kept elsewhere. The tokens are those of `squeezed`, in order and without gaps; `before_comma` is
    /// how many of them stand before the first comma, 0 without one; for `lacks_vowels` see [`Folded::lacks_vowels`](crate::Folded::lacks_vowels).
    pub fn new(squeezed: &'a str, tokens: &'a [Token], before_comma: u32, lacks_vowels: bool) -> Self {
        Self { squeezed, tokens, before_comma, lacks_vowels }
    }

    /// The folded letters and digits, blanks squeezed out.
    pub fn squeezed(&self) -> &'a str {
        self.squeezed
    }

    /// The tokens, in order, without gaps.
    pub fn tokens(&self) -> &'a [Token] {
        self.tokens
    }

    /// The letters of a token.
    pub fn text(&self, token: Token) -> &'a str {
        &self.squeezed[token.start as usize..token.end as usize]
    }

    /// See [`Folded::tokens_before_comma`](crate::Folded::tokens_before_comma).
    pub fn tokens_before_comma(&self) -> Option<usize> {
        let count = self.before_comma as usize;
        (count > 0 && count < self.tokens.len()).then_some(count)
    }

    /// See [`Folded::lacks_vowels`](crate::Folded::lacks_vowels).
    pub fn lacks_vowels(&self) -> bool {
        self.lacks_vowels
    }
}
