//! Maps and sets that keep the order in which they were filled, so that a walk over them is the same each time. Keys are handles and other small
//! things, which need no hash that withstands an attacker.

use rustc_hash::FxBuildHasher;

pub type OrderedMap<K, V> = indexmap::IndexMap<K, V, FxBuildHasher>;
pub type OrderedSet<T> = indexmap::IndexSet<T, FxBuildHasher>;
