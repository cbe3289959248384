//! Headers that belong to the prelude but are needed by few programs: read afterwards, if the program said one of their words, and put
//! between the prelude and the program.
//!
//! So the hundreds of functions that CUDA declares without an include cost nothing where they are not used. The words are looked for behind
//! macros, in the program and in all that it includes; a part includes what it needs of other parts.

use super::Preprocessor;
use super::macros::Definitions;
use crate::shipped::Piece;
use crate::token::Kind;
use rustc_hash::FxHashSet;
use source::Span;

/// The state at the end of the prelude.
pub(super) struct Prelude {
    pub tokens: usize,
    /// `None`: those of the kept prelude.
    pub macros: Option<Definitions>,
}

impl Preprocessor<'_> {
    /// The program's macros do not reach into the parts, as they would not if the prelude had them.
    pub(super) fn add_parts(&mut self, prelude: Prelude) {
        let wanted = self.wanted_parts(prelude.tokens);
        if wanted.is_empty() {
            return;
        }
        let macros = prelude.macros.or_else(|| self.prelude.map(|kept| kept.state.definitions()));
        self.state.macros.set_definitions(macros.unwrap_or_default());
        let program = self.out.tokens.split_off(prelude.tokens);
        let pieces = self.start_anew();
        for name in wanted {
            let shown = format!("<{name}>");
            let Some(text) = self.headers.header(name).filter(|_| !self.state.is_skipped(&shown)) else { continue };
            match self.kept_header(name) {
                Some(header) => self.include_kept(&header),
                None => self.enter_shipped(&shown, text, Span::NONE),
            }
        }
        let before = self.out.tokens.len() - prelude.tokens;
        self.out.pieces.extend(pieces.into_iter().map(|piece| Piece { at: piece.at + before, ..piece }));
        self.out.tokens.extend(program);
    }

    /// In the order in which they are named first.
    fn wanted_parts(&self, from: usize) -> Vec<&'static str> {
        let mut seen = FxHashSet::default();
        let mut wanted = Vec::new();
        let mut add = |part| {
            if !wanted.contains(&part) {
                wanted.push(part);
            }
        };
        let mut pieces = self.out.pieces.iter().peekable();
        for (at, token) in self.out.tokens.iter().enumerate().skip(from) {
            while let Some(piece) = pieces.next_if(|piece| piece.at <= at) {
                piece.parts().for_each(&mut add);
            }
            let may_ask = |word| self.prelude.is_none_or(|prelude| prelude.shelf.asks_for_part(word));
            if let Some(word) = token.text.filter(|&word| may_ask(word) && token.kind == Kind::Ident && seen.insert(word)) {
                self.headers.parts(word.as_str()).iter().copied().for_each(&mut add);
            }
        }
        pieces.flat_map(Piece::parts).for_each(add);
        wanted
    }
}
