//! The prelude, read once: every unit starts with the same shipped text, so what the stages make of it is kept between units.
//!
//! What must hold: a unit with a kept prelude is the unit that reading the prelude's text in front of it would give, to the last
//! position. So it serves where its positions come first, and a declaration of it is parsed anew where the unit itself declares a
//! name that occurs in it.

use crate::brackets::match_brackets;
use crate::build::{Parsed, parse_item};
use crate::names::NameTable;
use crate::options::{Headers, Options};
use crate::preprocess::{State, preprocess_prelude};
use crate::reach::{Index, Part};
use crate::split::{RawItem, Tokens, split};
use crate::token::Token;
use crate::unit::Origin;
use source::SourceMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

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
    map: Arc<SourceMap>,
    state: State,
    tokens: Vec<Token>,
    mates: Vec<u32>,
    items: Vec<RawItem>,
    names: Arc<NameTable>,
    index: Index,
    /// The trees of the items, made when first reached.
    trees: Vec<OnceLock<Parsed>>,
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
        *map = SourceMap::continuing(prelude.map.clone());
        Some(prelude)
    }

    /// `None` if it has errors: they are to be reported with the unit.
    fn read(options: &Options, headers: &dyn Headers) -> Option<Prelude> {
        let mut map = SourceMap::new();
        let (tokens, state) = preprocess_prelude(options, headers, &mut map)?;
        let mates = match_brackets(&tokens).ok()?;
        let items = split(Tokens { list: &tokens, mates: &mates }, 0, tokens.len());
        let mut names = NameTable::default();
        items.iter().for_each(|item| names.add(item, Origin::Builtin));
        let index = Index::new(&items, &vec![Origin::Builtin; items.len()]);
        let trees = items.iter().map(|_| OnceLock::new()).collect();
        Some(Prelude { map: Arc::new(map), state, tokens, mates, items, names: Arc::new(names), index, trees })
    }

    pub(crate) fn state(&self) -> &State {
        &self.state
    }

    pub(crate) fn names(&self) -> &Arc<NameTable> {
        &self.names
    }

    pub(crate) fn tokens(&self) -> Tokens<'_> {
        Tokens { list: &self.tokens, mates: &self.mates }
    }

    pub(crate) fn items(&self) -> &[RawItem] {
        &self.items
    }

    pub(crate) fn part(&self) -> Part<'_> {
        Part { tokens: self.tokens(), items: &self.items, index: &self.index }
    }

    /// The tree of an item in a unit with these names.
    pub(crate) fn parsed(&self, at: usize, names: &NameTable) -> Parsed {
        let (tokens, item) = (self.tokens(), &self.items[at]);
        let means_something_else =
            tokens.list[item.lo..item.hi].iter().filter_map(|token| token.text).any(|name| names.has_own(name));
        if means_something_else {
            return parse_item(tokens, names, item);
        }
        self.trees[at].get_or_init(|| parse_item(tokens, &self.names, item)).clone()
    }
}
