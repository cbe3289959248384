//! Which items the device can reach: by name, from the kernels. Over-approximates, so that nothing is missing.

use crate::split::{RawItem, Tokens};
use crate::token::Kind;
use crate::unit::{ItemKind, Origin};
use ast::{Kw, Symbol};
use rustc_hash::FxHashMap;

/// What these keywords call of the shipped headers.
const CALLED: [(&str, &[&str]); 2] = [("new", &["malloc", "__newArray"]), ("delete", &["free", "__arrayLength"])];

/// Inline PTX names its functions of the shipped headers inside of a string.
const INLINE_PTX: [&str; 3] = ["asm", "__asm__", "__asm"];
const PTX_FUNCTIONS: &str = "__ptx_";

/// Items by each name they declare or that stands before `::` in it. The entries of a name are a chain, so that thousands of
/// names cost two allocations.
#[derive(Default)]
pub struct Index {
    first: FxHashMap<Symbol, u32>,
    /// Item, and the next entry of the same name.
    entries: Vec<(u32, u32)>,
    /// Kernels, and what changes look-up or instantiates without being named.
    roots: Vec<u32>,
    /// Operator functions outside classes: nothing names them.
    operators: Vec<u32>,
}

const END: u32 = u32::MAX;

impl Index {
    pub fn new<'i>(items: impl Iterator<Item = (&'i RawItem, Origin)>) -> Index {
        let mut index = Index::default();
        index.first.reserve(items.size_hint().0);
        for (at, (item, origin)) in items.enumerate() {
            if is_root(item, origin) {
                index.roots.push(at as u32);
            }
            let named_operator = item.names.first().is_some_and(|name| name.as_str().starts_with("operator"));
            if named_operator && item.qualifiers.is_empty() {
                index.operators.push(at as u32);
            }
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

/// The `{` of the lambda or member function whose `__device__` this is: host code may hold both.
fn body_behind(tokens: Tokens<'_>, mut at: usize, end: usize) -> Option<usize> {
    while at < end && !tokens.is(at, Kind::Semi) {
        if tokens.is(at, Kind::LBrace) {
            return Some(at);
        }
        at = tokens.after(at);
    }
    None
}

fn is_root(item: &RawItem, origin: Origin) -> bool {
    match item.kind {
        ItemKind::Using => item.names.is_empty() || origin != Origin::Builtin,
        ItemKind::StaticAssert | ItemKind::Other => false,
        _ => item.flags.global,
    }
}

/// A part of the unit: items, and the tokens that they are made of.
#[derive(Clone, Copy)]
pub struct Part<'t> {
    pub tokens: Tokens<'t>,
    pub items: &'t [RawItem],
}

/// Items count through, from part to part.
pub struct Reach<'t> {
    parts: Vec<Part<'t>>,
    /// Of all parts but the program's own, whose numbers come first.
    shipped: &'t Index,
    /// Of the program's own, counted from its first.
    own: &'t Index,
    /// The number of the first item of each part, and of all items.
    starts: Vec<u32>,
}

struct Walk {
    reached: Vec<bool>,
    seen: Names,
    todo: Vec<u32>,
    /// Kinds of operator tokens in what was reached.
    operators: [bool; 128],
}

impl<'t> Reach<'t> {
    /// `parts`: the program's own comes last.
    pub fn new(parts: Vec<Part<'t>>, shipped: &'t Index, own: &'t Index) -> Reach<'t> {
        let mut starts = vec![0];
        starts.extend(parts.iter().scan(0, |count, part| {
            *count += part.items.len() as u32;
            Some(*count)
        }));
        Reach { parts, shipped, own, starts }
    }

    /// Flags for the items of each part. `named`: token ranges that name kernels and their arguments. `hosts`: host functions with
    /// launches, `read`: those whose text is read too; only types, constants and device functions that they name are reached.
    pub fn run(&self, named: &[(usize, usize)], hosts: &[usize], read: &[usize]) -> Vec<Vec<bool>> {
        let mut walk = Walk {
            reached: vec![false; self.starts[self.parts.len()] as usize],
            seen: Names::default(),
            todo: Vec::new(),
            operators: [false; 128],
        };
        self.all(|index| index.roots.iter().copied()).for_each(|at| walk.push(at));
        named.iter().for_each(|&(lo, hi)| self.visit(self.own(), lo, hi, &mut walk));
        let mut seen = Names::default();
        hosts.iter().chain(read).for_each(|&at| self.visit_types(at, &mut seen, &mut walk));
        loop {
            while let Some(at) = walk.todo.pop() {
                let (part, item) = self.item(at);
                self.visit(part, item.lo, item.hi, &mut walk);
            }
            for at in self.all(|index| index.operators.iter().copied()) {
                if !walk.reached[at as usize] && self.operator_is_used(at, &walk) {
                    walk.push(at);
                }
            }
            if walk.todo.is_empty() {
                let mut flags = walk.reached.into_iter();
                return self.parts.iter().map(|part| flags.by_ref().take(part.items.len()).collect()).collect();
            }
        }
    }

    fn own(&self) -> Part<'t> {
        self.parts[self.parts.len() - 1]
    }

    /// What both indices list.
    fn all<I: Iterator<Item = u32>>(&self, list: impl Fn(&'t Index) -> I) -> impl Iterator<Item = u32> {
        let start = self.starts[self.parts.len() - 1];
        list(self.shipped).chain(list(self.own).map(move |at| start + at))
    }

    fn named(&self, name: Symbol) -> impl Iterator<Item = u32> {
        self.all(move |index| index.items(name))
    }

    fn ptx_functions(&self) -> impl Iterator<Item = u32> {
        let items = self.parts.iter().flat_map(|part| part.items).enumerate();
        let is_ptx = |item: &RawItem| item.names.first().is_some_and(|name| name.as_str().starts_with(PTX_FUNCTIONS));
        items.filter(move |(_, item)| is_ptx(item)).map(|(at, _)| at as u32)
    }

    fn item(&self, at: u32) -> (Part<'t>, &'t RawItem) {
        let part = self.starts.partition_point(|&start| start <= at) - 1;
        (self.parts[part], &self.parts[part].items[(at - self.starts[part]) as usize])
    }

    fn visit(&self, part: Part<'_>, lo: usize, hi: usize, walk: &mut Walk) {
        let mut before = Kind::Semi;
        for token in &part.tokens.list[lo..hi] {
            match token.text {
                // A member is no item.
                Some(name) if token.kind == Kind::Ident && before != Kind::Dot && before != Kind::Arrow => {
                    if walk.seen.insert(name) {
                        let called = CALLED.iter().find(|(word, _)| *word == name.as_str()).map_or(&[][..], |(_, called)| called);
                        self.named(name).for_each(|at| walk.push(at));
                        called.iter().flat_map(|name| self.named(Symbol::new(name))).for_each(|at| walk.push(at));
                        if INLINE_PTX.contains(&name.as_str()) {
                            self.ptx_functions().for_each(|at| walk.push(at));
                        }
                    }
                }
                // `2_km` calls one of the literal operators, which all have one name here.
                Some(text) if token.kind == Kind::Number && text.as_str().contains('_') => {
                    let name = Symbol::new("operator\"\"");
                    if walk.seen.insert(name) {
                        self.named(name).for_each(|at| walk.push(at));
                    }
                }
                _ => walk.operators[token.kind as usize & 127] = true,
            }
            before = token.kind;
        }
    }

    fn visit_types(&self, host: usize, seen: &mut Names, walk: &mut Walk) {
        let Part { tokens, items, .. } = self.own();
        let item = &items[host];
        for at in (item.lo..item.hi).filter(|&at| tokens.keyword(at) == Some(Kw::Device)) {
            if let Some(body) = body_behind(tokens, at, item.hi) {
                self.visit(self.own(), body, tokens.after(body), walk);
            }
        }
        for token in &tokens.list[item.lo..item.hi] {
            if let Some(name) = token.text.filter(|&name| seen.insert(name)) {
                self.named(name).filter(|&at| self.may_be_an_argument(at)).for_each(|at| walk.push(at));
            }
        }
    }

    /// What host code may give to a launch: types, constants, the program's device functions (`launch<square>()`) and what the host's
    /// templates return.
    fn may_be_an_argument(&self, at: u32) -> bool {
        let (Part { tokens, .. }, item) = self.item(at);
        let is_own = at >= self.starts[self.parts.len() - 1];
        match item.kind {
            ItemKind::Function if item.flags.device && is_own => true,
            // `make_unique`, `raw_pointer_cast`: what shipped headers declare for the host.
            ItemKind::Prototype | ItemKind::Function
                if (item.flags.host || !item.flags.device) && !is_own && item.flags.template =>
            {
                true
            }
            ItemKind::Class | ItemKind::Enum | ItemKind::Alias => true,
            ItemKind::Variable => {
                let head = (item.lo..item.hi).take_while(|&i| !tokens.is(i, Kind::Eq));
                head.filter_map(|i| tokens.keyword(i)).any(|kw| matches!(kw, Kw::Const | Kw::Constexpr))
            }
            ItemKind::Function => {
                let head = (item.lo..item.hi).take_while(|&i| !tokens.is(i, Kind::LParen));
                head.filter_map(|i| tokens.keyword(i)).any(|kw| kw == Kw::Constexpr)
            }
            _ => false,
        }
    }

    /// Its token occurs, and a type of its parameters is known to the device.
    fn operator_is_used(&self, at: u32, walk: &Walk) -> bool {
        let (Part { tokens, .. }, item) = self.item(at);
        let word = (item.lo..item.hi).find(|&i| tokens.keyword(i) == Some(Kw::Operator));
        let Some(word) = word else { return false };
        if !tokens.kind(word + 1).is_some_and(|kind| walk.operators[kind as usize & 127]) {
            return false;
        }
        if item.flags.template {
            return true;
        }
        let mut open = word + 2;
        while open < item.hi && !tokens.is(open, Kind::LParen) {
            open += 1;
        }
        let close = tokens.mate(open).unwrap_or(open);
        (open..close).any(|i| tokens.name(i).is_some_and(|name| walk.seen.contains(name)))
    }
}

/// A set of names, by their numbers.
#[derive(Default)]
struct Names(Vec<bool>);

impl Names {
    /// Tells whether the name is new.
    fn insert(&mut self, name: Symbol) -> bool {
        let at = name.id() as usize;
        if self.0.len() <= at {
            self.0.resize((at + 1).next_power_of_two(), false);
        }
        !std::mem::replace(&mut self.0[at], true)
    }

    fn contains(&self, name: Symbol) -> bool {
        self.0.get(name.id() as usize) == Some(&true)
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
