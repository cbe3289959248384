//! Shipped text behind all stages that do not look at the program: it never changes, so what they make of it is kept between units.

use crate::brackets::match_brackets;
use crate::build::{Parsed, parse_item, parse_roles};
use crate::classify::{Question, classify_kept_item};
use crate::names::NameTable;
use crate::split::{RawItem, Tokens, split};
use crate::token::Token;
use ast::Symbol;
use std::sync::{Arc, OnceLock};

/// The declarations of a shipped text.
#[derive(Default)]
pub(crate) struct Declarations {
    tokens: Vec<Token>,
    mates: Vec<u32>,
    items: Vec<RawItem>,
    /// What can be named in the text: its own names and those in front of it.
    names: Arc<NameTable>,
    /// The trees of the items, made when first reached.
    trees: Vec<OnceLock<Tree>>,
}

struct Tree {
    parsed: Parsed,
    /// What the names in it were taken for.
    asked: Vec<Question>,
}

impl Declarations {
    /// `None` if the brackets do not match. `names`: of the items, all that can be named.
    pub(crate) fn of(tokens: Vec<Token>, names: impl FnOnce(&[RawItem]) -> NameTable) -> Option<Declarations> {
        let mates = match_brackets(&tokens).ok()?;
        let items = split(Tokens { list: &tokens, mates: &mates }, 0, tokens.len());
        let names = Arc::new(names(&items));
        let trees = items.iter().map(|_| OnceLock::new()).collect();
        Some(Declarations { tokens, mates, items, names, trees })
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

    /// The tree of an item in a unit with these names: the kept one, unless a name in it is something else there. Of names that are
    /// not `foreign` it is known that they are not.
    pub(crate) fn parsed(&self, at: usize, names: &NameTable, foreign: impl Fn(Symbol) -> bool) -> Parsed {
        let (tokens, item) = (self.tokens(), &self.items[at]);
        let kept = self.trees[at].get_or_init(|| {
            let (roles, failure, asked) = classify_kept_item(tokens, &self.names, item.lo, item.hi);
            Tree { parsed: parse_roles(roles, failure), asked }
        });
        let is_same = |&(name, qualified, kind): &Question| !foreign(name) || names.kind(name, qualified) == kind;
        if kept.asked.iter().all(is_same) { kept.parsed.clone() } else { parse_item(tokens, names, item, None) }
    }
}
