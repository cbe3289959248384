//! Runs the stages of the front end one after the other.

use crate::brackets::match_brackets;
use crate::classify::{Roles, classify_item, has_dull_statements, is_float, telling_names};
use crate::hosts::hosts_to_read;
use crate::joined::Kept;
use crate::launches::{find_launches, launching_items, parse_launch};
use crate::names::NameTable;
use crate::options::{Headers, Options};
use crate::prelude::Prelude;
use crate::preprocess::{Constant, preprocess};
use crate::reach::{Index, Part, Reach};
use crate::shipped::Piece;
use crate::split::{RawItem, Tokens, split};
use crate::unit::{Item, MacroConstant, Origin, Unit};
use ast::{Decl, Kw, Symbol};
use rustc_hash::{FxHashMap, FxHashSet};
use source::{Code, Diagnostic, FileId, SourceMap, Span};
use std::ops::Range;
use std::sync::Arc;

/// Reads one translation unit. `path` names the file in messages and is where `#include "..."` looks first.
///
/// There is always a unit, possibly an incomplete one; it may be used if no diagnostic is an error.
pub fn parse(path: &str, text: &str, options: &Options, headers: &dyn Headers, map: &mut SourceMap) -> (Unit, Vec<Diagnostic>) {
    let kept = Prelude::of(options, headers, map);
    let mut pp = preprocess(path, text, options, headers, map, kept.as_deref());
    let prelude = kept.unwrap_or_default();
    let mut diagnostics = std::mem::take(&mut pp.diagnostics);
    let origins: FxHashMap<FileId, Origin> = pp.origins.iter().copied().collect();
    let mut unit = Unit {
        user_files: pp.origins.iter().filter(|(_, origin)| *origin != Origin::Builtin).map(|(id, _)| *id).collect(),
        main_file: pp.origins.iter().find(|(_, origin)| *origin == Origin::Main).map(|(id, _)| *id),
        comments: pp.comments.iter().filter_map(|&span| Some((span, Arc::from(map.snippet(span)?)))).collect(),
        macros: pp.constants.into_iter().filter_map(macro_constant).collect(),
        ..Unit::default()
    };
    match match_brackets(&pp.tokens) {
        Ok(mates) => {
            let tokens = Tokens { list: &pp.tokens, mates: &mates };
            let origin_of =
                |span: Span| map.file_of(span).and_then(|file| origins.get(&file).copied()).unwrap_or(Origin::Builtin);
            fill(&mut unit, &prelude, &pp.pieces, tokens, &origin_of, &mut diagnostics);
        }
        Err(errors) => diagnostics.extend(errors),
    }
    (unit, diagnostics)
}

/// The text of a file. Bytes that are not UTF-8 are a diagnostic, whose place lies in the readable part of the text.
pub fn decode(path: &str, bytes: Vec<u8>, map: &mut SourceMap) -> Result<String, Diagnostic> {
    String::from_utf8(bytes).map_err(|error| {
        let valid = error.utf8_error().valid_up_to();
        let text = String::from_utf8_lossy(error.as_bytes()).into_owned();
        let start = map.add_file(path, text).map_or(0, |id| map.file_span(id).lo);
        let place = start + u32::try_from(valid).unwrap_or(0);
        Diagnostic::error(Code::E0101, "the file is not UTF-8 text", Span::new(place, place + 1))
            .with_help("convert it, for example with `iconv -f latin1 -t utf8`")
    })
}

fn macro_constant(constant: Constant) -> Option<MacroConstant> {
    let text = constant.token.text?;
    let value = ast::parse_number(text, is_float(text.as_str()), constant.token.span())?;
    Some(MacroConstant { name: constant.name, value, definition: constant.definition, uses: constant.uses })
}

/// Splits, reaches and parses. `tokens` are those behind the prelude, `pieces` what kept headers put between them.
fn fill(
    unit: &mut Unit,
    prelude: &Prelude,
    pieces: &[Piece],
    tokens: Tokens<'_>,
    origin_of: &dyn Fn(Span) -> Origin,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let raw = split(tokens, 0, tokens.list.len());
    let origins: Vec<Origin> = raw.iter().map(|item| origin_of(tokens.list[item.lo].span())).collect();
    let kept = Kept::new(prelude, pieces);
    let mut names = NameTable::above(kept.joined.names.clone());
    raw.iter().zip(&origins).for_each(|(item, &origin)| names.add(item, origin));
    let index = Index::new(raw.iter().zip(origins.iter().copied()));
    let own = |at: usize| origins[at] != Origin::Builtin;
    let launches = find_launches(tokens, &raw, own);
    let hosts = launching_items(tokens, &raw, &launches, own);
    let named: Vec<_> = launches.iter().map(|launch| launch.name).collect();
    let parts = kept.parts().chain([Part { tokens, items: &raw }]).collect();
    let reach = Reach::new(parts, &kept.joined.index, &index);
    let read = hosts_to_read(tokens, &raw, &launches, own);
    let mut reached = reach.run(&named, &hosts, &read);
    let mut own = reached.pop().unwrap_or_default();
    unit.launches = launches.iter().filter_map(|&launch| parse_launch(tokens, &names, &raw, launch)).collect();
    // What hosts call is not reached by them: they are only read.
    let only_read: FxHashSet<usize> = read.iter().copied().filter(|at| !std::mem::replace(&mut own[*at], true)).collect();
    let telling = if only_read.is_empty() { FxHashSet::default() } else { telling_names(&raw, &origins) };
    // Of shipped headers only what is used counts as part of the program.
    let add_kept = |unit: &mut Unit, part: usize, items: Range<usize>, diagnostics: &mut Vec<Diagnostic>| {
        let declarations = kept.declarations[part];
        for at in items.filter(|at| reached[part][*at]) {
            let parsed = declarations.parsed(at, &names, |name| kept.is_foreign(part, name, &names));
            add_item(unit, declarations.tokens(), &declarations.items()[at], Origin::Builtin, parsed, diagnostics);
        }
    };
    add_kept(unit, 0, 0..prelude.declarations.items().len(), diagnostics);
    let mut pieces = pieces.iter().peekable();
    let wanted = (0..raw.len()).filter(|at| own[*at]).map(|at| {
        let is_host = only_read.contains(&at) && has_dull_statements(tokens, &raw[at]);
        (&raw[at], is_host.then_some(&telling))
    });
    let mut trees = parse_wanted(tokens, &names, wanted.collect()).into_iter();
    for (at, ((item, &origin), &wanted)) in raw.iter().zip(&origins).zip(&own).enumerate() {
        while let Some(piece) = pieces.next_if(|piece| piece.at <= item.lo) {
            add_kept(unit, kept.part_of(piece), piece.items.clone(), diagnostics);
        }
        if read.binary_search(&at).is_ok() {
            unit.hosts.push(unit.items.len());
        }
        match wanted {
            true => add_item(unit, tokens, item, origin, trees.next().unwrap_or_default(), diagnostics),
            false if origin == Origin::Builtin => {}
            false => add_item(unit, tokens, item, origin, (None, Vec::new()), diagnostics),
        }
    }
    for piece in pieces {
        add_kept(unit, kept.part_of(piece), piece.items.clone(), diagnostics);
    }
}

/// Adds an item with its tree. Errors count in shipped text and in device code.
fn add_item(
    unit: &mut Unit,
    tokens: Tokens<'_>,
    item: &RawItem,
    origin: Origin,
    (decl, errors): Parsed,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let mut made = make_item(tokens, item, origin, decl);
    if !errors.is_empty() && (origin == Origin::Builtin || is_device_code(tokens, item)) {
        diagnostics.extend(errors);
    } else {
        made.errors = errors;
    }
    unit.items.push(made);
}

/// Tokens that take longer to parse than a thread takes to start.
const WORTH_A_THREAD: usize = 1000;

/// An item; of host code that is only read, with the names that may lead to a launch.
type Wanted<'i> = (&'i RawItem, Option<&'i FxHashSet<Symbol>>);

/// Items are parsed apart from each other, so the cores share them.
fn parse_wanted(tokens: Tokens<'_>, names: &NameTable, items: Vec<Wanted<'_>>) -> Vec<Parsed> {
    let parse = |&(item, telling): &Wanted<'_>| parse_item(tokens, names, item, telling);
    let size = |(item, _): &Wanted<'_>| item.hi - item.lo;
    let is_short = items.iter().map(size).sum::<usize>() < WORTH_A_THREAD;
    if is_short { items.iter().map(parse).collect() } else { source::cores::map(&items, size, parse) }
}

/// The tree of an item, and what is wrong with it.
pub(crate) type Parsed = (Option<Arc<Decl>>, Vec<Diagnostic>);

pub(crate) fn parse_item(tokens: Tokens<'_>, names: &NameTable, item: &RawItem, telling: Option<&FxHashSet<Symbol>>) -> Parsed {
    let (roles, failure) = classify_item(tokens, names, (item.lo, item.hi), telling);
    parse_roles(roles, failure)
}

pub(crate) fn parse_roles(roles: Roles, failure: Option<Diagnostic>) -> Parsed {
    // Too deep a tree would be too much for everyone behind.
    if let Some(failure) = failure {
        return (None, vec![failure]);
    }
    let (decl, errors) = ast::parse_decl(roles);
    (decl.map(|decl| Arc::new(*decl)), errors)
}

/// Errors count where a device qualifier stands; other items may be host code that only shares a name.
fn is_device_code(tokens: Tokens<'_>, item: &RawItem) -> bool {
    (item.lo..item.hi)
        .any(|at| matches!(tokens.keyword(at), Some(Kw::Global | Kw::Device | Kw::Constant | Kw::Shared | Kw::Managed)))
}

fn make_item(tokens: Tokens<'_>, raw: &RawItem, origin: Origin, decl: Option<Arc<Decl>>) -> Item {
    let last = raw.hi.max(raw.lo + 1) - 1;
    Item {
        kind: raw.kind,
        flags: raw.flags,
        scope: raw.scope.to_vec(),
        names: raw.names.iter().chain(&raw.values).copied().collect(),
        span: Span::new(tokens.list[raw.lo].lo, tokens.list[last].hi),
        origin,
        decl,
        errors: Vec::new(),
    }
}
