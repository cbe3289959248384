//! Shipped text that a unit includes, looked up as one: the prelude and each of the headers. Programs include the same few sets of headers
//! again and again, so what a set declares is gathered once.

use crate::declarations::Declarations;
use crate::names::NameTable;
use crate::prelude::Prelude;
use crate::reach::{Index, Part};
use crate::shipped::{Piece, Shipped};
use crate::unit::Origin;
use ast::Symbol;
use rustc_hash::FxHashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// What a set of headers declares behind the prelude.
#[derive(Default)]
pub(crate) struct Joined {
    /// All names of the prelude and of the headers.
    pub names: Arc<NameTable>,
    /// Their items, counted through.
    pub index: Index,
}

/// By the headers' numbers, in the order in which they are included.
#[derive(Default)]
pub(crate) struct JoinedSets(Mutex<FxHashMap<Vec<u32>, Arc<Joined>>>);

impl JoinedSets {
    /// A survey of thousands of files may see hundreds of sets; few of them come again much later.
    const KEPT: usize = 32;

    fn get(&self, prelude: &Prelude, headers: &[&Shipped]) -> Arc<Joined> {
        let set: Vec<u32> = headers.iter().map(|header| header.number).collect();
        let kept = || self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = kept().get(&set) {
            return known.clone();
        }
        let joined = Arc::new(Joined::of(prelude, headers));
        let mut kept = kept();
        if kept.len() >= JoinedSets::KEPT {
            kept.clear();
        }
        kept.entry(set).or_insert(joined).clone()
    }
}

impl Joined {
    fn of(prelude: &Prelude, headers: &[&Shipped]) -> Joined {
        let mut names = prelude.declarations.names().clone();
        if !headers.is_empty() {
            let mut table = NameTable::above(names);
            headers.iter().flat_map(|header| header.declarations.items()).for_each(|item| table.add(item, Origin::Builtin));
            names = Arc::new(table);
        }
        let parts = [&prelude.declarations].into_iter().chain(headers.iter().map(|header| &header.declarations));
        let items = parts.flat_map(Declarations::items).map(|item| (item, Origin::Builtin));
        Joined { names, index: Index::new(items) }
    }
}

/// The shipped text of a unit that was not read for it.
pub(crate) struct Kept<'k> {
    /// The prelude, then each header.
    pub declarations: Vec<&'k Declarations>,
    pub joined: Arc<Joined>,
    headers: Vec<&'k Shipped>,
    prelude: &'k Prelude,
}

impl<'k> Kept<'k> {
    pub fn new(prelude: &'k Prelude, pieces: &'k [Piece]) -> Kept<'k> {
        let mut headers: Vec<&Shipped> = Vec::new();
        for piece in pieces {
            if !headers.iter().any(|known| known.number == piece.header.number) {
                headers.push(&piece.header);
            }
        }
        let joined = prelude.shelf.joined.get(prelude, &headers);
        let declarations = [&prelude.declarations].into_iter().chain(headers.iter().map(|header| &header.declarations)).collect();
        Kept { declarations, joined, headers, prelude }
    }

    pub fn parts(&self) -> impl Iterator<Item = Part<'k>> {
        self.declarations.iter().map(|declarations| Part { tokens: declarations.tokens(), items: declarations.items() })
    }

    pub fn part_of(&self, piece: &Piece) -> usize {
        1 + self.headers.iter().position(|header| header.number == piece.header.number).unwrap_or_default()
    }

    /// Whether a name may mean in a part what it did not when the part was read: the unit declares it, or a header that the part does
    /// not include.
    pub fn is_foreign(&self, part: usize, name: Symbol, names: &NameTable) -> bool {
        let Some(header) = part.checked_sub(1).map(|header| self.headers[header]) else {
            return names.has_above(self.prelude.declarations.names(), name);
        };
        let foreign = self.headers.iter().filter(|other| !header.includes(other.number));
        names.has_own(name) || foreign.into_iter().any(|other| other.declarations.names().has_own(name))
    }
}
