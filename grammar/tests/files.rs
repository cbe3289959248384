//! File tests. `ok/*.cu` must read without a message, and print, read and print again to the same text. `err/*.cu` carry their
//! messages: `//^^^ E0120: expected` under a line marks place, code and the start of the message; `//<- E0120: ..` marks the
//! first two columns; a file may have no other errors.

use grammar::{NoHeaders, Options, Origin, Unit};
use source::{Diagnostic, SourceMap};
use std::path::{Path, PathBuf};

fn files(folder: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(folder);
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|e| e == "cu"));
    files.sort();
    assert!(!files.is_empty());
    files
}

fn read(path: &str, text: &str) -> (Unit, Vec<Diagnostic>, SourceMap) {
    let mut map = SourceMap::new();
    let options = Options { std: 20, ..Options::default() };
    let (unit, diagnostics) = grammar::parse(path, text, &options, &NoHeaders, &mut map);
    (unit, diagnostics, map)
}

/// What was reached, as text.
fn print(unit: &Unit) -> String {
    let mut text = String::new();
    // What could not be read is not written: that may be host code alone.
    for (item, decl) in unit.reached().filter(|(item, _)| item.origin != Origin::Builtin && item.errors.is_empty()) {
        for scope in &item.scope {
            text.push_str(if scope.inline && scope.name.is_some() { "inline " } else { "" });
            text.push_str(&format!("namespace {} {{\n", scope.name.map_or("", |n| n.name.as_str())));
        }
        text.push_str(&ast::print_decl(decl));
        item.scope.iter().for_each(|_| text.push_str("}\n"));
    }
    text
}

fn shown(diagnostics: &[Diagnostic], map: &SourceMap) -> String {
    let line = |d: &Diagnostic| {
        let place = map.place(d.span()).map_or((0, 0), |p| (p.line, p.column));
        format!("{}:{}: {} {}\n", place.0, place.1, d.code, d.message)
    };
    diagnostics.iter().map(line).collect()
}

#[test]
fn good_files_read_and_print_back() {
    for path in files("ok") {
        let name = path.display().to_string();
        let (unit, diagnostics, map) = read(&name, &std::fs::read_to_string(&path).unwrap());
        // Host functions are read for their launches, and whatever else they say is nobody's error.
        let device = unit.items.iter().enumerate().filter(|(at, _)| !unit.hosts.contains(at));
        let all: Vec<_> = diagnostics
            .into_iter()
            .chain(device.flat_map(|(_, item)| item.errors.clone()))
            .filter(Diagnostic::is_error)
            .collect();
        assert!(all.is_empty(), "{name}:\n{}", shown(&all, &map));
        let once = print(&unit);
        assert!(!once.is_empty(), "{name} reaches nothing");
        let (unit, diagnostics, map) = read("printed.cu", &once);
        assert!(diagnostics.is_empty(), "{name} printed:\n{}\n{once}", shown(&diagnostics, &map));
        let twice = print(&unit);
        assert!(once == twice, "{name} prints differently:\n{}", first_difference(&once, &twice));
    }
}

fn first_difference(a: &str, b: &str) -> String {
    let pair = a.lines().zip(b.lines()).find(|(a, b)| a != b);
    pair.map_or_else(|| "one is longer".to_string(), |(a, b)| format!("  {a}\n  {b}"))
}

/// Line, column (2: or 1), code, start of the message.
type Mark = (u32, u32, String, String);

fn marks(text: &str) -> Vec<Mark> {
    let mut marks = Vec::new();
    let mut code_line = 0;
    for (at, line) in text.lines().enumerate() {
        let trimmed = line.trim_start();
        let column = (line.len() - trimmed.len()) as u32;
        let (column, rest) = if let Some(rest) = trimmed.strip_prefix("//<- ") {
            (2, rest)
        } else if let Some(rest) = trimmed.strip_prefix("//").filter(|rest| rest.trim_start().starts_with('^')) {
            let blanks = (rest.len() - rest.trim_start().len()) as u32;
            (column + 3 + blanks, rest.trim_start().trim_start_matches('^').trim_start())
        } else {
            code_line = at as u32 + 1;
            continue;
        };
        let (code, message) = rest.split_once(": ").expect("a mark is `CODE: message`");
        marks.push((code_line, column, code.to_string(), message.to_string()));
    }
    marks
}

#[test]
fn bad_files_say_what_is_wrong() {
    for path in files("err") {
        let name = path.display().to_string();
        let text = std::fs::read_to_string(&path).unwrap();
        let (_, diagnostics, map) = read(&name, &text);
        let mut wanted = marks(&text);
        let mut surplus = Vec::new();
        for diagnostic in diagnostics {
            let place = map.place(diagnostic.span()).map_or((0, 0), |p| (p.line, p.column));
            let fits = |mark: &Mark| {
                (mark.0, mark.1) == (place.0, place.1.max(2))
                    && mark.2 == diagnostic.code.as_str()
                    && diagnostic.message.starts_with(&mark.3)
            };
            match wanted.iter().position(fits) {
                Some(at) => drop(wanted.remove(at)),
                None => surplus.push(diagnostic),
            }
        }
        assert!(wanted.is_empty() && surplus.is_empty(), "{name}\nmissing: {wanted:?}\nsurplus:\n{}", shown(&surplus, &map));
    }
}
