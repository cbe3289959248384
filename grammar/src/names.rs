//! What the names of a unit are, from the heads of its items alone. Order of declaration does not count.

use crate::split::RawItem;
use crate::unit::{ItemKind, Origin};
use ast::Symbol;
use rustc_hash::FxHashMap;
use std::sync::Arc;

/// What a name stands for, as far as syntax needs to know. Later kinds beat earlier ones where a scope has both.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum NameKind {
    Value,
    Namespace,
    FunctionTemplate,
    Type,
    ClassTemplate,
}

impl NameKind {
    pub fn is_type(self) -> bool {
        matches!(self, NameKind::Type | NameKind::ClassTemplate)
    }

    pub fn is_template(self) -> bool {
        matches!(self, NameKind::FunctionTemplate | NameKind::ClassTemplate)
    }
}

/// The program's own names come before those of shipped headers, file scope before namespaces.
#[derive(Clone, Copy, Debug, Default)]
struct Entry {
    own: Option<NameKind>,
    own_nested: Option<NameKind>,
    builtin: Option<NameKind>,
    builtin_nested: Option<NameKind>,
}

#[derive(Debug, Default)]
pub struct NameTable {
    /// What stands in front of the unit.
    below: Option<Arc<NameTable>>,
    entries: FxHashMap<Symbol, Entry>,
}

impl Entry {
    fn joined(self, other: Entry) -> Entry {
        Entry {
            own: self.own.max(other.own),
            own_nested: self.own_nested.max(other.own_nested),
            builtin: self.builtin.max(other.builtin),
            builtin_nested: self.builtin_nested.max(other.builtin_nested),
        }
    }
}

impl NameTable {
    /// The names of some items.
    pub fn of(items: &[RawItem], origin: Origin) -> NameTable {
        let mut table = NameTable::default();
        items.iter().for_each(|item| table.add(item, origin));
        table
    }

    /// A table that adds to another.
    pub fn above(below: Arc<NameTable>) -> NameTable {
        NameTable { below: Some(below), entries: FxHashMap::default() }
    }

    /// Does this table itself say something about the name, or one of those that it adds to, above `ground`?
    pub fn has_above(&self, ground: &NameTable, name: Symbol) -> bool {
        self.has_own(name) || self.below.as_deref().is_some_and(|b| !std::ptr::eq(b, ground) && b.has_above(ground, name))
    }

    /// Does this table itself say something about the name?
    pub fn has_own(&self, name: Symbol) -> bool {
        self.entries.contains_key(&name)
    }

    fn entry(&self, name: Symbol) -> Option<Entry> {
        let own = self.entries.get(&name).copied();
        let below = self.below.as_ref().and_then(|below| below.entry(name));
        match (own, below) {
            (Some(own), Some(below)) => Some(own.joined(below)),
            (own, below) => own.or(below),
        }
    }

    pub fn add(&mut self, item: &RawItem, origin: Origin) {
        for scope in item.scope.iter() {
            if let Some(name) = scope.name {
                self.insert(name.name, NameKind::Namespace, true, origin);
            }
        }
        // An out-of-line member declares nothing here.
        if !item.qualifiers.is_empty() {
            return;
        }
        let nested = item.scope.iter().any(|scope| scope.name.is_some());
        if let Some(kind) = name_kind(item) {
            item.names.iter().for_each(|&name| self.insert(name, kind, nested, origin));
        }
        item.values.iter().for_each(|&name| self.insert(name, NameKind::Value, nested, origin));
    }

    fn insert(&mut self, name: Symbol, kind: NameKind, nested: bool, origin: Origin) {
        let entry = self.entries.entry(name).or_default();
        let slot = match (origin == Origin::Builtin, nested) {
            (false, false) => &mut entry.own,
            (false, true) => &mut entry.own_nested,
            (true, false) => &mut entry.builtin,
            (true, true) => &mut entry.builtin_nested,
        };
        *slot = (*slot).max(Some(kind));
    }

    /// What a name is, behind `::` or not.
    pub fn kind(&self, name: Symbol, qualified: bool) -> Option<NameKind> {
        if qualified { self.find_qualified(name) } else { self.find(name) }
    }

    /// An unqualified name.
    pub fn find(&self, name: Symbol) -> Option<NameKind> {
        let entry = self.entry(name)?;
        entry.own.or(entry.own_nested).or(entry.builtin).or(entry.builtin_nested)
    }

    /// A name behind `::`.
    pub fn find_qualified(&self, name: Symbol) -> Option<NameKind> {
        let entry = self.entry(name)?;
        entry.own_nested.or(entry.builtin_nested).or(entry.own).or(entry.builtin)
    }
}

/// What the names of an item are; its `values` are values.
pub fn name_kind(item: &RawItem) -> Option<NameKind> {
    Some(match item.kind {
        ItemKind::Function | ItemKind::Prototype | ItemKind::Variable if item.flags.template => NameKind::FunctionTemplate,
        ItemKind::Function | ItemKind::Prototype | ItemKind::Variable => NameKind::Value,
        ItemKind::Class | ItemKind::Alias if item.flags.template => NameKind::ClassTemplate,
        ItemKind::Class | ItemKind::Enum | ItemKind::Alias => NameKind::Type,
        ItemKind::Using | ItemKind::StaticAssert | ItemKind::Instantiation | ItemKind::Other => return None,
    })
}
