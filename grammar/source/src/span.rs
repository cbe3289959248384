//! A [`Span`] is a pair of positions in one address space that all files and macro expansions share.
//!
//! Every file, and every expansion of a macro, owns a range of positions in the [`SourceMap`](crate::SourceMap).
//! A span is therefore eight bytes, and still knows its file and the expansions it came through.

use std::fmt;

/// Half-open range `[lo, hi)` of global positions. `Span::NONE` marks what no source text stands for.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Span {
    pub lo: u32,
    pub hi: u32,
}

impl Span {
    /// Position 0 belongs to no file, so this span is never a real one.
    pub const NONE: Span = Span { lo: 0, hi: 0 };

    pub const fn new(lo: u32, hi: u32) -> Span {
        Span { lo, hi }
    }

    pub const fn is_none(self) -> bool {
        self.lo == 0 && self.hi == 0
    }

    /// The smallest span that covers both. A `NONE` on either side does not count.
    pub fn to(self, other: Span) -> Span {
        if self.is_none() {
            other
        } else if other.is_none() {
            self
        } else {
            Span::new(self.lo.min(other.lo), self.hi.max(other.hi))
        }
    }
}

impl fmt::Debug for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}..{}", self.lo, self.hi)
    }
}

/// A value and the text it came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Spanned<T> {
    pub node: T,
    pub span: Span,
}

impl<T> Spanned<T> {
    pub const fn new(node: T, span: Span) -> Spanned<T> {
        Spanned { node, span }
    }
}
