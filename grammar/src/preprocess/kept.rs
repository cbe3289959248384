//! Shipped headers that are [kept](crate::shipped): how they are recorded, and how a unit includes one.

use super::{Preprocessor, words};
use crate::options::{Headers, Options};
use crate::prelude::Prelude;
use crate::shipped::{Piece, Shipped, Step};
use crate::token::{Kind, Token};
use ast::Symbol;
use rustc_hash::FxHashSet;
use source::{SourceMap, Span};
use std::ops::Range;
use std::sync::Arc;

/// What a header that is being read does, and which words it depends on.
#[derive(Default)]
pub(super) struct Recording {
    /// The headers that are being read, the innermost last.
    open: Vec<u32>,
    steps: Vec<Step>,
    pub words: FxHashSet<Symbol>,
}

/// A header behind the preprocessor.
pub(crate) struct ReadHeader {
    pub tokens: Vec<Token>,
    pub pieces: Vec<Piece>,
    /// Includes stand in front of tokens.
    pub steps: Vec<Step>,
    pub words: FxHashSet<Symbol>,
    pub once: bool,
    pub guard: Option<Symbol>,
    pub made: usize,
}

/// Reads a header on its own behind the prelude. `open`: those that are being read, this one included. `None` if it has errors or
/// if what it says depends on what was read before.
pub(crate) fn preprocess_header(
    name: &str,
    text: &'static str,
    options: &Options,
    headers: &dyn Headers,
    map: &mut SourceMap,
    prelude: &Prelude,
    open: Vec<u32>,
) -> Option<ReadHeader> {
    let mut pp = Preprocessor::new(options, headers, map);
    pp.state = prelude.state.clone();
    pp.prelude = Some(prelude);
    pp.recording = Some(Recording { open, ..Recording::default() });
    let name = format!("<{name}>");
    pp.enter_shipped(&name, text, Span::NONE);
    if !pp.out.diagnostics.is_empty() || pp.exhausted || pp.state.counter != prelude.state.counter {
        return None;
    }
    let (once, guard) = (pp.state.once.contains(&name), pp.state.guards.get(&name).copied());
    // What else may be included once only must be kept too: the header says less where it was there before.
    let mut included: Vec<&Arc<Shipped>> = pp.out.pieces.iter().map(|piece| &piece.header).collect();
    included.sort_by_key(|header| header.number);
    included.dedup_by_key(|header| header.number);
    let with_once = included.iter().filter(|header| header.once).count() + usize::from(once);
    let with_guard = included.iter().filter(|header| header.guard.is_some()).count() + usize::from(guard.is_some());
    let is_alone = pp.state.once.len() == prelude.state.once.len() + with_once
        && pp.state.guards.len() == prelude.state.guards.len() + with_guard;
    if !is_alone {
        return None;
    }
    let Recording { steps, words: mut mentioned, .. } = pp.recording?;
    mentioned.extend(words(&pp.out.tokens));
    Some(ReadHeader {
        tokens: pp.out.tokens,
        pieces: pp.out.pieces,
        steps,
        words: mentioned,
        once,
        guard,
        made: pp.state.made - prelude.state.made,
    })
}

impl Preprocessor<'_> {
    /// Notes what a header does, if one is being recorded.
    pub(super) fn record(&mut self, step: impl FnOnce() -> Step) {
        if let Some(recording) = &mut self.recording {
            recording.steps.push(step());
        }
    }

    /// The kept header, if what it declares can stand here as it was kept.
    pub(super) fn kept_header(&mut self, name: &str) -> Option<Arc<Shipped>> {
        let prelude = self.prelude.filter(|_| self.is_between_declarations())?;
        let open = self.recording.as_ref().map_or(&[][..], |recording| &recording.open);
        let header = prelude.shelf.header(name, prelude, self.options, self.headers, open)?;
        let is_new = !self.out.pieces.iter().any(|piece| Arc::ptr_eq(&piece.header, &header));
        (is_new && header.fits(&self.state)).then_some(header)
    }

    pub(super) fn include_kept(&mut self, header: &Arc<Shipped>) {
        let at = self.out.tokens.len();
        self.record(|| Step::Include(header.clone(), at));
        self.replay(header, at);
    }

    fn replay(&mut self, header: &Arc<Shipped>, at: usize) {
        self.map.join(header.map().clone());
        if header.once {
            self.state.once.insert(header.name.clone());
        }
        if let Some(guard) = header.guard {
            self.state.guards.insert(header.name.clone(), guard);
        }
        let mut done = 0;
        for step in &header.steps {
            match step {
                Step::Define(name, definition) => self.state.macros.define(*name, definition.clone(), Some(header.number)),
                Step::Undefine(name) => self.state.macros.undefine(*name, Some(header.number)),
                Step::Use { definition, place } => self.state.macros.add_use(*definition, *place),
                Step::Include(inner, item) => {
                    self.add_piece(at, header, done..*item);
                    done = *item;
                    if !self.state.is_skipped(&inner.name) {
                        self.replay(inner, at);
                    }
                }
            }
        }
        self.add_piece(at, header, done..header.declarations.items().len());
        self.state.made += header.made;
    }

    fn add_piece(&mut self, at: usize, header: &Arc<Shipped>, items: Range<usize>) {
        self.out.pieces.push(Piece { at, header: header.clone(), items });
    }

    /// No bracket is open and no declaration has begun. Inside of a macro's arguments nobody can tell.
    fn is_between_declarations(&mut self) -> bool {
        let (seen, mut open) = self.scope;
        if self.uses > 0 {
            return false;
        }
        for token in &self.out.tokens[seen..] {
            match token.kind {
                Kind::LParen | Kind::LBracket | Kind::LBrace => open += 1,
                Kind::RParen | Kind::RBracket | Kind::RBrace => open -= 1,
                _ => {}
            }
        }
        self.scope = (self.out.tokens.len(), open);
        open == 0 && self.out.tokens.last().is_none_or(|token| matches!(token.kind, Kind::Semi | Kind::RBrace))
    }

    /// What comes next stands in front of all that was read; gives what kept headers have put there.
    pub(super) fn start_anew(&mut self) -> Vec<Piece> {
        self.scope = (0, 0);
        std::mem::take(&mut self.out.pieces)
    }
}
