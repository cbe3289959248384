//! Carries the source's comments over: a comment goes above the statement that follows it in the source, or behind the one
//! whose line it shares.

use source::{SourceMap, Span};
use std::ops::Range;

/// The comments of one file, in order.
#[derive(Debug, Default)]
pub struct Comments {
    list: Vec<Placed>,
}

#[derive(Debug, Clone)]
struct Placed {
    text: String,
    file: u32,
    bytes: Range<usize>,
    first_line: usize,
    last_line: usize,
    /// Only blanks stand before it on its line.
    own_line: bool,
}

/// A place in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct At {
    pub file: u32,
    pub byte: usize,
    pub line: usize,
}

impl Comments {
    pub fn of(module: &ir::Module, sources: Option<&SourceMap>) -> Comments {
        let Some(sources) = sources else { return Comments::default() };
        let mut list: Vec<Placed> = module
            .comments
            .iter()
            .filter_map(|comment| {
                let (file, bytes) = sources.locate(comment.span)?;
                let first_line = sources.line_index(file, bytes.start);
                let last_line = sources.line_index(file, bytes.end.saturating_sub(1));
                let line = sources.line_range(file, first_line)?;
                let before = sources.text(file).get(line.start..bytes.start)?;
                let own_line = before.trim().is_empty();
                Some(Placed { text: comment.text.clone(), file: file.0, bytes, first_line, last_line, own_line })
            })
            .collect();
        list.sort_by_key(|comment| (comment.file, comment.bytes.start));
        Comments { list }
    }

    /// Start and end of a span as places.
    pub fn ends(sources: &SourceMap, span: Span) -> Option<(At, At)> {
        let (file, bytes) = sources.locate(span)?;
        let at = |byte: usize| At { file: file.0, byte, line: sources.line_index(file, byte) };
        Some((at(bytes.start), At { byte: bytes.end, ..at(bytes.end.saturating_sub(1).max(bytes.start)) }))
    }

    /// The block of comment lines that ends on the line before `at`.
    pub fn above(&self, at: At) -> Vec<String> {
        let mut lines: Vec<String> = Vec::new();
        let mut line = at.line;
        let is_header = |c: &Placed| c.text.starts_with("//#");
        for comment in self.list.iter().rev().filter(|c| c.file == at.file && c.own_line && c.bytes.end <= at.byte) {
            if comment.last_line + 1 != line && !(is_header(comment) && lines.is_empty() && comment.last_line + 2 >= line) {
                break;
            }
            line = comment.first_line;
            lines.splice(0..0, as_lines(&comment.text));
        }
        lines
    }

    /// Comments with a line of their own between two places of a file, as lines to print.
    pub fn between(&self, file: u32, bytes: Range<usize>) -> Vec<String> {
        let inside = |c: &&Placed| c.own_line && c.bytes.end <= bytes.end;
        let list = self.from(file, bytes.start).iter().take_while(|c| c.file == file && c.bytes.start <= bytes.end);
        list.filter(inside).flat_map(|comment| as_lines(&comment.text)).collect()
    }

    /// The comments that start there or behind, in this file and the next ones.
    fn from(&self, file: u32, byte: usize) -> &[Placed] {
        &self.list[self.list.partition_point(|c| (c.file, c.bytes.start) < (file, byte))..]
    }

    /// A comment behind the statement that ends at `at`, on the same line.
    pub fn behind(&self, at: At) -> Option<String> {
        let on_line = |c: &&Placed| c.file == at.file && c.first_line == at.line;
        let found = self.from(at.file, at.byte).iter().take_while(on_line).find(|c| !c.own_line)?;
        match as_lines(&found.text).as_slice() {
            [line] => Some(line.clone()),
            _ => None,
        }
    }
}

/// WGSL, Section 3.2 "Blankspace and Line Breaks".
fn is_line_break(c: char) -> bool {
    matches!(c, '\n' | '\u{b}' | '\u{c}' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// A comment as `//` lines: WGSL has block comments too, but line comments survive any indentation.
///
/// `//#` lines are no comments but a sample's header: they leave no text.
fn as_lines(text: &str) -> Vec<String> {
    if text.starts_with("//#") {
        return Vec::new();
    }
    if let Some(inner) = text.strip_prefix("//") {
        // A backslash at its end continues a comment in C++; WGSL knows more line breaks than C++ and no continuation.
        let lines = inner.split(is_line_break).map(|line| line.trim_end().trim_end_matches('\\').trim_end());
        return lines.map(|line| format!("//{line}")).collect();
    }
    let inner = text.trim_start_matches("/*").trim_end_matches("*/").trim_start_matches('*');
    let lines = inner.split(is_line_break).map(|line| line.trim().trim_start_matches('*').trim());
    let mut lines: Vec<String> = lines.map(|line| if line.is_empty() { "//".into() } else { format!("// {line}") }).collect();
    while lines.first().is_some_and(|line| line == "//") {
        lines.remove(0);
    }
    while lines.last().is_some_and(|line| line == "//") {
        lines.pop();
    }
    lines
}
