//! `#include`: C++ [cpp.include].

use super::Preprocessor;
use crate::token::{Kind, Token};
use crate::unit::Origin;
use source::{Code, Diagnostic, Severity, Span};
use std::path::{Path, PathBuf};

const MAX_INCLUDE_DEPTH: usize = 200;

pub(super) enum Found {
    Builtin { name: String, text: &'static str },
    File { path: PathBuf },
}

impl Preprocessor<'_> {
    pub(super) fn include(&mut self, line: &[Token], directive: Span) {
        let Some((name, quoted, span)) = self.include_name(line) else {
            self.error(Code::E0105, "`#include` needs \"file\" or <file>", directive);
            return;
        };
        if self.files.len() > MAX_INCLUDE_DEPTH {
            self.error(Code::E0103, format!("includes nest more than {MAX_INCLUDE_DEPTH} deep"), span);
            self.exhausted = true;
            return;
        }
        match self.find_include(&name, quoted) {
            Some(Found::Builtin { name, text }) => {
                let shown = format!("<{name}>");
                if self.state.is_skipped(&shown) {
                    return;
                }
                match self.kept_header(&name) {
                    Some(header) => self.include_kept(&header),
                    None => self.enter_shipped(&shown, text, span),
                }
            }
            Some(Found::File { path }) => self.include_file(&path, span),
            None => self.missing_include(&name, span),
        }
    }

    /// `"name"` or `<name>`, possibly made by macros.
    fn include_name(&mut self, line: &[Token]) -> Option<(String, bool, Span)> {
        if let Some(found) = self.spelled_name(line) {
            return Some(found);
        }
        let expanded = self.expand_line(line);
        if let Some(first) = expanded.first().filter(|t| t.is(Kind::Str)) {
            return Some((first.as_str().trim_matches('"').to_string(), true, line.first()?.span()));
        }
        let inner = expanded.strip_prefix_kind(Kind::Lt)?;
        let end = inner.iter().position(|t| t.is(Kind::Gt))?;
        Some((inner[..end].iter().map(Token::as_str).collect(), false, line.first()?.span()))
    }

    fn spelled_name(&self, line: &[Token]) -> Option<(String, bool, Span)> {
        let first = line.first()?;
        if first.is(Kind::Str) {
            return Some((first.as_str().trim_matches('"').to_string(), true, first.span()));
        }
        if !first.as_str().starts_with('<') {
            return None;
        }
        // The text between the angles is no token sequence: it may hold `//`.
        let (file, range) = self.map.locate(Span::new(first.lo, first.hi))?;
        let rest = self.map.text(file).get(range.start + 1..)?;
        let rest = rest.split('\n').next()?;
        let close = rest.find('>')?;
        Some((rest[..close].trim().to_string(), false, Span::new(first.lo, first.lo + close as u32 + 2)))
    }

    /// Quoted names: beside the file, then shipped headers, then -I. Others: shipped headers, then -I. Shipped ones that give way come last.
    pub(super) fn find_include(&self, name: &str, quoted: bool) -> Option<Found> {
        if name.is_empty() {
            return None;
        }
        // What shipped headers include is shipped: they stand in no folder of the user's.
        if quoted && self.files.last().is_some_and(|file| file.folder.is_some()) {
            let folders = self.files.iter().rev().filter_map(|file| file.folder.as_deref());
            if let Some(path) = folders.map(|folder| folder.join(name)).find(|path| path.is_file()) {
                return Some(Found::File { path });
            }
        }
        let given = || {
            let found = self.options.include_dirs.iter().map(|folder| folder.join(name)).find(|path| path.is_file());
            found.map(|path| Found::File { path })
        };
        let shipped = || self.headers.header(name).map(|text| Found::Builtin { name: name.to_string(), text });
        if self.headers.gives_way(name) { given().or_else(shipped) } else { shipped().or_else(given) }
    }

    fn include_file(&mut self, path: &Path, span: Span) {
        let path = normalise(path);
        let name = path.display().to_string();
        if self.state.is_skipped(&name) {
            return;
        }
        let bytes = match std::fs::read(&path) {
            Ok(bytes) => bytes,
            Err(error) => {
                self.error(Code::E0102, format!("cannot read {name}: {error}"), span);
                return;
            }
        };
        let folder = path.parent().map(PathBuf::from);
        match String::from_utf8(bytes) {
            Ok(text) => self.enter_file(&name, &text, Origin::UserHeader, folder, span),
            Err(error) => {
                let text = String::from_utf8_lossy(error.as_bytes()).into_owned();
                self.report(Diagnostic::warning(Code::E0101, format!("{name} is not UTF-8 text"), span));
                self.enter_file(&name, &text, Origin::UserHeader, folder, span);
            }
        }
    }

    fn missing_include(&mut self, name: &str, span: Span) {
        if !self.state.missing.insert(name.to_string()) {
            return;
        }
        let mut diagnostic = Diagnostic::warning(Code::E0102, format!("`{name}` was not found and counts as empty"), span);
        if self.options.strict_includes {
            diagnostic = Diagnostic { severity: Severity::Error, message: format!("`{name}` was not found"), ..diagnostic };
        }
        self.report(diagnostic.with_help("give its folder with -I"));
    }
}

/// Without `.` and `..`, as far as the text alone tells, so that a file has one name.
fn normalise(path: &Path) -> PathBuf {
    use std::path::Component;
    let mut out = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir if matches!(out.components().next_back(), Some(Component::Normal(_))) => {
                out.pop();
            }
            part => out.push(part),
        }
    }
    out
}

trait StripPrefixKind {
    fn strip_prefix_kind(&self, kind: Kind) -> Option<&[Token]>;
}

impl StripPrefixKind for Vec<Token> {
    fn strip_prefix_kind(&self, kind: Kind) -> Option<&[Token]> {
        let (first, rest) = self.split_first()?;
        first.is(kind).then_some(rest)
    }
}
