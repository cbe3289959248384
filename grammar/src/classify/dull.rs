//! Statements of host code that say nothing about launches.
//!
//! ```text
//! cudaMemcpy(d_x, x, bytes, cudaMemcpyHostToDevice);                left out
//! for (int i = 0; i < n; i++) { x[i] = i; }                         left out
//! if (cudaMalloc(&p, bytes) != cudaSuccess) { return 1; }           left out
//! run<float>(x);   f([=] { .. });   launcher.go(x);   int n = 3;    read: they may launch, or a launch may depend on them
//! ```
//!
//! Host code is read for what it launches, so a statement whose value nobody takes is read only if it names something that may lead to
//! a launch. What it calls is read by itself where it is a plain function.

use super::Classifier;
use crate::split::{RawItem, Tokens};
use crate::token::Kind;
use crate::unit::{ItemKind, Origin};
use ast::{Kw, Symbol, Tok};
use rustc_hash::FxHashSet;

/// The program's names that a call may lead to a launch by: all but those of plain functions and of enums.
pub fn telling_names(items: &[RawItem], origins: &[Origin]) -> FxHashSet<Symbol> {
    let own = items.iter().zip(origins).filter(|(_, origin)| **origin != Origin::Builtin).map(|(item, _)| item);
    let telling = own.filter(|item| item.kind != ItemKind::Enum && !is_plain_function(item));
    telling.flat_map(|item| item.names.iter().chain(&item.values).chain(&item.qualifiers)).copied().collect()
}

fn is_plain_function(item: &RawItem) -> bool {
    matches!(item.kind, ItemKind::Function | ItemKind::Prototype) && !item.flags.template && item.qualifiers.is_empty()
}

/// Is it a function outside of classes whose value no constant needs, and whose result no `return` tells?
pub fn has_dull_statements(tokens: Tokens<'_>, item: &RawItem) -> bool {
    let mut head = item.lo..item.params.unwrap_or(item.hi);
    let asks_for_body = head.any(|at| matches!(tokens.keyword(at), Some(Kw::Constexpr | Kw::Consteval | Kw::Auto)));
    item.kind == ItemKind::Function && item.qualifiers.is_empty() && !asks_for_body
}

/// Longer statements are read part by part: whoever looks ahead from each level of a deep nest must not look far.
const MAX_LENGTH: usize = 1000;

impl Classifier<'_> {
    /// Leaves out a statement with others in it, but for a `;`, if it says nothing.
    pub(super) fn skip_dull_block(&mut self, end: usize) -> bool {
        if self.telling.is_none() {
            return false;
        }
        let stop = self.block_end(end);
        stop.is_some_and(|stop| self.skip_dull(stop))
    }

    /// Leaves out an expression up to its `;` at `semi`, if it says nothing.
    pub(super) fn skip_dull_expression(&mut self, semi: usize) -> bool {
        self.telling.is_some() && self.skip_dull(semi + 1)
    }

    /// What ends before `stop` with a `;` or a `}`, which stands for all of it.
    fn skip_dull(&mut self, stop: usize) -> bool {
        if !self.classes.is_empty() || stop - self.i > MAX_LENGTH || (self.i..stop).any(|at| self.is_telling(at)) {
            return false;
        }
        self.i = stop - 1;
        self.take(Tok::Semi);
        true
    }

    /// Names that may lead to a launch, and calls of what is declared here or is a member: function objects may launch.
    fn is_telling(&self, at: usize) -> bool {
        let token = &self.t.list[at];
        let is_called = |name: usize| self.is_at(name + 1, Kind::LParen);
        match token.kind {
            Kind::LaunchL => true,
            Kind::Dot | Kind::Arrow => is_called(at + 1) || self.is_at(at + 2, Kind::Lt) || self.name_at(at + 1).is_none(),
            _ => token.text.is_some_and(|word| {
                let is_local = || is_called(at) && self.scope.contains_key(&word);
                self.telling.is_some_and(|telling| telling.contains(&word)) || is_local()
            }),
        }
    }

    /// The end of the `{ .. }`, `if`, loop or `switch` at the current place, with what hangs on it.
    fn block_end(&self, end: usize) -> Option<usize> {
        let (mut at, mut ifs) = (self.i, 0usize);
        loop {
            match self.kw(at) {
                Some(Kw::If) => {
                    ifs += 1;
                    at += 1 + usize::from(self.kw(at + 1) == Some(Kw::Constexpr));
                    at = self.behind_head(at)?;
                    continue;
                }
                Some(Kw::For | Kw::While | Kw::Switch) => {
                    at = self.behind_head(at + 1)?;
                    continue;
                }
                Some(Kw::Do) if self.is_at(at + 1, Kind::LBrace) => {
                    let body = self.t.mate(at + 1)? + 1;
                    let head = (self.kw(body) == Some(Kw::While)).then_some(body + 1)?;
                    let semi = self.behind_head(head)?;
                    at = self.is_at(semi, Kind::Semi).then_some(semi + 1)?;
                }
                _ if self.is_at(at, Kind::LBrace) => at = self.t.mate(at)? + 1,
                // Labels, `try`, `#pragma`: whatever is rare.
                Some(Kw::Do | Kw::Case | Kw::Default | Kw::Try | Kw::Else) => return None,
                _ => at = self.find_flat(at, end, Kind::Semi)? + 1,
            }
            if at > end || at - self.i > MAX_LENGTH {
                return None;
            }
            if ifs == 0 || self.kw(at) != Some(Kw::Else) {
                return Some(at);
            }
            ifs -= 1;
            at += 1;
        }
    }

    fn behind_head(&self, open: usize) -> Option<usize> {
        self.t.mate(open).filter(|_| self.is_at(open, Kind::LParen)).map(|close| close + 1)
    }
}
