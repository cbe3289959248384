//! The preprocessor: C++ [cpp] on tokens. Its output is tokens, whose places lead through macros back to the text.
//!
//! What must hold: conditional directives, includes and macros follow the standard; a missing include is empty; whatever the
//! input, the work is bounded (depth of includes, depth of macro arguments, number of tokens that macros make).

mod condition;
mod directives;
mod expand;
mod include;
mod kept;
mod macros;
mod parts;

use crate::lexer::{Lexed, lex, lex_shipped};
use crate::options::{Headers, Options};
use crate::token::{Flags, Kind, Token};
use crate::unit::Origin;
use ast::Symbol;
pub(crate) use kept::preprocess_header;
pub(crate) use macros::{Change, Macro};

use crate::prelude::Prelude;
use crate::shipped::Piece;
use kept::Recording;
use macros::MacroTable;
use rustc_hash::{FxHashMap, FxHashSet};
use source::{Code, Diagnostic, FileId, SourceMap, Span};
use std::path::PathBuf;

/// The translation unit after preprocessing.
#[derive(Default)]
pub struct Preprocessed {
    pub tokens: Vec<Token>,
    pub diagnostics: Vec<Diagnostic>,
    /// By file id.
    pub origins: Vec<(FileId, Origin)>,
    pub comments: Vec<Span>,
    pub constants: Vec<Constant>,
    /// What kept headers put between the tokens, in order.
    pub pieces: Vec<Piece>,
}

/// An object-like macro whose body is one number, with its uses.
#[derive(Debug)]
pub struct Constant {
    pub name: Symbol,
    pub token: Token,
    pub definition: Span,
    pub uses: Vec<Span>,
}

/// Errors beyond this number are consequences.
const MAX_DIAGNOSTICS: usize = 100;

/// Runs the preprocessor over the prelude, unless `prelude` is what it left, the command line's definitions and the main file.
pub fn preprocess(
    path: &str,
    text: &str,
    options: &Options,
    headers: &dyn Headers,
    map: &mut SourceMap,
    prelude: Option<&Prelude>,
) -> Preprocessed {
    let mut pp = Preprocessor::new(options, headers, map);
    match prelude {
        Some(prelude) => pp.state = prelude.state.clone(),
        None => pp.read_prelude(),
    }
    pp.prelude = prelude;
    let own = parts::Prelude { tokens: pp.out.tokens.len(), macros: prelude.is_none().then(|| pp.state.macros.definitions()) };
    pp.apply_command_line();
    let folder = std::path::Path::new(path).parent().map(PathBuf::from);
    pp.enter_file(path, text, Origin::Main, folder, Span::NONE);
    pp.add_parts(own);
    pp.finish()
}

/// The tokens of the prelude, and what is known behind it. `None` if it is not without fault.
pub fn preprocess_prelude(options: &Options, headers: &dyn Headers, map: &mut SourceMap) -> Option<(Vec<Token>, State)> {
    let mut pp = Preprocessor::new(options, headers, map);
    pp.read_prelude();
    pp.state.macros.share();
    (pp.out.diagnostics.is_empty() && !pp.exhausted).then_some((pp.out.tokens, pp.state))
}

/// What one file leaves to the next.
#[derive(Clone, Debug, Default)]
pub struct State {
    macros: MacroTable,
    /// Files with `#pragma once`.
    once: FxHashSet<String>,
    /// The include guard of each file that has one.
    guards: FxHashMap<String, Symbol>,
    missing: FxHashSet<String>,
    /// Tokens made by macros so far.
    made: usize,
    counter: u32,
}

impl State {
    /// Whether the file was read and says nothing a second time.
    pub(crate) fn is_skipped(&self, name: &str) -> bool {
        self.once.contains(name) || self.guards.get(name).is_some_and(|&guard| self.macros.is_defined(guard))
    }

    /// Which macros are defined.
    fn definitions(&self) -> macros::Definitions {
        self.macros.definitions()
    }

    /// What became of macros since the prelude.
    pub(crate) fn changes(&self) -> &[Change] {
        self.macros.changes()
    }

    /// Whether a macro's name means since the prelude what it did not.
    pub(crate) fn is_changed(&self, name: Symbol) -> bool {
        self.macros.is_changed(name)
    }
}

struct Preprocessor<'a> {
    options: &'a Options,
    headers: &'a dyn Headers,
    map: &'a mut SourceMap,
    state: State,
    out: Preprocessed,
    files: Vec<FileState>,
    frames: Vec<expand::Frame>,
    argument_depth: usize,
    exhausted: bool,
    /// The kept prelude that the unit stands on, with the headers behind it.
    prelude: Option<&'a Prelude>,
    /// Uses of macros in files that are being read.
    uses: u32,
    /// How many brackets are open behind so many tokens.
    scope: (usize, i64),
    /// What a header that is to be kept does.
    recording: Option<Recording>,
}

/// A file being read.
struct FileState {
    name: String,
    folder: Option<PathBuf>,
    conditions: Vec<Condition>,
}

/// An `#if` with its branches.
struct Condition {
    span: Span,
    /// The current branch is read.
    active: bool,
    /// A branch was read already.
    done: bool,
    had_else: bool,
}

impl<'a> Preprocessor<'a> {
    fn new(options: &'a Options, headers: &'a dyn Headers, map: &'a mut SourceMap) -> Preprocessor<'a> {
        Preprocessor {
            options,
            headers,
            map,
            state: State::default(),
            out: Preprocessed::default(),
            files: Vec::new(),
            frames: Vec::new(),
            argument_depth: 0,
            exhausted: false,
            prelude: None,
            uses: 0,
            scope: (0, 0),
            recording: None,
        }
    }

    fn read_prelude(&mut self) {
        self.define_builtins();
        if let Some((name, text)) = self.headers.prelude() {
            self.enter_shipped(&format!("<{name}>"), text, Span::NONE);
        }
    }

    fn error(&mut self, code: Code, message: impl Into<String>, span: Span) {
        self.report(Diagnostic::error(code, message, span));
    }

    fn report(&mut self, diagnostic: Diagnostic) {
        match self.out.diagnostics.len() {
            0..MAX_DIAGNOSTICS => self.out.diagnostics.push(diagnostic),
            MAX_DIAGNOSTICS => {
                let message = format!("more than {MAX_DIAGNOSTICS} messages, the rest is left out");
                self.out.diagnostics.push(Diagnostic::error(Code::E0124, message, diagnostic.span()));
            }
            _ => {}
        }
    }

    /// Adds a file to the source map and reads it.
    fn enter_file(&mut self, name: &str, text: &str, origin: Origin, folder: Option<PathBuf>, include: Span) {
        let Some(id) = self.add_file(name, text, origin, include) else { return };
        let Lexed { tokens, comments } = lex(text, self.map.file_span(id).lo);
        self.out.comments.extend(comments);
        self.out.tokens.reserve(tokens.len());
        self.read_file(name, &tokens, folder);
    }

    /// A header that ships with the program.
    fn enter_shipped(&mut self, name: &str, text: &'static str, include: Span) {
        if text.is_empty() {
            return;
        }
        let Some(id) = self.add_file(name, text, Origin::Builtin, include) else { return };
        let tokens = lex_shipped(text, self.map.file_span(id).lo).tokens;
        self.read_file(name, &tokens, None);
    }

    fn add_file(&mut self, name: &str, text: &str, origin: Origin, include: Span) -> Option<FileId> {
        let id = self.map.add_file(name, text);
        match id {
            Some(id) => self.out.origins.push((id, origin)),
            None => self.error(Code::E0104, "more than 4 GiB of text in one unit", include),
        }
        id
    }

    fn read_file(&mut self, name: &str, tokens: &[Token], folder: Option<PathBuf>) {
        if let Some(guard) = directives::include_guard(tokens) {
            self.state.guards.insert(name.to_string(), guard);
        }
        if let Some(recording) = &mut self.recording {
            recording.words.extend(words(tokens));
        }
        self.files.push(FileState { name: name.to_string(), folder, conditions: Vec::new() });
        self.read_tokens(tokens);
        if let Some(file) = self.files.pop() {
            for condition in file.conditions {
                self.error(Code::E0107, "this condition has no `#endif`", condition.span);
            }
        }
    }

    /// Directives, macros, plain tokens: the main loop.
    fn read_tokens(&mut self, tokens: &[Token]) {
        let mut at = 0;
        while let Some(token) = tokens.get(at) {
            if self.exhausted {
                return;
            }
            match token.kind {
                Kind::Hash if token.starts_line() => at = self.directive(tokens, at),
                Kind::Ident => at = self.identifier(tokens, at, token),
                Kind::Unknown => {
                    self.unknown(token);
                    at += 1;
                }
                _ => {
                    self.out.tokens.push(*token);
                    at += 1;
                }
            }
        }
    }

    fn identifier(&mut self, tokens: &[Token], at: usize, token: &Token) -> usize {
        match token.text {
            Some(symbol) if self.state.macros.is_defined(symbol) => self.expand_at(tokens, at),
            _ => {
                self.out.tokens.push(*token);
                at + 1
            }
        }
    }

    /// Quotes and comments without end are errors wherever they stand; a stray character only where it is parsed.
    fn unknown(&mut self, token: &Token) {
        let text = self.map.snippet(token.span()).unwrap_or("");
        let bare = text.trim_start_matches(['u', '8', 'U', 'L', 'R']);
        let message = if text.starts_with("/*") {
            "this comment has no end"
        } else if bare.starts_with('"') {
            "this string has no end on its line"
        } else if bare.starts_with('\'') {
            "this character literal has no end on its line"
        } else {
            self.out.tokens.push(*token);
            return;
        };
        self.error(Code::E0110, message, token.span());
    }

    /// The end of the directive's line: the next token that starts a line.
    fn line_end(tokens: &[Token], from: usize) -> usize {
        let mut at = from;
        while at < tokens.len() && !tokens[at].starts_line() {
            at += 1;
        }
        at
    }

    /// A token of our own making, at the place of `origin`.
    fn make_token(kind: Kind, text: Symbol, origin: &Token) -> Token {
        Token { lo: origin.lo, hi: origin.hi, text: Some(text), kind, flags: origin.flags.without(Flags::PAINTED) }
    }

    fn finish(mut self) -> Preprocessed {
        self.out.constants = self.state.macros.take_constants();
        self.out
    }
}

/// The names in a text.
fn words(tokens: &[Token]) -> impl Iterator<Item = Symbol> {
    tokens.iter().filter(|token| token.is(Kind::Ident)).filter_map(|token| token.text)
}
