//! Which items the device can reach: by name, from the kernels. Over-approximates, so that nothing is missing.

use crate::split::{RawItem, Tokens};
use crate::token::Kind;
use crate::unit::{ItemKind, Origin};
use ast::{Kw, Symbol};
use rustc_hash::{FxHashMap, FxHashSet};

/// Items by each name they declare or that stands before `::` in it. The entries of a name are a chain, so that thousands of
/// names cost two allocations.
#[derive(Default)]
pub struct Index {
    first: FxHashMap<Symbol, u32>,
    /// Item, and the next entry of the same name.
    entries: Vec<(u32, u32)>,
}

const END: u32 = u32::MAX;

impl Index {
    pub fn new(items: &[RawItem]) -> Index {
        let mut index = Index::default();
        index.first.reserve(items.len());
        for (at, item) in items.iter().enumerate() {
            for &name in item.names.iter().chain(&item.values).chain(&item.qualifiers) {
                let entry = index.entries.len() as u32;
                let next = index.first.insert(name, entry).unwrap_or(END);
                index.entries.push((at as u32, next));
            }
        }
        index
    }

    /// The items of a name, the last one first.
    fn items(&self, name: Symbol) -> impl Iterator<Item = u32> {
        let mut at = self.first.get(&name).copied().unwrap_or(END);
        std::iter::from_fn(move || {
            let (item, next) = *self.entries.get(at as usize)?;
            at = next;
            Some(item)
        })
    }
}

pub struct Reach<'t> {
    pub tokens: Tokens<'t>,
    pub items: &'t [RawItem],
    pub origins: &'t [Origin],
    pub index: &'t Index,
}

struct Walk {
    reached: Vec<bool>,
    seen: FxHashSet<Symbol>,
    todo: Vec<u32>,
    /// Kinds of operator tokens in what was reached.
    operators: [bool; 128],
}

impl Reach<'_> {
    /// One flag for each item. `named`: token ranges that name kernels and their arguments. `hosts`: host functions with
    /// launches; only types and constants that they name are reached, never what they call.
    pub fn run(&self, named: &[(usize, usize)], hosts: &[usize]) -> Vec<bool> {
        let mut walk = Walk {
            reached: vec![false; self.items.len()],
            seen: FxHashSet::default(),
            todo: Vec::new(),
            operators: [false; 128],
        };
        for at in 0..self.items.len() {
            if self.is_root(at) {
                walk.push(at as u32);
            }
        }
        named.iter().for_each(|&(lo, hi)| self.visit(lo, hi, &mut walk));
        hosts.iter().for_each(|&at| self.visit_types(at, &mut walk));
        let operators = self.operator_items();
        loop {
            while let Some(at) = walk.todo.pop() {
                let item = &self.items[at as usize];
                self.visit(item.lo, item.hi, &mut walk);
            }
            for &at in &operators {
                if !walk.reached[at as usize] && self.operator_is_used(at as usize, &walk) {
                    walk.push(at);
                }
            }
            if walk.todo.is_empty() {
                return walk.reached;
            }
        }
    }

    /// Kernels, and what changes look-up or instantiates without being named.
    fn is_root(&self, at: usize) -> bool {
        let item = &self.items[at];
        match item.kind {
            ItemKind::Using => item.names.is_empty() || self.origins[at] != Origin::Builtin,
            ItemKind::StaticAssert | ItemKind::Other => false,
            _ => item.flags.global,
        }
    }

    fn visit(&self, lo: usize, hi: usize, walk: &mut Walk) {
        let mut before = Kind::Semi;
        for token in &self.tokens.list[lo..hi] {
            match token.text {
                // A member is no item.
                Some(name) if token.kind == Kind::Ident && before != Kind::Dot && before != Kind::Arrow => {
                    if walk.seen.insert(name) {
                        self.index.items(name).for_each(|at| walk.push(at));
                    }
                }
                _ => walk.operators[token.kind as usize & 127] = true,
            }
            before = token.kind;
        }
    }

    fn visit_types(&self, host: usize, walk: &mut Walk) {
        let item = &self.items[host];
        for token in &self.tokens.list[item.lo..item.hi] {
            if let Some(name) = token.text {
                self.index.items(name).filter(|&at| self.is_type_or_constant(at)).for_each(|at| walk.push(at));
            }
        }
    }

    fn is_type_or_constant(&self, at: u32) -> bool {
        let item = &self.items[at as usize];
        match item.kind {
            ItemKind::Class | ItemKind::Enum | ItemKind::Alias => true,
            ItemKind::Variable => {
                let head = (item.lo..item.hi).take_while(|&i| !self.tokens.is(i, Kind::Eq));
                head.filter_map(|i| self.tokens.keyword(i)).any(|kw| matches!(kw, Kw::Const | Kw::Constexpr))
            }
            _ => false,
        }
    }

    /// Operator functions outside classes: nothing names them.
    fn operator_items(&self) -> Vec<u32> {
        let is_operator = |item: &RawItem| item.names.first().is_some_and(|name| name.as_str().starts_with("operator"));
        let all = self.items.iter().enumerate();
        all.filter(|(_, item)| is_operator(item) && item.qualifiers.is_empty()).map(|(at, _)| at as u32).collect()
    }

    /// Its token occurs, and a type of its parameters is known to the device.
    fn operator_is_used(&self, at: usize, walk: &Walk) -> bool {
        let item = &self.items[at];
        let word = (item.lo..item.hi).find(|&i| self.tokens.keyword(i) == Some(Kw::Operator));
        let Some(word) = word else { return false };
        if !self.tokens.kind(word + 1).is_some_and(|kind| walk.operators[kind as usize & 127]) {
            return false;
        }
        if item.flags.template {
            return true;
        }
        let mut open = word + 2;
        while open < item.hi && !self.tokens.is(open, Kind::LParen) {
            open += 1;
        }
        let close = self.tokens.mate(open).unwrap_or(open);
        (open..close).any(|i| self.tokens.name(i).is_some_and(|name| walk.seen.contains(&name)))
    }
}

impl Walk {
    fn push(&mut self, at: u32) {
        if !self.reached[at as usize] {
            self.reached[at as usize] = true;
            self.todo.push(at);
        }
    }
}
