//! Host code that is read although no kernel reaches it: what it launches depends on its types.
//!
//! ```text
//! template <class F> void for_each(int n, F f) { kernel<<<n / 256, 256>>>(n, f); }     launches from a template
//! int main() { for_each(n, [=] __device__ (int i) { x[i] = 0; }); }                    calls one
//! auto twice(float s) { return Twice{s}; }                                             gives one a type
//! template void scale(float*, int);                                                    makes an instance of one
//! ```
//!
//! Its errors never count. One pass over the tokens of all host items, so that the cost is linear.

use crate::launches::RawLaunch;
use crate::split::{RawItem, Tokens};
use crate::unit::ItemKind;
use ast::Symbol;
use rustc_hash::{FxHashMap, FxHashSet};

/// Host functions and classes that mention a kernel template or launch from a template of their own, those that mention such a
/// template or instantiate it, and what all of these name. In source order.
pub fn hosts_to_read(tokens: Tokens<'_>, items: &[RawItem], launches: &[RawLaunch], own: impl Fn(usize) -> bool) -> Vec<usize> {
    let is_host = |at: &usize| {
        use ItemKind::{Class, Function, Instantiation, Prototype};
        own(*at) && !items[*at].flags.global && matches!(items[*at].kind, Function | Prototype | Class | Instantiation)
    };
    let kernels: FxHashSet<Symbol> = items
        .iter()
        .filter(|item| item.flags.global && item.flags.template)
        .filter_map(|item| item.names.first().copied())
        .collect();
    let launching: FxHashSet<usize> =
        launches.iter().map(|launch| launch.item).filter(|at| items[*at].flags.template && is_host(at)).collect();
    if kernels.is_empty() && launching.is_empty() {
        return Vec::new();
    }
    let hosts: Vec<usize> = (0..items.len()).filter(is_host).collect();
    let mut declaring: FxHashMap<Symbol, Vec<usize>> = FxHashMap::default();
    for &at in &hosts {
        items[at].names.iter().chain(&items[at].qualifiers).for_each(|name| declaring.entry(*name).or_default().push(at));
    }
    let mut mentioning: FxHashMap<Symbol, Vec<usize>> = FxHashMap::default();
    let mut todo = Vec::new();
    for &at in &hosts {
        let mut wanted = launching.contains(&at);
        for name in words(tokens, &items[at]) {
            wanted |= kernels.contains(&name);
            if declaring.contains_key(&name) {
                let known = mentioning.entry(name).or_default();
                if known.last() != Some(&at) {
                    known.push(at);
                }
            }
        }
        if wanted {
            todo.push(at);
        }
    }
    let is_generic = |item: &RawItem| item.flags.template || item.kind == ItemKind::Class || !item.qualifiers.is_empty();
    let mut read = close(todo, |at| {
        let names = items[at].names.iter().chain(&items[at].qualifiers).filter(|_| is_generic(&items[at]));
        names.filter_map(|name| mentioning.get(name)).flatten().copied().collect()
    });
    read = close(read, |at| words(tokens, &items[at]).filter_map(|name| declaring.get(&name)).flatten().copied().collect());
    read.sort_unstable();
    read
}

fn words<'t>(tokens: Tokens<'t>, item: &RawItem) -> impl Iterator<Item = Symbol> + use<'t> {
    tokens.list[item.lo..item.hi].iter().filter_map(|token| token.text)
}

/// Everything that `next` leads to.
fn close(mut found: Vec<usize>, next: impl Fn(usize) -> Vec<usize>) -> Vec<usize> {
    let mut seen: FxHashSet<usize> = found.iter().copied().collect();
    let mut at = 0;
    while let Some(&item) = found.get(at) {
        at += 1;
        found.extend(next(item).into_iter().filter(|other| seen.insert(*other)));
    }
    found
}
