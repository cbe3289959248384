//! Reads the header of a sample: the `//#` lines at its top, which are one TOML document.

mod expect;
mod reader;
mod values;

use crate::case::{Case, Launch, Options, Plan, Route};
use indexmap::IndexMap;
use reader::{Node, Reader};
use source::{Code, Diagnostic, FileId, SourceMap, find_code};
use std::path::Path;
use toml::de::DeTable;
use values::Values;

const MARK: &str = "//#";
const KEYS: [&str; 10] = ["launch", "launches", "args", "buffers", "symbols", "expect", "output", "fails", "targets", "options"];

/// Whether a file carries a header at all.
pub fn has_header(text: &str) -> bool {
    text.lines().any(|line| line.starts_with(MARK))
}

/// Reads the header of a file in `map`. Golden files are looked for beside it, in `folder`.
pub fn read_header(map: &SourceMap, file: FileId, folder: &Path) -> Result<Case, Vec<Diagnostic>> {
    let text = blank(map.text(file));
    let mut reader = Reader::new(map.file_span(file).lo, &text);
    let case = DeTable::parse(&text)
        .map_err(|error| reader.error(Code::E0650, error.message().to_string(), error.span().unwrap_or(0..0)))
        .ok()
        .and_then(|root| read(&mut reader, root.get_ref(), folder));
    match case {
        Some(case) if reader.diagnostics.is_empty() => Ok(case),
        _ => Err(reader.diagnostics),
    }
}

/// The file with everything but the header turned into spaces: byte offsets stay what they are.
fn blank(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        match line.strip_prefix(MARK) {
            Some(header) => {
                out.push_str("   ");
                out.push_str(header);
            }
            None => out.extend(line.bytes().map(|b| if b == b'\n' { '\n' } else { ' ' })),
        }
    }
    out
}

fn read(reader: &mut Reader, root: &DeTable, folder: &Path) -> Option<Case> {
    let whole = 0..0;
    reader.known_keys(root, &KEYS);
    let launches = (root.get("launch"), root.get("launches"));
    let mut values = Values::default();
    if let Some(args) = root.get("args") {
        values.read_numbers(reader, Node::new(args));
    }
    if let Some(buffers) = root.get("buffers") {
        values.read_buffers(reader, Node::new(buffers));
    }
    if let Some(args) = root.get("args") {
        values.read_args(reader, Node::new(args));
    }
    if let Some(symbols) = root.get("symbols") {
        values.read_symbols(reader, Node::new(symbols));
    }
    values.link_args(reader);
    let launches = match launches {
        (Some(one), None) => vec![read_launch(reader, Node::new(one), &values)?],
        (None, Some(many)) => {
            reader.array(Node::new(many))?.into_iter().filter_map(|launch| read_launch(reader, launch, &values)).collect()
        }
        (Some(_), Some(many)) => {
            reader.error(Code::E0651, "a header has `launch` or `launches`, not both", many.span());
            return None;
        }
        (None, None) => {
            reader.error(Code::E0656, "a header needs `launch` or `launches`", whole);
            return None;
        }
    };
    let output = root.get("output").and_then(|node| reader.string(Node::new(node)).map(unindented));
    let fails = root.get("fails").and_then(|node| read_code(reader, Node::new(node)));
    match root.get("expect") {
        Some(expected) => expect::read(reader, Node::new(expected), &mut values, folder, output.is_none() && fails.is_none()),
        None if output.is_some() || fails.is_some() => {}
        None => reader.error(Code::E0656, "a header needs `expect`, `output` or `fails`", whole),
    }
    values.link(reader);
    let plans = root.get("targets").map(|targets| read_targets(reader, Node::new(targets))).unwrap_or_default();
    let options = root.get("options").map(|options| read_options(reader, Node::new(options))).unwrap_or_default();
    let (buffers, symbols) = values.into_memory();
    Some(Case { buffers, symbols, launches, output, fails, plans, options })
}

/// Text of several lines without the columns of `//# `.
fn unindented(text: &str) -> String {
    let column = MARK.len() + 1;
    let line = |line: &'_ str| line[line.bytes().take(column).take_while(|&byte| byte == b' ').count()..].to_string();
    text.split_inclusive('\n').map(line).collect()
}

fn read_code(reader: &mut Reader, node: Node) -> Option<String> {
    let code = find_code(reader.string(node.clone())?);
    if code.is_none() {
        reader.error(Code::E0652, "there is no such code; `translate explain` lists them", node.span);
    }
    code.map(|code| code.as_str().to_string())
}

fn read_launch(reader: &mut Reader, launch: Node, values: &Values) -> Option<Launch> {
    let table = reader.table(launch.clone())?;
    reader.known_keys(table, &["kernel", "grid", "block", "shared", "args"]);
    let kernel = reader.required(&launch, "kernel").and_then(|node| reader.string(node).map(str::to_string));
    let grid = reader.required(&launch, "grid").and_then(|node| reader.extent(node));
    let block = reader.required(&launch, "block").and_then(|node| reader.extent(node));
    let shared = match table.get("shared") {
        Some(node) => reader.count(Node::new(node))? as u32,
        None => 0,
    };
    let args = match table.get("args") {
        Some(names) => values.named_args(reader, Node::new(names))?,
        None => values.args.clone(),
    };
    Some(Launch { kernel: kernel?, grid: grid?, block: block?, shared, args })
}

fn read_targets(reader: &mut Reader, targets: Node) -> IndexMap<Route, Plan> {
    let mut plans = IndexMap::new();
    let Some(table) = reader.table(targets) else { return plans };
    reader.known_keys(table, &Route::ALL.map(Route::name));
    for route in Route::ALL {
        let Some(node) = table.get(route.name()) else { continue };
        let node = Node::new(node);
        let Some(text) = reader.string(node.clone()) else { continue };
        let plan = match text.split_once([' ', ':']) {
            None if text == "run" => Some(Plan::Run),
            None if text == "translate" => Some(Plan::Translate),
            Some(("refuse", code)) => find_code(code.trim()).map(|code| Plan::Refuse(code.as_str().to_string())),
            Some(("skip", reason)) if !reason.trim().is_empty() => Some(Plan::Skip(reason.trim().to_string())),
            _ => None,
        };
        match plan {
            Some(plan) => {
                plans.insert(route, plan);
            }
            None => reader.error(Code::E0652, "write `run`, `translate`, `refuse CODE` or `skip: reason`", node.span),
        }
    }
    plans
}

fn read_options(reader: &mut Reader, options: Node) -> Options {
    let mut out = Options::default();
    let Some(table) = reader.table(options) else { return out };
    reader.known_keys(table, &["define", "include", "bindings", "heap_window", "fmad"]);
    let mut strings = |key: &str| -> Vec<String> {
        let Some(node) = table.get(key) else { return Vec::new() };
        let items = reader.array(Node::new(node)).unwrap_or_default();
        items.into_iter().filter_map(|item| reader.string(item).map(str::to_string)).collect()
    };
    out.define = strings("define");
    out.include = strings("include");
    if let Some(node) = table.get("bindings") {
        let node = Node::new(node);
        match reader.string(node.clone()) {
            Some(mode @ ("typed" | "heap")) => out.bindings = Some(mode.to_string()),
            Some(_) => reader.error(Code::E0652, "`bindings` is `typed` or `heap`", node.span),
            None => {}
        }
    }
    if let Some(node) = table.get("heap_window") {
        out.heap_window = reader.count(Node::new(node)).map(|bytes| bytes as u64);
    }
    if let Some(node) = table.get("fmad") {
        out.fmad = reader.boolean(Node::new(node));
    }
    out
}

#[cfg(test)]
mod tests;
