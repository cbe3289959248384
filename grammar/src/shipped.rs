//! Shipped headers that programs include behind the prelude, each read once for the process.
//!
//! A header gives the same declarations to every program that includes it at file scope, as long as no macro of the program has a name
//! that occurs in it. So each has a range of positions and a file number of its own, the same in every unit, and what the stages make
//! of it is kept: its declarations, their trees, and the macros that it defines. What it includes in turn is kept apart from it.
//!
//! ```text
//! #include <cuda_bf16.h>     round_to_odd.h, rounding_functions.h and cuda_bf16.h are taken from the shelf
//! #include <cuda_fp16.h>     the first two are there already; cuda_fp16.h is taken
//! ```
//!
//! What must hold: the unit is what reading the header's text in its place would give, but for positions.

use crate::declarations::Declarations;
use crate::joined::JoinedSets;
use crate::names::NameTable;
use crate::options::{Headers, Options};
use crate::prelude::Prelude;
use crate::preprocess::{Change, Macro, State, preprocess_header};
use crate::token::Kind;
use crate::unit::Origin;
use ast::Symbol;
use rustc_hash::{FxHashMap, FxHashSet};
use source::{SourceMap, Span};
use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError};

/// A header, kept.
pub(crate) struct Shipped {
    /// Its place in [`Headers::all`].
    pub number: u32,
    /// `<cuda_fp16.h>`
    pub name: String,
    pub declarations: Declarations,
    map: Arc<SourceMap>,
    pub steps: Vec<Step>,
    /// Its `#pragma once` or include guard.
    pub once: bool,
    pub guard: Option<Symbol>,
    /// Words whose meaning as macros decides what it says.
    words: FxHashSet<Symbol>,
    /// The numbers of all headers that it includes, itself among them, ascending.
    closure: Vec<u32>,
    /// Parts behind the prelude that its items ask for.
    parts: Vec<(usize, &'static str)>,
    /// Tokens that macros made.
    pub made: usize,
}

/// What a header does to those behind it, in order.
pub(crate) enum Step {
    Define(Symbol, Macro),
    Undefine(Symbol),
    /// The use of a macro that stands for a number, by its definition.
    Use {
        definition: Span,
        place: Span,
    },
    /// Another header, included in front of the item of this number.
    Include(Arc<Shipped>, usize),
}

/// Items of a kept header in a unit, in front of the token at `at`.
#[derive(Clone)]
pub(crate) struct Piece {
    pub at: usize,
    pub header: Arc<Shipped>,
    pub items: Range<usize>,
}

impl Piece {
    /// The parts behind the prelude that it asks for.
    pub(crate) fn parts(&self) -> impl Iterator<Item = &'static str> {
        self.header.parts.iter().filter(|(item, _)| self.items.contains(item)).map(|(_, part)| *part)
    }
}

impl Shipped {
    /// Whether it says here what it said when it was read: no macro that it mentions is another one.
    pub(crate) fn fits(&self, state: &State) -> bool {
        let foreign = |change: &Change| change.header.is_none_or(|header| !self.includes(header));
        // Changes that others have taken back are none, unless one of its own stands between them.
        let counts =
            |name: Symbol| state.is_changed(name) || state.changes().iter().any(|change| change.name == name && !foreign(change));
        let is_other = |change: &Change| self.words.contains(&change.name) && foreign(change) && counts(change.name);
        !state.changes().iter().any(is_other)
            && self.steps.iter().all(|step| match step {
                Step::Include(header, _) => state.is_skipped(&header.name) || header.fits(state),
                Step::Define(..) | Step::Undefine(_) | Step::Use { .. } => true,
            })
    }

    pub(crate) fn includes(&self, header: u32) -> bool {
        self.closure.binary_search(&header).is_ok()
    }

    pub(crate) fn map(&self) -> &Arc<SourceMap> {
        &self.map
    }
}

/// The headers behind one prelude.
#[derive(Default)]
pub(crate) struct Shelf {
    /// First position and first file of each; one more for what comes behind all.
    places: Vec<(u32, u32)>,
    /// By the symbol's number: words that ask for parts behind the prelude.
    part_words: Vec<bool>,
    /// `None` for one that cannot be kept.
    kept: Mutex<FxHashMap<u32, Option<Arc<Shipped>>>>,
    /// What sets of them declare.
    pub(crate) joined: JoinedSets,
}

impl Shelf {
    /// Room for a header with what its macros make, in lengths of its text.
    const ROOM: u32 = 32;
    /// Room for a header with the files that it includes as parts of its own text.
    const FILES: u32 = 16;

    pub(crate) fn behind(map: &SourceMap, headers: &dyn Headers) -> Shelf {
        let (mut start, mut file) = (map.end(), map.file_count() as u32);
        let mut places = Vec::with_capacity(headers.all().len() + 1);
        for (_, text) in headers.all() {
            places.push((start, file));
            start += (text.len() as u32 + 1) * Shelf::ROOM;
            file += Shelf::FILES;
        }
        places.push((start, file));
        let words: Vec<usize> = headers.part_words().into_iter().map(|word| Symbol::new(word).id() as usize).collect();
        let mut part_words = vec![false; words.iter().max().map_or(0, |last| last + 1)];
        words.into_iter().for_each(|word| part_words[word] = true);
        Shelf { places, part_words, ..Shelf::default() }
    }

    /// Whether a word asks for a part behind the prelude.
    pub(crate) fn asks_for_part(&self, word: Symbol) -> bool {
        self.part_words.get(word.id() as usize) == Some(&true)
    }

    /// A map for a unit, whose own positions come behind those of all headers.
    pub(crate) fn map_behind(&self, below: &Arc<SourceMap>) -> SourceMap {
        match self.places.last() {
            Some(&(start, file)) => SourceMap::continuing_from(below.clone(), start, file),
            None => SourceMap::continuing(below.clone()),
        }
    }

    /// A header by its name, read if it was not yet. `open`: those that are being read now.
    pub(crate) fn header(
        &self,
        name: &str,
        prelude: &Prelude,
        options: &Options,
        headers: &dyn Headers,
        open: &[u32],
    ) -> Option<Arc<Shipped>> {
        let number = headers.all().iter().position(|(other, _)| *other == name)? as u32;
        let kept = || self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = kept().get(&number) {
            return known.clone();
        }
        if open.contains(&number) {
            return None;
        }
        let read = self.read(number, prelude, options, headers, open).map(Arc::new);
        kept().entry(number).or_insert(read).clone()
    }

    fn read(&self, number: u32, prelude: &Prelude, options: &Options, headers: &dyn Headers, open: &[u32]) -> Option<Shipped> {
        let (start, file) = self.places[number as usize];
        let (end, end_file) = self.places[number as usize + 1];
        let (name, text) = headers.all()[number as usize];
        let mut map = SourceMap::continuing_from(prelude.map.clone(), start, file);
        // `-D` and `-I` come behind the prelude, and a header is kept for all of them.
        let options = Options { cuda_arch: options.cuda_arch, std: options.std, ..Options::default() };
        let open = [open, &[number]].concat();
        let read = preprocess_header(name, text, &options, headers, &mut map, prelude, open)?;
        if map.end() > end || map.file_count() > end_file as usize {
            return None;
        }
        let mut closure = vec![number];
        let mut names = prelude.declarations.names().clone();
        let mut included = Vec::new();
        for header in read.pieces.iter().map(|piece| &piece.header) {
            if !closure.contains(&header.number) {
                closure.push(header.number);
                included.extend(header.declarations.items());
            }
        }
        closure.sort_unstable();
        if !included.is_empty() {
            let mut table = NameTable::above(names);
            included.iter().for_each(|item| table.add(item, Origin::Builtin));
            names = Arc::new(table);
        }
        let declarations = Declarations::of(read.tokens, |items| {
            let mut table = NameTable::above(names);
            items.iter().for_each(|item| table.add(item, Origin::Builtin));
            table
        })?;
        let steps = in_items(read.steps, &declarations)?;
        let parts = asked_parts(&declarations, headers);
        let name = format!("<{name}>");
        let (once, guard) = (read.once, read.guard);
        // One that may come twice declares anew each time.
        if !once && guard.is_none() {
            return None;
        }
        Some(Shipped {
            number,
            name,
            declarations,
            map: Arc::new(map),
            steps,
            once,
            guard,
            words: read.words,
            closure,
            parts,
            made: read.made,
        })
    }
}

/// Steps whose includes stand in front of items, made of those in front of tokens. `None` if one stands inside of an item.
fn in_items(steps: Vec<Step>, declarations: &Declarations) -> Option<Vec<Step>> {
    let items = declarations.items();
    let placed = |step: Step| match step {
        Step::Include(header, token) => {
            let at = items.partition_point(|item| item.hi <= token);
            let between = items.get(at).is_none_or(|item| token <= item.lo);
            between.then_some(Step::Include(header, at))
        }
        step => Some(step),
    };
    steps.into_iter().map(placed).collect()
}

/// Each part once, by the first item that has one of its words.
fn asked_parts(declarations: &Declarations, headers: &dyn Headers) -> Vec<(usize, &'static str)> {
    let mut asked: Vec<(usize, &'static str)> = Vec::new();
    for (at, item) in declarations.items().iter().enumerate() {
        let tokens = &declarations.tokens().list[item.lo..item.hi];
        let words = tokens.iter().filter(|token| token.is(Kind::Ident)).filter_map(|token| token.text);
        for &part in words.flat_map(|word| headers.parts(word.as_str())) {
            if !asked.iter().any(|(_, known)| *known == part) {
                asked.push((at, part));
            }
        }
    }
    asked
}
