//! The prelude, read once: every unit starts with the same shipped text, so what the stages make of it is kept between units. So are the
//! [shipped headers](crate::shipped) that programs include behind it.
//!
//! What must hold: a unit with a kept prelude is the unit that reading the prelude's text in front of it would give, to the last
//! position. So it serves where its positions come first, and a declaration of it is parsed anew where a name that it leans on is
//! something else in the unit.

use crate::declarations::Declarations;
use crate::names::NameTable;
use crate::options::{Headers, Options};
use crate::preprocess::{State, preprocess_prelude};
use crate::shipped::Shelf;
use crate::unit::Origin;
use source::SourceMap;
use std::sync::{Arc, Mutex, PoisonError};

/// The preludes of one [`Headers`], one for each set of built-in macros.
#[derive(Default)]
pub struct PreludeCache(Mutex<Vec<(Key, Arc<Prelude>)>>);

/// What of the options the prelude sees: `-D` and `-I` come behind it.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Key {
    cuda_arch: u32,
    std: u32,
}

impl PreludeCache {
    pub const fn new() -> PreludeCache {
        PreludeCache(Mutex::new(Vec::new()))
    }
}

/// The prelude after all stages that look at the unit as a whole.
#[derive(Default)]
pub(crate) struct Prelude {
    pub(crate) map: Arc<SourceMap>,
    pub(crate) state: State,
    pub(crate) declarations: Declarations,
    /// What was kept of the headers that come behind it.
    pub(crate) shelf: Shelf,
}

impl Prelude {
    /// The kept prelude, if the headers keep one and the unit is the first in its map. `map` continues the prelude's.
    pub(crate) fn of(options: &Options, headers: &dyn Headers, map: &mut SourceMap) -> Option<Arc<Prelude>> {
        let PreludeCache(kept) = headers.kept().filter(|_| map.file_count() == 0)?;
        let key = Key { cuda_arch: options.cuda_arch, std: options.std };
        let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
        let prelude = match kept.iter().find(|(known, _)| *known == key) {
            Some((_, prelude)) => prelude.clone(),
            None => {
                let prelude = Arc::new(Prelude::read(options, headers)?);
                kept.push((key, prelude.clone()));
                prelude
            }
        };
        *map = prelude.shelf.map_behind(&prelude.map);
        Some(prelude)
    }

    /// `None` if it has errors: they are to be reported with the unit.
    fn read(options: &Options, headers: &dyn Headers) -> Option<Prelude> {
        let mut map = SourceMap::new();
        let (tokens, state) = preprocess_prelude(options, headers, &mut map)?;
        let declarations = Declarations::of(tokens, |items| NameTable::of(items, Origin::Builtin))?;
        let shelf = Shelf::behind(&map, headers);
        Some(Prelude { map: Arc::new(map), state, declarations, shelf })
    }
}
