//! Launches in code that is not parsed: found by their `<<<`, so that kernel templates can be instantiated as the program does.
//!
//! Nothing here is ever an error: a launch that cannot be read is left out, or known by its name alone.

use crate::classify::classify_expression;
use crate::names::NameTable;
use crate::split::{RawItem, Tokens, before_angles};
use crate::token::Kind;
use ast::{DeclKind, Expr, ExprKind, LaunchArgs, LaunchSite, Name};
use source::Span;

/// A launch as token ranges.
#[derive(Clone, Copy, Debug)]
pub struct RawLaunch {
    pub item: usize,
    /// From the kernel's name to the `<<<`.
    pub name: (usize, usize),
    /// Behind the arguments.
    pub end: usize,
}

/// All launches of the items for which `wanted` says so.
pub fn find_launches(tokens: Tokens<'_>, items: &[RawItem], wanted: impl Fn(usize) -> bool) -> Vec<RawLaunch> {
    let mut launches = Vec::new();
    for (index, item) in items.iter().enumerate().filter(|(index, _)| wanted(*index)) {
        for at in item.lo..item.hi {
            if tokens.is(at, Kind::LaunchL)
                && let Some(launch) = raw_launch(tokens, at, index, item)
            {
                launches.push(launch);
            }
        }
    }
    launches
}

/// The host functions whose names may say what a launch instantiates: those with a launch and, where such a function is a
/// template, those that mention it.
pub fn launching_items(
    tokens: Tokens<'_>,
    items: &[RawItem],
    launches: &[RawLaunch],
    wanted: impl Fn(usize) -> bool,
) -> Vec<usize> {
    let mut found: Vec<usize> = launches.iter().map(|launch| launch.item).collect();
    found.dedup();
    let mut next = 0;
    while let Some(&at) = found.get(next) {
        next += 1;
        let Some(&name) = items[at].names.first().filter(|_| items[at].flags.template) else { continue };
        for (other, item) in items.iter().enumerate().filter(|(other, _)| wanted(*other)) {
            if !found.contains(&other) && tokens.list[item.lo..item.hi].iter().any(|token| token.text == Some(name)) {
                found.push(other);
            }
        }
    }
    found
}

fn raw_launch(tokens: Tokens<'_>, at: usize, item_index: usize, item: &RawItem) -> Option<RawLaunch> {
    let start = name_start(tokens, at, item.lo)?;
    let close = (at + 1..item.hi).find(|&i| (i..i + 3).all(|j| tokens.is(j, Kind::Gt)) && !tokens.is(i + 3, Kind::Gt))?;
    let open = close + 3;
    let end = tokens.mate(open).filter(|_| tokens.is(open, Kind::LParen))? + 1;
    Some(RawLaunch { item: item_index, name: (start, at), end })
}

/// The first token of `a::b<c>` that ends before `at`.
fn name_start(tokens: Tokens<'_>, at: usize, least: usize) -> Option<usize> {
    let mut i = at.checked_sub(1)?;
    loop {
        if tokens.is(i, Kind::Gt) {
            i = before_angles(tokens, i)?;
        }
        tokens.name(i)?;
        if i < least + 2 || !tokens.is(i - 1, Kind::ColCol) {
            return (i >= least).then_some(i);
        }
        if tokens.name(i - 2).is_none() && !tokens.is(i - 2, Kind::Gt) {
            // `::k`
            return Some(i - 1);
        }
        i -= 2;
    }
}

pub fn parse_launch(tokens: Tokens<'_>, names: &NameTable, items: &[RawItem], raw: RawLaunch) -> Option<LaunchSite> {
    let span = Span::new(tokens.list[raw.name.0].lo, tokens.list[raw.end - 1].hi);
    let whole = parse_expression(tokens, names, raw.name.0, raw.end);
    let (kernel, args) = match whole.map(|e| e.kind) {
        Some(ExprKind::Launch(launch)) => {
            (name_of(launch.kernel)?, LaunchArgs::Parsed { config: launch.config, args: launch.args })
        }
        _ => (name_of(parse_expression(tokens, names, raw.name.0, raw.name.1)?)?, LaunchArgs::Unparsed),
    };
    let dependent = (raw.name.0 + 1..raw.name.1)
        .any(|at| tokens.name(at).is_some_and(|name| names.find(name).is_none()) && !tokens.is(at + 1, Kind::ColCol));
    Some(LaunchSite { kernel, args, in_template: items[raw.item].flags.template, dependent, span })
}

fn name_of(expr: Expr) -> Option<Name> {
    match expr.kind {
        ExprKind::Name(name) => Some(name),
        _ => None,
    }
}

/// An expression on its own, if it has no error.
fn parse_expression(tokens: Tokens<'_>, names: &NameTable, lo: usize, hi: usize) -> Option<Expr> {
    let (roles, failure) = classify_expression(tokens, names, lo, hi);
    if failure.is_some() {
        return None;
    }
    match ast::parse_decl(roles) {
        (Some(decl), errors) if errors.is_empty() => match decl.kind {
            DeclKind::StaticAssert(assert) => Some(assert.condition),
            _ => None,
        },
        _ => None,
    }
}
