//! Statements of host code that say nothing about launches.
//!
//! ```text
//! cudaMemcpy(d_x, x, bytes, cudaMemcpyHostToDevice);     left out
//! printf("%d\n", n);                                     left out
//! run<float>(x);   f([=] { .. });   launcher.go(x);      read: they may launch
//! ```
//!
//! Host code is read for what it launches, so a call whose value nobody takes is read only if it names something that may lead to a
//! launch. What it calls is read by itself where it is a plain function.

use super::Classifier;
use crate::split::{RawItem, Tokens};
use crate::token::Kind;
use crate::unit::{ItemKind, Origin};
use ast::{Kw, Symbol, Tok};
use rustc_hash::FxHashSet;

/// The program's names that a call may lead to a launch by: all but those of plain functions.
pub fn telling_names(items: &[RawItem], origins: &[Origin]) -> FxHashSet<Symbol> {
    let own = items.iter().zip(origins).filter(|(_, origin)| **origin != Origin::Builtin).map(|(item, _)| item);
    let telling = own.filter(|item| !is_plain_function(item));
    telling.flat_map(|item| item.names.iter().chain(&item.values).chain(&item.qualifiers)).copied().collect()
}

fn is_plain_function(item: &RawItem) -> bool {
    matches!(item.kind, ItemKind::Function | ItemKind::Prototype) && !item.flags.template && item.qualifiers.is_empty()
}

/// Is it a function outside of classes whose value no constant needs?
pub fn has_dull_statements(tokens: Tokens<'_>, item: &RawItem) -> bool {
    let mut head = item.lo..item.params.unwrap_or(item.hi);
    let is_constant = head.any(|at| matches!(tokens.keyword(at), Some(Kw::Constexpr | Kw::Consteval)));
    item.kind == ItemKind::Function && item.qualifiers.is_empty() && !is_constant
}

impl Classifier<'_> {
    /// Leaves out `f(..);`, but for its `;`, if it says nothing. Local names and members may be function objects that launch.
    pub(super) fn skip_dull_call(&mut self, end: usize) -> bool {
        let Some(semi) = self.dull_call(end) else { return false };
        self.i = semi;
        self.take(Tok::Semi);
        true
    }

    fn dull_call(&self, end: usize) -> Option<usize> {
        let telling = self.telling.filter(|_| self.classes.is_empty())?;
        let name = self.name_at(self.i).filter(|name| !self.scope.contains_key(name))?;
        let open = self.i + 1;
        let close = self.t.mate(open).filter(|_| self.is_at(open, Kind::LParen))?;
        let semi = Some(close + 1).filter(|&semi| semi < end && self.is_at(semi, Kind::Semi))?;
        let is_telling = |at: usize| match self.t.list[at].kind {
            Kind::LBrace | Kind::Dot | Kind::Arrow | Kind::LaunchL => true,
            _ => self.t.list[at].text.is_some_and(|word| telling.contains(&word)),
        };
        (!telling.contains(&name) && !(open..close).any(is_telling)).then_some(semi)
    }
}
