//! Interned names: a [`Symbol`] is `Copy`, compares by address and knows its text without an interner at hand.
//!
//! The table is one for the process and keeps its texts for ever; a program has few distinct names, so this is cheap, and no
//! stage has to hand an interner around. Symbols order by text, so that sorting is the same in every run.

use crate::keyword::Kw;
use rustc_hash::FxHashMap;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

/// An interned name.
#[derive(Clone, Copy)]
pub struct Symbol(&'static Entry);

struct Entry {
    text: &'static str,
    id: u32,
}

impl Symbol {
    pub fn new(text: &str) -> Symbol {
        Interner::lock().intern(text)
    }

    #[inline]
    pub fn as_str(self) -> &'static str {
        self.0.text
    }

    /// Number of the symbol in order of interning. Keywords come first, in the order of [`Kw`].
    #[inline]
    pub fn id(self) -> u32 {
        self.0.id
    }
}

impl PartialEq for Symbol {
    #[inline]
    fn eq(&self, other: &Symbol) -> bool {
        std::ptr::eq(self.0, other.0)
    }
}

impl Eq for Symbol {}

impl PartialEq<str> for Symbol {
    fn eq(&self, other: &str) -> bool {
        self.0.text == other
    }
}

impl PartialEq<&str> for Symbol {
    fn eq(&self, other: &&str) -> bool {
        self.0.text == *other
    }
}

impl Hash for Symbol {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_u32(self.0.id);
    }
}

impl PartialOrd for Symbol {
    fn partial_cmp(&self, other: &Symbol) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Symbol {
    fn cmp(&self, other: &Symbol) -> std::cmp::Ordering {
        self.0.text.cmp(other.0.text)
    }
}

impl fmt::Display for Symbol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.text)
    }
}

impl fmt::Debug for Symbol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.text)
    }
}

impl From<&str> for Symbol {
    fn from(text: &str) -> Symbol {
        Symbol::new(text)
    }
}

struct Table {
    by_text: FxHashMap<&'static str, Symbol>,
}

impl Table {
    fn seeded() -> Mutex<Table> {
        let mut table = Table { by_text: FxHashMap::default() };
        for text in Kw::TEXTS {
            table.intern(text);
        }
        Mutex::new(table)
    }

    fn intern(&mut self, text: &str) -> Symbol {
        if let Some(&symbol) = self.by_text.get(text) {
            return symbol;
        }
        let text: &'static str = Box::leak(text.into());
        let id = u32::try_from(self.by_text.len()).unwrap_or(u32::MAX);
        let symbol = Symbol(Box::leak(Box::new(Entry { text, id })));
        self.by_text.insert(text, symbol);
        symbol
    }
}

/// The table, locked: whoever interns many names at once locks it once.
pub struct Interner(MutexGuard<'static, Table>);

impl Interner {
    pub fn lock() -> Interner {
        static TABLE: OnceLock<Mutex<Table>> = OnceLock::new();
        Interner(TABLE.get_or_init(Table::seeded).lock().unwrap_or_else(PoisonError::into_inner))
    }

    pub fn intern(&mut self, text: &str) -> Symbol {
        self.0.intern(text)
    }
}
