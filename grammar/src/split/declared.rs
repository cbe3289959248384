//! Kind, names and qualifiers of a declaration, from its head.

use super::{RawItem, Shape, Tokens};
use crate::token::Kind;
use crate::unit::ItemKind;
use ast::{Kw, Symbol};

pub(super) fn describe(tokens: Tokens<'_>, item: &mut RawItem, shape: &Shape) {
    flags(tokens, item, shape);
    item.params = shape.params.filter(|_| shape.assign.is_none_or(|at| Some(at) > shape.params));
    let first = tokens.keyword(shape.start);
    let explicit =
        first == Some(Kw::Template) || (first == Some(Kw::Extern) && tokens.keyword(shape.start + 1) == Some(Kw::Template));
    if (shape.template && shape.start == item.lo + 1 && !tokens.is(item.lo + 1, Kind::Lt)) || explicit {
        item.kind = ItemKind::Instantiation;
        item.names.extend(instantiated(tokens, shape));
        return;
    }
    match first {
        Some(Kw::Using) => using(tokens, item, shape),
        Some(Kw::Namespace) => {
            item.kind = ItemKind::Using;
            item.names.extend(tokens.name(shape.start + 1));
        }
        Some(Kw::StaticAssert | Kw::StaticAssertC) => item.kind = ItemKind::StaticAssert,
        Some(Kw::Typedef) => typedef(tokens, item, shape),
        _ if shape.class_body.is_some() => class_or_enum(tokens, item, shape),
        _ => others(tokens, item, shape),
    }
}

fn flags(tokens: Tokens<'_>, item: &mut RawItem, shape: &Shape) {
    let flags = &mut item.flags;
    flags.template = shape.template;
    flags.specialisation = shape.template && tokens.is(item.lo + 2, Kind::Gt);
    let head_end = shape.body.or(shape.class_body).or(shape.assign).unwrap_or(shape.end);
    let mut at = shape.start;
    while at < head_end {
        match tokens.keyword(at) {
            Some(Kw::Global) => flags.global = true,
            Some(Kw::Device | Kw::Constant | Kw::Managed | Kw::Shared) => flags.device = true,
            Some(Kw::Host) => flags.host = true,
            _ => {}
        }
        at = tokens.after(at);
    }
}

/// `using namespace n;`, `using n::f;`, `using A = T;`
fn using(tokens: Tokens<'_>, item: &mut RawItem, shape: &Shape) {
    if shape.assign.is_some() {
        item.kind = ItemKind::Alias;
        item.names.extend(tokens.name(shape.start + 1));
    } else {
        item.kind = ItemKind::Using;
        if !matches!(tokens.keyword(shape.start + 1), Some(Kw::Namespace | Kw::Enum)) {
            item.names.extend((shape.start..shape.end).rev().find_map(|at| tokens.name(at)));
        }
    }
}

fn typedef(tokens: Tokens<'_>, item: &mut RawItem, shape: &Shape) {
    item.kind = ItemKind::Alias;
    let mut from = shape.start + 1;
    if let Some(body) = shape.class_body {
        let tag = tag_name(tokens, shape);
        from = tokens.after(body);
        declarator_names(tokens, from, shape.end, &mut item.names);
        item.names.extend(tag);
        enumerators(tokens, shape, body, &mut item.values);
        return;
    }
    if let Some(paren) = shape.params {
        // `typedef int (*F)(int)` and `typedef int F(int)`
        item.names.extend(grouped_name(tokens, paren).or_else(|| tokens.name(paren.saturating_sub(1))));
        return;
    }
    declarator_names(tokens, from, shape.end, &mut item.names);
}

fn class_or_enum(tokens: Tokens<'_>, item: &mut RawItem, shape: &Shape) {
    let Some(body) = shape.class_body else { return };
    let is_enum = shape.class_key.is_some_and(|key| tokens.keyword(key) == Some(Kw::Enum));
    item.kind = if is_enum { ItemKind::Enum } else { ItemKind::Class };
    item.names.extend(tag_name(tokens, shape));
    if let Some(key) = shape.class_key {
        let head = (key..body).take_while(|&at| !tokens.is(at, Kind::Colon));
        item.qualifiers.extend(head.clone().filter(|&at| tokens.is(at + 1, Kind::ColCol)).filter_map(|at| tokens.name(at)));
        item.flags.specialisation |= shape.template && head.clone().any(|at| tokens.is(at, Kind::Lt));
    }
    enumerators(tokens, shape, body, &mut item.values);
    declarator_names(tokens, tokens.after(body), shape.end, &mut item.values);
}

/// Enumerators of an unscoped enum are names of the scope around it.
fn enumerators(tokens: Tokens<'_>, shape: &Shape, body: usize, names: &mut Vec<Symbol>) {
    let Some(key) = shape.class_key.filter(|&key| tokens.keyword(key) == Some(Kw::Enum)) else { return };
    if matches!(tokens.keyword(key + 1), Some(Kw::Class | Kw::Struct)) {
        return;
    }
    let end = tokens.mate(body).unwrap_or(body);
    let mut at = body + 1;
    let mut expected = true;
    while at < end {
        match tokens.kind(at) {
            Some(Kind::Comma) => expected = true,
            Some(Kind::Ident) if expected => {
                names.extend(tokens.name(at));
                expected = false;
            }
            _ => {}
        }
        at = tokens.after(at);
    }
}

/// The name behind `struct`: the last one before the template arguments, bases or body.
fn tag_name(tokens: Tokens<'_>, shape: &Shape) -> Option<Symbol> {
    let mut at = shape.class_key? + 1;
    let mut name = None;
    let end = shape.class_body.unwrap_or(shape.end);
    while at < end {
        match tokens.kind(at) {
            Some(Kind::Colon) => break,
            Some(Kind::Lt) => match tokens.after_angles(at, end) {
                Some(after) => {
                    at = after;
                    continue;
                }
                None => break,
            },
            Some(Kind::Ident) if tokens.list[at].as_str() != "final" => name = tokens.name(at).or(name),
            _ => {}
        }
        at = tokens.after(at);
    }
    name
}

fn instantiated(tokens: Tokens<'_>, shape: &Shape) -> Option<Symbol> {
    if shape.class_key.is_some() && shape.params.is_none() {
        return tag_name(tokens, shape);
    }
    function_name(tokens, shape.params?)
}

/// Functions, variables, forward declarations.
fn others(tokens: Tokens<'_>, item: &mut RawItem, shape: &Shape) {
    if let Some(operator) = shape.operator {
        item.kind = if shape.body.is_some() { ItemKind::Function } else { ItemKind::Prototype };
        item.names.push(operator_symbol(tokens, operator));
        qualifiers(tokens, operator, item);
        return;
    }
    if let Some(paren) = item.params {
        match grouped_name(tokens, paren) {
            Some(name) if shape.body.is_none() => {
                item.kind = ItemKind::Variable;
                item.names.push(name);
                item.params = None;
                return;
            }
            _ => {}
        }
        if let Some(name) = function_name(tokens, paren) {
            item.kind = if shape.body.is_some() { ItemKind::Function } else { ItemKind::Prototype };
            item.names.push(name);
            let start = name_start(tokens, paren);
            qualifiers(tokens, start, item);
            return;
        }
    }
    let bare_class = shape.class_key.is_some_and(|key| {
        let names = (key + 1..shape.end).filter(|&at| tokens.name(at).is_some()).count();
        names == 1 && tokens.is(shape.end.saturating_sub(1), Kind::Semi)
    });
    if bare_class {
        item.kind =
            if shape.class_key.is_some_and(|k| tokens.keyword(k) == Some(Kw::Enum)) { ItemKind::Enum } else { ItemKind::Class };
        item.names.extend(tag_name(tokens, shape));
        return;
    }
    item.kind = ItemKind::Variable;
    declarator_names(tokens, shape.start, shape.end, &mut item.names);
}

/// `(*name)` or `(&name)`: the name in it.
fn grouped_name(tokens: Tokens<'_>, paren: usize) -> Option<Symbol> {
    if !matches!(tokens.kind(paren + 1), Some(Kind::Star | Kind::Amp | Kind::Caret)) {
        return None;
    }
    let mate = tokens.mate(paren)?;
    if !matches!(tokens.kind(mate + 1), Some(Kind::LParen | Kind::LBracket)) {
        return None;
    }
    (paren..mate).find_map(|at| tokens.name(at))
}

/// The name right before the parameters; template arguments may stand between.
fn function_name(tokens: Tokens<'_>, paren: usize) -> Option<Symbol> {
    tokens.name(name_start(tokens, paren))
}

fn name_start(tokens: Tokens<'_>, paren: usize) -> usize {
    let mut at = paren.saturating_sub(1);
    if tokens.is(at, Kind::Gt) {
        at = before_angles(tokens, at).unwrap_or(at);
    }
    at
}

/// The token before the `<` that the `>` at `at` closes.
pub fn before_angles(tokens: Tokens<'_>, at: usize) -> Option<usize> {
    let mut depth = 0usize;
    let mut i = at;
    for _ in 0..10_000 {
        match tokens.kind(i)? {
            Kind::Gt => depth += 1,
            Kind::Lt => {
                depth = depth.checked_sub(1)?;
                if depth == 0 {
                    return i.checked_sub(1);
                }
            }
            Kind::RParen | Kind::RBracket | Kind::RBrace => i = tokens.mate(i)?,
            Kind::Semi | Kind::LBrace | Kind::LParen | Kind::LBracket => return None,
            _ => {}
        }
        i = i.checked_sub(1)?;
    }
    None
}

/// Names before `::` in front of the name at `at`.
fn qualifiers(tokens: Tokens<'_>, at: usize, item: &mut RawItem) {
    let mut i = at;
    if i > 0 && tokens.is(i - 1, Kind::Tilde) {
        i -= 1;
    }
    while i > item.lo + 1 && tokens.is(i - 1, Kind::ColCol) {
        i -= 2;
        if tokens.is(i, Kind::Gt) {
            match before_angles(tokens, i) {
                Some(before) => i = before,
                None => return,
            }
        }
        match tokens.name(i) {
            Some(name) => item.qualifiers.push(name),
            None => return,
        }
    }
}

/// Operators are found in the index under their spelling: `operator+`.
fn operator_symbol(tokens: Tokens<'_>, operator: usize) -> Symbol {
    let mut text = String::from("operator");
    let mut at = operator + 1;
    if tokens.is(at, Kind::LParen) {
        text.push_str("()");
    } else {
        while let Some(token) = tokens.list.get(at).filter(|t| !matches!(t.kind, Kind::LParen | Kind::Semi | Kind::LBrace)) {
            if token.kind == Kind::Ident && token.keyword() != Some(Kw::New) && token.keyword() != Some(Kw::Delete) {
                // A conversion: found through its class alone.
                break;
            }
            text.push_str(token.as_str());
            at += 1;
        }
    }
    Symbol::new(&text)
}

/// Names of `a, *b[3], c = 1, d{2}` in `lo..hi`: the last name before what ends a declarator.
fn declarator_names(tokens: Tokens<'_>, lo: usize, hi: usize, names: &mut Vec<Symbol>) {
    let mut at = lo;
    let mut last = None;
    let mut done = false;
    while at < hi {
        match tokens.kind(at) {
            Some(Kind::Comma | Kind::Semi) => {
                names.extend(last.take());
                done = false;
            }
            Some(Kind::LBracket) if tokens.is(at + 1, Kind::LBracket) => {} // an attribute
            Some(Kind::Eq | Kind::LBracket | Kind::LBrace | Kind::Colon) => done = true,
            Some(Kind::LParen) if !done => {
                last = grouped_name(tokens, at).or(last);
                done = last.is_some();
            }
            // In an initialiser a list stands before `::` or what it constructs; else `<` may compare.
            Some(Kind::Lt) => {
                let is_list =
                    |&after: &usize| !done || matches!(tokens.kind(after), Some(Kind::ColCol | Kind::LParen | Kind::LBrace));
                if let Some(after) = tokens.after_angles(at, hi).filter(is_list) {
                    at = after;
                    continue;
                }
            }
            Some(Kind::Ident) if !done => last = tokens.name(at).or(last),
            _ => {}
        }
        at = tokens.after(at);
    }
    names.extend(last);
}
